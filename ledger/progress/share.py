"""Writes a share for people; knows nothing of targets."""

from __future__ import annotations

from fractions import Fraction


def percent(value: Fraction | None, missing: str = "—") -> str:
    """Return a share as a percentage with one decimal, cut towards zero so that 99.96% never reads 100.0%."""
    if value is None:
        return missing
    tenths = int(abs(value) * 1000)
    sign = "-" if value < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}%"
