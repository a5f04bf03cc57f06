"""What is to be reported for a month, and why: one answer for `due`, the walk, the sheet and the bulletin.

Within the plan's period:

- What is reported every month (`accumulate`, `level`, `change`, `rank`, `compare`) is called for up to the month of its due date,
  and after that while its goal is not met. A sum whose goal bounds it from below only is called for until it is met. What is
  reported every quarter, half-year or year is called for in the last month of each, and in that of its due date.
- A milestone is called for from the month in which a step falls due, until that step is done.
- A judgement is called for from the month of a review date (the due date where the plan names none), until a verdict of that month
  or later. It is the reviewer's to give.

Nothing is called for of what is closed, nor of alternatives when another of the group is met or has reported the month. Entries
count by their own date, corrections and withdrawals applied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum

from ledger.core import structs
from ledger.core.models import Accumulate, Commitment, Judgement, Milestone, Target
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.entries import EntryLike, by_target, figures_of
from ledger.core.progress.frequency import is_reporting_month, period_start
from ledger.core.progress.judge import assess, fold
from ledger.core.progress.kinds.judgement import unanswered_reviews
from ledger.core.progress.kinds.milestone import with_implied
from ledger.core.progress.policy import Policy
from ledger.core.progress.reviews import reviews_of
from ledger.core.progress.status import Returned
from ledger.core.structs import FrozenStruct


class CallReason(Enum):
    """Why a target is called for in a month, or is not."""

    MONTHLY = ("monthly", "按月报送")
    KEPT = ("kept", "有上限，要守到应完成日期，按月报送")
    OVERDUE = ("overdue", "已过应完成日期，尚未达标")
    STEP_DUE = ("step-due", "有步骤已到期，尚未报完成")
    REVIEW_DUE = ("review-due", "已到评定日期，由督查评定")
    NOT_THIS_MONTH = ("not-this-month", "不按月报送，本月不用报")
    OUTSIDE = ("outside-period", "不在计划期内")
    CLOSED = ("closed", "已销号")
    MET = ("met", "已达标")
    ALTERNATIVE_MET = ("alternative-met", "任选其一，同组另一项已达标")
    ALTERNATIVE_REPORTED = ("alternative-reported", "任选其一，同组另一项本月已报")
    NO_STEP_DUE = ("no-step-due", "没有已到期而未完成的步骤")
    NO_REVIEW_DUE = ("no-review-due", "没有已到评定日期而未评定的")

    @property
    def code(self) -> str:
        """The stable name."""
        return str(self.value[0])

    @property
    def text(self) -> str:
        """The reason in words."""
        return str(self.value[1])


_CALLED = frozenset(
    {
        CallReason.MONTHLY,
        CallReason.KEPT,
        CallReason.OVERDUE,
        CallReason.STEP_DUE,
        CallReason.REVIEW_DUE,
    }
)


_BY_FREQUENCY = frozenset({CallReason.MONTHLY, CallReason.KEPT, CallReason.OVERDUE})


class ReportCall(FrozenStruct):
    """Whether one target is to be reported for a month, why, and whether it was."""

    target: Target
    reason: CallReason
    answered: bool
    last: date | None
    """The date of its latest entry up to the end of the month."""
    returned: tuple[Returned, ...] = ()
    """Its figures up to the end of the month that a reviewer sent back and nobody has corrected."""

    @property
    def called(self) -> bool:
        """Whether a report is called for, given or not."""
        return self.reason in _CALLED

    @property
    def missing(self) -> bool:
        """Whether a report is called for and was not given."""
        return self.called and not self.answered

    @property
    def by_reviewer(self) -> bool:
        """Whether the reviewer, not the department, has to give it."""
        return isinstance(self.target, Judgement)


def report_calls(
    commitment: Commitment, entries: Sequence[EntryLike], month: date, policy: Policy
) -> tuple[ReportCall, ...]:
    """Return the call of every target of a commitment for the month that ends on `month`, in the plan's order.

    `entries` are the commitment's, as in its file.
    """
    lines = {
        key: [line for line in lines_of_key if line.on <= month]
        for key, lines_of_key in by_target(entries).items()
    }
    reviews = reviews_of(entries)
    calls = [
        structs.replace(
            _call(commitment, target, lines.get(target.key, ()), month, policy),
            returned=reviews.returned(lines.get(target.key, ())),
        )
        for target in commitment.targets
    ]
    met = {call.target.key for call in calls if _met(commitment, call.target, lines, month, policy)}
    return tuple(_among_alternatives(call, calls, met) for call in calls)


def _call(
    commitment: Commitment, target: Target, lines: Sequence[EntryLike], month: date, policy: Policy
) -> ReportCall:
    first = month.replace(day=1)
    aggregate = fold(target, lines, as_of=month, policy=policy)
    if not commitment.start <= month or first > commitment.end:
        reason = CallReason.OUTSIDE
    elif any(item.closed is not None and item.closed.on <= month for item in (commitment, target)):
        reason = CallReason.CLOSED
    elif isinstance(target, Milestone):
        reason = _step_reason(commitment, target, aggregate, month)
    elif isinstance(target, Judgement):
        judged = [line.on for line in lines if line.verdict is not None and line.on < first]
        open_reviews = unanswered_reviews(commitment, target, max(judged, default=None), month)
        reason = CallReason.REVIEW_DUE if open_reviews else CallReason.NO_REVIEW_DUE
    else:
        reason = _monthly_reason(commitment, target, lines, month, policy)
    if reason in _BY_FREQUENCY and not is_reporting_month(commitment, target, month, policy):
        reason = CallReason.NOT_THIS_MONTH
    since = period_start(commitment, target, month, policy) if reason in _BY_FREQUENCY else first
    answered = any(line.on >= since and _answers(target, line) for line in lines)
    return ReportCall(target, reason, answered, lines[-1].on if lines else None)


def _answers(target: Target, entry: EntryLike) -> bool:
    """Whether an entry answers for its month: it has a figure, says how far a milestone is, or why there is no figure."""
    return isinstance(target, Milestone) or entry.unavailable or bool(figures_of(entry))


def _step_reason(commitment: Commitment, target: Milestone, aggregate: Aggregate, month: date) -> CallReason:
    first = month.replace(day=1)
    done = with_implied(target, {key: on for key, on in aggregate.steps if on < first})
    due = commitment.due_of(target)
    overdue = any((step.due or due) <= month for step in target.all_steps if step.key not in done)
    return CallReason.STEP_DUE if overdue else CallReason.NO_STEP_DUE


def _monthly_reason(
    commitment: Commitment, target: Target, lines: Sequence[EntryLike], month: date, policy: Policy
) -> CallReason:
    first = month.replace(day=1)
    before = [line for line in lines if line.on < first]
    overdue = first > commitment.due_of(target)
    met_before = _met_at(commitment, target, before, month, policy)
    if isinstance(target, Accumulate):
        bounds = Bounds.of(target.goal, policy.tolerance)
        if not overdue and bounds is not None and bounds.high is not None:
            return CallReason.KEPT
        if met_before:
            return CallReason.MET
    elif overdue and met_before:
        return CallReason.MET
    return CallReason.OVERDUE if overdue else CallReason.MONTHLY


def _met_at(
    commitment: Commitment, target: Target, lines: Sequence[EntryLike], day: date, policy: Policy
) -> bool:
    aggregate = fold(target, lines, as_of=day, policy=policy)
    return assess(commitment, target, aggregate, as_of=day, policy=policy).met is True


def _met(
    commitment: Commitment,
    target: Target,
    lines: Mapping[str, Sequence[EntryLike]],
    month: date,
    policy: Policy,
) -> bool:
    return target.any_of is not None and _met_at(commitment, target, lines.get(target.key, ()), month, policy)


def _among_alternatives(call: ReportCall, calls: Sequence[ReportCall], met: set[str]) -> ReportCall:
    """Return the call as it stands beside the others of its group: one that is met, or has reported, speaks for all."""
    group = call.target.any_of
    if group is None or not call.called or call.answered or call.target.key in met:
        return call
    others = [other for other in calls if other.target.any_of == group and other is not call]
    reason = call.reason
    if any(other.target.key in met for other in others):
        reason = CallReason.ALTERNATIVE_MET
    elif any(other.answered for other in others):
        reason = CallReason.ALTERNATIVE_REPORTED
    return structs.replace(call, reason=reason)
