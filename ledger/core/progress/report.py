"""The answer to `status` as data, put together from judged commitments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from ledger.core.progress.averages import Mean, WeightedValue, mean
from ledger.core.progress.closure import Closed
from ledger.core.progress.lights import ORDER, Light
from ledger.core.progress.reporting import pace_words
from ledger.core.progress.status import TargetStatus
from ledger.core.structs import FrozenStruct, replace


class CommitmentInfo(Protocol):
    """Description of a commitment in a report: `ledger.core.models.Commitment`, or the few words of it."""

    @property
    def id(self) -> str:
        """`金融办-03`."""

    @property
    def department(self) -> str:
        """The department's name."""

    @property
    def title(self) -> str:
        """The commitment in its own words."""

    @property
    def difficulty(self) -> str | None:
        """None while it is not rated."""

    @property
    def closed(self) -> Closed | None:
        """Set when it was taken off the list."""


class DepartmentInfo(Protocol):
    """Description of a department in a report: `ledger.core.models.Department`, or the few words of it."""

    @property
    def name(self) -> str:
        """The name."""

    @property
    def inferred(self) -> bool:
        """Whether it was inferred from content and not yet confirmed."""


class Query(FrozenStruct):
    """What to look at: a year, some departments (None is all), some lights (empty is all), up to and including a day."""

    year: int
    as_of: date
    departments: frozenset[str] | None = None
    lights: frozenset[Light] = frozenset()


class CommitmentStatus(FrozenStruct):
    """One commitment: the mean of its computable targets, how many were not computable, and each target."""

    commitment: CommitmentInfo
    completion: Mean
    light: Light
    targets: tuple[TargetStatus, ...]
    verified: Mean | None = (
        None  # the completion by verified figures alone; None: no figure of it was reviewed
    )

    @property
    def lights(self) -> Counter[Light]:
        """How many targets have each light."""
        return Counter(target.light for target in self.targets)

    @property
    def light_counts(self) -> str:
        """The lights with their counts, best first: 已达标 1，正常 3，未报 1."""
        counts = self.lights
        return "，".join(f"{light.value} {counts[light]}" for light in ORDER if counts[light])


class DepartmentStatus(FrozenStruct):
    """One department: the mean of its commitments, and how many targets show each light."""

    department: DepartmentInfo
    commitments: int
    completion: Mean
    lights: Counter[Light]
    verified: Mean | None = None  # the completion by verified figures alone; None: no figure was reviewed
    unverified: int = 0  # targets with figures that wait to be verified

    @property
    def targets(self) -> int:
        """How many targets the department has."""
        return self.lights.total()


class StatusReport(FrozenStruct):
    """The whole answer."""

    ledger: str
    simulated: bool
    year: int
    as_of: date
    commitments: tuple[CommitmentStatus, ...]
    departments: tuple[DepartmentStatus, ...]
    pace_on: date
    """Pace is judged at the end of this day, or of the day of a target's own latest figure where that is later."""
    uncommitted: tuple[str, ...] = ()  # files that count and are not as HEAD has them

    @property
    def reviewed(self) -> bool:
        """Whether figures of this ledger are reviewed: a ledger that never verified or returned one says nothing of it."""
        return any(department.verified is not None for department in self.departments)

    @property
    def pace_text(self) -> str:
        """Which day pace is judged at, in words."""
        return pace_words(self.pace_on, self.as_of)


def assemble_report(
    ledger: str,
    simulated: bool,
    departments: Sequence[DepartmentInfo],
    judged: Sequence[CommitmentStatus],
    query: Query,
    pace_on: date,
) -> StatusReport:
    """Put judged commitments together: one line for each department, and the targets with the lights asked for.

    `pace_on` is the day at which pace is judged where a target has no later figure.
    """
    shown = tuple(_only(status, query.lights) for status in judged) if query.lights else tuple(judged)
    return StatusReport(
        ledger=ledger,
        simulated=simulated,
        year=query.year,
        as_of=query.as_of,
        commitments=tuple(status for status in shown if status.targets),
        departments=_departments(departments, judged),
        pace_on=pace_on,
    )


def _departments(
    departments: Sequence[DepartmentInfo], judged: Sequence[CommitmentStatus]
) -> tuple[DepartmentStatus, ...]:
    by_department: dict[str, list[CommitmentStatus]] = {}
    for status in judged:
        by_department.setdefault(status.commitment.department, []).append(status)
    rows = []
    for department in departments:
        statuses_of_department = by_department.get(department.name)
        if statuses_of_department:
            lights = Counter(target.light for status in statuses_of_department for target in status.targets)
            average = mean(WeightedValue(status.completion.value) for status in statuses_of_department)
            reviewed = [status.verified for status in statuses_of_department if status.verified is not None]
            rows.append(
                DepartmentStatus(
                    department,
                    len(statuses_of_department),
                    average,
                    lights,
                    mean(WeightedValue(verified.value) for verified in reviewed) if reviewed else None,
                    sum(target.unverified for status in statuses_of_department for target in status.targets),
                )
            )
    return tuple(rows)


def _only(status: CommitmentStatus, lights: frozenset[Light]) -> CommitmentStatus:
    kept = tuple(target for target in status.targets if target.light in lights)
    return replace(status, targets=kept)
