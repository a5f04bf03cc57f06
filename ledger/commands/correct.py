"""Corrects an entry by appending another line; the line that was wrong stays where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.commands import log
from ledger.commands.log import Batch, PendingEntry, checked_entry, rate_for
from ledger.core.errors import UsageError
from ledger.core.models import Change, Entry, Target
from ledger.core.models.base import fields_of
from ledger.core.models.entries import FIGURE_KEYS
from ledger.core.progress.summary import status_text, subject_figures
from ledger.core.reading import OPTIONS, Basis, Hints, read_figures
from ledger.core.structs import FrozenStruct, msgspec
from ledger.core.units import UnitTable
from ledger.files.entry_lookup import FoundEntry
from ledger.files.evidence import Attachment
from ledger.files.ids import new_id
from ledger.files.ledger import Ledger
from ledger.files.notices import Notice
from ledger.git import Commit, Repo
from ledger.rules.reasons import require_reason


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


def write_correction(
    ledger: Ledger,
    correction: Correction,
    *,
    today: date,
    repo: Repo,
    attachments: Sequence[Attachment] = (),
    notify: Callable[[Notice], None] = lambda _: None,
) -> Correction:
    """Append the line and commit it, after checking it again under the lock; return it with its commit.

    Raises:
        LedgerError: of the gate, when what somebody else wrote meanwhile makes it wrong.
        ExternalError: when git or the disk refuses; the file is then as it was.
    """

    def message(lines: Sequence[PendingEntry]) -> tuple[str, str]:
        return Correction(correction.old, lines[0]).subject, f"理由：{correction.entry.reason}"

    result = log.write_entries(
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
