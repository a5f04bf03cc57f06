"""What several kinds of target share: foreign figures, tiers, whole units, the words for what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, Protocol

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Commitment, Level
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.amounts import format_figure, read_figure
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.entries import EntryLike, figures_of
from ledger.core.progress.lights import Light, gap, light
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import JudgedDay
from ledger.core.progress.status import TargetStatus, Tier
from ledger.core.structs import FrozenStruct

WORDS = {
    "add": "本期新增",
    "total": "累计",
    "value": "数值",
    "current": "本期数",
    "base": "上年同期数",
    "rank": "位次",
    "of": "参加排名的个数",
    "benchmark": "参照值",
    "step": "步骤",
    "verdict": "评定",
}

NO_TOLERANCE = "无法判断：“约”没有容差；请管理员在账本规则里定容差"


class KindRules(Protocol):
    """One kind of target: which figures an entry may carry together, how they add up, what they are worth."""

    MONTHLY: bool
    """Whether the department reports it every month; otherwise only what falls due is called for."""

    def fold(self, target: Any, lines: Sequence[EntryLike], policy: Policy) -> Aggregate:
        """Sum up effective entries, already in order and up to the day asked for."""

    def assess(
        self, commitment: Commitment, target: Any, aggregate: Aggregate, day: JudgedDay, policy: Policy
    ) -> TargetStatus:
        """Return the target's status on a day."""

    def faults(
        self, target: Any, lines: Sequence[EntryLike], policy: Policy
    ) -> Iterator[tuple[EntryLike, Finding]]:
        """Find what is wrong with effective entries of the target, one by one and among each other."""


FiguredTarget = Accumulate | Level | Change
"""A target judged by a figure."""


class Pace(FrozenStruct):
    """What a judged figure is compared with: both None where nothing can be expected, then `reason` says why."""

    expected: Fraction | None
    completed: Fraction | None
    reason: str | None = None


def shape_fault(entry: EntryLike, expected: str, allowed: Sequence[frozenset[str]]) -> Finding | None:
    """Return what is wrong with the set of figures of an entry, None for a remark or one of the allowed sets.

    `wanted` tells in words what an entry of this kind carries.
    """
    given = figures_of(entry)
    if not given or given in allowed:
        return None
    foreign = given - frozenset().union(*allowed)
    if foreign:
        return Finding("foreign-figure", f"这类目标不报{_names(foreign)}", f"请报{expected}")
    whole = next((figures for figures in allowed if given < figures), None)
    if whole is not None:
        return Finding("half", f"报了{_names(given)}，缺{_names(whole - given)}", f"要在同一条里报{expected}")
    return Finding("figures", f"一条里报了{_names(given)}，不能确定以哪个为准", f"请报{expected}")


def _names(figures: frozenset[str]) -> str:
    return "、".join(words for name, words in WORDS.items() if name in figures)


def one_figure(
    entry: EntryLike, text: str | None, unit: str, policy: Policy, wrong: Finding | None
) -> Fraction | Finding:
    """Return the figure of an entry as a fraction, or its fault; `wrong` is the fault of its shape, if any."""
    if wrong is not None:
        return wrong
    assert text is not None
    figure = read_figure(text, unit, entry, policy)
    return figure if isinstance(figure, Finding) else Fraction(figure)


def tiers(target: FiguredTarget, value: Fraction | None, policy: Policy) -> tuple[Tier, ...]:
    """Return the 争取值 with whether the figure reaches each."""
    findings = []
    for goal in target.stretch:
        bounds = Bounds.of(goal, policy.tolerance)
        known = value is not None and bounds is not None
        findings.append(Tier(goal.wording, bounds.meets(value) if known else None))  # type: ignore[union-attr,arg-type]
    return tuple(findings)


class FigureVerdict(FrozenStruct):
    """What a figure is worth beside its goal and its pace; `final` when no later figure can change `met`."""

    pace: Pace
    completion: Fraction | None
    met: bool | None
    final: bool = False
    reason: str | None = None
    expected: Fraction | None = None
    progress: Fraction | None = None
    expected_progress: Fraction | None = None
    notes: tuple[str, ...] = ()


def figured_status(
    target: Any, aggregate: Aggregate, verdict: FigureVerdict, *, due: date, as_of: date, policy: Policy
) -> TargetStatus:
    """Put together the status of a target judged by a figure; the light follows from `met` and the pace."""
    pace, met, reason = verdict.pace, verdict.met, verdict.reason
    behind = None
    if pace.expected is not None and pace.completed is not None:
        behind = gap(pace.expected, pace.completed, policy.lights)
    reported = aggregate.reports > 0
    shown = light(
        reported=reported, met=met, behind=behind, final=verdict.final or as_of >= due, rule=policy.lights
    )
    value = aggregate.figure
    if aggregate.fault is not None and aggregate.breach is None:
        reason = f"无法计算：{aggregate.fault.text}"
    elif reason is None and shown is Light.UNKNOWN:
        reason = pace.reason
    return TargetStatus(
        key=target.key,
        name=target.name,
        kind=target.kind,
        goal=target.goal.wording,
        light=shown,
        actual=None if value is None else format_figure(value, target.unit, target.scale),
        completion=verdict.completion,
        expected=verdict.expected,
        progress=verdict.progress,
        expected_progress=verdict.expected_progress,
        gap=behind,
        met=met,
        reason=reason,
        tiers=tiers(target, value, policy) if target.stretch else (),
        notes=verdict.notes,
        entries=aggregate.entries,
        on=aggregate.on,
        due=due,
        value=value,
        paced_on=as_of,
    )


def whole_units(
    value: Fraction, limits: Sequence[Fraction], unit: str, policy: Policy, *, up: bool
) -> Fraction:
    """Return an expected figure in whole units where the goal is counted in whole ones, else as it is.

    `limits` are the goal's figure and the baseline: all must be whole. Nobody can be asked for half a company, so the figure is
    rounded to the side that asks for less: down, or `up` where less is better.
    """
    counted = policy.units.find(unit)
    if policy.of_2023 or counted is None or not counted.counted or any(x.denominator != 1 for x in limits):
        return value
    return Fraction(ceil(value) if up else floor(value))


def unmeasured_light(*, reported: bool, met: bool | None, overdue: bool) -> Light:
    """Return the light of a kind without completion: never a percentage, only 已达标, or 严重滞后 once due and unmet."""
    if not reported:
        return Light.UNREPORTED
    if met:
        return Light.MET
    return Light.FAR_BEHIND if met is False and overdue else Light.UNKNOWN
