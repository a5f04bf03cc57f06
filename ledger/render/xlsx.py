"""The sheet a clerk fills in, as an .xlsx file.

Everything but the cells to be filled in is locked (without a password: it is a help, not a secret). Every text is written
as a text, whatever it begins with, and the cells for figures are text cells: what is typed stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter, quote_sheetname  # type: ignore[import-untyped]
from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]
from openpyxl.worksheet.properties import PageSetupProperties  # type: ignore[import-untyped]

from ledger.commands.sheet.export import BlankSheet, TargetLine
from ledger.commands.sheet.rows import ADD, TOTAL
from ledger.commands.sheet.stamp import PAGE
from ledger.commands.sheet.table import FILLED, REMARK, TITLES
from ledger.render.columns import KIND_NAMES
from ledger.render.width import width

HEAD = 4
"""The row of the headings; above it stand the title and how to fill in."""
CHOICES = "_选项"
FIELDS = tuple(TITLES)
WIDTHS: Mapping[str, float] = {
    "ref": 16,
    "name": 18,
    "title": 18,
    "kind": 8.5,
    "goal": 11,
    "unit": 7,
    "due": 6,
    "last": 12,
    "now": 13,
    "pace": 7.5,
    "basis": 10,
    "amount": 14,
    "second": 11,
    "on": 11.5,
    "note": 18,
    "evidence": 18,
    "cause": 18,
    "measure": 18,
    "owner": 8,
    "until": 11.5,
}
_CENTRED = {"kind", "unit", "due", "last", "now", "pace", "basis", "amount", "second", "on"}
_FONT = "宋体"
_THIN = Side(style="thin", color="FFB0B0B0")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="FFDCE6F1")
_OPEN_FILL = PatternFill("solid", fgColor="FFFFF9DB")
_SHUT_FILL = PatternFill("solid", fgColor="FFF2F2F2")
_LINE_HEIGHT = 15
_LONGEST_PROMPT = 255
_HOW = (
    "只填黄色的格子。数和单位连着写，如 2家、3.5亿元、4.3%；位次写 第3位；做成的事在数量里选步骤或 完成。",
    "累计类先选口径：本期新增，或年初累计。没有数的行空着；没有进展也须上报的，累计数照报一次。填完保存，交回导入。",
)


class Style(NamedTuple):
    """How a cell of the table looks; `is_open` says of a cell to be filled in whether this target has something to fill in."""

    bold: bool = False
    centred: bool = False
    number_format: str = "@"
    is_open: bool | None = None


class Styles:
    """The styles of a sheet, each made once: openpyxl hashes font, border and alignment anew for every cell that is given them."""

    def __init__(self) -> None:
        self._made: dict[Style, Any] = {}

    def apply(self, cell: Any, style: Style) -> None:
        """Give a cell a style; to be called before it gets its text."""
        if style in self._made:
            cell._style = copy(self._made[style])
            return
        cell.font, cell.border = Font(name=_FONT, size=10, bold=style.bold), _BOX
        cell.alignment = Alignment(
            horizontal="center" if style.centred else "left", vertical="center", wrap_text=True
        )
        cell.number_format = style.number_format
        if style.is_open is not None:
            cell.protection = Protection(locked=not style.is_open)
            cell.fill = _OPEN_FILL if style.is_open else _SHUT_FILL
        self._made[style] = copy(cell._style)


def sheet_bytes(blank: BlankSheet) -> bytes:
    """Return the file of a sheet to be filled in."""
    book = Workbook()
    sheet = book.active
    sheet.title = "填报"
    _heading(sheet, blank)
    styles = Styles()
    for number, line in enumerate(blank.lines, start=HEAD + 1):
        _line(sheet, number, line, blank, styles)
    _validate(book, sheet, blank)
    _lay_out(sheet, HEAD + len(blank.lines), len(_fields(blank)))
    _mark(book, blank)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _heading(sheet: Any, blank: BlankSheet) -> None:
    stamp = blank.stamp
    mark = "（模拟数据）" if stamp.simulated else ""
    title = f"{stamp.department} {stamp.month.year}年{stamp.month.month}月 进度填报表{mark}"
    for row, words, font in (
        (1, title, Font(name=_FONT, size=16, bold=True)),
        *((row, words, Font(name=_FONT, size=10)) for row, words in enumerate(_HOW, start=2)),
    ):
        _text(sheet.cell(row, 1), words).font = font
        sheet.cell(row, 1).alignment = Alignment(vertical="center")
        sheet.row_dimensions[row].height = 26 if row == 1 else 16
    for column, field in enumerate(_fields(blank), start=1):
        cell = _text(sheet.cell(HEAD, column), TITLES[field])
        cell.font, cell.fill, cell.border = Font(name=_FONT, size=10, bold=True), _HEAD_FILL, _BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS[field]
    sheet.row_dimensions[HEAD].height = 30


def _line(sheet: Any, number: int, line: TargetLine, blank: BlankSheet, styles: Styles) -> None:
    known = {
        "ref": line.target_ref.ref,
        "name": line.target_ref.target.name,
        "title": line.target_ref.commitment.title,
        "kind": KIND_NAMES[line.target_ref.target.kind],
        "goal": line.goal,
        "unit": line.unit,
        "due": "已报" if line.reported else "应报" if line.due else "",
        "last": line.last,
        "now": line.now,
        "pace": line.pace,
        "basis": line.basis,
    }
    lines = 1
    for column, field in enumerate(_fields(blank), start=1):
        cell = sheet.cell(number, column)
        style = Style(
            field == "due",
            field in _CENTRED,
            "yyyy-mm-dd" if field == "on" else "@",
            _open(field, line) if field in FILLED else None,
        )
        if field == "on":
            cell.value = blank.day
        styles.apply(cell, style)
        _text(cell, known.get(field, ""))
        words = known.get(field, "").split("\n")
        lines = max(lines, sum(-(-width(line) // int(WIDTHS[field])) or 1 for line in words))
    sheet.row_dimensions[number].height = _LINE_HEIGHT * lines + 4


def _fields(blank: BlankSheet) -> tuple[str, ...]:
    """Return the columns of a sheet: those for causes and measures, which stand last, only where a target is behind."""
    if any(line.behind for line in blank.lines):
        return FIELDS
    return tuple(field for field in FIELDS if field not in REMARK)


def _open(field: str, line: TargetLine) -> bool:
    if field in REMARK:
        return line.behind
    if field == "basis":
        return line.has_basis
    return bool(line.second) if field == "second" else True


def _text(cell: Any, words: str) -> Any:
    """Put words into a cell as words: nothing that begins with = + - @ becomes a formula."""
    if words:
        cell.value = words
        cell.data_type = "s"
        if words[0] in "=+-@":
            cell.quotePrefix = True
    return cell


class _CellRules:
    """The data validations of a sheet, one for all cells that share it: every hint and list on a cell is one of them."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self._made: dict[tuple[object, ...], DataValidation] = {}

    def put(self, field: str, row: int, **rule: Any) -> None:
        """Put a rule on the cell of a field."""
        key = (field, *sorted((name, str(value)) for name, value in rule.items()))
        validation = self._made.get(key)
        if validation is None:
            validation = self._made[key] = DataValidation(allow_blank=True, **rule)
            self.sheet.add_data_validation(validation)
        validation.add(self.sheet.cell(row, FIELDS.index(field) + 1))


def _validate(book: Any, sheet: Any, blank: BlankSheet) -> None:
    """Put the lists, the limits and the hints on the cells."""
    rules, lists = _CellRules(sheet), _choice_lists(book, blank)
    day = _day_rule(blank.stamp.month.replace(day=1), blank.stamp.month)
    basis = _list(f'"{ADD},{TOTAL}"', "口径", "本期新增：这个月新增的数。年初累计：一月至今的数。")
    evidence = _hint("佐证", "文号、网址或文件名；几样之间用中文分号“；”隔开")
    for row, line in enumerate(blank.lines, start=HEAD + 1):
        if line.has_basis:
            rules.put("basis", row, **basis)
        choices = _list(lists[line.choices], "数量", line.expected) if line.choices else None
        rules.put("amount", row, **(choices or _hint("数量", line.expected)))
        if line.second:
            rules.put("second", row, **_hint("对照数", line.second))
        rules.put("on", row, **day)
        if line.behind:
            former = f"。上次：{line.remark}" if line.remark else ""
            rules.put("cause", row, **_hint("原因", f"落后于序时进度的原因；和措施一起填{former}"))
            rules.put("until", row, **_hint("时限", "措施的完成日期，如 9月30日"))
        rules.put("evidence", row, **evidence)


def _day_rule(first: date, last: date) -> dict[str, Any]:
    return {
        "type": "date",
        "operator": "between",
        "formula1": f"DATE({first.year},{first.month},1)",
        "formula2": f"DATE({last.year},{last.month},{last.day})",
        **_hint("数据日期", f"数所属的日期，在 {first} 至 {last} 之间"),
        "showErrorMessage": True,
        "errorTitle": "数据日期不对",
        "error": f"要写 {first} 至 {last} 之间的日期，如 {last}",
    }


def _hint(title: str, words: str) -> dict[str, Any]:
    return {"showInputMessage": True, "promptTitle": title, "prompt": words[:_LONGEST_PROMPT]}


def _list(formula: str, title: str, words: str) -> dict[str, Any]:
    return {
        "type": "list",
        "formula1": formula,
        **_hint(title, words),
        "showErrorMessage": True,
        "errorTitle": f"{title}不对",
        "error": "请从下拉列表里选一个；不填就清空",
    }


def _choice_lists(book: Any, blank: BlankSheet) -> dict[tuple[str, ...], str]:
    """Put the steps of the milestones on a hidden page, and return where each list stands."""
    lists: dict[tuple[str, ...], str] = {}
    page = book.create_sheet(CHOICES)
    page.sheet_state = "hidden"
    for line in blank.lines:
        if not line.choices or line.choices in lists:
            continue
        column = len(lists) + 1
        for row, words in enumerate(line.choices, start=1):
            _text(page.cell(row, column), words)
        letter = get_column_letter(column)
        lists[line.choices] = f"{quote_sheetname(CHOICES)}!${letter}$1:${letter}${len(line.choices)}"
    return lists


def _lay_out(sheet: Any, last: int, columns: int) -> None:
    """Fix the headings on the screen and repeat them on paper: A4 across, as wide as the sheet."""
    sheet.freeze_panes = sheet.cell(HEAD + 1, FIELDS.index("title") + 1)
    sheet.sheet_view.tabSelected = True
    first = sheet.cell(HEAD + 1, FIELDS.index("amount") + 1).coordinate
    for selection in sheet.sheet_view.selection:
        if selection.pane == "bottomRight":
            selection.activeCell = selection.sqref = first
    sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(columns)}{last}"
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    sheet.print_area = f"A1:{get_column_letter(columns)}{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.5, 0.6, 0.3
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    protection = sheet.protection
    protection.sheet = True
    protection.autoFilter = protection.formatColumns = protection.formatRows = protection.formatCells = False


def _mark(book: Any, blank: BlankSheet) -> None:
    page = book.create_sheet(PAGE)
    page.sheet_state = "veryHidden"
    for row, (name, value) in enumerate(blank.stamp.facts.items(), start=1):
        _text(page.cell(row, 1), name)
        _text(page.cell(row, 2), value)
