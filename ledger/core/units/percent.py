"""Percentages and percentage points, kept apart: only these two functions cross from one to the other."""

from __future__ import annotations

from fractions import Fraction


def difference(a: Fraction, b: Fraction) -> Fraction:
    """How many 百分点 the percentage `a` lies above `b` (negative below): 12% − 10% = 2 百分点."""
    return a - b


def shift(percent: Fraction, points: Fraction) -> Fraction:
    """The percentage reached from `percent` by `points` 百分点: 10% + 2 百分点 = 12%, never 10.2%."""
    return percent + points
