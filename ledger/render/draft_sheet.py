"""The spreadsheet of drafts: one target a row, with dropdowns for what may be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.commands.draft.sheet import ACTIONS, HEADINGS, KIND_WORDS, DraftRow
from ledger.core.errors import UsageError, reason_of

_WIDTHS = (12, 8, 12, 24, 24, 10, 14, 12, 12, 44, 30, 10)


def write_sheet(path: Path, rows: Sequence[DraftRow]) -> None:
    """Write rows of drafts to an .xlsx file.

    Raises:
        UsageError: when the name does not end in .xlsx, or the file cannot be written.
    """
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    if path.suffix.casefold() != ".xlsx":
        raise UsageError(f"{path.name} 不是 .xlsx", "写成 --to 计划.xlsx")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "目标"
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(row.cells())
    for at, width in enumerate(_WIDTHS, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = width
        for number in range(1, len(rows) + 2):
            cell = sheet[f"{letter}{number}"]
            cell.number_format = "@"
            cell.data_type = "s"  # a text, whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for heading, words in (("类别", tuple(KIND_WORDS.values())), ("处理", ACTIONS)):
        choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        letter = get_column_letter(HEADINGS.index(heading) + 1)
        choice.add(f"{letter}2:{letter}{len(rows) + 1}")
        sheet.add_data_validation(choice)
    sheet.freeze_panes = "A2"
    try:
        book.save(path)
    except OSError as error:
        raise UsageError(f"{path} 写不了：{reason_of(error)}", "在 Excel 里打开着的先关掉") from None
