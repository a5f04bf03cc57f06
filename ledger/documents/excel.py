"""Excel files (.xlsx): visible sheets, rows and columns, with their merged cells.

Numbers come out as people see them: 12.5% for a cell of 0.125 shown in per cent, 3 for 3.0; never a binary float's tail.
"""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime
from typing import Any

from ledger.documents import bounds
from ledger.documents.model import Grid, GridRow, ParsedFile, UnreadableFileError
from ledger.documents.numberformat import read_number


def read_xlsx(raw: bytes, name: str, *, hidden: bool = False) -> ParsedFile:
    """Return the sheets of an .xlsx file; hidden sheets, rows and columns only with `hidden`.

    Raises:
        UnreadableFileError: when it is broken or beyond the bounds.
    """
    stream = bounds.open_office_file(raw, name)
    notices: list[str] = []
    try:
        from openpyxl import load_workbook  # type: ignore[import-untyped]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions the plan does not need
            book = load_workbook(stream, data_only=True)
        grids = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible" and not hidden:
                notices.append(f"工作表“{sheet.title}”是隐藏的，没有读")
                continue
            grids.append(_grid(sheet, name, notices, hidden=hidden))
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        raise UnreadableFileError(name, f"不是完好的 .xlsx 文件（{type(error).__name__}）") from None
    return ParsedFile(tuple(grids), (), tuple(notices))


def _grid(sheet: Any, name: str, notices: list[str], *, hidden: bool) -> Grid:
    written: dict[tuple[int, int], str] = {}
    for (row, column), cell in sheet._cells.items():
        if cell.value is not None and column <= bounds.MAX_COLUMNS:
            written[row, column] = format_cell(cell.value, cell.number_format or "")
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
    unseen_rows = {row for row in rows if not hidden and sheet.row_dimensions[row].hidden}
    unseen_columns = set() if hidden else _hidden_columns(sheet) & set(range(1, width + 1))
    notices += hidden_notice(sheet.title, len(unseen_rows), len(unseen_columns))
    shown_columns = [column for column in range(1, width + 1) if column not in unseen_columns]
    lines = tuple(
        GridRow(
            f"工作表“{sheet.title}”第{row}行",
            tuple(written.get((row, column), "").strip() for column in shown_columns),
            frozenset(shown_columns.index(at + 1) for at in joined.get(row, ()) if at + 1 in shown_columns),
        )
        for row in sorted(rows - unseen_rows)
    )
    return Grid(f"工作表“{sheet.title}”", lines)


def hidden_notice(sheet: str, rows: int, columns: int) -> list[str]:
    """Return the notice on hidden rows and columns that were left out."""
    parts = [f"{rows} 行"] if rows else []
    parts += [f"{columns} 列"] if columns else []
    return [f"工作表“{sheet}”有隐藏的 {'、'.join(parts)}，没有读；要读加 --hidden"] if parts else []


def _hidden_columns(sheet: Any) -> set[int]:
    """Return the numbers of hidden columns; a group of columns alike is one entry that spans them."""
    unseen: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            unseen |= set(range(dimension.min, min(dimension.max, bounds.MAX_COLUMNS) + 1))
    return unseen


def format_cell(value: object, form: str) -> str:
    """Return a cell's value as the sheet shows it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        if isinstance(value, datetime):
            value = value.date() if not (value.hour or value.minute or value.second) else value
        return value.isoformat() if isinstance(value, (date, datetime)) else _unescaped(str(value))
    return read_number(value, form).shown.strip()


def _unescaped(text: str) -> str:
    """Return text without the escapes of control characters that openpyxl leaves in it: `_x000D_`."""
    return re.sub(
        r"_x([0-9A-Fa-f]{4})_", lambda m: "\n" if m[1] in {"000A", "000D"} else chr(int(m[1], 16)), text
    )
