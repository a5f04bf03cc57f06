"""Rules over the file tree: files that no command reads, files that are missing, symbolic links."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Iterator

from ledger.core.findings import Finding, Place
from ledger.files import layout, listing, worktree
from ledger.files.ledger import Ledger

_EXPECTED = re.compile(
    r"(targets|drafts|progress)/[0-9]{4}/[^/]+/[0-9]{2}\.yaml|evidence/[0-9]{4}/[0-9a-f]{64}-[^/]+"
)
_CONFIG = str(layout.CONFIG)
_IGNORED = {"README.md", ".gitkeep", ".DS_Store", "Thumbs.db", "desktop.ini"}


def strays(ledger: Ledger) -> Iterator[Finding]:
    """Every file under `data/` is one a command reads; entries belong to a commitment that exists."""
    root = str(ledger.root)
    if (ledger.root / "data").is_symlink():
        yield Finding("file", "这是一个符号链接，git 记的只是链接本身", "把它换成文件夹本身", Place("data"))
    for path, kind in listing.walk(root, "data"):
        if kind:
            yield Finding(
                "file", f"这是一个{kind}，账本里只放普通文件", "把它换成文件本身", place=Place(path)
            )
        else:
            yield from stray(path, lambda other: os.path.isfile(f"{root}/{other}"))  # noqa: PTH113 - one for each file


def missing(ledger: Ledger, reported: Container[str] = ()) -> Iterator[Finding]:
    """Every file of the ledger that HEAD has is in the work tree; without this check a missing file would count as no report.

    Files in `reported` have a finding already.
    """
    for path in ledger.head_files() or ():
        if os.path.isfile(f"{ledger.root}/{path}") or path in reported:  # noqa: PTH113
            continue
        if _EXPECTED.fullmatch(path.removeprefix("data/")):
            is_evidence = path.startswith(f"{layout.EVIDENCE}/")
            message = (
                "已提交的佐证文件不在文件夹里" if is_evidence else "已提交的文件不在文件夹里，它的数字会不计"
            )
            hint = f"取回：{worktree.RESTORE} {path}；确要删去的，先提交删除"
            yield Finding("missing", message, hint, Place(path))


def stray(path: str, exists: Callable[[str], bool]) -> Iterator[Finding]:
    """One file under `data/` is one a command reads; `exists` says whether the ledger has another file."""
    inside = path.removeprefix("data/")
    if path == _CONFIG or inside.rpartition("/")[2] in _IGNORED:
        return
    if not _EXPECTED.fullmatch(inside):
        yield Finding(
            "file",
            "没有命令会读这个文件：位置或名字不对",
            "放到 data/targets/年/部门/两位序号.yaml 或 data/progress/年/部门/两位序号.yaml，或移出 data",
            place=Place(path),
        )
    elif inside.startswith("progress/"):
        targets = f"{layout.TARGETS}/{inside.removeprefix('progress/')}"
        if not exists(targets):
            yield Finding(
                "file",
                "有进度记录，却没有对应的承诺事项文件",
                f"补上 {targets}，或检查部门和序号",
                place=Place(path),
            )
