"""Exact figures as columns: a rounded decimal for programs, and the fraction in lowest terms as text."""

from __future__ import annotations

from fractions import Fraction

from ledger.export.schema import DECIMAL_DIGITS, DECIMAL_PLACES

Value = str | int | bool | None
ExportRow = dict[str, Value]
_SCALE = 10**DECIMAL_PLACES
_LIMIT = 10**DECIMAL_DIGITS


def figure(name: str, value: Fraction | None) -> ExportRow:
    """Return the three columns of an exact figure: decimal, numerator, denominator; all empty without a value.

    The decimal is rounded half to even and left empty where it has more digits than DECIMAL(38, 10); the other two are
    always exact. A fraction such as 1/3 never stands in one cell, where spreadsheets take it for a date.
    """
    if value is None:
        return {name: None, f"{name}_numerator": None, f"{name}_denominator": None}
    return {
        name: decimal_text(value),
        f"{name}_numerator": str(value.numerator),
        f"{name}_denominator": str(value.denominator),
    }


def decimal_text(value: Fraction) -> str | None:
    """Return a fraction as a decimal without an exponent or trailing zeros; None where DECIMAL(38, 10) cannot hold it."""
    scaled = round(value * _SCALE)
    if abs(scaled) >= _LIMIT:
        return None
    whole, rest = divmod(abs(scaled), _SCALE)
    places = f"{rest:0{DECIMAL_PLACES}d}".rstrip("0")
    return f"{'-' if scaled < 0 else ''}{whole}{'.' if places else ''}{places}"
