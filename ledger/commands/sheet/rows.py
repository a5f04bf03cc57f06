"""What one row of a filled sheet says: its cells → a request, or every cell that cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.commands.sheet.faults import cell_finding
from ledger.commands.sheet.table import REMARK, TITLES, FilledRow
from ledger.core.dates import DateError, month_end, read_date, read_deadline
from ledger.core.errors import LedgerError
from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Compare, Judgement, Level, Milestone, Rank, Target
from ledger.core.reading import (
    BASIS_NAMES,
    BASIS_WORDS,
    NOTHING,
    BareNumberError,
    Basis,
    UnreadableFigureError,
    example,
    gives_benchmark,
    unit_word,
)

if TYPE_CHECKING:  # who writes an empty sheet needs nothing of what writes entries
    from ledger.commands.log import EntryRequest
    from ledger.commands.remark import RemarkRequest
    from ledger.documents.form import FormCell
    from ledger.files.lookup import TargetRef

ADD, TOTAL = BASIS_NAMES["add"], BASIS_NAMES["total"]
_COMPACT_DAY = re.compile(r"(19|20)[0-9]{6}")
"""A date typed as one number: 20230630."""
_SECOND: Mapping[type, str] = {Change: "base", Rank: "of", Compare: "benchmark"}
"""The figure that the cell 对照数 gives, by the kind of target."""
_SEVERAL = re.compile(r"[\n；]")
_SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of the dates of office programs, for every day since March 1900."""


@dataclass(frozen=True)
class SheetTerms:
    """What holds for the whole sheet: its month, who reports, and why late."""

    month: date
    today: date
    by: str | None = None
    late: bool = False
    reason: str | None = None
    simulated: bool = False
    confirm: bool = False

    @property
    def usual_day(self) -> date:
        """The date of a figure where none is written: the month's last day, today while the month is not over."""
        return self.today if self.month.replace(day=1) <= self.today < self.month else self.month


def expected_cell(target: Target) -> str:
    """Say what the cell 数量 takes for a target, with an example of its own size."""
    amount = example(target)
    if isinstance(target, Accumulate):
        return f"写带单位的数，如 {amount}，口径选{ADD}或{TOTAL}"
    if isinstance(target, Level):
        return f"写当前的数，如 {amount}"
    if isinstance(target, Change):
        words = ("下降", "上升") if target.direction == "decrease" else ("增长", "下降")
        return f"写{words[0]}{amount}；方向相反的写{words[1]}{amount}；或写本期数，同期数写在对照数"
    if isinstance(target, Rank):
        return "写位次，如 第3位"
    if isinstance(target, Compare):
        return f"写本地的数，如 {amount}，{target.goal.benchmark}的数写在对照数"
    if isinstance(target, Milestone):
        return "写做成的步骤：" + "、".join(choices(target))
    return "由督查评定（ledger judge），不在这张表里填"


def choices(target: Milestone) -> tuple[str, ...]:
    """Return what may be chosen for a milestone: its steps, or 完成."""
    return tuple(step.name for step in target.steps) or ("完成",)


def second_of(target: Target) -> str:
    """Say what the cell 对照数 takes for a target; nothing where it takes none."""
    if isinstance(target, Compare):
        return f"{target.goal.benchmark}的数"
    if isinstance(target, Change):
        return "上年同期数（数量写本期数时才填）"
    return f"{target.among or ''}一共几个在排（可不填）" if isinstance(target, Rank) else ""


def request_of(
    row: FilledRow, target_ref: TargetRef, terms: SheetTerms
) -> EntryRequest | tuple[Finding, ...]:
    """Return what a row reports, or what is wrong with its cells before any figure is read."""
    if isinstance(target_ref.target, Judgement):
        return (
            cell_finding(
                row.place("amount"), f"{target_ref.target.name}不由部门填报", expected_cell(target_ref.target)
            ),
        )
    return _Row(row, target_ref, terms).request()


def remark_of(row: FilledRow, terms: SheetTerms) -> RemarkRequest | tuple[Finding, ...] | None:
    """Return the cause and measure that a row states, what is wrong with these cells, or None where they are empty."""
    if not any(row.cell(name) for name in REMARK):
        return None
    faults = [
        cell_finding(row.place(name), f"是{cell.text}", cell.mend)
        for name in REMARK
        if (cell := row.cell(name)) is not None and cell.kind == "unfit"
    ]
    faults += [
        cell_finding(row.place(name), f"没有填{TITLES[name]}", "原因和措施要一起填")
        for name in ("cause", "measure")
        if row.cell(name) is None
    ]
    until = None
    cell = row.cell("until")
    if cell is not None and cell.kind == "date":
        until = cell.day
    elif cell is not None and cell.kind != "unfit":
        try:
            until = read_deadline(cell.text, terms.today)
        except DateError as error:
            faults.append(cell_finding(row.place("until"), error.message, error.hint))
    if faults:
        return tuple(faults)
    from ledger.commands.remark import RemarkRequest

    return RemarkRequest(
        row.text("cause"),
        row.text("measure"),
        row.text("owner") or None,
        until,
        on=terms.usual_day,
        by=terms.by,
        late=terms.late,
        reason=terms.reason,
    )


def problem_of(row: FilledRow, target_ref: TargetRef, error: LedgerError) -> Finding:
    """Put what the reader or the gate says about a figure into a sheet's words: hints name options, a sheet has columns."""
    figure = error.figure if isinstance(error, UnreadableFigureError) else ""
    column = {"benchmark": "second", "base": "second", "of": "second", "unit": "unit"}.get(figure, "amount")
    if row.cell(column) is None:
        column = "amount"  # the amount's own text gave the figure
    place = row.place(column)
    from ledger.rules.gate import DoubtfulFigureError

    if isinstance(error, DoubtfulFigureError):
        hint = "写错的，改好再导入；核对无误的，导入时加 --confirm"
        return cell_finding(place, f"请核对。{error.question}", hint)
    if column == "second" and not isinstance(error, BareNumberError):
        return cell_finding(place, error.message, f"写{second_of(target_ref.target)}")
    if isinstance(error, BareNumberError):
        return cell_finding(place, error.message, error.hint)
    hint = error.hint if error.hint and "--" not in error.hint else expected_cell(target_ref.target)
    return cell_finding(place, error.message, hint)


@dataclass
class _Row:
    row: FilledRow
    target_ref: TargetRef
    terms: SheetTerms
    faults: list[Finding] = field(default_factory=list)

    def request(self) -> EntryRequest | tuple[Finding, ...]:
        target, terms = self.target_ref.target, self.terms
        amount, second = self._amount(), self._second()
        basis = self._basis()
        on = self._day()
        note, evidence = self._words("note"), self._words("evidence")
        if self.faults:
            return tuple(self.faults)
        figures = {}
        if second:
            figures = {_SECOND[type(target)]: second}
        if isinstance(target, Change) and figures:
            figures, amount = {"current": amount, **figures}, ""
        cells = [self.row.cell("amount"), self.row.cell("second")]
        from ledger.commands.log import EntryRequest

        return EntryRequest(
            department=self.target_ref.commitment.department,
            target=self.target_ref.ref,
            amount=amount or None,
            figures=figures,
            on=on,
            basis=basis,
            unit=self.row.text("unit"),
            typed=all(cell is None or cell.kind != "number" for cell in cells),
            by=terms.by,
            note=note or None,
            evidence=tuple(part.strip() for part in _SEVERAL.split(evidence) if part.strip()),
            simulated=terms.simulated,
            late=terms.late,
            reason=terms.reason,
            confirm=terms.confirm,
        )

    def _fault(self, name: str, message: str, mend: str = "") -> None:
        self.faults.append(cell_finding(self.row.place(name), message, mend))

    def _words(self, name: str) -> str:
        """Return a cell's text, empty after a fault."""
        cell = self.row.cell(name)
        if cell is not None and cell.kind == "unfit":
            self._fault(name, f"是{cell.text}", cell.mend)
            return ""
        return cell.text if cell else ""

    def _amount(self) -> str:
        target, cell = self.target_ref.target, self.row.cell("amount")
        if cell is None:
            self._fault("amount", "没有填数量", expected_cell(target))
            return ""
        text = self._figure("amount", cell)
        if text in NOTHING:
            self._fault(
                "amount",
                f"“{text}”不是数",
                "没有数的，这一行的数量、对照数、说明、佐证都空着；没有进展的照报累计数",
            )
            return ""
        return text

    def _figure(self, name: str, cell: FormCell) -> str:
        """Return a figure's text. A date is none; nor is a bare number that may be one."""
        if cell.kind == "date":
            self._fault(name, f"是日期 {cell.text}，不是数", "把单元格格式改成“文本”，重新写数")
            return ""
        text = self._words(name)
        if cell.kind == "number" and text.isdigit():
            day = _SERIAL_ZERO + timedelta(days=int(text)) if len(text) == 5 else None
            if day is not None and day.year == self.target_ref.commitment.year:
                unit = unit_word(self.target_ref.target) or "家"
                self._fault(
                    name,
                    f"{text} 也是日期 {day} 在表格里的序号，分不清",
                    f"是数量的，连单位写：{text}{unit}",
                )
                return ""
        return text

    def _basis(self) -> Basis | None:
        words = re.sub(r"\s", "", self._words("basis"))
        if not words:
            return None
        if not isinstance(self.target_ref.target, Accumulate):
            self._fault("basis", f"“{words}”用不上，只有累计类目标有口径", "清空这一格")
        elif words not in BASIS_WORDS:
            self._fault("basis", f"“{words}”不是口径", f"选{ADD}或{TOTAL}")
        return BASIS_WORDS.get(words)

    def _second(self) -> str:
        target, cell = self.target_ref.target, self.row.cell("second")
        if cell is None:
            amount = self.row.text("amount")
            if isinstance(target, Compare) and amount and not gives_benchmark(target, amount):
                self._fault("second", "没有填对照数", f"写{second_of(target)}，如 4.8{unit_word(target)}")
            return ""
        text = self._figure("second", cell)
        if text and type(target) not in _SECOND:
            self._fault("second", f"“{text}”用不上，这个目标没有对照数", "清空这一格")
            return ""
        return text

    def _day(self) -> date:
        cell, terms = self.row.cell("on"), self.terms
        if cell is None:
            return terms.usual_day
        if cell.kind == "date" and cell.day is not None:
            day: date | None = cell.day
        elif cell.kind == "number" and not _COMPACT_DAY.fullmatch(cell.text):
            self._fault("on", f"是数 {cell.text}，不是日期", f"写成 {terms.month} 这样")
            return terms.usual_day
        else:
            day = self._written_day(cell.text if cell.kind == "number" else self._words("on"))
        if day is None:
            return terms.usual_day
        self._check_day(day)
        return day

    def _written_day(self, words: str) -> date | None:
        """Return a date as people write it; one without a year is of the sheet's month where that has the day."""
        days, faults = [], []
        for today in (self.terms.today, self.terms.month):
            try:
                days.append(read_date(words, today))
            except DateError as error:
                faults.append(error)
        if not days:
            if words:
                self._fault("on", faults[-1].message, faults[-1].hint)
            return None
        return next((day for day in days if month_end(day) == self.terms.month), days[0])

    def _check_day(self, day: date) -> None:
        terms, commitment = self.terms, self.target_ref.commitment
        if month_end(day) != terms.month:
            mend = f"本月的数写本月的日期，如 {terms.month}；别的月份用那个月的表"
            self._fault("on", f"{day} 不在这张表的 {terms.month:%Y-%m} 里", mend)
        elif day > terms.today:
            self._fault("on", f"{day} 还没有到（今天是 {terms.today}）", "写数据实际所属的日期")
        elif not commitment.start <= day <= commitment.end:
            span = f"{commitment.start} 至 {commitment.end}"
            self._fault("on", f"{day} 不在 {commitment.id} 的计划期 {span} 内", "写计划期内的日期")
