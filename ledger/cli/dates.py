"""Dates and months on the command line."""

from __future__ import annotations

from datetime import date

from ledger.core import dates
from ledger.core.errors import UsageError

MORE = "ledger help 日期 看日期规则"


def parse_date_option(text: str, option: str, today: date) -> date:
    """Read a date given on the command line.

    Raises:
        UsageError: when it is none, or can be read in two ways.
    """
    try:
        return dates.read_date(text, today)
    except dates.DateError as error:
        raise UsageError(f"{option} {error.message}", f"{_with_option(error.hint, option)}；{MORE}") from None


def parse_deadline_option(text: str, option: str, today: date) -> date:
    """Read the day up to which something is promised, given on the command line.

    Raises:
        UsageError: when it is no date.
    """
    return parse_date_option(text, option, today.replace(month=12, day=31))


def parse_month_option(text: str, option: str, today: date) -> date:
    """Read a month given on the command line, and return its last day.

    Raises:
        UsageError: when it is none, or can be read in two ways.
    """
    try:
        return dates.read_month(text, today)
    except dates.DateError as error:
        raise UsageError(f"{option} {error.message}", f"{_with_option(error.hint, option)}；{MORE}") from None


def _with_option(hint: str, option: str) -> str:
    """Return the hint of a date with the option in front of the date, as it is typed."""
    return hint.replace("写成 ", f"写成 {option} ", 1) if option.startswith("--") else hint
