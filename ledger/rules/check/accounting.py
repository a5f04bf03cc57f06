"""Maps the numerals of a commitment's text to the targets and context items that account for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from ledger.core.models import Accumulate, Change, Commitment, Context, Level, Rank, Target
from ledger.core.models.revisions import first_change, original
from ledger.core.quantity import Numeral, Quantity, numerals

Loc = tuple[str | int, ...]

_SIGN = re.compile(r"(?:(?<![\dA-Za-z%％‰）)])[-−－﹣]|(?:^|(?<=[为达到至于在是：:≥≤><，（、约]))负)$")
"""A sign in front of a figure: no dash of a range or a name (15-20亿元, A-5), and no 负 of a word (减负2亿元)."""


def unaccounted(commitment: Commitment) -> Iterator[tuple[str, Numeral]]:
    """Yield each numeral, with the part (title or text) it stands in, that no target and no context accounts for."""
    covers = [_Cover.of(commitment, item) for item in (*commitment.targets, *commitment.context)]
    for part, numeral in _all_numerals(commitment):
        if not any(cover.holds(part, numeral) for cover in covers):
            yield part, numeral


def needed_context(commitment: Commitment) -> frozenset[int]:
    """Return which context items, by their place in the list, account for a numeral that nothing else does."""
    covers = [_Cover.of(commitment, item) for item in (*commitment.targets, *commitment.context)]
    needed = set()
    for part, numeral in _all_numerals(commitment):
        holding = [index for index, cover in enumerate(covers) if cover.holds(part, numeral)]
        if len(holding) == 1:
            needed.add(holding[0] - len(commitment.targets))
    return frozenset(needed)


class _Cover(NamedTuple):
    """What one quote accounts for: of a counted target its figures, of anything else every numeral in it."""

    spans: tuple[tuple[str, int, int], ...]
    figures: frozenset[tuple[str, int]] | None

    @classmethod
    def of(cls, commitment: Commitment, item: Target | Context) -> _Cover:
        places = tuple(spans(commitment, item.quote))
        if isinstance(item, (Accumulate, Level, Change, Rank)):
            return cls(places, frozenset(_own_figures(commitment, item, places)))
        return cls(places, None)

    def holds(self, part: str, numeral: Numeral) -> bool:
        if self.figures is not None:
            return (part, numeral.start) in self.figures
        return any(
            part == where and first <= numeral.start and numeral.end <= last
            for where, first, last in self.spans
        )


def _own_figures(
    commitment: Commitment, target: Target, spans: tuple[tuple[str, int, int], ...]
) -> Iterator[tuple[str, int]]:
    """Positions of a target's figures: each once per quote, the last of its value, for 获批3个以上，居全省前三 holds two."""
    for part, first, last in spans:
        inside = [
            (numeral.start, meanings)
            for numeral, meanings in numerals_with_meanings(getattr(commitment, part))
            if first <= numeral.start and numeral.end <= last
        ]
        for _, values in figures(target):
            yield from [
                (part, start) for start, meanings in inside if any(value in values for value in meanings)
            ][-1:]


@lru_cache(maxsize=64)  # several rules ask for those of one text, one after the other
def numerals_with_meanings(words: str) -> tuple[tuple[Numeral, tuple[Fraction, ...]], ...]:
    """Return the numerals of a text, each with what it may say in the file."""
    return tuple((numeral, _meanings(words, numeral)) for numeral in numerals(words))


def _meanings(words: str, numeral: Numeral) -> tuple[Fraction, ...]:
    """Return what a numeral of prose may say in the file: 九成 is also 90 %, 百分之三 also 3 %, 翻一番 also 100 % more."""
    if numeral.value is None:
        return ()
    if _SIGN.search(words[: numeral.start]):
        return (-numeral.value,)
    behind = words[numeral.end : numeral.end + 1]
    if behind == "成":
        return numeral.value, numeral.value * 10
    if behind == "番" and numeral.value in {1, 2, 3}:
        return numeral.value, Fraction(2 ** int(numeral.value) - 1) * 100
    return (numeral.value, numeral.value * 100) if "分之" in numeral.text else (numeral.value,)


def _all_numerals(commitment: Commitment) -> Iterator[tuple[str, Numeral]]:
    for part in ("title", "text"):
        for numeral in numerals(getattr(commitment, part)):
            yield part, numeral


def spans(commitment: Commitment, quote: str) -> list[tuple[str, int, int]]:
    """Return every place of the quote as part (title or text), start and end."""
    spans = []
    for part in ("title", "text"):
        words = getattr(commitment, part)
        at = words.find(quote)
        while at >= 0:
            spans.append((part, at, at + len(quote)))
            at = words.find(quote, at + 1)
    return spans


def figures(target: Target) -> Iterator[tuple[tuple[str | int, ...], tuple[Fraction, ...]]]:
    """Yield, with its place in the file, each figure of a target in the values it may have in prose.

    That is one value, but for the lower end of a range, which may borrow its multiplier: 15 of 15至20亿元.
    """
    if isinstance(target, Rank):
        for loc, rank in _signed_tiers(target):
            yield (*loc, "within" if rank.within else "up"), (Fraction(rank.within or rank.up or 0),)
    elif isinstance(target, (Accumulate, Level, Change)):
        for loc, figure in goal_figures(target):
            lower = loc[-2:] == ("between", 0)
            yield loc, (figure.value / figure.scale, figure.value) if lower else (figure.value,)


def goal_figures(target: Accumulate | Level | Change) -> Iterator[tuple[tuple[str | int, ...], Quantity]]:
    """Yield each figure of the goal and the stretch goals with its place in the file."""
    for loc, goal in _signed_tiers(target):
        if goal.between is not None:
            for end, figure in enumerate(goal.between):
                yield (*loc, "between", end), figure
        else:
            yield (*loc, goal.op), goal.figure


def _signed_tiers(target: Any) -> list[tuple[Loc, Any]]:
    """Return the goal as it was signed and the stretch goals, each with its place; later revisions are not in the source."""
    number = first_change(target.revisions, "stretch")
    place: Loc = () if number is None else ("revisions", number, "was")
    tiers = original(target, "stretch") or ()
    return [signed_goal(target), *(((*place, "stretch", n), tier) for n, tier in enumerate(tiers))]


def signed_goal(target: Any) -> tuple[Loc, Any]:
    """Return a target's goal as it was signed, with its place in the file."""
    number = first_change(target.revisions, "goal")
    if number is None:
        return ("goal",), target.goal
    return ("revisions", number, "was", "goal"), target.revisions[number].was.goal
