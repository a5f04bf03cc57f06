"""Quantities: reading what a person wrote, exactly or not at all, and writing it back; knows no file, clock or terminal."""

from __future__ import annotations

from ledger.quantity.explain import explain
from ledger.quantity.format import format_amount, format_number
from ledger.quantity.model import Numeral, Op, Quantity, QuantityError
from ledger.quantity.numerals import numerals
from ledger.quantity.parse import as_json, parse, parse_amount, plain_amount

__all__ = [
    "Numeral",
    "Op",
    "Quantity",
    "QuantityError",
    "as_json",
    "explain",
    "format_amount",
    "format_number",
    "numerals",
    "parse",
    "parse_amount",
    "plain_amount",
]
