"""Filled-in forms: the cells of an .xlsx or separated file with their addresses, exact and unevaluated.

A plan is read for its words (`excel.py`); a form is read for its figures, so a cell also says what it is: a text, a number
with all its digits, a share shown in per cent, a date, or something no figure can be taken from (a formula, an error).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

from ledger.documents import bounds, csvfile
from ledger.documents.model import UnreadableFileError
from ledger.documents.numberformat import read_number

CellKind = Literal["text", "number", "date", "unfit"]
TEXT_FILES = {".csv", ".tsv", ".txt"}
BOOKS = {".xlsx", ".xlsm"}
_OLD = {".xls", ".et", ".ods", ".doc", ".wps", ".odt", ".rtf", ".xlsb"}


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell. `text` is exact: a number's digits, `12%` where the sheet shows per cent; for `unfit` what was found."""

    place: str
    kind: CellKind
    text: str
    day: date | None = None
    mend: str = ""
    """For an unfit cell: what to do about it."""


FormRow = Mapping[int, FormCell]
"""The cells of one row that hold something, by column from 1."""


@dataclass(frozen=True, slots=True)
class FormPage:
    """One sheet. `joined` holds the merged areas of several rows: name, first and last row, first and last column.

    `hidden` holds the numbers of hidden rows, `comments` the texts of comments by the cell's name.
    """

    name: str
    rows: Mapping[int, FormRow]
    joined: tuple[tuple[str, int, int, int, int], ...] = ()
    hidden: frozenset[int] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """A file: its visible pages, and the hidden ones by name."""

    name: str
    pages: tuple[FormPage, ...]
    hidden: Mapping[str, FormPage] = field(default_factory=dict)


def read_form(path: Path) -> Form:
    """Read a filled form by its ending.

    Raises:
        UnreadableFileError, NotTextError, TextTooLongError: when it is broken, protected by a password, beyond the bounds or no table.
    """
    name, ending = path.name, path.suffix.casefold()
    if ending in _OLD:
        raise UnreadableFileError(
            name, f"是 {ending} 文件，这种格式读不了", "用 Excel 或 WPS 打开，另存为 .xlsx 再试"
        )
    if ending not in BOOKS | TEXT_FILES:
        raise UnreadableFileError(
            name, f"不是表格文件（{ending or '没有扩展名'}）", "给 ledger sheet export 导出的 .xlsx，或 .csv"
        )
    raw = bounds.read_bounded(path, name)
    if not raw:
        raise UnreadableFileError(name, "是空文件，一个字节也没有", "重新保存一次，或重新导出再填")
    return _book(raw, name) if ending in BOOKS else _separated(raw, name)


def address(row: int, column: int) -> str:
    """Return a cell's name as office programs write it: `B7`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _separated(raw: bytes, name: str) -> Form:
    (grid,) = csvfile.read_csv(raw, name).grids
    rows: dict[int, FormRow] = {}
    for number, line in enumerate(grid.lines, start=1):
        cells = {
            at: FormCell(address(number, at), "text", words)
            for at, words in enumerate(line.cells, start=1)
            if words
        }
        if cells:
            rows[number] = cells
    return Form(name, (FormPage("", rows),))


def _book(raw: bytes, name: str) -> Form:
    stream = bounds.open_office_file(raw, name)
    try:
        from openpyxl import load_workbook  # type: ignore[import-untyped]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions a form does not need
            book = load_workbook(stream)
        pages = [(_page(sheet, name), sheet.sheet_state == "visible") for sheet in book.worksheets]
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        raise UnreadableFileError(name, f"不是完好的 .xlsx 文件（{type(error).__name__}）") from None
    return Form(
        name,
        tuple(page for page, visible in pages if visible),
        {page.name: page for page, visible in pages if not visible},
    )


def _page(sheet: Any, name: str) -> FormPage:
    rows: dict[int, dict[int, FormCell]] = {}
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.value is None or column > bounds.MAX_COLUMNS:
            continue
        read = _cell(cell, address(row, column))
        if read.text:
            rows.setdefault(row, {})[column] = read
    if len(rows) > bounds.MAX_ROWS:
        raise UnreadableFileError(
            name, f"工作表“{sheet.title}”超过 {bounds.MAX_ROWS} 行", "检查是否给错了文件"
        )
    joined = tuple(
        (str(area.coord), area.min_row, area.max_row, area.min_col, area.max_col)
        for area in sheet.merged_cells.ranges
        if area.max_row > area.min_row
    )
    hidden = frozenset(row for row in rows if sheet.row_dimensions[row].hidden)
    comments = {
        address(row, column): " ".join(str(cell.comment.text).split())
        for (row, column), cell in sorted(sheet._cells.items())
        if cell.comment is not None
    }
    return FormPage(sheet.title, rows, joined, hidden, comments)


def _cell(cell: Any, place: str) -> FormCell:
    value, form = cell.value, cell.number_format or ""
    if cell.data_type == "f":
        return FormCell(place, "unfit", "公式", mend="公式不计算：把算出的数直接写上")
    if cell.data_type == "e":
        return FormCell(place, "unfit", f"错误值 {value}", mend="写上数，或清空")
    if isinstance(value, bool):
        return FormCell(place, "unfit", "逻辑值" + ("真" if value else "假"), mend="写上数，或清空")
    if isinstance(value, (int, float)):
        return _number(value, form, place)
    if isinstance(value, datetime):
        whole = value.time() == time()
        if not whole:
            return FormCell(place, "unfit", f"带钟点的时间 {value}", mend="只写日期，如 2023-06-30")
        value = value.date()
    if isinstance(value, date):
        return FormCell(place, "date", value.isoformat(), value)
    if not isinstance(value, str):
        return FormCell(place, "unfit", f"时间 {value}", mend="这里不能写时间")
    words = value.strip()
    if len(words) > bounds.MAX_CELL:
        return FormCell(place, "unfit", f"一格 {len(words)} 字", mend=f"不能超过 {bounds.MAX_CELL} 字")
    return FormCell(place, "text", words)


def _number(value: float, form: str, place: str) -> FormCell:
    """Return a number as the sheet shows it; unfit where that is not what is stored."""
    number = read_number(value, form)
    if number.text is None:
        mend = "写上要报的数，该几位小数就写几位；或把单元格格式改成“文本”，连单位写出来"
        return FormCell(place, "unfit", number.why, mend=mend)
    # A text cell shows what was typed into it: no number format stands between.
    plain = form != "@" and re.fullmatch(r"-?[\d.]+%?", number.text) is not None
    return FormCell(place, "number" if plain else "text", number.text)
