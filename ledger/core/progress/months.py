"""Months as exact numbers: spans of days counted in calendar months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from ledger.core.dates import month_end


def calendar_months(after: date, until: date) -> Iterator[tuple[date, date]]:
    """Yield the months that have a day in (after, until], each as (last day before it, its last day)."""
    end = month_end(after + timedelta(days=1))
    while True:
        yield end.replace(day=1) - timedelta(days=1), end
        if end >= until:
            return
        end = month_end(end + timedelta(days=1))


def months(after: date, until: date) -> Fraction:
    """Return how many months the days (after, until] are: each day is one over the length of its own month.

    From 30 June to 31 December are exactly 6, in any year.
    """
    if until <= after:
        return Fraction(0)
    whole = (until.year - after.year) * 12 + until.month - after.month
    last, first = month_end(until).day, month_end(after).day
    return Fraction(whole * last * first + until.day * first - after.day * last, last * first)


def lateness(due: date, on: date) -> str:
    """Return how long `on` lies after `due`: whole calendar months, or days where it is not one month."""
    months_late = (on.year - due.year) * 12 + on.month - due.month
    if month_end(on) != on and on.day < due.day:
        months_late -= 1
    return f"{months_late}个月" if months_late > 0 else f"{(on - due).days}天"
