"""Finds the columns of a sheet by their headings, in any order, and its rows; `rows` reads the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledger.commands.sheet.faults import NotASheetError, cell_finding
from ledger.core.findings import Finding
from ledger.documents.form import Form, FormCell, FormPage, address

TITLES: Mapping[str, str] = {
    "ref": "目标代号",
    "name": "目标",
    "title": "承诺事项",
    "kind": "类型",
    "goal": "年度目标",
    "unit": "单位",
    "due": "本月应报",
    "last": "上次数据",
    "now": "目前完成",
    "pace": "序时进度",
    "basis": "口径",
    "amount": "数量",
    "second": "对照数",
    "on": "数据日期",
    "note": "说明",
    "evidence": "佐证",
    "cause": "原因",
    "measure": "措施",
    "owner": "责任人",
    "until": "时限",
}
"""The columns of a sheet, in order, and what stands over them."""
REMARK = ("cause", "measure", "owner", "until")
"""The columns for targets that are behind; a sheet without any has none of them."""
FILLED = ("basis", "amount", "second", "on", "note", "evidence", *REMARK)
"""The columns a clerk fills in."""
FILLED_BY_CLERK = frozenset(FILLED) - {"basis", "on"}
"""Those of them that are empty on a new sheet."""
_ALSO: Mapping[str, tuple[str, ...]] = {
    "ref": ("代号", "编号", "编号/代号", "目标编号"),
    "name": ("目标名称", "指标", "指标名称"),
    "unit": ("计量单位",),
    "basis": ("数量口径",),
    "amount": ("完成数", "上报数", "本次数量"),
    "second": ("参照值", "同期数", "上年同期数", "共几个", "参照数"),
    "on": ("日期",),
    "note": ("备注",),
    "evidence": ("佐证材料", "依据"),
    "cause": ("落后原因", "原因分析"),
    "measure": ("改进措施", "整改措施"),
    "until": ("完成时限", "整改时限"),
}
_MEANING = {word: field for field, title in TITLES.items() for word in (title, *_ALSO.get(field, ()))}
_WITHIN = 30
"""A heading stands near the top: titles and remarks above it are a few lines."""
_ASIDE = re.compile(r"\s|（.*?）|\(.*?\)")


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row that holds something to be taken, its cells by field."""

    number: int
    columns: Mapping[str, int]
    cells: Mapping[str, FormCell]

    def cell(self, field: str) -> FormCell | None:
        """Return the cell, None where it is empty or there is no such column."""
        return self.cells.get(field)

    def text(self, field: str) -> str:
        """Return the cell's text."""
        cell = self.cells.get(field)
        return cell.text if cell else ""

    def place(self, field: str) -> str:
        """Return the cell's name, also where it is empty; the row's where there is no such column."""
        return address(self.number, self.columns[field]) if field in self.columns else f"第{self.number}行"


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The rows of a sheet that hold something, what was wrong with their shape, and the headings that were not read."""

    rows: tuple[FilledRow, ...]
    faults: tuple[Finding, ...]
    unread: tuple[str, ...]
    notices: tuple[str, ...] = ()


def table_of(form: Form) -> SheetTable:
    """Return the one table of a form.

    Raises:
        NotASheetError: when no page has the headings, or several have.
    """
    tables = [(page, *header) for page in form.pages for header in [_header(page)] if header is not None]
    if not tables:
        raise NotASheetError(form.name, _missing(form))
    if len(tables) > 1:
        pages = "、".join(f"“{page.name}”" for page, _, _ in tables)
        raise NotASheetError(form.name, f"工作表 {pages} 都有表头，不知道读哪一张，只留一张")
    ((page, at, headings),) = tables
    columns: dict[str, int] = {}
    for column, word in headings.items():
        field = _MEANING.get(word)
        if field is not None and columns.setdefault(field, column) != column:
            places = f"{address(at, columns[field])} 和 {address(at, column)}"
            raise NotASheetError(form.name, f"{places} 都是“{TITLES[field]}”一列，只留一列")
    rows = [
        FilledRow(number, columns, {field: row[at] for field, at in columns.items() if at in row})
        for number, row in page.rows.items()
        if number > at
    ]
    filled = tuple(row for row in rows if {"ref", "name", *FILLED} & row.cells.keys() and not _again(row))
    unread = tuple(word for word in headings.values() if word not in _MEANING)
    return SheetTable(filled, tuple(_joined(page, at, columns)), unread, tuple(_notices(page, filled)))


def _notices(page: FormPage, rows: Sequence[FilledRow]) -> Iterator[str]:
    """Say what a reader of the sheet does not see, or the import does not take: hidden rows, comments."""
    filled = [row for row in rows if FILLED_BY_CLERK & row.cells.keys()]
    if hidden := [row.number for row in filled if row.number in page.hidden]:
        yield f"第 {'、'.join(map(str, hidden))} 行是隐藏的，也读了"
    for row in filled:
        for column in row.columns.values():
            if words := page.comments.get(address(row.number, column)):
                yield f"{address(row.number, column)} 有批注“{words}”，没有记入"


def _header(page: FormPage) -> tuple[int, dict[int, str]] | None:
    for number in sorted(page.rows)[:_WITHIN]:
        headings = {column: _ASIDE.sub("", cell.text) for column, cell in page.rows[number].items()}
        fields = {_MEANING.get(word) for word in headings.values()}
        if "amount" in fields and fields & {"ref", "name"}:
            return number, headings
    return None


def _missing(form: Form) -> str:
    """Say which heading is missing where a part of them stands."""
    for page in form.pages:
        for number in sorted(page.rows)[:_WITHIN]:
            fields = {_MEANING.get(_ASIDE.sub("", cell.text)) for cell in page.rows[number].values()} - {None}
            if len(fields) > 1:
                lacking = "数量" if "amount" not in fields else "目标代号"
                return f"第{number}行像是表头，但没有“{lacking}”一列"
    return "没有一行是表头，或表里是空的"


def _again(row: FilledRow) -> bool:
    """The heading once more, as on a new page."""
    return _ASIDE.sub("", row.text("amount")) == TITLES["amount"]


def _joined(page: FormPage, at: int, columns: Mapping[str, int]) -> Iterator[Finding]:
    """Cells merged over several rows: nobody can say which row the figure is of."""
    for name, first, last, left, right in page.joined:
        covered = [column for column in columns.values() if left <= column <= right]
        if last > at and first > at and covered:
            yield cell_finding(name, "是跨行合并的单元格，不知道属于哪一行", "取消合并，每行各填各的")
