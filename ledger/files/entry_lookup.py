"""Finds the entry that a user means by an id, the end of one, a commit, or a target and a month."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from ledger.core.dates import month_end
from ledger.core.errors import LedgerError
from ledger.core.models import Entry
from ledger.core.models.entries import SHORT_ID
from ledger.core.progress.entries import effective
from ledger.core.progress.summary import subject_figures
from ledger.files import layout, lookup
from ledger.files.ledger import InvalidLedgerError, Ledger, ProgressFile, Source, read_progress
from ledger.files.lookup import TargetRef
from ledger.git import Repo


class UnknownEntryError(LedgerError):
    """No entry of that id or commit."""

    def __init__(self, word: str, years: Sequence[int]) -> None:
        super().__init__(
            f"{'、'.join(map(str, sorted(years)))} 年的记录里没有编号为“{word}”的",
            "写成 部门 目标 --month 月份，如 金融办 新增上市公司 --month 2023-05；或用 ledger history 事项编号 查编号",
        )


class ShortIdError(LedgerError):
    """Too little of an id to mean one entry."""

    def __init__(self, word: str) -> None:
        super().__init__(
            f"编号“{word}”太短，容易指错",
            f"写全，或写最后 {SHORT_ID} 位以上；ledger history 事项编号 可以查到",
        )


class NothingReportedError(LedgerError):
    """A target without an entry that counts, in a month or at all; the months that have one are named."""

    def __init__(self, target_ref: TargetRef, month: date | None, months: Sequence[str]) -> None:
        when = f" {month:%Y-%m} " if month else ""
        have = (
            f"有记录的月份：{'、'.join(months)}；如 --month {months[-1]}"
            if months
            else f"尚未报送；报数：ledger log {target_ref.commitment.department} {target_ref.ref} 数量"
        )
        super().__init__(f"{target_ref.ref} {target_ref.target.name}{when}没有可以改的记录", have)


class AmbiguousEntryError(LedgerError):
    """More than one entry fits; `choices` are they, in the order of the list."""

    def __init__(self, word: str, choices: Sequence[FoundEntry]) -> None:
        self.choices = tuple(choices)
        length = SHORT_ID
        while length < len(choices[0].entry.id) and len(
            {choice.entry.id[-length:] for choice in choices}
        ) < len(choices):
            length += 1
        lines = "\n".join(
            f"  {number}  {choice.entry.on}  {subject_figures(choice.entry, choice.target_ref.target)}"
            f"  编号 {choice.entry.id[-length:]}  {choice.target_ref.ref}"
            for number, choice in enumerate(choices, start=1)
        )
        super().__init__(
            f"“{word}”可以指 {len(choices)} 条记录：\n{lines}",
            f"写编号，如 {choices[0].entry.id[-length:]}；或用 --month 写明月份",
        )


@dataclass(frozen=True)
class FoundEntry:
    """An entry, its line, its file and its commitment."""

    source: Source
    journal: ProgressFile
    entry: Entry

    @property
    def target_ref(self) -> TargetRef:
        """The target the entry is for.

        Raises:
            LedgerError: when its commitment has no such target.
        """
        for target in self.source.commitment.targets:
            if target.key == self.entry.target:
                return TargetRef(self.source, target)
        raise LedgerError(
            f"{self.entry.id} 记在代号 {self.entry.target} 上，{self.source.commitment.id} 没有这个目标",
            f"ledger show {self.source.commitment.id} 查看现有目标；请管理员核对 {self.source.path}",
        )


def find_entry(ledger: Ledger, years: Sequence[int], word: str) -> FoundEntry:
    """Return the entry with that id, whose id ends so, or the one that a commit recorded, in the first of the years that has it.

    Only files that may hold it are read.

    Raises:
        ShortIdError, UnknownEntryError, AmbiguousEntryError: when it is not exactly one.
        InvalidLedgerError: when its file holds an error.
    """
    if len(word.strip()) < SHORT_ID:
        raise ShortIdError(word)
    for year in years:
        if entries := _entries_named(ledger, year, word.strip()):
            break
    else:
        raise UnknownEntryError(word, years)
    if len(entries) > 1:
        raise AmbiguousEntryError(word, entries)
    return entries[0]


def _entries_named(ledger: Ledger, year: int, word: str) -> list[FoundEntry]:
    entries = _entries_ending(ledger, year, {word.upper()})
    folder = ledger.root / layout.PROGRESS / str(year)
    if entries or not folder.is_dir() or not re.fullmatch(r"[0-9a-f]{7,40}", word):
        return entries
    commits = Repo.open(ledger.root).entry_commits(folder)
    committed = {entry for entry, commit in commits.items() if commit.id.startswith(word)}
    return _entries_ending(ledger, year, committed) if committed else []


def find_reported(ledger: Ledger, year: int, department: str, word: str, month: date | None) -> FoundEntry:
    """Return the one entry of a target that counts, of a month where one is given (as its last day).

    Raises:
        UnknownDepartmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        NothingReportedError, AmbiguousEntryError: when it is not exactly one.
    """
    target_ref = lookup.target_of_department(ledger, year, department, word)
    journal = ledger.load_progress(target_ref.commitment)
    counting = [entry for entry in effective(journal.entries) if entry.target == target_ref.target.key]
    entries = [
        FoundEntry(target_ref.source, journal, entry)
        for entry in counting
        if month is None or month_end(entry.on) == month
    ]
    if not entries:
        months = sorted({f"{entry.on:%Y-%m}" for entry in counting})
        raise NothingReportedError(target_ref, month, months)
    if len(entries) > 1:
        raise AmbiguousEntryError(f"{target_ref.target.name}{f' {month:%Y-%m}' if month else ''}", entries)
    return entries[0]


def _entries_ending(ledger: Ledger, year: int, endings: Collection[str]) -> list[FoundEntry]:
    """Return the entries of a year whose ids end with one of some words."""
    matches: list[FoundEntry] = []
    for file in sorted((ledger.root / layout.PROGRESS / str(year)).glob("*/*.yaml")):
        raw = file.read_bytes()
        if not any(ending.encode("utf-8", "replace") in raw for ending in endings):
            continue
        path = PurePosixPath(file.relative_to(ledger.root).as_posix())
        journal = read_progress(str(path), raw)
        if journal.findings:
            raise InvalidLedgerError(journal.findings)
        source = ledger.read_commitment(layout.targets_file(year, file.parent.name, file.stem))
        if not isinstance(source, Source):
            raise InvalidLedgerError(source)
        matches += [
            FoundEntry(source, journal, entry)
            for entry in journal.entries
            if entry.id.endswith(tuple(endings))
        ]
    return matches
