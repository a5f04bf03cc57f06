"""How a figure came about: every step as a formula with the numbers put in, which a person with a pocket calculator can follow.

A formula is built beside the value that it has, and is given only where that value is the one that `assess` gave: an explanation is
never other than the judgement. Figures are in the target's unit and multiplier, shares are fractions (1 = 100 %).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor

from ledger.core.decimals import format_number
from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Commitment, Level, Milestone, Target
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.amounts import plan_figure, read_figure
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.entries import EntryLike
from ledger.core.progress.kinds.change import rate
from ledger.core.progress.kinds.common import whole_units
from ledger.core.progress.kinds.milestone import with_implied
from ledger.core.progress.lights import LightRule
from ledger.core.progress.pace import elapsed, eve, points
from ledger.core.progress.percent import percent
from ledger.core.progress.policy import Policy
from ledger.core.progress.status import TargetStatus
from ledger.core.quantity import QuantityError, parse_amount
from ledger.core.structs import FrozenStruct

ONE = Fraction(1)


class Formula(FrozenStruct):
    """A formula in the signs of arithmetic and its value.

    The signs are + − × ÷ and brackets; 取整(x) rounds down, 进一(x) up, 取大(x, y) is the larger of two, 取小(x, y) the smaller.
    """

    text: str
    value: Fraction

    @classmethod
    def of(cls, value: Fraction | int) -> Formula:
        """Return a number as a formula; one without a finite decimal is a fraction in brackets."""
        text = format_number(Fraction(value))
        return cls(f"({text.replace('/', ' ÷ ')})" if "/" in text or value < 0 else text, Fraction(value))

    def plus(self, other: Formula) -> Formula:
        """Return the sum."""
        return Formula(f"{self.text} + {other.text}", self.value + other.value)

    def minus(self, other: Formula) -> Formula:
        """Return the difference."""
        return Formula(f"{self.text} − {other.within}", self.value - other.value)

    def times(self, other: Formula) -> Formula:
        """Return the product."""
        return Formula(f"{self.within} × {other.within}", self.value * other.value)

    def over(self, other: Formula) -> Formula:
        """Return the quotient."""
        return Formula(f"{self.within} ÷ {other.within}", self.value / other.value)

    def rounded(self, *, up: bool) -> Formula:
        """Return the whole number below or above."""
        word, value = ("进一", ceil(self.value)) if up else ("取整", floor(self.value))
        return Formula(f"{word}({self.text})", Fraction(value))

    def limited(self, low: int | None = None, high: int | None = None) -> Formula:
        """Return the formula, not below `low` nor above `high`; as it is where it lies between them."""
        if low is not None and self.value < low:
            return Formula(f"取大({low}, {self.text})", Fraction(low))
        if high is not None and self.value > high:
            return Formula(f"取小({high}, {self.text})", Fraction(high))
        return self

    @property
    def is_number(self) -> bool:
        """Whether it is a number without any operation."""
        return " " not in self.text

    @property
    def within(self) -> str:
        """The formula as a part of another."""
        return f"({self.text})" if " " in self.text and not _bracketed(self.text) else self.text


class WhyStep(FrozenStruct):
    """One step of a computation: what it is called, its formula, its exact result, and the result in words."""

    code: str
    title: str
    formula: str | None
    result: Fraction | None
    text: str


def explain_target(
    commitment: Commitment,
    target: Target,
    aggregate: Aggregate,
    status: TargetStatus,
    policy: Policy,
) -> tuple[WhyStep, ...]:
    """Return the steps from the figure of a target to its light. `target` is the one in force on the day of `status`."""
    return (
        *_completion(target, aggregate, status, policy),
        *_expected(commitment, target, status, policy),
        *_gap(commitment, target, aggregate, status, policy),
        _light(status, policy.lights),
    )


def running_figures(
    target: Target, lines: Sequence[EntryLike], policy: Policy
) -> Iterator[tuple[EntryLike, Formula | None]]:
    """Yield each effective entry of a target with the figure after it; None where it cannot be read or carries none."""
    total: Formula | None = Formula.of(0)
    for line in lines:
        total = _after(target, line, total, policy)
        yield line, total
        if total is not None:
            total = Formula.of(total.value)


def _after(target: Target, line: EntryLike, total: Formula | None, policy: Policy) -> Formula | None:
    if isinstance(target, Change):
        moved = rate(target, line, policy) if line.value or line.current else None
        return total if moved is None else _moved(target, line, _scaled(target, moved), policy)
    if not isinstance(target, (Accumulate, Level)):
        return None
    text = line.add or line.total or line.value
    if text is None:
        return total
    read = read_figure(text, target.unit, line, policy)
    figure = _converted(text, _scaled(target, read if isinstance(read, Finding) else Fraction(read)), policy)
    if line.add is None or figure is None or total is None:
        return None if figure is None or (line.add is not None and total is None) else figure
    return figure if total.value == 0 else total.plus(figure)


def _moved(target: Change, line: EntryLike, result: Formula | None, policy: Policy) -> Formula | None:
    """Return a rate with the two figures it was computed from, where the entry gives these."""
    if result is None or line.current is None or line.base is None:
        return result
    now, then = parse_amount(line.current, policy.units), parse_amount(line.base, policy.units)
    if now.unit != then.unit:
        return result
    current, base = Formula.of(now.value / now.scale), Formula.of(then.value / now.scale)
    difference = base.minus(current) if target.direction == "decrease" else current.minus(base)
    share = Formula(f"({difference.text})", difference.value).over(base).times(Formula.of(100))
    return next((formula for formula in (share, difference) if formula.value == result.value), result)


def _converted(text: str, figure: Formula | None, policy: Policy) -> Formula | None:
    """Return a figure as its amount times the rate or factor by which it was converted, where it was."""
    if figure is None:
        return None
    try:
        amount = parse_amount(text, policy.units)
    except QuantityError:
        return figure
    written = Formula.of(amount.value / amount.scale)
    if written.value in {0, figure.value}:
        return figure
    return written.times(Formula.of(figure.value / written.value))


def _scaled(target: Accumulate | Level | Change, value: Fraction | Finding | None) -> Formula | None:
    """Return a figure in the multiplier of the goal."""
    if value is None or isinstance(value, Finding):
        return None
    return Formula.of(value / target.scale)


def _completion(
    target: Target, aggregate: Aggregate, status: TargetStatus, policy: Policy
) -> Iterator[WhyStep]:
    if status.completion is None:
        return
    formula: Formula | None = None
    if isinstance(target, Milestone):
        done = [key for key, _ in _done(target, aggregate, policy)]
        words = f"（已完成：{_step_names(target, done)}；共 {len(target.all_steps)} 步）"
        formula = _steps_share(target, done)
        yield _step("completion", "完成率", formula, status.completion, percent(status.completion) + words)
        return
    elif isinstance(target, Level) and target.hold and not policy.of_2023:
        kept = sum(held for _, held in aggregate.months)
        called = Fraction(kept) / status.completion if status.completion else Fraction(len(aggregate.months))
        formula = Formula.of(kept).over(Formula.of(called))
    elif isinstance(target, (Accumulate, Level, Change)) and aggregate.figure is not None:
        bounds = Bounds.of(target.goal, policy.tolerance)
        formula = None if bounds is None else share_of(target, bounds, aggregate.figure)
        if isinstance(target, Change) and formula is not None:
            formula = formula.limited(low=0)
        words = "" if bounds is None else _relation(target, bounds, aggregate.figure)
        if formula is not None and formula.is_number and words:
            yield _step(
                "completion", "完成率", formula, status.completion, f"{percent(status.completion)}（{words}）"
            )
            return
    yield _step("completion", "完成率", formula, status.completion, percent(status.completion))


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


def share_of(target: Accumulate | Level | Change, bounds: Bounds, x: Fraction) -> Formula:
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


def _expected(
    commitment: Commitment, target: Target, status: TargetStatus, policy: Policy
) -> Iterator[WhyStep]:
    if status.expected is None:
        return
    due, day = commitment.due_of(target), status.paced_on
    candidates: list[Formula] = []
    if isinstance(target, Milestone) and day is not None:
        called = [step.key for step in target.all_steps if (step.due or due) <= day]
        words = f"（{day} 前应完成：{_step_names(target, called)}）"
        formula = _steps_share(target, called)
        yield _step("expected", "序时进度", formula, status.expected, percent(status.expected) + words)
        return
    elif isinstance(target, (Accumulate, Level)) and day is not None and status.expected != ONE:
        share = _elapsed(commitment.start, due, day).limited(low=0, high=1)
        assert share.value == elapsed(commitment.start, due, day)
        words = f"（{commitment.start} 至 {day}；全期至 {due}）"
        yield _step("elapsed", "已过天数占比", share, share.value, percent(share.value) + words)
        candidates = [share, *_planned(commitment, target, share, due, day, policy)]
    fitting = [formula for formula in candidates if formula.value == status.expected]
    formula = fitting[0] if fitting else Formula.of(status.expected)
    words = f"（{_why_whole(target, due, day)}）" if formula.is_number and formula.value == ONE else ""
    yield _step("expected", "序时进度", formula, status.expected, percent(status.expected) + words)


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
    goal = bounds.aim(_origin(target, policy) or Fraction(0))
    for figure in _due_figures(commitment, target, share, due, day, policy):
        yield from _shares(target, bounds, goal, figure)


def _origin(target: Accumulate | Level, policy: Policy) -> Fraction | None:
    """Return the figure from which the way to the goal begins; None where it is not known."""
    if isinstance(target, Accumulate):
        return Fraction(0)
    if target.baseline is None:
        return None
    read = plan_figure(target.baseline, target.unit, policy)
    return None if isinstance(read, Finding) else read


def _due_figures(
    commitment: Commitment, target: Accumulate | Level, share: Formula, due: date, day: date, policy: Policy
) -> Iterator[Formula]:
    """Yield the figures that may be due by a day: on the straight line or on the plan's, as they are and in whole units."""
    bounds, start = Bounds.of(target.goal, policy.tolerance), _origin(target, policy)
    if bounds is None:
        return
    goal = bounds.aim(start or Fraction(0))
    figures: list[Formula] = []
    if start is not None:
        first, whole = Formula.of(start / target.scale), Formula.of(goal / target.scale)
        rise = Formula(f"({whole.minus(first).text})", goal / target.scale - first.value).times(share)
        figures.append(whole.times(share) if start == 0 else first.plus(rise))
    if target.plan:
        origin = None if start is None else (eve(commitment.start), start)
        line = points(target.plan, target.unit, origin, (due, goal), policy)
        figures += [] if isinstance(line, Finding) else _segment(line, day, target.scale)
    limits = (goal,) if start is None or isinstance(target, Accumulate) else (goal, start)
    for figure in figures:
        for up in (False, True):
            value = whole_units(figure.value * target.scale, limits, target.unit, policy, up=up)
            yield figure if value == figure.value * target.scale else _rounded(figure, target.scale, up=up)


def _rounded(figure: Formula, scale: int, *, up: bool) -> Formula:
    """Return a figure rounded to whole units, which are smaller than the multiplier."""
    if scale == 1:
        return figure.rounded(up=up)
    units = figure.times(Formula.of(scale)).rounded(up=up)
    return units.over(Formula.of(scale))


def _shares(target: Accumulate | Level, bounds: Bounds, goal: Fraction, figure: Formula) -> Iterator[Formula]:
    whole = Formula.of(goal / target.scale)
    if whole.value:
        yield figure.over(whole).limited(low=0, high=1)
        yield Formula.of(2).minus(figure.over(whole)).limited(low=0, high=1)
    yield Formula.of(min(ONE, max(Fraction(0), bounds.completion(figure.value * target.scale))))


def _segment(line: Sequence[tuple[date, Fraction]], day: date, scale: int) -> list[Formula]:
    """Return the value of a plan's line on a day, between the two points around it."""
    for before, after in itertools.pairwise(line):
        if before[0] <= day < after[0]:
            low, high = Formula.of(before[1] / scale), Formula.of(after[1] / scale)
            share = Formula.of((day - before[0]).days).over(Formula.of((after[0] - before[0]).days))
            rise = Formula(f"({high.minus(low).text})", high.value - low.value).times(share)
            return [rise if low.value == 0 else low.plus(rise)]
    return [Formula.of(value / scale) for on, value in line[-1:] if on <= day]


def _gap(
    commitment: Commitment, target: Target, aggregate: Aggregate, status: TargetStatus, policy: Policy
) -> Iterator[WhyStep]:
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
    yield _step("gap", "与序时的差", fitting[0] if fitting else None, status.gap, words)


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
    yield _step("progress", "从基期起的进度", formula, status.progress, percent(status.progress))
    if status.expected_progress is not None and (day := status.paced_on) is not None:
        due = commitment.due_of(target)
        share = _elapsed(commitment.start, due, day).limited(low=0, high=1)
        ways = [
            Formula(f"({figure.minus(base).text})", figure.value - base.value).over(
                Formula(f"({goal.minus(base).text})", goal.value - base.value)
            )
            for figure in _due_figures(commitment, target, share, due, day, policy)
        ]
        limited = [way.limited(low=0, high=1) for way in ways]
        fitting = [way for way in (share, *ways, *limited) if way.value == status.expected_progress]
        planned = fitting[0] if fitting else Formula.of(status.expected_progress)
        text = percent(status.expected_progress)
        yield _step("expected-progress", "从基期起应到的进度", planned, status.expected_progress, text)


def _light(status: TargetStatus, rule: LightRule) -> WhyStep:
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


def _elapsed(start: date, due: date, day: date) -> Formula:
    return Formula.of((day - start).days + 1).over(Formula.of((due - start).days + 1))


def _steps_share(target: Milestone, keys: Sequence[str]) -> Formula:
    """Return the weights of some steps as a share of those of all."""
    weights = [step.weight for step in target.all_steps if step.key in keys]
    whole = _total([step.weight for step in target.all_steps])
    done = _total(weights)
    return done.over(whole)


def _step_names(target: Milestone, keys: Sequence[str]) -> str:
    return "、".join(step.name for step in target.all_steps if step.key in keys) or "无"


def _total(values: Sequence[Fraction]) -> Formula:
    """Return a sum of numbers."""
    if not values:
        return Formula.of(0)
    total = Formula.of(values[0])
    for value in values[1:]:
        total = total.plus(Formula.of(value))
    return total


def _done(target: Milestone, aggregate: Aggregate, policy: Policy) -> list[tuple[str, date]]:
    reported = dict(aggregate.steps)
    return list((reported if policy.of_2023 else with_implied(target, reported)).items())


def mean_formula(items: Sequence[tuple[Fraction, Fraction]]) -> Formula | None:
    """Return a weighted mean of (value, weight) pairs as a formula; None without any."""
    if not items:
        return None
    plain = all(weight == items[0][1] for _, weight in items)
    addends = [
        Formula.of(value) if plain else Formula.of(value).times(Formula.of(weight)) for value, weight in items
    ]
    total = addends[0]
    for addend in addends[1:]:
        total = total.plus(addend)
    weights = Formula.of(len(items)) if plain else _total([weight for _, weight in items])
    return Formula(f"({total.text})", total.value).over(weights)


def _step(code: str, title: str, formula: Formula | None, result: Fraction, text: str) -> WhyStep:
    fits = formula is not None and formula.value == result
    return WhyStep(code, title, formula.text if formula is not None and fits else None, result, text)


def _bracketed(text: str) -> bool:
    """Whether the whole text stands in one pair of brackets, with or without a word for rounding before it."""
    text = text.removeprefix("取整").removeprefix("进一").removeprefix("取大").removeprefix("取小")
    depth = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1 and text[0] == "("
    return False
