"""Rules on times: clocks that run forward, entries in time, sealed months that stay closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ledger.core.findings import Finding
from ledger.core.progress.entries import named_by
from ledger.files.ids import seconds_of
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.reasons import explained

SKEW = 600
"""Seconds by which two computers' clocks may differ before a commit counts as back-dated."""
_DAY = 86400
_LATE = (
    "补报要写明理由：ledger log … --late --reason 理由；已记下还没有送出的：ledger redo --late --reason 理由"
)


def check_clock(context: CommitContext) -> Iterator[Finding]:
    """No commit is older than its parent or than its author says, and none comes from the future of the server it is pushed to."""
    if context.policy.simulated:
        return
    committed = context.commit.committed
    if context.commit.authored > committed + _DAY:
        message = f"作者时间 {_shown(context, context.commit.authored)} 比提交时间 {_shown(context, committed)} 晚一天以上"
        yield context.finding("clock", message, hint="作者时间是人看到的日子：请提交人说明")
    if context.after is not None and committed < context.after - SKEW:
        message = f"提交时间 {_shown(context, committed)} 早于它的上一次提交 {_shown(context, context.after)}"
        yield context.finding("clock", message, hint="检查提交人电脑的时钟；时钟没有错时，按倒签日期处理")
    if context.now is not None and committed > context.now + SKEW:
        message = (
            f"提交时间 {_shown(context, committed)} 还没有到（服务器现在是 {_shown(context, context.now)}）"
        )
        yield context.finding("clock", message, hint="校准电脑的时钟，再重新提交")
    elif context.now is None and context.clock is not None and committed > context.clock + _DAY:
        message = f"提交时间 {_shown(context, committed)} 还没有到（这台电脑现在是 {_shown(context, context.clock)}）"
        yield context.finding("clock", message, hint="先看这台电脑的时钟；没有错时，请提交人说明")


def check_id_times(context: CommitContext) -> Iterator[Finding]:
    """An entry's id holds the moment it was made: a commit that claims to be a day older was dated back.

    On a server, an id from the future is found even where the commit's own times agree with it.
    """
    if context.policy.simulated:
        return
    latest = context.commit.authored + _DAY
    if context.now is not None:
        latest = min(latest, context.now + _DAY)
    for path, diff in context.appended.items():
        for line in diff.added:
            if line.entry is None:
                continue
            created = seconds_of(line.entry.id)
            if created > latest:
                message = (
                    f"作者时间写的是 {context.commit.date}，而编号表明这一条生成于 {_shown(context, created)}"
                )
                yield context.finding("clock", message, path, line.number, "按倒签日期处理：请提交人说明")
                break


def check_late(context: CommitContext) -> Iterator[Finding]:
    """An entry is recorded within the ledger's `late_days` after its date; `late` with a reason explains, a correction is exempt."""
    limit = context.policy.late_days
    if limit is None:
        return
    recorded = context.day if context.policy.simulated else max(context.day, context.known_day)
    for path, diff in context.appended.items():
        for line in diff.added:
            if line.entry is None or explained(line.entry):
                continue
            days = context.policy.days_late(line.entry.on, recorded)
            if days:
                message = f"数据日期 {line.entry.on}，{recorded} 才记上，超过 {limit} 天的期限 {days} 天"
                yield context.finding("late", message, path, line.number, _LATE)


def check_sealed_months(context: CommitContext) -> Iterator[Finding]:
    """What counts up to a sealed day changes only by lines that say `late` and why; see `effect.py`."""
    if context.sealed is None:
        return
    from ledger.rules.effect import unexplained_changes  # not needed by a ledger that was never sealed

    for path, diff in context.appended.items():
        lines = {line.entry.id: line.number for line in diff.added if line.entry is not None}
        added = [line.entry for line in diff.added if line.entry is not None]
        linked = any(map(named_by, added))
        before = (
            [entry for entry in context.entries(path).values() if entry.id not in lines] if linked else []
        )
        for entry in unexplained_changes(before, added, context.sealed):
            message = f"记录 {entry.id}（数据日期 {entry.on}）改动了封过的账：{context.sealed:%Y-%m} 及以前各月已封账"
            yield context.finding("sealed", message, path, lines[entry.id], _LATE)


def _shown(context: CommitContext, seconds: int) -> str:
    limited = min(max(seconds, 0), 253_402_214_400)
    zone = context.commit.when.tzinfo if context.commit.date else UTC
    return datetime.fromtimestamp(limited, zone).strftime("%Y-%m-%d %H:%M:%S")
