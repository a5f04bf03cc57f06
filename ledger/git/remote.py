"""The exchange with a server: fetch, rebase out of the user's sight, push. Knows nothing of entries.

The rebase runs in a work tree of its own under `.git/ledger`, so that whatever happens to it, conflict or kill, the user's files and
branch are as they were; only its finished result is taken over, in one `git checkout` that leaves uncommitted changes alone
or refuses. Hooks do not run in that tree, which nobody works in.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.core.errors import ExternalError
from ledger.git.errors import GitFailedError
from ledger.git.process import Git, Result
from ledger.git.repository import Repo

_AGAIN = (
    "fetch first",
    "non-fast-forward",
    "stale info",
    "failed to update ref",
    "cannot lock ref",
    "incorrect old value",
    "reference already exists",
    "remote ref updated since checkout",
)
_NOT_TAKEN = re.compile(
    r"(?:would be overwritten by \w+|would be removed|would lose)[^\n]*:\n((?:\t[^\n]*\n?)+)"
)
_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false")


class NoRemoteError(ExternalError):
    """There is no server to exchange with."""

    def __init__(self) -> None:
        super().__init__(
            "这份账本没有设置服务器，不知道与谁同步",
            "设置一次：git remote add origin 地址（如 git@服务器:账本.git），再 ledger sync",
        )


class RemoteUnreachableError(ExternalError):
    """The server did not answer, or not as a git server."""

    def __init__(self, remote: str, words: str) -> None:
        super().__init__(
            f"连不上服务器 {remote}；本机的记录都在，没有改动\ngit 的原话：\n{_indented(words)}",
            "检查网络、地址（git remote -v）和登录密钥，稍后再 ledger sync；其间照常记账",
        )


class PushRejectedError(ExternalError):
    """The server's rules did not let the commits in."""

    def __init__(self, remote: str, words: str) -> None:
        super().__init__(
            f"服务器 {remote} 没有接受本机的提交；记录都还在本机\n服务器的原话：\n{_indented(words)}",
            "照上面的话改正（记错的用 ledger correct 或 void），或把这段话发给管理员；之后再 ledger sync",
        )


class RebaseConflictError(ExternalError):
    """The same lines of a file were changed here and on the server."""

    def __init__(self, paths: Sequence[str], subject: str, branch: str) -> None:
        named = "、".join(paths) or "（git 没有说明）"
        union = any(path.startswith("data/progress/") or "/data/progress/" in path for path in paths)
        hint = (
            "进度文件本该自动合并，多半是 .gitattributes 缺了一行：ledger doctor --fix，再 ledger sync"
            if union
            else f"先看两边各改了什么：git diff HEAD...refs/ledger/incoming -- {paths[0] if paths else '.'}；"
            f"商定后自己合并：git rebase refs/ledger/incoming（改好冲突，git add，git rebase --continue；"
            f"不做了：git rebase --abort），再 ledger sync"
        )
        super().__init__(
            f"{named} 在本机和服务器上都改过同一处（本机的提交：{subject}），不能自动合并；本机的文件和 {branch} 分支保持原样",
            hint,
        )
        self.paths = tuple(paths)


class LocalChangesError(ExternalError):
    """Uncommitted changes stand where the server's changes must go."""

    def __init__(self, paths: Sequence[str]) -> None:
        first = paths[0] if paths else "文件"
        super().__init__(
            f"{'、'.join(paths) or '有文件'} 有没有提交的改动，服务器上也改过它；为免覆盖，什么也没有动",
            f"先看：git diff HEAD -- {first}；要保留：git add -- {first} 再 git commit；"
            f"不要：git restore --staged --worktree -- {first}；然后再 ledger sync",
        )
        self.paths = tuple(paths)


@dataclass(frozen=True)
class Remote:
    """One branch of one server, seen from a repository."""

    repo: Repo
    name: str
    branch: str
    upstream: str
    """The branch's name on the server."""

    INCOMING = "refs/ledger/incoming"

    @staticmethod
    def of(repo: Repo) -> Remote:
        """Return the server that the current branch belongs to, else `origin`, else the only one there is.

        Raises:
            DetachedHeadError: when HEAD is on no branch.
            NoRemoteError: when there is none, or several and none is named.
        """
        branch = repo.branch()
        pattern = r"^(branch\..*\.(remote|merge)|remote\..*\.url)$"
        out = repo.git.text("config", "-z", "--get-regexp", pattern, expected=(0, 1))
        settings = dict(record.split("\n", 1) for record in out.split("\0") if "\n" in record)
        names = [key[len("remote.") : -len(".url")] for key in settings if key.startswith("remote.")]
        name = settings.get(f"branch.{branch}.remote", "")
        merge = settings.get(f"branch.{branch}.merge", "") if name in names else ""
        if name not in names:
            name = "origin" if "origin" in names else names[0] if len(names) == 1 else ""
        if not name:
            raise NoRemoteError
        return Remote(repo, name, branch, merge.removeprefix("refs/heads/") or branch)

    @property
    def seen(self) -> str:
        """The ref that keeps the last tip seen of this branch."""
        return f"refs/ledger/seen/{self.name}/{self.upstream}"

    @property
    def tracking(self) -> str:
        """Git's own ref for the branch as last fetched."""
        return f"refs/remotes/{self.name}/{self.upstream}"

    def fetch(self) -> str | None:
        """Bring the server's branch and its tags, and return its tip; None when the server has no such branch.

        Raises:
            RemoteUnreachableError: with git's words.
        """
        refspec = f"+refs/heads/{self.upstream}:{self.INCOMING}"
        result = self.repo.git.attempt(
            "-c", "maintenance.auto=false", "-c", "gc.auto=0",
            "fetch", "--quiet", "--no-write-fetch-head", "--end-of-options", self.name, refspec,
        )  # fmt: skip
        if not result.code:
            return self.refs().get(self.INCOMING)
        if "couldn't find remote ref" in result.reason:
            return None
        raise RemoteUnreachableError(self.name, result.reason)

    @contextmanager
    def glimpsed(self) -> Iterator[tuple[Remote, str | None]]:
        """The server's tip as it is now, and this remote with its commits at hand; forgotten afterwards, and no ref moves.

        Raises:
            RemoteUnreachableError: with git's words.
        """
        head = f"refs/heads/{self.upstream}"
        listed = self.repo.git.attempt("ls-remote", "--quiet", "--end-of-options", self.name, head)
        if listed.code:
            raise RemoteUnreachableError(self.name, listed.reason)
        tip = listed.text.partition("\t")[0] or None
        with TemporaryDirectory(prefix="ledger-sync-") as objects:
            aside = self.repo.git.with_environ(
                GIT_OBJECT_DIRECTORY=objects,
                GIT_ALTERNATE_OBJECT_DIRECTORIES=str(self.repo.common_dir / "objects"),
            )
            if tip is not None:
                fetched = aside.attempt(
                    "fetch", "--quiet", "--no-write-fetch-head", "--no-tags", "--refmap=", "--end-of-options", self.name, head
                )  # fmt: skip
                if fetched.code:
                    raise RemoteUnreachableError(self.name, fetched.reason)
            yield replace(self, repo=replace(self.repo, git=aside)), tip

    def refs(self) -> dict[str, str]:
        """Return the commits that our own refs and git's ref of the server's branch stand at, by name, and `HEAD`'s."""
        heads = [f"refs/heads/{self.branch}", "refs/ledger", self.tracking]
        refs = {ref.name: ref.object for prefix in heads for ref in self.repo.refs(prefix)}
        head = refs.pop(heads[0], None)
        if head is None:
            self.repo.head()
        return refs | ({"HEAD": head} if head else {})

    def contains(self, tip: str, old: str) -> bool:
        """Whether `old` is `tip` or one of its ancestors."""
        return old == tip or self.repo.is_ancestor(old, tip)

    def base(self, one: str, other: str) -> str | None:
        """Return the nearest common ancestor of two commits."""
        if one == other:
            return one
        result = self.repo.git.run("merge-base", one, other, expected=(0, 1))
        return None if result.code else result.text

    def apart(self, local: str, tip: str) -> tuple[int, int]:
        """Return how many commits `local` has that `tip` has not, and the other way round."""
        if local == tip:
            return 0, 0
        ours, theirs = self.repo.git.text(
            "rev-list", "--left-right", "--count", f"{local}...{tip}", "--"
        ).split()
        return int(ours), int(theirs)

    def count(self, tip: str) -> int:
        """Return how many commits lead to `tip`."""
        return int(self.repo.git.text("rev-list", "--count", tip, "--").strip())

    def pin(self, tip: str) -> None:
        """Remember the server's tip, for the next fetch to be a descendant of it."""
        self.repo.git.run("update-ref", self.seen, tip)

    def rebase(self, local: str, onto: str) -> str:
        """Put the commits of `local` on top of `onto`, and return the new tip. Git signs them again where `commit.gpgsign` says so.

        Raises:
            RebaseConflictError: when the same place was changed on both sides; nothing has changed then.
            GitFailedError: with git's words.
        """
        with self._aside(local) as side:
            result = side.attempt(
                *_QUIET, "-c", "core.editor=true", "-c", "sequence.editor=true",
                "-c", "rebase.autoStash=false", "-c", "rebase.updateRefs=false", "-c", "rerere.enabled=false",
                "rebase", "--quiet", "--no-autosquash", "--no-fork-point", "--empty=drop", onto,
            )  # fmt: skip
            if result.code:
                raise self._stopped(side, result)
            return side.text("rev-parse", "--verify", "HEAD")

    def take(self, tip: str) -> None:
        """Move the branch and the user's files to `tip`; uncommitted changes elsewhere stay, in the way of it they stop it.

        Raises:
            LocalChangesError: naming the files; nothing has changed then.
            GitFailedError: with git's words.
        """
        result = self.repo.git.attempt(
            "-c",
            "advice.detachedHead=false",
            "checkout",
            "--quiet",
            "--no-track",
            "-B",
            self.branch,
            tip,
            "--",
        )
        if result.code:
            if found := _NOT_TAKEN.search(result.reason + "\n"):
                raise LocalChangesError([line.strip() for line in found[1].splitlines()])
            raise GitFailedError("checkout", result.reason)

    def push(self, tip: str) -> bool:
        """Push one commit as the branch's tip, never by force; False when somebody else was quicker.

        Raises:
            PushRejectedError: when the server's rules say no.
            RemoteUnreachableError: when there is no answer.
        """
        result = self.repo.git.attempt(
            "push", "--porcelain", "--no-force", "--no-follow-tags", "--end-of-options", self.name,
            f"{tip}:refs/heads/{self.upstream}",
        )  # fmt: skip
        if not result.code:
            return True
        said = result.text
        refused = next((line for line in said.splitlines() if line.startswith("!")), None)
        words = result.err.decode("utf-8", "replace").strip()
        if refused is None:
            if any(sign in words for sign in _AGAIN):
                return False
            raise RemoteUnreachableError(self.name, words)
        if any(sign in refused for sign in _AGAIN):
            return False
        server = [
            line.removeprefix("remote:").strip() for line in words.splitlines() if line.startswith("remote:")
        ]
        raise PushRejectedError(self.name, "\n".join(filter(None, server)) or refused)

    @contextmanager
    def _aside(self, commit: str) -> Iterator[Git]:
        """A work tree of its own at `commit`; what a killed command left of an earlier one is cleared first."""
        folder = self.repo.common_dir / "ledger" / "sync"
        self._clear(folder)
        self.repo.git.text(*_QUIET, "worktree", "add", "--quiet", "--detach", str(folder), commit)
        try:
            yield self.repo.git.at(folder)
        finally:
            self._clear(folder)

    def _clear(self, folder: Path) -> None:
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
            self.repo.git.attempt("worktree", "prune")

    def _stopped(self, side: Git, result: Result) -> RebaseConflictError | GitFailedError:
        paths = side.records("diff", "--name-only", "--diff-filter=U", "-z")
        if not paths:
            return GitFailedError("rebase", result.reason)
        subject = side.text("log", "-1", "--format=%s", "REBASE_HEAD")
        return RebaseConflictError(paths, subject, self.branch)


def _indented(words: str, most: int = 20) -> str:
    return "\n".join(f"  {line}" for line in words.splitlines()[:most])
