"""Scores of commitments and departments, and the ranking, without and with difficulty; all arithmetic is `progress.score`'s."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ledger.core.models import Commitment
from ledger.core.models.revisions import in_force
from ledger.core.progress import Mean, Policy, RankedScore, Score, commitment_score, department_score, ranking
from ledger.core.progress.averages import coefficient
from ledger.core.progress.report import DepartmentInfo, Query
from ledger.core.progress.score import CommitmentScore, too_silent
from ledger.core.structs import FrozenStruct
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Ledger


class ScoredCommitment(FrozenStruct):
    """One commitment out of 100, and its difficulty where that has a coefficient."""

    commitment: Commitment
    score: Mean
    both: CommitmentScore
    rated: str | None


class ScoredDepartment(FrozenStruct):
    """One department out of 100, plain and by difficulty, with its place by each; a place is None without a score."""

    department: DepartmentInfo
    score: Score
    place: int | None
    weighted_place: int | None
    commitments: tuple[ScoredCommitment, ...]


class RankReport(FrozenStruct):
    """The departments asked for, best first by the plain score; places are among all of these."""

    ledger: str
    simulated: bool
    year: int
    as_of: date
    rule: str
    basis: str
    coverage: Fraction
    deduction: str
    verified_only: bool
    """Whether verified figures alone count."""
    departments: tuple[ScoredDepartment, ...]

    @property
    def rated(self) -> bool:
        """Whether any commitment's difficulty is rated."""
        return any(commitment.rated for row in self.departments for commitment in row.commitments)


def rank(ledger: Ledger, query: Query) -> RankReport:
    """Score the departments asked for as of the end of `query.as_of`, and rank them.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    policy = Policy.of(ledger.config, ledger.units)
    commitments = _score_commitments(ledger, query, policy)
    scores = {
        name: department_score([(item.commitment, item.both) for item in items], policy)
        for name, items in commitments.items()
    }
    left_out = too_silent(scores, policy)
    plain = ranking({name: score.plain.value for name, score in scores.items()}, left_out)
    weighted = _places(ranking({name: score.weighted.value for name, score in scores.items()}, left_out))
    departments = {department.name: department for department in ledger.config.departments}
    return RankReport(
        ledger=ledger.config.name,
        simulated=ledger.config.simulated,
        year=query.year,
        as_of=query.as_of,
        rule=policy.scoring,
        basis=policy.basis,
        coverage=policy.coverage,
        deduction=policy.deduction,
        verified_only=policy.verified_only,
        departments=tuple(
            ScoredDepartment(
                departments[place.name],
                scores[place.name],
                place.place,
                weighted[place.name],
                tuple(commitments[place.name]),
            )
            for place in plain
        ),
    )


def _score_commitments(ledger: Ledger, query: Query, policy: Policy) -> dict[str, list[ScoredCommitment]]:
    """Return the scored commitments by department, in the ledger's order of departments."""
    scored: dict[str, list[ScoredCommitment]] = {}
    for source in ledger.load_plan(query.year, query.departments):
        commitment = in_force(source.commitment, query.as_of)
        judged = assess_commitment(ledger, source, query.as_of, policy, verified_only=policy.verified_only)
        rated = commitment.difficulty if coefficient(commitment, policy) else None
        score = commitment_score(commitment, judged.targets, policy)
        scored.setdefault(commitment.department, []).append(
            ScoredCommitment(commitment, score.by(policy.basis), score, rated)
        )
    return {
        department.name: scored[department.name]
        for department in ledger.config.departments
        if department.name in scored
    }


def _places(places: list[RankedScore]) -> dict[str, int | None]:
    return {place.name: place.place for place in places}
