"""What a push brings: the refs it moves, as git tells the hook, and the commits, whose reading begins before the rules are loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from threading import Thread
from types import TracebackType
from typing import NamedTuple

from ledger.core.errors import LedgerError
from ledger.git import Commit, Repo
from ledger.git.blobs import read_batch
from ledger.git.trees import TreeBoundsError, check_bounds
from ledger.git.walk import ListedCommit, Walk, list_commits, open_commits
from ledger.rules.paths import MAX_DEPTH

MAX_COMMITS = 20_000
"""Commits of one push: a city of a hundred departments makes some 15,000 in a year."""
MAX_PATHS = 20_000
"""Paths of one version of a ledger: ten years of a hundred departments with ten commitments each."""
MAX_TREES = 200_000
"""Different folders in all versions of one push."""
BRANCHES = "refs/heads/"
_EMPTY = re.compile(r"0+")
_LINE = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs/\S.*)")


class PushLineError(LedgerError):
    """Git described a push in a way that is not understood; then nothing is accepted."""

    code = "push-line"

    def __init__(self, line: str) -> None:
        super().__init__(
            f"未能识别 git 传来的推送内容：{line!r}", "这条命令由服务器的 pre-receive 钩子调用，不用手工执行"
        )


class Moved(NamedTuple):
    """One ref that a push wants to move; an id of zeros means it is not there."""

    old: str
    new: str
    name: str

    @property
    def creates(self) -> bool:
        """Whether the ref is new."""
        return bool(_EMPTY.fullmatch(self.old))

    @property
    def deletes(self) -> bool:
        """Whether the ref is to go."""
        return bool(_EMPTY.fullmatch(self.new))


def read_moves(lines: Iterable[str]) -> list[Moved]:
    """Read what git tells a pre-receive hook.

    Raises:
        PushLineError: when it is something else, or nothing.
    """
    moves = []
    for line in lines:
        matched = _LINE.fullmatch(line.rstrip("\n"))
        if not matched:
            raise PushLineError(line)
        moves.append(Moved(matched[1], matched[2], matched[3]))
    if not moves:
        raise PushLineError("")
    return moves


class PushedCommits:
    """The commits that a push adds to a branch.

    Git lists them, their trees are measured and git compares them while a `with` block goes on: the reading begins in a thread when the
    block does. What went wrong is raised where the commits are asked for.
    """

    def __init__(self, repo: Repo, move: Moved) -> None:
        self.move = move
        self._repo = repo
        self._listed: list[ListedCommit] | None = None
        self._commits: Iterator[Commit] = iter(())
        self._error: BaseException | None = None
        self._open = ExitStack()
        self._thread: Thread | None = None

    @classmethod
    def of_only_branch(cls, repo: Repo, moves: Sequence[Moved]) -> PushedCommits | None:
        """Return the commits of a push that moves one branch; None for every other push."""
        branches = [move for move in moves if move.name.startswith(BRANCHES) and not move.deletes]
        return cls(repo, branches[0]) if len(branches) == 1 else None

    def __enter__(self) -> PushedCommits:
        if self._thread is None:
            self._thread = Thread(target=self._read)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wait()
        self._open.__exit__(kind, error, trace)

    def _wait(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _read(self) -> None:
        try:
            base = None if self.move.creates else self.move.old
            self._listed = list_commits(self._repo.git, Walk(self.move.new, base))
            self._check_bounds(self._listed)
            self._commits = self._open.enter_context(open_commits(self._repo.git, self._listed))
        except BaseException as error:
            self._error = error

    def _check_bounds(self, listed: Sequence[ListedCommit]) -> None:
        if len(listed) > MAX_COMMITS:
            raise TreeBoundsError(f"提交不止 {MAX_COMMITS} 次，要分几次推送")
        trees = [commit.tree for commit in listed]
        read_many = partial(read_batch, self._repo.git)
        check_bounds(read_many, trees, depth=MAX_DEPTH, paths=MAX_PATHS, count=MAX_TREES)

    def follow(self) -> bool:
        """Whether the branch goes on from where it stood, so that nothing of it is lost.

        Raises:
            GitFailedError: when the commits cannot be listed.
        """
        self._wait()
        if self._listed is None:
            assert self._error
            raise self._error
        old, new = self.move.old, self.move.new
        # No commit of the list is reached from `old`: whoever descends from it has a commit with that parent.
        return self.move.creates or old == new or any(old in commit.parents for commit in self._listed)

    def read(self) -> Iterator[Commit]:
        """Yield the commits with their changes, parents before children.

        Raises:
            TreeBoundsError: for a push beyond the limits, before git has opened its trees.
            GitFailedError: when git fails, or its output is not whole.
        """
        self._wait()
        if self._error is not None:
            raise self._error
        return self._commits
