"""Scores out of 100 and rankings of departments, by named rules; a city with its own rule adds one function here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from fractions import Fraction

from ledger.core.models import Commitment
from ledger.core.progress.averages import (
    Mean,
    ScoreFn,
    clamped_completion,
    department_completion,
    weighted_mean,
)
from ledger.core.progress.policy import Policy
from ledger.core.progress.status import TargetStatus
from ledger.core.structs import FrozenStruct

FULL = Fraction(100)

RULES: dict[str, ScoreFn] = {"ratio": clamped_completion, "guiyang": clamped_completion}
"""What a target earns of the full score, from 0 to 1.

`ratio`: its completion, x/T or for a ceiling 2 − x/T, no credit above full. `guiyang` is the name under which ledgers of 2023 ask for it.
"""

DEDUCTIONS = {"none": Fraction(0), "report-10": Fraction(10)}
"""Points off a department's score for each target never reported although a report is overdue. Sources: docs/reference/kinds.md."""


class CommitmentScore(FrozenStruct):
    """A commitment out of 100, with its silent targets counted as zero and without them."""

    counting_all: Mean
    as_reported: Mean

    def by(self, basis: str) -> Mean:
        """Return the score by a basis of `ranking`: all, reported."""
        return self.counting_all if basis == "all" else self.as_reported


class Score(FrozenStruct):
    """A department's score: by what decides, plain and weighted by difficulty; and both ways to count silence."""

    plain: Mean
    weighted: Mean
    counting_all: Mean
    as_reported: Mean
    reported: int  # targets with a score, alternatives as one
    silent: int  # targets without one although a report is overdue

    @property
    def coverage(self) -> Fraction | None:
        """The share of the targets due that have a score; None where none is due."""
        due = self.reported + self.silent
        return Fraction(self.reported, due) if due else None


class RankedScore(FrozenStruct):
    """A row of a ranking; equal scores share a place and the next ones are skipped (1, 2, 2, 4)."""

    name: str
    score: Fraction | None
    place: int | None  # None: nothing to rank by, or left out


def commitment_score(
    commitment: Commitment, statuses: Iterable[TargetStatus], policy: Policy, rule: str | None = None
) -> CommitmentScore:
    """Return a commitment's score by the ledger's rule or another by name. Raises KeyError for an unknown rule."""
    several, function = list(statuses), RULES[rule or policy.scoring]
    counting_all, as_reported = (
        weighted_mean(commitment, several, function, policy, silent_is_zero=zero) for zero in (True, False)
    )
    return CommitmentScore(_out_of_full(counting_all), _out_of_full(as_reported))


def _out_of_full(mean: Mean) -> Mean:
    value = None if mean.value is None else mean.value * FULL
    return Mean(value, mean.counted, mean.uncounted, mean.silent)


def department_score(commitments: Iterable[tuple[Commitment, CommitmentScore]], policy: Policy) -> Score:
    """Return a department's score from its commitments' scores, without and with difficulty, after deductions."""
    rows = list(commitments)
    deciding = [(commitment, score.by(policy.basis)) for commitment, score in rows]
    reported = [(commitment, score.as_reported) for commitment, score in rows]
    silent = sum(score.silent for _, score in reported)
    off = silent * DEDUCTIONS[policy.deduction]
    return Score(
        plain=_less(department_completion(deciding, policy), off),
        weighted=_less(department_completion(deciding, policy, by_difficulty=True), off),
        counting_all=department_completion(
            [(commitment, score.counting_all) for commitment, score in rows], policy
        ),
        as_reported=department_completion(reported, policy),
        reported=sum(score.counted for _, score in reported),
        silent=silent,
    )


def _less(mean: Mean, points: Fraction) -> Mean:
    value = None if mean.value is None else max(Fraction(0), mean.value - points)
    return Mean(value, mean.counted, mean.uncounted, mean.silent)


def too_silent(scores: Mapping[str, Score], policy: Policy) -> frozenset[str]:
    """Return the departments whose coverage is less than what the ledger asks for: they are not ranked."""
    return frozenset(
        name
        for name, score in scores.items()
        if score.coverage is not None and score.coverage * 100 < policy.coverage
    )


def ranking(scores: Mapping[str, Fraction | None], left_out: Set[str] = frozenset()) -> list[RankedScore]:
    """Rank by score, best first; equal scores keep the given order and share a place.

    Those `left_out` and those without a score come last, without a place.
    """
    ranked = [(name, score) for name, score in scores.items() if score is not None and name not in left_out]
    ranked.sort(key=lambda row: -row[1])
    places = [
        RankedScore(name, score, 1 + sum(1 for _, other in ranked if other > score)) for name, score in ranked
    ]
    placed = {row.name for row in places}
    return [
        *places,
        *(RankedScore(name, score, None) for name, score in scores.items() if name not in placed),
    ]
