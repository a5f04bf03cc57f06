"""Fingerprints of files: their stat where it can be trusted, and git's id of their content.

A stat proves nothing about a file changed in the same tick of the clock in which it was looked at. As git does, a mark
taken so soon after the last change keeps no stat, and the file is read again until it has rested.
"""

from __future__ import annotations

import os
from pathlib import Path

REST = 2_000_000_000
"""Nanoseconds a file must have been left alone before its stat is trusted: the coarsest clock of a file system in use (FAT)."""

Stat = tuple[int, int, int, int]
"""Size, time of the content, time of the inode, inode. The time of the inode cannot be set back by `touch` or `cp -p`."""
Mark = list[object]
"""A stat in a list (empty: not to be trusted) and git's id of the content; as JSON keeps it. An absent file has no mark."""


def stat_of(path: str | Path) -> Stat | None:
    """Return the stat of a file; None when there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - called once for each file of a ledger
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def mark_of(stat: Stat, raw: bytes, now: int) -> Mark:
    """Return the mark of a file whose stat was taken before its content was read, the clock showing `now` before both."""
    rested = max(stat[1], stat[2]) + REST <= now and stat[0] == len(raw)
    return [list(stat) if rested else [], blob_id(raw)]


def blob_id(raw: bytes, digits: int = 40) -> str:
    """Return git's id of a file's content, of 40 hexadecimal digits (SHA-1) or of 64 (SHA-256)."""
    import hashlib  # two milliseconds that a `log` does not need

    algorithm = hashlib.sha1 if digits == 40 else hashlib.sha256
    digest = algorithm(b"blob %d\0" % len(raw), usedforsecurity=False)
    digest.update(raw)
    return digest.hexdigest()


def same_stat(mark: Mark, stat: Stat) -> bool:
    """Whether the stat alone proves that the content is the marked one."""
    return mark[0] == list(stat)
