"""What a history looks like: one line of commits that say what they did. Rules over one commit."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.git.commits import parse_trailers
from ledger.rules.audit.breach import Breach, breach
from ledger.rules.audit.commit_context import PROGRESS, CommitContext, commitment_of


def history_is_linear(context: CommitContext) -> Iterator[Breach]:
    """There are no merges, in which a change can hide that neither side made, and no second beginning."""
    if len(context.step.parents) > 1:
        inside = [change.path for change in context.changes if change.path.startswith("data/")]
        what = f"，相对于第一个父提交改动了 {len(inside)} 个账本文件" if inside else ""
        yield breach(
            context.step, "merge", "", 0, f"这是一次合并提交{what}", "用 ledger sync 同步，它只变基、不合并"
        )
    elif not context.step.parents and context.started:
        yield breach(context.step, "merge", "", 0, "这次提交另起了一段历史", "核对这段历史是从哪里并进来的")


def trailers_tell_the_diff(context: CommitContext) -> Iterator[Breach]:
    """The trailers `Ledger-Entry` and `Ledger-Target` name exactly the entries that the commit added."""
    if not context.step.parents:
        return
    trailers = parse_trailers(context.step.message)
    said = trailers.get("Ledger-Entry", ())
    added = [
        (path, line)
        for path, growth in context.growth.items()
        if PROGRESS.fullmatch(path) and not growth.slips
        for line in growth.added
    ]
    ids = {line.entry.id for _, line in added if line.entry}
    targets = {f"{commitment_of(path)}/{line.entry.target}" for path, line in added if line.entry}
    hint = "记数用 ledger log；手工提交的，请提交人说明"
    for path, line in added:
        if line.entry and line.entry.id not in said:
            message = f"提交说明没有写明这一条（Ledger-Entry: {line.entry.id}）"
            yield breach(context.step, "trailer", path, line.number, message, hint)
    for one in said:
        if one not in ids:
            yield breach(context.step, "trailer", "", 0, f"提交说明写了 {one}，这次提交里却没有这一条", hint)
    for target in trailers.get("Ledger-Target", ()):
        if target not in targets:
            yield breach(
                context.step, "trailer", "", 0, f"提交说明写了目标 {target}，这次提交里却没有它的记录", hint
            )


def nobody_is_renamed(context: CommitContext) -> Iterator[Breach]:
    """There is no `.mailmap`, which makes plain `git log` show other people than those who wrote."""
    for change in context.changes:
        if change.path.rpartition("/")[2] == ".mailmap" and not change.removed:
            yield breach(
                context.step,
                "mailmap",
                change.path,
                0,
                ".mailmap 会让 git log 显示别人的名字",
                "删去它；审计不理会它",
            )
