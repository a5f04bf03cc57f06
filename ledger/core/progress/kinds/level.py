"""Targets where the latest reading counts (年末总资产380亿元, 失业率≤5%), or every reading where the goal is to be held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import Commitment, Level
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.amounts import format_figure, plan_figure
from ledger.core.progress.bounds import ONE, ZERO, Bounds
from ledger.core.progress.entries import EntryLike, reporting
from ledger.core.progress.kinds.common import NO_TOLERANCE, Pace, figured_status, one_figure, shape_fault
from ledger.core.progress.pace import curve, elapsed, eve, points
from ledger.core.progress.policy import Policy
from ledger.core.progress.status import TargetStatus
from ledger.core.structs import FrozenStruct

WANTED = "value（当前值）"
ALLOWED = (frozenset({"value"}),)
NO_BASELINE = "无法判断：缺基期数，到 {due} 前不知应到多少；请补上基期数（ledger amend 编号 --baseline 数）"


class _Pace(FrozenStruct):
    expected: Fraction | None = None  # as completion
    progress: Fraction | None = None
    expected_progress: Fraction | None = None
    reason: str | None = None


def fold(target: Level, lines: Sequence[EntryLike], policy: Policy) -> Aggregate:
    """Take the latest reading by (date, place in the file); for a goal to be held also the first and worst breach."""
    reports = reporting(lines)
    if not reports:
        return Aggregate(entries=len(lines), last_on=lines[-1].on if lines else None)
    read = reports if target.hold else reports[-1:]
    found = [(line.on, _reading(target, line, policy)) for line in read]
    on, latest = found[-1]
    fault = next((value for _, value in found if isinstance(value, Finding)), None)
    breach = worst = None
    bounds = Bounds.of(target.goal, policy.tolerance) if target.hold else None
    if bounds is not None:
        known = [(day, value) for day, value in found if not isinstance(value, Finding)]
        breach = next(((day, value) for day, value in known if not bounds.meets(value)), None)
        worst = min((value for _, value in known), key=bounds.completion, default=None)
    return Aggregate(
        entries=len(lines),
        reports=len(reports),
        last_on=lines[-1].on,
        on=on,
        figure=None if isinstance(latest, Finding) else latest,
        breach=breach,
        worst=worst,
        fault=fault,
    )


def _reading(target: Level, line: EntryLike, policy: Policy) -> Fraction | Finding:
    return one_figure(line, line.value, target.unit, policy, shape_fault(line, WANTED, ALLOWED))


def assess(
    commitment: Commitment, target: Level, aggregate: Aggregate, as_of: date, policy: Policy
) -> TargetStatus:
    """Completion is x/T (a ceiling: 1 up to T, else 2 − x/T); pace only from a baseline, a plan, `hold` or the due date."""
    due = commitment.due_of(target)
    bounds = Bounds.of(target.goal, policy.tolerance)
    x = aggregate.figure
    completion = met = None
    pace = _Pace()
    if bounds is not None:
        pace = _pace(commitment, target, bounds, x, as_of, policy)
        if x is not None:
            completion = bounds.completion(x)
        met = _met(target, aggregate, bounds)
    compared = Pace(pace.expected, completion, pace.reason)
    if pace.expected_progress is not None:
        compared = Pace(pace.expected_progress, pace.progress)
    if target.hold and bounds is not None and aggregate.worst is not None:
        undecided = aggregate.fault is not None and aggregate.breach is None
        compared = Pace(ONE, None if undecided else bounds.completion(aggregate.worst))
    reason = NO_TOLERANCE if bounds is None else None
    if aggregate.breach is not None:
        day, value = aggregate.breach
        reason = f"{day} 报 {format_figure(value, target.unit, target.scale)}，未守住每次上报都须达标的目标"
    return figured_status(
        target,
        aggregate,
        due=due,
        as_of=as_of,
        policy=policy,
        pace=compared,
        completion=completion,
        met=met,
        final=aggregate.breach is not None,
        reason=reason,
        expected=pace.expected,
        progress=pace.progress,
        expected_progress=pace.expected_progress,
    )


def _met(target: Level, aggregate: Aggregate, bounds: Bounds) -> bool | None:
    if aggregate.breach is not None:
        return False  # whatever else was reported, readable or not
    if aggregate.figure is None or (target.hold and aggregate.fault is not None):
        return None
    return bounds.meets(aggregate.figure)


def _pace(
    commitment: Commitment,
    target: Level,
    bounds: Bounds,
    x: Fraction | None,
    as_of: date,
    policy: Policy,
) -> _Pace:
    due = commitment.due_of(target)
    if target.hold:
        return _Pace(expected=ONE)
    if target.baseline is not None:
        baseline = plan_figure(target.baseline, target.unit, policy)
        if isinstance(baseline, Finding):
            return _Pace(reason=f"无法判断：基期数有误，{baseline.text}")
        return _from_baseline(commitment, target, bounds, x, as_of, policy, baseline)
    if as_of >= due:
        return _Pace(expected=ONE)
    if target.plan:
        line = points(target.plan, target.unit, None, (due, _end(target, bounds, policy)), policy)
        if isinstance(line, Finding):
            return _Pace(reason=f"无法判断：计划数有误，{line.text}")
        wanted = curve(line, as_of)
        if wanted is not None:
            return _Pace(expected=_capped(bounds.completion(wanted)))
    return _Pace(reason=NO_BASELINE.format(due=due))


def _from_baseline(
    commitment: Commitment,
    target: Level,
    bounds: Bounds,
    x: Fraction | None,
    as_of: date,
    policy: Policy,
    baseline: Fraction,
) -> _Pace:
    due, goal = commitment.due_of(target), bounds.aim(baseline)
    if bounds.meets(baseline) or goal == baseline:
        return _Pace(expected=ONE)  # there from the start: nothing to reach, only to keep
    wanted: Fraction | None = baseline + (goal - baseline) * elapsed(commitment.start, due, as_of)
    if target.plan and commitment.start <= as_of < due:
        line = points(target.plan, target.unit, (eve(commitment.start), baseline), (due, goal), policy)
        if isinstance(line, Finding):
            return _Pace(reason=f"无法判断：计划数有误，{line.text}")
        wanted = curve(line, as_of)
    assert wanted is not None  # the line starts on the eve of the period
    distance = goal - baseline
    return _Pace(
        expected=_capped(bounds.completion(wanted)),
        progress=None if x is None else (x - baseline) / distance,
        expected_progress=_capped((wanted - baseline) / distance),
    )


def _end(target: Level, bounds: Bounds, policy: Policy) -> Fraction:
    first = plan_figure(target.plan[0].value, target.unit, policy)
    return bounds.aim(ZERO if isinstance(first, Finding) else first)


def _capped(share: Fraction) -> Fraction:
    return min(ONE, max(ZERO, share))


def faults(target: Level, lines: Sequence[EntryLike], policy: Policy) -> Iterator[tuple[EntryLike, Finding]]:
    """Find readings that cannot be used."""
    for line in reporting(lines):
        found = _reading(target, line, policy)
        if isinstance(found, Finding):
            yield line, found
