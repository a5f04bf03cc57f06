"""A target's year as two lines: what was reported, and what 序时进度 expected.

The lines say what the status says on each day: what was reported comes from `fold`, the pace from the kind's `expected`, which `assess`
asks as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from ledger.core.dates import month_end
from ledger.core.models import Accumulate, Change, Commitment, Level, Milestone, Target
from ledger.core.models.revisions import in_force
from ledger.core.progress import Policy, assess, fold
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.entries import EntryLike
from ledger.core.progress.judge import fold_by_day
from ledger.core.progress.kinds import accumulate, level
from ledger.core.progress.pace import eve
from ledger.core.structs import FrozenStruct

Series = tuple[tuple[date, Fraction | None], ...]
"""Values at the ends of days, ascending; None where there is nothing to say, which breaks the line."""

ONE = Fraction(1)


class BurnUp(FrozenStruct):
    """The lines of one target. Values are in the target's unit times `scale`; of milestones, shares of the weight."""

    start: date
    end: date
    actual: Series
    pace: Series
    goal: Fraction
    unit: str
    scale: int
    stepped: bool
    """Whether the lines jump from value to value, as steps done do, instead of running between them."""
    reported: tuple[date, ...] = ()
    """The days of `actual` that somebody reported; the others only carry the line."""


def burn_up(
    commitment: Commitment, target: Target, entries: Sequence[EntryLike], *, as_of: date, policy: Policy
) -> BurnUp | None:
    """Return the lines up to `as_of`; None for kinds that have no completion to draw (位次、比较、定性)."""
    target, policy = in_force(target, as_of), policy.by_day
    if isinstance(target, Milestone):
        return _of_steps(commitment, target, entries, as_of, policy)
    if not isinstance(target, (Accumulate, Level, Change)):
        return None
    bounds, bound = _bound(target, policy)
    figure = target.goal.figure.value
    start, due = commitment.start, commitment.due_of(target)
    days = _days(start, due, [point.on for point in target.plan] if not isinstance(target, Change) else [])
    pace = [(day, _expected(commitment, target, bounds, bound, day, policy)) for day in days]
    reported = _reported(target, entries, as_of)
    aggregates = fold_by_day(target, entries, reported, policy)
    actual = [(day, aggregate.figure) for day, aggregate in zip(reported, aggregates, strict=True)]
    if isinstance(target, Accumulate):
        pace.insert(0, (eve(start), Fraction(0) if bounds and not bounds.ceiling else pace[0][1]))
    if isinstance(target, Accumulate) and actual and actual[0][0] > eve(start):
        actual.insert(0, (eve(start), Fraction(0)))
    return BurnUp(
        eve(start),
        due,
        tuple(actual),
        tuple(pace),
        figure,
        target.unit,
        target.scale,
        stepped=False,
        reported=tuple(reported),
    )


def expected_on(commitment: Commitment, target: Target, on: date, policy: Policy) -> Fraction | None:
    """Return what 序时进度 expected on a day, as the lines say it: a figure, of milestones a share; None without one."""
    policy = policy.by_day
    if isinstance(target, Milestone):
        return assess(commitment, target, fold(target, (), policy=policy), as_of=on, policy=policy).expected
    if not isinstance(target, (Accumulate, Level, Change)):
        return None
    bounds, bound = _bound(target, policy)
    return _expected(commitment, target, bounds, bound, on, policy)


def _bound(target: Accumulate | Level | Change, policy: Policy) -> tuple[Bounds | None, Fraction]:
    """Return the goal's bounds, and the figure that a completion is a share of."""
    bounds = Bounds.of(target.goal, policy.tolerance)
    figure = target.goal.figure.value
    bound = figure if bounds is None else bounds.high if bounds.low is None else bounds.low
    assert bound is not None
    return bounds, bound


def _of_steps(
    commitment: Commitment, target: Milestone, entries: Sequence[EntryLike], as_of: date, policy: Policy
) -> BurnUp:
    start, due = commitment.start, commitment.due_of(target)
    days = sorted({eve(start), due, *(step.due or due for step in target.all_steps)})
    empty = fold(target, (), policy=policy)
    pace = [(day, assess(commitment, target, empty, as_of=day, policy=policy).expected) for day in days]
    reported = _reported(target, entries, as_of)
    aggregates = fold_by_day(target, entries, reported, policy)
    actual: list[tuple[date, Fraction | None]] = [
        (day, assess(commitment, target, aggregate, as_of=day, policy=policy).completion)
        for day, aggregate in zip(reported, aggregates, strict=True)
    ]
    if actual:
        standing = actual[-1][1]
        actual = [(eve(start), Fraction(0)), *actual, (max(actual[-1][0], min(as_of, due)), standing)]
    return BurnUp(
        eve(start),
        max(days),
        tuple(actual),
        tuple(pace),
        ONE,
        "",
        1,
        stepped=True,
        reported=tuple(reported),
    )


def _reported(target: Target, entries: Sequence[EntryLike], as_of: date) -> list[date]:
    return sorted({entry.on for entry in entries if entry.target == target.key and entry.on <= as_of})


def _days(start: date, due: date, plan: Sequence[date]) -> list[date]:
    """Return the days on which the pace is read: month ends, due points, the first and the last day of the period."""
    days = {start, due, *(day for day in plan if start <= day <= due)}
    end = month_end(start)
    while end < due:
        days.add(end)
        end = month_end(end + timedelta(days=1))
    return sorted(days)


def _expected(
    commitment: Commitment,
    target: Accumulate | Level | Change,
    bounds: Bounds | None,
    bound: Fraction,
    day: date,
    policy: Policy,
) -> Fraction | None:
    """Return the figure whose completion is the one expected on a day: x/T turned round, of a ceiling 2 − x/T."""
    if bounds is None:
        return None
    revised = target.revisions or target.closed is not None
    share = _expected_share(commitment, in_force(target, day) if revised else target, day, policy)
    if share is None:
        return None
    return (2 - share) * bound if bounds.ceiling else share * bound


def _expected_share(
    commitment: Commitment, target: Accumulate | Level | Change, day: date, policy: Policy
) -> Fraction | None:
    if isinstance(target, Accumulate):
        return accumulate.expected(commitment, target, day, policy)
    if isinstance(target, Level):
        return level.expected(commitment, target, day, policy)
    return ONE  # the whole rate, on any day
