"""Formulas in the signs of arithmetic, each with its value."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from ledger.core.decimals import format_number
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


def sum_formula(values: Sequence[Fraction]) -> Formula:
    """Return a sum of numbers."""
    if not values:
        return Formula.of(0)
    total = Formula.of(values[0])
    for value in values[1:]:
        total = total.plus(Formula.of(value))
    return total


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
    weights = Formula.of(len(items)) if plain else sum_formula([weight for _, weight in items])
    return Formula(f"({total.text})", total.value).over(weights)


def _bracketed(text: str) -> bool:
    """Whether the whole text stands in one pair of brackets, with or without a word for rounding before it."""
    text = text.removeprefix("取整").removeprefix("进一").removeprefix("取大").removeprefix("取小")
    depth = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1 and text[0] == "("
    return False
