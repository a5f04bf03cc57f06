"""`due`: what was not reported for a month; what is called for, and why, is decided by `core.progress.calls`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ledger.core.dates import month_end
from ledger.core.models import Commitment, Department, Entry, Target
from ledger.core.models.revisions import in_force
from ledger.core.progress import Policy
from ledger.core.progress.calls import ReportCall, report_calls
from ledger.core.progress.reporting import reporting_day
from ledger.core.structs import FrozenStruct
from ledger.files.ledger import Ledger


class Due(FrozenStruct):
    """One target in the month: whether it calls for a report, why, and whether one came."""

    commitment: Commitment
    call: ReportCall

    @property
    def target(self) -> Target:
        """The target."""
        return self.call.target

    @property
    def last(self) -> date | None:
        """The date of its latest entry up to the end of the month."""
        return self.call.last

    @property
    def ref(self) -> str:
        """`金融办-03/listed`."""
        return f"{self.commitment.id}/{self.target.key}"

    @property
    def by_reviewer(self) -> bool:
        """Whether the reviewer, not the department, has to report it."""
        return self.call.by_reviewer


class DepartmentDue(FrozenStruct):
    """One department's month: every target with its call."""

    department: Department
    targets: tuple[Due, ...]

    @property
    def called(self) -> int:
        """How many targets call for a report."""
        return sum(item.call.called for item in self.targets)

    @property
    def items(self) -> tuple[Due, ...]:
        """Those that call for a report and got none."""
        return tuple(item for item in self.targets if item.call.missing)

    @property
    def returned(self) -> tuple[Due, ...]:
        """Those with figures that were sent back and are to be corrected."""
        return tuple(item for item in self.targets if item.call.returned)

    @property
    def to_report(self) -> tuple[Due, ...]:
        """What the department itself has to report."""
        return tuple(item for item in self.items if not item.by_reviewer)

    @property
    def reviews(self) -> tuple[Due, ...]:
        """What a reviewer has to judge."""
        return tuple(item for item in self.items if item.by_reviewer)


class DueReport(FrozenStruct):
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
        return sum(len(department.items) for department in self.departments)

    @property
    def returned(self) -> int:
        """How many figures were sent back and are to be corrected."""
        return sum(len(item.call.returned) for department in self.departments for item in department.returned)


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
    targets: dict[str, list[Due]] = {}
    for recorded, entries in plan:
        commitment = in_force(recorded, month)
        targets.setdefault(commitment.department, []).extend(
            Due(commitment, call) for call in report_calls(commitment, entries, month, policy)
        )
    return DueReport(
        ledger=ledger.config.name,
        simulated=ledger.config.simulated,
        month=month,
        deadline=reporting_day(month, ledger.config.due_day),
        today=today,
        departments=tuple(
            DepartmentDue(department, tuple(targets[department.name]))
            for department in ledger.config.departments
            if department.name in targets
        ),
    )
