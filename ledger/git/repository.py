"""One git repository: the façade through which the rest of the program reads and changes it.

    repo = Repo.open(root)                       # a work tree; runs no process
    repo = Repo.open_bare(folder, environ)       # a server's repository, also inside a hook
    repo.git                                     # the gateway (process.py) for what has no method here

Reading: `head`, `find_commit`, `refs`, `tree`, `changed_files`, `open_blobs`, `walk`, `log`, `snapshot`, `read_file`. Each of them returns
None or an empty answer only where git says that there is nothing; what could not be read raises. Writing: `commit`, which uses
`git commit` with the user's hooks and signing, never GitPython's index, which passes over hooks, signing and `.gitattributes`.
`gitpython()` opens GitPython's view of the repository where its object model is worth 44 ms of import.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.structs import FrozenStruct
from ledger.git.commits import Commit
from ledger.git.discovery import common_dir_of, git_dir_of, may_have_tags, read_head, read_line
from ledger.git.errors import (
    DetachedHeadError,
    GitFailedError,
    MissingIdentityError,
    NotARepositoryError,
    NoWorkTreeError,
    ShallowCloneError,
    UnreadableHeadError,
    names_nobody,
)
from ledger.git.process import Git, Result
from ledger.git.snapshot import Snapshot, parse_status

if TYPE_CHECKING:
    import git as gitpython

    from ledger.git.blobs import BlobReader
    from ledger.git.walk import Walk

_BLAME_HEAD = r"([0-9a-f]{40,64}) [0-9]+ ([0-9]+)(?: [0-9]+)?"
_IDENTITY = re.compile(r"(.*?) <(.*?)> \d+ [+-]\d{4}$", re.DOTALL)
_OBJECT_ID = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64})\n")
_LOOSE_SAMPLE = 27
"""Git packs loose objects beyond 6,700; it samples one of 256 folders, 27 there, and so do we."""
# Inside a hook these say where the pushed objects lie before they are accepted; without them git does not see them.
_QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


class Identity(FrozenStruct):
    """Who makes commits."""

    name: str
    email: str


class Ref(FrozenStruct):
    """A ref: its name, the object it names, that object's type, and the commit an annotated tag leads to."""

    name: str
    object: str
    kind: str
    commit: str


class TreeFile(NamedTuple):
    """A file of a commit: its mode and blob id."""

    mode: str
    blob: str


class Repo(FrozenStruct, dict=True):
    """One repository. `top` is the work tree's top folder (the ledger may lie in a folder below it), of a bare one its own folder."""

    top: Path
    git_dir: Path
    common_dir: Path
    git: Git

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
    def open_bare(folder: Path, environ: Mapping[str, str]) -> Repo:
        """Return the bare repository at `folder`; `environ` is a hook's, so that the objects of a push are seen."""
        quarantine = {name: environ[name] for name in _QUARANTINE if name in environ}
        return Repo(folder, folder, folder, Git(folder, environ, {"GIT_DIR": str(folder), **quarantine}))

    @staticmethod
    def init(root: Path, branch: str = "main", environ: Mapping[str, str] | None = None) -> Repo:
        """Make a repository at `root`, whose objects survive a power cut: git alone does not flush loose objects.

        Raises:
            GitFailedError: with git's reason.
        """
        root.mkdir(parents=True, exist_ok=True)
        git = Git(root, os.environ if environ is None else environ)
        from ledger.git.gitpython_bridge import init_repository

        init_repository(git, root, branch)
        return Repo.open(root, environ)

    def gitpython(self) -> AbstractContextManager[gitpython.Repo]:
        """Open GitPython's view of this repository; see `gitpython_bridge.py`."""
        from ledger.git.gitpython_bridge import open_gitpython

        return open_gitpython(self.git, self.git_dir if self.top == self.git_dir else self.top)

    # Who and where

    def identity(self) -> Identity:
        """Return the author of commits made here, from the environment or the settings, never a guess.

        Raises:
            MissingIdentityError: when name or e-mail is not set.
        """
        return self._identity

    def identified(self) -> Repo:
        """Return this repository with its identity known, so that `identity` asks nothing any more. Raises as `identity` does."""
        self.identity()
        return self

    @cached_property
    def _identity(self) -> Identity:
        result = self.git.attempt("var", "GIT_AUTHOR_IDENT")
        ident = _IDENTITY.match(result.out.decode("utf-8", "replace").strip())
        if result.code or not ident:
            if result.code >= 0 and (names_nobody(result.reason) or not result.code):
                raise MissingIdentityError
            raise GitFailedError("var", result.reason)
        if not ident[1].strip(" .") or not ident[2].strip():  # git itself takes an e-mail of blanks
            raise MissingIdentityError
        return Identity(ident[1], ident[2])

    def branch(self) -> str:
        """Return the current branch.

        Raises:
            DetachedHeadError: when HEAD is on none.
            GitFailedError: when HEAD cannot be read.
        """
        head = read_line(self.git_dir / "HEAD")
        if head.startswith("ref: refs/heads/") and not head.endswith("/.invalid"):
            return head.removeprefix("ref: refs/heads/")
        # Not a plain file (a reftable repository keeps a stub there), or no branch: git knows.
        result = self.git.run("symbolic-ref", "--quiet", "--short", "HEAD", expected=(0, 1))
        if result.code:
            raise DetachedHeadError
        return result.out.decode("utf-8", "replace").strip()

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

    def find_setting(self, name: str) -> str | None:
        """Return one of git's settings, None where it is not set."""
        result = self.git.run("config", "--get", name, expected=(0, 1))
        if not result.code and not result.out.endswith(b"\n"):
            raise GitFailedError("config", "输出没有写完就断了")
        return None if result.code else result.text

    def settings(self) -> dict[str, str]:
        """Return all of git's settings, the last value of each, by name: section and variable in small letters.

        Raises:
            GitFailedError: when they cannot be read, or the list is cut off.
        """
        # The settings of the command line come last: one of them marks the end of a list that has no mark of its own.
        rows = self.git.records("-c", "ledger.end=true", "config", "-z", "--list")
        if rows[-1:] != ["ledger.end\ntrue"]:
            raise GitFailedError("config", "输出没有写完就断了")
        return {name: value for name, _, value in (row.partition("\n") for row in rows[:-1])}

    # Commits and refs

    def head(self) -> str | None:
        """Return the full id of HEAD's commit, None in a repository that has no commit yet.

        Raises:
            UnreadableHeadError: when HEAD's branch had commits and its ref or its commit cannot be read, or HEAD was put on a
                branch without commits beside another that has some.
            GitFailedError: when git refuses the repository.
        """
        commit = self.find_commit("HEAD")
        if commit is None:
            self._require_unborn()
        return commit

    def head_id(self) -> str | None:
        """Return the id of HEAD's commit as the files of the refs say it, else as `head` does; whether it can be read is not looked at.

        Raises:
            UnreadableHeadError, GitFailedError: as `head` does.
        """
        return read_head(self.git_dir) or self.head()

    def _require_unborn(self) -> None:
        ref = read_line(self.git_dir / "HEAD").removeprefix("ref: ")
        branches = self.git.run("for-each-ref", "--count=1", "--format=%(refname)", "refs/heads")
        log = self.git_dir / "logs" / "HEAD"
        if branches.err:
            reason = branches.reason
        elif (self.common_dir / ref).exists():
            reason = f"{ref} 指向的提交读不到，或这个文件是空的"
        elif branches.out:
            reason = f"它没有提交，而分支 {branches.text.removeprefix('refs/heads/')} 有"
        elif log.is_file() and log.stat().st_size:
            reason = f"{ref} 不见了，而提交记录 {log} 还在"
        else:
            return
        raise UnreadableHeadError(ref.removeprefix("refs/heads/"), reason)

    def find_commit(self, name: str) -> str | None:
        """Return the full id of the commit that `name` leads to, None when there is none.

        Raises:
            GitFailedError: when git cannot tell.
        """
        args = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        result = self.git.run(*args, expected=(0, 1))
        if result.code and result.err and "Needed a single revision" not in result.reason:
            raise GitFailedError("rev-parse", result.reason)
        if not result.code and not _OBJECT_ID.fullmatch(result.out):
            raise GitFailedError("rev-parse", f"未能识别的输出：{result.out[:80]!r}")
        return None if result.code else result.text

    def root_commit(self, commit: str | None = None) -> str | None:
        """Return the id of the first commit of a commit's (HEAD's) first-parent line, which identifies a ledger; None without commits.

        Raises:
            ShallowCloneError: in a shallow clone, which does not have it.
        """
        if (self.common_dir / "shallow").exists():
            raise ShallowCloneError(self.top)
        commit = commit or self.head()
        if commit is None:
            return None
        return self.git.run("rev-list", "--first-parent", "--max-parents=0", commit).text.split()[-1]

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` descends from `older` or is it; False where the repository lacks one of them.

        By the commit that git names: `--is-ancestor` says yes by exit code 0 alone, with which a git that did nothing ends, too.

        Raises:
            GitFailedError: when the history between them cannot be read.
        """
        result = self.git.run("merge-base", older, newer, expected=(0, 1, 128))
        if not result.code and not _OBJECT_ID.fullmatch(result.out):
            raise GitFailedError("merge-base", f"未能识别的输出：{result.out[:80]!r}")
        if not result.code:
            return result.text == (
                older if _OBJECT_ID.fullmatch(f"{older}\n".encode()) else self.find_commit(older)
            )
        # A commit missing in between gives 1, "no", with the complaint on stderr alone (git 2.39).
        if result.code and result.err and self.find_commit(older) and self.find_commit(newer):
            raise GitFailedError("merge-base", result.reason)
        return False

    def all_refs(self, *prefixes: str) -> list[Ref]:
        """Return the refs below any of `prefixes` as `refs` does, read twice: git's list has no end mark, and may be cut off between two lines.

        Raises:
            GitFailedError: when one of them cannot be read, or the lists differ.
        """
        refs = self.refs(*prefixes)
        if refs != self.refs(*prefixes):
            raise GitFailedError("for-each-ref", "两次读到的引用不同：没有读完，或刚好有人在推送")
        return refs

    def refs(self, *prefixes: str) -> list[Ref]:
        """Return the refs below any of `prefixes`, in order of their names.

        Raises:
            GitFailedError: when one of them cannot be read.
        """
        form = "%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)"
        result = self.git.run("for-each-ref", f"--format={form}", "--end-of-options", *prefixes)
        if result.err:
            raise GitFailedError("for-each-ref", result.reason)
        refs = []
        for line in self._whole_lines(result):
            fields = line.split("\0")
            if len(fields) != 4:
                raise GitFailedError("for-each-ref", f"未能识别的输出：{line[:80]!r}")
            name, target, kind, peeled = fields
            refs.append(Ref(name, target, kind, peeled or target))
        return refs

    @staticmethod
    def _whole_lines(result: Result) -> list[str]:
        if result.out and not result.out.endswith(b"\n"):
            raise GitFailedError("for-each-ref", "输出没有写完就断了")
        return result.text.splitlines()

    def may_have_tags(self, folder: str) -> bool:
        """Tell whether there can be tags `folder/…`; see `discovery.may_have_tags`."""
        return may_have_tags(self.common_dir, folder)

    def walk(self, walk: Walk) -> Iterator[Commit]:
        """Yield the commits of `walk`, parents before children; see `walk.py`."""
        from ledger.git.walk import walk_commits

        return walk_commits(self.git, walk)

    def log(
        self, paths: Iterable[Path] = (), *, revision: str = "HEAD", newest: int | None = None
    ) -> list[Commit]:
        """Return the commits that touched `paths` (all when none is given), newest first.

        Raises:
            GitFailedError: with git's reason.
        """
        from ledger.git.walk import Walk

        if revision == "HEAD" and self.head() is None:
            return []
        walk = Walk(revision, pathspecs=tuple(self.specs(paths)), changes=False, newest=newest)
        return list(self.walk(walk))[::-1]

    def entry_commits(
        self, path: Path, trailer: str = "Ledger-Entry", *, revision: str = "HEAD"
    ) -> dict[str, Commit]:
        """Return, by entry id, the commit whose trailer first named it among those up to `revision` that touched `path`."""
        commits: dict[str, Commit] = {}
        for commit in self.log([path], revision=revision):
            commits.update(dict.fromkeys(commit.trailer(trailer), commit))
        return commits

    def blame(self, path: Path, lines: int, revision: str = "HEAD") -> list[str]:
        """Return, for each of the `lines` of a file at `revision`, the id of the commit that brought it.

        Raises:
            GitFailedError: when there is no such file at `revision`, its history cannot be read, or a line is missing in the answer.
        """
        # blame knows no --end-of-options: an id cannot be taken for one
        commit = self.find_commit(revision) or revision
        args = ("blame", "--porcelain", commit, "--", self.relative(path))
        out = self.git.run("-c", "blame.ignoreRevsFile=", *args).out.decode("utf-8", "surrogateescape")
        # A header for each line, then facts about its commit, then the line behind a tab.
        rows = out.split("\n")
        heads = [head for row in rows if (head := re.match(_BLAME_HEAD, row))]
        whole = out.endswith("\n" if lines else "") and sum(row.startswith("\t") for row in rows) == lines
        if not whole or [int(head[2]) for head in heads] != list(range(1, lines + 1)):
            raise GitFailedError("blame", "输出没有写完就断了")
        return [head[1] for head in heads]

    def commits(self, ids: Iterable[str]) -> dict[str, Commit]:
        """Return the commits of these ids, read by one process.

        Raises:
            GitFailedError: when one of them cannot be read.
        """
        from ledger.git.walk import read_commits

        return {commit.id: commit for commit in read_commits(self.git, ids)}

    def shallow_commits(self) -> frozenset[str]:
        """Return the commits at which the history of a shallow clone ends; none in a whole one."""
        return frozenset(read_line(self.common_dir / "shallow").split())

    # Files

    def snapshot(self, paths: Iterable[Path]) -> Snapshot:
        """Return HEAD, branch and what is changed under `paths`, without taking git's lock.

        Raises:
            UnreadableHeadError: as `head` does.
            GitFailedError: with git's reason.
        """
        snapshot = parse_status(
            self.git.records(
                "--no-optional-locks", "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all",
                "--no-renames", "--no-ahead-behind", "--ignore-submodules=all", "--", *self.specs(paths),
            )
        )  # fmt: skip
        if snapshot.head is None:
            self.head()
        return snapshot

    def tree(self, commit: str, folder: str) -> dict[str, TreeFile]:
        """Return every file below `folder` at `commit`, by path; empty where the folder is absent."""
        args = (
            "ls-tree",
            "-r",
            "-z",
            "--full-tree",
            "--end-of-options",
            commit,
            *((folder,) if folder else ()),
        )
        files = {}
        for record in self.git.records(*args):
            meta, _, path = record.partition("\t")
            mode, _, blob = meta.split()
            files[path] = TreeFile(mode, blob)
        return files

    def changed_files(self, old: str, new: str, folder: str) -> dict[str, tuple[str, str]]:
        """Return the blob ids before and after of every file below `folder` that differs; zeros where it is absent."""
        fields = self.git.records(
            "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new, "--", folder
        )
        if len(fields) % 2:
            raise GitFailedError("diff-tree", "输出没有写完就断了")
        changed = {}
        for meta, path in zip(fields[::2], fields[1::2], strict=True):
            _, _, before, after, _ = meta.split(" ")
            changed[path] = (before, after)
        return changed

    def open_blobs(self) -> AbstractContextManager[BlobReader]:
        """Open the objects for reading, one process for all; see `blobs.py`."""
        from ledger.git.blobs import open_blobs

        return open_blobs(self.git)

    def blob(self, blob: str) -> bytes:
        """Return the bytes of a blob by its id."""
        return self.git.run("cat-file", "blob", blob).out

    def read_file(self, path: Path, revision: str = "HEAD") -> bytes | None:
        """Return a file's bytes at `revision`, None where it is absent.

        Raises:
            GitFailedError: when there is no such revision, or it cannot be read.
        """
        file = self.tree(revision, self.relative(path)).get(self.relative(path))
        return None if file is None else self.blob(file.blob)

    def tracked(self, paths: Sequence[Path]) -> frozenset[str]:
        """Return those of `paths`, relative to the top folder, that the index holds."""
        return frozenset(self.git.records("ls-files", "-z", "--", *self.specs(paths)))

    # Writing

    def commit(
        self,
        paths: Sequence[Path],
        message: str,
        *,
        author: Identity | None = None,
        date: str | None = None,
        authored: str | None = None,
        new: Sequence[Path] = (),
        on_start: Callable[[Popen[bytes]], None] | None = None,
    ) -> Commit:
        """Commit exactly `paths` as they are on disk, with the user's hooks and signing; whatever else is staged or dirty stays so.

        `author` and `date` (ISO 8601) stand in for the user's own, `authored` for the author's date alone; `new` are the paths
        known to be new, which saves a failed attempt; `on_start` is called with the git process. A lock that another git holds
        is waited for, up to 10 seconds. Two commits at once must be kept apart by the caller's lock.

        Raises:
            CommitFailedError: with git's reason; the index entries of `paths` are as they were.
            GitBusyError: when another git keeps its lock.
            MissingIdentityError: when name or e-mail is not set.
        """
        from ledger.git.commit_writer import authorship, write_commit

        environ = authorship(author, date, authored)
        return write_commit(self, paths, message, new=new, environ=environ, on_start=on_start)

    def refresh(self, paths: Sequence[Path]) -> None:
        """Bring the index up to date with files that are as HEAD has them.

        Raises:
            GitFailedError: when it cannot be written.
        """
        from ledger.git.commit_writer import run_with_retry

        result = run_with_retry(self.git, "add", "--", *self.specs(paths))
        if result.code:
            raise GitFailedError("add", result.reason)

    def auto_gc(self) -> None:
        """Let git pack its loose objects when there are as many as it packs at by itself; call without a lock held.

        Raises:
            GitFailedError: when git cannot.
        """
        sample = self.common_dir / "objects" / "17"
        try:
            many = len(os.listdir(sample)) > _LOOSE_SAMPLE  # noqa: PTH208  names alone are counted
        except OSError:
            return
        if many:
            self.git.run("maintenance", "run", "--auto", "--quiet")

    def relative(self, path: Path) -> str:
        """Return `path` relative to git's top folder, with forward slashes; a symbolic link is not followed.

        Raises:
            ValueError: when it lies outside.
        """
        return (path.parent.resolve() / path.name).relative_to(self.top).as_posix()

    def specs(self, paths: Iterable[Path]) -> list[str]:
        """Return paths as git takes them literally, whatever folder it runs in."""
        names = [self.relative(path) for path in paths]
        return [":(top)" if name == "." else f":(top,literal){name}" for name in names]
