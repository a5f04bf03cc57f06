"""Scores out of 100 and rankings of departments, by named rules; a city with its own rule adds one function here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ledger.core.models import Commitment, Target
from ledger.core.progress.averages import Mean, ScoreFn, department_completion, weighted_mean
from ledger.core.progress.policy import Policy
from ledger.core.progress.status import TargetStatus

FULL = Fraction(100)


def score_guiyang(target: Target, status: TargetStatus) -> Fraction | None:  # noqa: ARG001 - the shape of every rule
    """Score a target by the published 贵阳 appraisal rule, out of 100.

    Maximised: x/T. Controlled: 2 − x/T, 0 beyond 2T. Negative growth 0. No credit above full. Milestones: the weight
    done. What has no completion (rank, comparison, judgement, no data) has no score.
    """
    if status.completion is None:
        return None
    return min(FULL, max(Fraction(0), status.completion * FULL))


RULES: dict[str, ScoreFn] = {"guiyang": score_guiyang}


@dataclass(frozen=True, slots=True)
class Score:
    """A department's score, plain and weighted by difficulty, side by side."""

    plain: Mean
    weighted: Mean


@dataclass(frozen=True, slots=True)
class RankedScore:
    """A row of a ranking; equal scores share a place and the next ones are skipped (1, 2, 2, 4)."""

    name: str
    score: Fraction | None
    place: int | None  # None: nothing to rank by


def commitment_score(
    commitment: Commitment, statuses: Iterable[TargetStatus], policy: Policy, rule: str | None = None
) -> Mean:
    """Return a commitment's score out of 100, by the ledger's rule or another by name. Raises KeyError for an unknown rule."""
    return weighted_mean(commitment, statuses, RULES[rule or policy.scoring])


def department_score(commitments: Iterable[tuple[Commitment, Mean]], policy: Policy) -> Score:
    """Return a department's score from its commitments' scores, without and with difficulty."""
    rows = list(commitments)
    return Score(department_completion(rows, policy), department_completion(rows, policy, by_difficulty=True))


def ranking(scores: Mapping[str, Fraction | None]) -> list[RankedScore]:
    """Rank by score, best first; equal scores keep the given order and share a place, those without one come last."""
    known = sorted(
        ((name, score) for name, score in scores.items() if score is not None), key=lambda row: -row[1]
    )
    places = [
        RankedScore(name, score, 1 + sum(1 for _, other in known if other > score)) for name, score in known
    ]
    return [*places, *(RankedScore(name, None, None) for name, score in scores.items() if score is None)]
