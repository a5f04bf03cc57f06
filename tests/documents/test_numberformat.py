"""A number of a cell is what the sheet shows, and only where that is what is stored."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.quantity import QuantityError, parse
from ledger.core.units import default_units
from ledger.documents.numberformat import read_number

TABLE = Path(__file__).with_name("number-formats.tsv").read_text(encoding="utf-8").splitlines()[1:]


def recorded(text: str | None, unit: str) -> str:
    """What a target of a unit takes from a cell's text: the amount in that unit, or refuse."""
    if text is None:
        return "refuse"
    if re.fullmatch(r"-?[\d.]+", text):
        return "refuse" if unit == "%" else f"{text} {unit}"
    try:
        amount = parse(text, default_units())
    except QuantityError:
        return "refuse"
    return f"{text.removesuffix(unit)} {unit}" if default_units().same(amount.unit, unit) else "refuse"


@pytest.mark.parametrize("line", TABLE)
def test_what_is_recorded_of_a_formatted_number(line: str) -> None:
    value, number_format, unit, shown, record = line.split("\t")
    number = read_number(Decimal(value), number_format)
    assert recorded(number.text, unit) in re.split(r" or (?:ask )?", record) or (
        record.startswith("refuse") and recorded(number.text, unit) == "refuse"
    )
    if "yyyy" not in number_format:
        assert number.shown == shown


@pytest.mark.parametrize(
    ("value", "number_format", "shown", "text"),
    [
        ("0", "0.00", "0.00", "0"),
        ("1234567.891", "#,##0.00", "1,234,567.89", None),
        ("-5", r"0_);[Red]\(0\)", "(5)", "-5"),
        ("100", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', " 100 ", "100"),
        ("0", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', " -   ", None),
        ("3", '#,##0"户"', "3户", "3户"),
        ("12", "0000", "0012", "12"),
        ("50", '[>=100]0"亿元";0"万元"', "50万元", "50万元"),
        ("150", '[>=100]0"亿元";0"万元"', "150亿元", "150亿元"),
        ("250", "[<100]0;[<200]0.0;0.00", "250.00", "250"),
        ("-5", "[<0]0;0", "-5", None),
        ("12", "0.##", "12.", "12"),
        ("999.96", "0.0E+0", "1.0E+3", None),
        ("-0.0012", "0.00E+00", "-1.20E-03", None),
        ("2.25", "# ??/??", "2 1/4", None),
        ("1.5", "[h]:mm", "36:00", None),
        ("0.75", "h:mm AM/PM", "6:00 PM", None),
    ],
)
def test_formats_of_office_programs(value: str, number_format: str, shown: str, text: str | None) -> None:
    number = read_number(Decimal(value), number_format)
    assert (number.shown, number.text) == (shown, text)


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    st.text(alphabet='0#?,.%;"_\\!*()家元-+$[]@Ee年 ', max_size=14),
)
def test_no_format_makes_another_number(value: Decimal, number_format: str) -> None:
    """Whatever the format, what is taken is what is stored, or a hundred times it where the cell shows per cent."""
    number = read_number(value, number_format)
    if number.text is not None:
        match = re.match(r"-?[\d.]+", number.text)
        assert match is not None
        assert Decimal(match[0]) in {value, value * 100}
