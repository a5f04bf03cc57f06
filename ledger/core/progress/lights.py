"""Lights: what a gap to the pace is called, and the light of several targets together."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

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


class LightBand(NamedTuple):
    """A light and how far behind it reaches, in points or percent; None is without end."""

    light: Light
    upto: Fraction | None
    inclusive: bool = True


class LightRule(NamedTuple):
    """How a gap is measured and which light it gives; bands join, from ahead to furthest behind."""

    gap: str  # points: of the goal; percent: of what the plan expects by now
    bands: tuple[LightBand, ...]
    name: str | None = None

    @classmethod
    def of(cls, lights: Lights) -> LightRule:
        """Return the rule that a ledger's configuration names or spells out."""
        if lights.rule is not None:
            return NAMED_RULES[lights.rule]
        return cls(lights.gap, tuple(LightBand(Light(band.light), band.upto) for band in lights.bands))


def _rule(name: str, gap: str, yellow: int, red: int, *, yellow_from: bool = False) -> LightRule:
    return LightRule(
        gap,
        (
            LightBand(Light.ON_TRACK, Fraction(yellow), inclusive=not yellow_from),
            LightBand(Light.BEHIND, Fraction(red)),
            LightBand(Light.FAR_BEHIND, None),
        ),
        name,
    )


NAMED_RULES = {
    "default": _rule("default", "points", 0, 30),
    "yinchuan-2025": _rule("yinchuan-2025", "points", 10, 30, yellow_from=True),
    "sanya-2022": _rule("sanya-2022", "percent", 0, 50),
}
"""`default` is this program's own. The published ones and where they were read: docs/reference/kinds.md, 成文规则."""


def gap(expected: Fraction, completed: Fraction, rule: LightRule) -> Fraction:
    """Return how far behind, as a fraction (0.3 is 30 points or 30 percent); negative when ahead.

    `points`: points of the goal. `percent`: percent of what the plan expects by now, 0 while it expects nothing.
    """
    behind = expected - completed
    if rule.gap == "points":
        return behind
    return behind / abs(expected) if expected else Fraction(0)


def band(behind: Fraction, rule: LightRule) -> Light:
    """Return the light of the first band whose upper bound is not below the gap; the last band is unbounded."""
    measure = behind * 100
    return next(
        band.light
        for band in rule.bands
        if band.upto is None or measure < band.upto or (measure == band.upto and band.inclusive)
    )  # the configuration refuses bands that do not join


def light(
    *, reported: bool, met: bool | None, behind: Fraction | None, final: bool, rule: LightRule
) -> Light:
    """Return the light of one target.

    `behind` is None where nothing can be compared with the pace. `final` says that the result stands (overdue, or a goal
    to be held was broken): what is then unmet is never 正常, however wide that band is, but gets the next light.
    """
    if not reported:
        return Light.UNREPORTED
    if met:
        return Light.MET
    if behind is None:
        return Light.UNKNOWN
    measured = band(behind, rule)
    if final and met is False and measured is Light.ON_TRACK:
        return next((band.light for band in rule.bands if band.light is not Light.ON_TRACK), Light.BEHIND)
    return measured


ORDER = (
    Light.MET,
    Light.ON_TRACK,
    Light.UNKNOWN,
    Light.UNREPORTED,
    Light.BEHIND,
    Light.FAR_BEHIND,
)
"""The lights of a commitment from best to worst."""

OF_ALTERNATIVES = (
    Light.MET,
    Light.ON_TRACK,
    Light.BEHIND,
    Light.FAR_BEHIND,
    Light.UNKNOWN,
    Light.UNREPORTED,
)
"""Which light speaks for a group of alternatives, the first that one of them has: silence speaks for none that reports."""


def worst_light(lights: Iterable[tuple[Light, bool]]) -> Light:
    """Return the light of a commitment from its targets' lights, each with whether a report of it is overdue.

    严重滞后 and 滞后 decide where any target has them, then 未报 where a report is overdue. Otherwise 已达标 when all are met,
    正常 when any is met or on track, 无法判断 when any was reported, else 未报. Better lights never give a worse one.
    """
    pairs = frozenset(lights)
    present = {light for light, _ in pairs}
    for light in (Light.FAR_BEHIND, Light.BEHIND):
        if light in present:
            return light
    if (Light.UNREPORTED, True) in pairs:
        return Light.UNREPORTED
    if present == {Light.MET}:
        return Light.MET
    if present & {Light.MET, Light.ON_TRACK}:
        return Light.ON_TRACK
    return Light.UNREPORTED if present == {Light.UNREPORTED} else Light.UNKNOWN


def worst_light_2023(lights: Iterable[Light]) -> Light:
    """Return the light of a commitment by the rules of 2023: the worst of its targets that could be judged."""
    present = frozenset(lights)
    for light in (Light.FAR_BEHIND, Light.BEHIND, Light.ON_TRACK):
        if light in present:
            return light
    return next(iter(present)) if len(present) == 1 else Light.UNKNOWN
