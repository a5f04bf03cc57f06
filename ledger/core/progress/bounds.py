"""Compares a figure with a goal: met or not, and which share of it."""

from __future__ import annotations

from fractions import Fraction

from ledger.core.models import Goal
from ledger.core.structs import FrozenStruct

ZERO, ONE, TWO = Fraction(0), Fraction(1), Fraction(2)


class Bounds(FrozenStruct):
    """A goal as bounds in the target's unit. One of `low`, `high` is None where the goal has one side only."""

    low: Fraction | None
    high: Fraction | None
    strict: bool = False

    @classmethod
    def of(cls, goal: Goal, tolerance: Fraction | None) -> Bounds | None:
        """Return the bounds; None for 约 without a tolerance (in percent of the goal), which cannot be judged."""
        op, figure, upper = goal.op, goal.figure.value, goal.upper
        if upper is not None:
            return cls(figure, upper.value)
        if op == "about":
            if tolerance is None:
                return None
            margin = abs(figure) * tolerance / 100
            return cls(figure - margin, figure + margin)
        strict = op in {"above", "below"}
        return cls(None, figure, strict) if op in {"at_most", "below"} else cls(figure, None, strict)

    @property
    def ceiling(self) -> bool:
        """Whether the goal only bounds from above: it is kept rather than reached."""
        return self.low is None

    def meets(self, x: Fraction) -> bool:
        """Whether `x` meets the goal; 超过 and 低于 leave out the figure itself."""
        if self.low is not None and (x < self.low or (self.strict and x == self.low)):
            return False
        return self.within(x)

    def within(self, x: Fraction) -> bool:
        """Whether `x` keeps the upper bound, if there is one."""
        return self.high is None or x < self.high or (x == self.high and not self.strict)

    def completion(self, x: Fraction) -> Fraction:
        """Return how much of the goal `x` is: x/T, uncapped; for a ceiling 1 up to it, then 2 − x/T, 0 beyond 2T.

        Between two bounds it is x/low below, 1 inside, 2 − x/high above. A bound of 0 or less has no ratio: the goal
        is then all met or not at all. Source: 贵阳 appraisal rules for maximised and controlled indicators.
        """
        if self.low is not None and (self.high is None or x < self.low):
            return x / self.low if self.low > 0 else Fraction(self.meets(x))
        assert self.high is not None
        if x <= self.high:
            return ONE if x < self.high or self.high > 0 else Fraction(self.meets(x))
        return max(ZERO, TWO - x / self.high) if self.high > 0 else ZERO

    def aim(self, start: Fraction) -> Fraction:
        """Return the bound that has to be reached from `start`."""
        if self.low is not None and (self.high is None or start < self.low):
            return self.low
        assert self.high is not None
        return self.high

    def crossed(self, start: Fraction, x: Fraction) -> bool:
        """Whether `x` lies outside the range on the other side than `start` did."""
        if self.low is None or self.high is None:
            return False
        return (start < self.low and x > self.high) or (start > self.high and x < self.low)
