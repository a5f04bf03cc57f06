"""Places of departments under several published rules side by side, and why two departments change places between rules.

The rules of 银川 and 三亚 state lights and no ranking: departments are ordered here by the share of their judged targets that is red,
then yellow. What each rule says and where it was read stands in docs/reference/kinds.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ledger.core.progress.lights import Light
from ledger.core.progress.status import TargetStatus


class RankRule(NamedTuple):
    """A rule by which departments are ranked: its key, its name, and what its value is in words.

    `lights` names a rule of `core.progress.lights` for a ranking by lights; None for one by scores, with its basis and deduction.
    """

    key: str
    name: str
    basis: str
    lights: str | None = None
    deduction: str = "none"


OWN = "own"
PUBLISHED = (
    RankRule("guiyang", "贵阳", "all"),
    RankRule("report-10", "未报扣分", "all", deduction="report-10"),
    RankRule("default", "本程序亮灯", "all", lights="default"),
    RankRule("yinchuan-2025", "银川亮灯", "all", lights="yinchuan-2025"),
    RankRule("sanya-2022", "三亚亮灯", "all", lights="sanya-2022"),
)
"""The rules beside that of the ledger itself. `guiyang` is x/T, for a ceiling 2 − x/T, what was not reported counting as zero."""


class LightShares(NamedTuple):
    """How many of a department's judged targets are red and yellow; one never reported although due counts as red."""

    red: int
    yellow: int
    judged: int

    @property
    def order(self) -> tuple[Fraction, Fraction]:
        """What departments are ordered by, the smallest first."""
        whole = max(1, self.judged)
        return Fraction(self.red, whole), Fraction(self.yellow, whole)


def light_shares(statuses: Sequence[TargetStatus]) -> LightShares:
    """Count the lights of a department's targets."""
    lights = [Light.FAR_BEHIND if status.silent else status.light for status in statuses]
    judged = [light for light in lights if light not in (Light.UNKNOWN, Light.UNREPORTED)]
    return LightShares(judged.count(Light.FAR_BEHIND), judged.count(Light.BEHIND), len(judged))


def places_by_lights(shares: Mapping[str, LightShares]) -> dict[str, int | None]:
    """Return each department's place; equal shares have the same, one without judged targets has none."""
    return {
        name: None
        if not share.judged
        else 1 + sum(other.judged > 0 and other.order < share.order for other in shares.values())
        for name, share in shares.items()
    }


class Flip(NamedTuple):
    """Two departments that the ledger's own rule puts one way round and another rule the other way."""

    rule: str
    first: str
    second: str


def flips(places: Mapping[str, int | None], rule: str, other: Mapping[str, int | None]) -> Iterator[Flip]:
    """Yield neighbours by the own rule that another rule puts the other way round."""
    placed = sorted((place, name) for name, place in places.items() if place is not None)
    for (place, first), (next_place, second) in pairwise(placed):
        before, after = other.get(first), other.get(second)
        if place != next_place and before is not None and after is not None and after < before:
            yield Flip(rule, first, second)
