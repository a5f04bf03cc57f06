"""When it was done: clocks that run forward, entries in time, sealed months that stay closed. Rules over one commit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.files.ids import seconds_of
from ledger.rules.audit.breach import Breach, breach
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.late import explained

SKEW = 600
"""Seconds by which two computers' clocks may differ before a commit counts as back-dated."""
_DAY = 86400


def clock_runs_forward(context: CommitContext) -> Iterator[Breach]:
    """No commit is older than its parent, and none comes from the future of the server it is pushed to."""
    if context.policy.simulated:
        return
    if context.after is not None and context.step.committed < context.after - SKEW:
        message = f"提交时间 {_shown(context, context.step.committed)} 早于它的上一次提交 {_shown(context, context.after)}"
        yield breach(
            context.step, "clock", "", 0, message, "检查提交人电脑的时钟；时钟没有错时，按倒签日期处理"
        )
    if context.now is not None and context.step.committed > context.now + SKEW:
        message = f"提交时间 {_shown(context, context.step.committed)} 还没有到（服务器现在是 {_shown(context, context.now)}）"
        yield breach(context.step, "clock", "", 0, message, "校准电脑的时钟，再重新提交")


def ids_match_time(context: CommitContext) -> Iterator[Breach]:
    """An entry's id holds the moment it was made: a commit that claims to be a day older was dated back."""
    if context.policy.simulated:
        return
    for path, growth in context.growth.items():
        for line in growth.added:
            if line.entry is None or line.entry.simulated:
                continue
            made = seconds_of(line.entry.id)
            if made > context.step.authored + _DAY:
                message = (
                    f"作者时间写的是 {context.step.date}，而编号表明这一条生成于 {_shown(context, int(made))}"
                )
                yield breach(
                    context.step, "clock", path, line.number, message, "按倒签日期处理：请提交人说明"
                )
                break


def entries_come_in_time(context: CommitContext) -> Iterator[Breach]:
    """An entry is recorded within the ledger's `late_days` after its date; `late` with a reason explains, a correction is exempt."""
    if context.policy.late_days is None:
        return
    for path, growth in context.growth.items():
        for line in growth.added:
            entry = line.entry
            if entry is None or explained(entry):
                continue
            days = context.policy.late(entry.on, context.logged)
            if days:
                limit = context.policy.late_days
                message = f"数据日期 {entry.on}，{context.logged} 才记上，超过 {limit} 天的期限 {days} 天"
                yield breach(
                    context.step,
                    "late",
                    path,
                    line.number,
                    message,
                    "补报要写明理由：ledger log … --late --reason 理由",
                )


def sealed_months_stay(context: CommitContext) -> Iterator[Breach]:
    """An entry dated in a sealed month says `late` and why."""
    if context.sealed is None:
        return
    for path, growth in context.growth.items():
        for line in growth.added:
            entry = line.entry
            if entry is not None and entry.on <= context.sealed and not explained(entry):
                message = f"数据日期 {entry.on}，而 {context.sealed:%Y-%m} 及以前各月已封账"
                hint = "补报要写明理由：ledger log … --late --reason 理由"
                yield breach(context.step, "sealed", path, line.number, message, hint)


def _shown(context: CommitContext, seconds: int) -> str:
    return datetime.fromtimestamp(seconds, context.step.when.tzinfo).strftime("%Y-%m-%d %H:%M:%S")
