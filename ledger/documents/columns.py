"""Rows of commitments from grids: one row for a task or an indicator, whatever the shape of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ledger.documents.headings import Headings, find_headings, given_headings
from ledger.documents.model import (
    AskColumns,
    Grid,
    InvalidRowsError,
    NoPlanFoundError,
    Row,
    TableReading,
)
from ledger.documents.prose import one_line
from ledger.documents.table_reader import EMPTY_CELLS, TableReader


def rows_of(
    name: str, grids: tuple[Grid, ...], *, year: int | None = None, ask: AskColumns | None = None
) -> TableRows:
    """Return the commitments of all grids that have headings, what was passed over, and how the columns were read.

    `ask` is asked about every grid what its columns are.

    Raises:
        NoPlanFoundError: when no grid has them.
        InvalidRowsError: with every row that lacks something.
    """
    reader = TableReader(year)
    before: tuple[Headings, int, str] | None = None
    for grid in grids:
        width = max((len(line.cells) for line in grid.lines), default=0)
        headings = find_headings(grid, year)
        reading = reading_of(grid, headings)
        given = ask(reading) if ask is not None and width > 1 else None
        if given:
            headings = given_headings(grid, given, year)
            reading = replace(reading_of(grid, headings), doubts=())
        unit = _unit_above(grid, headings)
        if headings is None and before is not None and width == before[1]:
            headings, unit = Headings(before[0].columns, 0), before[2]
            reader.notices.append(f"{grid.name}没有表头，按前一张表的列读作续表")
        if headings is None:
            if any(any(line.cells) for line in grid.lines):
                reader.notices.append(
                    f"{grid.name or name}没有“承诺事项”“年度目标”两列，没有读：{sample(grid)}"
                )
            continue
        before = headings, width, unit
        first = len(reader.rows)
        reader.read(grid, headings, unit)
        example = (
            f"{reader.rows[first].department}　{reader.rows[first].text}" if len(reader.rows) > first else ""
        )
        reader.tables.append(replace(reading, example=example.strip()))
    if reader.faults:
        raise InvalidRowsError(name, tuple(reader.faults))
    if not reader.rows:
        raise NoPlanFoundError(
            name,
            "没有一张表有“承诺事项”“年度目标”两列，或表里是空的",
            "表头写上 部门、承诺事项、年度目标、评定难度（次序不限），或用 --columns 指明各列，如 --columns 指标=2,单位=3,目标=5,部门=6",
        )
    return TableRows(reader.rows, reader.notices, tuple(reader.tables))


def reading_of(grid: Grid, headings: Headings | None) -> TableReading:
    """Return how the columns of a grid were understood, with what is doubtful about it."""
    first = headings.first if headings else 0
    filled = [line.cells for line in grid.lines[first:] if any(line.cells)]
    width = max((len(line.cells) for line in grid.lines), default=0)
    names = [""] * width
    roles = [""] * width
    for column in headings.columns if headings else ():
        if column.at < width:
            names[column.at], roles[column.at] = column.heading, column.role
    return TableReading(
        grid.name,
        tuple(names),
        tuple(roles),
        tuple(filled[:3]),
        tuple(_doubts(names, roles, filled, headings)),
    )


def _doubts(
    names: list[str], roles: list[str], rows: list[tuple[str, ...]], headings: Headings | None
) -> Iterator[str]:
    """Yield what is not sure about the columns of a table that holds figures."""
    if headings is None:
        if len(rows) > 2 and any(re.search(r"\d", cell) for row in rows for cell in row):
            yield "没有认出表头"
        return
    if roles.count("goal") > 1:
        yield "有几列都像目标值"
    for at, role in enumerate(roles):
        cells = [row[at] for row in rows if at < len(row) and row[at] not in EMPTY_CELLS]
        figures = sum(bool(re.search(r"\d", cell)) for cell in cells)
        if role == "" and len(cells) > 1 and figures > len(cells) / 2:
            yield f"第 {at + 1} 列“{one_line(names[at])[:12]}”有数，不知道是什么"


@dataclass(frozen=True, slots=True)
class TableRows:
    """What the tables of a file give: rows, notices, and how the columns of each were read."""

    rows: list[Row]
    notices: list[str]
    tables: tuple[TableReading, ...]


def _unit_above(grid: Grid, headings: Headings | None) -> str:
    """Return the unit that a line above the headings gives for the whole table: 单位：亿元."""
    for line in grid.lines[: headings.first if headings else 0]:
        for cell in line.cells:
            match = re.search(r"单位[：:]\s*([^\s）)，,、]{1,8})", cell)
            if match and not re.search(r"局|委|公司|学校", match[1]):
                return match[1]
    return ""


def sample(grid: Grid) -> str:
    """Return the first words of a grid, to name it by."""
    first = next((line for line in grid.lines if any(line.cells)), None)
    return (
        "、".join(dict.fromkeys(cell.replace("\n", "") for cell in first.cells if cell))[:30] if first else ""
    )
