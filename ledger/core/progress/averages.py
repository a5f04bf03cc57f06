"""Means over targets and commitments, with the count of what could not be computed beside them; knows no formula of a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.core.progress.lights import Light, worst_light
from ledger.core.progress.status import TargetStatus

if TYPE_CHECKING:
    from ledger.core.models import Commitment, Target
    from ledger.core.progress.policy import Policy

ScoreFn = Callable[["Target", TargetStatus], Fraction | None]
"""What a target is worth in a mean, None when it cannot be computed. Completion, or a score."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A weighted mean, over how many, and how many more could not be computed. No data is not zero: then None."""

    value: Fraction | None
    counted: int
    uncounted: int


def mean(items: Iterable[tuple[Fraction | None, Fraction | None]]) -> Mean:
    """Return the mean of (value, weight) pairs. A pair without value or without weight is counted beside."""
    total = weights = Fraction(0)
    counted = uncounted = 0
    for value, weight in items:
        if value is None or weight is None:
            uncounted += 1
            continue
        total += value * weight
        weights += weight
        counted += 1
    return Mean(total / weights if weights else None, counted, uncounted)


def clamped_completion(target: Target, status: TargetStatus) -> Fraction | None:  # noqa: ARG001 - the shape of every ScoreFn
    """Completion within 0 and 1, as means take it."""
    return None if status.completion is None else min(Fraction(1), max(Fraction(0), status.completion))


def weighted_mean(commitment: Commitment, statuses: Iterable[TargetStatus], worth: ScoreFn) -> Mean:
    """Return the mean over a commitment's targets by their weights.

    Targets that are part of another are left out: they are shown, never summed with it. Alternatives (`any_of`) count
    once, by the best of them and its weight; when one is met that has no percentage, the group has none either.
    """
    found = {status.key: status for status in statuses}
    return mean(_best(group, found, worth) for group in _groups(commitment, found))


def _groups(commitment: Commitment, found: Mapping[str, TargetStatus]) -> list[list[Target]]:
    groups: dict[tuple[str, str], list[Target]] = {}
    for target in commitment.targets:
        if target.part_of is None and target.key in found:
            name = ("any_of", target.any_of) if target.any_of is not None else ("key", target.key)
            groups.setdefault(name, []).append(target)
    return list(groups.values())


def _best(
    group: list[Target], found: Mapping[str, TargetStatus], worth: ScoreFn
) -> tuple[Fraction | None, Fraction]:
    def order(target: Target) -> tuple[bool, bool, Fraction]:
        value = worth(target, found[target.key])
        return found[target.key].met is True, value is not None, value or Fraction(0)

    best = max(group, key=order)
    return worth(best, found[best.key]), best.weight


def commitment_completion(commitment: Commitment, statuses: Iterable[TargetStatus]) -> Mean:
    """Return the completion of a commitment: the mean of its targets' completions, each clamped_completion at 1."""
    return weighted_mean(commitment, statuses, clamped_completion)


def commitment_light(commitment: Commitment, statuses: Iterable[TargetStatus]) -> Light:
    """Return the light of a commitment: the worst of its judged targets, of alternatives the best."""
    found = {status.key: status for status in statuses}
    single = [found[one.key].light for one in commitment.targets if one.any_of is None and one.key in found]
    groups: dict[str, list[Light]] = {}
    for one in commitment.targets:
        if one.any_of is not None and one.key in found:
            groups.setdefault(one.any_of, []).append(found[one.key].light)
    return worst_light([*single, *(min(group, key=_PREFERENCE.index) for group in groups.values())])


_PREFERENCE = (
    Light.MET,
    Light.ON_TRACK,
    Light.BEHIND,
    Light.FAR_BEHIND,
    Light.UNKNOWN,
    Light.UNREPORTED,
)


def department_completion(
    commitments: Iterable[tuple[Commitment, Mean]], policy: Policy, *, by_difficulty: bool = False
) -> Mean:
    """Return the mean over a department's commitments, equal or weighted by difficulty.

    By difficulty a commitment that is not rated, or whose rating has no coefficient, is counted beside: a coefficient is
    never assumed.
    """
    return mean(
        (found.value, coefficient(commitment, policy) if by_difficulty else Fraction(1))
        for commitment, found in commitments
    )


def coefficient(commitment: Commitment, policy: Policy) -> Fraction | None:
    """Return the coefficient of a commitment's difficulty; None while it is not rated."""
    return None if commitment.difficulty is None else policy.difficulty.get(commitment.difficulty)
