"""How the gap between pace and completion came about, and the light that it gives."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ledger.core.decimals import format_number
from ledger.core.findings import Finding
from ledger.core.models import Commitment, Level, Target
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.amounts import plan_figure
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.explain.due_figures import due_formulas, elapsed_formula
from ledger.core.progress.explain.formula import ONE, Formula
from ledger.core.progress.explain.steps import WhyStep, why_step
from ledger.core.progress.lights import LightRule
from ledger.core.progress.percent import percent
from ledger.core.progress.policy import Policy
from ledger.core.progress.status import TargetStatus


def explain_gap(
    commitment: Commitment, target: Target, aggregate: Aggregate, status: TargetStatus, policy: Policy
) -> Iterator[WhyStep]:
    """Yield the steps that give the gap between what is expected and what is done, where there is one."""
    if status.gap is None:
        return
    pairs: list[tuple[Fraction | None, Fraction | None]] = [
        (status.expected, status.completion),
        (status.expected_progress, status.progress),
    ]
    if isinstance(target, Level) and aggregate.worst is not None:
        bounds = Bounds.of(target.goal, policy.tolerance)
        pairs.append((ONE, None if bounds is None else bounds.completion(aggregate.worst)))
    formulas = []
    for expected, completed in pairs:
        if expected is None or completed is None:
            continue
        formula = Formula.of(expected).minus(Formula.of(completed))
        if policy.lights.gap == "percent" and expected:
            formula = formula.over(Formula.of(abs(expected)))
        formulas.append(formula)
    if status.progress is not None and isinstance(target, Level) and target.baseline is not None:
        yield from _way(commitment, target, status, policy)
    fitting = [formula for formula in formulas if formula.value == status.gap]
    unit = "个百分点" if policy.lights.gap == "points" else "%"
    amount = percent(abs(status.gap)).removesuffix("%")
    words = f"{'落后' if status.gap > 0 else '领先'} {amount} {unit}"
    yield why_step("gap", "与序时的差", fitting[0] if fitting else None, status.gap, words)


def _way(commitment: Commitment, target: Level, status: TargetStatus, policy: Policy) -> Iterator[WhyStep]:
    """Yield how much of the way from the baseline is done, and how much of it is due."""
    assert target.baseline is not None
    read, bounds = plan_figure(target.baseline, target.unit, policy), Bounds.of(target.goal, policy.tolerance)
    if isinstance(read, Finding) or bounds is None or status.value is None or status.progress is None:
        return
    x, base, goal = (Formula.of(value / target.scale) for value in (status.value, read, bounds.aim(read)))
    formula = Formula(f"({x.minus(base).text})", x.value - base.value).over(
        Formula(f"({goal.minus(base).text})", goal.value - base.value)
    )
    yield why_step("progress", "从基期起的进度", formula, status.progress, percent(status.progress))
    if status.expected_progress is not None and (day := status.paced_on) is not None:
        due = commitment.due_of(target)
        share = elapsed_formula(commitment.start, due, day).limited(low=0, high=1)
        ways = [
            Formula(f"({figure.minus(base).text})", figure.value - base.value).over(
                Formula(f"({goal.minus(base).text})", goal.value - base.value)
            )
            for figure in due_formulas(commitment, target, share, due, day, policy)
        ]
        limited = [way.limited(low=0, high=1) for way in ways]
        fitting = [way for way in (share, *ways, *limited) if way.value == status.expected_progress]
        planned = fitting[0] if fitting else Formula.of(status.expected_progress)
        text = percent(status.expected_progress)
        yield why_step("expected-progress", "从基期起应到的进度", planned, status.expected_progress, text)


def explain_light(status: TargetStatus, rule: LightRule) -> WhyStep:
    """Return which band gave the light, or why no band did."""
    words = status.light_text
    if status.gap is not None and not status.met:
        low: Fraction | None = None
        for band in rule.bands:
            measure = status.gap * 100
            if band.upto is None or measure < band.upto or (measure == band.upto and band.inclusive):
                edge = (
                    f"超过 {format_number(low or Fraction(0))}"
                    if band.upto is None
                    else f"不超过 {format_number(band.upto)}"
                )
                words = f"{words}（差 {_short(measure)}，{edge}为{band.light.value}）"
                break
            low = band.upto
    elif status.met:
        words = f"{words}（已达到目标值）"
    elif status.reason:
        words = f"{words}（{status.reason}）"
    return WhyStep("light", "亮灯", None, None, words)


def _short(value: Fraction) -> str:
    """Return a number as a calculator shows it, with a mark where digits were left out."""
    rounded = round(value, 4)
    return format_number(value) if rounded == value else f"约 {format_number(rounded)}"
