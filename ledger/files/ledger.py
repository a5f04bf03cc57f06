"""A ledger on disk: its rules, its plan and its entries as frozen models, with every fault located; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from ledger.core.errors import LedgerError
from ledger.core.findings import Finding, Place
from ledger.core.models import Commitment, Department, DepartmentHistory, Entry, LedgerConfig
from ledger.core.models.base import Model, ValidationError, read_model
from ledger.core.quantity import QuantityError
from ledger.core.structs import FrozenStruct, replace
from ledger.core.units import UnitTable, default_units
from ledger.files import layout, listing, worktree
from ledger.files.fingerprint import Stat, stat_of
from ledger.files.yaml_reader import Document, parse

if TYPE_CHECKING:
    from ledger.files.fast_lines import Grouped

M = TypeVar("M", bound=Model)
_MOST_FAULTS = 100
"""Faults listed of one file: to find the place of each takes a walk through the file."""


class LedgerNotFoundError(LedgerError):
    """No ledger here or above."""

    def __init__(self, start: Path) -> None:
        super().__init__(
            f"{start} 和它的上级文件夹里都没有账本（data/ledger.yaml）",
            "进入账本所在的文件夹再试；或用 --root 指明；新建账本：ledger init 文件夹",
        )


class InvalidLedgerError(LedgerError):
    """The files hold errors, so that any figure made from them would be doubtful."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        lines = [
            f"  {finding.place}  {finding.message}" + (f"；{finding.hint}" if finding.hint else "")
            for finding in findings[:20]
        ]
        if len(findings) > 20:
            lines.append(f"  …… 另有 {len(findings) - 20} 处")
        super().__init__(
            f"账本文件有 {len(findings)} 处错误，先改正再继续：\n" + "\n".join(lines), "ledger check"
        )
        self.findings = findings


class Source(FrozenStruct):
    """One commitment and the file it was read from."""

    path: str
    document: Document
    commitment: Commitment

    def place(self, *keys: str | int) -> Place:
        """Return the place of a part of the file."""
        return Place(self.path, *self.document.locate(keys))

    def finding(
        self, code: str, keys: Sequence[str | int], message: str, hint: str, excerpt: str | None = None
    ) -> Finding:
        """Return a finding at a part of the file, with its line as the excerpt unless another is given."""
        place = self.place(*keys)
        return Finding(
            code,
            message,
            hint,
            place,
            excerpt=self.document.excerpt(place.line) if excerpt is None else excerpt,
        )


class ProgressFile(FrozenStruct, dict=True):
    """The entries of one commitment, in file order, with their line numbers and whatever could not be read."""

    path: str
    entries: tuple[Entry, ...]
    lines: tuple[int, ...]
    findings: tuple[Finding, ...]

    def line_of(self, entry_id: str) -> int:
        """Return the line of an entry; 0 when it is not here."""
        return self._places.get(entry_id, 0)

    @cached_property
    def _places(self) -> dict[str, int]:
        backwards = zip(reversed(self.entries), reversed(self.lines), strict=True)
        return {entry.id: line for entry, line in backwards}  # the first line of an id used twice


class Plan(FrozenStruct):
    """One year's commitments in the departments' order, and the faults of the files that could not be read."""

    year: int
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]


class Ledger(FrozenStruct, dict=True):
    """A ledger's root and its rules, with the content they were read from.

    Where the ledger is read as a commit has it, `root` is a copy of the data (see `checkout`) and `home` the ledger in its repository.
    Commitments are read with the department that is in charge on `day`; without a day with the one that signed them, as the files say.
    """

    root: Path
    config: LedgerConfig
    document: Document
    raw: bytes = b""
    repository: Path | None = None
    commit: str | None = None
    day: date | None = None

    @property
    def home(self) -> Path:
        """The ledger's folder in its repository."""
        return self.repository or self.root

    @classmethod
    def open(
        cls,
        root: Path,
        repository: Path | None = None,
        commit: str | None = None,
        *,
        day: date | None = None,
    ) -> Ledger:
        """Read the rules of the ledger at `root`, which is a copy of the one at `repository` as `commit` has it, if these are given.

        `day` is the day whose departments count.

        Raises:
            LedgerNotFoundError: when there is none.
            InvalidLedgerError: when `data/ledger.yaml` cannot be read, with every fault located.
        """
        file = root / layout.CONFIG
        if not file.is_file():
            raise LedgerNotFoundError(root)
        return cls.read(file.read_bytes(), root, repository, commit, day=day)

    @classmethod
    def read(
        cls,
        raw: bytes,
        root: Path,
        repository: Path | None = None,
        commit: str | None = None,
        *,
        day: date | None = None,
    ) -> Ledger:
        """Return the ledger whose rules are `raw`, the content of its `data/ledger.yaml`; the other arguments are those of `open`.

        Raises:
            InvalidLedgerError: when the rules cannot be read, with every fault located.
        """
        parsed = parse(raw, str(layout.CONFIG))
        if isinstance(parsed, Finding):
            raise InvalidLedgerError((parsed,))
        config, findings = read_document(LedgerConfig, parsed, str(layout.CONFIG), None)
        if config is None:
            raise InvalidLedgerError(findings)
        ledger = cls(root, config, parsed, raw, repository, commit, day)
        try:
            _ = ledger.units
        except QuantityError as error:
            line, column = parsed.locate(("units",))
            raise InvalidLedgerError(
                (Finding("unit", error.message, error.hint, place=Place(str(layout.CONFIG), line, column)),)
            ) from None
        return ledger

    def reading_once(
        self, head_files: Callable[[], worktree.HeadFiles | None] | None = None
    ) -> OnceReadLedger:
        """Return this ledger as one that reads each file of the plan once, for a command that does not change the plan.

        `head_files` returns HEAD's list of files where it was asked for already.
        """
        fields = (self.root, self.config, self.document, self.raw, self.repository, self.commit, self.day)
        return OnceReadLedger(*fields, head_files)

    @cached_property
    def units(self) -> UnitTable:
        """The common units and the ledger's own."""
        extra = self.config.units
        return default_units().extended(extra) if extra else default_units()

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that have a plan, in order."""
        return listing.years(self.root)

    def as_signed(self) -> Ledger:
        """Return the ledger with the departments that signed the commitments, as its files say."""
        return replace(self, day=None) if self._renames else self

    @cached_property
    def history(self) -> DepartmentHistory:
        """What the departments are called on any day."""
        return self.config.history

    @property
    def _renames(self) -> bool:
        """Whether commitments may be read with another department than the one that signed them."""
        return self.day is not None and bool(self.history)

    @cached_property
    def departments(self) -> tuple[Department, ...]:
        """The departments that exist on `day`, in order; without a day all that are listed."""
        listed = self.config.departments
        if self.day is None or not self.history:
            return listed
        return tuple(row for row in listed if self.history.exists(row.name, self.day))

    def find_departments(self, word: str) -> tuple[Department, ...]:
        """Return the departments of `day` that a name or an alias of any time means: several for one that is yet to be merged."""
        department = self.config.department(word)
        if department is None and self.repository is not None:
            return self._find_later_departments(word)
        if department is None or self.day is None or not self.history:
            return () if department is None else (department,)
        names = self.history.resolve(department.name, self.day)
        return tuple(row for row in self.config.departments if row.name in names)

    def _find_later_departments(self, word: str) -> tuple[Department, ...]:
        """Return the departments that a name means which the ledger got only after it was read."""
        try:
            now = Ledger.open(self.home, day=self.day)
        except LedgerError:
            return ()
        names = {row.name for row in now.find_departments(word)}
        return tuple(row for row in self.config.departments if row.name in names)

    def folders(self, year: int, departments: Collection[str] | None) -> Collection[str] | None:
        """Return the folders of a year's plan that hold the commitments of some departments; None, for all, is all."""
        if departments is None or self.day is None or not self.history:
            return departments
        return self.history.folders(year, listing.listed_departments(self.root, year), departments, self.day)

    def counts_for(self, department: str, departments: Collection[str] | None) -> bool:
        """Return whether a commitment of `department` in the folders of `departments` is one of theirs; None, for all, is all.

        Where departments change, a folder can hold commitments of several; where they do not, the folder alone decides, also for
        a file whose content names another department (`check` reports it).
        """
        return departments is None or not self._renames or department in departments

    def read_plan(self, year: int, departments: Collection[str] | None = None) -> Plan:
        """Read the commitments of `year`, of all departments or of some; never raises for what the files hold."""
        sources: list[Source] = []
        findings: list[Finding] = []
        for path in self.target_files(year, departments):
            result = self.read_commitment(path)
            if not isinstance(result, Source):
                findings.extend(result)
            elif self.counts_for(result.commitment.department, departments):
                sources.append(result)
        if self._renames:
            order = {row.name: number for number, row in enumerate(self.config.departments)}
            sources.sort(key=lambda source: order.get(source.commitment.department, len(order)))
        return Plan(year, tuple(sources), tuple(findings))

    def load_plan(self, year: int, departments: Collection[str] | None = None) -> tuple[Source, ...]:
        """Read the commitments of `year`, for commands that make figures from them.

        Raises:
            InvalidLedgerError: when any of the files holds an error, or belongs to a department that the ledger does not list.
            MissingFilesError: when files that HEAD has of these commitments are not in the work tree.
            ExternalError: when git cannot read HEAD.
        """
        folders = self.folders(year, departments)
        worktree.require_present(self.root, self.head_files() or (), year, folders)
        plan = self.read_plan(year, departments)
        if findings := (*self._unlisted_departments(year), *plan.findings):
            raise InvalidLedgerError(findings)
        return plan.sources

    def _unlisted_departments(self, year: int) -> Iterator[Finding]:
        """Yield a finding for each folder of the plan whose department `data/ledger.yaml` does not list."""
        listed = {department.name for department in self.config.departments}
        for name in listing.listed_departments(self.root, year):
            if name not in listed:
                message = f"{layout.TARGETS}/{year} 里有“{name}”，部门名单里没有它"
                place = Place(str(layout.CONFIG), *self.document.locate(("departments",)))
                yield Finding(
                    "department",
                    message,
                    unlisted_hint(name),
                    place,
                )

    def read_commitment(self, path: PurePosixPath, raw: bytes | None = None) -> Source | tuple[Finding, ...]:
        """Read one commitment file, or say all that is wrong with it; `raw` is its content, if that was read already."""
        file = self.root / path
        if raw is None and not file.is_file() and file.exists():  # a pipe, say, would be waited for
            hint = f"取回：{worktree.RESTORE} {path}"
            return (Finding("file", "不是普通文件", hint, Place(str(path))),)
        parsed = parse(file.read_bytes() if raw is None else raw, str(path))
        if isinstance(parsed, Finding):
            return (parsed,)
        commitment, findings = read_document(Commitment, parsed, str(path), self.units)
        return Source(str(path), parsed, self._on_day(commitment)) if commitment is not None else findings

    def _on_day(self, commitment: Commitment) -> Commitment:
        """Return a commitment with the department in charge on `day`."""
        if self.day is None or not self.history:
            return commitment
        department = self.history.in_charge(commitment.year, commitment.id, self.day)
        return replace(commitment, department=department)

    def head_files(self) -> worktree.HeadFiles | None:
        """Return the ledger's files at HEAD; None outside of a repository, empty before the first commit.

        Raises:
            ExternalError: when git cannot read HEAD.
        """
        return worktree.read_head_files(self.root)

    def read_progress(self, commitment: Commitment) -> ProgressFile:
        """Read the entries of one commitment; an absent file is an empty journal."""
        path = layout.progress_file(commitment.year, commitment.id)
        file = self.root / path
        return (
            read_progress(str(path), file.read_bytes())
            if file.is_file()
            else ProgressFile(str(path), (), (), ())
        )

    def read_entries(self, commitment: Commitment) -> Grouped | ProgressFile:
        """Read the entries of one commitment by the fastest reader; an absent file is an empty journal."""
        from ledger.files.fast_lines import read_entries  # as in `read_progress`

        path = str(layout.progress_file(commitment.year, commitment.id))
        try:
            raw = (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return ProgressFile(path, (), (), ())
        return read_entries(path, raw)

    def load_progress(self, commitment: Commitment) -> ProgressFile:
        """Read the entries of one commitment, for commands that make figures from them.

        Raises:
            InvalidLedgerError: when the file holds an error.
        """
        journal = self.read_progress(commitment)
        if journal.findings:
            raise InvalidLedgerError(journal.findings)
        return journal

    def target_files(self, year: int, departments: Collection[str] | None = None) -> Iterator[PurePosixPath]:
        """Yield the paths of the commitments of `year`, of all departments or of some, in the departments' order."""
        order = [department.name for department in self.config.departments]
        for path in listing.target_files(self.root, year, order, self.folders(year, departments)):
            yield PurePosixPath(path)


class OnceReadLedger(Ledger, dict=True):
    """A ledger that reads each plan file, and HEAD's list of files, once: for commands that need them twice and do not change the plan.

    Entries are read again where the stat of their file has changed.
    """

    asked_head_files: Callable[[], worktree.HeadFiles | None] | None = None

    @cached_property
    def _commitments(self) -> dict[PurePosixPath, Source | tuple[Finding, ...]]:
        return {}

    @cached_property
    def _head_files(self) -> worktree.HeadFiles | None:
        return self.asked_head_files() if self.asked_head_files else super().head_files()

    def read_commitment(self, path: PurePosixPath, raw: bytes | None = None) -> Source | tuple[Finding, ...]:
        """Read one commitment file as `Ledger` does, the first time."""
        if raw is not None:
            return super().read_commitment(path, raw)
        if path not in self._commitments:
            self._commitments[path] = super().read_commitment(path)
        return self._commitments[path]

    @cached_property
    def _entries(self) -> dict[str, tuple[Stat | None, Grouped | ProgressFile]]:
        return {}

    def read_entries(self, commitment: Commitment) -> Grouped | ProgressFile:
        """Read the entries of one commitment as `Ledger` does, the first time and after each change."""
        path = str(layout.progress_file(commitment.year, commitment.id))
        stat = stat_of(f"{self.root}/{path}")
        if path not in self._entries or self._entries[path][0] != stat:
            self._entries[path] = stat, super().read_entries(commitment)
        return self._entries[path][1]

    def head_files(self) -> worktree.HeadFiles | None:
        """Return HEAD's list of files as `Ledger` does, read once."""
        return self._head_files


def unlisted_hint(name: str) -> str:
    """Return what to do about a department that has commitments and is not listed."""
    return (
        f"在 data/ledger.yaml 的 departments 里加上它，或改正文件夹名；部门更名不能只改名单：先恢复 name: {name}，"
        f"再用 ledger dept rename {name} 新名 --on 日期 --reason 依据"
    )


def read_progress(path: str, raw: bytes) -> ProgressFile:
    """Read a progress file: one JSON object per line, or any YAML list, which is slower and reported by `check`."""
    from ledger.files import entryfile  # here, so that reading a plan does not load what only entries need

    return entryfile.read_progress(path, raw)


def read_document(
    model: type[M], document: Document, path: str, units: UnitTable | None
) -> tuple[M | None, tuple[Finding, ...]]:
    """Return a document as a model, or None and everything that is wrong with it."""
    try:
        return read_model(model, document.data, units), ()
    except ValidationError as error:
        return None, tuple(_located(error, document, path))


def _located(error: ValidationError, document: Document, path: str) -> Iterator[Finding]:
    for finding in error.findings[:_MOST_FAULTS]:
        line, column = document.locate(finding.place.keys, key=finding.code == "unknown-key")
        yield of_schema(finding, Place(path, line, column), document.excerpt(line))
    if left := error.findings[_MOST_FAULTS:]:
        message = f"另有 {len(left)} 处错误没有列出"
        yield Finding("schema", message, "先改正列出的，再检查一次", Place(path))


def of_schema(finding: Finding, place: Place, excerpt: str) -> Finding:
    """Return a finding about a field as one about a file, where the message names the field."""
    field = finding.place.keys[-1] if finding.place.keys else "文件"
    message = f"{field}：{finding.message}" if finding.code == "value" else finding.message
    return Finding("schema", message, finding.hint, place, excerpt=excerpt)
