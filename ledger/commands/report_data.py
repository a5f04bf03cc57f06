"""Everything a report or a bulletin tells: status, places, lines, entries with their commits. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.commands.show import LoggedEntry
from ledger.core.models import Commitment, Entry
from ledger.core.progress import (
    Forecast,
    Policy,
    RankedScore,
    Score,
    by_target,
    commitment_score,
    department_score,
    effective,
    fold,
    forecast_target,
    ranking,
)
from ledger.core.progress.burnup import BurnUp, burn_up
from ledger.core.progress.report import (
    CommitmentStatus,
    DepartmentStatus,
    Query,
    StatusReport,
    assemble_report,
)
from ledger.files import layout
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Ledger, ProgressFile, Source
from ledger.git import Commit, NotARepositoryError, Repo


@dataclass(frozen=True)
class IntegrityStatement:
    """What is known of the ledger's soundness: the last seal's id as printed, and an audit's result in words.

    None means that it was not sealed, or not audited: that is said, never passed over.
    """

    seal: str | None = None
    seal_label: str = ""
    audit: str | None = None
    sound: bool | None = None


@dataclass(frozen=True)
class CommitmentSection:
    """One commitment with all that hangs on it. `curves` has the targets that can be drawn."""

    commitment: Commitment
    status: CommitmentStatus
    outlooks: Mapping[str, Forecast]
    curves: Mapping[str, BurnUp]
    entries: tuple[LoggedEntry, ...]
    """Up to the day asked for, in file order."""
    points: bool
    """Whether gaps are in percentage points of the goal, rather than percent of what was due."""


@dataclass(frozen=True)
class Ranked:
    """One department's place among those shown, by its plain score."""

    department: DepartmentStatus
    place: RankedScore
    score: Score


@dataclass(frozen=True)
class ReportData:
    """The whole year up to a day."""

    status: StatusReport
    files: tuple[CommitmentSection, ...]
    ranking: tuple[Ranked, ...]
    tip: str | None
    """The commit the figures were read at; None when something under data/ is not committed."""
    assurance: IntegrityStatement


def dossier(
    ledger: Ledger,
    query: Query,
    assurance: IntegrityStatement | None = None,
    *,
    step: Callable[[int, int], None] = lambda _done, _all: None,
) -> ReportData:
    """Collect everything about the departments asked for, up to and including `query.as_of`.

    `step` is told after each commitment how many of how many are done.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    policy = Policy.of(ledger.config, ledger.units)
    repo = _repo(ledger)
    commits = _commits(ledger, repo, query.year)
    sources = ledger.load_plan(query.year, query.departments)
    files: list[CommitmentSection] = []
    for source in sources:
        files.append(_file(ledger, source, query.as_of, policy, commits))
        step(len(files), len(sources))
    report = assemble_report(
        ledger.config.name,
        ledger.config.simulated,
        ledger.config.departments,
        [one.status for one in files],
        query,
    )
    return ReportData(
        status=report,
        files=tuple(files),
        ranking=ranked(report, files, policy),
        tip=_tip(ledger, repo),
        assurance=assurance or IntegrityStatement(),
    )


def ranked(report: StatusReport, files: Sequence[CommitmentSection], policy: Policy) -> tuple[Ranked, ...]:
    """Rank the departments by their plain scores, best first."""
    scores = {
        one.department.name: department_score(
            [
                (file.commitment, commitment_score(file.commitment, file.status.targets, policy))
                for file in files
                if file.commitment.department == one.department.name
            ],
            policy,
        )
        for one in report.departments
    }
    departments = {one.department.name: one for one in report.departments}
    return tuple(
        Ranked(departments[place.name], place, scores[place.name])
        for place in ranking({name: score.plain.value for name, score in scores.items()})
    )


def _file(
    ledger: Ledger, source: Source, as_of: date, policy: Policy, commits: Mapping[str, Commit]
) -> CommitmentSection:
    commitment = source.commitment
    journal = ledger.load_progress(commitment)
    own = by_target(journal.entries)
    outlooks: dict[str, Forecast] = {}
    curves: dict[str, BurnUp] = {}
    for target in commitment.targets:
        lines: Sequence[Entry] = own.get(target.key, [])
        tally = fold(target, lines, as_of=as_of, policy=policy)
        outlooks[target.key] = forecast_target(commitment, target, lines, tally, as_of=as_of, policy=policy)
        curve = burn_up(commitment, target, lines, as_of=as_of, policy=policy)
        if curve is not None:
            curves[target.key] = curve
    return CommitmentSection(
        commitment=commitment,
        status=assess_commitment(ledger, source, as_of, policy, journal.entries),
        outlooks=outlooks,
        curves=curves,
        entries=_logged(commitment, journal, as_of, commits),
        points=policy.lights.gap == "points",
    )


def _logged(
    commitment: Commitment, journal: ProgressFile, as_of: date, commits: Mapping[str, Commit]
) -> tuple[LoggedEntry, ...]:
    counting = {entry.id for entry in effective(journal.entries)}
    targets = {target.key: target for target in commitment.targets}
    return tuple(
        LoggedEntry(entry, targets.get(entry.target), entry.id in counting, line, commits.get(entry.id))
        for entry, line in zip(journal.entries, journal.lines, strict=True)
        if entry.on <= as_of
    )


def _repo(ledger: Ledger) -> Repo | None:
    try:
        return Repo.open(ledger.root)
    except NotARepositoryError:
        return None  # a folder that was copied without its history still has figures, only no commits to show


def _commits(ledger: Ledger, repo: Repo | None, year: int) -> Mapping[str, Commit]:
    folder = ledger.root / layout.PROGRESS / str(year)
    return repo.entry_commits(folder) if repo is not None and folder.is_dir() else {}


def _tip(ledger: Ledger, repo: Repo | None) -> str | None:
    if repo is None:
        return None
    return repo.head() if repo.is_clean(ledger.root / "data") else None
