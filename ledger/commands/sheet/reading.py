"""Reads the rows of one filled sheet: what each adds, what is recorded already, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.commands.log import Batch, PendingEntry
from ledger.commands.remark import RemarkRequest, remark_line
from ledger.commands.sheet.faults import (
    cell_finding,
)
from ledger.commands.sheet.recorded import recorded_entry, same_figures
from ledger.commands.sheet.rows import SheetTerms, problem_of, remark_of, request_of
from ledger.commands.sheet.stamp import SheetStamp
from ledger.commands.sheet.table import REMARK, FilledRow
from ledger.core.errors import LedgerError
from ledger.core.findings import Finding
from ledger.core.models import Entry
from ledger.core.models.entries import FIGURE_KEYS
from ledger.core.progress import EntryLike
from ledger.core.progress.reviews import reviews_of
from ledger.files import lookup
from ledger.files.ledger import InvalidLedgerError, Source
from ledger.rules.gate import SealedMonthError
from ledger.rules.permissions import PermissionDeniedError


@dataclass(frozen=True)
class AlreadyRecorded:
    """A row that says what the ledger has already."""

    place: str
    target_ref: lookup.TargetRef
    entry: Entry
    reworded: bool
    """Whether the row's remark or evidence is another than the one recorded."""


def is_filled(row: FilledRow) -> bool:
    """Whether a row reports anything: the date and the basis are filled in on export."""
    return bool({*_OF_FIGURE, *REMARK} & row.cells.keys())


_OF_FIGURE = frozenset({"amount", "second", "note", "evidence"})


class SheetReading:
    """The rows of one sheet, read one after the other: new entries and those recorded already."""

    def __init__(self, batch: Batch, stamp: SheetStamp, terms: SheetTerms) -> None:
        self.batch, self.ledger, self.stamp, self.terms = batch, batch.ledger, stamp, terms
        self.sources: Sequence[Source] = list(self.ledger.load_plan(stamp.year, {stamp.department}))
        self.new: list[tuple[str, PendingEntry]] = []
        self.known: list[AlreadyRecorded] = []
        self.seen: dict[tuple[str, date, str | None], str] = {}

    def read_row(self, row: FilledRow) -> Sequence[Finding]:
        """Keep what a row means; return what is wrong with it."""
        target_ref = self._target(row)
        if isinstance(target_ref, Finding):
            return (target_ref,)
        remark = remark_of(row, self.terms)
        faults = remark if isinstance(remark, tuple) else ()
        if _OF_FIGURE & row.cells.keys():
            faults = (*self._read_figure(row, target_ref), *faults)
        if isinstance(remark, RemarkRequest) and not faults:
            faults = self._read_remark(row, target_ref, remark)
        return faults

    def _read_remark(
        self, row: FilledRow, target_ref: lookup.TargetRef, remark: RemarkRequest
    ) -> tuple[Finding, ...]:
        """Keep a cause and measure, unless the same was said already."""
        place = row.place("cause")
        try:
            entry = remark_line(self.batch, target_ref, remark)
            remarks = reviews_of(self.batch.lines(target_ref.commitment)).remarks.get(
                target_ref.target.key, ()
            )
            if remarks and _remark_words(remarks[-1]) == _remark_words(entry):
                return ()
            self.new.append((place, self.batch.add(target_ref, entry)))
        except (SealedMonthError, InvalidLedgerError, PermissionDeniedError):
            raise
        except LedgerError as error:
            return (cell_finding(place, error.message, error.hint),)
        return ()

    def _read_figure(self, row: FilledRow, target_ref: lookup.TargetRef) -> tuple[Finding, ...]:
        """Keep the figure of a row, unless it is recorded already; return what is wrong with it."""
        request = request_of(row, target_ref, self.terms)
        if isinstance(request, tuple):
            return request
        place = row.place("amount")
        try:
            entry = self.batch.entry(target_ref, request)
        except LedgerError as error:
            return (problem_of(row, target_ref, error),)
        if first := self.seen.get((target_ref.ref, entry.on, entry.step)):
            return (
                cell_finding(place, f"{target_ref.target.name} {entry.on} 已经在 {first} 填过", "只留一行"),
            )
        self.seen[target_ref.ref, entry.on, entry.step] = place
        other = recorded_entry(self.batch, target_ref, entry)
        if other is not None and not same_figures(other, entry, self.batch.policy.units):
            return (_changed(place, target_ref, other, row.text("amount")),)
        if other is not None:
            reworded = (entry.note, entry.evidence) != (other.note, other.evidence)
            self.known.append(AlreadyRecorded(place, target_ref, other, reworded))
            return ()
        try:
            self.new.append((place, self.batch.add(target_ref, entry, confirm=request.confirm)))
        except (SealedMonthError, InvalidLedgerError, PermissionDeniedError):
            raise
        except LedgerError as error:
            return (problem_of(row, target_ref, error),)
        return ()

    def _target(self, row: FilledRow) -> lookup.TargetRef | Finding:
        """Return the target a row is about: by its code, else by its whole name; never by a part of one."""
        for field in ("ref", "name"):
            if (cell := row.cell(field)) is not None and cell.kind == "unfit":
                return cell_finding(row.place(field), f"是{cell.text}", "写目标代号，如 金融办-03/listed")
        ref, name = row.text("ref"), row.text("name")
        targets = [
            lookup.TargetRef(source, target)
            for source in self.sources
            for target in source.commitment.targets
        ]
        if not ref:
            return _by_name(row, name, targets)
        owner = self.ledger.config.department(ref.partition("/")[0].rpartition("-")[0])
        if owner is not None and (other := self._other_department(ref)):
            message = f"{ref} 是{other}的目标，这张表是{self.stamp.department}的"
            return cell_finding(row.place("ref"), message, "各部门的数填在各部门的表里")
        head, slash, key = ref.partition("/")
        code = f"{owner.name}-{head.rpartition('-')[2]}/{key}" if owner and slash else ref
        try:
            hit = lookup.target(self.sources, code)
        except lookup.AmbiguousTargetError as error:
            return cell_finding(row.place("ref"), error.message.partition("：")[0], error.hint)
        except LedgerError as error:
            return cell_finding(row.place("ref"), error.message, error.hint)
        if ref not in (hit.target.key, hit.target.name) and not slash:
            return cell_finding(row.place("ref"), f"“{ref}”不是目标代号", f"写全，如 {hit.ref}")
        if name and name != hit.target.name:
            message = f"目标是“{name}”，而代号 {hit.ref} 是“{hit.target.name}”"
            return cell_finding(row.place("name"), message, "代号和目标要在同一行；排序时要选中整张表")
        return hit

    def _other_department(self, ref: str) -> str | None:
        """Return the department in charge of what a code names where it is not the sheet's."""
        identifier = ref.partition("/")[0]
        if identifier in {source.commitment.id for source in self.sources}:
            return None  # without a look at git and the files for each row
        try:
            department = lookup.commitment(self.ledger, self.stamp.year, identifier).commitment.department
        except LedgerError:
            departments = self.ledger.find_departments(identifier.rpartition("-")[0])
            names = [row.name for row in departments]
            return None if self.stamp.department in names else "、".join(names)
        return None if department == self.stamp.department else department


def _remark_words(entry: EntryLike) -> tuple[object, ...]:
    return (entry.on, entry.cause, entry.measure, entry.owner, entry.until)


def _by_name(row: FilledRow, name: str, targets: Sequence[lookup.TargetRef]) -> lookup.TargetRef | Finding:
    hits = [target for target in targets if name == target.target.name]
    if len(hits) == 1:
        return hits[0]
    if not name:
        return cell_finding(row.place("ref"), "没有写是哪个目标", "写目标代号，如 金融办-03/listed")
    if hits:
        codes = "、".join(hit.ref for hit in hits)
        return cell_finding(row.place("name"), f"有 {len(hits)} 个目标叫“{name}”", f"写目标代号：{codes}")
    error = lookup.UnknownTargetError(name, targets)
    return cell_finding(row.place("name"), error.message, error.hint)


def _changed(place: str, target_ref: lookup.TargetRef, other: Entry, written: str) -> Finding:
    recorded = "、".join(str(value) for key in FIGURE_KEYS if (value := getattr(other, key)) is not None)
    return cell_finding(
        place,
        f"{target_ref.target.name} {other.on} 已记 {recorded}，和表里的 {written} 不一样",
        f"要改：ledger correct {other.id} 数量 --reason 理由；是另报一笔的，写另一个数据日期",
    )
