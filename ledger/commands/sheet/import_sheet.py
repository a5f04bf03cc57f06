"""Imports filled sheets: reads every row, reports every bad cell at once, and writes what is new in one commit.

A row is recorded already when a line that counts has the same figures for the same target and date; it is skipped. Another
figure for the same target and date is refused: `correct` changes the first, and a second report has a date of its own.
Steps of a milestone may have the same date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger.commands.log import Batch, PendingEntry, write_entries
from ledger.commands.sheet.faults import (
    EmptySheetError,
    InvalidCellsError,
    InvalidSheetsError,
    SheetMismatchError,
    UnmarkedSheetError,
)
from ledger.commands.sheet.reading import AlreadyRecorded, SheetReading, is_filled
from ledger.commands.sheet.recorded import recorded_entry
from ledger.commands.sheet.rows import SheetTerms
from ledger.commands.sheet.stamp import SheetStamp, require_same_ledger, stamp_of
from ledger.commands.sheet.table import table_of
from ledger.core.errors import LedgerError
from ledger.core.progress.entries import is_report
from ledger.documents.form import Form
from ledger.files import lookup
from ledger.files.ledger import Ledger
from ledger.files.notices import Notice
from ledger.git import Commit, Repo
from ledger.rules.permissions import require_permission

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
    reading = SheetReading(batch, stamp, terms)
    filled = [row for row in table.rows if is_filled(row)]
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
            if any(recorded_entry(now, item.target_ref, item.entry) for item in reports):
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
