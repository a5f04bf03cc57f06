"""Targets that are a place in a ranking (保持全省第一, 提升2位): met or not, and the places missing; never a percentage."""

# ruff: noqa: ARG001 - the functions of all kinds have one shape, whether or not they need all of it
from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.core.findings import Finding
from ledger.core.models import Commitment, Rank, RankGoal
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.entries import EntryLike, reporting
from ledger.core.progress.kinds.common import shape_fault, unmeasured_light
from ledger.core.progress.lights import Light
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import JudgedDay
from ledger.core.progress.status import TargetStatus, Tier

MONTHLY = True
WANTED = "位次，可另报参加排名的个数"
ALLOWED = (frozenset({"rank"}), frozenset({"rank", "of"}))


def fold(target: Rank, lines: Sequence[EntryLike], policy: Policy) -> Aggregate:
    """Take the latest place by (date, place in the file)."""
    reports = reporting(lines)
    if not reports:
        return Aggregate(entries=len(lines), last_on=lines[-1].on if lines else None)
    latest = reports[-1]
    fault = _fault(latest)
    return Aggregate(
        entries=len(lines),
        reports=len(reports),
        last_on=lines[-1].on,
        on=latest.on,
        rank=None if fault else latest.rank,
        of=latest.of,
        fault=fault,
    )


def _fault(line: EntryLike) -> Finding | None:
    wrong = shape_fault(line, WANTED, ALLOWED)
    if wrong is None and line.rank is not None and line.of is not None and line.rank > line.of:
        return Finding(
            "rank-of", f"位次 {line.rank} 大于参加排名的个数 {line.of}", "请核对位次和参加排名的个数"
        )
    return wrong


def limit(goal: RankGoal, baseline: int | None) -> int | None:
    """Return the last place that meets the goal; None for a rise in places without a baseline."""
    if goal.within is not None:
        return goal.within
    return None if baseline is None or goal.up is None else baseline - goal.up


def assess(
    commitment: Commitment, target: Rank, aggregate: Aggregate, day: JudgedDay, policy: Policy
) -> TargetStatus:
    """Met when the place is within the goal's, or has moved up enough from the baseline. There is no completion."""
    due = commitment.due_of(target)
    highest = limit(target.goal, target.baseline)
    met = standing = reason = None
    if aggregate.fault is not None:
        reason = f"无法计算：{aggregate.fault.text}"
    elif highest is None:
        reason = "无法计算：缺基期位次，不知从第几位算起；请补上基期位次（ledger amend 编号 --baseline 位次）"
    elif aggregate.rank is not None:
        met = aggregate.rank <= highest
        standing = f"现第{aggregate.rank}位" + ("" if met else f"，差{aggregate.rank - highest}位")
    verdict = unmeasured_light(reported=aggregate.reports > 0, met=met, overdue=day.on >= due)
    if verdict is Light.UNKNOWN and reason is None:
        reason = f"{standing}；位次类指标不计算完成率，待 {due} 期满认定"
    return TargetStatus(
        key=target.key,
        name=target.name,
        kind=target.kind,
        goal=target.goal.wording,
        light=verdict,
        actual=_place(aggregate),
        met=met,
        standing=standing,
        reason=reason,
        tiers=tuple(_tier(goal, target, aggregate) for goal in target.stretch),
        entries=aggregate.entries,
        on=aggregate.on,
        due=due,
        completes=False,
        paced_on=day.on,
    )


def _place(aggregate: Aggregate) -> str | None:
    if aggregate.rank is None:
        return None
    return f"第{aggregate.rank}位" + (f"（共{aggregate.of}个）" if aggregate.of is not None else "")


def _tier(goal: RankGoal, target: Rank, aggregate: Aggregate) -> Tier:
    highest = limit(goal, target.baseline)
    return Tier(
        goal.wording, None if highest is None or aggregate.rank is None else aggregate.rank <= highest
    )


def faults(target: Rank, lines: Sequence[EntryLike], policy: Policy) -> Iterator[tuple[EntryLike, Finding]]:
    """Find places that cannot be."""
    for line in lines:
        wrong = _fault(line)
        if wrong is not None:
            yield line, wrong
