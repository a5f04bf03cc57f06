"""The two steps every target goes through: entries to an aggregate, an aggregate to a status."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date

from ledger.core.models import Accumulate, Commitment, Target
from ledger.core.models.revisions import in_force
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.entries import Effective, EntryLike, effective
from ledger.core.progress.frequency import first_reporting_month, settled_report
from ledger.core.progress.kinds import KINDS, accumulate
from ledger.core.progress.lights import Light
from ledger.core.progress.months import lateness
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import judged_day, settled_month
from ledger.core.progress.reviews import Reviews, review_status
from ledger.core.progress.revisions import with_revisions
from ledger.core.progress.status import TargetStatus
from ledger.core.structs import replace


def entries_of_target(
    target: Target, entries: Sequence[EntryLike], as_of: date = date.max
) -> Effective[EntryLike]:
    """Return the effective entries of one target up to a day (inclusive), in order. `entries` may be a whole file's."""
    lines = [entry for entry in effective(entries) if entry.target == target.key]
    return Effective(lines[: bisect_right(lines, as_of, key=lambda line: line.on)])


def fold(
    target: Target, entries: Sequence[EntryLike], *, as_of: date = date.max, policy: Policy
) -> Aggregate:
    """Sum up one target's entries dated up to `as_of`, inclusive.

    `entries` may be a whole file's or the target's own, with corrections still to be applied or already effective.
    Corrections and withdrawals count whatever their own date: they say what the figure of that day really was.
    """
    return KINDS[target.kind].fold(target, entries_of_target(target, entries, as_of), policy)


def fold_by_day(
    target: Target, entries: Sequence[EntryLike], days: Sequence[date], policy: Policy
) -> list[Aggregate]:
    """Return what `fold` gives at the end of each of the days, which ascend; sums are added up once for all of them."""
    lines = entries_of_target(target, entries)
    ends = [bisect_right(lines, day, key=lambda line: line.on) for day in days]
    if isinstance(target, Accumulate):
        return list(accumulate.folds(target, lines, ends, policy))
    return [KINDS[target.kind].fold(target, lines[:end], policy) for end in ends]


def fold_increments(target: Target, texts: Sequence[str], last_on: date, policy: Policy) -> Aggregate | None:
    """Sum up a target's entries at once, of which each is one increment (`add`, as written) and names no other entry.

    None where they have to be looked at one by one. An aggregate proves that `problems` has nothing to say of them.
    """
    if not isinstance(target, Accumulate):
        return None
    return accumulate.fold_increments(target, texts, last_on, policy)


def assess(
    commitment: Commitment, target: Target, aggregate: Aggregate, *, as_of: date, policy: Policy
) -> TargetStatus:
    """Return the status of a target at the end of `as_of`. The aggregate must be of entries up to `as_of`.

    An aggregate of all entries serves every `as_of` from its `last_on` on. Goal, due date, weight and closing are those in force on the day.
    """
    revised = bool(target.revisions) or target.closed is not None
    on_day = in_force(target, as_of) if revised else target
    kind = KINDS[on_day.kind]
    settled = settled_month(as_of, policy.due_day)
    if kind.MONTHLY:
        settled = settled_report(commitment, on_day, as_of, policy)
    day = judged_day(settled, as_of, aggregate.on, policy)
    status = kind.assess(commitment, on_day, aggregate, day, policy)
    if (
        status.light is Light.UNREPORTED
        and kind.MONTHLY
        and not policy.of_2023
        and first_reporting_month(commitment, on_day, policy) <= settled_month(as_of, policy.due_day)
        and not any(item.closed is not None and item.closed.on <= as_of for item in (commitment, target))
    ):
        status = replace(status, silent=True)
    return with_revisions(target, on_day, status) if revised else status


def assess_verified(
    commitment: Commitment,
    target: Target,
    status: TargetStatus,
    lines: Effective[EntryLike],
    reviews: Reviews,
    *,
    as_of: date,
    policy: Policy,
) -> tuple[TargetStatus, TargetStatus]:
    """Return the status of a target with what was reviewed and remarked, and its status by the verified figures alone.

    `lines` are the target's effective entries up to the day. A target that reported but has no verified figure cannot be judged by
    those: it is not one that stays silent.
    """
    remark = reviews.remark_on(target.key, as_of, status.light)
    reviewed = review_status(lines, reviews)
    verified = status
    if reviewed.unverified:
        kept = Effective(line for line in lines if reviews.is_verified(line))
        verified = assess(commitment, target, fold(target, kept, policy=policy), as_of=as_of, policy=policy)
        verified = with_lateness(commitment, target, verified, lambda: kept, policy)
        if verified.on is None:
            waiting = "已报送，尚未核定"
            verified = replace(verified, light=Light.UNKNOWN, reason=waiting, silent=False)
    if reviewed.verified or reviewed.unverified or reviewed.returned:
        reviewed = reviewed._replace(actual=verified.actual, completion=verified.completion)
        verified = replace(verified, review=reviewed)
    if reviewed.verified or reviewed.returned:
        status = replace(status, review=reviewed)
    if remark is not None:
        status, verified = replace(status, remark=remark), replace(verified, remark=remark)
    return status, verified


def with_lateness(
    commitment: Commitment,
    target: Target,
    status: TargetStatus,
    entries: Callable[[], Sequence[EntryLike]],
    policy: Policy,
) -> TargetStatus:
    """Return the status with how long after its due date the goal was met; as it is where it is not met, or was in time.

    In time is what was met at the end of the due date by the entries dated up to it. `entries` gives those of `fold`, up to
    the day of the status; it is asked only where a figure is later than the due date.
    """
    due = status.due
    if status.met is not True or status.on is None or due is None or status.on <= due:
        return status
    lines = entries_of_target(target, entries())
    for day in (due, *sorted({line.on for line in lines if line.on > due})):
        aggregate = fold(target, lines, as_of=day, policy=policy)
        if assess(commitment, target, aggregate, as_of=day, policy=policy).met:
            return status if day == due else replace(status, met_on=day, late=lateness(due, day))
    return status
