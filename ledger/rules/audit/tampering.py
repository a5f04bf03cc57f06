"""What lies beside the history and changes how it looks: replace refs, grafts, mailmap settings, a shallow clone."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.git import Repo
from ledger.rules.audit.breach import Breach


def history_is_shown_as_written(archive: Repo) -> Iterator[Breach]:
    """Nothing in the repository's folder stands between a reader and the commits as they were written."""
    for ref in archive.refs("refs/replace/"):
        replaced = ref.name.removeprefix("refs/replace/")
        message = f"有替换引用：git 把 {replaced[:12]} 显示成 {ref.object[:12]}"
        yield Breach(
            "replace", replaced, "", 0, message, f"审计不理会它；删去：git replace -d {replaced[:12]}"
        )
    grafts = archive.git_dir / "info" / "grafts"
    if grafts.is_file() and grafts.read_bytes().strip():
        yield Breach(
            "replace", "", "", 0, "有嫁接文件 info/grafts，它会改变历史的样子", "删去它：rm .git/info/grafts"
        )
    for name in ("mailmap.file", "mailmap.blob"):
        value = archive.find_setting(name)
        if value:
            message = f"git 设置 {name} = {value}，它会让 git log 显示别人的名字"
            yield Breach("mailmap", "", "", 0, message, f"审计不理会它；取消：git config --unset {name}")
    yield from _branches(archive)
    if (archive.git_dir / "shallow").is_file():
        yield Breach(
            "shallow",
            "",
            "",
            0,
            "这是只有部分历史的浅克隆，看不到的部分无从证明",
            "补全：git fetch --unshallow",
        )


def _branches(archive: Repo) -> Iterator[Breach]:
    """A server's ledger has one branch: a second one is a second truth."""
    current = archive.git.text("symbolic-ref", "--quiet", "--short", "HEAD", expected=(0, 1))
    remote = archive.find_setting(f"branch.{current}.remote") if current else None
    if not current or remote is None:
        return
    merged = (archive.find_setting(f"branch.{current}.merge") or "").removeprefix("refs/heads/")
    prefix = f"refs/remotes/{remote}/"
    for ref in archive.refs(prefix):
        name = ref.name.removeprefix(prefix)
        if name not in {"HEAD", merged}:
            message = f"服务器上还有另一个分支 {name}，账本只应有 {merged}"
            yield Breach(
                "branch",
                ref.commit,
                "",
                0,
                message,
                f"查明是谁推送的；删去：git push {remote} --delete {name}",
            )
