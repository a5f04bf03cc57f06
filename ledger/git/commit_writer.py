"""Writes commits through `git commit`, with the user's hooks and signing, and says why one was refused."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING

from ledger.git.commits import Commit, parse_trailers
from ledger.git.discovery import age_of
from ledger.git.errors import (
    CommitAlteredError,
    CommitFailedError,
    GitBusyError,
    GitFailedError,
    GitTimeoutError,
    MissingIdentityError,
    names_nobody,
)
from ledger.git.lockfiles import clear
from ledger.git.loose import read_loose
from ledger.git.process import Git, Result
from ledger.git.trees import parse_tree, tree_of

if TYPE_CHECKING:
    from ledger.git.repository import Identity, Repo

_SUMMARY = re.compile(rb"^\[[^\]]*?([0-9a-f]{40,64})\] ", re.MULTILINE)
_LOCKED = re.compile(r"Unable to create '([^']+\.lock)': File exists")
_BUSY_SECONDS = 10.0
_BUSY_STEP = 0.05
_MESSAGE_FILE = "LEDGER_EDITMSG"
_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")


def write_commit(
    repo: Repo,
    paths: Sequence[Path],
    message: str,
    *,
    new: Sequence[Path],
    environ: Mapping[str, str],
    on_start: Callable[[Popen[bytes]], None] | None,
) -> Commit:
    """Commit exactly `paths` as they are on disk; `environ` says in whose name and when. See `Repo.commit`.

    Raises:
        CommitFailedError, CommitAlteredError, GitBusyError, MissingIdentityError: the index entries of `paths` are as they were.
    """
    # Not through a pipe: if this process were killed, git would take the part it got for the whole message.
    message_file = repo.git_dir / _MESSAGE_FILE
    message_file.write_bytes(message.encode("utf-8", "replace"))
    args = (
        # Packing is looked after below, outside of the caller's critical moment; it doubles the time of a commit.
        "-c", "maintenance.auto=false", "-c", "gc.auto=0", "-c", "core.abbrev=no",
        "commit", "--only", "--no-status", "--cleanup=verbatim", f"--file={message_file}",
        "--", *repo.specs(paths),
    )  # fmt: skip
    options = {"environ": environ, "on_start": on_start}
    began = time.time()
    added: tuple[str, ...] = ()
    try:
        added = _intend_to_add(repo, new) if new else ()
        result = run_with_retry(repo.git, *args, **options)
        if result.code and not added and "did not match any file" in result.reason:
            added = _intend_to_add(repo, paths)
            result = run_with_retry(repo.git, *args, **options)
    except GitTimeoutError:
        _take_back(repo, added, began)
        raise
    if result.code:
        _take_back(repo, added, began if result.code < 0 else None)
        raise _refusal(repo, result)
    summary = _SUMMARY.search(result.out)
    if summary is None:
        raise GitFailedError("commit", f"未能识别的输出：{result.out[:80]!r}")
    commit = Commit(summary[1].decode("ascii"), message)
    _require_kept(repo, commit, paths)
    return commit


def _require_kept(repo: Repo, commit: Commit, paths: Sequence[Path]) -> None:
    """Check that a commit holds the ledger's files as they are on the disk, and the trailers of its message; else take it back.

    A filter of the attributes, or a hook, can change either, and git says nothing of it.

    Raises:
        CommitAlteredError: there is no such commit any more.
    """
    with ExitStack() as stack:
        read = _reader(repo, stack)
        content = read(commit.id)
        tree = tree_of(content)
        altered = [
            name
            for path in paths
            if path.suffix == ".yaml" and not _is_kept(read, tree, name := repo.relative(path), path)
        ]
    head, _, message = content.decode("utf-8", "replace").partition("\n\n")
    kept = parse_trailers(message)
    if any(value not in kept.get(key, ()) for key, values in commit.trailers.items() for value in values):
        altered.append("提交说明")
    if not altered:
        return
    parent = next((line[7:] for line in head.splitlines() if line.startswith("parent ")), None)
    moved = ("HEAD", parent, commit.id) if parent else ("-d", "HEAD", commit.id)
    repo.git.run("update-ref", *moved)
    run_with_retry(repo.git, "reset", "--quiet", *(("HEAD",) if parent else ()), "--", *repo.specs(paths))
    raise CommitAlteredError(altered, _hooks(repo))


def _reader(repo: Repo, stack: ExitStack) -> Callable[[str], bytes]:
    """Return what reads an object by its id: from its own file where it is loose, else through git."""
    through_git: list[Callable[[str], bytes]] = []

    @lru_cache(maxsize=64)  # the folders of one commit's files are the same few
    def read(name: str) -> bytes:
        content = read_loose(repo.common_dir, name)
        if content is None:
            if not through_git:
                through_git.append(stack.enter_context(repo.open_blobs()))
            content = through_git[0](name)
        return content

    return read


def _is_kept(read: Callable[[str], bytes], tree: str, name: str, path: Path) -> bool:
    """Return whether a version of the tree has a file as it is on the disk; line endings that git changes do not count."""
    entry = None
    for part in name.split("/"):
        entry = next((item for item in parse_tree(read(tree), len(tree)) if item.name == part), None)
        if entry is None:
            return not path.exists()
        tree = entry.id
    raw = path.read_bytes() if path.is_file() else None
    return raw is not None and read(tree) in {raw, raw.replace(b"\r\n", b"\n")}


def authorship(author: Identity | None, date: str | None, authored: str | None) -> dict[str, str]:
    """Return the variables that make git commit in somebody's name and at some time."""
    environ: dict[str, str] = {}
    if author is not None:
        environ |= {"GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email}
    if date is not None:
        environ |= {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    if authored is not None:
        environ |= {"GIT_AUTHOR_DATE": authored}
    return environ


def run_with_retry(git: Git, *args: str, **options: object) -> Result:
    """Run git, and again while another git holds one of its locks."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        result = git.attempt(*args, **options)  # type: ignore[arg-type]
        if not result.code or not _LOCKED.search(result.reason) or time.monotonic() > deadline:
            return result
        time.sleep(_BUSY_STEP)


def _take_back(repo: Repo, added: Sequence[str], began: float | None) -> None:
    """Undo what a commit that was not made left in the index; `began` where git was ended, and its locks are left since then."""
    if began is not None:
        clear(repo, left_after=began)
    if added:
        run_with_retry(repo.git, "rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--", *added)


def _intend_to_add(repo: Repo, paths: Sequence[Path]) -> tuple[str, ...]:
    """Make new files known to the index, without their content; return those that were made known."""
    known = {f":(top,literal){name}" for name in repo.tracked(paths)}
    new = tuple(spec for spec in repo.specs(paths) if spec not in known)
    result = run_with_retry(repo.git, "add", "--intent-to-add", "--", *new) if new else None
    if result and result.code:
        raise _refusal(repo, result)
    return new


def _refusal(repo: Repo, result: Result) -> CommitFailedError | GitBusyError | MissingIdentityError:
    if names_nobody(result.reason):
        return MissingIdentityError()
    if locked := _LOCKED.search(result.reason):
        lock = Path(locked[1])
        return GitBusyError(lock, age_of(lock))
    if result.code < 0:
        return CommitFailedError(
            f"git 被信号 {-result.code} 强行结束（常见原因：内存不足）\n{result.reason}".strip()
        )
    return CommitFailedError(result.reason, _hooks(repo))


def _hooks(repo: Repo) -> tuple[str, ...]:
    folder = repo.top / repo.git.text("rev-parse", "--git-path", "hooks")
    return tuple(name for name in _HOOKS if os.access(folder / name, os.X_OK))
