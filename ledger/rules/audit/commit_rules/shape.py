"""Rules on the history itself: one line of commits whose messages name what they added."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.core.findings import Finding
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.paths import commitment_of

_LEDGER, _ENTRY, _TARGET = "Ledger-", "Ledger-Entry: ", "Ledger-Target: "


def check_linear(context: CommitContext) -> Iterator[Finding]:
    """There are no merges, in which a change can hide that neither side made, and no second beginning."""
    if len(context.commit.parents) > 1:
        inside = [change.path for change in context.changes if change.path.startswith("data/")]
        what = f"，相对于第一个父提交改动了 {len(inside)} 个账本文件" if inside else ""
        yield context.finding(
            "merge", f"这是一次合并提交{what}", hint="用 ledger sync 同步，它只变基、不合并"
        )
    elif not context.commit.parents and context.started:
        yield context.finding("merge", "这次提交另起了一段历史", hint="核对这段历史是从哪里并进来的")


def check_trailers(context: CommitContext) -> Iterator[Finding]:
    """The trailers `Ledger-Entry` and `Ledger-Target` name exactly the entries that the commit added."""
    if not context.commit.parents:
        return
    named, about = _named(context.commit.message)
    added = [
        (path, line.number, line.entry)
        for path, diff in context.appended.items()
        if all(finding.code == "form" for finding in diff.findings)
        for line in diff.added
        if line.entry
    ]
    ids = {entry.id for _, _, entry in added}
    targets = {f"{commitment_of(path)}/{entry.target}" for path, _, entry in added}
    hint = "记数用 ledger log；手工提交的，请提交人说明"
    for path, number, entry in added:
        if entry.id not in named:
            message = f"提交说明没有写明这一条（Ledger-Entry: {entry.id}）"
            yield context.finding("trailer", message, path, number, hint)
    for entry_id in named:
        if entry_id not in ids:
            message = f"提交说明写了 {entry_id}，这次提交里却没有这一条"
            yield context.finding("trailer", message, hint=hint)
    for target in about:
        if target not in targets:
            message = f"提交说明写了目标 {target}，这次提交里却没有它的记录"
            yield context.finding("trailer", message, hint=hint)


def _named(message: str) -> tuple[list[str], list[str]]:
    """Return the entries and the targets that a message names wherever it does, as `parse_trailers` reads it, for a long history."""
    lines = message.partition("\n")[2].splitlines() if _LEDGER in message else ()
    named = [line[len(_ENTRY) :].strip() for line in lines if line.startswith(_ENTRY)]
    about = [line[len(_TARGET) :].strip() for line in lines if line.startswith(_TARGET)]
    return named, about


def check_mailmap(context: CommitContext) -> Iterator[Finding]:
    """There is no `.mailmap`, which makes plain `git log` show other people than those who wrote."""
    for change in context.changes:
        if change.path.rpartition("/")[2] == ".mailmap" and not change.removed:
            message = ".mailmap 会让 git log 显示别人的名字"
            yield context.finding("mailmap", message, change.path, 0, "删去它；审计不理会它")
