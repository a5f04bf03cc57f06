"""Takes a filled sheet: what each row means and changes, every bad cell at once, and one commit of what is new.

A row is there already when a line that counts says the same of the same target on the same date; it is passed over. Another
figure for the same target and date is refused: the first is put right by `correct`, and a second report has a date of its own.
Steps of a milestone stand beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger.commands.log import Batch, PendingEntry, write_entries
from ledger.commands.remark import RemarkRequest, remark_line
from ledger.commands.sheet.faults import (
    EmptySheetError,
    InvalidCellsError,
    InvalidSheetsError,
    SheetMismatchError,
    UnmarkedSheetError,
    cell_finding,
)
from ledger.commands.sheet.rows import SheetTerms, problem_of, remark_of, request_of
from ledger.commands.sheet.stamp import SheetStamp, require_same_ledger, stamp_of
from ledger.commands.sheet.table import REMARK, FilledRow, table_of
from ledger.core.errors import LedgerError
from ledger.core.findings import Finding
from ledger.core.models import Entry, Milestone
from ledger.core.models.entries import FIGURE_KEYS
from ledger.core.progress import EntryLike, by_target
from ledger.core.progress.entries import is_report
from ledger.core.progress.reviews import reviews_of
from ledger.core.quantity import QuantityError, parse_amount
from ledger.core.units import UnitTable
from ledger.documents.form import Form
from ledger.files import lookup
from ledger.files.ledger import InvalidLedgerError, Ledger, Source
from ledger.files.notices import Notice
from ledger.git import Commit, Repo
from ledger.rules.gate import SealedMonthError
from ledger.rules.permissions import PermissionDeniedError, require_permission

_TRIES = 3


class OutdatedSheetError(LedgerError):
    """Somebody else logged for the same targets and dates while the sheet was read."""

    def __init__(self) -> None:
        super().__init__("导入时有别人在记同样的数，这次一笔也没有记", "再导入一次，已经记上的不会重复")


@dataclass(frozen=True)
class ImportOptions:
    """What the caller asks for: marks for a file that has none, and what holds for all rows."""

    department: str | None = None
    month: date | None = None
    year: int | None = None
    by: str | None = None
    late: bool = False
    reason: str | None = None
    confirm: bool = False


@dataclass(frozen=True)
class AlreadyRecorded:
    """A row that says what the ledger has already."""

    place: str
    target_ref: lookup.TargetRef
    entry: Entry
    reworded: bool
    """Whether the row's remark or evidence is another than the one recorded."""


@dataclass(frozen=True)
class ImportResult:
    """What a sheet means: the entries it adds, each with the place of its row, and what was passed over."""

    name: str
    stamp: SheetStamp
    places: tuple[str, ...]
    pending: tuple[PendingEntry, ...]
    known: tuple[AlreadyRecorded, ...]
    blank: int
    unread: tuple[str, ...]
    notices: tuple[str, ...] = ()
    commit: Commit | None = None


def prepare_sheet(batch: Batch, form: Form, options: ImportOptions) -> ImportResult:
    """Read a filled sheet strictly, and add what is new in it to the batch; nothing is written.

    Raises:
        NotASheetError, UnmarkedSheetError, SheetMismatchError, EmptySheetError: when it is none, or none of this ledger, month and department.
        InvalidCellsError: with every cell that cannot be taken.
        SealedMonthError: when its month is sealed, without `late` and a reason.
        PermissionDeniedError: when others are named for the department.
    """
    ledger = batch.ledger
    stamp = _stamp(ledger, form, options)
    require_permission(ledger.config, stamp.department, batch.who.email, "log")
    table = table_of(form)
    terms = SheetTerms(
        stamp.month,
        batch.today,
        options.by,
        options.late,
        options.reason,
        ledger.config.simulated,
        options.confirm,
    )
    reading = _SheetReading(batch, stamp, terms)
    filled = [row for row in table.rows if _is_filled(row)]
    problems = list(table.faults)
    for row in filled:
        problems += reading.read_row(row)
    if problems:
        raise InvalidCellsError(form.name, problems)
    if not filled:
        raise EmptySheetError(form.name)
    return ImportResult(
        form.name,
        stamp,
        tuple(place for place, _ in reading.new),
        tuple(pending for _, pending in reading.new),
        tuple(reading.known),
        len(table.rows) - len(filled),
        table.unread,
        table.notices,
    )


def import_sheets(
    ledger: Ledger,
    forms: Sequence[Form],
    options: ImportOptions,
    *,
    today: date,
    repo: Repo,
    dry_run: bool = False,
    notify: Callable[[Notice], None] = lambda _: None,
) -> tuple[ImportResult, ...]:
    """Record what is new in filled sheets, in one commit; nothing at all where one cell of one of them is wrong.

    Raises:
        What `prepare` raises, and what `log.write_entries` does. Cells of several sheets are refused together.
        OutdatedSheetError: when others keep writing the same.
    """
    who = repo.identity()
    for _ in range(_TRIES):
        batch = Batch.open(ledger, today, who, repo)
        results = _prepare_all(batch, forms, options)
        if dry_run or not batch.pending:
            return results

        def still_new(pending: Sequence[PendingEntry] = tuple(batch.pending)) -> None:
            now = Batch.open(ledger, today, who, repo)
            reports = (item for item in pending if is_report(item.entry))
            if any(_standing(now, item.target_ref, item.entry) for item in reports):
                raise OutdatedSheetError

        try:
            logged = write_entries(
                ledger, batch.pending, today=today, repo=repo, notify=notify, check=still_new
            )
        except OutdatedSheetError:
            continue
        written = {item.entry.id: item for item in logged.pending}
        return tuple(
            replace(
                result,
                pending=tuple(written[item.entry.id] for item in result.pending),
                commit=logged.commit if result.pending else None,
            )
            for result in results
        )
    raise OutdatedSheetError


def _prepare_all(batch: Batch, forms: Sequence[Form], options: ImportOptions) -> tuple[ImportResult, ...]:
    results: list[ImportResult] = []
    wrong: list[InvalidCellsError] = []
    for form in forms:
        try:
            results.append(prepare_sheet(batch, form, options))
        except InvalidCellsError as error:
            wrong.append(error)
        except EmptySheetError:
            if len(forms) == 1:
                raise
    if wrong:
        raise wrong[0] if len(wrong) == 1 else InvalidSheetsError(wrong)
    return tuple(results)


def _stamp(ledger: Ledger, form: Form, options: ImportOptions) -> SheetStamp:
    """Return what the sheet is of: its own marks, or what the caller says; never two that differ."""
    marked = stamp_of(form)
    named = lookup.department(ledger, options.department).name if options.department else None
    if marked is None:
        if named is None or options.month is None:
            missing = "、".join(
                [*(["哪个部门"] if named is None else []), *(["哪个月"] if options.month is None else [])]
            )
            raise UnmarkedSheetError(form.name, missing + "的")
        first = options.month.replace(day=1)
        year = options.year or lookup.find_plan_year(ledger, first, options.month) or options.month.year
        stamp = SheetStamp(ledger.config.name, ledger.config.simulated, year, options.month, named)
    else:
        require_same_ledger(marked, form.name, ledger.config)
        _refuse_difference(form.name, "部门", named, lookup.department(ledger, marked.department).name)
        _refuse_difference(
            form.name, "月份", options.month and f"{options.month:%Y-%m}", f"{marked.month:%Y-%m}"
        )
        _refuse_difference(form.name, "年度", options.year, marked.year)
        stamp = marked
    stamp = replace(stamp, department=lookup.department(ledger, stamp.department).name)
    if stamp.year not in ledger.years:
        have = "、".join(map(str, ledger.years)) or "（没有）"
        raise SheetMismatchError(
            f"{form.name} 是 {stamp.year} 年的，账本里没有这一年的计划", f"现有年度：{have}"
        )
    return stamp


def _refuse_difference(name: str, what: str, requested: object, marked: object) -> None:
    if requested is not None and requested != marked:
        raise SheetMismatchError(
            f"{name} 的{what}是 {marked}，不是 {requested}", "检查是否给错了文件，或去掉这个选项"
        )


def _is_filled(row: FilledRow) -> bool:
    """The date and the basis are there beforehand; they alone say nothing."""
    return bool({*_OF_FIGURE, *REMARK} & row.cells.keys())


_OF_FIGURE = frozenset({"amount", "second", "note", "evidence"})


class _SheetReading:
    """Goes through the rows of one sheet and keeps what they mean."""

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
        other = _standing(self.batch, target_ref, entry)
        if other is not None and not _same(other, entry, self.batch.policy.units):
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


def _standing(batch: Batch, target_ref: lookup.TargetRef, entry: Entry) -> Entry | None:
    """Return the line that counts for a target on an entry's date, and for its step; the same one before any other."""
    lines = by_target(batch.lines(target_ref.commitment)).get(target_ref.target.key, ())
    candidates = [
        line
        for line in lines
        if line.on == entry.on and any(getattr(line, key) is not None for key in FIGURE_KEYS)
    ]
    if isinstance(target_ref.target, Milestone):
        candidates = [line for line in candidates if line.step == entry.step]
    return next(
        (line for line in candidates if _same(line, entry, batch.policy.units)),
        candidates[-1] if candidates else None,
    )


def _same(entry: Entry, other: Entry, units: UnitTable) -> bool:
    return all(_read(getattr(entry, key), units) == _read(getattr(other, key), units) for key in FIGURE_KEYS)


def _read(value: object, units: UnitTable) -> object:
    """A figure as it counts, however it is written: 2家 and 两 家 are the same."""
    if not isinstance(value, str):
        return value
    try:
        amount = parse_amount(value, units)
    except QuantityError:
        return value
    return amount.value, amount.unit
