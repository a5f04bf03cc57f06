"""Clears the lock files that a killed git left behind. To be called under the caller's own lock only.

Git takes its locks by creating files, which outlive it when it is killed, and then every later git command fails. A lock file is
removed only when no git is at work in the repository (where the system lets us look: Linux) and it is old enough:

    1 s    when it appeared after the start of a git of ours that is known to be dead: it can hardly be anybody else's
    30 s   when the system was asked and no git is at work here
    600 s  when the system cannot tell (another user's git, macOS, Windows)
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.git.discovery import age_of, read_line
from ledger.git.errors import GitBusyError

if TYPE_CHECKING:
    from ledger.git.repository import Repo

PROVEN_SECONDS = 1.0
ALONE_SECONDS = 30.0
BLIND_SECONDS = 600.0
_ORPHAN_SECONDS = 10.0
_STARTING_SECONDS = 1.0
_STEP = 0.02
_CLOCK_SLACK = 0.05
_TAKES_NO_LOCKS = {
    b"cat-file",
    b"fsmonitor--daemon",
    b"credential-cache--daemon",
    b"upload-pack",
    b"git-upload-pack",
}


def clear(
    repo: Repo, *, left_after: float | None = None, interrupted: Callable[[], None] = lambda: None
) -> list[Path]:
    """Remove stale locks of git and return them; a healthy repository costs three stat calls.

    `left_after` is when a git of ours was started, once it is known to be dead: a lock younger than
    one second is then waited for, so that the next command works without help.
    """
    return [
        lock
        for lock in locks(repo, passing=left_after is not None)
        if _removed(repo, lock, left_after, interrupted)
    ]


def clear_refs(repo: Repo, *, left_after: float | None) -> None:
    """Remove stale locks on refs; `left_after` is when a command of ours began that was killed, None where none is known.

    To be called under the lock of the commands that talk to the server. The git of a killed command may outlive it: it is waited for.

    Raises:
        GitBusyError: when it does not end within ten seconds.
    """
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while left := ref_locks(repo):
        removed = [lock for lock in left if _removed(repo, lock, left_after, lambda: None)]
        if left_after is None:
            return
        if not removed and time.monotonic() > deadline:
            raise GitBusyError(left[0], age_of(left[0]))
        time.sleep(_STEP)


def clear_abandoned(repo: Repo) -> None:
    """Remove the locks on a server's refs that no git holds any more, as after a loss of power. For a hook: its own git is no other."""
    locks_left = ref_locks(repo)
    alive = git_at_work(repo, but=_ancestors()) if locks_left else True
    if alive:
        return
    for lock in locks_left:
        age = age_of(lock)
        if age is not None and age >= (BLIND_SECONDS if alive is None else PROVEN_SECONDS):
            lock.unlink(missing_ok=True)


def _ancestors() -> frozenset[int]:
    """Return the processes that started this one, as far as the system tells."""
    processes: set[int] = set()
    pid = os.getpid()
    while pid > 1 and pid not in processes:
        processes.add(pid)
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        except OSError:
            break
        pid = int(stat.rpartition(")")[2].split()[1])
    return frozenset(processes)


def _removed(repo: Repo, lock: Path, left_after: float | None, interrupted: Callable[[], None]) -> bool:
    while (age := age_of(lock)) is not None:
        alive = git_at_work(repo)
        if alive:
            return False
        proven = left_after is not None and time.time() - age > left_after - _CLOCK_SLACK
        if age >= (PROVEN_SECONDS if proven else BLIND_SECONDS if alive is None else ALONE_SECONDS):
            lock.unlink(missing_ok=True)
            return True
        if not proven:
            return False
        interrupted()
        time.sleep(_STEP)
    return False


def wait_for_orphan(pid: int | None, interrupted: Callable[[], None]) -> None:
    """Wait until the git of a killed command has ended; it goes on by itself and may still make its commit.

    Raises:
        GitBusyError: when it does not end within ten seconds.
    """
    if pid is None:
        return
    # 0: killed in the very moment of starting git; it had no time to tell whether and as which process.
    deadline = time.monotonic() + (_ORPHAN_SECONDS if pid else _STARTING_SECONDS)
    while time.monotonic() < deadline:
        if pid and not _is_git(pid):
            return
        interrupted()
        time.sleep(_STEP)
    if pid:
        raise GitBusyError(Path(f"进程 {pid}"), None)


def git_at_work(repo: Repo, but: frozenset[int] = frozenset()) -> bool | None:
    """Return whether any git that could hold a lock works in this repository, `None` where the system cannot tell.

    Processes of `but` do not count.

    Editors keep a `git cat-file --batch` or a file watcher running for days; these take no locks.
    """
    if sys.platform != "linux":  # pragma: no cover
        return None
    unknown = False
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) in but or not _is_git(int(process.name)):
            continue
        try:
            if _TAKES_NO_LOCKS & set((process / "cmdline").read_bytes().split(b"\0")):
                continue
            folder = Path(os.readlink(process / "cwd"))  # noqa: PTH115  a bare link text, no lookup
        except (FileNotFoundError, ProcessLookupError):
            continue
        except OSError:
            unknown = True
            continue
        if folder.is_relative_to(repo.top) or folder.is_relative_to(repo.common_dir):
            return True
    return None if unknown else False


def locks(repo: Repo, *, passing: bool = False) -> list[Path]:
    """Return git's lock files that exist; with `passing`, also those that block nothing but would stay for ever."""
    named = [repo.git_dir / "index.lock", repo.git_dir / "HEAD.lock"]
    head = read_line(repo.git_dir / "HEAD")
    if head.startswith("ref: "):
        named.append(repo.common_dir / f"{head.removeprefix('ref: ')}.lock")
    partial = repo.git_dir.glob("next-index-*.lock") if passing else ()
    return [lock for lock in (*named, *partial) if lock.exists()]


def ref_locks(repo: Repo) -> list[Path]:
    """Return the locks on refs and settings that exist; git takes none of them for longer than a moment."""
    return sorted({*(repo.common_dir / "refs").rglob("*.lock"), *repo.common_dir.glob("*.lock")})


def _is_git(pid: int) -> bool:
    """Whether `pid` is a living git. A zombie is none: it holds nothing."""
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        except OSError:
            return False
        name, _, rest = stat.partition("(")[2].rpartition(")")
        return name.startswith("git") and rest.split()[0] not in "ZX"
    if os.name == "nt":  # pragma: no cover
        return False  # no harmless way to ask without a library; the age of the lock decides
    try:  # pragma: no cover
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
