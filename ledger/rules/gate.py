"""The gate: every check of a write, in one list for lines and one for changes of the plan, whatever command it comes from.

`validate` is called by previews, before the ledger's lock is taken, and again under it on what the files hold then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ledger.core.errors import LedgerError, UsageError
from ledger.core.findings import Finding, Place
from ledger.core.models import Commitment, Entry, LedgerConfig, Target
from ledger.core.progress import Policy, problems
from ledger.core.progress.entries import versions
from ledger.core.progress.reviews import reviews_of
from ledger.core.structs import FrozenStruct
from ledger.core.texts import has_words
from ledger.files.ledger import Ledger, Source
from ledger.rules.doubts import Doubt, find_doubts
from ledger.rules.permissions import Action, PermissionDeniedError, action_of, may_write


class EntryDateError(LedgerError):
    """A date an entry cannot have."""

    def __init__(self, on: date, why: str, example: date) -> None:
        super().__init__(f"数据日期 {on} 不能用：{why}", f"用 --on {example} 这样写明数据所属的日期")


class InvalidEntryError(LedgerError):
    """A figure the target cannot take."""


class MissingEntryReasonError(LedgerError):
    """A line that needs a reason and has none."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}要写理由，没有写", "加上 --reason 理由")


class EntryReplacedError(LedgerError):
    """The entry to be corrected or withdrawn counts no more."""


class SealedMonthError(LedgerError):
    """A date in a sealed month; `entry` is the line that says something of it, whose kind words the way out."""

    def __init__(self, on: date, until: date, entry: Entry | None = None) -> None:
        act, instead = "补报", "日期写错的，用 --on 改正"
        if entry is not None and entry.returns:
            act, instead = "退回", "以后各月的数可以直接退回"
        elif entry is not None and (entry.verifies or entry.cause):
            act = "核定" if entry.verifies else "补写"
            instead = f"只{act}以后的，加上 --month {until + timedelta(days=1):%Y-%m}"
        super().__init__(
            f"数据日期 {on} 不能直接记：{until:%Y-%m} 及以前各月已封账",
            f"确要{act}，加上 --late --reason 理由；{instead}",
        )


class DoubtfulFigureError(LedgerError):
    """A figure with doubts that nobody has confirmed."""

    def __init__(self, name: str, doubts: Sequence[Doubt]) -> None:
        self.doubts = tuple(doubts)
        self.question = f"{name}：" + "；".join(doubt.message for doubt in doubts)
        super().__init__(
            f"未记入，请核对。{self.question}", "核对无误的，加上 --confirm 再记；写错的，改正后再记"
        )


class EffectiveDayError(UsageError):
    """A day from which a change of the plan cannot hold."""


class InvalidAmendmentError(LedgerError):
    """The file would break a rule of the ledger if it were changed so."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        lines = "\n".join(
            f"  {finding.message}" + (f"；{finding.hint}" if finding.hint else "") for finding in findings
        )
        super().__init__(f"这样改了就不合规则，没有写入：\n{lines}", "换一个值；或先改正上面说的")


class PendingLine(FrozenStruct):
    """A line to be appended: the target it is for, and the entry that it corrects or withdraws, if any."""

    commitment: Commitment
    target: Target
    entry: Entry
    named: Entry | None = None


class WriteState(FrozenStruct):
    """What a line is checked against: the rules, who writes, the day, the last sealed day, the lines of its file.

    `lines` are those of the commitment's file, with the earlier ones of the same write.
    """

    config: LedgerConfig
    policy: Policy
    today: date
    email: str
    sealed_until: date | None
    lines: Sequence[Entry]


class PendingChange(FrozenStruct):
    """A change of a commitment's file: the file before and after it, whose target it is (None: the commitment's own), and what for.

    `department` is in charge of the commitment today, `effective` the first day on which the new values hold where it is not today.
    """

    department: str
    act: Action
    before: Source
    after: Source
    key: str | None
    effective: date | None = None


class PlanState(FrozenStruct):
    """What a change of the plan is checked against: the ledger, who writes, the last sealed day, the lines of its file."""

    ledger: Ledger
    email: str
    sealed_until: date | None
    lines: Sequence[Entry]


def validate(pending: PendingLine | PendingChange, state: WriteState | PlanState) -> list[LedgerError]:
    """Return everything that forbids a write, in the order of `CHECKS` or `CHANGE_CHECKS`; the last may be doubts to be confirmed."""
    errors: list[LedgerError] = []
    checks: Sequence[Check] = CHANGE_CHECKS if isinstance(pending, PendingChange) else CHECKS
    for check in checks:
        errors += check(pending, state)
        if errors and check in _STOPS:
            break
    return errors


def require_valid(pending: PendingLine | PendingChange, state: WriteState | PlanState) -> None:
    """Stop a write that is not allowed.

    Raises:
        LedgerError: the first of what `validate` returns.
    """
    for error in validate(pending, state):
        raise error


def find_open_doubts(pending: PendingLine, state: WriteState) -> tuple[Doubt, ...]:
    """Return the doubts about a line that it does not confirm."""
    family = {target.key: target for target in pending.commitment.targets}
    lines = [*state.lines, pending.entry]
    doubts = find_doubts(pending.target, lines, pending.entry, state.policy, family)
    return tuple(doubt for doubt in doubts if doubt.rule not in pending.entry.confirmed)


def _check_permission(pending: PendingLine, state: WriteState) -> Iterator[LedgerError]:
    action = action_of(pending.entry, {line.id: line for line in state.lines})
    department = pending.commitment.department
    if not may_write(state.config, department, state.email, action):
        yield PermissionDeniedError(state.config, department, state.email, action)


def _check_link(pending: PendingLine, state: WriteState) -> Iterator[LedgerError]:
    """A line that is corrected or withdrawn must count; the error names the one that does."""
    named = pending.named
    if named is None:
        return
    verb, command = next(words for link, words in _VERBS.items() if getattr(pending.entry, link))
    firsts, survivors, withdrawn = versions(state.lines)
    if named.id in withdrawn:
        by = next(
            line for line in reversed(state.lines) if line.voids == named.id and line.id not in withdrawn
        )
        yield EntryReplacedError(
            f"{named.id} 已被作废（{by.on}，{by.by}，理由：{by.reason}），不能再{verb}",
            f"要恢复它：ledger void {by.id} --reason 理由；要报新的数：ledger log",
        )
        return
    last = next((survivor for survivor in survivors if firsts[survivor.id] == firsts[named.id]), named)
    if last.id != named.id:
        yield EntryReplacedError(
            f"{named.id} 已被 {last.id} 更正（理由：{last.reason}），它自己不再计入",
            f"请对最近的那一条：ledger {command} {last.id} …"
            + ("（作废一条更正，就恢复更正之前的数）" if pending.entry.voids else ""),
        )
    elif pending.entry.verifies or pending.entry.returns:
        yield from _check_review(pending, state)
    elif named.voids and pending.entry.corrects:
        yield EntryReplacedError(
            f"{named.id} 是一条作废记录，没有数可以更正",
            f"要恢复被作废的：ledger void {named.id} --reason 理由",
        )


def _check_review(pending: PendingLine, state: WriteState) -> Iterator[LedgerError]:
    """A review that says what holds already is none."""
    entry, named = pending.entry, pending.named
    assert named is not None
    review = reviews_of(state.lines).lines.get(named.id)
    if review is None or (review.verifies is None) != (entry.verifies is None):
        return
    verb, other = ("核定", "退回") if entry.verifies else ("退回", "核定")
    yield EntryReplacedError(
        f"{named.id} 已经{verb}过（{review.by}）",
        f"不用再{verb}；要撤销：ledger void {review.id} --reason 理由；要改为{other}，直接{other}",
    )


def _check_date(pending: PendingLine, state: WriteState) -> Iterator[LedgerError]:
    entry, commitment, today = pending.entry, pending.commitment, state.today
    if pending.named is not None and entry.on == pending.named.on:
        return
    if entry.on > today:
        yield EntryDateError(entry.on, f"还没有到（今天是 {today}）", min(today, commitment.end))
    elif not commitment.start <= entry.on <= commitment.end:
        span = f"{commitment.start} 至 {commitment.end}"
        yield EntryDateError(
            entry.on,
            f"不在 {commitment.id} 的计划期 {span} 内",
            min(max(today, commitment.start), commitment.end),
        )


def _check_seal(pending: PendingLine, state: WriteState) -> Iterator[LedgerError]:
    """A line that changes what a sealed month says must say so, and why."""
    if state.sealed_until is None:
        return
    from ledger.rules.effect import unexplained_changes

    entry, named = pending.entry, pending.named
    if any(unexplained_changes(state.lines, [entry], state.sealed_until)):
        sealed = named is not None and entry.on > state.sealed_until
        yield SealedMonthError(named.on if sealed and named else entry.on, state.sealed_until, entry)


def _check_reason(pending: PendingLine, _: WriteState) -> Iterator[LedgerError]:
    entry = pending.entry
    if has_words(entry.reason):
        return
    needed = (
        (entry.corrects, "更正"), (entry.voids, "作废"), (entry.returns, "退回"), (entry.late, "补报"), (entry.unavailable, "本期无法统计"),
    )  # fmt: skip
    for applies, what in needed:
        if applies:
            yield MissingEntryReasonError(what)
            return


def _check_figures(pending: PendingLine, state: WriteState) -> Iterator[LedgerError]:
    """What `check` would say of the line itself. A total that falls is a doubt here: the target's past may be what is wrong."""
    entry = pending.entry
    for problem in problems(pending.target, [*state.lines, entry], state.policy):
        if problem.place.entry == entry.id and problem.code not in DOUBTS_OF_CHECK:
            yield InvalidEntryError(*_words(problem))


def _check_doubts(pending: PendingLine, state: WriteState) -> Iterator[LedgerError]:
    if doubts := find_open_doubts(pending, state):
        yield DoubtfulFigureError(pending.target.name, doubts)


def _words(problem: Finding) -> tuple[str, str]:
    """Return message and next step for somebody who has written nothing yet: the findings' hints mend files."""
    return problem.message, REFUSALS.get(problem.code, problem.expected or problem.hint)


DOUBTS_OF_CHECK = frozenset(("falling-total",))
"""Findings of `check` that are asked about when a line is written; a line that confirms them is right."""
REFUSALS: Mapping[str, str] = {
    "same-day": "累计数已含这一笔的，不用再报；没有含的，把这一天的累计数改报成含这一笔的：加上 --total 和新的累计数",
    "negative-add": "核减的，用 --note 写明原因；写错的，改正后再记",
    "no-figure": "写上数；没有数可报的，加上 --none --reason 原因",
    "rank-of": "核对位次和 --of 后面的个数",
    "base": "核对 --base；或直接报增减幅度，如 12%",
}
"""Next steps by the code of a finding, where that of the finding is for a line already written."""

_VERBS = {
    "voids": ("作废", "void"),
    "corrects": ("更正", "correct"),
    "verifies": ("核定", "verify"),
    "returns": ("退回", "return"),
}
"""By the field in which a line names another, what it does to it and the command that does it."""


def _check_change_permission(pending: PendingChange, state: PlanState) -> Iterator[LedgerError]:
    if not may_write(state.ledger.config, pending.department, state.email, pending.act):
        yield PermissionDeniedError(state.ledger.config, pending.department, state.email, pending.act)


def _check_effective_day(pending: PendingChange, state: PlanState) -> Iterator[LedgerError]:
    """A change holds from a day of the plan's period that no seal covers."""
    day, commitment = pending.effective, pending.before.commitment
    if day is None:
        return
    if not commitment.start <= day <= commitment.end:
        span = f"{commitment.start} 至 {commitment.end}"
        nearest = min(max(day, commitment.start), commitment.end)
        yield EffectiveDayError(
            f"--from {day} 不在计划期内（{span}）", f"写计划期内的日期，如 --from {nearest}"
        )
    elif state.sealed_until is not None and day <= state.sealed_until:
        yield EffectiveDayError(
            f"--from {day} 在已封账的月份里：{state.sealed_until:%Y-%m} 及以前各月不再改动",
            f"写 --from {state.sealed_until + timedelta(days=1)} 或以后的日期",
        )


def _check_plan(pending: PendingChange, state: PlanState) -> Iterator[LedgerError]:
    """The file holds nothing that `check` would find and did not find before."""
    from ledger.rules.check import check_source  # not loaded by a `log`, which asks none of these rules

    known = {(finding.code, finding.message) for finding in check_source(pending.before, state.ledger)}
    findings = [
        finding
        for finding in check_source(pending.after, state.ledger)
        if (finding.code, finding.message) not in known
    ]
    if findings:
        yield InvalidAmendmentError(findings)


def _check_recorded_figures(pending: PendingChange, state: PlanState) -> Iterator[LedgerError]:
    """What was reported of the target can still be added up."""
    if pending.key is None:
        return
    policy = Policy.of(state.ledger.config, state.ledger.units)
    lines = [line for line in state.lines if line.target == pending.key]
    before, after = (
        next(target for target in source.commitment.targets if target.key == pending.key)
        for source in (pending.before, pending.after)
    )
    known = {(problem.place.entry, problem.code) for problem in problems(before, lines, policy)}
    findings = [
        Finding(
            problem.code,
            f"已有的记录 {problem.place.entry}：{problem.message}",
            place=Place(pending.after.path),
        )
        for problem in problems(after, lines, policy)
        if (problem.place.entry, problem.code) not in known
    ]
    if findings:
        yield InvalidAmendmentError(findings)


Check = Callable[[Any, Any], Iterator[LedgerError]]

CHECKS: tuple[Check, ...] = (
    _check_permission,
    _check_link,
    _check_reason,
    _check_date,
    _check_seal,
    _check_figures,
    _check_doubts,
)
"""The checks of a line."""
CHANGE_CHECKS: tuple[Check, ...] = (
    _check_change_permission,
    _check_effective_day,
    _check_plan,
    _check_recorded_figures,
)
"""The checks of a change of the plan."""
_STOPS = frozenset((_check_permission, _check_link, _check_figures, _check_change_permission, _check_plan))
"""Checks after whose errors the rest would speak of a line that cannot be."""
