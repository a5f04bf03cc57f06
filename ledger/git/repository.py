"""One git repository as the ledger sees it: who works on it, where HEAD is, and one commit of exactly the given paths.

Knows nothing of entries. `git add` and `git commit` are used, never GitPython's index, which passes over hooks, signing
and `.gitattributes`.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING

from ledger.core.structs import FrozenStruct
from ledger.git.discovery import age_of, common_dir_of, git_dir_of, read_line
from ledger.git.faults import (
    CommitFailedError,
    DetachedHeadError,
    GitBusyError,
    GitFailedError,
    MissingIdentityError,
    NotARepositoryError,
    NoWorkTreeError,
)
from ledger.git.history import Commit, parse_log
from ledger.git.lockfiles import clear
from ledger.git.process import Git, Result
from ledger.git.snapshot import Snapshot, parse_status

if TYPE_CHECKING:
    import git

_IDENTITY = re.compile(r"(.*?) <(.*?)> \d+ [+-]\d{4}$", re.DOTALL)
_SUMMARY = re.compile(rb"^\[[^\]]*?([0-9a-f]{40,64})\] ", re.MULTILINE)
_NO_IDENTITY = ("tell me who you are", "empty ident name", "auto-detect", "auto-detection is disabled")
_LOCKED = re.compile(r"Unable to create '([^']+\.lock)': File exists")
_BUSY_SECONDS = 10.0
_BUSY_STEP = 0.05
_LOOSE_SAMPLE = 27
"""Git packs loose objects beyond 6,700; it samples one of 256 folders, 27 there, and so do we."""
_LETTER = "LEDGER_EDITMSG"
_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")


class Identity(FrozenStruct):
    """Who makes commits."""

    name: str
    email: str


@dataclass(frozen=True)
class Repo:
    """A work tree. `top` is git's top folder; the ledger may lie in a folder below it."""

    top: Path
    git_dir: Path
    common_dir: Path
    runner: Git = field(repr=False)

    @staticmethod
    def open(root: Path, environ: Mapping[str, str] | None = None) -> Repo:
        """Find the repository that holds `root`. Runs no process: `.git` is looked up in `root` and its parents.

        Raises:
            NotARepositoryError: when there is none.
            NoWorkTreeError: when it is bare.
        """
        start = root.resolve()
        for folder in (start, *start.parents):
            git_dir = git_dir_of(folder / ".git")
            if git_dir is not None:
                return Repo(
                    folder,
                    git_dir,
                    common_dir_of(git_dir),
                    Git(folder, os.environ if environ is None else environ),
                )
            if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
                raise NoWorkTreeError(root)
        raise NotARepositoryError(root)

    @staticmethod
    def init(root: Path, branch: str = "main", environ: Mapping[str, str] | None = None) -> Repo:
        """Make a repository at `root`, whose objects survive a power cut: git alone does not flush loose objects.

        Raises:
            GitFailedError: with git's words.
        """
        root.mkdir(parents=True, exist_ok=True)
        runner = Git(root, os.environ if environ is None else environ)
        for args in (
            ("init", "--quiet", f"--initial-branch={branch}"),
            ("config", "core.fsync", "committed"),
        ):
            _sound(args[0], runner.run(*args))
        return Repo.open(root, environ)

    def identity(self) -> Identity:
        """Return the author of commits made here, from the environment or the settings, never a guess.

        Raises:
            MissingIdentityError: when name or e-mail is not set.
        """
        return self._identity

    @cached_property
    def _identity(self) -> Identity:
        result = self.runner.run("var", "GIT_AUTHOR_IDENT")
        found = _IDENTITY.match(result.out.decode("utf-8", "replace").strip())
        if result.code or not found:
            if _fits(result.words, _NO_IDENTITY) or not result.code:
                raise MissingIdentityError
            raise GitFailedError("var", result.words)
        return Identity(found[1], found[2])

    def branch(self) -> str:
        """Return the current branch.

        Raises:
            DetachedHeadError: when HEAD is on none.
        """
        head = read_line(self.git_dir / "HEAD")
        if head.startswith("ref: refs/heads/") and not head.endswith("/.invalid"):
            return head.removeprefix("ref: refs/heads/")
        # Not a plain file (a reftable repository keeps a stub there), or no branch: git knows.
        result = self.runner.run("symbolic-ref", "--quiet", "--short", "HEAD")
        if result.code:
            raise DetachedHeadError
        return result.out.decode("utf-8", "replace").strip()

    def may_have_tags(self, folder: str) -> bool:
        """Whether there can be tags `folder/…`: a look at the files in which git keeps tags, for a process costs more.

        False is certain; true only means that git must be asked.
        """
        if (self.common_dir / "reftable").exists() or (self.common_dir / "refs" / "tags" / folder).exists():
            return True
        try:
            packed = (self.common_dir / "packed-refs").read_bytes()
        except FileNotFoundError:
            return False
        return f" refs/tags/{folder}/".encode() in packed

    def in_progress(self) -> str | None:
        """Return `rebase`, `am`, `merge`, `cherry-pick` or `revert` when one has begun and not ended."""
        for name, operation in (
            ("rebase-merge", "rebase"),
            ("rebase-apply/applying", "am"),
            ("rebase-apply", "rebase"),
            ("MERGE_HEAD", "merge"),
            ("CHERRY_PICK_HEAD", "cherry-pick"),
            ("REVERT_HEAD", "revert"),
        ):
            if (self.git_dir / name).exists():
                return operation
        return None

    def head(self) -> str | None:
        """Return the full id of HEAD's commit, `None` before the first."""
        result = self.runner.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return None if result.code else result.out.decode("ascii").strip()

    def snapshot(self, paths: Iterable[Path]) -> Snapshot:
        """Return HEAD, branch and what is changed under `paths`, without taking git's lock.

        Raises:
            GitFailedError: with git's words.
        """
        result = self.runner.run(
            "--no-optional-locks",
            "status",
            "--porcelain=v2",
            "--branch",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--no-ahead-behind",
            "--ignore-submodules=all",
            "--",
            *self._specs(paths),
        )
        return parse_status(_sound("status", result).out)

    def is_clean(self, path: Path) -> bool:
        """Whether `path` has no uncommitted change."""
        return not self.snapshot([path]).changes

    def blob(self, blob: str) -> bytes:
        """Return the bytes of a blob by its id.

        Raises:
            GitFailedError: with git's words.
        """
        return _sound("cat-file", self.runner.run("cat-file", "blob", blob)).out

    def show(self, path: Path, revision: str = "HEAD") -> bytes | None:
        """Return a file's bytes at `revision`, `None` where it is not there."""
        name = f"{revision}:{self.relative(path)}"
        known = self.runner.run("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        return None if known.code else self.blob(known.out.decode("ascii").strip())

    def log(
        self, paths: Iterable[Path] = (), *, revision: str = "HEAD", most: int | None = None
    ) -> list[Commit]:
        """Return the commits that touched `paths` (all when none is given), newest first, from one process.

        Replace refs and mailmap are passed over: what was written is shown, not what somebody mapped it to.

        Raises:
            GitFailedError: with git's words.
        """
        if revision == "HEAD" and self.head() is None:
            return []
        limit = (f"--max-count={most}",) if most is not None else ()
        result = self.runner.run(
            "--no-replace-objects",
            "log",
            "-z",
            f"--format={Commit.FORMAT}",
            "--no-show-signature",
            "--no-color",
            "--no-mailmap",
            *limit,
            "--end-of-options",
            revision,
            "--",
            *self._specs(paths),
        )
        return parse_log(_sound("log", result).out)

    def entry_commits(self, path: Path, trailer: str = "Ledger-Entry") -> dict[str, Commit]:
        """Return, by entry id, the commit whose trailer first named it among those that touched `path`."""
        found: dict[str, Commit] = {}
        for commit in self.log([path]):
            found.update(dict.fromkeys(commit.trailers.get(trailer, ()), commit))
        return found

    def commit(
        self,
        paths: Sequence[Path],
        message: str,
        *,
        author: Identity | None = None,
        date: str | None = None,
        authored: str | None = None,
        new: Sequence[Path] = (),
        started: Callable[[Popen[bytes]], None] | None = None,
    ) -> Commit:
        """Commit exactly `paths` as they are on disk, with the user's hooks and signing; whatever else is staged or dirty stays so.

        `author` and `date` (ISO 8601) stand in for the user's own, `authored` for the author's date alone; `new` are the paths
        known to be new, which saves a failed attempt; `started` is told of the git process. A lock that another git holds
        is waited for, up to 10 seconds. Two commits at once must be kept apart by the caller's lock.

        Raises:
            CommitFailedError: with git's words; the index entries of `paths` are as they were.
            GitBusyError: when another git keeps its lock.
            MissingIdentityError: when name or e-mail is not set.
        """
        specs = self._specs(paths)
        environ: dict[str, str] = {}
        if author is not None:
            environ |= {"GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email}
        if date is not None:
            environ |= {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        if authored is not None:
            environ |= {"GIT_AUTHOR_DATE": authored}

        # Not through a pipe: if this process were killed, git would take the part it got for the whole message.
        letter = self.git_dir / _LETTER
        letter.write_bytes(message.encode("utf-8", "replace"))

        def attempt() -> Result:
            return self._patiently(
                # Packing is looked after below, outside of the caller's critical moment; it doubles the time of a commit.
                "-c", "maintenance.auto=false", "-c", "gc.auto=0", "-c", "core.abbrev=no",
                "commit", "--only", "--no-status", "--cleanup=verbatim", f"--file={letter}",
                "--", *specs,
                environ=environ, started=started,
            )  # fmt: skip

        began = time.time()
        added = self._intend_to_add(new) if new else ()
        result = attempt()
        if result.code and not added and "did not match any file" in result.words:
            added = self._intend_to_add(paths)
            result = attempt()
        if result.code:
            if result.code < 0:  # git itself was killed (out of memory, a quota) and left its locks
                clear(self, left_after=began)
            if added:
                self._patiently("rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--", *added)
            raise self._refusal(result)
        made = _SUMMARY.search(result.out)
        commit_id = made[1].decode("ascii") if made else self.head() or ""
        return Commit.made(commit_id, message)

    def refresh(self, paths: Sequence[Path]) -> None:
        """Bring the index up to date with files that are as HEAD has them; a failure is left for git to tell of later."""
        self._patiently("add", "--", *self._specs(paths))

    def tracked(self, paths: Sequence[Path]) -> frozenset[str]:
        """Return those of `paths`, relative to the top folder, that the index knows."""
        listed = _sound("ls-files", self.runner.run("ls-files", "-z", "--", *self._specs(paths))).out
        return frozenset(listed.decode("utf-8", "surrogateescape").split("\0")) - {""}

    def tidy(self) -> None:
        """Let git pack its loose objects when there are as many as it packs at by itself; call without a lock held."""
        sample = self.common_dir / "objects" / "17"
        try:
            many = len(os.listdir(sample)) > _LOOSE_SAMPLE  # noqa: PTH208  names alone are counted
        except OSError:
            return
        if many:
            self.runner.run("maintenance", "run", "--auto", "--quiet")

    def objects(self) -> git.Repo:
        """Return GitPython's view of this repository, for walking commits, trees, tags and remotes as objects.

        GitPython hands its children this process's environment, so the foreign `GIT_*` variables leave it here for good.
        """
        for name in set(os.environ) - set(self.runner.environ):
            if name.startswith("GIT_"):
                del os.environ[name]
        import git  # 44 ms: only for those who walk objects

        return git.Repo(self.top)

    def relative(self, path: Path) -> str:
        """Return `path` relative to git's top folder, with forward slashes; a symbolic link is not followed.

        Raises:
            ValueError: when it lies outside.
        """
        return (path.parent.resolve() / path.name).relative_to(self.top).as_posix()

    def _specs(self, paths: Iterable[Path]) -> list[str]:
        names = [self.relative(path) for path in paths]
        return [":(top)" if name == "." else f":(top,literal){name}" for name in names]

    def _intend_to_add(self, paths: Sequence[Path]) -> tuple[str, ...]:
        """Make new files known to the index, without their content; return those that were made known."""
        known = {f":(top,literal){name}" for name in self.tracked(paths)}
        new = tuple(spec for spec in self._specs(paths) if spec not in known)
        result = self._patiently("add", "--intent-to-add", "--", *new) if new else None
        if result and result.code:
            raise self._refusal(result)
        return new

    def _patiently(self, *args: str, **options: object) -> Result:
        """Run git, and again while another git holds one of its locks."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            result = self.runner.run(*args, **options)  # type: ignore[arg-type]
            if not result.code or not _LOCKED.search(result.words) or time.monotonic() > deadline:
                return result
            time.sleep(_BUSY_STEP)

    def _refusal(self, result: Result) -> CommitFailedError | GitBusyError | MissingIdentityError:
        words = result.words
        if _fits(words, _NO_IDENTITY):
            return MissingIdentityError()
        if locked := _LOCKED.search(words):
            lock = Path(locked[1])
            return GitBusyError(lock, age_of(lock))
        return CommitFailedError(words, self._hooks())

    def _hooks(self) -> tuple[str, ...]:
        result = self.runner.run("rev-parse", "--git-path", "hooks")
        folder = self.top / result.out.decode("utf-8", "surrogateescape").strip()
        return tuple(name for name in _HOOKS if os.access(folder / name, os.X_OK))


def _fits(words: str, signs: Iterable[str]) -> bool:
    return any(sign in words for sign in signs)


def _sound(command: str, result: Result) -> Result:
    if result.code:
        raise GitFailedError(command, result.words)
    return result
