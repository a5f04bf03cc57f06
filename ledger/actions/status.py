"""Where every commitment stands on a day: reads the plan and the entries, and leaves all arithmetic to `progress`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.actions.report import CommitmentStatus, DepartmentStatus, Query, StatusReport, assembled
from ledger.progress import (
    EntryLike,
    Policy,
    assess,
    by_target,
    commitment_completion,
    commitment_light,
    fold,
)
from ledger.store import layout
from ledger.store.ledger import Ledger, Source, read_journal
from ledger.store.quicklines import read_quickly

__all__ = ["CommitmentStatus", "DepartmentStatus", "Query", "StatusReport", "judge", "status"]


def status(ledger: Ledger, query: Query) -> StatusReport:
    """Judge every commitment asked for, as of the end of `query.as_of`, from the files alone.

    Raises:
        BrokenLedger: when a file it needs holds an error.
    """
    policy = Policy.of(ledger.config, ledger.units)
    sources = ledger.sound_plan(query.year, query.departments)
    judged = [judge(ledger, source, query.as_of, policy) for source in sources]
    config = ledger.config
    return assembled(config.name, config.simulated, config.departments, judged, query)


def judge(
    ledger: Ledger, source: Source, as_of: date, policy: Policy, entries: Sequence[EntryLike] | None = None
) -> CommitmentStatus:
    """Judge one commitment; `entries` are its entries, if they were read already.

    Raises:
        BrokenLedger: when its entries cannot be read.
    """
    commitment = source.commitment
    if entries is None:
        path = layout.progress_file(commitment.year, commitment.id)
        file = ledger.root / path
        entries = entries_of(str(path), file.read_bytes()) if file.is_file() else ()
        if entries is None:
            entries = ledger.sound_journal(commitment).entries
    own = by_target(entries)
    targets = tuple(
        assess(
            commitment,
            target,
            fold(target, own.get(target.key, ()), as_of=as_of, policy=policy),
            as_of=as_of,
            policy=policy,
        )
        for target in commitment.targets
    )
    return CommitmentStatus(
        commitment=commitment,
        completion=commitment_completion(commitment, targets),
        light=commitment_light(commitment, targets),
        targets=targets,
    )


def entries_of(path: str, raw: bytes) -> Sequence[EntryLike] | None:
    """Return the entries of a progress file; None when there is anything to complain of."""
    quick = read_quickly(raw)
    if quick is not None:
        return quick
    journal = read_journal(path, raw)
    return None if journal.findings else journal.entries
