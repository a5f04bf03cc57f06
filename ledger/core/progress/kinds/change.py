"""Targets that are a rate of growth or decline (同比增长12%, 近视率降1个百分点); never paced with the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import Change, Commitment
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.bounds import ONE, ZERO, Bounds
from ledger.core.progress.entries import EntryLike, reporting
from ledger.core.progress.kinds.common import (
    NO_TOLERANCE,
    FigureVerdict,
    Pace,
    figured_status,
    one_figure,
    shape_fault,
)
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import JudgedDay
from ledger.core.progress.status import TargetStatus
from ledger.core.quantity import QuantityError, parse_amount
from ledger.core.units import UnitMismatchError, convert

MONTHLY = True
WANTED = "增减幅度，或本期数和上年同期数"
ALLOWED = (frozenset({"value"}), frozenset({"current", "base"}))


def fold(target: Change, lines: Sequence[EntryLike], policy: Policy) -> Aggregate:
    """Take the latest rate by (date, place in the file)."""
    reports = reporting(lines)
    if not reports:
        return Aggregate(entries=len(lines), last_on=lines[-1].on if lines else None)
    figure = rate(target, reports[-1], policy)
    fault = figure if isinstance(figure, Finding) else None
    return Aggregate(
        entries=len(lines),
        reports=len(reports),
        last_on=lines[-1].on,
        on=reports[-1].on,
        figure=None if isinstance(figure, Finding) else figure,
        fault=fault,
    )


def rate(target: Change, line: EntryLike, policy: Policy) -> Fraction | Finding:
    """Return the rate a reporting entry gives in the goal's unit, a decline positive where the goal is one.

    From `current` and `base`: the difference, as a share of the base where the goal is in %, else the difference
    itself (of two percentages: 百分点).
    """
    wrong = shape_fault(line, WANTED, ALLOWED)
    if line.value is not None or wrong is not None:
        return one_figure(line, line.value, target.unit, policy, wrong)
    assert line.current is not None
    assert line.base is not None
    read = _pair(line.current, line.base, policy)
    if isinstance(read, Finding):
        return read
    current, base, unit = read
    moved = base - current if target.direction == "decrease" else current - base
    if policy.units.comparable(target.unit, "%"):
        if base <= 0:
            return Finding(
                "base",
                f"上年同期数“{line.base}”不大于零，增减幅度没有意义",
                "请核对上年同期数，或改报增减幅度",
            )
        return convert(moved / base * 100, "%", target.unit, policy.units)
    try:
        return convert(moved, "百分点" if unit == "%" else unit, target.unit, policy.units)
    except UnitMismatchError as error:
        return Finding("unit", error.message, error.hint)


def _pair(current: str, base: str, policy: Policy) -> tuple[Fraction, Fraction, str] | Finding:
    try:
        now, then = parse_amount(current, policy.units), parse_amount(base, policy.units)
        return now.value, convert(then.value, then.unit, now.unit, policy.units), now.unit
    except QuantityError as error:
        return Finding("amount", error.message, error.hint)
    except UnitMismatchError as error:
        return Finding("unit", error.message, error.hint)


def assess(
    commitment: Commitment, target: Change, aggregate: Aggregate, day: JudgedDay, policy: Policy
) -> TargetStatus:
    """Completion is r/T, growth the wrong way 0; the whole rate is expected on any date, never T·t."""
    bounds = Bounds.of(target.goal, policy.tolerance)
    r = aggregate.figure
    completion = met = None
    if bounds is not None and r is not None:
        completion, met = max(ZERO, bounds.completion(r)), bounds.meets(r)
    verdict = FigureVerdict(
        pace=Pace(ONE, completion),
        completion=completion,
        met=met,
        expected=ONE,
        reason=NO_TOLERANCE if bounds is None else None,
    )
    return figured_status(
        target, aggregate, verdict, due=commitment.due_of(target), as_of=day.on, policy=policy
    )


def faults(target: Change, lines: Sequence[EntryLike], policy: Policy) -> Iterator[tuple[EntryLike, Finding]]:
    """Find rates that cannot be computed."""
    for line in reporting(lines):
        figure = rate(target, line, policy)
        if isinstance(figure, Finding):
            yield line, figure
