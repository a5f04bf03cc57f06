"""Corrects or withdraws an entry by appending another line; the line that was wrong stays where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from ledger.commands.log import (
    PendingEntry,
    checked_date,
    checked_entry,
    compute_effects,
    rate_for,
    status_text,
    subject_figures,
)
from ledger.commands.sealed import refuse_sealed
from ledger.core.errors import LedgerError, UsageError
from ledger.core.models import Accumulate, Change, Entry
from ledger.core.models.base import fields_of
from ledger.core.models.entries import FIGURE_KEYS
from ledger.core.progress import Policy
from ledger.core.progress.entries import versions
from ledger.core.reading import figures_of
from ledger.core.structs import replace
from ledger.files import layout
from ledger.files.ids import new_id
from ledger.files.ledger import InvalidLedgerError, Ledger, ProgressFile, Source, read_progress
from ledger.files.lookup import TargetRef
from ledger.files.recover import Recovered
from ledger.files.write import append
from ledger.git import Commit, Repo
from ledger.rules.permissions import action_of, require_permission

SHORTEST = 6
"""Characters of an id that people may write: its last ones, 32**6 of them; one millisecond's ids share the first ones."""


class UnknownEntryError(LedgerError):
    """No entry of that id."""

    def __init__(self, word: str, year: int) -> None:
        super().__init__(
            f"{year} 年的记录里没有编号为“{word}”的",
            "ledger history 编号 --format csv 列出一个事项的全部记录和编号；往年的记录加 --year",
        )


class ShortIdError(LedgerError):
    """Too little of an id to mean one entry."""

    def __init__(self, word: str) -> None:
        super().__init__(
            f"编号“{word}”太短，容易指错",
            f"写全，或写最后 {SHORTEST} 位以上；ledger history 事项编号 可以查到",
        )


class AmbiguousEntryError(LedgerError):
    """More than one entry fits."""

    def __init__(self, word: str, found: Sequence[FoundEntry]) -> None:
        lines = "\n".join(f"  {one.entry.id}  {one.entry.on}  {one.source.commitment.id}" for one in found)
        super().__init__(f"“{word}”可以指 {len(found)} 条记录：\n{lines}", "写全编号")


class EntryReplacedError(LedgerError):
    """The entry was corrected or withdrawn already."""


class MissingReasonError(UsageError):
    """A change without a reason; `such` is one that people give."""

    def __init__(self, what: str, such: str) -> None:
        super().__init__(f"{what}要写理由，没有写", f"加上 --reason，如 --reason {such}")


@dataclass(frozen=True)
class FoundEntry:
    """An entry, its line, its file and its commitment."""

    source: Source
    journal: ProgressFile
    entry: Entry

    @property
    def found(self) -> TargetRef:
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


@dataclass(frozen=True)
class CorrectionRequest:
    """What a secretary typed to correct an entry; whatever is None stays as it was."""

    amount: str | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    running_total: bool | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    by: str | None = None
    late: bool = False


@dataclass(frozen=True)
class Correction:
    """A line that corrects or withdraws another, understood but perhaps not yet written, and what it changes."""

    old: FoundEntry
    understood: PendingEntry
    commit: Commit | None = None

    @property
    def entry(self) -> Entry:
        """The new line."""
        return self.understood.entry

    @property
    def back(self) -> Entry | None:
        """The entry that counts again because its correction or withdrawal was withdrawn."""
        named = (self.old.entry.corrects or self.old.entry.voids) if self.entry.voids else None
        return next((one for one in self.old.journal.entries if one.id == named), None)

    @property
    def subject(self) -> str:
        """The commit's first line: `correct(金融办): 新增上市公司 +2家 改为 +3家 → 3家/≥6家 (50.0%)`."""
        found, old = self.understood.found, self.old.entry
        before = "原作废" if old.voids else subject_figures(old, found.target)
        if self.entry.voids:
            verb, what = "void", f"作废 {before}"
        else:
            after = subject_figures(self.entry, found.target)
            verb, what = (
                "correct",
                f"{before} 改为 {after}" if before != after else f"更正 {before} 的日期或说明",
            )
        mark = f"（{self.entry.simulated}）" if self.entry.simulated else ""
        department = found.commitment.department
        return (
            f"{verb}({department}): {found.target.name} {what} → {status_text(self.understood.after)}{mark}"
        )


def find_entry(ledger: Ledger, year: int, word: str) -> FoundEntry:
    """Return the entry with that id, or whose id ends so; only files that hold these characters are read.

    Raises:
        ShortIdError, UnknownEntryError, AmbiguousEntryError: when it is not exactly one.
        InvalidLedgerError: when its file holds an error.
    """
    wanted = word.strip().upper()
    if len(wanted) < SHORTEST:
        raise ShortIdError(word)
    hits: list[FoundEntry] = []
    base = ledger.root / layout.PROGRESS / str(year)
    for file in sorted(base.glob("*/*.yaml")):
        raw = file.read_bytes()
        if wanted.encode("utf-8", "replace") not in raw:
            continue
        inside = PurePosixPath(file.relative_to(ledger.root).as_posix())
        journal = read_progress(str(inside), raw)
        if journal.findings:
            raise InvalidLedgerError(journal.findings)
        source = ledger.read_commitment(layout.targets_file(year, file.parent.name, file.stem))
        if not isinstance(source, Source):
            raise InvalidLedgerError(source)
        hits += [FoundEntry(source, journal, one) for one in journal.entries if one.id.endswith(wanted)]
    if not hits:
        raise UnknownEntryError(word, year)
    if len(hits) > 1:
        raise AmbiguousEntryError(word, hits)
    return hits[0]


def correct(
    ledger: Ledger,
    year: int,
    word: str,
    changes: CorrectionRequest,
    reason: str | None,
    *,
    today: date,
    identity: str,
) -> Correction:
    """Understand a correction of the entry that `word` names, and work out its effect; nothing is written.

    Raises:
        MissingReasonError, UnknownEntryError, AmbiguousEntryError, EntryReplacedError: with what to type instead.
        UnreadableFigureError, InvalidEntryError, EntryDateError: a figure or date that the target cannot take.
        SealedMonthError: an entry of a sealed month, without `late`.
        UsageError: when nothing is to be changed.
    """
    said = given_reason(reason, "更正")
    old = find_entry(ledger, year, word)
    _refuse_fallen(old, "更正")
    if old.entry.voids:
        raise EntryReplacedError(
            f"{old.entry.id} 是一条作废记录，没有数可以更正",
            f"要恢复被作废的：ledger void {old.entry.id} --reason 理由",
        )
    found = old.found
    on = checked_date(changes.on, found.commitment, today) if changes.on else old.entry.on
    figures = _figures(ledger, old.entry, found, changes)
    line: dict[str, Any] = {
        "id": new_id(),
        "on": on,
        "target": found.target.key,
        "by": changes.by or identity,
        "note": changes.note or old.entry.note,
        "evidence": changes.evidence or old.entry.evidence,
        "corrects": old.entry.id,
        "reason": said,
        "late": changes.late,
        "simulated": old.entry.simulated,
    }
    if figures is None and on == old.entry.on:
        line |= {key: getattr(old.entry, key) for key in (*FIGURE_KEYS, "rate")}
    else:
        figures = figures or {key: getattr(old.entry, key) for key in FIGURE_KEYS}
        policy = Policy.of(ledger.config, ledger.units)
        line |= figures | {"rate": rate_for(found.target, figures, on, policy)}
    entry = checked_entry(line)
    refuse_sealed(ledger.root, [replace(old.entry, late=changes.late, reason=said), entry])
    apart = set(fields_of(Entry)) - {"id", "corrects", "reason", "by", "late"}
    if all(getattr(entry, name) == getattr(old.entry, name) for name in apart):
        raise UsageError(
            "更正前后一样，没有要改的", "写上正确的数量，或 --on、--note、--evidence；整条不要了：ledger void"
        )
    return Correction(old, compute_effects(ledger, [(found, entry)], today)[0])


def void(
    ledger: Ledger,
    year: int,
    word: str,
    reason: str | None,
    *,
    today: date,
    identity: str,
    late: bool = False,
) -> Correction:
    """Understand the withdrawal of the entry that `word` names, and work out its effect; nothing is written.

    Raises:
        MissingReasonError, UnknownEntryError, AmbiguousEntryError, EntryReplacedError: with what to type instead.
    """
    said = given_reason(reason, "作废")
    old = find_entry(ledger, year, word)
    _refuse_fallen(old, "作废")
    line: dict[str, Any] = {
        "id": new_id(),
        "on": old.entry.on,
        "target": old.entry.target,
        "by": identity,
        "voids": old.entry.id,
        "reason": said,
        "late": late,
        "simulated": old.entry.simulated,
    }
    entry = checked_entry(line)
    refuse_sealed(ledger.root, [entry])
    return Correction(old, compute_effects(ledger, [(old.found, entry)], today)[0])


def write(
    ledger: Ledger,
    correction: Correction,
    *,
    today: date,
    repo: Repo,
    told: Callable[[Recovered], None] = lambda _: None,
) -> Correction:
    """Append the line and commit it, after looking again under the lock at what stands; return it with its commit.

    Raises:
        PermissionDeniedError: when data/ledger.yaml names others for this department.
        EntryReplacedError, InvalidEntryError: when what somebody else wrote meanwhile makes it wrong.
        ExternalError: when git or the disk refuses; the file is then as it was.
    """
    found, entry, old = correction.understood.found, correction.entry, correction.old
    action = action_of(entry, {one.id: one for one in old.journal.entries})
    require_permission(ledger.config, found.commitment.department, repo.identity().email, action)
    latest = [correction]

    def look_again() -> None:
        journal = ledger.load_progress(found.commitment)
        now = FoundEntry(old.source, journal, old.entry)
        _refuse_fallen(now, "作废" if entry.voids else "更正")
        latest[0] = Correction(now, compute_effects(ledger, [(found, entry)], today)[0])

    path = ledger.root / layout.progress_file(found.commitment.year, found.commitment.id)
    commit = append(
        repo,
        ledger.root,
        [(path, [entry])],
        subject=lambda: latest[0].subject,
        body=f"理由：{entry.reason}",
        check=look_again,
        told=told,
    )
    return Correction(latest[0].old, latest[0].understood, commit)


def _figures(
    ledger: Ledger, old: Entry, found: TargetRef, changes: CorrectionRequest
) -> dict[str, Any] | None:
    """Return the figures of the correction, None where they stay; options not given keep the old entry's values."""
    if changes.amount is None and not changes.figures and changes.running_total is None:
        return None
    target = found.target
    if changes.running_total is not None and not isinstance(target, Accumulate):
        running = True  # refused below with the right words
    else:
        running = old.total is not None if changes.running_total is None else changes.running_total
    named: dict[str, str] = dict(changes.figures)
    for key in ("current", "base", "benchmark", "of"):
        value = getattr(old, key)
        if value is not None and not (isinstance(target, Change) and changes.amount is not None):
            named.setdefault(key, str(value))
    amount = changes.amount
    if amount is None and not (isinstance(target, Change) and named):
        amount = _amount(old)
    return figures_of(
        target,
        amount,
        named,
        running_total=running and (isinstance(target, Accumulate) or changes.running_total is not None),
        units=ledger.units,
    )


def _amount(old: Entry) -> str | None:
    """Return an entry's plain figure as it would be typed again."""
    if old.rank is not None:
        return f"第{old.rank}位"
    return old.add or old.total or old.value or old.step or old.verdict


def _refuse_fallen(old: FoundEntry, verb: str) -> None:
    """Refuse to change a line that no longer counts, and name the one that does."""
    entries = old.journal.entries
    firsts, survivors, withdrawn = versions(entries)
    entry = old.entry
    if entry.id in withdrawn:
        by = next(one for one in reversed(entries) if one.voids == entry.id and one.id not in withdrawn)
        raise EntryReplacedError(
            f"{entry.id} 已被作废（{by.on}，{by.by}，理由：{by.reason}），不能再{verb}",
            f"要恢复它：ledger void {by.id} --reason 理由；要报新的数：ledger log",
        )
    standing_now = next((one for one in survivors if firsts[one.id] == firsts[entry.id]), entry)
    if standing_now.id != entry.id:
        raise EntryReplacedError(
            f"{entry.id} 已被 {standing_now.id} 更正（理由：{standing_now.reason}），它自己不再计入",
            f"请对最近的那一条：ledger {'void' if verb == '作废' else 'correct'} {standing_now.id} …"
            + ("（作废一条更正，就恢复更正之前的数）" if verb == "作废" else ""),
        )


def given_reason(reason: str | None, what: str, such: str = "录入时多写了一位") -> str:
    """Return a reason on one line; `what` says what it is a reason for, `such` is one that people give.

    Raises:
        MissingReasonError: when it is empty.
    """
    said = " ".join((reason or "").split())
    if not said:
        raise MissingReasonError(what, such)
    return said
