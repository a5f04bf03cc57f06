"""Writes shares as percentages for people."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


def percent(value: Fraction | None, missing: str = "—", decimals: int = 1) -> str:
    """Return a share as a percentage, rounded half up: 2/3 is `66.7%`.

    Rounding never crosses a line that people are judged by: what is short of the whole never reads 100.0%, and what is
    more than nothing never reads 0.0%.
    """
    if value is None:
        return missing
    step = 10**decimals
    # On whole numbers: a page writes thousands of shares, and each step of a Fraction looks for a common divisor.
    size, whole = abs(value.numerator), value.denominator
    units = (200 * step * size + whole) // (2 * whole)
    if units == 100 * step and size < whole:
        units -= 1
    if units == 0 and size:
        units = 1
    sign = "-" if value.numerator < 0 else ""
    return f"{sign}{units // step}.{units % step:0{decimals}}%"


def decimals_apart(values: Iterable[Fraction | None]) -> int:
    """Return how many decimals, at least one, tell apart all values that differ: what reads the same is the same."""
    different = {value for value in values if value is not None}
    decimals = 1
    while len({percent(value, decimals=decimals) for value in different}) < len(different):
        decimals += 1
    return decimals
