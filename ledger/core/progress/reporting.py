"""The reporting calendar: when a month is to have been reported, and up to which day pace is judged."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ledger.core.progress.policy import Policy

_DAY = timedelta(days=1)


def reporting_day(month: date, due_day: int) -> date:
    """Return the day up to which, inclusive, the month that ends on `month` is reported."""
    return (month + _DAY).replace(day=due_day)


@lru_cache(maxsize=64)
def settled_month(as_of: date, due_day: int) -> date:
    """Return the last day of the latest month whose reporting day is over at the beginning of `as_of`."""
    month = as_of.replace(day=1) - _DAY
    while reporting_day(month, due_day) >= as_of:
        month = month.replace(day=1) - _DAY
    return month


class JudgedDay(NamedTuple):
    """The day of a judgement, as the kinds of target need it."""

    on: date
    """Pace and due dates are judged at the end of this day."""
    settled: date
    """Months that ended up to this day are to have been reported."""


def judged_day(settled: date, as_of: date, reported_on: date | None, policy: Policy) -> JudgedDay:
    """Return the day at which a target is judged.

    The later of `settled`, the last month whose report was due, and the date of the target's own latest figure, so that nobody
    is measured by a month for which reports are still coming in; with `pace: day` it is `as_of` itself. `reported_on` is not
    after `as_of`.
    """
    if policy.pace == "day":
        return JudgedDay(as_of, as_of)
    return JudgedDay(settled if reported_on is None else max(settled, reported_on), settled)


def pace_day(as_of: date, policy: Policy) -> date:
    """Return the day at whose end pace is judged where a target has no later figure and is reported every month."""
    return as_of if policy.pace == "day" else settled_month(as_of, policy.due_day)


def pace_words(pace_on: date, as_of: date) -> str:
    """Return which day pace is judged at, in words: 序时进度按 6 月底."""
    if pace_on == as_of:
        return "序时进度按截至日"
    year = "" if pace_on.year == as_of.year else f"{pace_on.year} 年 "
    return f"序时进度按 {year}{pace_on.month} 月底，已报更近数据的按数据日期"
