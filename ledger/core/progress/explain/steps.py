"""One step of an explanation."""

from __future__ import annotations

from fractions import Fraction

from ledger.core.progress.explain.formula import Formula
from ledger.core.structs import FrozenStruct


class WhyStep(FrozenStruct):
    """One step of a computation: what it is called, its formula, its exact result, and the result in words."""

    code: str
    title: str
    formula: str | None
    result: Fraction | None
    text: str


def why_step(code: str, title: str, formula: Formula | None, result: Fraction, text: str) -> WhyStep:
    """Return a step; its formula is left out where it does not give `result`."""
    fits = formula is not None and formula.value == result
    return WhyStep(code, title, formula.text if formula is not None and fits else None, result, text)
