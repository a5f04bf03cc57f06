"""Checks what lies beside the history and changes how it looks: replace refs, grafts, mailmap settings, a shallow clone, branches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ledger.core.findings import Finding, Origin
from ledger.git import DetachedHeadError, GitFailedError, Ref, Repo

REPLACE = "refs/replace/"


def check_display(repo: Repo, refs: Sequence[Ref], settings: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what stands between a reader and the commits as they were written; `refs` hold at least those of replacements.

    Raises:
        GitFailedError: when refs or settings cannot be read.
    """
    for ref in refs:
        if not ref.name.startswith(REPLACE):
            continue
        replaced = ref.name.removeprefix(REPLACE)
        message = f"有替换引用：git 把 {replaced[:12]} 显示成 {ref.object[:12]}"
        hint = f"审计不理会它；删去：git replace -d {replaced[:12]}"
        yield Finding("replace", message, hint, origin=Origin(replaced))
    grafts = repo.common_dir / "info" / "grafts"
    if grafts.is_file() and grafts.read_bytes().strip():
        message = "有嫁接文件 info/grafts，它会改变历史的样子"
        yield Finding("replace", message, f"审计不理会它；删去：rm {grafts}")
    for name in ("mailmap.file", "mailmap.blob"):
        value = settings.get(name)
        if value:
            message = f"git 设置 {name} = {value}，它会让 git log 显示别人的名字"
            yield Finding("mailmap", message, f"审计不理会它；取消：git config --unset {name}")
    yield from _check_branches(repo, settings)
    if (repo.common_dir / "shallow").is_file():
        message = "这是只有部分历史的浅克隆，看不到的部分无从证明"
        yield Finding("shallow", message, "补全：git fetch --unshallow")


def _check_branches(repo: Repo, settings: Mapping[str, str]) -> Iterator[Finding]:
    """A server's ledger has exactly one branch."""
    try:
        current = repo.branch()
    except DetachedHeadError:
        return
    remote = settings.get(f"branch.{current}.remote")
    if remote is None:
        return
    merged = settings.get(f"branch.{current}.merge", "").removeprefix("refs/heads/")
    remote_refs = repo.all_refs("refs/remotes/")
    prefix = f"refs/remotes/{remote}/"
    refs = [ref for ref in remote_refs if ref.name.startswith(prefix)]
    if remote_refs and not refs:
        raise GitFailedError("config", f"分支 {current} 跟随的服务器 {remote!r} 没有任何分支，而别的有")
    for ref in refs:
        name = ref.name.removeprefix(prefix)
        if name not in {"HEAD", merged}:
            message = f"服务器上还有另一个分支 {name}，账本只应有 {merged}"
            hint = f"查明是谁推送的；删去：git push {remote} --delete {name}"
            yield Finding("branch", message, hint, origin=Origin(ref.commit))
