"""`changes`: what differs between the ledger of two times: lights, figures, entries, goals, departments, scores and places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from ledger.commands.due import due, last_month
from ledger.commands.rank import rank
from ledger.core.models import Commitment, Entry, Target
from ledger.core.models.revisions import DATED, changes
from ledger.core.progress import Light, Policy, TargetStatus
from ledger.core.progress.amounts import format_move
from ledger.core.progress.closure import closing_text
from ledger.core.progress.entries import is_report
from ledger.core.progress.percent import percent
from ledger.core.progress.report import CommitmentStatus, Query
from ledger.core.progress.revisions import wording
from ledger.core.structs import FrozenStruct
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Ledger, Source

FROM_BEST = (Light.MET, Light.ON_TRACK, Light.UNKNOWN, Light.UNREPORTED, Light.BEHIND, Light.FAR_BEHIND)


class ChangeKind(StrEnum):
    """What a change is; the order is that of the answer."""

    WORSE = "worse"
    BETTER = "better"
    MET = "met"
    BROKEN = "broken"
    REPORTED = "reported"
    SILENT = "silent"
    FIGURE = "figure"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    LATE = "late"
    RETURNED = "returned"
    CAUSE = "cause"
    GOAL = "goal"
    DUE = "due"
    WEIGHT = "weight"
    DIFFICULTY = "difficulty"
    CLOSED = "closed"
    DEPARTMENT = "department"
    PLAN = "plan"
    ADDED = "added"
    REMOVED = "removed"
    PLACE = "place"
    SCORE = "score"


class Difference(FrozenStruct):
    """One difference. `target` is a reference (`金融办-03/listed`), a commitment's id, or empty for a department."""

    kind: ChangeKind
    department: str
    target: str = ""
    name: str = ""
    before: str | None = None
    after: str | None = None
    difference: str | None = None
    by: str | None = None
    reason: str | None = None


class Side(FrozenStruct):
    """One of the two times: the day as of which it is judged, the ledger as it was known then, and its label."""

    as_of: date
    ledger: Ledger
    label: str


class ChangeReport(FrozenStruct):
    """The whole answer."""

    ledger: str
    simulated: bool
    year: int
    before: Side
    after: Side
    changes: tuple[Difference, ...]


class JudgedCommitment(FrozenStruct):
    """A commitment at one of the two times, with its status then and its entries."""

    source: Source
    status: CommitmentStatus
    entries: tuple[Entry, ...]

    @property
    def commitment(self) -> Commitment:
        """The commitment as its file has it."""
        return self.source.commitment


def find_changes(
    before: Side, after: Side, year: int, departments: frozenset[str] | None = None
) -> ChangeReport:
    """Compare the ledger of two times, of all departments or of some.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    old, new = _read_both(before, after, year, departments)
    changes = compare_commitments(old, new, before, after)
    changes += _silent(before, after, year, None if after.ledger.history else departments, old)
    changes += _scores(before, after, year, departments)
    _sort(changes, after.ledger)
    config = after.ledger.config
    return ChangeReport(config.name, config.simulated, year, before, after, tuple(changes))


def compare_commitments(
    old: Mapping[str, JudgedCommitment], new: Mapping[str, JudgedCommitment], before: Side, after: Side
) -> list[Difference]:
    """Compare the commitments of two times by their ids: everything but missing reports, scores and places, worst news first."""
    changes = [
        change for id_, item in new.items() for change in _of_commitment(old.get(id_), item, before, after)
    ]
    changes += [
        Difference(ChangeKind.REMOVED, item.status.commitment.department, id_, item.commitment.title)
        for id_, item in old.items()
        if id_ not in new
    ]
    _sort(changes, after.ledger)
    return changes


def _sort(changes: list[Difference], ledger: Ledger) -> None:
    order = list(ChangeKind)
    names = [department.name for department in ledger.config.departments]
    changes.sort(
        key=lambda change: (
            order.index(change.kind),
            names.index(change.department) if change.department in names else -1,
        )
    )


def _read_both(
    before: Side, after: Side, year: int, departments: frozenset[str] | None
) -> tuple[dict[str, JudgedCommitment], dict[str, JudgedCommitment]]:
    """Return the commitments of both times by id: those for which one of the departments was in charge at either."""
    if departments is None or not after.ledger.history:
        return read_side(before, year, departments), read_side(after, year, departments)
    old, new = read_side(before, year, None), read_side(after, year, None)
    former = {row.name for name in departments for row in before.ledger.find_departments(name)}
    ids = {id_ for id_, item in old.items() if item.commitment.department in former}
    ids |= {id_ for id_, item in new.items() if item.commitment.department in departments}
    return (
        {id_: item for id_, item in old.items() if id_ in ids},
        {id_: item for id_, item in new.items() if id_ in ids},
    )


def read_side(side: Side, year: int, departments: frozenset[str] | None) -> dict[str, JudgedCommitment]:
    """Read and judge the commitments of one of the two times, by id."""
    policy = Policy.of(side.ledger.config, side.ledger.units)
    if year not in side.ledger.years:
        return {}
    commitments = {}
    for source in side.ledger.load_plan(year, departments):
        entries = side.ledger.load_progress(source.commitment).entries
        status = assess_commitment(side.ledger, source, side.as_of, policy, entries)
        commitments[source.commitment.id] = JudgedCommitment(source, status, entries)
    return commitments


def _of_commitment(
    old: JudgedCommitment | None, new: JudgedCommitment, before: Side, after: Side
) -> Iterator[Difference]:
    commitment = new.commitment
    department = new.status.commitment.department
    if old is None:
        yield Difference(ChangeKind.ADDED, department, commitment.id, commitment.title)
        return
    yield from _handed_over(commitment, department, before, after)
    yield from _revised(
        old.commitment, commitment, commitment.id, commitment.title, department, before, after
    )
    statuses = {status.key: status for status in old.status.targets}
    former = {target.key: target for target in old.commitment.targets}
    for target, status in zip(commitment.targets, new.status.targets, strict=True):
        reference = f"{commitment.id}/{target.key}"
        if target.key not in former:
            yield Difference(ChangeKind.ADDED, department, reference, target.name)
            continue
        yield from _judged(statuses[target.key], status, target, reference, department)
        yield from _revised(former[target.key], target, reference, target.name, department, before, after)
    yield from _entered(old, new, department)


def _handed_over(commitment: Commitment, department: str, before: Side, after: Side) -> Iterator[Difference]:
    """Yield the changes of the department in charge that were not known before, or took effect between the two days."""
    history = after.ledger.history
    known = before.ledger.config.reorganisations
    for fact in history.changes_of(commitment.year, commitment.id):
        if fact.on > after.as_of or (fact in known and fact.on <= before.as_of):
            continue
        former = history.in_charge(commitment.year, commitment.id, fact.on - timedelta(days=1))
        yield Difference(
            ChangeKind.DEPARTMENT,
            department,
            commitment.id,
            commitment.title,
            former,
            fact.to,
            None,
            fact.by,
            fact.reason,
        )


def _judged(
    old: TargetStatus, new: TargetStatus, target: Target, reference: str, department: str
) -> Iterator[Difference]:
    """Yield the differences between two statuses of a target."""

    def change(
        kind: ChangeKind, before: str | None, after: str | None, difference: str | None = None
    ) -> Difference:
        return Difference(kind, department, reference, target.name, before, after, difference)

    if old.light is not new.light:
        worse = FROM_BEST.index(new.light) > FROM_BEST.index(old.light)
        yield change(ChangeKind.WORSE if worse else ChangeKind.BETTER, old.light.value, new.light.value)
    if (old.met is True) != (new.met is True):
        kind = ChangeKind.MET if new.met else ChangeKind.BROKEN
        yield change(kind, old.actual, new.actual)
    if not old.entries and new.entries:
        yield change(ChangeKind.REPORTED, None, new.actual)
    elif old.actual != new.actual:
        yield change(ChangeKind.FIGURE, old.actual, new.actual, _difference(old, new, target))


def _difference(old: TargetStatus, new: TargetStatus, target: Target) -> str | None:
    """Return by how much a figure moved, `+2家`; None where there is no figure on both sides."""
    if old.value is None or new.value is None:
        return None
    unit = getattr(target, "unit", None)
    return format_move(new.value - old.value, unit, getattr(target, "scale", 1)) if unit else None


def _revised(
    old: Any, new: Any, reference: str, name: str, department: str, before: Side, after: Side
) -> Iterator[Difference]:
    """Yield the changes of a target or a commitment that were not known before, or took effect between the two days."""
    for revision, field, was, becomes in changes(new):
        known = revision in old.revisions
        begins = field in DATED and before.as_of < revision.since <= after.as_of
        if known and not begins:
            continue
        kind = (
            ChangeKind.GOAL
            if field == "stretch"
            else ChangeKind(field)
            if field in set(ChangeKind)
            else ChangeKind.PLAN
        )
        words = (wording(was), wording(becomes))
        yield Difference(kind, department, reference, name, *words, None, revision.by, revision.reason)
    if new.closed is not None and (old.closed is None or before.as_of < new.closed.on <= after.as_of):
        text = closing_text(new.closed)
        yield Difference(
            ChangeKind.CLOSED, department, reference, name, None, text, None, new.closed.by, new.closed.reason
        )


def _entered(old: JudgedCommitment, new: JudgedCommitment, department: str) -> Iterator[Difference]:
    """Yield the corrections, withdrawals and late reports that were not known before."""
    known = {entry.id for entry in old.entries}
    by_id = {entry.id: entry for entry in new.entries}
    names = {target.key: target.name for target in new.commitment.targets}
    for entry in new.entries:
        if entry.id not in known and not is_report(entry):
            yield from _reviewed(entry, by_id, new.commitment, names, department)
            continue
        if entry.id in known or not (entry.corrects or entry.voids or entry.late):
            continue
        kind = (
            ChangeKind.CORRECTION
            if entry.corrects
            else ChangeKind.WITHDRAWAL
            if entry.voids
            else ChangeKind.LATE
        )
        former = by_id.get(entry.corrects or entry.voids or "")
        yield Difference(
            kind,
            department,
            f"{new.commitment.id}/{entry.target}",
            names.get(entry.target, entry.target),
            _entry_text(former),
            None if entry.voids else _entry_text(entry),
            None,
            entry.by,
            entry.reason,
        )


def _reviewed(
    entry: Entry, by_id: dict[str, Entry], commitment: Commitment, names: dict[str, str], department: str
) -> Iterator[Difference]:
    """Yield a figure that was sent back, or a cause and measure; figures that were verified are not listed one by one."""
    reference, name = f"{commitment.id}/{entry.target}", names.get(entry.target, entry.target)
    if entry.returns:
        figure = _entry_text(by_id.get(entry.returns))
        yield Difference(
            ChangeKind.RETURNED, department, reference, name, figure, None, None, entry.by, entry.reason
        )
    elif entry.cause:
        yield Difference(
            ChangeKind.CAUSE, department, reference, name, None, entry.cause, None, entry.by, entry.measure
        )


def _entry_text(entry: Entry | None) -> str | None:
    """Return an entry's date and figures: `2023-05-31 2家`."""
    if entry is None:
        return None
    figures: Sequence[Any] = (
        entry.add, entry.total, entry.value, entry.current, entry.rank, entry.step, entry.verdict
    )  # fmt: skip
    return " ".join([str(entry.on), *(str(figure) for figure in figures if figure is not None)])


def _silent(
    before: Side, after: Side, year: int, departments: frozenset[str] | None, old: dict[str, JudgedCommitment]
) -> Iterator[Difference]:
    """Yield the targets that were reported before and lack a report for the last month that is over."""
    if year not in before.ledger.years:
        return
    month = last_month(after.as_of)
    if month <= last_month(before.as_of):
        return
    earlier = due(before.ledger, year, last_month(before.as_of), before.as_of, departments)
    missing = {item.ref for row in earlier.departments for item in row.items}
    counts = {f"{id_}/{status.key}": status for id_, item in old.items() for status in item.status.targets}
    for row in due(after.ledger, year, month, after.as_of, departments).departments:
        for item in row.items:
            status = counts.get(item.ref)
            if item.ref not in missing and status is not None and status.entries:
                last = str(item.last) if item.last else None
                name = row.department.name
                yield Difference(
                    ChangeKind.SILENT, name, item.ref, item.target.name, last, f"{month:%Y-%m} 未报送"
                )


def _scores(before: Side, after: Side, year: int, departments: frozenset[str] | None) -> Iterable[Difference]:
    if year not in before.ledger.years:
        return
    rows = [
        {row.department.name: row for row in rank(side.ledger, Query(year, side.as_of)).departments}
        for side in (before, after)
    ]
    for name, new in rows[1].items():
        former = after.ledger.history.resolve(name, before.as_of)
        old = rows[0].get(former[0]) if len(former) == 1 else None
        if old is None or (departments is not None and name not in departments):
            continue
        if old.place != new.place:
            places = [f"第{row.place}位" if row.place else None for row in (old, new)]
            yield Difference(ChangeKind.PLACE, name, before=places[0], after=places[1])
        if old.score.plain.value != new.score.plain.value:
            scores = [row.score.plain.value for row in (old, new)]
            texts = [None if score is None else percent(score / 100).removesuffix("%") for score in scores]
            yield Difference(ChangeKind.SCORE, name, before=texts[0], after=texts[1])
