"""Excel files: visible sheets with their merged cells. The only reader that knows openpyxl.

Numbers come out as people see them: 12.5% for a cell of 0.125 shown in per cent, 3 for 3.0; never a binary float's tail.
"""

from __future__ import annotations

import warnings
from datetime import date, datetime
from typing import Any

from ledger.documents import bounds
from ledger.documents.model import Found, Grid, Line, UnreadableFileError
from ledger.documents.numberformat import read_number


def read(raw: bytes, name: str) -> Found:
    """Return the sheets of an .xlsx file.

    Raises:
        UnreadableFileError: when it is broken or beyond the bounds.
    """
    stream = bounds.office(raw, name)
    notices: list[str] = []
    try:
        from openpyxl import load_workbook  # type: ignore[import-untyped]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions the plan does not need
            book = load_workbook(stream, data_only=True)
        grids = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                notices.append(f"工作表“{sheet.title}”是隐藏的，没有读")
                continue
            grids.append(_grid(sheet, name))
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        raise UnreadableFileError(name, f"不是完好的 .xlsx 文件（{type(error).__name__}）") from None
    return Found(tuple(grids), (), tuple(notices))


def _grid(sheet: Any, name: str) -> Grid:
    written: dict[tuple[int, int], str] = {}
    for (row, column), cell in sheet._cells.items():
        if cell.value is not None and column <= bounds.MAX_COLUMNS:
            written[row, column] = shown(cell.value, cell.number_format or "")
    rows = {row for row, _ in written}
    if len(rows) > bounds.MAX_ROWS:
        raise UnreadableFileError(name, f"工作表“{sheet.title}”超过 {bounds.MAX_ROWS} 行", "拆成几个文件再试")
    joined: dict[int, set[int]] = {}
    for area in sheet.merged_cells.ranges:
        words = written.get((area.min_row, area.min_col), "")
        for row in rows:
            if not area.min_row <= row <= area.max_row:
                continue
            for column in range(area.min_col, min(area.max_col, bounds.MAX_COLUMNS) + 1):
                written[row, column] = words
                if row > area.min_row:
                    joined.setdefault(row, set()).add(column - 1)
    width = max((column for _, column in written), default=0)
    lines = tuple(
        Line(
            f"工作表“{sheet.title}”第{row}行",
            tuple(written.get((row, column), "").strip() for column in range(1, width + 1)),
            frozenset(joined.get(row, ())),
        )
        for row in sorted(rows)
    )
    return Grid(f"工作表“{sheet.title}”", lines)


def shown(value: object, form: str) -> str:
    """Return a cell's value as the sheet shows it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        if isinstance(value, datetime):
            value = value.date() if not (value.hour or value.minute or value.second) else value
        return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
    return read_number(value, form).shown.strip()
