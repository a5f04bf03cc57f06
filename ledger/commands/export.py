"""`export`: years of ledgers as tables for other programs, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ledger import __version__
from ledger.core.errors import LedgerError, UsageError
from ledger.core.progress.report import Query
from ledger.export import ExportFormat, store
from ledger.export.datapackage import descriptor
from ledger.export.division import Division
from ledger.export.errors import DivergedLedgerError, NoIdentityError, UnsoundLedgerError
from ledger.export.files import format_json, refuse_foreign, replace_folder
from ledger.export.header import Header
from ledger.export.rows import Rows, make_rows, rules_of
from ledger.export.schema import TABLES
from ledger.export.textfiles import json_lines, plain_csv, spreadsheet_csv, write_tables
from ledger.files.cache import Cache
from ledger.files.ledger import Ledger
from ledger.files.parallel import map_forked
from ledger.git import Repo
from ledger.rules.audit import checkpoint
from ledger.rules.check import check
from ledger.rules.known import base_of_copies, open_as_sealed
from ledger.rules.sealed import sealed_until

OpenOn = Callable[[date], Ledger]
"""Opens a ledger as it is to be read for a day."""


@dataclass(frozen=True, slots=True)
class Member:
    """The folder of a ledger, or of a store, and the place of the ledger where one was named."""

    folder: Path
    place: Division | None = None


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export, and how. `days` are the days as of whose end the tables are made; `year` is each ledger's own by default."""

    form: ExportFormat
    folder: Path
    days: tuple[date, ...]
    year: int | None = None
    include_broken: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written of one ledger on one day, and how many rows of each table; `unchanged` where it stood there already."""

    folder: Path
    form: ExportFormat
    header: Header
    rows: Mapping[str, int]
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class ExportedMany:
    """What became of many ledgers: exports written, exports that stood there already, and errors by folder."""

    folder: Path
    written: int = 0
    unchanged: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)


def month_ends(year: int, until: date) -> tuple[date, ...]:
    """Return the last day of each month of a year up to a day, and that day itself where it ends no month."""
    firsts = [date(year, month, 1) for month in range(2, 13)] + [date(year + 1, 1, 1)]
    ends = [first - timedelta(days=1) for first in firsts]
    days = [end for end in ends if end <= until]
    return tuple(days) if until in days or until.year != year else (*days, until)


def place_of(ledger: Ledger, place: Division | None = None) -> Division:
    """Return the place that was named for a ledger, else the one in its configuration, else its name as the city."""
    config = ledger.config
    return place or Division.of(config.city or config.name, config.county, config.code)


class CommitState(NamedTuple):
    """The commit that a ledger is read at, and whether its data are as that commit has them."""

    commit: str | None
    clean: bool

    @classmethod
    def of(cls, ledger: Ledger) -> CommitState:
        """Ask git once for both."""
        if ledger.commit is not None:
            return cls(ledger.commit, True)
        snapshot = Repo.open(ledger.home).snapshot([ledger.home / "data"])
        return cls(snapshot.head, not snapshot.changes)


def describe_export(ledger: Ledger, query: Query, place: Division, standing: CommitState) -> Header:
    """Return the header of a ledger's export, as if `check` had found nothing.

    Raises:
        NoIdentityError, ShallowCloneError: when the ledger cannot be identified.
    """
    repo = Repo.open(ledger.home)
    identity = repo.root_commit(None if ledger.commit else standing.commit)
    if standing.commit is None or identity is None:
        raise NoIdentityError(ledger.home)
    sealed = sealed_until(repo)
    proven = checkpoint.read_checkpoint(repo.git_dir)
    config = ledger.config
    return Header(
        ledger=identity,
        name=config.name,
        place=place,
        year=query.year,
        as_of=query.as_of,
        simulated=config.simulated,
        departments=tuple((department.name, department.inferred) for department in ledger.departments),
        rules=rules_of(config),
        commit=standing.commit,
        clean=standing.clean,
        sealed=f"{sealed:%Y-%m}" if sealed else None,
        audited="complete" if proven.tip else None,
        audited_to=proven.tip,
        sound=True,
        program=__version__,
        known=ledger.commit,
    )


def with_soundness(header: Header, ledger: Ledger, today: date, *, include_broken: bool) -> Header:
    """Return the header with what `check` makes of the ledger.

    Raises:
        UnsoundLedgerError: when it finds something and `include_broken` is not set.
    """
    findings = check(ledger, today)
    if findings and not include_broken:
        raise UnsoundLedgerError(ledger.home, findings)
    return replace(header, sound=not findings)


def preview_export(open_on: OpenOn, place: Division, options: ExportOptions, today: date) -> list[Exported]:
    """Return what `export` would write: it is written into a temporary folder, and nothing of it stays.

    Raises:
        LedgerError: as `export` does.
    """
    _require_ours(options)
    with TemporaryDirectory(prefix="ledger-") as aside:
        exported = export(open_on, place, replace(options, folder=Path(aside) / "tables"), today)
    return [replace(one_day, folder=options.folder) for one_day in exported]


def export(open_on: OpenOn, place: Division, options: ExportOptions, today: date) -> list[Exported]:
    """Write the tables of a year as of the end of each day asked for; in Parquet, what has not changed stays as it is.

    `open_on` opens the ledger for a day: as it was sealed, or as it is.

    Raises:
        InvalidLedgerError, UnsoundLedgerError: when a file of the ledger cannot be read, or `check` finds something.
        NoIdentityError: when the ledger has no commit.
        ForeignFolderError, SchemaVersionError: when the folder holds anything else.
        MissingDependencyError: when Parquet is asked for and duckdb is not installed.
        UsageError: when several days are asked for in another form than Parquet.
    """
    _require_ours(options)
    if len(options.days) > 1 and options.form is not ExportFormat.PARQUET:
        raise UsageError("几个截至日只能写成 Parquet", "加上 --format parquet；或用 --as-of 只写一天")
    exported = []
    for day in options.days:
        ledger = open_on(day).reading_once()
        query = Query(options.year or ledger.config.year, day)
        header = describe_export(ledger, query, place, CommitState.of(ledger))
        if options.form is ExportFormat.PARQUET and (unchanged := _find_unchanged(ledger, header, options)):
            exported.append(unchanged)
            continue
        header = with_soundness(header, ledger, today, include_broken=options.include_broken)
        rows = make_rows(ledger, query, header)
        counts = (
            store.write_export(options.folder, header, rows) if options.form is ExportFormat.PARQUET else {}
        )
        if options.form is not ExportFormat.PARQUET:
            _write_folder(rows, header, options, counts)
        exported.append(Exported(options.folder, options.form, header, counts))
    return exported


def export_many(
    members: Sequence[Member], options: ExportOptions, today: date, cache_of: Callable[[Path], Cache | None]
) -> ExportedMany:
    """Export many ledgers into one store, in parallel; what fails is reported by folder, and the others are written.

    Days under a seal are exported as they were sealed; `cache_of` gives the cache in which the copies are kept.

    Raises:
        ForeignFolderError, SchemaVersionError: when the folder holds anything else.
        UsageError: when the form is not Parquet.
    """
    if options.form is not ExportFormat.PARQUET:
        raise UsageError("多本账一起导出只能写成 Parquet", "加上 --format parquet")
    store.claim_store(options.folder)
    failed = _find_copies(members)
    by_folder = {str(member.folder): member for member in members if str(member.folder) not in failed}

    def work(folders: Sequence[str]) -> dict[str, object]:
        return {folder: _export_one(by_folder[folder], options, today, cache_of) for folder in folders}

    results = map_forked(list(by_folder), work)
    for folder in by_folder.keys() - results.keys():  # a child process died: again in this one
        results[folder] = _export_one(by_folder[folder], options, today, cache_of)
    failed |= {folder: result for folder, result in results.items() if isinstance(result, str)}
    counts = [result for result in results.values() if not isinstance(result, str)]
    return ExportedMany(
        options.folder,
        sum(written for written, _ in counts),
        sum(unchanged for _, unchanged in counts),
        {
            str(member.folder): failed[str(member.folder)]
            for member in members
            if str(member.folder) in failed
        },
    )


def _find_copies(members: Sequence[Member]) -> dict[str, str]:
    """Return what is wrong with the folders that hold one ledger twice: which copy is right cannot be told."""
    copies: dict[str, list[str]] = {}
    for member in members:
        with suppress(LedgerError):  # reported when it is exported
            if identity := Repo.open(member.folder).root_commit():
                copies.setdefault(identity, []).append(str(member.folder))
    return {
        folder: f"与 {'、'.join(other for other in folders if other != folder)} 是同一本账；名单里只留一个"
        for folders in copies.values()
        if len(folders) > 1
        for folder in folders
    }


def _export_one(
    member: Member, options: ExportOptions, today: date, cache_of: Callable[[Path], Cache | None]
) -> tuple[int, int] | str:
    """Export one of many; return how many days were written and how many were unchanged, or what went wrong."""
    with ExitStack() as stack:
        base = base_of_copies(cache_of(member.folder), stack)
        try:
            place = place_of(Ledger.open(member.folder), member.place)
            exported = export(lambda day: open_as_sealed(member.folder, day, base), place, options, today)
        except LedgerError as error:
            return f"{error.message}；{error.hint}"
    unchanged = sum(result.unchanged for result in exported)
    return len(exported) - unchanged, unchanged


def read_list(file: Path) -> list[Member]:
    """Read a list of ledgers: one folder a line, or `市/县=文件夹`; folders are relative to the list, `#` begins a comment.

    Raises:
        UsageError: when it cannot be read, is empty, or names a folder twice.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"名单 {file} 读不出来", "写成 UTF-8 的文本文件，一行一个账本的文件夹") from None
    members: dict[Path, Member] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        member = parse_member(file.parent, text)
        if member.folder.resolve() in members:
            raise UsageError(f"{file} 第 {number} 行：{text} 已经写过一次", "每本账只写一行")
        members[member.folder.resolve()] = member
    if not members:
        raise UsageError(f"名单 {file} 里没有账本", "一行写一个账本的文件夹，或 市/县=文件夹")
    return list(members.values())


def parse_member(folder: Path, text: str) -> Member:
    """Read `文件夹` or `湖州/安吉=文件夹`, relative to `folder`; a folder that exists under the whole text is that folder."""
    name, sign, path = text.partition("=")
    if not sign or (folder / text).exists():
        return Member(folder / text)
    return Member(folder / path, Division.parse(name))


def _find_unchanged(ledger: Ledger, header: Header, options: ExportOptions) -> Exported | None:
    """Return the export that stands in the store already, if it was made from the same commit by the same program.

    Raises:
        DivergedLedgerError: when it was made from a commit that is not in this ledger's history.
    """
    if (header_and_rows := store.find_header(options.folder, header)) is None:
        return None
    stored, rows = header_and_rows
    if not Repo.open(ledger.home).is_ancestor(stored.commit, header.commit):
        raise DivergedLedgerError(header, stored)
    if not header.clean:
        return None
    if stored not in (header, replace(header, sound=not options.include_broken)):
        return None
    return Exported(options.folder, options.form, stored, rows, unchanged=True)


def _require_ours(options: ExportOptions) -> None:
    """Raise ForeignFolderError or SchemaVersionError unless the folder is free or holds an export of this form."""
    if options.form is ExportFormat.PARQUET:
        store.is_store(options.folder)
    else:
        refuse_foreign(options.folder, options.form.value)


def _write_folder(rows: Rows, header: Header, options: ExportOptions, counts: dict[str, int]) -> None:
    def fill(folder: Path) -> None:
        tables = TABLES.values()
        if options.form is ExportFormat.JSONL:
            counts.update(write_tables(folder, tables, rows, json_lines, ".jsonl"))
        elif options.form is ExportFormat.CSV:
            counts.update(write_tables(folder, tables, rows, spreadsheet_csv, ".csv", "utf-8-sig"))
        else:
            counts.update(write_tables(folder, tables, rows, plain_csv, ".csv"))
            (folder / "datapackage.json").write_bytes(format_json(descriptor(folder, header, counts)))

    replace_folder(options.folder, options.form.value, fill, header.to_json())
