"""How the completion of a target came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from ledger.core.decimals import format_number
from ledger.core.models import Accumulate, Change, Level, Milestone, Target
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.explain.formula import Formula, sum_formula
from ledger.core.progress.explain.steps import WhyStep, why_step
from ledger.core.progress.kinds.milestone import with_implied
from ledger.core.progress.percent import percent
from ledger.core.progress.policy import Policy
from ledger.core.progress.status import TargetStatus


def explain_completion(
    target: Target, aggregate: Aggregate, status: TargetStatus, policy: Policy
) -> Iterator[WhyStep]:
    """Yield the step that gives the completion, where there is one."""
    if status.completion is None:
        return
    formula: Formula | None = None
    if isinstance(target, Milestone):
        done = [key for key, _ in _done(target, aggregate, policy)]
        words = f"（已完成：{step_names(target, done)}；共 {len(target.all_steps)} 步）"
        formula = steps_share(target, done)
        yield why_step("completion", "完成率", formula, status.completion, percent(status.completion) + words)
        return
    elif isinstance(target, Level) and target.hold and not policy.of_2023:
        kept = sum(held for _, held in aggregate.months)
        called = Fraction(kept) / status.completion if status.completion else Fraction(len(aggregate.months))
        formula = Formula.of(kept).over(Formula.of(called))
    elif isinstance(target, (Accumulate, Level, Change)) and aggregate.figure is not None:
        bounds = Bounds.of(target.goal, policy.tolerance)
        formula = None if bounds is None else _goal_share(target, bounds, aggregate.figure)
        if isinstance(target, Change) and formula is not None:
            formula = formula.limited(low=0)
        words = "" if bounds is None else _relation(target, bounds, aggregate.figure)
        if formula is not None and formula.is_number and words:
            yield why_step(
                "completion", "完成率", formula, status.completion, f"{percent(status.completion)}（{words}）"
            )
            return
    yield why_step("completion", "完成率", formula, status.completion, percent(status.completion))


def _relation(target: Accumulate | Level | Change, bounds: Bounds, x: Fraction) -> str:
    """Return on which side of the goal's bounds a figure is, in words: `4.8 不超过 5，按 1 计`."""
    figure, low, high = (
        None if value is None else format_number(value / target.scale)
        for value in (x, bounds.low, bounds.high)
    )
    counted = format_number(max(Fraction(0), bounds.completion(x)))
    if bounds.high is not None and x > bounds.high:
        return f"{figure} 超过 {high}，按 {counted} 计"
    if bounds.low is not None and x < bounds.low:
        return f"{figure} 不到 {low}，按 {counted} 计"
    if bounds.low is None:
        return f"{figure} 不超过 {high}，按 {counted} 计"
    return f"{figure} 在目标范围内，按 {counted} 计"


def _goal_share(target: Accumulate | Level | Change, bounds: Bounds, x: Fraction) -> Formula:
    """Return what share of the goal a figure is, as `Bounds.completion` computes it."""
    share, figure = bounds.completion(x), Formula.of(x / target.scale)
    for bound in (bounds.low, bounds.high):
        if bound is None or bound <= 0:
            continue
        whole = Formula.of(bound / target.scale)
        controlled = Formula.of(2).minus(figure.over(whole)).limited(low=0)
        for formula in (figure.over(whole), controlled):
            if formula.value == share:
                return formula
    return Formula.of(share)


def steps_share(target: Milestone, keys: Sequence[str]) -> Formula:
    """Return the weights of some steps as a share of those of all."""
    weights = [step.weight for step in target.all_steps if step.key in keys]
    whole = sum_formula([step.weight for step in target.all_steps])
    done = sum_formula(weights)
    return done.over(whole)


def step_names(target: Milestone, keys: Sequence[str]) -> str:
    """Return the names of some steps, in the order of the plan."""
    return "、".join(step.name for step in target.all_steps if step.key in keys) or "无"


def _done(target: Milestone, aggregate: Aggregate, policy: Policy) -> list[tuple[str, date]]:
    reported = dict(aggregate.steps)
    return list((reported if policy.of_2023 else with_implied(target, reported)).items())
