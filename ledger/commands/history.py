"""The entries of a commitment or a target, each with its line, its commit and whether it still counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.core.models import Commitment, Entry, Target
from ledger.core.progress import effective
from ledger.files.ledger import Ledger, ProgressFile, Source
from ledger.files.lookup import resolve
from ledger.files.provenance import HEAD, NOT_COMMITTED, EntryCommit, EntryCommits
from ledger.git import Commit, Repo


@dataclass(frozen=True)
class LoggedEntry:
    """An entry, whether it still counts, the line it stands on and the commit that brought it.

    Without a commit it is not committed, or, `earlier`, was committed before the end of a shallow clone.
    """

    entry: Entry
    target: Target | None
    counts: bool
    line: int
    commit: Commit | None
    earlier: bool = False
    replaced: str = ""
    """已更正 or 已作废 where a later entry says so."""


def history_of(ledger: Ledger, year: int, ref: str) -> tuple[Source, tuple[LoggedEntry, ...]]:
    """Return the entries of a commitment or target in file order, beside their commits.

    Raises:
        UnknownDepartmentError, UnknownCommitmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        InvalidLedgerError: when a file it needs holds an error.
    """
    source, focus = resolve(ledger, year, ref)
    return source, history(ledger, source, focus)


def history(ledger: Ledger, source: Source, focus: Target | None) -> tuple[LoggedEntry, ...]:
    """Return the entries of a commitment, or of one of its targets, in file order."""
    journal = ledger.load_progress(source.commitment)
    if not journal.entries:
        return ()
    commits = EntryCommits(Repo.open(ledger.home), ledger.home / journal.path, ledger.commit or HEAD).of(
        ledger.home, journal
    )
    entries = logged_entries(source.commitment, journal, commits)
    return tuple(line for line in entries if focus is None or line.entry.target == focus.key)


def logged_entries(
    commitment: Commitment, progress: ProgressFile, commits: Mapping[str, EntryCommit]
) -> tuple[LoggedEntry, ...]:
    """Return the entries of a commitment in file order, each with its commit and whether it still counts."""
    counting = {entry.id for entry in effective(progress.entries)}
    replaced = {entry.corrects: "已更正" for entry in progress.entries}
    replaced |= {entry.voids: "已作废" for entry in progress.entries}
    targets = {target.key: target for target in commitment.targets}
    return tuple(
        LoggedEntry(
            entry,
            targets.get(entry.target),
            entry.id in counting,
            line,
            *commits.get(entry.id, NOT_COMMITTED),
            replaced="" if entry.id in counting else replaced.get(entry.id, "已作废"),
        )
        for entry, line in zip(progress.entries, progress.lines, strict=True)
    )
