"""Figures as people read them, and the rates that entries record."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.progress import rate_text
from ledger.progress.amounts import shown
from ledger.units import Rate

from .world import policy


@pytest.mark.parametrize(
    ("value", "unit", "scale", "text"),
    [
        ("6", "家", 1, "6家"),
        ("160000000", "美元", 10**8, "1.6亿美元"),
        ("-160000000", "元", 10**8, "-1.6亿元"),
        ("123456789", "元", 10**8, "12345.6789万元"),
        ("12.345678", "%", 1, "12.345678%"),
        ("12.3456785", "%", 1, "约12.35%"),  # seven decimals: nobody reads these
        ("100/3", "%", 1, "约33.33%"),
        ("-100/3", "%", 1, "约-33.33%"),
        ("100000000/3", "元", 10**8, "约3333.33万元"),
        ("1000000000/3", "元", 10**8, "约3.33亿元"),
        ("100/3", "元", 10**8, "约33.33元"),
        ("1/3000", "%", 1, "3000分之1%"),  # what is more than nothing never reads 0
        ("200/3", "亩", 1, "约66.67亩"),
    ],
)
def test_figures_are_exact_or_say_that_they_are_rounded(value: str, unit: str, scale: int, text: str) -> None:
    assert shown(Fraction(value), unit, scale) == text


def test_a_rate_as_entries_record_it() -> None:
    assert rate_text(Rate("美元", "元", date(2023, 6, 30), Fraction("7.2258"))) == "美元/元 2023-06-30 7.2258"


def test_the_currencies_of_a_policy_go_by_their_conventional_names() -> None:
    rules = policy(rates=[{"from": "美金", "to": "人民币", "on": "2023-06-30", "rate": "7.2258"}])
    assert rules.rates == (Rate("美元", "元", date(2023, 6, 30), Fraction("7.2258")),)
