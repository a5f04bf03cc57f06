"""What one row of a filled sheet means: its cells → a report, or every cell that cannot be taken. Refuses rather than guesses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from ledger.commands.log import EntryRequest
from ledger.commands.sheet.faults import cell_finding
from ledger.commands.sheet.table import FilledRow
from ledger.core.dates import month_end
from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Compare, Judgement, Level, Milestone, Rank, Target
from ledger.core.quantity import QuantityError, format_amount, parse_amount
from ledger.core.reading import RUNNING_TOTAL, unit_word, without_prefix
from ledger.core.units import UnitTable
from ledger.documents.form import Cell
from ledger.files.lookup import TargetRef

ADD, TOTAL = "本期新增", "年初累计"
_BASIS: Mapping[str, bool] = {
    **dict.fromkeys((ADD, "新增", "本期", "本月新增", "当月新增", "增"), False),
    **dict.fromkeys((TOTAL, "累计", "年初至今累计", "本年累计", "总计"), True),
}
_DAY = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?")
_OF = re.compile(r"共?\s*(\d+)\s*[个家名位]?")
_NOTHING = frozenset(("-", "—", "——", "－", "/", "／", "无", "暂无", "没有"))
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

    @property
    def usual_day(self) -> date:
        """The date of a figure where none is written: the month's last day, today while the month is not over."""
        return self.today if self.month.replace(day=1) <= self.today < self.month else self.month


def expected(target: Target) -> str:
    """Say what the cell 数量 takes for a target."""
    if isinstance(target, Accumulate):
        return f"写带单位的数，如 2{unit_word(target)}，口径选{ADD}或{TOTAL}"
    if isinstance(target, Level):
        return f"写当前的数，如 2{unit_word(target)}"
    if isinstance(target, Change):
        return "写增减幅度，如 12%（下降的幅度写正数）；或写本期数，同期数写在对照数"
    if isinstance(target, Rank):
        return "写名次，如 第3位"
    if isinstance(target, Compare):
        return f"写本地的数，如 5.2{unit_word(target)}，{target.goal.benchmark}的数写在对照数"
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


def report_of(
    row: FilledRow, found: TargetRef, asked: SheetTerms, units: UnitTable
) -> EntryRequest | tuple[Finding, ...]:
    """Return what a row reports, or what is wrong with each of its cells."""
    if isinstance(found.target, Judgement):
        return (
            cell_finding(row.place("amount"), f"{found.target.name}不由部门填报", expected(found.target)),
        )
    return _Row(row, found, asked, units).report()


@dataclass
class _Row:
    row: FilledRow
    found: TargetRef
    asked: SheetTerms
    units: UnitTable
    faults: list[Finding] = field(default_factory=list)

    def report(self) -> EntryRequest | tuple[Finding, ...]:
        target = self.found.target
        amount = self._amount()
        total, amount = self._basis(amount)
        figures = self._second(amount)
        on = self._day()
        note, evidence = self._words("note"), self._words("evidence")
        if self.faults:
            return tuple(self.faults)
        if isinstance(target, Change) and figures:
            figures, amount = {"current": amount, **figures}, ""
        return EntryRequest(
            department=self.found.commitment.department,
            target=self.found.ref,
            amount=amount or None,
            figures=figures,
            on=on,
            running_total=total,
            by=self.asked.by,
            note=note or None,
            evidence=tuple(one.strip() for one in _SEVERAL.split(evidence) if one.strip()),
            simulated=self.asked.simulated,
            late=self.asked.late,
            reason=self.asked.reason,
        )

    def _fault(self, name: str, found: str, mend: str = "") -> None:
        self.faults.append(cell_finding(self.row.place(name), found, mend))

    def _words(self, name: str) -> str:
        """Return a cell's text, empty after a fault."""
        cell = self.row.cell(name)
        if cell is not None and cell.kind == "unfit":
            self._fault(name, f"是{cell.text}", cell.mend)
            return ""
        return cell.text if cell else ""

    def _amount(self) -> str:
        target, cell = self.found.target, self.row.cell("amount")
        if cell is None:
            self._fault("amount", "没有填数量", expected(target))
            return ""
        text = self._figure("amount", cell)
        if text in _NOTHING:
            self._fault(
                "amount",
                f"“{text}”不是数",
                "没有数的，这一行的数量、对照数、说明、佐证都空着；没有进展的照报累计数",
            )
            return ""
        if not text or not unit_word(target):
            return text
        if isinstance(target, Change) and self.row.cell("second"):
            return text  # the figures of two years, in a unit of their own or in none
        return self._in_unit("amount", text, cell)

    def _figure(self, name: str, cell: Cell) -> str:
        """Return a figure's text. A date is none; nor is a bare number that may be one."""
        if cell.kind == "date":
            self._fault(name, f"是日期 {cell.text}，不是数", "把单元格格式改成“文本”，重新写数")
            return ""
        text = self._words(name)
        if cell.kind == "number" and text.isdigit():
            day = _SERIAL_ZERO + timedelta(days=int(text)) if len(text) == 5 else None
            if day is not None and day.year == self.found.commitment.year:
                unit = unit_word(self.found.target) or "家"
                self._fault(
                    name,
                    f"{text} 也是日期 {day} 在表格里的序号，分不清",
                    f"是数量的，连单位写：{text}{unit}",
                )
                return ""
        return text

    def _in_unit(self, name: str, text: str, cell: Cell) -> str:
        """Add the row's unit to a bare number; the target's own only where it has no multiplier to be unsure of."""
        body, prefix = without_prefix(text)
        try:
            read = parse_amount(body, self.units)
        except QuantityError:
            return text  # said where the figure itself is read
        if read.unit:
            return text
        own, written = unit_word(self.found.target), self.row.text("unit")
        if not written:
            plain = self.found.target.unit  # type: ignore[union-attr]
            if plain and own != plain:
                self._fault(name, f"“{cell.text}”没有写单位", f"写成 {body}{own} 或 {body}{plain}")
                return ""
            written = own
        if written == "%" and 0 < abs(read.value) < 1:
            hundredfold = format_amount(read.value * 100, "%")
            self._fault(name, f"“{cell.text}”没有写 %，分不清", f"写成 {body}% 或 {hundredfold}")
            return ""
        try:
            scale = parse_amount(f"1{written}", self.units).scale
        except QuantityError:
            self._fault("unit", f"“{written}”不是单位", f"写成 {own}")
            return ""
        if scale != 1 and read.scale != 1:
            whole = format_amount(read.value, self.found.target.unit or "", read.scale)  # type: ignore[union-attr]
            self._fault(name, f"“{cell.text}”没有写单位，这一行的单位又是“{written}”", f"写全，如 {whole}")
            return ""
        return f"{prefix}{body}{written}"

    def _basis(self, amount: str) -> tuple[bool, str]:
        """Return whether the figure is a running total, and the figure without a word that says so."""
        basis = self._words("basis")
        if not isinstance(self.found.target, Accumulate):
            if basis:
                self._fault("basis", f"“{basis}”用不上，只有累计类目标有口径", "清空这一格")
            return False, amount
        body, prefix = without_prefix(amount)
        said = prefix.startswith(RUNNING_TOTAL) if prefix else None
        if not basis:
            if said is None and not self.faults:
                where = "basis" if "basis" in self.row.columns else "amount"
                self._fault(where, "没有写口径", f"选{ADD}或{TOTAL}；或在数量里写 增 {body}、累计 {body}")
            return bool(said), body
        if basis not in _BASIS:
            self._fault("basis", f"“{basis}”不是口径", f"选{ADD}或{TOTAL}")
        elif said is not None and said != _BASIS[basis]:
            self._fault("amount", f"“{amount}”和口径“{basis}”对不上", "两处写成一样")
        return _BASIS.get(basis, False), body

    def _second(self, amount: str) -> dict[str, str]:
        """Return the figures of the cell 对照数, by the names `log` gives them."""
        target, cell = self.found.target, self.row.cell("second")
        if cell is None:
            if isinstance(target, Compare) and amount:
                self._fault("second", "没有填对照数", f"写{second_of(target)}，如 4.8{unit_word(target)}")
            return {}
        text = self._figure("second", cell)
        if not text:
            return {}
        if isinstance(target, Rank):
            found = _OF.fullmatch(text)
            if found is None:
                self._fault("second", f"“{text}”不是个数", "写一共几个在排，如 11")
                return {}
            return {"of": str(int(found[1]))}
        if isinstance(target, Change):
            return self._base(text, amount)
        if isinstance(target, Compare):
            return self._readable("benchmark", self._in_unit("second", text, cell))
        self._fault("second", f"“{text}”用不上，这个目标没有对照数", "清空这一格")
        return {}

    def _base(self, text: str, amount: str) -> dict[str, str]:
        try:
            rate = parse_amount(amount, self.units).unit == "%"
        except QuantityError:
            rate = False
        if rate:
            self._fault("second", "数量已经是增减幅度，对照数不用填", "清空这一格；或在数量写本期数")
            return {}
        return self._readable("base", text)

    def _readable(self, name: str, text: str) -> dict[str, str]:
        if not text:
            return {}
        try:
            parse_amount(text, self.units)
        except QuantityError as error:
            self._fault("second", error.message, f"写{second_of(self.found.target)}")
            return {}
        return {name: text}

    def _day(self) -> date:
        cell, asked = self.row.cell("on"), self.asked
        if cell is None:
            return asked.usual_day
        if cell.kind == "number":
            self._fault("on", f"是数 {cell.text}，不是日期", f"写成 {asked.month} 这样")
            return asked.usual_day
        day = cell.day if cell.kind == "date" else _read_day(self._words("on"))
        if day is None:
            if cell.kind == "text":
                self._fault("on", f"“{cell.text}”不是日期", f"写成 {asked.month} 这样")
            return asked.usual_day
        self._check_day(day)
        return day

    def _check_day(self, day: date) -> None:
        asked, commitment = self.asked, self.found.commitment
        if month_end(day) != asked.month:
            mend = f"本月的数写本月的日期，如 {asked.month}；别的月份用那个月的表"
            self._fault("on", f"{day} 不在这张表的 {asked.month:%Y-%m} 里", mend)
        elif day > asked.today:
            self._fault("on", f"{day} 还没有到（今天是 {asked.today}）", "写数据实际所属的日期")
        elif not commitment.start <= day <= commitment.end:
            span = f"{commitment.start} 至 {commitment.end}"
            self._fault("on", f"{day} 不在 {commitment.id} 的计划期 {span} 内", "写计划期内的日期")


def _read_day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
