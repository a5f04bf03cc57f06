"""Exact figures as columns: the text, and the fraction in lowest terms where the integer columns can hold it."""

from __future__ import annotations

from fractions import Fraction

from ledger.core.decimals import format_number
from ledger.export.schema import WIDE_DIGITS

Value = str | int | bool | None
Row = dict[str, Value]
_LIMIT = 10**WIDE_DIGITS


def figure(name: str, value: Fraction | None) -> Row:
    """Return the three columns of an exact figure: text, numerator, denominator.

    The text is exact whatever its length. Where numerator or denominator has more than 28 digits both are left out: half a
    fraction, or one cut to fit, would be another figure.
    """
    whole, over = f"{name}_numerator", f"{name}_denominator"
    if value is None:
        return {name: None, whole: None, over: None}
    if abs(value.numerator) >= _LIMIT or value.denominator >= _LIMIT:
        return {name: format_number(value), whole: None, over: None}
    return {name: format_number(value), whole: value.numerator, over: value.denominator}
