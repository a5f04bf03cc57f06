"""Finds the plan's columns in a grid by their headings, in any order, and makes rows of commitments; knows no file format."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.documents.bounds import MAX_CELL
from ledger.documents.model import Grid, InvalidRowsError, Line, NoPlanFoundError, Row
from ledger.documents.prose import one_line

HEADINGS: dict[str, tuple[str, ...]] = {
    "department": (
        "部门",
        "责任部门",
        "责任单位",
        "单位",
        "牵头部门",
        "牵头单位",
        "承诺部门",
        "承诺单位",
        "部门名称",
        "单位名称",
    ),
    "title": ("承诺事项", "事项", "承诺内容", "事项名称", "工作事项", "重点工作", "承诺项目", "目标事项"),
    "text": (
        "年度目标",
        "目标",
        "年度目标任务",
        "目标任务",
        "承诺目标",
        "年度工作目标",
        "工作目标",
        "目标内容",
    ),
    "difficulty": ("评定难度", "难度", "难度评定", "难度等级", "难度系数"),
}
_WITHIN = 30
"""A heading stands near the top: titles and remarks above it are a few lines."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what."""

    title: int
    text: int
    department: int | None
    difficulty: int | None


def rows_of(name: str, grids: tuple[Grid, ...]) -> tuple[list[Row], list[str]]:
    """Return the commitments of all grids that have the headings, and what was passed over.

    Raises:
        NoPlanFoundError: when no grid has them.
        InvalidRowsError: with every row that lacks something.
    """
    rows: list[Row] = []
    notices: list[str] = []
    faults: list[str] = []
    before: tuple[Columns, int] | None = None
    for grid in grids:
        found = _header(grid)
        width = max((len(line.cells) for line in grid.lines), default=0)
        if found is None and before is not None and width == before[1]:
            found = before[0], -1
            notices.append(f"{grid.name}没有表头，按前一张表的列读作续表")
        if found is None:
            if any(any(line.cells) for line in grid.lines):
                notices.append(f"{grid.name or name}没有“承诺事项”“年度目标”两列，没有读")
            continue
        columns, at = found
        before = columns, width
        _read(grid.lines[at + 1 :], columns, rows, notices, faults)
    if faults:
        raise InvalidRowsError(name, tuple(faults))
    if not rows:
        raise NoPlanFoundError(
            name,
            "没有一张表有“承诺事项”“年度目标”两列，或表里是空的",
            "表头写上 部门、承诺事项、年度目标、评定难度（次序不限）",
        )
    return rows, notices


def _header(grid: Grid) -> tuple[Columns, int] | None:
    for number, line in enumerate(grid.lines[:_WITHIN]):
        found = _columns(line)
        if found is not None:
            return found, number
    return None


def _columns(line: Line) -> Columns | None:
    plain = [re.sub(r"[\s\u3000]|[（(].*?[）)]", "", cell) for cell in line.cells]
    places: dict[str, int | None] = {}
    for field, names in HEADINGS.items():
        places[field] = next((plain.index(name) for name in names if name in plain), None)
    title, text = places["title"], places["text"]
    if title is None or text is None:
        return None
    return Columns(title, text, places["department"], places["difficulty"])


def _read(
    lines: tuple[Line, ...], columns: Columns, rows: list[Row], notices: list[str], faults: list[str]
) -> None:
    department = ""
    for line in lines:
        if _columns(line) is not None or not any(line.cells):
            continue  # the heading again on a new page, or nothing
        title, text = _cell(line, columns.title), _cell(line, columns.text)
        own = re.sub(r"\s", "", _cell(line, columns.department))
        if len(set(line.cells)) == 1 or (own and not title and not text):
            notices.append(f"{line.place}只有一格文字，当作小标题或附注，没有读：{(title or own)[:20]}")
            continue
        department = own or department
        if not title and not text:
            notices.append(f"{line.place}没有承诺事项和年度目标，没有读")
            continue
        if not title or not text:
            missing = "年度目标" if title else "承诺事项"
            faults.append(f"{line.place}：没有{missing}，只有“{(title or text)[:30]}”")
            continue
        if columns.text in line.joined and columns.title in line.joined:
            continue  # one commitment drawn over several rows: read once
        if max(len(title), len(text)) > MAX_CELL:
            faults.append(f"{line.place}：一格有 {max(len(title), len(text))} 字，超过上限 {MAX_CELL} 字")
            continue
        rows.append(Row(line.place, text, title, department, _cell(line, columns.difficulty)))


def _cell(line: Line, column: int | None) -> str:
    return one_line(line.cells[column]) if column is not None and column < len(line.cells) else ""
