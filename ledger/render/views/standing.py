"""Wording of a target's status beside its figures, and comparisons with the month before; for the page and the bulletin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from ledger.commands.changes import FROM_BEST
from ledger.commands.report import CommitmentSection
from ledger.core.progress import Light, TargetStatus
from ledger.core.progress.averages import Mean, WeightedValue, mean
from ledger.core.progress.percent import percent
from ledger.core.progress.report import CommitmentStatus
from ledger.render.views.status import tiers_text

LATE = (Light.FAR_BEHIND, Light.BEHIND)
JUDGED = (Light.MET, Light.ON_TRACK, Light.BEHIND, Light.FAR_BEHIND)
"""Lights that judge a target by its figures."""
LIGHT_NAMES = {Light.UNREPORTED: "尚无数据", Light.UNKNOWN: "暂无法判断"}
"""Lights under the words of official papers: 未报送 means what was due and did not come."""


class Standing(NamedTuple):
    """A target on the day asked for and at the end of the month before."""

    section: CommitmentSection
    status: TargetStatus
    before: TargetStatus | None

    @property
    def turn(self) -> str:
        """改善 or 转差 by the light, as `ledger changes` tells it, or 持平; empty where both months are without a judgement."""
        if self.before is None:
            return ""
        light, before = self.status.light, self.before.light
        if light is before:
            return "持平" if light in JUDGED else ""
        return "转差" if FROM_BEST.index(light) > FROM_BEST.index(before) else "改善"


def standings(sections: Iterable[CommitmentSection]) -> Iterator[Standing]:
    """Yield every target."""
    for section in sections:
        before = section.previous.targets if section.previous else [None] * len(section.status.targets)
        for status, earlier in zip(section.status.targets, before, strict=True):
            yield Standing(section, status, earlier)


def laggards(sections: Iterable[CommitmentSection]) -> list[Standing]:
    """Return the targets behind their pace, the worst first."""
    late = [standing for standing in standings(sections) if standing.status.light in LATE]
    return sorted(
        late, key=lambda standing: (LATE.index(standing.status.light), -(standing.status.gap or Fraction(0)))
    )


def mean_completion(statuses: Iterable[CommitmentStatus | None]) -> Mean:
    """Return the mean completion of commitments, each with the same weight; None is one that was not assessed."""
    return mean(WeightedValue(status.completion.value) for status in statuses if status is not None)


def light_name(light: Light) -> str:
    """Return a light under the words of official papers."""
    return LIGHT_NAMES.get(light, light.value)


def remarks_of(status: TargetStatus) -> tuple[str, ...]:
    """Return everything a status says beside its figures, each once."""
    standing = (
        None if status.reason and status.standing and status.standing in status.reason else status.standing
    )
    return tuple(dict.fromkeys(filter(None, (standing, status.reason, tiers_text(status), *status.notes))))


def gap_text(status: TargetStatus, points: bool) -> str:
    """Return how far a target is behind its pace, in the ledger's rule; empty where it is not behind or that is not known."""
    if status.gap is None or status.gap <= 0:
        return ""
    behind = percent(status.gap)
    return f"落后 {behind.removesuffix('%')} 个百分点" if points else f"比计划少 {behind}"


def gap_number(status: TargetStatus) -> str:
    """Return the bare figure of `gap_text`, for a column whose heading is `gap_name`."""
    behind = status.gap is not None and status.gap > 0
    return percent(status.gap).removesuffix("%") if behind else "—"


def gap_name(points: bool) -> str:
    """Return the heading of a column of gaps."""
    return "落后（百分点）" if points else "比计划少（%）"
