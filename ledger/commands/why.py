"""`why`: how a figure, a light, a completion and a score came about, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import PurePosixPath

from ledger.commands.rank import ScoredDepartment, rank
from ledger.core.models import Commitment, Entry, Target
from ledger.core.models.entries import short_id
from ledger.core.models.revisions import changes, in_force
from ledger.core.progress import Policy, TargetStatus, commitment_score, effective, fold
from ledger.core.progress.averages import addends, clamped_completion
from ledger.core.progress.explain import explain_target
from ledger.core.progress.explain.formula import Formula, mean_formula
from ledger.core.progress.explain.running import running_figures
from ledger.core.progress.explain.steps import WhyStep
from ledger.core.progress.judge import entries_of_target
from ledger.core.progress.report import CommitmentStatus, Query
from ledger.core.progress.revisions import change_notes, department_notes
from ledger.core.progress.score import DEDUCTIONS
from ledger.files import layout, lookup
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Ledger, Source
from ledger.files.lookup import resolve
from ledger.files.provenance import HEAD, NOT_COMMITTED, EntryCommit, EntryCommits
from ledger.git import Commit, NotARepositoryError, Repo

SILENT = "逾期未报，按零计"


@dataclass(frozen=True)
class EntryStep:
    """An entry: whether it counts and why not, the commit that brought it, and the figure after it."""

    entry: Entry
    state: str
    counts: bool
    provenance: EntryCommit
    formula: str | None
    running: Fraction | None

    @property
    def commit(self) -> Commit | None:
        """The commit that brought it, where it is known."""
        return self.provenance.commit


@dataclass(frozen=True)
class TargetExplanation:
    """A target: what was promised, what was reported, and the steps from there to its light."""

    reference: str
    target: Target
    since: date | None
    notes: tuple[str, ...]
    status: TargetStatus
    entries: tuple[EntryStep, ...]
    steps: tuple[WhyStep, ...]


@dataclass(frozen=True)
class Addend:
    """One item of a mean; without a value it is not counted, for the reason given."""

    reference: str
    name: str
    value: Fraction | None
    weight: Fraction
    reason: str | None = None


@dataclass(frozen=True)
class MeanExplanation:
    """A mean with its addends: `formula` has the numbers put in, and is None where nothing can be counted."""

    code: str
    title: str
    addends: tuple[Addend, ...]
    formula: str | None
    result: Fraction | None


@dataclass(frozen=True)
class CommitmentExplanation:
    """A commitment: its targets and their mean."""

    commitment: Commitment
    status: CommitmentStatus
    means: tuple[MeanExplanation, ...]
    targets: tuple[TargetExplanation, ...]
    notes: tuple[str, ...] = ()
    """The changes of the commitment: of the department in charge, of the difficulty."""


@dataclass(frozen=True)
class Explanation:
    """The whole answer: one target of a commitment, a commitment, or a department with the means that make its place."""

    ledger: str
    simulated: bool
    as_of: date
    commitments: tuple[CommitmentExplanation, ...]
    department: str | None = None
    means: tuple[MeanExplanation, ...] = ()
    place: int | None = None
    focus: str | None = None


def explain(ledger: Ledger, year: int, reference: str, as_of: date) -> Explanation:
    """Explain the target, the commitment or the department that `reference` names.

    Raises:
        UnknownDepartmentError, UnknownCommitmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        InvalidLedgerError: when a file it needs holds an error.
    """
    if ledger.find_departments(reference.strip()):
        department = lookup.department(ledger, reference)
        return _department(ledger, Query(year, as_of, frozenset((department.name,))), department.name)
    source, focus = resolve(ledger, year, reference)
    commits = _commits(ledger, layout.progress_file(year, source.commitment.id))
    explained = _commitment(ledger, source, as_of, focus, commits)
    config = ledger.config
    return Explanation(
        config.name, config.simulated, as_of, (explained,), focus=focus.key if focus is not None else None
    )


def _department(ledger: Ledger, query: Query, name: str) -> Explanation:
    sources = ledger.load_plan(query.year, query.departments)
    folders = sorted({layout.folder_of(source.commitment.id) for source in sources})
    commits = {folder: _commits(ledger, layout.PROGRESS / str(query.year) / folder) for folder in folders}
    commitments = tuple(
        _commitment(ledger, source, query.as_of, None, commits[layout.folder_of(source.commitment.id)])
        for source in sources
    )
    ranking = rank(ledger, Query(query.year, query.as_of))
    row = next((row for row in ranking.departments if row.department.name == name), None)
    means = [_mean_completion(commitments)]
    if row is not None:
        means.append(_mean_score(row, DEDUCTIONS[ranking.deduction]))
    config = ledger.config
    return Explanation(
        config.name,
        config.simulated,
        query.as_of,
        commitments,
        name,
        tuple(means),
        None if row is None else row.place,
    )


def _mean_completion(commitments: Sequence[CommitmentExplanation]) -> MeanExplanation:
    completions = [
        Addend(
            section.commitment.id,
            section.commitment.title,
            section.status.completion.value,
            Fraction(1),
            _uncounted(section),
        )
        for section in commitments
    ]
    return _mean("completion", "完成率：各承诺事项的平均", completions)


def _mean_score(row: ScoredDepartment, deduction: Fraction) -> MeanExplanation:
    """Explain a department's score; `deduction` is taken off for each target that was not reported."""
    scores = [
        Addend(
            scored.commitment.id,
            scored.commitment.title,
            scored.score.value,
            Fraction(1),
            "没有可算分的目标",
        )
        for scored in row.commitments
    ]
    off = row.score.silent * deduction
    return _mean("score", "得分：各承诺事项得分的平均", scores, off, row.score.plain.value)


def _uncounted(explained: CommitmentExplanation) -> str:
    return f"{explained.status.completion.uncounted} 项目标都无法计算"


def _commitment(
    ledger: Ledger, source: Source, as_of: date, focus: Target | None, commits: EntryCommits
) -> CommitmentExplanation:
    policy = Policy.of(ledger.config, ledger.units)
    commitment = source.commitment
    progress = ledger.load_progress(commitment)
    entries, known = progress.entries, commits.of(ledger.home, progress)
    status = assess_commitment(ledger, source, as_of, policy, entries)
    on_day = in_force(commitment, as_of)
    targets = tuple(
        _target(on_day, target, target_status, entries, known, as_of, policy)
        for target, target_status in zip(commitment.targets, status.targets, strict=True)
        if focus is None or target.key == focus.key
    )
    notes = (*department_notes(commitment, ledger.history), *change_notes(commitment))
    return CommitmentExplanation(on_day, status, tuple(_of_targets(on_day, status, policy)), targets, notes)


def _of_targets(
    commitment: Commitment, status: CommitmentStatus, policy: Policy
) -> Iterator[MeanExplanation]:
    """Yield the completion and the score of a commitment, each as the mean over its targets."""
    reasons = {
        target.key: target.reason or ("没有上报" if not target.entries else "不计算完成率")
        for target in status.targets
    }
    items = addends(commitment, status.targets, clamped_completion, policy)
    rows = [
        Addend(
            "、".join(f"{commitment.id}/{target.key}" for target in group),
            "或".join(target.name for target in group),
            item.value,
            item.weight or Fraction(1),
            None if item.value is not None else reasons[group[0].key],
        )
        for group, item in items
    ]
    parts = [
        Addend(
            f"{commitment.id}/{target.key}",
            target.name,
            None,
            target.weight,
            "是另一目标的“其中”，已在整体里",
        )
        for target in commitment.targets
        if target.part_of is not None
    ]
    yield _mean("completion", "完成率：各目标完成率（单项不超过 1）的加权平均", [*rows, *parts])
    silent_is_zero = policy.basis == "all" and not policy.of_2023
    scored = [
        replace(row, value=Fraction(0), reason=SILENT)
        if row.value is None and item.silent and silent_is_zero
        else replace(row, value=None if row.value is None else row.value * 100)
        for row, (_, item) in zip(rows, items, strict=True)
    ]
    score = commitment_score(commitment, status.targets, policy).by(policy.basis).value
    yield _mean("score", "得分：各目标完成率（单项不超过 100）的加权平均", [*scored, *parts], result=score)


def _mean(
    code: str,
    title: str,
    rows: Sequence[Addend],
    off: Fraction = Fraction(0),
    result: Fraction | None = None,
) -> MeanExplanation:
    """Explain a mean; `off` is taken from it, not below 0. `result` is what the ledger's own arithmetic gave, if it is at hand."""
    formula = mean_formula([(row.value, row.weight) for row in rows if row.value is not None])
    if formula is not None and off:
        formula = formula.minus(Formula.of(min(off, formula.value)))
    value = None if formula is None else formula.value
    if result is not None and value != result:
        return MeanExplanation(code, title, tuple(rows), None, result)
    return MeanExplanation(code, title, tuple(rows), None if formula is None else formula.text, value)


def _target(
    commitment: Commitment,
    recorded: Target,
    status: TargetStatus,
    entries: Sequence[Entry],
    commits: dict[str, EntryCommit],
    as_of: date,
    policy: Policy,
) -> TargetExplanation:
    target = in_force(recorded, as_of)
    target_entries = [entry for entry in entries if entry.target == target.key]
    since = [
        revision.since
        for revision, field, _, _ in changes(recorded)
        if field == "goal" and revision.since <= as_of
    ]
    return TargetExplanation(
        reference=f"{commitment.id}/{target.key}",
        target=target,
        since=since[-1] if since else None,
        notes=change_notes(recorded),
        status=status,
        entries=tuple(_entries(target, target_entries, commits, as_of, policy)),
        steps=explain_target(
            commitment, target, fold(target, target_entries, as_of=as_of, policy=policy), status, policy
        ),
    )


def _entries(
    target: Target, entries: Sequence[Entry], commits: dict[str, EntryCommit], as_of: date, policy: Policy
) -> Iterator[EntryStep]:
    """Yield the entries that count in the order in which they count, then the others in the order of the file."""
    counting = entries_of_target(target, entries, as_of)
    for line, formula in running_figures(target, counting, policy):
        entry = next(candidate for candidate in entries if candidate.id == line.id)
        state = f"更正 {short_id(entry.corrects)}" if entry.corrects else "计入"
        result = None if formula is None else formula.value
        provenance = commits.get(entry.id, NOT_COMMITTED)
        yield EntryStep(entry, state, True, provenance, formula.text if formula else None, result)
    ids = {line.id for line in counting}
    standing = {entry.id for entry in effective(entries)}
    for entry in entries:
        if entry.id not in ids:
            provenance = commits.get(entry.id, NOT_COMMITTED)
            yield EntryStep(entry, _state(entry, entries, standing), False, provenance, None, None)


def _state(entry: Entry, entries: Sequence[Entry], standing: set[str]) -> str:
    """Return why an entry does not count."""
    if entry.id in standing:
        return "数据日期在截至日之后"
    if entry.voids:
        return f"作废 {short_id(entry.voids)}"
    for later in entries:
        if later.voids == entry.id:
            return f"被 {short_id(later.id)} 作废"
        if later.corrects == entry.id:
            return f"被 {short_id(later.id)} 更正"
    return "不计入"


def _commits(ledger: Ledger, path: PurePosixPath) -> EntryCommits:
    """Return what tells the commits of the entries of a progress file, or of a folder of them."""
    repo: Repo | None = None
    with suppress(NotARepositoryError):
        repo = Repo.open(ledger.home)
    return EntryCommits(repo, ledger.home / path, ledger.commit or HEAD)
