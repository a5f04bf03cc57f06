"""Months as exact numbers: spans of days counted in calendar months; knows no target."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


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
    return sum(
        (
            Fraction((min(end, until) - max(before, after)).days, (end - before).days)
            for before, end in calendar_months(after, until)
        ),
        Fraction(0),
    )
