from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.core.progress.percent import percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(2, 3), "66.7%"),
        (Fraction(1, 3), "33.3%"),
        (Fraction(1), "100.0%"),
        (Fraction(99999, 100000), "99.9%"),
        (Fraction(100001, 100000), "100.0%"),
        (Fraction(1, 100000), "0.1%"),
        (Fraction(0), "0.0%"),
        (Fraction(-1, 8), "-12.5%"),
        (Fraction(5, 10000), "0.1%"),
        (Fraction(14999, 100000), "15.0%"),
        (None, "—"),
    ],
)
def test_percent(value: Fraction | None, text: str) -> None:
    assert percent(value) == text
