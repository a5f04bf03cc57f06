"""Files of Word 97 to 2003 and of WPS (.doc, .wps, .xls, .et), by the readers of the extra `commitment-ledger[office]`."""

from __future__ import annotations

import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

from ledger.documents import bounds, word
from ledger.documents.excel import hidden_notice
from ledger.documents.model import Grid, GridRow, ParsedFile, UnreadableFileError
from ledger.documents.numberformat import is_date_format, read_number

_INSTALL = (
    "装上读旧格式的组件：pip install 'commitment-ledger[office]'；或用 WPS、Office 打开，另存为 {ending} 再试"
)


def read_doc(raw: bytes, name: str) -> ParsedFile:
    """Return the tables and paragraphs of a .doc or .wps file.

    It is converted to .docx with its tracked changes marked, so that a deleted figure is not read beside the new one. Files
    written by WPS have a class id in their header that the converter refuses; it is zeroed in the copy.

    Raises:
        UnreadableFileError: when it is broken, locked, or the converter is not installed.
    """
    try:
        from doc2docx import convert  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError:
        raise UnreadableFileError(
            name, "是旧格式的 Word 或 WPS 文件", _INSTALL.format(ending=".docx")
        ) from None
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "plan.doc", Path(folder) / "plan.docx"
        source.write_bytes(raw[:8] + bytes(16) + raw[24:])
        try:
            convert(source, target)
            converted = target.read_bytes()
        except Exception as error:  # a foreign library at a hostile file may raise anything
            if type(error).__name__ == "EncryptedDocumentError":
                raise UnreadableFileError(name, "加了密码", "去掉密码，另存为 .docx 再试") from None
            raise UnreadableFileError(
                name,
                f"不是完好的 .doc 文件（{type(error).__name__}）",
                "用 WPS 或 Word 打开，另存为 .docx 再试",
            ) from None
    return word.read_docx(converted, name)


def read_xls(raw: bytes, name: str, *, hidden: bool = False) -> ParsedFile:
    """Return the sheets of an .xls or .et file: shown values, merged cells; hidden sheets, rows and columns only with `hidden`.

    Raises:
        UnreadableFileError: when it is broken, locked, or the reader is not installed.
    """
    try:
        import xlrd  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError:
        raise UnreadableFileError(
            name, "是旧格式的 Excel 或 WPS 表格", _INSTALL.format(ending=".xlsx")
        ) from None
    notices: list[str] = []
    try:
        book = xlrd.open_workbook(file_contents=raw, formatting_info=True, logfile=StringIO())
        grids = []
        for sheet in book.sheets():
            if sheet.visibility and not hidden:
                notices.append(f"工作表“{sheet.name}”是隐藏的，没有读")
                continue
            grids.append(_xls_grid(book, sheet, name, notices, hidden=hidden))
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        if "encrypted" in str(error).casefold():
            raise UnreadableFileError(name, "加了密码", "去掉密码，另存为 .xlsx 再试") from None
        raise UnreadableFileError(
            name, f"不是完好的 .xls 文件（{type(error).__name__}）", "用 WPS 或 Excel 打开，另存为 .xlsx 再试"
        ) from None
    return ParsedFile(tuple(grids), (), tuple(notices))


def _xls_grid(book: Any, sheet: Any, name: str, notices: list[str], *, hidden: bool) -> Grid:
    if sheet.nrows > bounds.MAX_ROWS:
        raise UnreadableFileError(name, f"工作表“{sheet.name}”超过 {bounds.MAX_ROWS} 行", "拆成几个文件再试")
    width = min(sheet.ncols, bounds.MAX_COLUMNS)
    cells = {
        (row, column): _xls_shown(book, sheet.cell(row, column))
        for row in range(sheet.nrows)
        for column in range(min(width, sheet.row_len(row)))
    }
    joined: dict[int, set[int]] = {}
    for top, bottom, left, right in sheet.merged_cells:
        words = cells.get((top, left), "")
        for row in range(top, min(bottom, sheet.nrows)):
            for column in range(left, min(right, width)):
                cells[row, column] = words
                if row > top:
                    joined.setdefault(row, set()).add(column)
    rows = [
        row for row in range(sheet.nrows) if hidden or not getattr(sheet.rowinfo_map.get(row), "hidden", 0)
    ]
    columns = [c for c in range(width) if hidden or not getattr(sheet.colinfo_map.get(c), "hidden", 0)]
    notices += hidden_notice(sheet.name, sheet.nrows - len(rows), width - len(columns))
    lines = tuple(
        GridRow(
            f"工作表“{sheet.name}”第{row + 1}行",
            tuple(cells.get((row, column), "").strip() for column in columns),
            frozenset(columns.index(column) for column in joined.get(row, ()) if column in columns),
        )
        for row in rows
        if any(cells.get((row, column), "").strip() for column in columns)
    )
    return Grid(f"工作表“{sheet.name}”", lines)


def _xls_shown(book: Any, cell: Any) -> str:
    if cell.ctype == 1:
        return str(cell.value)
    if cell.ctype == 4:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype not in {2, 3}:
        return ""
    number_format = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == 3 or is_date_format(number_format):
        import xlrd

        try:
            return str(xlrd.xldate.xldate_as_datetime(cell.value, book.datemode).date().isoformat())
        except (xlrd.xldate.XLDateError, OverflowError, ValueError):
            return ""
    return read_number(cell.value, number_format).shown.strip()
