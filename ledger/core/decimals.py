"""Exact decimal text of fractions."""

from __future__ import annotations

from fractions import Fraction


def decimals(value: Fraction) -> int | None:
    """Return how many decimals write a value exactly; None where no finite number does (1/3)."""
    denominator, twos, fives = value.denominator, 0, 0
    if denominator == 1:
        return 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def round_number(value: Fraction, places: int) -> str:
    """Return the decimal text of a value rounded to at most `places` decimals, half to even: that of `round`, in whole numbers."""
    number, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
    if (2 * rest, number % 2) > (value.denominator, 0):
        number += 1
    digits = str(number).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and number else text


def format_number(value: Fraction) -> str:
    """Return the exact decimal text ("4.3", "160000000"), or "1/3" where no decimal ends."""
    if value.denominator == 1:
        return str(value.numerator)
    places = decimals(value)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
