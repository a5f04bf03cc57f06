"""Files only grow, stay where they are and stay plain files: rules over one commit."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.rules.audit.breach import Breach, breach
from ledger.rules.audit.commit_context import POLICY, PROGRESS, REGULAR, TARGETS, CommitContext

_MOST = 20
_KINDS = {"120000": ("symlink", "符号链接"), "160000": ("mode", "子模块"), "100755": ("mode", "可执行文件")}


def lines_only_grow(context: CommitContext) -> Iterator[Breach]:
    """A progress file gets whole lines at its end, and nothing else ever happens to it; restoring it later mends nothing."""
    for path, growth in context.growth.items():
        for slip in growth.slips[:_MOST]:
            yield breach(
                context.step,
                slip.rule,
                path,
                slip.line,
                slip.message,
                f"git show {context.step.short} 看原样；更正要另记一条",
            )
        if len(growth.slips) > _MOST:
            yield breach(
                context.step,
                growth.slips[_MOST].rule,
                path,
                0,
                f"这次提交在这个文件里还有 {len(growth.slips) - _MOST} 处同类改动",
            )


def files_stay(context: CommitContext) -> Iterator[Breach]:
    """A progress or target file is never removed and never moves."""
    fresh = {change.new: change.path for change in context.changes if change.added}
    for change in context.changes:
        if change.removed and (PROGRESS.fullmatch(change.path) or TARGETS.fullmatch(change.path)):
            moved = fresh.get(change.old)
            if moved:
                yield breach(
                    context.step,
                    "renamed",
                    change.path,
                    0,
                    f"文件被改名为 {moved}",
                    f"恢复原来的文件名：{change.path}",
                )
            else:
                yield breach(
                    context.step,
                    "removed",
                    change.path,
                    0,
                    "文件被删除",
                    f"恢复：git show {context.step.short}^:{change.path}",
                )


def files_are_plain(context: CommitContext) -> Iterator[Breach]:
    """Whatever a ledger reads is a plain file: no symbolic link, no submodule, no executable."""
    for change in context.changes:
        if change.removed or change.new_mode in {REGULAR, change.old_mode}:
            continue
        if change.path == "data" or change.path.startswith("data/") or POLICY.fullmatch(change.path):
            rule, what = _KINDS.get(change.new_mode, ("mode", f"模式 {change.new_mode}"))
            yield breach(
                context.step, rule, change.path, 0, f"文件变成了{what}，账本里只放普通文件", "换回普通文件"
            )
