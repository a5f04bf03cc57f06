"""Means over targets and commitments, with the count of what could not be computed beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.progress.lights import OF_ALTERNATIVES, Light, worst_light, worst_light_2023
from ledger.core.progress.status import TargetStatus
from ledger.core.structs import FrozenStruct

if TYPE_CHECKING:
    from ledger.core.models import Commitment, Target
    from ledger.core.progress.policy import Policy

ScoreFn = Callable[["Target", TargetStatus], Fraction | None]
"""What a target counts in a mean, from 0 to 1; None when it cannot be computed."""


class Mean(FrozenStruct):
    """A weighted mean, over how many, and how many more could not be computed. No data is not zero: then None.

    `silent` of the uncounted were never reported although a report is overdue.
    """

    value: Fraction | None
    counted: int
    uncounted: int
    silent: int = 0


class WeightedValue(NamedTuple):
    """One item of a mean; without value or weight it is only counted."""

    value: Fraction | None
    weight: Fraction | None = Fraction(1)
    silent: bool = False


def mean(items: Iterable[WeightedValue], *, silent_is_zero: bool = False) -> Mean:
    """Return the mean of items by their weights. With `silent_is_zero` the silent ones count as 0."""
    total = weights = Fraction(0)
    counted = uncounted = silent = 0
    for value, weight, is_silent in items:
        if value is None and is_silent:
            silent += 1
            value = Fraction(0) if silent_is_zero else None
        if value is None or weight is None:
            uncounted += 1
            continue
        total += value * weight
        weights += weight
        counted += 1
    return Mean(total / weights if weights else None, counted, uncounted, silent)


def clamped_completion(target: Target, status: TargetStatus) -> Fraction | None:  # noqa: ARG001 - the shape of every ScoreFn
    """Completion within 0 and 1, as means take it."""
    return None if status.completion is None else min(Fraction(1), max(Fraction(0), status.completion))


def weighted_mean(
    commitment: Commitment,
    statuses: Iterable[TargetStatus],
    score: ScoreFn,
    policy: Policy,
    *,
    silent_is_zero: bool = False,
) -> Mean:
    """Return the mean over a commitment's targets by their weights.

    Targets that are part of another are left out: their amount is in the whole already. Alternatives (`any_of`) count once:
    full when one of them is met, else by the best of them, with the greatest weight that one of the group has.
    """
    items = (item for _, item in addends(commitment, statuses, score, policy))
    return mean(items, silent_is_zero=silent_is_zero and not policy.of_2023)


def addends(
    commitment: Commitment, statuses: Iterable[TargetStatus], score: ScoreFn, policy: Policy
) -> list[tuple[list[Target], WeightedValue]]:
    """Return what the mean over a commitment's targets is taken of, each with the target or the alternatives it stands for."""
    by_key = {status.key: status for status in statuses}
    groups = _groups(commitment, by_key)
    if policy.of_2023:
        return [(group, WeightedValue(*_best_2023(group, by_key, score))) for group in groups]
    return [(group, _item(group, by_key, score)) for group in groups]


def _groups(commitment: Commitment, by_key: Mapping[str, TargetStatus]) -> list[list[Target]]:
    groups: dict[tuple[str, str], list[Target]] = {}
    for target in commitment.targets:
        if target.part_of is None and target.key in by_key:
            name = ("any_of", target.any_of) if target.any_of is not None else ("key", target.key)
            groups.setdefault(name, []).append(target)
    return list(groups.values())


def _item(group: list[Target], by_key: Mapping[str, TargetStatus], score: ScoreFn) -> WeightedValue:
    statuses = [by_key[target.key] for target in group]
    values = [score(target, by_key[target.key]) for target in group]
    known = [value for value in values if value is not None]
    weight = max(target.weight for target in group)
    if group[0].any_of is not None and any(status.met for status in statuses):
        return WeightedValue(Fraction(1), weight)
    silent = not known and any(status.silent and status.completes for status in statuses)
    return WeightedValue(max(known, default=None), weight, silent)


def _best_2023(
    group: list[Target], by_key: Mapping[str, TargetStatus], score: ScoreFn
) -> tuple[Fraction | None, Fraction]:
    def order(target: Target) -> tuple[bool, bool, Fraction]:
        value = score(target, by_key[target.key])
        return by_key[target.key].met is True, value is not None, value or Fraction(0)

    best = max(group, key=order)
    return score(best, by_key[best.key]), best.weight


def commitment_completion(commitment: Commitment, statuses: Iterable[TargetStatus], policy: Policy) -> Mean:
    """Return the completion of a commitment: the mean of its targets' completions, each capped at 1."""
    return weighted_mean(commitment, statuses, clamped_completion, policy)


def commitment_light(commitment: Commitment, statuses: Iterable[TargetStatus], policy: Policy) -> Light:
    """Return the light of a commitment: the worst of its targets, a group of alternatives taken for the best of them.

    Parts (`part_of`) decide as well: each is a promise of its own.
    """
    lights = list(_lights(commitment, {status.key: status for status in statuses}))
    if policy.of_2023:
        return worst_light_2023(light for light, _ in lights)
    return worst_light(lights)


def _lights(commitment: Commitment, by_key: Mapping[str, TargetStatus]) -> Iterator[tuple[Light, bool]]:
    groups: dict[str, list[TargetStatus]] = {}
    for target in commitment.targets:
        status = by_key.get(target.key)
        if status is None:
            continue
        if target.any_of is None:
            yield status.light, status.silent
        else:
            groups.setdefault(target.any_of, []).append(status)
    for group in groups.values():
        light = min((status.light for status in group), key=OF_ALTERNATIVES.index)
        yield light, any(status.silent for status in group)


def department_completion(
    commitments: Iterable[tuple[Commitment, Mean]], policy: Policy, *, by_difficulty: bool = False
) -> Mean:
    """Return the mean over a department's commitments, equal or weighted by difficulty.

    By difficulty a commitment that is not rated, or whose rating has no coefficient, is counted beside: a coefficient is
    never assumed.
    """
    return mean(
        WeightedValue(score.value, coefficient(commitment, policy) if by_difficulty else Fraction(1))
        for commitment, score in commitments
    )


def coefficient(commitment: Commitment, policy: Policy) -> Fraction | None:
    """Return the coefficient of a commitment's difficulty; None while it is not rated."""
    return None if commitment.difficulty is None else policy.difficulty.get(commitment.difficulty)
