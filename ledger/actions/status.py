"""Where every commitment stands on a day: reads the plan and the entries, and leaves all arithmetic to `progress`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger.models import Commitment, Department
from ledger.progress import (
    Light,
    Mean,
    Policy,
    TargetStatus,
    assess,
    by_target,
    commitment_completion,
    commitment_light,
    department_completion,
    fold,
)
from ledger.store.ledger import Ledger, Source


@dataclass(frozen=True)
class Query:
    """What to look at: a year, some departments (None is all), some lights (empty is all), up to and including a day."""

    year: int
    as_of: date
    departments: frozenset[str] | None = None
    lights: frozenset[Light] = frozenset()


@dataclass(frozen=True)
class CommitmentStatus:
    """One commitment: the mean of its computable targets, how many were not computable, and each target."""

    commitment: Commitment
    completion: Mean
    light: Light
    targets: tuple[TargetStatus, ...]


@dataclass(frozen=True)
class DepartmentStatus:
    """One department: the mean of its commitments, and how many targets show each light."""

    department: Department
    commitments: int
    completion: Mean
    lights: Counter[Light]

    @property
    def targets(self) -> int:
        """How many targets the department has."""
        return self.lights.total()


@dataclass(frozen=True)
class StatusReport:
    """The whole answer."""

    ledger: str
    simulated: bool
    year: int
    as_of: date
    commitments: tuple[CommitmentStatus, ...]
    departments: tuple[DepartmentStatus, ...]


def status(ledger: Ledger, query: Query) -> StatusReport:
    """Judge every commitment asked for, as of the end of `query.as_of`.

    Raises:
        BrokenLedger: when a file it needs holds an error.
    """
    policy = Policy.of(ledger.config, ledger.units)
    sources = ledger.sound_plan(query.year, query.departments)
    judged = [judge(ledger, source, query.as_of, policy) for source in sources]
    departments = _departments(ledger, judged, policy)
    shown = tuple(_only(one, query.lights) for one in judged) if query.lights else tuple(judged)
    return StatusReport(
        ledger=ledger.config.name,
        simulated=ledger.config.simulated,
        year=query.year,
        as_of=query.as_of,
        commitments=tuple(one for one in shown if one.targets),
        departments=departments,
    )


def judge(ledger: Ledger, source: Source, as_of: date, policy: Policy) -> CommitmentStatus:
    """Judge one commitment.

    Raises:
        BrokenLedger: when its entries cannot be read.
    """
    commitment = source.commitment
    entries = ledger.sound_journal(commitment).entries
    own = by_target(entries)
    targets = tuple(
        assess(
            commitment,
            target,
            fold(target, own.get(target.key, ()), as_of=as_of, policy=policy),
            as_of=as_of,
            policy=policy,
        )
        for target in commitment.targets
    )
    return CommitmentStatus(
        commitment=commitment,
        completion=commitment_completion(commitment, targets),
        light=commitment_light(commitment, targets),
        targets=targets,
    )


def _departments(
    ledger: Ledger, judged: Sequence[CommitmentStatus], policy: Policy
) -> tuple[DepartmentStatus, ...]:
    found = []
    for department in ledger.config.departments:
        own = [one for one in judged if one.commitment.department == department.name]
        if own:
            lights = Counter(target.light for one in own for target in one.targets)
            mean = department_completion([(one.commitment, one.completion) for one in own], policy)
            found.append(DepartmentStatus(department, len(own), mean, lights))
    return tuple(found)


def _only(one: CommitmentStatus, lights: frozenset[Light]) -> CommitmentStatus:
    kept = tuple(target for target in one.targets if target.light in lights)
    return replace(one, targets=kept)
