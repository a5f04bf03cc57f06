"""Rules on files: progress files only grow, files stay where they are, and nothing else comes into a ledger unseen."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.core.findings import Finding
from ledger.rules.audit.authors import author_of
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.paths import PROGRESS, REGULAR, TARGETS, department_of, kind_of, name_fault

MAX_FINDINGS = 20
"""Findings listed of one commit and file: whoever sees so many reads the file."""
_KINDS = {"120000": ("symlink", "符号链接"), "160000": ("mode", "子模块"), "100755": ("mode", "可执行文件")}


def check_append_only(context: CommitContext) -> Iterator[Finding]:
    """A progress file gets canonical lines at its end, and nothing else ever happens to it. A later restore does not clear it."""
    for path, diff in context.appended.items():
        if not diff.findings:
            continue
        origin = author_of(context.commit).origin
        for finding in diff.findings[:MAX_FINDINGS]:
            hint = finding.hint or f"git show {context.commit.short} 看原样；更正要另记一条"
            yield finding._replace(hint=hint, origin=origin)
        if len(diff.findings) > MAX_FINDINGS:
            message = f"这次提交在这个文件里还有 {len(diff.findings) - MAX_FINDINGS} 处同类改动"
            hint = f"git show {context.commit.short} 看全部"
            yield context.finding(diff.findings[MAX_FINDINGS].code, message, path, 0, hint)


def check_files_stay(context: CommitContext) -> Iterator[Finding]:
    """A progress or target file is never removed and never moves."""
    added = {change.new: change.path for change in context.changes if change.added}
    for change in context.changes:
        if change.removed and (PROGRESS.fullmatch(change.path) or TARGETS.fullmatch(change.path)):
            moved = added.get(change.old)
            if moved:
                hint = f"恢复原来的文件名：{change.path}"
                yield context.finding("renamed", f"文件被改名为 {moved}", change.path, 0, hint)
            else:
                hint = f"恢复：git show {context.commit.short}^:{change.path}"
                yield context.finding("removed", "文件被删除", change.path, 0, hint)


def check_paths(context: CommitContext) -> Iterator[Finding]:
    """A commit puts only files into a ledger that a ledger holds; anything else is for an admin to add.

    Whoever adds it: names must be the same file on every system, must not look like another one, and a department's folder must be
    that of a department.
    """
    for change in context.changes:
        path = change.path
        if change.removed:
            continue
        if fault := name_fault(path) if change.added else None:
            yield context.finding("path", f"文件名不能用：{fault}", path, 0, "换一个名字")
        elif other := context.collisions.get(path):
            yield context.finding(
                "path", f"与 {other} 看上去一样，在有的电脑上是同一个文件", path, 0, "换一个名字"
            )
        elif not context.started:
            continue
        elif kind_of(path) == "foreign" and not context.policy.may_rule(context.commit.email):
            message = f"账本里不放这样的文件，{context.commit.email} 不是管理员，不能加"
            yield context.finding("path", message, path, 0, "放到账本以外；确要放，由管理员放")
        elif change.added and (department := _unknown_department(context, path)):
            message = f"部门 {department} 不在 data/ledger.yaml 的名单里"
            yield context.finding("path", message, path, 0, "先由管理员加上这个部门，或改正文件夹名")


def _unknown_department(context: CommitContext, path: str) -> str | None:
    department = department_of(path)
    return department if department and department not in context.policy.departments else None


def check_modes(context: CommitContext) -> Iterator[Finding]:
    """Whatever a ledger holds is a plain file: no symbolic link, no submodule, no executable."""
    for change in context.changes:
        if change.removed or change.new_mode == REGULAR or change.new_mode == change.old_mode:
            continue
        if kind_of(change.path) != "foreign" or change.path.startswith("data") or change.new_mode != "100755":
            code, what = _KINDS.get(change.new_mode, ("mode", f"模式 {change.new_mode}"))
            message = f"文件变成了{what}，账本里只放普通文件"
            yield context.finding(code, message, change.path, 0, "换回普通文件")
