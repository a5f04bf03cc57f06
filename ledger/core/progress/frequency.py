"""How often a target is reported, and which months that makes reporting months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ledger.core.dates import month_end
from ledger.core.models import Commitment, Target
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import settled_month

FREQUENCIES = {"每月": 1, "每季": 3, "每半年": 6, "每年": 12}
"""How many months apart the reports of a frequency are."""
_DAY = timedelta(days=1)


def months_apart(commitment: Commitment, target: Target, policy: Policy) -> int:
    """Return how many months apart a target's reports are: 1, 3, 6 or 12."""
    return FREQUENCIES[target.frequency or policy.frequencies.get(commitment.department) or "每月"]


def is_reporting_month(commitment: Commitment, target: Target, month: date, policy: Policy) -> bool:
    """Whether the month that ends on `month` ends a period of the target's frequency, or is the one of its due date."""
    apart = months_apart(commitment, target, policy)
    return month.month % apart == 0 or month == month_end(commitment.due_of(target))


def reporting_month_of(commitment: Commitment, target: Target, month: date, policy: Policy) -> date:
    """Return the last day of the month for which what happened in `month` is reported: itself where it is reported monthly."""
    while not is_reporting_month(commitment, target, month, policy):
        month = month_end(month + _DAY)
    return month


def settled_report(commitment: Commitment, target: Target, as_of: date, policy: Policy) -> date:
    """Return the last day of the latest month for which the target's report was due before `as_of`."""
    month = settled_month(as_of, policy.due_day)
    while not is_reporting_month(commitment, target, month, policy):
        month = month.replace(day=1) - _DAY
    return month


def period_start(commitment: Commitment, target: Target, month: date, policy: Policy) -> date:
    """Return the first day of the period of the target's frequency that `month` is in."""
    apart = months_apart(commitment, target, policy)
    return date(month.year, (month.month - 1) // apart * apart + 1, 1)


def first_reporting_month(commitment: Commitment, target: Target, policy: Policy) -> date:
    """Return the last day of the first month for which a target is to be reported."""
    return reporting_month_of(commitment, target, month_end(commitment.start), policy)


def month_ends(start: date, until: date) -> Iterator[date]:
    """Yield the last days of the months from that of `start` on that are not after `until`."""
    month = month_end(start)
    while month <= until:
        yield month
        month = month_end(month + _DAY)
