"""Where one target stands on a day: the result of `assess`, as data; knows no formula."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.core.progress.lights import Light


@dataclass(frozen=True, slots=True)
class Tier:
    """A 争取值 beside the goal; it never decides 达标."""

    goal: str
    reached: bool | None  # None: cannot be judged


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """One target on one day. Figures are in the target's unit without multiplier, shares are fractions (1 = 100%)."""

    key: str
    name: str
    kind: str
    goal: str  # in people's words: ≥16亿美元
    light: Light
    actual: str | None = None  # in the target's own unit and multiplier
    completion: Fraction | None = None  # uncapped; None: no data, or none for this kind
    expected: Fraction | None = None  # the completion due by now; None: nothing can be expected
    progress: Fraction | None = None  # of a level with a baseline: how much of the way from it
    expected_progress: Fraction | None = None
    gap: Fraction | None = None  # behind pace by the gap rule; negative when ahead
    met: bool | None = None
    standing: str | None = None  # 现第5位，差2位; 比全省平均高0.4百分点
    reason: str | None = None  # why something could not be computed or judged, and which datum mends it
    tiers: tuple[Tier, ...] = ()
    notes: tuple[str, ...] = ()
    entries: int = 0
    on: date | None = None  # date of the figure
    due: date | None = None
    value: Fraction | None = None  # the figure behind `actual`
    original_goal: str | None = None  # as signed, where it was changed since
