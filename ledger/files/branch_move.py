"""Moves the user's branch and files from one commit to another, so that a kill in the middle is undone by the next command.

Git replaces the files one by one, then its index, then the branch. Killed in between, it leaves lines of other people in the files as
if the user had written them and not committed them. A note beside the lock says which move had begun; `undo_half_move` puts back
what git had replaced. Nothing is lost by that: both commits are in the repository, and the next `ledger sync` moves again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ledger.core.errors import ExternalError
from ledger.files.notices import OnNotice, tidying
from ledger.git import GitFailedError, Repo, lockfiles

_NOTE = "move"
# Compiled on first use, which most commands do without.
_IN_THE_WAY = r"(?:would be overwritten by \w+|would be removed|would lose)[^\n]*:\n((?:\t[^\n]*\n?)+)"


class LocalChangesError(ExternalError):
    """Uncommitted changes in files that the move would replace."""

    def __init__(self, paths: Sequence[str]) -> None:
        first = paths[0] if paths else "文件"
        super().__init__(
            f"{'、'.join(paths) or '有文件'} 有没有提交的改动，服务器上也改过它；为免覆盖，什么也没有动",
            f"先看：git diff HEAD -- {first}；要保留：git add -- {first} 再 git commit；"
            f"不要：git restore --staged --worktree -- {first}；然后再 ledger sync",
        )
        self.paths = tuple(paths)


def move_branch(
    repo: Repo, branch: str, old: str | None, new: str, on_notice: OnNotice = lambda _: None
) -> None:
    """Move `branch` and the files from commit `old` to `new`; uncommitted changes elsewhere stay, in the way they stop it.

    To be called under the ledger's lock. `on_notice` is told when the note of the move cannot be removed.

    Raises:
        LocalChangesError: naming the files; nothing has changed then.
        GitFailedError: with git's reason.
    """
    note = repo.git_dir / "ledger" / _NOTE
    if old is not None:
        _write_note(note, {"branch": branch, "old": old, "new": new})
    result = repo.git.attempt(
        "-c", "advice.detachedHead=false", "checkout", "--quiet", "--no-track", "-B", branch, new, "--",
        on_start=(lambda child: _add_to_note(note, child.pid)) if old is not None else None,
    )  # fmt: skip
    if result.code or repo.head_id() != new:  # a git that ends with 0 and has moved nothing
        if match := re.search(_IN_THE_WAY, result.reason + "\n"):
            note.unlink(missing_ok=True)
            raise LocalChangesError([line.strip() for line in match[1].splitlines()])
        if old is not None:
            lockfiles.clear(repo, left_after=0.0)
            undo_half_move(repo)
        raise GitFailedError("checkout", result.reason or "输出没有写完就断了，分支没有移动")
    with tidying("换文件前所留记号的清除", on_notice, "下一个写账的命令会再清一次"):
        note.unlink(missing_ok=True)


def has_half_move(repo: Repo) -> bool:
    """Whether a move was begun and not ended."""
    return (repo.git_dir / "ledger" / _NOTE).exists()


def undo_half_move(repo: Repo) -> bool:
    """Put back what a killed move had replaced; return whether there was anything to put back.

    To be called under the ledger's lock, with git's stale locks cleared. A file that holds neither the old content nor the new nor a
    part of the new was changed by somebody since, and is left alone.

    Raises:
        GitFailedError: when git cannot read the two commits or write the files; the note then stays.
    """
    note = repo.git_dir / "ledger" / _NOTE
    move = _read_note(note)
    if move is None:
        note.unlink(missing_ok=True)
        return False
    undone = repo.head() == move["old"] and _put_back(repo, move["old"], move["new"])
    note.unlink(missing_ok=True)
    return undone


def _put_back(repo: Repo, old: str, new: str) -> bool:
    restored: list[str] = []
    removed: list[str] = []
    touched = False
    with repo.open_blobs() as read:
        for path, (before, after) in repo.changed_files(old, new, ".").items():
            was = read(before) if before.strip("0") else None
            content = read(after) if after.strip("0") else None
            if _is_gits_work(repo.top / path, was, content):
                (restored if was is not None else removed).append(path)
                touched = touched or _content(repo.top / path) != was
    if removed:
        names = "".join(f":(top,literal){path}\0" for path in removed).encode("utf-8", "surrogateescape")
        options = ("--pathspec-from-file=-", "--pathspec-file-nul")
        repo.git.run("rm", "--cached", "--quiet", "--force", "--ignore-unmatch", *options, stdin=names)
        for path in removed:
            (repo.top / path).unlink(missing_ok=True)
    if restored:
        names = "".join(f":(top,literal){path}\0" for path in restored).encode("utf-8", "surrogateescape")
        options = ("--pathspec-from-file=-", "--pathspec-file-nul")
        repo.git.run("restore", f"--source={old}", "--staged", "--worktree", *options, stdin=names)
    return touched


def _is_gits_work(file: Path, was: bytes | None, after: bytes | None) -> bool:
    """Whether what stands in a file is what git had made of it when it was killed: the old content, the new, or a part of it."""
    now = _content(file)
    if now is None:
        return not os.path.lexists(file)
    return now in (was, after) or (after is not None and after.startswith(now))


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.is_file() and not file.is_symlink() else None
    except OSError:
        return None


def _write_note(note: Path, move: dict[str, str]) -> None:
    note.parent.mkdir(exist_ok=True)
    with note.open("wb") as stream:
        stream.write(json.dumps(move).encode("ascii") + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def _add_to_note(note: Path, pid: int) -> None:
    with suppress(OSError), note.open("ab") as stream:
        stream.write(json.dumps({"git": pid}).encode("ascii") + b"\n")


def moving_git(repo: Repo) -> int | None:
    """Return the process id of the git that a killed command was moving the branch with, None where none is known."""
    try:
        lines = (repo.git_dir / "ledger" / _NOTE).read_bytes().splitlines()
        return int(json.loads(lines[1])["git"])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _read_note(note: Path) -> dict[str, str] | None:
    """Return what a note says, None where there is none or it is torn: then the move had not begun."""
    try:
        move = json.loads(note.read_bytes().partition(b"\n")[0])
        return {key: str(move[key]) for key in ("branch", "old", "new")}
    except (OSError, ValueError, KeyError, TypeError):
        return None
