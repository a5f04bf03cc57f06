"""The sheets of all departments at once: exported, filled, imported in one commit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from ledger.git.process import Git
from tests.conftest import World

JUNE = ("--month", "2023-06")


def export_all(world: World) -> Path:
    folder = world.root.parent / "六月"
    done = world("sheet", "export", "--all", *JUNE, "-o", str(folder))
    assert (done.code, done.err) == (0, "")
    return folder


def put(path: Path, ref: str, **cells: str) -> None:
    book = load_workbook(path)
    sheet = book["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    row = next(row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 1).value == ref)
    for head, value in cells.items():
        sheet.cell(row, heads[head]).value = value
    book.save(path)


def test_every_department_has_its_sheet_and_all_go_in_one_commit(world: World) -> None:
    folder = export_all(world)
    assert sorted(path.name for path in folder.iterdir()) == ["商务局-2023-06.xlsx", "金融办-2023-06.xlsx"]
    put(folder / "金融办-2023-06.xlsx", "金融办-01/listed", 口径="本期新增", 数量="2家")
    put(folder / "商务局-2023-06.xlsx", "商务局-01/overseas", 口径="本期新增", 数量="1亿美元")
    before = int(world.git("rev-list", "--count", "HEAD"))
    done = world("sheet", "import", str(folder), "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert [[entry["ref"] for entry in sheet["entries"]] for sheet in json.loads(done.out)] == [
        ["商务局-01/overseas"],
        ["金融办-01/listed"],
    ]
    assert int(world.git("rev-list", "--count", "HEAD")) == before + 1
    again = world("sheet", "import", str(folder))
    assert again.code == 0
    assert int(world.git("rev-list", "--count", "HEAD")) == before + 1


def test_one_bad_cell_in_any_sheet_and_nothing_is_written(world: World) -> None:
    folder = export_all(world)
    put(folder / "金融办-2023-06.xlsx", "金融办-01/listed", 口径="本期新增", 数量="2家")
    put(folder / "商务局-2023-06.xlsx", "商务局-01/overseas", 口径="本期新增", 数量="一点点")
    head = world.git("rev-parse", "HEAD")
    done = world("sheet", "import", str(folder))
    assert done.code == 1
    assert "商务局-2023-06.xlsx 有 1 处要改" in done.err
    assert world.git("rev-parse", "HEAD") == head


def test_an_empty_folder_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert world("sheet", "import", str(tmp_path / "空")).code == 2


def test_hidden_rows_and_comments_are_pointed_out(world: World) -> None:
    path = export_all(world) / "金融办-2023-06.xlsx"
    put(path, "金融办-01/listed", 口径="本期新增", 数量="2家")
    book = load_workbook(path)
    sheet = book["填报"]
    row = next(row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 1).value == "金融办-01/listed")
    amount = next(cell for cell in sheet[row] if sheet.cell(4, cell.column).value == "数量")
    amount.comment = Comment("含过会一家", "李四")
    sheet.row_dimensions[row].hidden = True
    book.save(path)
    done = world("sheet", "import", str(path))
    assert done.code == 0
    assert f"第 {row} 行是隐藏的，也读了" in done.out
    assert f"{amount.coordinate} 有批注“含过会一家”，没有记入" in done.out


def test_git_is_asked_no_more_often_for_more_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = [0]
    run = Git.run

    def counted(git: Git, *arguments: Any, **options: Any) -> Any:
        counts[-1] += 1
        return run(git, *arguments, **options)

    monkeypatch.setattr(Git, "run", counted)
    folder = export_all(world)
    for filled in (["listed"], ["listed", "loans", "balance", "green"]):
        figures = {"listed": "2家", "loans": "12亿元", "balance": "3600亿元", "green": "12%"}
        for key in filled:
            put(folder / "金融办-2023-06.xlsx", f"金融办-01/{key}", 数量=figures[key])
        counts.append(0)
        assert world("sheet", "import", str(folder), "--dry-run").code == 0
    assert counts[1] == counts[2]
