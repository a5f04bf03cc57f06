"""What is due by a day: 序时进度, even over the period or along a plan's points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import PlanPoint
from ledger.core.progress.amounts import plan_figure
from ledger.core.progress.policy import Policy

Point = tuple[date, Fraction]
_DAY = timedelta(days=1)


def elapsed(start: date, due: date, as_of: date) -> Fraction:
    """Return the part of the period that is over at the end of `as_of`: 1 January of a plain year is 1/365.

    0 before `start`, 1 from `due` on. A goal due before its period starts is due at once on that day.
    """
    if as_of >= due:
        return Fraction(1)
    if as_of < start:
        return Fraction(0)
    return Fraction((as_of - start).days + 1, (due - start).days + 1)


def curve(points: Sequence[Point], on: date) -> Fraction | None:
    """Return the value at the end of a day on the straight lines between the points; None before the first point.

    `points` ascend by date. After the last point its value stays.
    """
    if not points or on < points[0][0]:
        return None
    before = points[0]
    for after in points[1:]:
        if on < after[0]:
            share = Fraction((on - before[0]).days, (after[0] - before[0]).days)
            return before[1] + (after[1] - before[1]) * share
        before = after
    return before[1]


def eve(start: date) -> date:
    """Return the day before a period: the figure at its end is the period's baseline."""
    return start - _DAY


def points(
    plan: Iterable[PlanPoint], unit: str, origin: Point | None, end: Point, policy: Policy
) -> list[Point] | Finding:
    """Join the origin, a target's due points and the goal on its due date into one ascending line.

    A due point on or before the origin, or on or after the due date, adds nothing: there the origin and the goal stand.
    """
    known: dict[date, Fraction] = {}
    for point in plan:
        value = plan_figure(point.value, unit, policy)
        if isinstance(value, Finding):
            return value
        if (origin is None or point.on > origin[0]) and point.on < end[0]:
            known[point.on] = value
    if origin is not None and origin[0] < end[0]:
        known[origin[0]] = origin[1]
    known[end[0]] = end[1]
    return sorted(known.items())
