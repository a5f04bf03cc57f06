"""When it was done: clocks that run forward, entries in time, sealed months that stay closed. Rules over one commit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.files.ids import made_at
from ledger.rules.audit.breach import Breach, breach
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.late import explained

SKEW = 600
"""Seconds by which two computers' clocks may differ before a commit counts as back-dated."""
_DAY = 86400


def clock_runs_forward(act: CommitContext) -> Iterator[Breach]:
    """No commit is older than its parent, and none comes from the future of the server it is pushed to."""
    if act.law.simulated:
        return
    if act.after is not None and act.step.committed < act.after - SKEW:
        message = f"提交时间 {_shown(act, act.step.committed)} 早于它的上一次提交 {_shown(act, act.after)}"
        yield breach(act.step, "clock", "", 0, message, "检查提交人电脑的时钟；时钟没有错时，按倒签日期处理")
    if act.now is not None and act.step.committed > act.now + SKEW:
        message = (
            f"提交时间 {_shown(act, act.step.committed)} 还没有到（服务器现在是 {_shown(act, act.now)}）"
        )
        yield breach(act.step, "clock", "", 0, message, "校准电脑的时钟，再重新提交")


def ids_match_time(act: CommitContext) -> Iterator[Breach]:
    """An entry's id holds the moment it was made: a commit that claims to be a day older was dated back."""
    if act.law.simulated:
        return
    for path, growth in act.growth.items():
        for line in growth.added:
            if line.entry is None or line.entry.simulated:
                continue
            made = made_at(line.entry.id).timestamp()
            if made > act.step.authored + _DAY:
                message = f"作者时间写的是 {act.step.date}，而编号表明这一条生成于 {_shown(act, int(made))}"
                yield breach(act.step, "clock", path, line.number, message, "按倒签日期处理：请提交人说明")
                break


def entries_come_in_time(act: CommitContext) -> Iterator[Breach]:
    """An entry is recorded within the ledger's `late_days` after its date; `late` with a reason explains, a correction is exempt."""
    if act.law.late_days is None:
        return
    for path, growth in act.growth.items():
        for line in growth.added:
            entry = line.entry
            if entry is None or explained(entry):
                continue
            days = act.law.late(entry.on, act.logged)
            if days:
                limit = act.law.late_days
                message = f"数据日期 {entry.on}，{act.logged} 才记上，超过 {limit} 天的期限 {days} 天"
                yield breach(
                    act.step,
                    "late",
                    path,
                    line.number,
                    message,
                    "补报要写明理由：ledger log … --late --reason 理由",
                )


def sealed_months_stay(act: CommitContext) -> Iterator[Breach]:
    """An entry dated in a sealed month says `late` and why."""
    if act.sealed is None:
        return
    for path, growth in act.growth.items():
        for line in growth.added:
            entry = line.entry
            if entry is not None and entry.on <= act.sealed and not explained(entry):
                message = f"数据日期 {entry.on}，而 {act.sealed:%Y-%m} 及以前各月已封账"
                hint = "补报要写明理由：ledger log … --late --reason 理由"
                yield breach(act.step, "sealed", path, line.number, message, hint)


def _shown(act: CommitContext, seconds: int) -> str:
    return datetime.fromtimestamp(seconds, act.step.when.tzinfo).strftime("%Y-%m-%d %H:%M:%S")
