"""Every row of the tables in docs/reference/quantities.md is read as it says."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.core.quantity import Op, QuantityError, parse
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "quantities.md"
BOUNDS = {
    "无": None, "至少": Op.AT_LEAST, "超过": Op.MORE_THAN, "至多": Op.AT_MOST, "低于": Op.LESS_THAN, "约": Op.ABOUT,
    "范围": Op.BETWEEN, "位次": Op.RANK,
}  # fmt: skip


def rows(columns: int) -> list[list[str]]:
    """The rows of all tables with this many columns; the first cell is a text in backquotes."""
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == columns:
            found.append([cells[0].strip("`"), *cells[1:]])
    return found


@pytest.mark.parametrize(("text", "bound", "value", "unit"), rows(4))
def test_what_is_read(text: str, bound: str, value: str, unit: str) -> None:
    q = parse(text)
    low, _, high = value.partition("..")
    assert q.op == BOUNDS[bound]
    assert (q.value, q.value2) == (Fraction(low), Fraction(high) if high else None)
    assert q.unit == ("" if unit == "无" else unit)


@pytest.mark.parametrize(("text", "reason", "readings"), rows(3))
def test_what_is_refused(text: str, reason: str, readings: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(text)
    assert reason in caught.value.message
    assert "；".join(caught.value.readings) == readings


def test_the_tables_are_found() -> None:
    assert len(rows(4)) >= 60
    assert len(rows(3)) >= 30
