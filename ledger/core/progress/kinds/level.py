"""Targets where the latest reading counts (年末总资产380亿元, 失业率≤5%), or every reading where the goal is to be held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from ledger.core.dates import month_end
from ledger.core.findings import Finding
from ledger.core.models import Commitment, Level
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.amounts import format_figure, plan_figure
from ledger.core.progress.bounds import ONE, ZERO, Bounds
from ledger.core.progress.entries import EntryLike, reporting
from ledger.core.progress.frequency import is_reporting_month, month_ends, months_apart, reporting_month_of
from ledger.core.progress.kinds.common import (
    NO_TOLERANCE,
    FigureVerdict,
    Pace,
    figured_status,
    one_figure,
    shape_fault,
    whole_units,
)
from ledger.core.progress.pace import curve, elapsed, eve, points
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import JudgedDay
from ledger.core.progress.status import TargetStatus
from ledger.core.structs import FrozenStruct

MONTHLY = True
WANTED = "当前值"
ALLOWED = (frozenset({"value"}),)
NO_BASELINE = "无法判断：未提供基期数，暂无法测算序时进度；请补上基期数（ledger amend 编号 --baseline 数）"


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
    readings = [(line.on, _reading(target, line, policy)) for line in read]
    on, latest = readings[-1]
    fault = next((value for _, value in readings if isinstance(value, Finding)), None)
    breach = worst = None
    months: dict[date, bool] = {}
    bounds = Bounds.of(target.goal, policy.tolerance) if target.hold else None
    if bounds is not None:
        known = [(day, value) for day, value in readings if not isinstance(value, Finding)]
        breach = next(((day, value) for day, value in known if not bounds.meets(value)), None)
        worst = min((value for _, value in known), key=bounds.completion, default=None)
        for day, reading in readings:
            month = month_end(day)
            months[month] = (
                months.get(month, True) and not isinstance(reading, Finding) and bounds.meets(reading)
            )
    return Aggregate(
        entries=len(lines),
        reports=len(reports),
        last_on=lines[-1].on,
        on=on,
        figure=None if isinstance(latest, Finding) else latest,
        breach=breach,
        worst=worst,
        months=tuple(months.items()),
        fault=fault,
    )


def _reading(target: Level, line: EntryLike, policy: Policy) -> Fraction | Finding:
    return one_figure(line, line.value, target.unit, policy, shape_fault(line, WANTED, ALLOWED))


def assess(
    commitment: Commitment, target: Level, aggregate: Aggregate, day: JudgedDay, policy: Policy
) -> TargetStatus:
    """Completion is x/T (a ceiling: 1 up to T, else 2 − x/T); pace only from a baseline, a plan, `hold` or the due date.

    Of a goal to be held it is the share of the months that held, among those due by then or reported.
    """
    due = commitment.due_of(target)
    bounds = Bounds.of(target.goal, policy.tolerance)
    x = aggregate.figure
    completion = met = None
    pace = _Pace()
    notes: tuple[str, ...] = ()
    if bounds is not None:
        pace = _pace(commitment, target, bounds, x, day.on, policy)
        if x is not None:
            completion = bounds.completion(x)
        met = _met(target, aggregate, bounds)
        if target.hold and not policy.of_2023 and aggregate.reports:
            completion, notes = _held(commitment, target, aggregate, day.settled, policy)
    compared = Pace(pace.expected, completion, pace.reason)
    if pace.expected_progress is not None:
        compared = Pace(pace.expected_progress, pace.progress)
    if target.hold and bounds is not None and aggregate.worst is not None:
        undecided = aggregate.fault is not None and aggregate.breach is None
        compared = Pace(ONE, None if undecided else bounds.completion(aggregate.worst))
    reason = NO_TOLERANCE if bounds is None else None
    if aggregate.breach is not None:
        broken_on, value = aggregate.breach
        reason = (
            f"{broken_on} 报 {format_figure(value, target.unit, target.scale)}，未守住每次上报都须达标的目标"
        )
    verdict = FigureVerdict(
        pace=compared,
        completion=completion,
        met=met,
        final=aggregate.breach is not None,
        reason=reason,
        expected=pace.expected,
        progress=pace.progress,
        expected_progress=pace.expected_progress,
        notes=notes,
    )
    return figured_status(target, aggregate, verdict, due=due, as_of=day.on, policy=policy)


def _held(
    commitment: Commitment, target: Level, aggregate: Aggregate, settled: date, policy: Policy
) -> tuple[Fraction | None, tuple[str, ...]]:
    """Return the share of the months that held, and how many there were; no share where a figure cannot be read.

    What is reported by quarter, half-year or year is counted by these.
    """
    if aggregate.fault is not None and aggregate.breach is None:
        return None, ()
    held: dict[date, bool] = {}
    for month, kept in aggregate.months:
        reported = reporting_month_of(commitment, target, month, policy)
        held[reported] = held.get(reported, True) and kept
    last = min(settled, month_end(commitment.due_of(target)))
    missing = sum(
        month not in held and is_reporting_month(commitment, target, month, policy)
        for month in month_ends(commitment.start, last)
    )
    kept_ones = sum(held.values())
    unit = "个月" if months_apart(commitment, target, policy) == 1 else "期"
    words = [f"应报 {len(held) + missing} {unit}", f"守住 {kept_ones} {unit}"]
    words += [f"未守住 {len(held) - kept_ones} {unit}"] if kept_ones < len(held) else []
    words += [f"未报 {missing} {unit}"] if missing else []
    return Fraction(kept_ones, len(held) + missing), ("，".join(words),)


def _met(target: Level, aggregate: Aggregate, bounds: Bounds) -> bool | None:
    if aggregate.breach is not None:
        return False  # whatever else was reported, readable or not
    if aggregate.figure is None or (target.hold and aggregate.fault is not None):
        return None
    return bounds.meets(aggregate.figure)


def expected(commitment: Commitment, target: Level, on: date, policy: Policy) -> Fraction | None:
    """Return the completion that `assess` expects at the end of a day where nothing is reported."""
    bounds = Bounds.of(target.goal, policy.tolerance)
    return None if bounds is None else _pace(commitment, target, bounds, None, on, policy).expected


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
    baseline: Fraction | None = None
    if target.baseline is not None:
        read = plan_figure(target.baseline, target.unit, policy)
        if isinstance(read, Finding):
            return _Pace(reason=f"无法判断：基期数有误，{read.text}")
        baseline = read
        if bounds.meets(baseline) or bounds.aim(baseline) == baseline:
            return _Pace(expected=ONE)  # there from the start: nothing to reach, only to keep
    planned = _planned(commitment, target, bounds, baseline, as_of, policy)
    if isinstance(planned, Finding):
        return _Pace(reason=f"无法判断：计划数有误，{planned.text}")
    if planned is None:
        return _Pace(reason=NO_BASELINE.format(due=due))
    expected = _capped(bounds.completion(planned))
    if baseline is None:
        return _Pace(expected=ONE if as_of >= due else expected)
    goal = bounds.aim(baseline)
    if x is not None and bounds.crossed(baseline, x):
        return _Pace(
            expected=ONE
        )  # past the goal and out at the other side: measured from the edge that was crossed
    distance = goal - baseline
    return _Pace(
        expected=expected,
        progress=None if x is None else (x - baseline) / distance,
        expected_progress=min(ONE, (planned - baseline) / distance),
    )


def _planned(
    commitment: Commitment,
    target: Level,
    bounds: Bounds,
    baseline: Fraction | None,
    as_of: date,
    policy: Policy,
) -> Fraction | Finding | None:
    """Return the figure that is due at the end of a day; None while neither a baseline nor the plan says anything."""
    start, due = commitment.start, commitment.due_of(target)
    goal = _end(target, bounds, policy) if baseline is None else bounds.aim(baseline)
    if as_of >= due:
        return goal
    if target.plan and (baseline is None or as_of >= start):
        origin = None if baseline is None else (eve(start), baseline)
        line = points(target.plan, target.unit, origin, (due, goal), policy)
        if isinstance(line, Finding):
            return line
        planned = curve(line, as_of)
    else:
        planned = None if baseline is None else baseline + (goal - baseline) * elapsed(start, due, as_of)
    if planned is None:
        return None
    limits = (goal,) if baseline is None else (goal, baseline)
    return whole_units(planned, limits, target.unit, policy, up=goal == bounds.high)


def _end(target: Level, bounds: Bounds, policy: Policy) -> Fraction:
    """Return the figure that is due in the end: of a range, the edge that the plan comes from."""
    first = plan_figure(target.plan[0].value, target.unit, policy) if target.plan else ZERO
    return bounds.aim(ZERO if isinstance(first, Finding) else first)


def _capped(share: Fraction) -> Fraction:
    return min(ONE, max(ZERO, share))


def faults(target: Level, lines: Sequence[EntryLike], policy: Policy) -> Iterator[tuple[EntryLike, Finding]]:
    """Find readings that cannot be used."""
    for line in reporting(lines):
        reading = _reading(target, line, policy)
        if isinstance(reading, Finding):
            yield line, reading
