"""Quantities: reading what a person wrote, exactly or not at all, and writing it back."""

from __future__ import annotations

from ledger.core.decimals import format_number
from ledger.core.quantity.explain import explain
from ledger.core.quantity.format import format_amount
from ledger.core.quantity.model import Numeral, Op, Quantity, QuantityError
from ledger.core.quantity.numerals import numerals
from ledger.core.quantity.parse import as_json, parse, parse_amount, plain_amount, plain_sum

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
    "plain_sum",
]
