"""What a report or a bulletin contains: status, ranking, charts, and entries with their commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from ledger.commands.audit import Audit, AuditRequest, NothingToAuditError, audit
from ledger.commands.changes import Difference, JudgedCommitment, Side, compare_commitments, read_side
from ledger.commands.doubts import DoubtfulEntry, doubts_of
from ledger.commands.due import DueReport, due_of_plan, last_month
from ledger.commands.history import LoggedEntry, logged_entries
from ledger.core.models import Commitment, Entry
from ledger.core.models.revisions import in_force
from ledger.core.progress import (
    Forecast,
    Policy,
    RankedScore,
    Score,
    by_target,
    commitment_score,
    department_score,
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
)
from ledger.core.progress.score import too_silent
from ledger.core.structs import FrozenStruct
from ledger.files import layout, worktree
from ledger.files.assessment import assess_commitment, report_on
from ledger.files.ledger import Ledger, ProgressFile, Source
from ledger.files.provenance import HEAD, EntryCommit, EntryCommits, NamedEntries
from ledger.git import NotARepositoryError, Repo
from ledger.rules.sealed import printable_seals

_TIP = 12
"""Digits of a commit's id on a printed page."""


class IntegrityStatement(FrozenStruct):
    """What is known of the ledger's soundness: the last seal's id as printed, and an audit's result in words.

    None means that it was not sealed, or not audited; the page states that.
    """

    seal: str | None = None
    seal_label: str = ""
    seal_asked: bool = True
    """Whether the server said now that it has the seal; False where it did not answer and the last fetch counts."""
    has_server: bool = False
    """Whether the seal is the server's to confirm, so that it must be asked again for every page."""
    notices: tuple[str, ...] = ()
    """What to tell beside the page: a seal that is not named on it, a server that was not asked."""
    audit: str | None = None
    sound: bool | None = None
    named: NamedEntries | None = None
    """The commits of the entries of a year, where the audit walked all history."""


class CommitmentSection(FrozenStruct):
    """A commitment with its status and, for a page, its forecasts, charts and entries.

    `ranked` is the status by which the department gets its place, of verified figures alone where the ledger says so. `previous` is the
    status at the end of the month before; `entries` are those up to the day asked for, in file order; `curves`
    has the targets that can be drawn; `points` tells whether gaps are in percentage points of the goal or percent of what was due.
    """

    commitment: Commitment
    status: CommitmentStatus
    ranked: CommitmentStatus
    previous: CommitmentStatus | None
    points: bool
    forecasts: Mapping[str, Forecast]
    curves: Mapping[str, BurnUp]
    entries: tuple[LoggedEntry, ...]


class Ranked(FrozenStruct):
    """One department's place among those shown, by its plain score."""

    department: DepartmentStatus
    place: RankedScore
    score: Score


class ReportData(FrozenStruct):
    """The whole year up to a day, what it was at the end of the month before, and what the latest month still lacks.

    `previous` is None in the first month of the year. `tip` is the commit the figures were read at; None when something under
    data/ is not committed.
    """

    status: StatusReport
    previous: StatusReport | None
    sections: tuple[CommitmentSection, ...]
    ranking: tuple[Ranked, ...]
    due: DueReport
    tip: str | None
    integrity: IntegrityStatement
    silence_is_zero: bool
    """Whether places count a target never reported as zero where a report is overdue."""
    verified_only: bool = False
    """Whether everything is judged by verified figures alone."""
    since: Changes | None = None
    doubtful: tuple[DoubtfulEntry, ...] = ()
    """Doubts about the figures of the month whose reports are checked, of a page."""


class Changes(FrozenStruct):
    """What changed since the last seal, or where nothing is sealed since the end of the month before; `label` says since when."""

    label: str
    sealed: bool
    differences: tuple[Difference, ...]


def integrity_statement(
    ledger: Ledger, as_of: date, today: date, *, of_month: bool = False, year: int | None = None
) -> IntegrityStatement:
    """Audit the history, and find the last seal of a month that is over by `as_of`; with `of_month` that very month's.

    Where there is a server, only a seal that it has. With `year` the commits of its entries are noted on the way.

    Raises:
        ExternalError: when git or the repository fails.
    """
    try:
        repo = Repo.open(ledger.home)
        tip = worktree.head_commit(ledger.home) if year is not None else None
        named = NamedEntries(tip, layout.PROGRESS / str(year)) if tip else None
        result = audit(ledger.home, AuditRequest(), today, on_commit=named.add if named else None)
    except (NotARepositoryError, NothingToAuditError):
        return IntegrityStatement()
    printable = printable_seals(repo, result.seals)
    fitting = [seal for seal in printable.seals if (seal.month == as_of if of_month else seal.month <= as_of)]
    seal = fitting[-1] if fitting else None
    return IntegrityStatement(
        seal=seal.short if seal else None,
        seal_label=seal.label if seal else "",
        seal_asked=printable.asked,
        has_server=printable.has_server,
        notices=tuple(printable.notices),
        audit=_audit_words(result),
        sound=result.clean,
        named=named if named and result.base is None and result.proved.tip == named.tip else None,
    )


def _audit_words(result: Audit) -> str:
    if result.findings:
        return f"发现 {len(result.findings)} 个问题，请运行 ledger audit 查看"
    if not result.complete:
        return "历史不完整，没有核验"
    return f"到提交 {result.proved.tip[:_TIP]} 为止未发现问题"


def collect_report(
    ledger: Ledger,
    query: Query,
    integrity: IntegrityStatement,
    today: date,
    *,
    month: date | None = None,
    detail: bool = True,
    verified_only: bool = False,
    sealed: Side | None = None,
    step: Callable[[int, int], None] = lambda _done, _all: None,
) -> ReportData:
    """Collect everything about the departments asked for, up to and including `query.as_of`.

    `month`, by its last day, is the one whose reports are checked: the latest that is over unless given. Without `detail` there are
    no forecasts, charts, entries and commits. With `verified_only` everything is judged by verified figures; places follow the ledger's
    own rule. `sealed` is the ledger as it was sealed last, for what changed since.
    `step` is called after each commitment with how many of how many are done.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    repo = _repo(ledger)
    sources = ledger.load_plan(query.year, query.departments)  # first: it refuses a folder that is not HEAD's
    commits = _commits(ledger, repo, query.year, integrity.named) if detail else None
    reader = _ReportReader(ledger, query.as_of, commits, verified_only=verified_only)
    sections: list[CommitmentSection] = []
    for source in sources:
        sections.append(reader.section(source))
        step(len(sections), len(sources))
    report = report_on(ledger, query, [section.status for section in sections], reader.policy)
    previous = [section.previous for section in sections if section.previous is not None]
    return ReportData(
        since=_changes_since(ledger, query, reader, sections, sealed) if detail else None,
        doubtful=tuple(
            doubtful
            for source, (_, entries) in zip(sources, reader.plan, strict=True)
            for doubtful in doubts_of(source, entries, month or last_month(query.as_of), reader.policy)
        )
        if detail
        else (),
        status=report,
        previous=report_on(ledger, query, previous, reader.policy) if previous else None,
        sections=tuple(sections),
        ranking=rank_departments(report, sections, reader.policy),
        due=due_of_plan(ledger, reader.plan, month or last_month(query.as_of), today),
        tip=_tip(ledger, repo),
        integrity=integrity,
        silence_is_zero=reader.policy.basis == "all",
        verified_only=verified_only,
    )


def _changes_since(
    ledger: Ledger,
    query: Query,
    reader: _ReportReader,
    sections: Sequence[CommitmentSection],
    sealed: Side | None,
) -> Changes | None:
    """Compare with the last seal, or with the same ledger at the end of the month before."""
    new = {
        source.commitment.id: JudgedCommitment(source, section.status, entries)
        for source, entries, section in zip(reader.sources, reader.entries, sections, strict=True)
    }
    after = Side(query.as_of, ledger, str(query.as_of))
    if sealed is not None:
        old = read_side(sealed, query.year, query.departments)
        return Changes(sealed.label, True, tuple(compare_commitments(old, new, sealed, after)))
    old = {
        id_: JudgedCommitment(item.source, section.previous, item.entries)
        for (id_, item), section in zip(new.items(), sections, strict=True)
        if section.previous is not None
    }
    if not old:
        return None
    before = Side(query.as_of.replace(day=1) - timedelta(days=1), ledger, "上月底")
    return Changes("上月底", False, tuple(compare_commitments(old, new, before, after)))


def rank_departments(
    report: StatusReport, sections: Sequence[CommitmentSection], policy: Policy
) -> tuple[Ranked, ...]:
    """Rank the departments by their plain scores, best first."""
    scores = {
        row.department.name: department_score(
            [
                (section.commitment, commitment_score(section.commitment, section.ranked.targets, policy))
                for section in sections
                if section.commitment.department == row.department.name
            ],
            policy,
        )
        for row in report.departments
    }
    departments = {row.department.name: row for row in report.departments}
    return tuple(
        Ranked(departments[place.name], place, scores[place.name])
        for place in ranking(
            {name: score.plain.value for name, score in scores.items()}, too_silent(scores, policy)
        )
    )


class _ReportReader:
    """Reads commitments with their entries and judges them; `plan` keeps what was read. Without commits there is no detail."""

    def __init__(
        self, ledger: Ledger, as_of: date, commits: EntryCommits | None, *, verified_only: bool = False
    ) -> None:
        self.ledger, self.as_of, self.commits = ledger, as_of, commits
        self.verified_only = verified_only
        self.policy = Policy.of(ledger.config, ledger.units)
        self.plan: list[tuple[Commitment, Sequence[Entry]]] = []
        self.sources: list[Source] = []
        self.entries: list[tuple[Entry, ...]] = []

    def section(self, source: Source) -> CommitmentSection:
        """Read and judge one commitment.

        Raises:
            InvalidLedgerError: when its entries cannot be read.
        """
        commitment = in_force(source.commitment, self.as_of)
        progress = self.ledger.load_progress(commitment)
        self.plan.append((source.commitment, progress.entries))
        self.sources.append(source)
        self.entries.append(progress.entries)
        before = self.as_of.replace(day=1) - timedelta(days=1)
        forecasts: dict[str, Forecast] = {}
        curves: dict[str, BurnUp] = {}
        if self.commits is not None:
            self._draw(commitment, progress, forecasts, curves)
        status = ranked = assess_commitment(
            self.ledger,
            source,
            self.as_of,
            self.policy,
            progress.entries,
            verified_only=self.verified_only,
        )
        if self.policy.verified_only and not self.verified_only:
            ranked = assess_commitment(
                self.ledger, source, self.as_of, self.policy, progress.entries, verified_only=True
            )
        return CommitmentSection(
            commitment=commitment,
            status=status,
            ranked=ranked,
            previous=assess_commitment(
                self.ledger, source, before, self.policy, progress.entries, verified_only=self.verified_only
            )
            if before >= commitment.start
            else None,
            points=self.policy.lights.gap == "points",
            forecasts=forecasts,
            curves=curves,
            entries=()
            if self.commits is None
            else self._entries(commitment, progress, self.commits.of(self.ledger.home, progress)),
        )

    def _entries(
        self, commitment: Commitment, progress: ProgressFile, commits: Mapping[str, EntryCommit]
    ) -> tuple[LoggedEntry, ...]:
        entries = logged_entries(commitment, progress, commits)
        return tuple(line for line in entries if line.entry.on <= self.as_of)

    def _draw(
        self,
        commitment: Commitment,
        progress: ProgressFile,
        forecasts: dict[str, Forecast],
        curves: dict[str, BurnUp],
    ) -> None:
        entries_by_target = by_target(progress.entries)
        for target in commitment.targets:
            entries: Sequence[Entry] = entries_by_target.get(target.key, [])
            aggregate = fold(target, entries, as_of=self.as_of, policy=self.policy)
            forecasts[target.key] = forecast_target(
                commitment, target, entries, aggregate, as_of=self.as_of, policy=self.policy
            )
            curve = burn_up(commitment, target, entries, as_of=self.as_of, policy=self.policy)
            if curve is not None:
                curves[target.key] = curve


def _repo(ledger: Ledger) -> Repo | None:
    try:
        return Repo.open(ledger.home)
    except NotARepositoryError:
        return None  # a folder that was copied without its history still has figures, only no commits to show


def _commits(ledger: Ledger, repo: Repo | None, year: int, named: NamedEntries | None) -> EntryCommits:
    folder = layout.PROGRESS / str(year)
    revision = ledger.commit or worktree.head_commit(ledger.root) or HEAD
    return EntryCommits(repo, ledger.home / folder, revision, named)


def _tip(ledger: Ledger, repo: Repo | None) -> str | None:
    if repo is None or ledger.commit is not None:
        return ledger.commit
    state = repo.snapshot([ledger.root / "data"])
    return None if state.changes else state.head
