"""Reads one amount for a target: multiplier and unit in full, or refused where they cannot be known."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ledger.core.models import Compare
from ledger.core.progress.percent import percent
from ledger.core.quantity import Quantity, QuantityError, format_amount, parse_amount
from ledger.core.reading.errors import BareNumberError, UnreadableFigureError, naming_figure
from ledger.core.reading.expected import scaled_unit, unit_word
from ledger.core.reading.words import Basis
from ledger.core.structs import FrozenStruct
from ledger.core.units import UnitTable

PERCENT_UNITS = frozenset(("%", "‰"))
_MULTIPLIERS = (1, 10**4, 10**8, 10**12)


class Hints(FrozenStruct):
    """What is known about a text besides its characters.

    `basis` is chosen by an option or a cell, `last_basis` that of the target's last entry, taken where nothing else says.
    `unit` is written in a cell beside the figure. `typed` is false for a number cell of an office program.
    `named` holds the figures given by name: `current`, `base`, `benchmark`, `of`; `kept` those of a corrected entry, which
    stand where neither the text nor `named` gives another.
    """

    basis: Basis | None = None
    last_basis: Basis | None = None
    unit: str = ""
    typed: bool = True
    named: Mapping[str, str] = {}
    kept: Mapping[str, str] = {}


def full_amount(target: Any, text: str, hints: Hints, units: UnitTable) -> str:
    """Return an amount in full; its unit is added only where that cannot change the meaning.

    Currencies pass here: the arithmetic refuses those without a dated rate.

    Raises:
        BareNumberError: when the unit is missing and is more than a plain word.
        UnreadableFigureError: for a text that is no amount.
    """
    quantity = parse_figure(target, text, units)
    plain = target.unit or ("%" if isinstance(target, Compare) else "")
    if quantity.unit or not plain:
        return text
    word = unit_word(target)
    if quantity.scale != 1:
        unit = hints.unit if hints.unit == plain else plain
        raise UnreadableFigureError(target, f"“{text}”没有写单位", f"写成 {text}{unit}")
    unit = hints.unit.strip() or (word if word == plain else "")
    if unit in PERCENT_UNITS and (not hints.unit or not hints.typed or 0 < abs(quantity.value) < 1):
        unit = ""
    if not unit:
        raise _bare_number(target, text, quantity, plain)
    if hints.unit:
        with naming_figure("unit"):
            _require_unit(target, f"{text}{unit}", hints.unit, units)
    return f"{text}{unit}"


def _require_unit(target: Any, text: str, unit: str, units: UnitTable) -> None:
    try:
        parse_amount(text, units)
    except QuantityError:
        raise UnreadableFigureError(
            target, f"“{unit}”不是单位", f"改成这个目标的单位 {unit_word(target)}，或把单位写在数后面"
        ) from None


def _bare_number(target: Any, text: str, quantity: Quantity, plain: str) -> BareNumberError:
    if plain in PERCENT_UNITS:
        hundredfold = format_amount(quantity.value * 100, plain)
        return BareNumberError(target, text, (f"{text}{plain}", hundredfold), ("", ""))
    goal = Fraction(target.goal.figure.value)

    def distance(scale: int) -> Fraction:
        value = abs(quantity.value) * scale
        return max(value / goal, goal / value) if value and goal > 0 else Fraction(scale)

    own_scale = target.scale
    nearest = min(_MULTIPLIERS, key=distance)
    other = (
        max((scale for scale in _MULTIPLIERS if scale < own_scale), default=own_scale)
        if nearest == own_scale
        else nearest
    )
    chosen = sorted((other, own_scale), key=distance)
    spellings = tuple(text + scaled_unit(scale, plain) for scale in chosen)
    meanings = tuple(_meaning(quantity.value * scale, goal) for scale in chosen)
    return BareNumberError(target, text, spellings, meanings)


def _meaning(value: Fraction, goal: Fraction) -> str:
    return f"目标的 {percent(value / goal)}" if goal > 0 else ""


def parse_figure(target: Any, text: str, units: UnitTable) -> Quantity:
    """Parse an amount in whatever unit.

    Raises:
        UnreadableFigureError: with the unit that the target is reported in.
    """
    try:
        return parse_amount(text, units)
    except QuantityError as error:
        hint = error.hint
        if unit := getattr(target, "unit", ""):
            hint += f"{'' if hint.endswith('？') or not hint else '；'}这个目标按“{unit}”报"
        raise UnreadableFigureError(target, error.message, hint) from None
