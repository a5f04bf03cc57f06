"""The secretary's page on sheets is played: its commands are run, and its sheet is filled in as its table shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.conftest import Ran, World
from tests.docs.runner import Player, steps
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "guide" / "excel.md"
SHEET = "金融办-2023-06.xlsx"
NAMES = ("sheet-export", "sheet-wrong", "sheet-import")


def rows_of_the_page() -> list[dict[str, str]]:
    """The page's own table of what is filled in."""
    text = PAGE.read_text(encoding="utf-8").partition("比如这个月这样填：")[2]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.split("\n\n")[1].splitlines()
        if not line.startswith("|---")
    ]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def fill(path: Path, rows: list[dict[str, str]]) -> None:
    book = load_workbook(path)
    sheet = book["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    places = {sheet.cell(row, heads["目标"]).value: row for row in range(5, sheet.max_row + 1)}
    for row in rows:
        for head in row.keys() - {"目标"}:
            if row[head]:
                sheet.cell(places[row["目标"]], heads[head]).value = row[head]
    book.save(path)


@pytest.mark.slow
def test_the_page_is_played(
    cli: Callable[..., Ran],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scrub: Callable[[str], str],
    pytestconfig: pytest.Config,
) -> None:
    """`pytest --snapshot-update` puts what came out into the page."""
    monkeypatch.setenv("LEDGER_TODAY", "2023-01-05")
    root = tmp_path / "账本"
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)

    def run(words: list[str], day: str | None) -> tuple[int, str, str]:
        monkeypatch.setenv("LEDGER_TODAY", day or "2023-07-03")
        done = cli(*words[1:])
        return done.code, done.out, done.err

    player = Player(run, scrub, update=bool(pytestconfig.getoption("update_snapshots")))
    player.play(PAGE, "sheet-export")
    rows = rows_of_the_page()
    assert len(rows) == 7
    fill(root / SHEET, rows)
    said = player.play(PAGE, "sheet-wrong")
    assert "L10：" in next(iter(said.values()))
    fill(
        root / SHEET,
        [{"目标": "新增制造业中长期贷款", "数量": "72.5亿元"}, {"目标": "绿色贷款增速", "对照数": "12.1%"}],
    )
    player.play(PAGE, "sheet-import")
    world = World(root, cli)
    subjects = world.git("log", "--format=%s", "--", "data/progress").splitlines()
    assert subjects[:-1] == ["log(金融办): 7 条记录"]  # the last one founded the ledger


def test_no_command_of_the_page_is_left_out() -> None:
    shown = re.findall(r"^\$ (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(shown) == sorted(step.line for name in NAMES for step in steps(PAGE, name))
