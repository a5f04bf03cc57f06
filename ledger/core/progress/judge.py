"""The two steps every target goes through: entries to a aggregate, a aggregate to a status; knows no single kind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from ledger.core.models import Accumulate, Commitment, Target
from ledger.core.models.revisions import in_force
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.entries import EntryLike, effective
from ledger.core.progress.kinds import KINDS, accumulate
from ledger.core.progress.policy import Policy
from ledger.core.progress.revisions import with_revisions
from ledger.core.progress.status import TargetStatus


def entries_of_target(
    target: Target, entries: Sequence[EntryLike], as_of: date = date.max
) -> list[EntryLike]:
    """Return the effective entries of one target up to a day (inclusive), in order. `entries` may be a whole file's."""
    lines = [entry for entry in effective(entries) if entry.target == target.key]
    return lines[: bisect_right(lines, as_of, key=lambda line: line.on)]


def fold(
    target: Target, entries: Sequence[EntryLike], *, as_of: date = date.max, policy: Policy
) -> Aggregate:
    """Sum up one target's entries dated up to `as_of`, inclusive.

    `entries` may be a whole file's or the target's own, with corrections still to be applied or already effective.
    Corrections and withdrawals count whatever their own date: they say what the figure of that day really was.
    """
    return KINDS[target.kind].fold(target, entries_of_target(target, entries, as_of), policy)


def fold_increments(target: Target, texts: Sequence[str], last_on: date, policy: Policy) -> Aggregate | None:
    """Sum up a target's entries at once, of which each is one increment (`add`, as written) and names no other entry.

    None where they have to be looked at one by one. A aggregate proves that `problems` has nothing to say of them.
    """
    if not isinstance(target, Accumulate):
        return None
    return accumulate.fold_increments(target, texts, last_on, policy)


def assess(
    commitment: Commitment, target: Target, aggregate: Aggregate, *, as_of: date, policy: Policy
) -> TargetStatus:
    """Say where a target stands at the end of `as_of`. The aggregate must be of entries up to `as_of`.

    An aggregate of all entries serves every `as_of` from its `last_on` on. Goal, due date, weight and closing are those in force on the day.
    """
    if not target.revisions and target.closed is None:
        return KINDS[target.kind].assess(commitment, target, aggregate, as_of, policy)
    on_day = in_force(target, as_of)
    status = KINDS[on_day.kind].assess(commitment, on_day, aggregate, as_of, policy)
    return with_revisions(target, on_day, status)
