"""The history of a commitment or a target: its entries, and the changes of its goals, its rating and its closing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ledger.core.models import Commitment, Entry, Target
from ledger.core.models.revisions import Closing, changes
from ledger.core.progress import effective
from ledger.core.progress.reviews import Reviews, reviews_of
from ledger.core.structs import FrozenStruct, replace
from ledger.files import layout
from ledger.files.ledger import Ledger, ProgressFile, Source
from ledger.files.lookup import resolve
from ledger.files.provenance import HEAD, NOT_COMMITTED, EntryCommit, EntryCommits
from ledger.git import Commit, Repo


class LoggedEntry(FrozenStruct):
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
    replaced_by: str = ""
    """The id of the entry that says so."""
    review: str = ""
    """What a reviewer said of it: 已核定, 已退回：理由."""


class PlanChange(FrozenStruct):
    """One change of a commitment (`target` is None) or a target, as its file keeps it: a field, a closing or its withdrawal.

    `since` is the first day on which it holds. `commit` is None where the file was changed by hand or the history is cut off.
    """

    target: Target | None
    field: str
    before: Any
    after: Any
    on: date
    since: date
    by: str
    reason: str | None
    evidence: tuple[str, ...] = ()
    commit: Commit | None = None


class History(FrozenStruct):
    """What happened to a commitment or target: entries in file order, and changes of the plan in the order they were written."""

    source: Source
    entries: tuple[LoggedEntry, ...]
    changes: tuple[PlanChange, ...]
    commits: tuple[str, ...] = ()
    """The ids of the commits that touched the commitment's files, oldest first; read only where there are changes."""

    @property
    def events(self) -> Iterator[LoggedEntry | PlanChange]:
        """Everything in the order in which it was committed."""
        places = {commit: place for place, commit in enumerate(self.commits)}
        waiting = list(self.changes)
        for logged in self.entries:
            while waiting and _came_before(waiting[0], logged, places):
                yield waiting.pop(0)
            yield logged
        yield from waiting


def _came_before(change: PlanChange, logged: LoggedEntry, places: Mapping[str, int]) -> bool:
    """Whether a change was committed before an entry; by its day where its commit is not known."""
    if logged.commit is None:
        return not logged.earlier
    if change.commit is None:
        return bool(logged.commit.date) and change.on < logged.commit.when.date()
    return places[change.commit.id] < places.get(logged.commit.id, len(places))


def history_of(ledger: Ledger, year: int, ref: str, month: date | None = None) -> History:
    """Return what happened to a commitment or target, or what concerns one month of it, named by any of its days.

    An entry concerns the month of its figure, a change the months in which it was written and from which it holds.

    Raises:
        UnknownDepartmentError, UnknownCommitmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        InvalidLedgerError: when a file it needs holds an error.
    """
    source, focus = resolve(ledger, year, ref)
    entries = history(ledger, source, focus)
    plan_changes = _plan_changes(source, focus)
    commits = _commits(ledger, source) if plan_changes else []
    plan_changes = _with_commits(source, plan_changes, commits)
    if month is not None:
        entries = tuple(logged for logged in entries if _same_month(logged.entry.on, month))
        plan_changes = [
            change
            for change in plan_changes
            if _same_month(change.on, month) or _same_month(change.since, month)
        ]
    return History(source, entries, tuple(plan_changes), tuple(commit.id for commit in commits))


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
    reviews = reviews_of(progress.entries)
    holding = {line.id for named, line in reviews.lines.items() if named in counting}
    holding |= {line.id for lines in reviews.remarks.values() for line in lines}
    counting |= holding
    replaced = {entry.corrects: ("已更正", entry.id) for entry in progress.entries}
    replaced |= {entry.voids: ("已作废", entry.id) for entry in progress.entries}
    targets = {target.key: target for target in commitment.targets}
    logged = []
    for entry, line in zip(progress.entries, progress.lines, strict=True):
        counts = entry.id in counting
        commit, earlier = commits.get(entry.id, NOT_COMMITTED)
        word, by = ("", "") if counts else replaced.get(entry.id, ("已作废", ""))
        target, review = targets.get(entry.target), _review_text(reviews, entry)
        logged.append(LoggedEntry(entry, target, counts, line, commit, earlier, word, by, review))
    return tuple(logged)


def _review_text(reviews: Reviews, entry: Entry) -> str:
    review = reviews.lines.get(entry.id)
    if review is None:
        return ""
    return "已核定" if review.verifies else f"已退回：{review.reason}"


def _same_month(day: date, month: date) -> bool:
    return (day.year, day.month) == (month.year, month.month)


def _plan_changes(source: Source, focus: Target | None) -> list[PlanChange]:
    """Return the changes of a commitment and its targets, or of one target, oldest first, without their commits."""
    commitment = source.commitment
    changes: list[PlanChange] = []
    for target in commitment.targets if focus is None else (focus,):
        changes += _changes_of(target, target)
    if focus is None:
        changes += _changes_of(None, commitment)
    return sorted(changes, key=lambda change: change.on)


def _commits(ledger: Ledger, source: Source) -> list[Commit]:
    """Return the commits that touched a commitment's two files, oldest first."""
    commitment = source.commitment
    paths = (source.path, layout.progress_file(commitment.year, commitment.id))
    log = Repo.open(ledger.home).log([ledger.home / path for path in paths], revision=ledger.commit or HEAD)
    return log[::-1]


def _changes_of(target: Target | None, item: Commitment | Target) -> Iterator[PlanChange]:
    """Yield the changes that a target or commitment keeps; a withdrawn closing stands in the revision that withdrew it."""
    for revision, field, before, after in changes(item):
        if isinstance(before, Closing):
            yield _closing(target, before)
        yield PlanChange(
            target, field, before, after, revision.on, revision.since, revision.by, revision.reason
        )
    if item.closed is not None:
        yield _closing(target, item.closed)


def _closing(target: Target | None, closed: Closing) -> PlanChange:
    return PlanChange(
        target, "closed", None, closed, closed.on, closed.on, closed.by, closed.reason, closed.evidence
    )


def _with_commits(
    source: Source, plan_changes: Sequence[PlanChange], commits: Sequence[Commit]
) -> list[PlanChange]:
    """Find the commits of changes by their trailers, where each change of a field has one."""
    named: dict[str, list[Commit]] = defaultdict(list)
    for commit in commits:
        for trailer in commit.trailer("Ledger-Amend"):
            named[trailer].append(commit)
    trailers = [_trailer(source.commitment, change) for change in plan_changes]
    return [
        replace(change, commit=named[trailer][trailers[:number].count(trailer)])
        if trailers.count(trailer) == len(named[trailer])
        else change
        for number, (change, trailer) in enumerate(zip(plan_changes, trailers, strict=True))
    ]


def _trailer(commitment: Commitment, change: PlanChange) -> str:
    ref = f"{commitment.id}/{change.target.key}" if change.target else commitment.id
    return f"{ref} {change.field}"
