"""Reads the dates and months of a command line; one that is not right is answered with the one that was probably meant."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from ledger.core.errors import UsageError

_PARTS = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*日?|月)?")
MORE = "ledger help 日期 看日期规则"


def read_date(text: str, option: str) -> date:
    """Read an ISO date given on the command line.

    Raises:
        UsageError: when it is none.
    """
    try:
        return date.fromisoformat(text) if len(text) == 10 else _refused(text, option)
    except ValueError:
        return _refused(text, option)


def read_month(text: str, option: str = "--month") -> date:
    """Return the last day of the month given on the command line.

    Raises:
        UsageError: when it is none.
    """
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = _PARTS.match(text)
        meant = f"{found[1]}-{found[2].zfill(2)}" if found and 1 <= int(found[2]) <= 12 else "2023-06"
        raise UsageError(f"{option} 不是月份：{text}", f"写成 {meant} 这样；{MORE}") from None
    return first.replace(day=monthrange(first.year, first.month)[1])


def _refused(text: str, option: str) -> date:
    found = _PARTS.fullmatch(text.strip())
    why, meant = "", "2023-06-30"
    if found and found[3]:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        if not 1 <= month <= 12:
            why = "（没有这个月）"
        elif not 1 <= day <= (last := monthrange(year, month)[1]):
            why, meant = f"（{year} 年 {month} 月只有 {last} 天）", f"{year}-{month:02}-{last}"
        else:
            meant = f"{year}-{month:02}-{day:02}"
    raise UsageError(f"{option} 不是日期：{text}{why}", f"写成 {meant} 这样；{MORE}") from None
