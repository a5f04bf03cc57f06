"""`doubts`: list for the reviewer the doubtful figures that were confirmed and those recorded without a confirmation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from ledger.core.dates import month_end
from ledger.core.models import Entry
from ledger.core.progress import Policy, effective
from ledger.core.structs import FrozenStruct
from ledger.files.ledger import Ledger, Source
from ledger.files.lookup import TargetRef
from ledger.rules.doubts import Doubt, find_doubts
from ledger.rules.doubts.rules import RULES


class DoubtfulEntry(FrozenStruct):
    """One doubt about an entry that counts, and whether somebody confirmed it when it was recorded."""

    target_ref: TargetRef
    entry: Entry
    doubt: Doubt
    confirmed: bool


def find_doubtful_entries(
    ledger: Ledger, year: int, month: date | None = None, departments: Collection[str] | None = None
) -> tuple[DoubtfulEntry, ...]:
    """Return the doubts about the entries of a year, or of the month that ends on `month`, in the plan's order.

    Each entry is compared with what counts now and is dated up to its own day, as it would be if it were recorded today.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    policy = Policy.of(ledger.config, ledger.units)
    return tuple(
        doubtful
        for source in ledger.load_plan(year, departments)
        for doubtful in doubts_of(source, ledger.load_progress(source.commitment).entries, month, policy)
    )


def doubts_of(
    source: Source, entries: Sequence[Entry], month: date | None, policy: Policy
) -> Iterator[DoubtfulEntry]:
    """Yield the doubts about the entries of a commitment, of one month or all."""
    counting = effective(entries)
    targets = {target.key: target for target in source.commitment.targets}
    for at, entry in enumerate(counting):
        target = targets.get(entry.target)
        if target is None or (month is not None and month_end(entry.on) != month):
            continue
        doubts = {
            doubt.rule: doubt for doubt in find_doubts(target, counting[: at + 1], entry, policy, targets)
        }
        target_ref = TargetRef(source, target)
        for rule in RULES:
            if rule in doubts or rule in entry.confirmed:
                doubt = doubts.get(rule) or Doubt(rule, "记入时核对过")
                yield DoubtfulEntry(target_ref, entry, doubt, rule in entry.confirmed)
