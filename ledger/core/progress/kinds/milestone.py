"""Targets that are done step by step (全面开工, 出台意见): weights of the steps done beside the weights due."""

# ruff: noqa: ARG001 - the functions of all kinds have one shape, whether or not they need all of it
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import Commitment, Milestone
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.entries import EntryLike, reporting
from ledger.core.progress.kinds.common import shape_fault
from ledger.core.progress.lights import Light, gap, light
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import JudgedDay
from ledger.core.progress.status import TargetStatus

MONTHLY = False
WANTED = "完成的步骤代号"
ALLOWED = (frozenset({"step"}),)


def fold(target: Milestone, lines: Sequence[EntryLike], policy: Policy) -> Aggregate:
    """Collect the steps done, each with the first date it was reported. A step nobody planned counts for nothing."""
    known = {step.key for step in target.all_steps}
    done: dict[str, date] = {}
    strange = 0
    reports = reporting(lines)
    for line in reports:
        if line.step not in known or shape_fault(line, WANTED, ALLOWED) is not None:
            strange += 1
        elif line.step is not None:
            done.setdefault(line.step, line.on)
    lost = Finding("unknown-step", "所报步骤都不在目标的步骤里", f"步骤代号有：{'、'.join(sorted(known))}")
    return Aggregate(
        entries=len(lines),
        reports=len(reports),
        last_on=lines[-1].on if lines else None,
        on=reports[-1].on if reports else None,
        steps=tuple(done.items()),
        strange=strange,
        fault=lost if strange and not done else None,
    )


def assess(
    commitment: Commitment, target: Milestone, aggregate: Aggregate, day: JudgedDay, policy: Policy
) -> TargetStatus:
    """Completion is the weight done, expected the weight due; met when the last step is done.

    A later step implies the earlier ones. A step overdue of which nothing at all was reported is far behind.
    """
    steps = target.all_steps
    days = {step.key: step.due or commitment.due_of(target) for step in steps}
    reported = dict(aggregate.steps)
    done = reported if policy.of_2023 else with_implied(target, reported)
    whole = sum((step.weight for step in steps), Fraction(0))
    completed = sum((step.weight for step in steps if step.key in done), Fraction(0)) / whole
    expected = sum((step.weight for step in steps if days[step.key] <= day.on), Fraction(0)) / whole
    overdue = [step.name for step in steps if step.key not in done and days[step.key] <= day.on]
    silent = not policy.of_2023 and aggregate.reports == 0 and bool(overdue)
    known = silent or (aggregate.reports > 0 and aggregate.fault is None)
    met = (steps[-1].key in done) if known else None
    behind = gap(expected, completed, policy.lights) if known else None
    verdict = light(
        reported=aggregate.reports > 0,
        met=met,
        behind=behind,
        final=day.on >= days[steps[-1].key],
        rule=policy.lights,
    )
    return TargetStatus(
        key=target.key,
        name=target.name,
        kind=target.kind,
        goal=steps[-1].name if target.steps else "完成",
        light=Light.FAR_BEHIND if silent else verdict,
        actual=_actual(target, done) if known else None,
        completion=completed if known else None,
        expected=expected,
        gap=behind,
        met=met,
        standing="应完成而未报完成：" + "、".join(overdue) if overdue else None,
        reason=None if aggregate.fault is None else f"无法计算：{aggregate.fault.text}",
        notes=_notes(target, aggregate, done, days),
        entries=aggregate.entries,
        on=aggregate.on,
        due=max(days.values()),
        paced_on=day.on,
    )


def with_implied(target: Milestone, reported: dict[str, date]) -> dict[str, date]:
    """Return the steps done with the earlier ones that a later step implies, on the day of the next one reported."""
    done: dict[str, date] = {}
    later: date | None = None
    for step in reversed(target.all_steps):
        on = reported.get(step.key, later)
        if on is not None:
            done[step.key] = on
            later = on if step.key in reported else later
    return done


def _actual(target: Milestone, done: dict[str, date]) -> str:
    steps = target.all_steps
    if len(steps) == 1:
        return "已完成" if done else "未完成"
    reached = [step.name for step in steps if step.key in done]
    return f"{len(reached)}/{len(steps)}步" + (f"：{reached[-1]}" if reached else "")


def _notes(
    target: Milestone, aggregate: Aggregate, done: dict[str, date], days: dict[str, date]
) -> tuple[str, ...]:
    notes = []
    steps = target.all_steps
    reported = dict(aggregate.steps)
    implied = [step.name for step in steps if step.key in done and step.key not in reported]
    skipped = [step.name for step in steps if step.key not in done]
    if implied:
        notes.append("视同完成，未单独报：" + "、".join(implied))
    if steps[-1].key in done and skipped:
        notes.append("最后一步已完成，此前未报完成：" + "、".join(skipped))
    late = [step.name for step in steps if step.key in done and done[step.key] > days[step.key]]
    if late:
        notes.append("逾期完成：" + "、".join(late))
    if aggregate.strange:
        notes.append(f"{aggregate.strange} 条的步骤代号不认得，未计入")
    return tuple(notes)


def faults(
    target: Milestone, lines: Sequence[EntryLike], policy: Policy
) -> Iterator[tuple[EntryLike, Finding]]:
    """Find steps nobody planned and steps reported twice."""
    known = [step.key for step in target.all_steps]
    done: dict[str, date] = {}
    for line in lines:
        wrong = shape_fault(line, WANTED, ALLOWED)
        if wrong is not None:
            yield line, wrong
        elif line.step is not None and line.step not in known:
            yield line, Finding("unknown-step", f"没有步骤“{line.step}”", f"步骤代号有：{'、'.join(known)}")
        elif line.step in done:
            yield (
                line,
                Finding(
                    "step-twice",
                    f"步骤“{line.step}”已在 {done[line.step]} 报过完成",
                    "完成日期以先报的为准；若有误请更正那一条",
                ),
            )
        elif line.step is not None:
            done[line.step] = line.on
