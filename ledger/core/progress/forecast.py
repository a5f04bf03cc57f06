"""What it would still take: run-rate per remaining month, best pace seen, the day the goal slips away."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Commitment, Level, Milestone, Target
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.amounts import format_figure, plan_figure
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.entries import EntryLike
from ledger.core.progress.judge import entries_of_target, fold_by_day
from ledger.core.progress.months import calendar_months, months
from ledger.core.progress.pace import Point, eve
from ledger.core.progress.policy import Policy
from ledger.core.structs import FrozenStruct


class Forecast(FrozenStruct):
    """The way from here to the goal. Figures are in the target's unit; per month means per calendar month."""

    reason: str | None = None  # why there is none, or what it lacks
    remaining: Fraction | None = None
    months_left: Fraction | None = None  # after `as_of`, up to the due date inclusive
    required: Fraction | None = None  # per remaining month
    best: Fraction | None = None  # per month
    unreachable_from: date | None = (
        None  # with nothing more done until then, the best pace no longer suffices
    )
    reachable: bool | None = None
    next_steps: tuple[tuple[str, date], ...] = ()  # of a milestone: what is open, and by when
    unit: str = ""
    scale: int = 1

    @property
    def required_text(self) -> str | None:
        """The required pace in people's words: `每月 2亿美元`."""
        return (
            None if self.required is None else f"每月 {format_figure(self.required, self.unit, self.scale)}"
        )

    @property
    def best_text(self) -> str | None:
        """The best pace seen, in people's words."""
        return None if self.best is None else f"每月 {format_figure(self.best, self.unit, self.scale)}"


def forecast_target(
    commitment: Commitment,
    target: Target,
    entries: Sequence[EntryLike],
    aggregate: Aggregate,
    as_of: date,
    policy: Policy,
) -> Forecast:
    """Return what is needed from `as_of` on. `entries` as for `fold`, `aggregate` of entries up to `as_of`."""
    if isinstance(target, Milestone):
        return _steps(commitment, target, aggregate)
    if not isinstance(target, (Accumulate, Level)):
        return Forecast("这类目标不随时间累进，没有每月需完成数")
    bounds = Bounds.of(target.goal, policy.tolerance)
    if bounds is None or (isinstance(target, Level) and target.hold):
        return Forecast("“约”没有容差，无法推算" if bounds is None else "每次上报都须达标，没有每月需完成数")
    if aggregate.fault is not None:
        return Forecast(f"无法计算：{aggregate.fault.text}")
    trail = _trail(commitment, target, entries_of_target(target, entries, as_of), policy)
    if isinstance(trail, Finding):
        return Forecast(f"无法计算：{trail.text}")
    x = Fraction(0) if isinstance(target, Accumulate) and aggregate.figure is None else aggregate.figure
    if x is None:
        return Forecast("还没有上报，无从推算")
    if isinstance(target, Accumulate) and (bounds.ceiling or not bounds.within(x)):
        return Forecast("是上限目标，没有每月需完成数")
    if bounds.meets(x):
        return Forecast("已达标")
    if bounds.aim(x) == x:
        return Forecast("正好等于目标值，须再多一点（或再少一点）才算达标")
    return _ahead(commitment.due_of(target), target, abs(bounds.aim(x) - x), bounds.aim(x) > x, trail, as_of)


def _steps(commitment: Commitment, target: Milestone, aggregate: Aggregate) -> Forecast:
    done = dict(aggregate.steps)
    due = commitment.due_of(target)
    left = [(step.name, step.due or due) for step in target.all_steps if step.key not in done]
    return Forecast("节点类没有每月需完成数" if left else "各步都已完成", next_steps=tuple(left))


def _trail(
    commitment: Commitment, target: Accumulate | Level, lines: Sequence[EntryLike], policy: Policy
) -> list[Point] | Finding:
    """Return the figure at the end of each day it was reported, from the eve of the period on."""
    origin = eve(commitment.start)
    trail: dict[date, Fraction] = {}
    if isinstance(target, Accumulate):
        trail[origin] = Fraction(0)
    elif target.baseline is not None:
        baseline = plan_figure(target.baseline, target.unit, policy)
        if isinstance(baseline, Finding):
            return baseline
        trail[origin] = baseline
    days = list(dict.fromkeys(line.on for line in lines))
    reports = 0
    for day, aggregate in zip(days, fold_by_day(target, lines, days, policy), strict=True):
        if aggregate.reports > reports and aggregate.figure is not None:
            trail[max(day, origin)] = aggregate.figure
        reports = aggregate.reports
    return sorted(trail.items())


def _ahead(
    due: date, target: Accumulate | Level, remaining: Fraction, rising: bool, trail: list[Point], as_of: date
) -> Forecast:
    left = months(as_of, due)
    best = best_pace(trail, rising)
    lost = None
    if best is not None and best > 0:
        lost = _slips(trail[-1][0], due, remaining, best)
    reason = None
    if not left:
        reason = "已到期"
    elif best is None or best <= 0:
        reason = "还没有可比的进展，推算不出最快能到多少"
    return Forecast(
        reason=reason,
        remaining=remaining,
        months_left=left,
        required=remaining / left if left else None,
        best=best,
        unreachable_from=lost,
        reachable=None if lost is None else as_of < lost,
        unit=target.unit,
        scale=target.scale,
    )


def best_pace(trail: Sequence[Point], rising: bool) -> Fraction | None:
    """Return the most gained in a whole calendar month, taking each gain as even over the months between its reports.

    Where no whole month is covered, the mean of what is; None where nothing is.
    """
    if len(trail) < 2:
        return None
    first, last = trail[0], trail[-1]
    sign = 1 if rising else -1
    gains = [
        sign * (_standing(trail, end) - _standing(trail, before))
        for before, end in calendar_months(first[0], last[0])
        if first[0] <= before and end <= last[0]
    ]
    return max(gains) if gains else sign * (last[1] - first[1]) / months(first[0], last[0])


def _standing(trail: Sequence[Point], day: date) -> Fraction:
    """Return the figure at the end of a day within the trail, between two reports by months gone."""
    index = bisect_right(trail, day, key=lambda point: point[0])
    before = trail[index - 1]
    if before[0] == day:
        return before[1]
    after = trail[index]
    return before[1] + (after[1] - before[1]) * months(before[0], day) / months(before[0], after[0])


def _slips(since: date, due: date, remaining: Fraction, best: Fraction) -> date:
    """Return the first day at whose end the days left are too few, even at the best pace."""
    days = range(max(0, (due - since).days))
    index = bisect_left(
        days, True, key=lambda day: best * months(since + timedelta(days=day), due) < remaining
    )
    return since + timedelta(days=index)
