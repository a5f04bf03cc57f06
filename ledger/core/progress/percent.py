"""Writes a share for people; knows nothing of targets."""

from __future__ import annotations

from fractions import Fraction


def percent(value: Fraction | None, missing: str = "—") -> str:
    """Return a share as a percentage with one decimal, half up: 2/3 is `66.7%`.

    Rounding never crosses a line that people are judged by: what is short of the whole never reads 100.0%, and what is
    more than nothing never reads 0.0%.
    """
    if value is None:
        return missing
    tenths = int(abs(value) * 1000 + Fraction(1, 2))
    if tenths == 1000 and abs(value) < 1:
        tenths = 999
    if tenths == 0 and value:
        tenths = 1
    sign = "-" if value < 0 else ""
    return f"{sign}{tenths // 10}.{tenths % 10}%"
