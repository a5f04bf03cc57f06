"""Records what a department reports: understands it, shows its effect, appends one line and makes one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from ledger.commands.sealed import refuse_sealed
from ledger.core.errors import LedgerError
from ledger.core.models import Commitment, Entry, Milestone, Target
from ledger.core.models.base import ValidationError, read
from ledger.core.progress import Policy, TargetStatus, assess, fold, problems, rate_used
from ledger.core.progress.percent import percent
from ledger.core.reading import figures_of
from ledger.core.structs import FrozenStruct
from ledger.files import layout, listing, lookup
from ledger.files.ids import new_id
from ledger.files.ledger import Ledger
from ledger.files.recover import Recovered
from ledger.files.write import append
from ledger.git import Commit, Identity, Repo
from ledger.rules.permissions import action_of, require_permission


class EntryDateError(LedgerError):
    """A date an entry cannot have."""

    def __init__(self, on: date, why: str) -> None:
        super().__init__(f"数据日期 {on} 不能用：{why}", "用 --on 2023-06-30 这样写明数据所属的日期")


class InvalidEntryError(LedgerError):
    """A figure the target cannot take."""


class EntryRequest(FrozenStruct):
    """What a secretary typed for one target, not yet understood. `figures` holds the figures given by name."""

    department: str
    target: str
    amount: str | None = None
    figures: Mapping[str, str] = msgspec.field(default_factory=dict)
    on: date | None = None
    running_total: bool = False
    by: str | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    simulated: bool = False
    late: bool = False
    reason: str | None = None


class PendingEntry(FrozenStruct):
    """An entry understood but not yet written, where it would go, and what it changes."""

    found: lookup.TargetRef
    entry: Entry
    before: TargetStatus
    after: TargetStatus
    warnings: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The commit's first line: `log(金融办): 新增上市公司 +2家 → 4家/6家 (66.7%)`."""
        figures = subject_figures(self.entry, self.found.target)
        return f"log({self.found.commitment.department}): {self.found.target.name} {figures} → {status_text(self.after)}{_mark(self.entry)}"


class LogResult(FrozenStruct):
    """What was written, and the commit that holds it."""

    understood: tuple[PendingEntry, ...]
    commit: Commit


def prepare(ledger: Ledger, year: int, report: EntryRequest, *, today: date, identity: str) -> PendingEntry:
    """Read one report strictly against its target, and work out its effect; nothing is written.

    Raises:
        UnknownDepartmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        EntryDateError: a date in the future or outside the plan's period.
        SealedMonthError: a date in a sealed month, without `late` and a reason.
        UnreadableFigureError, InvalidEntryError: a figure that cannot be read, or not for this kind of target or in its unit.
        InvalidLedgerError: when a file it needs holds an error.
    """
    owner = lookup.department(ledger.config, report.department)
    try:
        found = lookup.target(ledger.load_plan(year, {owner.name}), report.target)
    except lookup.UnknownTargetError as error:
        if waiting := listing.drafts(ledger.root, year, owner.name):
            raise lookup.UnconfirmedDraftError(report.target, owner.name, waiting, error.hint) from None
        raise
    policy = Policy.of(ledger.config, ledger.units)
    entry = entry_of(found, report, policy=policy, today=today, identity=identity)
    refuse_sealed(ledger.root, [entry])
    return compute_effects(ledger, [(found, entry)], today)[0]


def entry_of(
    found: lookup.TargetRef, report: EntryRequest, *, policy: Policy, today: date, identity: str
) -> Entry:
    """Build the entry that a report means for the target it was found to be about.

    Money in another currency than the target's records the dated rate by which it is counted.

    Raises:
        EntryDateError: a date in the future or outside the plan's period.
        UnreadableFigureError, InvalidEntryError: a figure that cannot be read, or not for this kind of target.
    """
    figures = figures_of(
        found.target, report.amount, report.figures, running_total=report.running_total, units=policy.units
    )
    on = checked_date(report.on, found.commitment, today)
    return checked_entry(
        {
            "id": new_id(),
            "on": on,
            "target": found.target.key,
            "by": report.by or identity,
            "note": report.note or None,
            "evidence": report.evidence,
            "late": report.late,
            "reason": report.reason or None,
            "simulated": "模拟数据" if report.simulated else None,
            "rate": rate_for(found.target, figures, on, policy),
            **figures,
        }
    )


def checked_entry(fields: Mapping[str, Any]) -> Entry:
    """Return the entry of these fields.

    Raises:
        InvalidEntryError: when one is nothing that a file can hold, as half a character from a terminal of another encoding.
    """
    try:
        return read(Entry, fields)
    except ValidationError as error:
        raise InvalidEntryError(error.findings[0].message, error.findings[0].hint) from None


def rate_for(target: Target, figures: Mapping[str, Any], on: date, policy: Policy) -> str | None:
    """Return what an entry with these figures must record as its rate; None where no money is converted."""
    unit = getattr(target, "unit", None)
    texts = [figures[key] for key in ("add", "total", "value") if figures.get(key)]
    return rate_used(texts[0], unit, on, policy) if unit and texts else None


def compute_effects(
    ledger: Ledger, wanted: Sequence[tuple[lookup.TargetRef, Entry]], today: date
) -> list[PendingEntry]:
    """Work out what entries change, each after those before it, on what the files hold now.

    Raises:
        InvalidEntryError: an entry that the arithmetic cannot take.
        InvalidLedgerError: when a progress file holds an error.
    """
    policy = Policy.of(ledger.config, ledger.units)
    journals: dict[str, list[Entry]] = {}
    understood = []
    for found, entry in wanted:
        commitment, target = found.commitment, found.target
        if commitment.id not in journals:
            journals[commitment.id] = list(ledger.load_progress(commitment).entries)
        own = [one for one in journals[commitment.id] if one.target == target.key]
        known = {(one.place.entry, one.code) for one in problems(target, own, policy)}
        warnings = []
        for problem in problems(target, [*own, entry], policy):
            if problem.place.entry == entry.id:
                raise InvalidEntryError(problem.message, problem.hint)
            if (problem.place.entry, problem.code) not in known:
                # A late report can make a later one doubtful; that is for `check` to list, not a fault of this report.
                warnings.append(f"{problem.message}；{problem.hint}")
        before, after = (
            assess(
                commitment,
                target,
                fold(target, these, as_of=today, policy=policy),
                as_of=today,
                policy=policy,
            )
            for these in (own, [*own, entry])
        )
        journals[commitment.id].append(entry)
        understood.append(PendingEntry(found, entry, before, after, tuple(warnings)))
    return understood


def write(
    ledger: Ledger,
    understood: Sequence[PendingEntry],
    *,
    today: date,
    author: Identity | None = None,
    committed: str | None = None,
    repo: Repo | None = None,
    told: Callable[[Recovered], None] = lambda _: None,
    check: Callable[[], None] = lambda: None,
) -> LogResult:
    """Append the entries and commit them, after looking again under the ledger's lock at what they change.

    `author` and `committed` (ISO 8601) stand in for the user's own, as for generated data. `repo` is the one already
    opened, if any. `told` hears what was done about the leftovers of a killed command. `check` is called under the lock and
    raises to stop the write.

    Raises:
        PermissionDeniedError: when data/ledger.yaml names others for this department.
        InvalidEntryError: when what somebody else wrote meanwhile makes an entry wrong.
        ExternalError: when git or the disk refuses; the files are then as they were.
    """
    repo = repo or Repo.open(ledger.root)
    email = (author or repo.identity()).email
    for one in understood:
        require_permission(ledger.config, one.found.commitment.department, email, action_of(one.entry))
    latest = list(understood)

    def look_again() -> None:
        check()
        latest[:] = compute_effects(ledger, [(one.found, one.entry) for one in understood], today)

    additions: dict[Path, list[Entry]] = {}
    for one in understood:
        commitment = one.found.commitment
        path = ledger.root / layout.progress_file(commitment.year, commitment.id)
        additions.setdefault(path, []).append(one.entry)
    commit = append(
        repo,
        ledger.root,
        list(additions.items()),
        subject=lambda: subject(latest),
        body=body(understood),
        check=look_again,
        author=author,
        date=committed,
        told=told,
    )
    return LogResult(tuple(latest), commit)


def subject(written: Sequence[PendingEntry]) -> str:
    """Return the commit's first line: the one entry and its effect, or how many entries of which departments."""
    if len(written) == 1:
        return written[0].subject
    departments = "、".join(dict.fromkeys(one.found.commitment.department for one in written))
    return f"log({departments}): {len(written)} 条记录{_mark(written[0].entry)}"


def body(written: Sequence[PendingEntry]) -> str:
    """Return, for a commit of several entries, one line each: what was reported, whatever it changed."""
    if len(written) == 1:
        return ""
    return "\n".join(
        f"- {one.found.ref} {one.found.target.name} {subject_figures(one.entry, one.found.target)}"
        for one in written
    )


def _mark(entry: Entry) -> str:
    return f"（{entry.simulated}）" if entry.simulated else ""


def subject_figures(entry: Entry, target: Target) -> str:
    """Return an entry's figures in a few characters: `+2家`, `累计4家`, `第3位`."""
    if entry.add is not None:
        return ("" if entry.add.startswith("-") else "+") + entry.add.replace(" ", "")
    if entry.total is not None:
        return "累计" + entry.total.replace(" ", "")
    if entry.rank is not None:
        return f"第{entry.rank}位" + (f"/共{entry.of}" if entry.of else "")
    if entry.step is not None:
        steps = target.steps if isinstance(target, Milestone) else ()
        return next((f"完成{step.name}" for step in steps if step.key == entry.step), "完成")
    if entry.verdict is not None:
        return {"met": "评定达到", "unmet": "评定未达到"}[entry.verdict]
    if entry.current is not None:
        return f"本期{entry.current}、同期{entry.base}".replace(" ", "")
    compared = f"（参照{entry.benchmark}）" if entry.benchmark else ""
    return f"{entry.value}{compared}".replace(" ", "")


def status_text(status: TargetStatus) -> str:
    """Return where a target stands: `4家/6家 (66.7%)`, or its light where there is no percentage."""
    apart = status.kind in {"milestone", "judgement"}  # 已完成/完成 would say it twice
    where = (
        status.actual
        if status.actual and apart
        else f"{status.actual}/{status.goal}"
        if status.actual
        else status.goal
    )
    if status.completion is None:
        return f"{where}（{status.light.value}）"
    return f"{where} ({percent(status.completion)})"


def checked_date(on: date | None, commitment: Commitment, today: date) -> date:
    """Return the date of an entry, today where none is given.

    Raises:
        EntryDateError: when it lies in the future or outside the plan's period.
    """
    day = on or today
    if day > today:
        raise EntryDateError(day, f"还没有到（今天是 {today}）")
    if not commitment.start <= day <= commitment.end:
        why = f"不在 {commitment.id} 的计划期 {commitment.start} 至 {commitment.end} 内"
        raise EntryDateError(day, why + ("" if on else "（没有写 --on，用了今天）"))
    return day
