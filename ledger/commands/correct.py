"""Corrects or withdraws an entry by appending another line; the line that was wrong stays where it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import msgspec

from ledger.commands import log
from ledger.commands.log import Batch, PendingEntry, checked_entry, rate_for, status_text, subject_figures
from ledger.core.dates import month_end
from ledger.core.errors import LedgerError, UsageError
from ledger.core.models import Change, Entry, Target
from ledger.core.models.base import fields_of
from ledger.core.models.entries import FIGURE_KEYS
from ledger.core.progress.entries import effective
from ledger.core.reading import OPTIONS, Basis, Hints, read_figures
from ledger.core.structs import FrozenStruct
from ledger.core.units import UnitTable
from ledger.files import layout, lookup
from ledger.files.evidence import Attachment
from ledger.files.ids import new_id
from ledger.files.ledger import InvalidLedgerError, Ledger, ProgressFile, Source, read_progress
from ledger.files.lookup import TargetRef
from ledger.files.recover import Recovered
from ledger.git import Commit, Repo

SHORTEST = 6
"""Characters of an id that people may write: its last ones, 32**6 of them; one millisecond's ids share the first ones."""


class UnknownEntryError(LedgerError):
    """No entry of that id or commit."""

    def __init__(self, word: str, year: int) -> None:
        super().__init__(
            f"{year} 年的记录里没有编号为“{word}”的",
            "写成 部门 目标 --month 月份，如 金融办 新增上市公司 --month 2023-05；或用 ledger history 事项编号 查编号；往年的记录加 --year",
        )


class ShortIdError(LedgerError):
    """Too little of an id to mean one entry."""

    def __init__(self, word: str) -> None:
        super().__init__(
            f"编号“{word}”太短，容易指错",
            f"写全，或写最后 {SHORTEST} 位以上；ledger history 事项编号 可以查到",
        )


class NothingReportedError(LedgerError):
    """A target without an entry that counts, in a month or at all; the months that have one are named."""

    def __init__(self, target_ref: TargetRef, month: date | None, months: Sequence[str]) -> None:
        when = f" {month:%Y-%m} " if month else ""
        have = (
            f"有记录的月份：{'、'.join(months)}"
            if months
            else f"还没有报过；报数：ledger log {target_ref.commitment.department} {target_ref.ref} 数量"
        )
        super().__init__(f"{target_ref.ref} {target_ref.target.name}{when}没有可以改的记录", have)


class AmbiguousEntryError(LedgerError):
    """More than one entry fits; `choices` are they, in the order of the list."""

    def __init__(self, word: str, choices: Sequence[FoundEntry]) -> None:
        self.choices = tuple(choices)
        length = SHORTEST
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


class MissingReasonError(UsageError):
    """A change without a reason; `example` is one that people give."""

    def __init__(self, what: str, example: str) -> None:
        super().__init__(f"{what}要写理由，没有写", f"加上 --reason，如 --reason {example}")


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


class CorrectionRequest(FrozenStruct):
    """What somebody typed to correct an entry; whatever is None stays as it was."""

    amount: str | None = None
    figures: Mapping[str, str] = msgspec.field(default_factory=dict)
    on: date | None = None
    basis: Basis | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    by: str | None = None
    late: bool = False
    confirm: bool = False


@dataclass(frozen=True)
class Correction:
    """A line that corrects or withdraws another, prepared but perhaps not yet written, and what it changes."""

    old: FoundEntry
    pending: PendingEntry
    commit: Commit | None = None

    @property
    def entry(self) -> Entry:
        """The new line."""
        return self.pending.entry

    @property
    def back(self) -> Entry | None:
        """The entry that counts again because its correction or withdrawal was withdrawn."""
        named = (self.old.entry.corrects or self.old.entry.voids) if self.entry.voids else None
        return next((entry for entry in self.old.journal.entries if entry.id == named), None)

    @property
    def subject(self) -> str:
        """The commit's first line: `correct(金融办): 新增上市公司 +2家 改为 +3家 → 3家/≥6家 (50.0%)`."""
        target_ref, old = self.pending.target_ref, self.old.entry
        before = "原作废" if old.voids else subject_figures(old, target_ref.target)
        if self.entry.voids:
            verb, what = "void", f"作废 {before}"
        else:
            after = subject_figures(self.entry, target_ref.target)
            verb, what = (
                "correct",
                f"{before} 改为 {after}" if before != after else f"更正 {before} 的日期或说明",
            )
        mark = f"（{self.entry.simulated}）" if self.entry.simulated else ""
        department = target_ref.commitment.department
        return (
            f"{verb}({department}): {target_ref.target.name} {what} → {status_text(self.pending.after)}{mark}"
        )


def short_id(entry: Entry) -> str:
    """Return the end of an entry's id, by which people name it."""
    return entry.id[-SHORTEST:]


def find_entry(ledger: Ledger, year: int, word: str) -> FoundEntry:
    """Return the entry with that id, whose id ends so, or the one that a commit recorded; only files that may hold it are read.

    Raises:
        ShortIdError, UnknownEntryError, AmbiguousEntryError: when it is not exactly one.
        InvalidLedgerError: when its file holds an error.
    """
    ending = word.strip().upper()
    if len(ending) < SHORTEST:
        raise ShortIdError(word)
    entries = _entries_ending(ledger, year, {ending})
    if not entries and re.fullmatch(r"[0-9a-f]{7,40}", word.strip()):
        commits = Repo.open(ledger.root).entry_commits(ledger.root / layout.PROGRESS / str(year))
        committed = {entry for entry, commit in commits.items() if commit.id.startswith(word.strip())}
        entries = _entries_ending(ledger, year, committed) if committed else []
    if not entries:
        raise UnknownEntryError(word, year)
    if len(entries) > 1:
        raise AmbiguousEntryError(word, entries)
    return entries[0]


def find_reported(ledger: Ledger, year: int, department: str, word: str, month: date | None) -> FoundEntry:
    """Return the one entry of a target that counts, of a month where one is given (as its last day).

    Raises:
        UnknownDepartmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        NothingReportedError, AmbiguousEntryError: when it is not exactly one.
    """
    owner = lookup.department(ledger.config, department)
    target_ref = lookup.target(ledger.load_plan(year, {owner.name}), word)
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


def correct(batch: Batch, old: FoundEntry, changes: CorrectionRequest, reason: str | None) -> Correction:
    """Prepare a correction of an entry, and compute its effect; nothing is written.

    Raises:
        MissingReasonError: without a reason.
        UnreadableFigureError: a figure that the target cannot take.
        UsageError: when nothing is to be changed.
        LedgerError: of the gate.
    """
    reason = require_reason(reason, "更正")
    target = old.target_ref.target
    on = changes.on or old.entry.on
    figures = _figures(target, old.entry, changes, batch.policy.units)
    line: dict[str, Any] = {
        "id": new_id(),
        "on": on,
        "target": target.key,
        "by": changes.by or batch.who.name,
        "note": changes.note or old.entry.note,
        "evidence": changes.evidence or old.entry.evidence,
        "corrects": old.entry.id,
        "reason": reason,
        "late": changes.late,
        "simulated": old.entry.simulated,
    }
    if figures is None and on == old.entry.on:
        line |= {key: getattr(old.entry, key) for key in (*FIGURE_KEYS, "rate", "unavailable")}
    else:
        figures = figures or {key: getattr(old.entry, key) for key in FIGURE_KEYS}
        line |= figures | {"rate": rate_for(target, figures, on, batch.policy)}
    entry = checked_entry(line)
    apart = set(fields_of(Entry)) - {"id", "corrects", "reason", "by", "late", "confirmed"}
    pending = batch.add(old.target_ref, entry, old.entry, confirm=changes.confirm)
    if all(getattr(entry, name) == getattr(old.entry, name) for name in apart):
        raise UsageError(
            "更正前后一样，没有要改的", "写上正确的数量，或 --on、--note、--evidence；整条不要了：ledger void"
        )
    return Correction(old, pending)


def void(batch: Batch, old: FoundEntry, reason: str | None, *, late: bool = False) -> Correction:
    """Prepare the withdrawal of an entry, and compute its effect; nothing is written.

    Raises:
        MissingReasonError: without a reason.
        LedgerError: of the gate.
    """
    entry = checked_entry(
        {
            "id": new_id(),
            "on": old.entry.on,
            "target": old.entry.target,
            "by": batch.who.name,
            "voids": old.entry.id,
            "reason": require_reason(reason, "作废"),
            "late": late,
            "simulated": old.entry.simulated,
        }
    )
    return Correction(old, batch.add(old.target_ref, entry, old.entry))


def write(
    ledger: Ledger,
    correction: Correction,
    *,
    today: date,
    repo: Repo,
    attachments: Sequence[Attachment] = (),
    notify: Callable[[Recovered], None] = lambda _: None,
) -> Correction:
    """Append the line and commit it, after checking it again under the lock; return it with its commit.

    Raises:
        LedgerError: of the gate, when what somebody else wrote meanwhile makes it wrong.
        ExternalError: when git or the disk refuses; the file is then as it was.
    """

    def message(lines: Sequence[PendingEntry]) -> tuple[str, str]:
        return Correction(correction.old, lines[0]).subject, f"理由：{correction.entry.reason}"

    result = log.write(
        ledger,
        [correction.pending],
        today=today,
        repo=repo,
        message=message,
        attachments=attachments,
        notify=notify,
    )
    return Correction(correction.old, result.pending[0], result.commit)


def _figures(
    target: Target, old: Entry, changes: CorrectionRequest, units: UnitTable
) -> dict[str, Any] | None:
    """Return the figures of the correction, None where they stay; options not given keep the old entry's values."""
    if changes.amount is None and not changes.figures and changes.basis is None:
        return None
    kept = {
        key: str(value) for key in OPTIONS.get(type(target), ()) if (value := getattr(old, key)) is not None
    }
    amount = changes.amount
    if amount is None and not (isinstance(target, Change) and (changes.figures or kept)):
        amount = _amount(old)
    last: Basis = "total" if old.total is not None else "add"
    return read_figures(target, amount, Hints(changes.basis, last, named=changes.figures, kept=kept), units)


def _amount(old: Entry) -> str | None:
    """Return an entry's plain figure as it would be typed again."""
    if old.rank is not None:
        return f"第{old.rank}位"
    return old.add or old.total or old.value or old.step or old.verdict


def require_reason(reason: str | None, what: str, example: str = "录入时多写了一位") -> str:
    """Return a reason on one line; `what` says what it is a reason for, `example` is one that people give.

    Raises:
        MissingReasonError: when it is empty.
    """
    text = " ".join((reason or "").split())
    if not text:
        raise MissingReasonError(what, example)
    return text
