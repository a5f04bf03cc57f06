"""Every department of the real plan fills in its whole sheet with bare figures: all is taken, and nothing is due any more."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from ledger.core.quantity import parse_amount
from ledger.documents.form import read_form
from tests.conftest import Ran

FIGURES = {
    "累计": {"口径": "年初累计", "数量": 2},
    "水平": {"数量": 2.5},
    "增减幅度": {"数量": 3},
    "位次": {"数量": 3, "对照数": 11},
    "比较": {"数量": 5.2, "对照数": 4.8},
    "节点": {},
}


def fill(path: Path) -> int:
    """Fill in every row as its kind wants it; a milestone with the first of its list."""
    book = load_workbook(path)
    sheet, choices = book["填报"], book["_选项"]
    lists = {
        place: rule.formula1.rpartition("!")[2].partition(":")[0].replace("$", "")
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list" and rule.formula1.startswith("'_选项'")
        for area in rule.sqref.ranges
        for place in (sheet.cell(*at).coordinate for at in area.cells)
    }
    heads = {cell.value: cell.column for cell in sheet[4]}
    for row in range(5, sheet.max_row + 1):
        figures = FIGURES[sheet.cell(row, heads["类型"]).value]
        amount = sheet.cell(row, heads["数量"])
        if not figures:
            amount.value = choices[lists[amount.coordinate]].value
        for head, value in figures.items():
            sheet.cell(row, heads[head]).value = value
    book.save(path)
    return sheet.max_row - 4


@pytest.mark.slow
def test_a_whole_month_of_the_real_plan(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-03")
    root = tmp_path / "账本"
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)
    found = json.loads(cli("due", "--month", "2023-06", "--format", "json").out)
    names = [department["name"] for department in found["departments"]]
    assert len(names) == 16
    rows = 0
    for name in names:
        assert cli("sheet", "export", "--dept", name, "--month", "2023-06").code == 0
        filled = fill(root / f"{name}-2023-06.xlsx")
        done = cli("sheet", "import", f"{name}-2023-06.xlsx", "--confirm", "--format", "json")
        assert (done.code, done.err) == (0, "")
        assert len(json.loads(done.out)["entries"]) == filled
        rows += filled
    assert rows > 250
    left = json.loads(cli("due", "--month", "2023-06", "--format", "json").out)
    assert {item["by"] for department in left["departments"] for item in department["due"]} <= {"reviewer"}
    assert cli("check").code == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**15 - 1), st.integers(-8, 4)), min_size=1, max_size=50))
def test_every_figure_a_sheet_can_hold_is_read_exactly(
    tmp_path_factory: pytest.TempPathFactory, figures: list[tuple[int, int]]
) -> None:
    """What was typed is what is read: fifteen digits survive the way through a binary number."""
    typed = [Decimal(mantissa).scaleb(exponent) for mantissa, exponent in figures]
    book = Workbook()
    for number in typed:
        book.active.append([float(number)])
    path = tmp_path_factory.mktemp("sheet") / "表.xlsx"
    book.save(path)
    (page,) = read_form(path).pages
    read = [page.rows[row][1] for row in range(1, len(typed) + 1)]
    assert [item.kind for item in read] == ["number"] * len(typed)
    assert [parse_amount(f"{item.text}家").value for item in read] == typed
