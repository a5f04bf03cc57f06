"""Who has not reported for a month: which targets call for a figure then, and which got one. Knows no words and no clock.

What calls for a report in a month, within the plan's period:

- `accumulate`: until its goal is met; a ceiling (不超过) throughout, since it can still be broken.
- `level`, `change`, `rank`, `compare`: every month up to the one it falls due in, met or not: the next figure may differ.
- `milestone`: from the month one of its steps falls due in, while that step is not reported done; any entry of the month,
  a remark too, says where it stands.
- `judgement`: from the month of a review date on (the due date where the plan names none) until a verdict of that date or
  later. It is the reviewer's to give, not the department's.

Nothing is due of what is closed (销号), or of an alternative (任选其一) when another of its group is met. Entries count by
their own date, corrected or withdrawn ones as `effective` has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.core.models import Accumulate, Commitment, Department, Entry, Judgement, Milestone, Target
from ledger.core.models.revisions import in_force
from ledger.core.progress import Aggregate, Policy, assess, by_target, fold
from ledger.core.progress.entries import figures_of
from ledger.core.progress.months import month_end
from ledger.files.ledger import Ledger


@dataclass(frozen=True)
class Due:
    """One target that called for a report in the month and got none."""

    commitment: Commitment
    target: Target
    last: date | None
    """The date of its latest entry up to the end of the month."""

    @property
    def ref(self) -> str:
        """`金融办-03/listed`."""
        return f"{self.commitment.id}/{self.target.key}"

    @property
    def by_reviewer(self) -> bool:
        """Whether the reviewer, not the department, has to report it."""
        return isinstance(self.target, Judgement)


@dataclass(frozen=True)
class DepartmentDue:
    """One department's month: how many targets called for a report, and those without."""

    department: Department
    called: int
    items: tuple[Due, ...]

    @property
    def own(self) -> tuple[Due, ...]:
        """What the department itself has to report."""
        return tuple(one for one in self.items if not one.by_reviewer)

    @property
    def reviews(self) -> tuple[Due, ...]:
        """What a reviewer has to judge."""
        return tuple(one for one in self.items if one.by_reviewer)


@dataclass(frozen=True)
class DueReport:
    """The whole answer for one month, as of `today`."""

    ledger: str
    simulated: bool
    month: date
    """Its last day."""
    deadline: date
    """The day by which the month was to be reported, inclusive."""
    today: date
    departments: tuple[DepartmentDue, ...]

    @property
    def days_late(self) -> int:
        """Days past the deadline, 0 up to it."""
        return max(0, (self.today - self.deadline).days)

    @property
    def count(self) -> int:
        """How many targets are due in all."""
        return sum(len(one.items) for one in self.departments)


def last_month(today: date) -> date:
    """Return the last day of the latest month that is over at the end of `today`."""
    return today if today == month_end(today) else today.replace(day=1) - timedelta(days=1)


def due(
    ledger: Ledger, year: int, month: date, today: date, departments: frozenset[str] | None = None
) -> DueReport:
    """Find what was not reported for the month that ends on `month`.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    plan = [
        (source.commitment, ledger.load_progress(source.commitment).entries)
        for source in ledger.load_plan(year, departments)
    ]
    return due_of_plan(ledger, plan, month, today)


def due_of_plan(
    ledger: Ledger, plan: Sequence[tuple[Commitment, Sequence[Entry]]], month: date, today: date
) -> DueReport:
    """Find what was not reported for the month, of commitments that were read with their entries already."""
    policy = Policy.of(ledger.config, ledger.units)
    called: dict[str, int] = {}
    missing: dict[str, list[Due]] = {}
    for recorded, entries in plan:
        commitment = in_force(recorded, month)
        wanted, without = _of_commitment(commitment, entries, month, policy)
        called[commitment.department] = called.get(commitment.department, 0) + wanted
        missing.setdefault(commitment.department, []).extend(without)
    return DueReport(
        ledger=ledger.config.name,
        simulated=ledger.config.simulated,
        month=month,
        deadline=(month + timedelta(days=1)).replace(day=ledger.config.due_day),
        today=today,
        departments=tuple(
            DepartmentDue(one, called[one.name], tuple(missing[one.name]))
            for one in ledger.config.departments
            if one.name in called
        ),
    )


def _of_commitment(
    commitment: Commitment, entries: Sequence[Entry], month: date, policy: Policy
) -> tuple[int, list[Due]]:
    first = month.replace(day=1)
    if not commitment.start <= month or first > commitment.end:
        return 0, []
    own = {key: [one for one in lines if one.on <= month] for key, lines in by_target(entries).items()}
    tallies = {
        target.key: fold(target, own.get(target.key, ()), as_of=month, policy=policy)
        for target in commitment.targets
    }
    met = {
        target.key: assess(commitment, target, tallies[target.key], as_of=month, policy=policy).met is True
        for target in commitment.targets
    }
    settled = {one.any_of for one in commitment.targets if one.any_of is not None and met[one.key]}
    wanted, without = 0, []
    for target in commitment.targets:
        lines = own.get(target.key, [])
        if target.any_of in settled or _closed(commitment, target, month):
            continue
        if not _calls(commitment, target, tallies[target.key], lines, month, met=met[target.key]):
            continue
        wanted += 1
        if not any(one.on >= first and _tells(target, one) for one in lines):
            without.append(Due(commitment, target, lines[-1].on if lines else None))
    return wanted, without


def _closed(commitment: Commitment, target: Target, month: date) -> bool:
    return any(one.closed is not None and one.closed.on <= month for one in (commitment, target))


def _tells(target: Target, entry: Entry) -> bool:
    """Whether an entry answers for the month: it has a figure, or says how far a milestone is."""
    return isinstance(target, Milestone) or bool(figures_of(entry))


def _calls(
    commitment: Commitment,
    target: Target,
    tally: Aggregate,
    lines: Sequence[Entry],
    month: date,
    *,
    met: bool,
) -> bool:
    """Whether a target calls for a report in the month, reported or not."""
    first = month.replace(day=1)
    if isinstance(target, Milestone):
        done = {key for key, on in tally.steps if on < first}  # one done this month was called for, and came
        if target.all_steps[-1].key in done:
            return False
        due_of_target = commitment.due_of(target)
        return any((one.due or due_of_target) <= month for one in target.all_steps if one.key not in done)
    if isinstance(target, Judgement):
        reviews = [day for day in (target.review or (commitment.due_of(target),)) if day <= month]
        judged = [one.on for one in lines if one.verdict is not None and one.on < first]
        return bool(reviews) and not any(on >= max(reviews) for on in judged)
    if isinstance(target, Accumulate):
        ceiling = target.goal.descending or target.goal.upper is not None
        return ceiling or not met or any(one.on >= first for one in lines)
    return first <= commitment.due_of(target)
