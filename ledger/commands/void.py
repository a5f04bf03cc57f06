"""Withdraws an entry by appending a line that voids it; the line that was wrong stays where it is."""

from __future__ import annotations

from ledger.commands.correct import Correction
from ledger.commands.log import Batch, checked_entry
from ledger.files.entry_lookup import FoundEntry
from ledger.files.ids import new_id
from ledger.rules.reasons import require_reason


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
