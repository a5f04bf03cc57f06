"""Rules about which files lie where: nothing that no command would read goes unseen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from ledger.findings import Finding
from ledger.store import layout
from ledger.store.ledger import Ledger

_EXPECTED = re.compile(r"(targets|drafts|progress)/[0-9]{4}/[^/]+/[0-9]{2}\.yaml")
_IGNORED = {"README.md", ".gitkeep", ".DS_Store", "Thumbs.db", "desktop.ini"}


def strays(ledger: Ledger) -> Iterator[Finding]:
    """Every file under `data/` is one a command reads; entries belong to a commitment that exists."""
    base = ledger.root / "data"
    for file in sorted(base.rglob("*")):
        if file.is_dir() and not file.is_symlink():
            continue
        path = f"data/{file.relative_to(base).as_posix()}"
        if file.is_symlink():
            yield Finding(path, 0, 0, "file", "这是一个符号链接，账本里只放普通文件", "把它换成文件本身")
        else:
            yield from stray(path, lambda other: (ledger.root / other).is_file())


def stray(path: str, exists: Callable[[str], bool]) -> Iterator[Finding]:
    """One file under `data/` is one a command reads; `exists` says whether the ledger has another file."""
    inside = PurePosixPath(path).relative_to("data")
    if path == str(layout.CONFIG) or inside.name in _IGNORED:
        return
    if not _EXPECTED.fullmatch(str(inside)):
        yield Finding(
            path,
            0,
            0,
            "file",
            "没有命令会读这个文件：位置或名字不对",
            "放到 data/targets/年/部门/两位序号.yaml 或 data/progress/年/部门/两位序号.yaml，或移出 data",
        )
    elif inside.parts[0] == "progress":
        targets = str(layout.TARGETS.joinpath(*inside.parts[1:]))
        if not exists(targets):
            yield Finding(
                path,
                0,
                0,
                "file",
                "有进度记录，却没有对应的承诺事项文件",
                f"补上 {targets}，或检查部门和序号",
            )
