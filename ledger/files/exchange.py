"""The lock of the commands that talk to the server (`sync`, `seal`, `redo`): one at a time in a clone.

Such a command notes when it began. A note that lies there while nobody holds the lock is that of a killed command: the locks that its
git left on refs are removed, for git never does it and every later fetch would fail on them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger.files.lock import PATIENCE, Lock, LockBusyError
from ledger.git import Repo, lockfiles

_NOTE = "exchange"


@contextmanager
def exchange_lock(repo: Repo, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock; what a killed command left on git's refs is cleared first.

    Raises:
        LockBusyError, LockUnusableError: when it cannot be had.
        GitBusyError: when the git of a killed command is still at work.
    """
    note = _note(repo)
    note.parent.mkdir(exist_ok=True)
    with _lock(repo, patience):
        lockfiles.clear_refs(repo, left_after=_read(note))
        note.write_text(f"{time.time()}\n", encoding="ascii")
        try:
            yield
        finally:
            with suppress(OSError):  # the next command finds the note, looks for locks and finds none
                note.unlink(missing_ok=True)


def has_half_exchange(repo: Repo) -> bool:
    """Whether a command that talks to the server was killed; False while one is at work."""
    if _read(_note(repo)) is None:
        return False
    try:
        with _lock(repo, 0.0):
            return _read(_note(repo)) is not None
    except LockBusyError:
        return False


def _lock(repo: Repo, patience: float) -> Lock:
    path = repo.common_dir / "ledger" / "sync.lock"
    return Lock(path, holder=lambda: "另一个 ledger sync", interrupted=lambda: None, patience=patience)


def _note(repo: Repo) -> Path:
    return repo.common_dir / "ledger" / _NOTE


def _read(note: Path) -> float | None:
    """Return when a command began; 0 for a note that is torn, None where there is none."""
    try:
        return float(note.read_text(encoding="ascii"))
    except ValueError:
        return 0.0
    except OSError:
        return None
