"""Walks the history by plumbing: `rev-list` lists the commits, `diff-tree --stdin` tells what each of them says and changed.

No setting of `git log` (`log.showRoot`, `log.follow`, …) reaches these commands, and every process runs without replace refs, grafts
and commit graph. The walk proves that it is whole: the number of commits must be that of `rev-list --count`, and `diff-tree` echoes
an end mark behind each commit, so that output that stops early is an error and never a shorter history.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from ledger.core.structs import FrozenStruct
from ledger.git.commits import Commit, FileChange, read_raw_time
from ledger.git.errors import GitFailedError
from ledger.git.pipes import scratch_file
from ledger.git.process import Git

_CHUNK = 1 << 16
_MARK = "END\n"
"""`diff-tree --stdin` echoes a line that is no object id."""
_CACHE = "core.deltaBaseCacheLimit=16m"
"""For trees that git unpacks on the way: its own limit of 96 MiB is more than the program takes, and no quicker."""
_ID_LENGTHS = frozenset((40, 64))
_FIELDS = Commit.FORMAT.count("%x00")


class Walk(FrozenStruct):
    """Which commits to read, and what of them.

    `base` leaves out what it holds. `pathspecs` keep the commits that touched one of them; parents are then left out. At most `newest`
    commits are read where it is given.
    """

    tip: str
    base: str | None = None
    pathspecs: tuple[str, ...] = ()
    changes: bool = True
    newest: int | None = None


class ListedCommit(NamedTuple):
    """A commit as `rev-list` names it: its id, those of its parents (none where a walk has pathspecs) and that of its tree."""

    id: str
    parents: tuple[str, ...] = ()
    tree: str = ""


def walk_commits(git: Git, walk: Walk) -> Iterator[Commit]:
    """Yield the commits of `walk`, parents before children. A merge is shown by its changes against its first parent.

    Raises:
        GitFailedError: with git's reason, also when git fails half-way or its output is not whole.
    """
    with open_commits(git, list_commits(git, walk), changes=walk.changes) as commits:
        yield from commits


def read_commits(git: Git, ids: Iterable[str]) -> Iterator[Commit]:
    """Yield the commits of these ids in their order, without parents and changes.

    Raises:
        GitFailedError: when one of them cannot be read.
    """
    with open_commits(git, [ListedCommit(commit) for commit in ids], changes=False) as commits:
        yield from commits


@contextmanager
def open_commits(
    git: Git, listed: Sequence[ListedCommit], *, changes: bool = True
) -> Iterator[Iterator[Commit]]:
    """Let git read the commits that were listed, with their changes against their first parents, and give them in this order.

    Git begins at once, before the first one is asked for.

    Raises:
        GitFailedError: when git fails half-way or its output is not whole.
    """
    if not listed:
        yield iter(())
        return
    what = ("-r", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none") if changes else ("-s",)
    with scratch_file() as requests:
        lines = (f"{' '.join((commit.id, *commit.parents[:1]))}\n{_MARK}" for commit in listed)
        requests.write("".join(lines).encode("ascii"))
        requests.seek(0)
        with git.with_settings(_CACHE).stream(
            "diff-tree", "--stdin", "--root", "-z", *what, f"-O{os.devnull}", "--no-relative", "--always", "--date=raw",
            f"--format=%x01{Commit.FORMAT}",
            stdin=requests,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            chunks = iter(lambda: process.stdout.read(_CHUNK), b"")  # type: ignore[union-attr]
            yield parse_commits(chunks, listed)


def list_commits(git: Git, walk: Walk) -> list[ListedCommit]:
    """Return the commits of `walk`, oldest first; no tree of any of them is opened.

    `rev-list` has no end mark: the list must hold every parent that it names but for the base, or as many commits as git counts.
    With pathspecs the parents are the nearest ancestors that touched them: they prove the list, and are then left out.

    Raises:
        GitFailedError: with git's reason, also when the list is not whole.
    """
    bounds = (walk.tip, *((f"^{walk.base}",) if walk.base else ()))
    limit = (f"--max-count={walk.newest}",) if walk.newest is not None else ()
    end = ("--end-of-options", *bounds, "--", *walk.pathspecs)
    lines = git.text("rev-list", "--topo-order", "--parents", *limit, "--format=%T", *end).splitlines()
    if len(lines) % 2:
        raise GitFailedError("rev-list", "输出没有写完就断了")
    listed = [_listed(head, tree) for head, tree in zip(lines[-2::-2], lines[::-2], strict=True)]
    closed = walk.newest is None and _is_closed(walk, listed)
    if walk.pathspecs:
        listed = [commit._replace(parents=()) for commit in listed]
    if closed:
        return listed
    count = git.text("rev-list", "--count", *limit, *end)
    if count != str(len(listed)):
        raise GitFailedError("rev-list", f"历史没有读完：应有 {count or '?'} 次提交，只读到 {len(listed)} 次")
    return listed


def _listed(head: str, tree: str) -> ListedCommit:
    word, _, ids = head.partition(" ")
    if word != "commit" or not ids or len(tree) not in _ID_LENGTHS:
        raise GitFailedError("rev-list", f"未能识别的输出：{head[:80]!r}")
    commit, *parents = ids.split(" ")
    return ListedCommit(commit, tuple(parents), tree)


def _is_closed(walk: Walk, listed: Sequence[ListedCommit]) -> bool:
    commits = {commit.id for commit in listed}
    parents = {parent for commit in listed for parent in commit.parents}
    # With pathspecs the newest of them, from which all others can be reached, need not be the tip.
    begun = bool(listed) if walk.pathspecs else walk.tip in commits
    return begun and parents - commits <= {walk.base}


def parse_commits(chunks: Iterable[bytes], listed: Iterable[ListedCommit]) -> Iterator[Commit]:
    """Read the output of `diff-tree --stdin` as it comes; `listed` are the commits asked for.

    NUL ends every field, and neither a message nor a path can hold one, so no text of a commit can pass for a field.

    Raises:
        GitFailedError: when it is not that output, or not all of it.
    """
    tokens = _tokens(chunks)
    token = next(tokens)
    for commit, parents, _ in listed:
        if not token.startswith("\x01") or token[1:] != commit:
            raise _cut(commit)
        fields = [commit, *islice(tokens, _FIELDS)]
        if len(fields) != _FIELDS + 1:
            raise _cut(commit)
        changes: list[FileChange] = []
        token = next(tokens, "")
        while not token.lstrip("\n").startswith(_MARK):
            parts = token.lstrip("\n").split(" ")
            path = next(tokens, None)
            if len(parts) != 5 or not parts[0].startswith(":") or path is None:
                raise _cut(commit)
            old_mode, new_mode, old, new, letter = parts
            changes.append(FileChange(path, letter[0], old_mode[1:], new_mode, old, new))
            token = next(tokens, "")
        token = token.lstrip("\n").removeprefix(_MARK)
        yield _commit(fields, parents, changes)
    if token or next(tokens, ""):
        raise GitFailedError("diff-tree", f"未能识别的输出：{token[:80]!r}")


def _cut(commit: str) -> GitFailedError:
    return GitFailedError("diff-tree", f"提交 {commit[:12]} 没有读完，输出就断了或未能识别")


def _tokens(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        whole, nul, after = chunk.rpartition(b"\0")
        if nul:
            yield from (rest + whole).decode("utf-8", "surrogateescape").split("\0")
            rest = after
        else:
            rest += chunk
    yield rest.decode("utf-8", "surrogateescape")


def _commit(fields: Sequence[str], parents: tuple[str, ...], changes: list[FileChange]) -> Commit:
    commit, author, email, authored, committer, committer_email, committed, message = fields[:8]
    seconds, zone = read_raw_time(authored)
    return Commit(
        commit,
        message,
        parents,
        author,
        email,
        seconds,
        zone,
        committer,
        committer_email,
        read_raw_time(committed)[0],
        tuple(changes),
    )
