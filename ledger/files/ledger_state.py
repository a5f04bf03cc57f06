"""The state of a ledger: a digest of the stat of everything that an answer about it can depend on.

That is every file under `data` and `templates`, and of the repository HEAD, branches, tags, receipts, settings, the boundary of a shallow
clone and what the program itself keeps there. All are compared by stat, as git compares its work tree: size, times of content and
inode, inode. A file that changed in the last two seconds proves nothing (`files.fingerprint`), so that there is no state until the
ledger has rested.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISLNK

from ledger.files.fingerprint import REST
from ledger.git.discovery import common_dir_of, find_git_dir

_GIT_FILES = ("HEAD", "packed-refs", "shallow", "config", "config.worktree", "info/grafts")
_GIT_FOLDERS = ("refs", "reftable", "ledger")


def state_of(root: Path) -> str | None:
    """Return a digest of the stat of everything in a ledger that an answer can depend on; None while it cannot be relied on."""
    now = time.time_ns()
    lines = []
    try:
        for path, stat in _stats(root):
            if stat is None:
                lines.append(f"{path}/")
                continue
            if max(stat.st_mtime_ns, stat.st_ctime_ns) + REST > now or S_ISLNK(stat.st_mode):
                return None
            lines.append(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}\0{stat.st_ino}")
    except OSError:
        return None
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _stats(root: Path) -> Iterator[tuple[str, os.stat_result | None]]:
    yield from _walk(f"{root}/data")
    yield from _walk(f"{root}/templates")
    git_dir = find_git_dir(root.resolve())
    if git_dir is None:
        return
    for folder in sorted({git_dir[1], common_dir_of(git_dir[1])}):
        for name in _GIT_FILES:
            with suppress(FileNotFoundError, NotADirectoryError):
                yield f"{folder}/{name}", os.lstat(f"{folder}/{name}")
        for name in _GIT_FOLDERS:
            yield from _walk(f"{folder}/{name}")


def _walk(folder: str) -> Iterator[tuple[str, os.stat_result | None]]:
    """Yield every file below a folder with its stat, and every folder with None, in order; links are not followed."""
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield entry.path, None
            yield from _walk(entry.path)
        else:
            yield entry.path, entry.stat(follow_symlinks=False)
