"""The intent log: what a writer is about to write and commit, flushed to the disk before it begins and removed when it is done.

A record found under the ledger's lock belongs to a process that was killed, and holds all that is needed to finish its commit
(`recover.py`). Lines of JSON; later lines add to earlier ones; a torn last line counts as not written.
"""

from __future__ import annotations

import json
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from ledger.core.structs import FrozenStruct, msgspec


class FileWrite(FrozenStruct):
    """Text to stand at the end of one file: `path` relative to git's top folder, `size` before, -1 for a new file.

    With `was`, the file's whole text instead: put in the place of what had that SHA-256, in one step.
    """

    path: str
    size: int
    text: str
    was: str = ""

    @property
    def start(self) -> int:
        """The offset at which the text begins."""
        return max(self.size, 0)

    @property
    def data(self) -> bytes:
        """The bytes to be written."""
        return self.text.encode("utf-8")


class PendingCommit(FrozenStruct):
    """One commit to be made."""

    pieces: tuple[FileWrite, ...]
    message: str
    name: str = ""
    email: str = ""
    date: str = ""
    """The author's date, ISO 8601."""
    attached: tuple[str, ...] = ()
    """Files that are in place already and belong into the commit, relative to git's top folder."""


class Intent(FrozenStruct):
    """What a note says."""

    pid: int
    host: str
    user: str
    since: float
    work: PendingCommit | None = None
    git: int | None = None
    """The process id of the committing git; 0 when it was being started; `None` when that point was not reached."""

    @property
    def here(self) -> bool:
        """Whether the process ran on this machine, so that its id can be looked up."""
        return self.host == _host()

    def __str__(self) -> str:
        began = datetime.fromtimestamp(self.since).astimezone()
        return f"{self.user} 正在记数（进程 {self.pid}，主机 {self.host}，{began:%H:%M:%S} 开始）"


class IntentLog:
    """The note at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def read(self) -> Intent | None:
        """Return the note that lies there, `None` when there is none or it tells nothing."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return None
        known: dict[str, Any] = {}
        for line in lines[:-1]:
            try:
                known |= json.loads(line)
            except (ValueError, TypeError):
                break
        try:
            return _note(known)
        except (KeyError, TypeError, ValueError):
            return None

    def begin(self, work: PendingCommit) -> None:
        """Write a fresh note and put it on the disk before anything else changes."""
        self.path.unlink(missing_ok=True)
        self._descriptor = open_append(self.path)
        who = {"pid": os.getpid(), "host": _host(), "user": _user(), "since": time.time()}
        self.add(**who, work=msgspec.to_builtins(work))
        os.fsync(self._descriptor)

    def add(self, **known: Any) -> None:
        """Add a line to the note."""
        if self._descriptor is None:
            self._descriptor = open_append(self.path)
        write_all(self._descriptor, json.dumps(known).encode("ascii") + b"\n")

    def end(self) -> None:
        """Remove the note: the work is done, or undone."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the note for the next command to find."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def open_append(path: Path) -> int:
    """Open a file so that every write goes to its end; a symbolic link is refused.

    Raises:
        OSError: when the system refuses.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    return os.open(path, flags, 0o666)


def write_all(descriptor: int, data: bytes) -> None:
    """Write `data` to the end of a file; the system may take it in parts.

    Raises:
        OSError: when the disk takes no more.
    """
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _note(known: dict[str, Any]) -> Intent:
    work = known.pop("work", None)
    pieces = tuple(FileWrite(**piece) for piece in work.pop("pieces")) if work else ()
    if work and "attached" in work:
        work["attached"] = tuple(work["attached"])
    for piece in pieces:
        _ = piece.data  # reject a record that holds unencodable text
    return Intent(
        pid=int(known.pop("pid")),
        host=str(known.pop("host")),
        user=str(known.pop("user")),
        since=float(known.pop("since")),
        git=known.pop("git", None),
        work=PendingCommit(pieces, **work) if work else None,
    )


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "有人"


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
