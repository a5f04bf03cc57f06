"""How the pace that is expected of a target came about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ledger.core.models import Accumulate, Change, Commitment, Level, Milestone, Target
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.explain.completion import step_names, steps_share
from ledger.core.progress.explain.due_figures import due_formulas, elapsed_formula, origin_of
from ledger.core.progress.explain.formula import ONE, Formula
from ledger.core.progress.explain.steps import WhyStep, why_step
from ledger.core.progress.pace import elapsed
from ledger.core.progress.percent import percent
from ledger.core.progress.policy import Policy
from ledger.core.progress.status import TargetStatus


def explain_expected(
    commitment: Commitment, target: Target, status: TargetStatus, policy: Policy
) -> Iterator[WhyStep]:
    """Yield the steps that give the completion expected by now, where there is one."""
    if status.expected is None:
        return
    due, day = commitment.due_of(target), status.paced_on
    candidates: list[Formula] = []
    if isinstance(target, Milestone) and day is not None:
        called = [step.key for step in target.all_steps if (step.due or due) <= day]
        words = f"（{day} 前应完成：{step_names(target, called)}）"
        formula = steps_share(target, called)
        yield why_step("expected", "序时进度", formula, status.expected, percent(status.expected) + words)
        return
    elif isinstance(target, (Accumulate, Level)) and day is not None and status.expected != ONE:
        share = elapsed_formula(commitment.start, due, day).limited(low=0, high=1)
        assert share.value == elapsed(commitment.start, due, day)
        words = f"（{commitment.start} 至 {day}；全期至 {due}）"
        yield why_step("elapsed", "已过天数占比", share, share.value, percent(share.value) + words)
        candidates = [share, *_planned(commitment, target, share, due, day, policy)]
    fitting = [formula for formula in candidates if formula.value == status.expected]
    formula = fitting[0] if fitting else Formula.of(status.expected)
    words = f"（{_why_whole(target, due, day)}）" if formula.is_number and formula.value == ONE else ""
    yield why_step("expected", "序时进度", formula, status.expected, percent(status.expected) + words)


def _why_whole(target: Target, due: date, day: date | None) -> str:
    """Return why the whole goal is expected."""
    if isinstance(target, Change) or (isinstance(target, Level) and target.hold):
        return "每一期都应达到目标值"
    if day is not None and day >= due:
        return f"已到应完成日期 {due}"
    return "基期已达到目标值，应保持" if isinstance(target, Level) and target.baseline else "应完成全部"


def _planned(
    commitment: Commitment, target: Accumulate | Level, share: Formula, due: date, day: date, policy: Policy
) -> Iterator[Formula]:
    """Yield the ways in which the figure due by a day may come about, each as a share of the goal."""
    bounds = Bounds.of(target.goal, policy.tolerance)
    if bounds is None:
        return
    goal = bounds.aim(origin_of(target, policy) or Fraction(0))
    for figure in due_formulas(commitment, target, share, due, day, policy):
        yield from _shares(target, bounds, goal, figure)


def _shares(target: Accumulate | Level, bounds: Bounds, goal: Fraction, figure: Formula) -> Iterator[Formula]:
    whole = Formula.of(goal / target.scale)
    if whole.value:
        yield figure.over(whole).limited(low=0, high=1)
        yield Formula.of(2).minus(figure.over(whole)).limited(low=0, high=1)
    yield Formula.of(min(ONE, max(Fraction(0), bounds.completion(figure.value * target.scale))))
