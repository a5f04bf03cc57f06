"""The reporting calendar: when a month is to have been reported, and up to which day pace is judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.dates import month_end
from ledger.core.models.targets import FREQUENCIES

if TYPE_CHECKING:
    from ledger.core.models import Commitment, Target
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


def months_apart(commitment: Commitment, target: Target, policy: Policy) -> int:
    """Return how many months apart a target's reports are: 1, 3, 6 or 12."""
    return FREQUENCIES[target.frequency or policy.frequencies.get(commitment.department) or "每月"]


def is_reporting_month(commitment: Commitment, target: Target, month: date, policy: Policy) -> bool:
    """Whether the month that ends on `month` ends a period of the target's frequency, or is the one of its due date."""
    apart = months_apart(commitment, target, policy)
    return month.month % apart == 0 or month == month_end(commitment.due_of(target))


def period_start(commitment: Commitment, target: Target, month: date, policy: Policy) -> date:
    """Return the first day of the period of the target's frequency that `month` is in."""
    apart = months_apart(commitment, target, policy)
    return date(month.year, (month.month - 1) // apart * apart + 1, 1)


def first_reporting_month(commitment: Commitment, target: Target, policy: Policy) -> date:
    """Return the last day of the first month for which a target is to be reported."""
    start = commitment.start
    apart = months_apart(commitment, target, policy)
    last = month_end(date(start.year, -(-start.month // apart) * apart, 1))
    return min(last, max(month_end(start), month_end(commitment.due_of(target))))


class JudgedDay(NamedTuple):
    """The day of a judgement, as the kinds of target need it."""

    on: date
    """Pace and due dates are judged at the end of this day."""
    settled: date
    """Months that ended up to this day are to have been reported."""


def judged_day(as_of: date, reported_on: date | None, policy: Policy) -> JudgedDay:
    """Return the day at which a target is judged whose latest figure is dated `reported_on`."""
    settled = as_of if policy.pace == "day" else settled_month(as_of, policy.due_day)
    return JudgedDay(pace_day(as_of, reported_on, policy), settled)


def pace_day(as_of: date, reported_on: date | None, policy: Policy) -> date:
    """Return the day at whose end a target's pace is judged.

    The later of the last month that was due and the date of the target's own latest figure, so that nobody is measured by
    a month for which reports are still coming in; with `pace: day` it is `as_of` itself. `reported_on` is not after `as_of`.
    """
    if policy.pace == "day":
        return as_of
    settled = settled_month(as_of, policy.due_day)
    return settled if reported_on is None else max(settled, reported_on)


def month_ends(start: date, until: date) -> Iterator[date]:
    """Yield the last days of the months from that of `start` on that are not after `until`."""
    month = month_end(start)
    while month <= until:
        yield month
        month = month_end(month + _DAY)
