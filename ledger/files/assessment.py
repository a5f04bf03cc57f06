"""Reads commitments with their entries and judges them by `core.progress`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from ledger.core.models import Commitment, Target
from ledger.core.models.revisions import in_force
from ledger.core.progress import (
    Aggregate,
    EntryLike,
    Policy,
    assess,
    by_target,
    commitment_completion,
    commitment_light,
    fold,
    fold_increments,
)
from ledger.core.progress.judge import assess_verified, entries_of_target, with_lateness
from ledger.core.progress.report import (
    CommitmentStatus,
    Query,
    StatusReport,
    assemble_report,
)
from ledger.core.progress.reporting import pace_day
from ledger.core.progress.reviews import NO_REVIEWS, Reviews, reviews_of
from ledger.core.progress.status import TargetStatus
from ledger.files.fast_lines import Grouped, read_entries
from ledger.files.ledger import InvalidLedgerError, Ledger, ProgressFile, Source

Entries = Grouped | Sequence[EntryLike]


def assess_ledger(ledger: Ledger, query: Query) -> StatusReport:
    """Judge every commitment asked for, as of the end of `query.as_of`, from the files alone.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    policy = Policy.of(ledger.config, ledger.units)
    sources = ledger.load_plan(query.year, query.departments)
    judged = [assess_commitment(ledger, source, query.as_of, policy) for source in sources]
    return report_on(ledger, query, judged, policy)


def report_on(
    ledger: Ledger, query: Query, statuses: Sequence[CommitmentStatus], policy: Policy
) -> StatusReport:
    """Return the report of commitments that were judged already, in the ledger's order of departments."""
    config = ledger.config
    pace_on = pace_day(query.as_of, policy)
    return assemble_report(config.name, config.simulated, config.departments, statuses, query, pace_on)


def assess_commitment(
    ledger: Ledger,
    source: Source,
    as_of: date,
    policy: Policy,
    entries: Entries | None = None,
    *,
    verified_only: bool = False,
) -> CommitmentStatus:
    """Judge one commitment; `entries` are its entries, if they were read already.

    With `verified_only` it is judged by the figures that a reviewer verified.

    Raises:
        InvalidLedgerError: when its entries cannot be read.
    """
    commitment = source.commitment
    if entries is None:
        progress = ledger.read_entries(commitment)
        if isinstance(progress, ProgressFile) and progress.findings:
            raise InvalidLedgerError(progress.findings)
        entries = progress if isinstance(progress, Grouped) else progress.entries
    aggregates = _aggregates(commitment.targets, entries, as_of, policy)
    statuses = [
        assess(commitment, target, aggregate, as_of=as_of, policy=policy)
        for target, aggregate in zip(commitment.targets, aggregates, strict=True)
    ]
    targets = tuple(
        with_lateness(commitment, target, status, partial(_entries_until, target, entries, as_of), policy)
        for target, status in zip(commitment.targets, statuses, strict=True)
    )
    on_day = in_force(commitment, as_of)
    verified: tuple[TargetStatus, ...] | None = None
    reviews = (
        NO_REVIEWS if isinstance(entries, Grouped) else reviews_of(entries)
    )  # grouped: nothing but reports
    if verified_only or reviews is not NO_REVIEWS:
        lines = _all_lines(entries) if isinstance(entries, Grouped) else entries
        targets, verified = _with_reviews(commitment, targets, lines, reviews, as_of, policy)
    judged = verified if verified_only and verified is not None else targets
    reviewed = any(target.review is not None for target in targets)
    return CommitmentStatus(
        commitment=on_day,
        completion=commitment_completion(on_day, judged, policy),
        light=commitment_light(on_day, judged, policy),
        targets=judged,
        verified=commitment_completion(on_day, verified, policy) if reviewed and verified else None,
    )


def _with_reviews(
    commitment: Commitment,
    targets: Sequence[TargetStatus],
    entries: Sequence[EntryLike],
    reviews: Reviews,
    as_of: date,
    policy: Policy,
) -> tuple[tuple[TargetStatus, ...], tuple[TargetStatus, ...]]:
    """Return the statuses with what was reviewed and remarked, and the same by the verified figures alone."""
    by_key = by_target(entries)
    reported, verified = [], []
    for target, status in zip(commitment.targets, targets, strict=True):
        lines = entries_of_target(target, by_key.get(target.key, ()), as_of)
        by_reported, by_verified = assess_verified(
            commitment, target, status, lines, reviews, as_of=as_of, policy=policy
        )
        reported.append(by_reported)
        verified.append(by_verified)
    return tuple(reported), tuple(verified)


def _all_lines(entries: Grouped) -> Sequence[EntryLike]:
    return [line for key in entries.targets for line in entries.lines(key)]


def _entries_until(target: Target, entries: Entries, as_of: date) -> Sequence[EntryLike]:
    if isinstance(entries, Grouped):
        entries = entries.lines(target.key) if target.key in entries.targets else ()
    return entries_of_target(target, entries, as_of)


def _aggregates(targets: Sequence[Target], entries: Entries, as_of: date, policy: Policy) -> list[Aggregate]:
    if isinstance(entries, Grouped):
        known = entries.until(as_of)
        return [_aggregate(target, known, as_of, policy) for target in targets]
    by_key = by_target(entries)
    return [fold(target, by_key.get(target.key, ()), as_of=as_of, policy=policy) for target in targets]


def _aggregate(target: Target, entries: Grouped | None, as_of: date, policy: Policy) -> Aggregate:
    """Sum a target up at once where each of its lines is one increment, else line by line; no line is later than `as_of`."""
    key = target.key
    if entries is None or key not in entries.targets:
        return fold(target, (), as_of=as_of, policy=policy)
    texts = entries.increments(key)
    aggregate = None if texts is None else fold_increments(target, texts, entries.last_of(key), policy)
    return aggregate or fold(target, entries.lines(key), as_of=as_of, policy=policy)


def entries_of(path: str, raw: bytes) -> Entries | None:
    """Return the entries of a progress file; None where it holds an error."""
    progress = read_entries(path, raw)
    if isinstance(progress, Grouped):
        return progress
    return None if progress.findings else progress.entries
