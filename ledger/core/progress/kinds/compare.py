"""Targets beside a benchmark (高于全省平均, 快于全部贷款增速): the margin and its side; never a percentage of anything."""

# ruff: noqa: ARG001 - the functions of all kinds have one shape, whether or not they need all of it
from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import Commitment, Compare
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.amounts import format_figure
from ledger.core.progress.entries import EntryLike, reporting
from ledger.core.progress.kinds.common import one_figure, shape_fault, unmeasured_light
from ledger.core.progress.lights import Light
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import JudgedDay
from ledger.core.progress.status import TargetStatus

MONTHLY = True
WANTED = "本地值和参照值"
ALLOWED = (frozenset({"value", "benchmark"}),)


def unit_of(target: Compare) -> str:
    """Return the unit of both figures: the target's, else %."""
    return target.unit or "%"


def fold(target: Compare, lines: Sequence[EntryLike], policy: Policy) -> Aggregate:
    """Take the latest pair by (date, place in the file)."""
    reports = reporting(lines)
    if not reports:
        return Aggregate(entries=len(lines), last_on=lines[-1].on if lines else None)
    latest = reports[-1]
    read = _pair(target, latest, policy)
    value, benchmark = (None, None) if isinstance(read, Finding) else read
    return Aggregate(
        entries=len(lines),
        reports=len(reports),
        last_on=lines[-1].on,
        on=latest.on,
        figure=value,
        benchmark=benchmark,
        fault=read if isinstance(read, Finding) else None,
    )


def _pair(target: Compare, line: EntryLike, policy: Policy) -> tuple[Fraction, Fraction] | Finding:
    wrong = shape_fault(line, WANTED, ALLOWED)
    value = one_figure(line, line.value, unit_of(target), policy, wrong)
    if isinstance(value, Finding):
        return value
    benchmark = one_figure(line, line.benchmark, unit_of(target), policy, wrong)
    return benchmark if isinstance(benchmark, Finding) else (value, benchmark)


def right_side(op: str, margin: Fraction) -> bool:
    """Whether a margin (value − benchmark) lies on the goal's side."""
    if margin == 0:
        return op in {"at_least", "at_most"}
    return (margin > 0) == (op in {"above", "at_least"})


def assess(
    commitment: Commitment, target: Compare, aggregate: Aggregate, day: JudgedDay, policy: Policy
) -> TargetStatus:
    """Met when the margin is on the right side. There is no completion, only the gap."""
    due, unit, goal = commitment.due_of(target), unit_of(target), target.goal
    met = standing = reason = actual = None
    if aggregate.fault is not None:
        reason = f"无法计算：{aggregate.fault.text}"
    elif aggregate.figure is not None and aggregate.benchmark is not None:
        margin = aggregate.figure - aggregate.benchmark
        met = right_side(goal.op, margin)
        actual = f"{format_figure(aggregate.figure, unit)}（{goal.benchmark} {format_figure(aggregate.benchmark, unit)}）"
        standing = _standing(goal.benchmark, margin, "个百分点" if unit == "%" else unit)
    verdict = unmeasured_light(reported=aggregate.reports > 0, met=met, overdue=day.on >= due)
    if verdict is Light.UNKNOWN and reason is None:
        reason = f"{standing}；比较类指标不计算完成率，待 {due} 期满认定"
    return TargetStatus(
        key=target.key,
        name=target.name,
        kind=target.kind,
        goal=goal.wording,
        light=verdict,
        actual=actual,
        met=met,
        standing=standing,
        reason=reason,
        entries=aggregate.entries,
        on=aggregate.on,
        due=due,
        completes=False,
        paced_on=day.on,
        value=aggregate.figure,
    )


def _standing(benchmark: str, margin: Fraction, unit: str) -> str:
    if margin == 0:
        return f"与{benchmark}持平"
    return f"比{benchmark}{'高' if margin > 0 else '低'}{format_figure(abs(margin), unit)}"


def faults(
    target: Compare, lines: Sequence[EntryLike], policy: Policy
) -> Iterator[tuple[EntryLike, Finding]]:
    """Find pairs that are not complete or cannot be compared."""
    for line in reporting(lines):
        pair = _pair(target, line, policy)
        if isinstance(pair, Finding):
            yield line, pair
