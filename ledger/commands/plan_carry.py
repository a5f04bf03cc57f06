"""`plan carry`: last year's results as the baselines of this year's plan, each with the entry that it was taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from ledger.commands.amend import Amended, ChangeRequest, EditContext, amend, preview, write
from ledger.commands.plan_diff import Pair, PlanTarget, compare
from ledger.core.errors import LedgerError, UsageError
from ledger.core.models import Level, Rank
from ledger.core.progress import Policy, fold
from ledger.core.progress.judge import entries_of_target
from ledger.core.quantity import format_amount
from ledger.core.structs import FrozenStruct, replace
from ledger.files.ledger import Ledger
from ledger.files.notices import Notice
from ledger.git import Repo


class Carry(FrozenStruct):
    """A target of the new plan, its match in the old one, and the result that becomes its baseline.

    `entry` is the id of the entry that the result was taken from. `left` says why nothing is carried.
    """

    department: str
    reference: str
    name: str
    former: str
    baseline: str | None = None
    on: date | None = None
    entry: str | None = None
    left: str | None = None
    amended: Amended | None = None

    @property
    def reason(self) -> str:
        """The reason that is written with the change: where the figure comes from."""
        return f"上年结果：{self.former} {self.baseline}（数据日期 {self.on}，记录 {self.entry}）"


def find_carries(
    ledger: Ledger, old_year: int, new_year: int, departments: frozenset[str] | None = None
) -> tuple[Carry, ...]:
    """Match two plans as `plan diff` does, and return what each target of the new plan that takes a baseline gets.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    before, after = ledger.load_plan(old_year, departments), ledger.load_plan(new_year, departments)
    policy = Policy.of(ledger.config, ledger.units)
    pairs = compare(before, after, ledger.units, labels=(f"{old_year}年", f"{new_year}年")).pairs
    return tuple(_carries(ledger, pairs, policy))


def _carries(ledger: Ledger, pairs: Sequence[Pair], policy: Policy) -> Iterator[Carry]:
    for pair in pairs:
        old, new = pair.old, pair.new
        if old is None or new is None or not isinstance(new.target, (Level, Rank)):
            continue
        carry = Carry(pair.department, new.ref, new.target.name, old.ref)
        if new.target.baseline is not None:
            yield _with(carry, left="已有基期数")
        elif type(old.target) is not type(new.target):
            yield _with(carry, left="两年的类别不同")
        else:
            yield _result(ledger, old, carry, policy)


def _with(carry: Carry, **changes: object) -> Carry:
    return replace(carry, **changes)


def _result(ledger: Ledger, old: PlanTarget, carry: Carry, policy: Policy) -> Carry:
    """Return the carry with the figure at the end of the old plan's period."""
    commitment, target = old.source.commitment, old.target
    lines = entries_of_target(target, ledger.load_progress(commitment).entries, commitment.end)
    aggregate = fold(target, lines, as_of=commitment.end, policy=policy)
    figure = aggregate.rank if isinstance(target, Rank) else aggregate.figure
    if figure is None or aggregate.on is None:
        return _with(carry, left="上年没有可用的数")
    baseline = (
        format_amount(Fraction(figure), target.unit, target.scale)
        if isinstance(target, Level)
        else f"第{figure}位"
    )
    entry = [line.id for line in lines if line.on == aggregate.on][-1]
    return _with(carry, baseline=baseline, on=aggregate.on, entry=entry)


def carry_over(
    context: EditContext,
    carries: Sequence[Carry],
    *,
    repo: Repo | None,
    notify: Callable[[Notice], None] = lambda _: None,
) -> tuple[Carry, ...]:
    """Write the baselines into the plan of the context's year, each with its source as the reason.

    Without `repo` only what would change is worked out.

    A figure that does not fit the new target (another unit) is left, with the reason.

    Raises:
        PermissionDeniedError: when data/ledger.yaml names others for it.
        ExternalError: when git or the disk refuses; what was written before stays.
    """
    results = []
    for carry in carries:
        if carry.baseline is None:
            results.append(carry)
            continue
        try:
            request = _request(context, carry)
            checked = preview(context.ledger, request)
        except (UsageError, LedgerError) as error:
            results.append(_with(carry, left=error.message))
            continue
        amended = checked if repo is None else write(context.ledger, request, repo=repo, on_notice=notify)
        results.append(_with(carry, amended=amended))
    return tuple(results)


def _request(context: EditContext, carry: Carry) -> ChangeRequest:
    assert carry.baseline is not None
    fields = {"baseline": carry.baseline}
    return amend(context, carry.reference, fields, carry.reason)
