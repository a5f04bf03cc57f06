"""Verifies reported figures (核定) or returns them (退回) by appending lines that name them; the figures stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.commands import log
from ledger.commands.log import Batch, LogResult, PendingEntry, checked_entry
from ledger.core.dates import month_end
from ledger.core.errors import LedgerError
from ledger.core.models import Entry
from ledger.core.models.entries import SHORT_ID
from ledger.core.progress.entries import effective, figures_of
from ledger.core.progress.reviews import reviews_of
from ledger.core.progress.summary import subject_figures
from ledger.core.structs import FrozenStruct, replace
from ledger.files.entry_lookup import FoundEntry, find_entry
from ledger.files.evidence import Attachment
from ledger.files.ids import new_id
from ledger.files.ledger import Ledger, Source
from ledger.files.lookup import TargetRef, resolve
from ledger.files.notices import Notice
from ledger.git import Commit, Repo
from ledger.rules.doubts import Doubt, find_doubts
from ledger.rules.reasons import require_reason

_ID = re.compile(rf"[0-9A-HJKMNP-TV-Za-z]{{{SHORT_ID},26}}")


class NothingToVerifyError(LedgerError):
    """No reported figure waits to be verified."""

    def __init__(self, ref: str, month: date | None, skipped: int) -> None:
        when = f" {month:%Y-%m}" if month else ""
        waiting = f"；另有 {skipped} 条已退回待更正或有疑点" if skipped else ""
        super().__init__(
            f"{ref}{when} 没有待核定的数{waiting}",
            "有疑点的，核对无误后加上 --confirm；已退回的，等更正，或写记录编号核定"
            if skipped
            else f"看有哪些记录：ledger history {ref}-01"
            if "-" not in ref
            else f"看有哪些记录：ledger history {ref}",
        )


class VerifyRequest(FrozenStruct):
    """What a reviewer typed: a department, a commitment, a target or an entry, and whose figures of which month are verified.

    `month` is its last day, None for all. `confirm` takes figures with doubts too.
    """

    ref: str
    month: date | None = None
    evidence: tuple[str, ...] = ()
    note: str | None = None
    late: bool = False
    reason: str | None = None
    confirm: bool = False


@dataclass(frozen=True)
class Reviewed:
    """One line that verifies or returns a figure, prepared or written, with the doubts about the figure."""

    pending: PendingEntry
    doubts: tuple[Doubt, ...] = ()

    @property
    def figure(self) -> Entry:
        """The line reviewed."""
        assert self.pending.named is not None
        return self.pending.named


@dataclass(frozen=True)
class Skipped:
    """A figure that was not verified with the others, and why."""

    target_ref: TargetRef
    entry: Entry
    why: str


@dataclass(frozen=True)
class ReviewResult:
    """Everything that one command verifies or returns; `commit` is None while it is not written."""

    reviewed: tuple[Reviewed, ...]
    skipped: tuple[Skipped, ...] = ()
    commit: Commit | None = None


def verify(ledger: Ledger, year: int, batch: Batch, request: VerifyRequest) -> ReviewResult:
    """Prepare the verification of every figure that is meant and waits for it; nothing is written.

    Of a department, a commitment or a target those that were returned, and those with doubts unless `confirm` says that they were
    looked at, are left out and listed; a figure named by its id is taken.

    Raises:
        NothingToVerifyError: when there is none.
        LedgerError: of the gate, and when the reference means nothing.
    """
    reviewed: list[Reviewed] = []
    skipped: list[Skipped] = []
    for item, doubts, why in _candidates(ledger, year, batch, request):
        if why:
            skipped.append(Skipped(item.target_ref, item.entry, why))
            continue
        entry = _line(batch, item, "verifies", request.reason, late=request.late)
        entry = replace(entry, evidence=request.evidence, note=request.note)
        reviewed.append(Reviewed(batch.add(item.target_ref, entry, item.entry), doubts))
    if not reviewed:
        raise NothingToVerifyError(request.ref, request.month, len(skipped))
    return ReviewResult(tuple(reviewed), tuple(skipped))


def send_back(batch: Batch, item: FoundEntry, reason: str | None, *, late: bool = False) -> ReviewResult:
    """Prepare the return of a figure; nothing is written.

    Raises:
        MissingReasonError: without a reason.
        LedgerError: of the gate.
    """
    reason = require_reason(reason, "退回", "佐证与所报数不符")
    entry = _line(batch, item, "returns", reason, late=late)
    return ReviewResult((Reviewed(batch.add(item.target_ref, entry, item.entry)),))


def write_verification(
    ledger: Ledger,
    result: ReviewResult,
    *,
    today: date,
    repo: Repo,
    attachments: Sequence[Attachment] = (),
    notify: Callable[[Notice], None] = lambda _: None,
) -> ReviewResult:
    """Append the lines in one commit, after checking them again under the lock; return the result with the commit.

    Raises:
        LedgerError: of the gate, when what somebody else wrote meanwhile makes one wrong.
        ExternalError: when git or the disk refuses; the files are then as they were.
    """
    written: LogResult = log.write_entries(
        ledger,
        [item.pending for item in result.reviewed],
        today=today,
        repo=repo,
        message=_message,
        attachments=attachments,
        notify=notify,
    )
    reviewed = tuple(
        Reviewed(pending, item.doubts) for pending, item in zip(written.pending, result.reviewed, strict=True)
    )
    return ReviewResult(reviewed, result.skipped, written.commit)


def _candidates(
    ledger: Ledger, year: int, batch: Batch, request: VerifyRequest
) -> Iterator[tuple[FoundEntry, tuple[Doubt, ...], str]]:
    """Yield the figures that are meant, each with the doubts about it and why it is left out, if it is."""
    if _is_id(request.ref) and not ledger.find_departments(request.ref.strip()):
        item = find_entry(ledger, (year, *(other for other in ledger.years if other != year)), request.ref)
        yield item, (), ""
        return
    for source, key in _sources(ledger, year, request.ref):
        journal = ledger.load_progress(source.commitment)
        counting = effective(journal.entries)
        reviews = reviews_of(journal.entries)
        targets = {target.key: target for target in source.commitment.targets}
        for at, entry in enumerate(counting):
            outside = request.month is not None and month_end(entry.on) != request.month
            if outside or entry.target not in targets or (key and entry.target != key):
                continue
            if not figures_of(entry) or reviews.is_verified(entry):
                continue
            doubts = find_doubts(targets[entry.target], counting[: at + 1], entry, batch.policy, targets)
            why = "已退回，待更正" if reviews.is_returned(entry) else ""
            if doubts and not request.confirm:
                why = why or "；".join(doubt.message for doubt in doubts)
            yield FoundEntry(source, journal, entry), doubts, why


def _is_id(word: str) -> bool:
    return _ID.fullmatch(word.strip()) is not None and any(map(str.isdigit, word))


def _sources(ledger: Ledger, year: int, ref: str) -> Iterator[tuple[Source, str | None]]:
    """Yield the commitments that a reference means, each with the key of the target if only one is meant."""
    if departments := ledger.find_departments(ref.strip()):
        for source in ledger.load_plan(year, {department.name for department in departments}):
            yield source, None
        return
    source, target = resolve(ledger, year, ref)
    yield source, target.key if target else None


def _line(batch: Batch, item: FoundEntry, link: str, reason: str | None, *, late: bool) -> Entry:
    """Return the line that reviews a figure; its date is that of the figure, as it says something of that day."""
    return checked_entry(
        {
            "id": new_id(),
            "on": item.entry.on,
            "target": item.entry.target,
            "by": batch.who.name,
            link: item.entry.id,
            "reason": " ".join((reason or "").split()) or None,
            "late": late,
            "simulated": item.entry.simulated,
        }
    )


def _message(pending: Sequence[PendingEntry]) -> tuple[str, str]:
    """Return the commit's subject and body: `verify(金融办): 核定 5 条`, one line for each figure below."""
    first = pending[0].entry
    verb, word = ("return", "退回") if first.returns else ("verify", "核定")
    mark = f"（{first.simulated}）" if first.simulated else ""
    departments = "、".join(dict.fromkeys(item.target_ref.commitment.department for item in pending))
    rows = [f"{item.target_ref.target.name} {_figures(item)}" for item in pending]
    reason = f"理由：{first.reason}" if first.reason else ""
    if len(pending) == 1:
        return f"{verb}({departments}): {word} {rows[0]}{mark}", reason
    listed = [f"- {item.target_ref.ref} {row}" for item, row in zip(pending, rows, strict=True)]
    return f"{verb}({departments}): {word} {len(pending)} 条{mark}", "\n".join(
        [*listed, *([reason] if reason else [])]
    )


def _figures(item: PendingEntry) -> str:
    assert item.named is not None
    return f"{item.named.on:%Y-%m} {subject_figures(item.named, item.target_ref.target)}"
