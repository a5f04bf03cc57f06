"""Exact figures as columns: the text, and the fraction in lowest terms; refuses what the columns cannot hold."""

from __future__ import annotations

from fractions import Fraction

from ledger.errors import LedgerError
from ledger.quantity import format_number
from ledger.warehouse.schema import WIDE_DIGITS

Value = str | int | bool | None
Row = dict[str, Value]
_LIMIT = 10**WIDE_DIGITS


class TooWide(LedgerError):
    """A figure has more digits than the integer columns hold; cutting it would make it another figure."""

    def __init__(self, where: str, value: Fraction) -> None:
        super().__init__(
            f"{where}：{format_number(value)} 的分子或分母超过 {WIDE_DIGITS} 位，导出会失真，所以没有导出",
            "核对这个数是不是写错了；用 ledger show 看它的记录",
        )


def figure(name: str, value: Fraction | None, where: str) -> Row:
    """Return the three columns of an exact figure: text, numerator, denominator.

    Raises:
        TooWide: when numerator or denominator has more than 28 digits.
    """
    if value is None:
        return {name: None, f"{name}_numerator": None, f"{name}_denominator": None}
    if abs(value.numerator) >= _LIMIT or value.denominator >= _LIMIT:
        raise TooWide(where, value)
    return {
        name: format_number(value),
        f"{name}_numerator": value.numerator,
        f"{name}_denominator": value.denominator,
    }
