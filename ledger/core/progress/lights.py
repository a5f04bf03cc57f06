"""Lights: what a gap to the pace is called, and the light of several targets worst_light; knows no formula of any kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.core.models import Lights


class Light(StrEnum):
    """The six lights, in the words of a bulletin."""

    MET = "已达标"
    ON_TRACK = "正常"
    BEHIND = "滞后"
    FAR_BEHIND = "严重滞后"
    UNREPORTED = "未报"
    UNKNOWN = "无法判断"


def gap(expected: Fraction, completed: Fraction, lights: Lights) -> Fraction:
    """Return how far behind, as a fraction (0.3 is 30 points or 30 percent); negative when ahead.

    `points` (银川): points of the goal. `percent` (三亚): percent of what the plan expects by now, 0 while it expects nothing.
    """
    behind = expected - completed
    if lights.gap == "points":
        return behind
    return behind / expected if expected > 0 else Fraction(0)


def band(behind: Fraction, lights: Lights) -> Light:
    """Return the light of a gap: that of the first band which reaches so far. The last reaches for ever."""
    measure = behind * 100
    return next(
        Light(one.light) for one in lights.bands if one.upto is None or measure <= one.upto
    )  # the configuration refuses bands that do not join


def light(*, reported: bool, met: bool | None, behind: Fraction | None, final: bool, lights: Lights) -> Light:
    """Return the light of one target.

    `behind` is None where nothing can be compared with the pace. `final` says that the result stands (due, or a goal to
    be held was broken): what is then unmet by no measurable gap is never 正常 but gets the next light.
    """
    if not reported:
        return Light.UNREPORTED
    if met:
        return Light.MET
    if behind is None:
        return Light.UNKNOWN
    found = band(behind, lights)
    if final and met is False and behind <= 0 and found is Light.ON_TRACK:
        return next((Light(one.light) for one in lights.bands if one.light != "正常"), found)
    return found


_BY_CONCERN = (Light.FAR_BEHIND, Light.BEHIND, Light.ON_TRACK)


def worst_light(lights: Iterable[Light]) -> Light:
    """Return the light of a commitment: the worst of its targets that could be judged.

    已达标 only when all are met, 未报 only when nothing was reported; when what is left is partly met, partly
    unreported or not judgeable, it is 无法判断. How many could not be judged is counted beside it.
    """
    found: Collection[Light] = frozenset(lights)
    for one in _BY_CONCERN:
        if one in found:
            return one
    if len(found) == 1:
        return next(iter(found))
    return Light.UNKNOWN
