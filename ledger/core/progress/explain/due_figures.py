"""The figures that may be due by a day: on the straight line or on the plan's, as they are and in whole units."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Commitment, Level
from ledger.core.progress.amounts import plan_figure
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.explain.formula import Formula
from ledger.core.progress.kinds.common import whole_units
from ledger.core.progress.pace import eve, points
from ledger.core.progress.policy import Policy


def origin_of(target: Accumulate | Level, policy: Policy) -> Fraction | None:
    """Return the figure from which the way to the goal begins; None where it is not known."""
    if isinstance(target, Accumulate):
        return Fraction(0)
    if target.baseline is None:
        return None
    read = plan_figure(target.baseline, target.unit, policy)
    return None if isinstance(read, Finding) else read


def due_formulas(
    commitment: Commitment, target: Accumulate | Level, share: Formula, due: date, day: date, policy: Policy
) -> Iterator[Formula]:
    """Yield the figures that may be due by a day: on the straight line or on the plan's, as they are and in whole units."""
    bounds, start = Bounds.of(target.goal, policy.tolerance), origin_of(target, policy)
    if bounds is None:
        return
    goal = bounds.aim(start or Fraction(0))
    figures: list[Formula] = []
    if start is not None:
        first, whole = Formula.of(start / target.scale), Formula.of(goal / target.scale)
        rise = Formula(f"({whole.minus(first).text})", goal / target.scale - first.value).times(share)
        figures.append(whole.times(share) if start == 0 else first.plus(rise))
    if target.plan:
        origin = None if start is None else (eve(commitment.start), start)
        line = points(target.plan, target.unit, origin, (due, goal), policy)
        figures += [] if isinstance(line, Finding) else _segment(line, day, target.scale)
    limits = (goal,) if start is None or isinstance(target, Accumulate) else (goal, start)
    for figure in figures:
        for up in (False, True):
            value = whole_units(figure.value * target.scale, limits, target.unit, policy, up=up)
            yield figure if value == figure.value * target.scale else _rounded(figure, target.scale, up=up)


def _rounded(figure: Formula, scale: int, *, up: bool) -> Formula:
    """Return a figure rounded to whole units, which are smaller than the multiplier."""
    if scale == 1:
        return figure.rounded(up=up)
    units = figure.times(Formula.of(scale)).rounded(up=up)
    return units.over(Formula.of(scale))


def _segment(line: Sequence[tuple[date, Fraction]], day: date, scale: int) -> list[Formula]:
    """Return the value of a plan's line on a day, between the two points around it."""
    for before, after in itertools.pairwise(line):
        if before[0] <= day < after[0]:
            low, high = Formula.of(before[1] / scale), Formula.of(after[1] / scale)
            share = Formula.of((day - before[0]).days).over(Formula.of((after[0] - before[0]).days))
            rise = Formula(f"({high.minus(low).text})", high.value - low.value).times(share)
            return [rise if low.value == 0 else low.plus(rise)]
    return [Formula.of(value / scale) for on, value in line[-1:] if on <= day]


def elapsed_formula(start: date, due: date, day: date) -> Formula:
    """Return the part of the period that is over at the end of a day."""
    return Formula.of((day - start).days + 1).over(Formula.of((due - start).days + 1))
