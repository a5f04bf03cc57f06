"""`plan carry`: last year's results as the baselines of this year's plan, each with the entry that it was taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace as replace_dataclass
from datetime import date
from fractions import Fraction

from ledger.commands.amend import Amended, ChangeRequest, EditContext, amend, transform
from ledger.commands.plan_diff import Pair, PlanTarget, compare_plans
from ledger.core.errors import LedgerError, UsageError
from ledger.core.models import Level, Rank
from ledger.core.progress import Policy, fold
from ledger.core.progress.judge import entries_of_target
from ledger.core.quantity import format_amount
from ledger.core.structs import FrozenStruct, replace
from ledger.files.ledger import Ledger
from ledger.files.notices import Notice
from ledger.files.rewrite import rewrite_files
from ledger.git import Repo
from ledger.rules.permissions import PermissionDeniedError


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
    pairs = compare_plans(before, after, ledger.units, labels=(f"{old_year}年", f"{new_year}年")).pairs
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
    """Write the baselines in one commit, each with its source as the reason; without `repo` only work out what would change.

    A figure that does not fit the new target (another unit) is left, with the reason.

    Raises:
        PermissionDeniedError: when data/ledger.yaml names others for it.
        ExternalError: when git or the disk refuses; the files are then as they were.
    """
    ledger = context.ledger
    prepared = [_prepared(context, carry) for carry in carries]
    carries, requests = [carry for carry, _ in prepared], [request for _, request in prepared]
    paths = list(dict.fromkeys(request.path for request in requests if request is not None))
    results: list[Carry] = []

    def change(before: Sequence[bytes]) -> tuple[Sequence[bytes], str]:
        texts = dict(zip(paths, before, strict=True))
        results[:] = [
            carry if request is None else _carried(ledger, carry, request, texts)
            for carry, request in zip(carries, requests, strict=True)
        ]
        return [texts[path] for path in paths], _message(results, context.year)

    files = [ledger.root / path for path in paths]
    change([file.read_bytes() for file in files])
    if repo is not None and any(carry.amended for carry in results):
        changed = {carry.amended.path for carry in results if carry.amended is not None}
        paths = [path for path in paths if path in changed]
        requests = [request if request and request.path in changed else None for request in requests]
        carries = [
            carry if request else result
            for carry, request, result in zip(carries, requests, results, strict=True)
        ]
        changed_files = [ledger.root / path for path in paths]
        commit = rewrite_files(repo, changed_files, change, day=context.today, on_notice=notify)
        results = [
            carry
            if carry.amended is None
            else _with(carry, amended=replace_dataclass(carry.amended, commit=commit))
            for carry in results
        ]
    return tuple(results)


def _carried(ledger: Ledger, carry: Carry, request: ChangeRequest, texts: dict[str, bytes]) -> Carry:
    """Put a baseline into the text of its file; return the carry with what it changes, or why it is left."""
    try:
        amended = transform(ledger, request, texts[request.path])
    except PermissionDeniedError:
        raise
    except (UsageError, LedgerError) as error:
        return _with(carry, left=error.message)
    texts[request.path] = amended.text.encode("utf-8")
    return _with(carry, amended=amended)


def _message(carries: Sequence[Carry], year: int) -> str:
    """Return the commit's message: how many baselines, each with its source, and a trailer for each."""
    carried = [carry for carry in carries if carry.amended is not None]
    sources = "\n".join(f"{carry.reference} {carry.reason}" for carry in carried)
    trailers = "\n".join(f"Ledger-Amend: {carry.reference} baseline" for carry in carried)
    return f"carry({year}): {len(carried)} 个目标以上年结果为基期数\n\n{sources}\n\n{trailers}\n"


def _prepared(context: EditContext, carry: Carry) -> tuple[Carry, ChangeRequest | None]:
    """Return the change that a carry asks for; none, with the reason, where the target cannot take the figure."""
    if carry.baseline is None:
        return carry, None
    try:
        return carry, amend(context, carry.reference, {"baseline": carry.baseline}, carry.reason)
    except (UsageError, LedgerError) as error:
        return _with(carry, left=error.message), None
