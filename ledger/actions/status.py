"""Where every commitment stands on a day: reads the plan and the entries, and leaves all arithmetic to `progress`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.actions.report import CommitmentStatus, DepartmentStatus, Query, StatusReport, assembled
from ledger.models import Entry
from ledger.progress import (
    Policy,
    assess,
    by_target,
    commitment_completion,
    commitment_light,
    fold,
)
from ledger.store.ledger import Ledger, Source

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
    ledger: Ledger, source: Source, as_of: date, policy: Policy, entries: Sequence[Entry] | None = None
) -> CommitmentStatus:
    """Judge one commitment; `entries` are its entries, if they were read already.

    Raises:
        BrokenLedger: when its entries cannot be read.
    """
    commitment = source.commitment
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
