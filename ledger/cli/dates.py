"""Dates and months on the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ledger.core import dates
from ledger.core.errors import UsageError

MORE = "ledger help 日期 看日期规则"


def parse_date_option(text: str, option: str, today: date) -> date:
    """Parse a date given on the command line.

    Raises:
        UsageError: when it is none, or can be read in two ways.
    """
    return _parse(dates.read_date, text, option, today)


def parse_deadline_option(text: str, option: str, today: date) -> date:
    """Parse a date given on the command line that may lie in the rest of this year.

    Raises:
        UsageError: when it is no date.
    """
    return parse_date_option(text, option, today.replace(month=12, day=31))


def parse_month_option(text: str, option: str, today: date) -> date:
    """Parse a month given on the command line, and return its last day.

    Raises:
        UsageError: when it is none, or can be read in two ways.
    """
    return _parse(dates.read_month, text, option, today)


def _parse(read: Callable[[str, date], date], text: str, option: str, today: date) -> date:
    try:
        return read(text, today)
    except dates.DateError as error:
        hint = error.hint.replace("写成 ", f"写成 {option} ", 1) if option.startswith("--") else error.hint
        raise UsageError(f"{option} {error.message}", f"{hint}；{MORE}") from None
