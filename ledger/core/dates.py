"""Dates and months as people write them: 2023-06-30, 2023/6/30, 20230630, 2023年6月30日, 6月30日, 六月底, 上月底.

What can be read in two ways is refused with the readings: `6/7` is the 7th of June or the 6th of July; `12月31日` typed in June is the
last one or the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

# Compiled on first use, which most commands do without.
_SEPARATED = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
_COMPACT = r"(\d{4})(\d{2})(\d{2})"
_CHINESE = r"(?:(\d{4})年)?(\d{1,2})月(?:份)?(?:(\d{1,2})[日号]|(底|末))"
_SHORT = r"(\d{1,2})[-/.](\d{1,2})"
_SHORT_YEAR = r"(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})"
_YEAR_LAST = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_MONTH = r"(\d{4})[-/.]?(\d{2})|(\d{4})[-/.](\d{1})"
_CHINESE_MONTH = r"(?:(\d{4})年)?(\d{1,2})月(?:份)?"
_NUMERALS = r"[〇零一二三四五六七八九十]+(?=[年月日号])"
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_WIDE = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")


EXAMPLE = "2023-06-30"
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Years that a date may be of: beyond them it is a slip, and the day before or the year after may be none that can be represented."""


class DateError(ValueError):
    """Raised for a text that is no date, or more than one; `hint` says what to write, with an example from the year at hand."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint

    def dated(self, today: date | None) -> DateError:
        """Return the error with the last month's end before `today` as the example."""
        if today is None:
            return self
        end = today if today == month_end(today) else today.replace(day=1) - timedelta(days=1)
        hint = self.hint.replace(EXAMPLE, str(end)).replace(EXAMPLE[:7], f"{end:%Y-%m}")
        return type(self)(self.message, hint)


class AmbiguousDateError(DateError):
    """Raised for a text that can be read as more than one date; `hint` has the readings."""


def read_date(text: str, today: date | None) -> date:
    """Read a date; without a year it is the one of this year, if that is past.

    Without `today` only a date with its year is read.

    Raises:
        DateError: when it is none, or can be read in two ways.
    """
    try:
        return _read_date(text, today)
    except DateError as error:
        raise error.dated(today) from None


def _read_date(text: str, today: date | None) -> date:
    plain = _folded(text)
    if match := re.fullmatch(_SEPARATED, plain) or re.fullmatch(_COMPACT, plain):
        return _day(text, int(match[1]), int(match[2]), int(match[3]))
    if (match := re.fullmatch(_CHINESE, plain)) and match[1]:
        return _day(text, int(match[1]), int(match[2]), int(match[3] or 0))
    if today is None:
        raise DateError(f"不是日期：{text}（要写全年月日）", f"写成 {EXAMPLE} 这样")
    if match:
        return _without_year(text, int(match[2]), int(match[3] or 0), today)
    if plain in {"今天", "今日"}:
        return today
    if plain in {"上月底", "上月末", "上个月底", "上个月末"}:
        return today.replace(day=1) - timedelta(days=1)
    if plain in {"本月底", "本月末", "月底", "月末", "这个月底"}:
        return month_end(today)
    if plain in {"去年底", "去年末", "上年底", "上年末"}:
        return date(today.year - 1, 12, 31)
    raise _unreadable(text, plain, today)


def read_deadline(text: str, today: date) -> date:
    """Return the day up to which something is promised; one without a year is of this year.

    Raises:
        DateError: as `read_date` does.
    """
    return read_date(text, today.replace(month=12, day=31))


def read_month(text: str, today: date) -> date:
    """Read a month (2023-06, 2023年6月, 6月, 上月) and return its last day; without a year it is the last one begun.

    Raises:
        DateError: when it is none, or can be read in two ways.
    """
    try:
        return _read_month(text, today)
    except DateError as error:
        raise error.dated(today) from None


def _read_month(text: str, today: date) -> date:
    plain = _folded(text)
    if plain in {"上月", "上个月"}:
        return today.replace(day=1) - timedelta(days=1)
    if plain in {"本月", "这个月"}:
        return month_end(today)
    if match := re.fullmatch(_MONTH, plain):
        return _day(text, int(match[1] or match[3]), int(match[2] or match[4]), 0, "月份")
    if match := re.fullmatch(_CHINESE_MONTH, plain):
        if match[1]:
            return _day(text, int(match[1]), int(match[2]), 0, "月份")
        end = _day(text, today.year, int(match[2]), 0, "月份")
        if end.replace(day=1) <= today:
            return end
        raise _ambiguous(text, (f"{year}-{end:%m}" for year in (today.year - 1, today.year)))
    meant = re.match(r"(\d{4})\D?(\d{1,2})\D", plain)
    example = f"{meant[1]}-{int(meant[2]):02}" if meant and 1 <= int(meant[2]) <= 12 else EXAMPLE[:7]
    raise DateError(f"不是月份：{text}", f"写成 {example} 这样")


@lru_cache(maxsize=1024)
def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=days_of(day.year, day.month))


def days_of(year: int, month: int) -> int:
    """Return the number of days of a month. As `calendar` has it, whose import (of `locale`) takes as long as reading a file."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _folded(text: str) -> str:
    """Return the text with half-width digits, without blanks, with 六月三十日 as 6月30日."""
    plain = re.sub(r"\s", "", text).translate(_WIDE)
    return plain if plain.isascii() else re.sub(_NUMERALS, lambda match: _number(match[0]), plain)


def _number(numeral: str) -> str:
    if "十" not in numeral:
        return numeral.translate(_DIGITS)
    tens, _, ones = numeral.partition("十")
    return f"{(tens or '一').translate(_DIGITS)}{(ones or '〇').translate(_DIGITS)}"


def _day(text: str, year: int, month: int, day: int, what: str = "日期") -> date:
    """Return a day; day 0 is the last of the month."""
    example = EXAMPLE[:7] if what == "月份" else EXAMPLE
    if not 1 <= month <= 12:
        raise DateError(f"不是{what}：{text}（没有这个月）", f"写成 {example} 这样")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(
            f"不是{what}：{text}（年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间）", f"写成 {example} 这样"
        )
    last = days_of(year, month)
    if day > last:
        raise DateError(
            f"不是日期：{text}（{year} 年 {month} 月只有 {last} 天）", f"写成 {year}-{month:02}-{last} 这样"
        )
    return date(year, month, day or last)


def _without_year(text: str, month: int, day: int, today: date) -> date:
    """Return the day of this year where it is past; one to come may be that of the year before."""
    readings = [_day(text, year, month, day) for year in _years(month, day, today)]
    if readings[-1] <= today or len(readings) == 1:
        return readings[-1]
    raise _ambiguous(text, map(str, readings))


def _years(month: int, day: int, today: date) -> list[int]:
    """Return last year and this one, as far as they have the day: the 29th of February is in few."""
    leap = month == 2 and day == 29
    years = [year for year in (today.year - 1, today.year) if not leap or days_of(year, 2) == 29]
    return years or [today.year]


def _unreadable(text: str, plain: str, today: date) -> DateError:
    """Return the refusal of a text in no known form, with the readings it may have."""
    readings: list[tuple[int, int, int]] = []
    if match := re.fullmatch(_SHORT, plain):
        first, second = int(match[1]), int(match[2])
        readings = [(today.year, first, second), (today.year, second, first)]
    elif match := re.fullmatch(_YEAR_LAST, plain):
        first, second, year = map(int, match.groups())
        readings = [(year, first, second), (year, second, first)]
    elif match := re.fullmatch(_SHORT_YEAR, plain):
        first, second, third = map(int, match.groups())
        readings = [
            (2000 + first, second, third),
            (2000 + third, second, first),
            (2000 + third, first, second),
        ]
    days = []
    for reading in dict.fromkeys(readings):
        try:
            days.append(str(date(*reading)))
        except ValueError:
            continue
    if len(days) > 1:
        return _ambiguous(text, days)
    if days:
        return DateError(f"不是完整的日期：{text}", f"写成 {days[0]} 这样")
    if re.fullmatch(_MONTH, plain) or re.fullmatch(_CHINESE_MONTH, plain):
        return DateError(f"不是日期：{text}（没有写哪一天）", f"写成 {EXAMPLE} 或 6月底 这样")
    return DateError(f"不是日期：{text}", f"写成 {EXAMPLE} 这样")


def _ambiguous(text: str, readings: Iterable[str]) -> DateError:
    return AmbiguousDateError(f"日期有两种读法：{text}", f"写全：{' 或 '.join(readings)}")
