"""An Excel workbook of a view's records: numbers as numbers, with formats, filters and headings on every printed page."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet.properties import PageSetupProperties  # type: ignore[import-untyped]

from ledger.render.columns import DIGITS, EXACT, Cell
from ledger.render.view import Lines, View
from ledger.render.width import width

_FONT = "宋体"
_NARROWEST, _WIDEST = 5, 22
_READABLE = 220
"""Characters across a page of A4 that print at 60 % of their size or more."""
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")
"""Characters that XML cannot hold."""


def workbook(view: View) -> bytes:
    """Return the file. The first heading and any warning of the view stand in the header of printed pages."""
    book = Workbook()
    sheet = book.active
    sheet.title = "数据"
    kept = [number for number, (_, form) in enumerate(view.records.columns) if form != EXACT]
    columns = [view.records.columns[number] for number in kept]
    widths = [width(title) for title, _ in columns]
    for column, (title, _) in enumerate(columns, start=1):
        cell = sheet.cell(1, column, title)
        cell.font, cell.fill = Font(name=_FONT, size=10, bold=True), PatternFill("solid", fgColor="FFDCE6F1")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for row, values in enumerate(view.records.rows, start=2):
        for column, number in enumerate(kept, start=1):
            value, form = values[number], columns[column - 1][1]
            if value is None:
                continue
            _put(sheet.cell(row, column), value, form)
            widths[column - 1] = max(widths[column - 1], width(str(value)) if isinstance(value, str) else 10)
    _lay_out(sheet, widths)
    _head(sheet, view)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(cell: Any, value: Cell, form: str) -> None:
    """Put a value into a cell: a text as a text whatever it begins with, a fraction rounded as CSV rounds it."""
    if isinstance(value, Fraction):
        cell.value = float(round(value, DIGITS))
    elif isinstance(value, str):
        cell.value = value.translate(_ILLEGAL)
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in "=+-@" and bool(value)
    else:
        cell.value = value
    cell.number_format = form
    cell.font = Font(name=_FONT, size=10)
    cell.alignment = Alignment(vertical="center", wrap_text=isinstance(value, str))


def _lay_out(sheet: Any, widths: list[int]) -> None:
    """Freeze and filter the headings, and print them on every page: A4 across, on as many side by side as keep it readable."""
    sizes = [min(_WIDEST, max(_NARROWEST, size)) + 2 for size in widths]
    for column, size in enumerate(sizes, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = size
    across = max(1, -(-sum(sizes) // _READABLE))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(widths)))}{sheet.max_row}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = across, 0
    if across > 1:
        sheet.print_title_cols = "A:A"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _head(sheet: Any, view: View) -> None:
    heading = [
        " ".join(block.lines)
        for block in view.blocks
        if isinstance(block, Lines) and block.style in {"heading", "warning"}
    ][:2]
    sheet.oddHeader.center.text = "　".join(heading).replace("&", "&&")[:200]
