"""Status of one target on a day: the result of `assess`, as data."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger.core.dates import month_end
from ledger.core.progress.lights import Light
from ledger.core.structs import FrozenStruct


class Tier(FrozenStruct):
    """A 争取值 beside the goal; it never decides 达标."""

    goal: str
    reached: bool | None  # None: cannot be judged


class Returned(NamedTuple):
    """A figure that a reviewer sent back (退回) and nobody has corrected yet; `on` is its date."""

    entry: str
    on: date
    reason: str
    by: str


class ReviewStatus(NamedTuple):
    """How far the figures of a target are verified, and its status by the verified ones alone (核定).

    `verified` and `unverified` count reports with a figure; a returned one is not verified.
    """

    verified: int = 0
    unverified: int = 0
    returned: tuple[Returned, ...] = ()
    actual: str | None = None
    completion: Fraction | None = None


class CauseAndMeasure(NamedTuple):
    """Why a target is behind, what is done about it, by whom and until when.

    `overdue` says that the day promised is over and the target is still behind.
    """

    on: date
    cause: str
    measure: str | None = None
    owner: str | None = None
    until: date | None = None
    by: str = ""
    overdue: bool = False


class TargetStatus(FrozenStruct):
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
    paced_on: date | None = None  # the day at whose end pace was judged
    met_on: date | None = None  # of a goal met after its due date: the day it was met
    late: str | None = None  # how long after its due date it was met: 8个月
    completes: bool = True  # whether this kind of target has a completion at all
    silent: bool = False  # never reported, although a report is overdue
    review: ReviewStatus | None = None  # None: none of its figures was ever reviewed
    remark: CauseAndMeasure | None = None

    @property
    def unverified(self) -> bool:
        """Whether a figure of it waits to be verified. A verdict needs no other reviewer."""
        if self.review is not None:
            return self.review.unverified > 0
        return self.on is not None and self.kind != "judgement"

    @property
    def months_old(self) -> int:
        """How many months the figure is older than the last report that was due; 0 where it is not, or pace is judged by the day."""
        if self.on is None or self.paced_on is None or self.paced_on != month_end(self.paced_on):
            return 0
        return max(0, (self.paced_on.year - self.on.year) * 12 + self.paced_on.month - self.on.month)

    @property
    def light_text(self) -> str:
        """The light in words, with how late a goal was met: 已达标（逾期8个月）."""
        return f"{self.light.value}（逾期{self.late}）" if self.late else self.light.value
