"""Decimal text of fractions, against the arithmetic of the standard library."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.decimals import decimals, format_number, round_number


@given(st.fractions(), st.integers(1, 8))
def test_a_rounded_number_is_that_of_the_standard_library(value: Fraction, places: int) -> None:
    assert round_number(value, places) == format_number(round(value, places))


@pytest.mark.parametrize(
    ("value", "text"),
    [("1/3", "0.333"), ("-2/3", "-0.667"), ("-1/3000", "0"), ("0.0005", "0"), ("0.0015", "0.002"), ("1999999/1000000", "2"), ("7", "7")],
)  # fmt: skip
def test_numbers_are_rounded_half_to_even_without_zeros_at_the_end(value: str, text: str) -> None:
    assert round_number(Fraction(value), 3) == text


@given(st.fractions())
def test_a_number_with_an_end_is_written_exactly(value: Fraction) -> None:
    places = decimals(value)
    text = format_number(value)
    assert Fraction(text) == value
    assert ("/" in text) == (places is None)
