"""The exchange with a server: fetch, rebase in a work tree of its own, push.

The rebase runs below `.git/ledger`, so that neither a conflict nor a kill touches the user's files and branch; `ledger.files.branch_move`
takes its finished result over. Hooks do not run in that work tree, in which nobody works; signing does as the user set it.

What git says is sorted into errors that each have their own way out: no answer, no access, a refusing hook here, a refusing server, a key
that does not sign, a conflict. Progress of slow lines is read by GitPython's RemoteProgress, imported when there is a terminal to show it on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.core.errors import ExternalError
from ledger.core.structs import FrozenStruct, replace
from ledger.git.discovery import git_dir_of, read_head, read_ref
from ledger.git.errors import GitFailedError, GitTimeoutError
from ledger.git.gitpython_bridge import load_gitpython
from ledger.git.pipes import LIMIT_VARIABLE
from ledger.git.process import Git, Result
from ledger.git.remote_errors import (
    NoRemoteError,
    PushHookError,
    PushRejectedError,
    RebaseConflictError,
    RemoteAccessError,
    RemoteUnreachableError,
    RewrittenReceiptsError,
    SigningFailedError,
)
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
    "aborted by hook",
    "reference-transaction",
)
_NO_ACCESS = (
    "Permission denied (",
    "Authentication failed",
    "could not read Username",
    "could not read Password",
    "terminal prompts disabled",
    "Host key verification failed",
    "requested URL returned error: 401",
    "requested URL returned error: 403",
)
_WRONG_ADDRESS = ("does not appear to be a git repository", "not found", "does not exist")
_NOT_SIGNED = (
    "failed to sign",
    "signing failed",
    "No secret key",
    "Couldn't load public key",
    "user.signingkey",
    "Couldn't sign",
)
_PROGRESS = re.compile(
    r"(?:remote: )?[\w ]+: +\d+% \(\d+/\d+\)|(?:remote: )?(?:Enumerating|Counting|Total) |Rebasing \(\d+/\d+\)"
)
_LISTED = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64})\t(refs/\S.*)")
_OBJECT_ID = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64})\n")
_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false")
_SPARSE = ("core.sparseCheckout=true", "core.sparseCheckoutCone=false", "index.sparse=false")
_ASIDE = "ledger-sync"
"""Folder and name of the work tree in which commits are made out of sight."""
TRIAL = "ledger-trial"
"""That of the work tree in which `doctor` tries to commit."""
_FOLDERS = (_ASIDE, TRIAL, "sync")

OnProgress = Callable[[int, int], None]
"""Called with how much of how much is done."""


class Remote(FrozenStruct):
    """One branch of one server, seen from a repository."""

    repo: Repo
    name: str
    branch: str
    upstream: str
    """The branch's name on the server."""

    INCOMING = "refs/ledger/incoming"
    RECEIPTS = "refs/ledger/receipts"

    @staticmethod
    def of(repo: Repo) -> Remote:
        """Return the server that the current branch belongs to, else `origin`, else the only one there is.

        Raises:
            DetachedHeadError: when HEAD is on no branch.
            NoRemoteError: when there is none, or several and none is named.
        """
        branch = repo.branch()
        pattern = r"^(branch\..*\.(remote|merge)|remote\..*\.url)$"
        records = repo.git.records("config", "-z", "--get-regexp", pattern, expected=(0, 1))
        settings = dict(record.split("\n", 1) for record in records if "\n" in record)
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
    def sealed(self) -> str:
        """The prefix of the refs that keep the server's seals as they were last seen there."""
        return f"refs/ledger/sealed/{self.name}/"

    @property
    def tracking(self) -> str:
        """Git's own ref for the branch as last fetched."""
        return f"refs/remotes/{self.name}/{self.upstream}"

    def fetch(self, on_progress: OnProgress | None = None) -> str | None:
        """Bring the server's branch, seals and receipts, and return the branch's tip; None when the server has no such branch.

        Raises:
            RemoteUnreachableError, RemoteAccessError: with git's reason.
            RewrittenReceiptsError: when seals or receipts are not those seen before.
        """
        refspecs = (
            f"+refs/heads/{self.upstream}:{self.INCOMING}",
            "refs/tags/seal/*:refs/tags/seal/*",
            f"+refs/tags/seal/*:{self.sealed}*",
            f"{self.RECEIPTS}*:{self.RECEIPTS}*",
        )
        result = self._exchange(
            (
                "-c",
                "maintenance.auto=false",
                "-c",
                "gc.auto=0",
                "fetch",
                "--verbose",
                "--no-write-fetch-head",
            ),
            ("--end-of-options", self.name, *refspecs),
            on_progress,
        )
        reason = _without_progress(result)
        if not result.code:
            if f"-> {self.INCOMING}" not in reason:  # told of every ref, also where nothing is new
                raise GitFailedError("fetch", "输出没有写完就断了，不知道收全了没有；再同步一次")
            return self.refs().get(self.INCOMING)
        if "couldn't find remote ref" in reason:
            return None
        rejected = "\n".join(line for line in reason.splitlines() if "[rejected]" in line)
        if rejected:
            raise RewrittenReceiptsError(self.name, "收据" if self.RECEIPTS in rejected else "封账")
        if reason.startswith("fatal: bad object"):  # a ref of ours names a commit that is lost
            raise GitFailedError("fetch", reason)
        raise self._unreachable(reason)

    def _exchange(
        self, command: tuple[str, ...], rest: tuple[str, ...], on_progress: OnProgress | None
    ) -> Result:
        """Run fetch or push, showing its progress where somebody looks; git always tells it, so that no slow line counts as silent."""
        on_message = _progress_reader(on_progress) if on_progress else None
        return self.repo.git.attempt(*command, "--progress", *rest, on_message=on_message)

    def _unreachable(self, reason: str) -> RemoteUnreachableError | RemoteAccessError:
        if any(sign in reason for sign in _NO_ACCESS):
            return RemoteAccessError(self.name, reason, address=False)
        if any(sign in reason for sign in _WRONG_ADDRESS):
            return RemoteAccessError(self.name, reason, address=True)
        return RemoteUnreachableError(self.name, reason)

    def server_refs(self, *patterns: str, patience: int | None = None) -> dict[str, str]:
        """Return the objects of the server's refs that match `patterns`, by name, as the server says now; nothing is kept.

        A server that is silent for `patience` seconds counts as unreachable.

        Raises:
            RemoteUnreachableError, RemoteAccessError: with git's reason.
        """
        git = self.repo.git.with_environ(**({LIMIT_VARIABLE: str(patience)} if patience else {}))
        try:
            listed = git.attempt("ls-remote", "--quiet", "--refs", "--end-of-options", self.name, *patterns)
        except GitTimeoutError as error:
            raise RemoteUnreachableError(self.name, error.reason) from None
        if listed.code:
            raise self._unreachable(listed.reason)
        refs = {}
        for line in listed.text.splitlines():
            match = _LISTED.fullmatch(line)
            if match is None:
                raise GitFailedError("ls-remote", f"未能识别的输出：{line[:80]!r}")
            refs[match[2]] = match[1]
        return refs

    @contextmanager
    def glimpsed(self) -> Iterator[tuple[Remote, str | None]]:
        """The server's tip as it is now, and this remote with its commits at hand; forgotten afterwards, and no ref moves.

        Raises:
            RemoteUnreachableError: with git's words.
        """
        head = f"refs/heads/{self.upstream}"
        tip = self.server_refs(head).get(head)
        with TemporaryDirectory(prefix="ledger-sync-") as objects:
            aside = self.repo.git.with_environ(
                GIT_OBJECT_DIRECTORY=objects,
                GIT_ALTERNATE_OBJECT_DIRECTORIES=str(self.repo.common_dir / "objects"),
            )
            if tip is not None:
                fetched = aside.attempt(
                    "fetch", "--progress", "--no-write-fetch-head", "--no-tags", "--refmap=", "--end-of-options", self.name, head
                )  # fmt: skip
                if fetched.code:
                    raise self._unreachable(_without_progress(fetched))
            yield replace(self, repo=replace(self.repo, git=aside)), tip

    def refs(self) -> dict[str, str]:
        """Return the commits that our own refs and git's ref of the server's branch stand at, by name, and `HEAD`'s."""
        branch = f"refs/heads/{self.branch}"
        names = (branch, self.INCOMING, self.seen, self.tracking)
        refs = {name: read_ref(self.repo.common_dir, name) for name in names}
        if not all(refs.values()):  # absent, broken, or kept in another way: git knows
            refs = {ref.name: ref.object for ref in self.repo.all_refs(*names)}
        head = refs.pop(branch, None)
        if head is None:
            self.repo.head()
        return {name: commit for name, commit in (("HEAD", head), *refs.items()) if commit}

    def contains(self, tip: str, old: str) -> bool:
        """Whether `old` is `tip` or one of its ancestors."""
        return old == tip or self.repo.is_ancestor(old, tip)

    def base(self, first: str, other: str) -> str | None:
        """Return the nearest common ancestor of two commits."""
        if first == other:
            return first
        result = self.repo.git.run("merge-base", first, other, expected=(0, 1))
        # A commit missing in between gives 1, "none", with the complaint on stderr alone (git 2.39).
        if result.err if result.code else not _OBJECT_ID.fullmatch(result.out):
            raise GitFailedError("merge-base", result.reason)
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

    def note_seal(self, name: str, seal: str) -> None:
        """Remember that the server has a seal."""
        self.repo.git.run("update-ref", f"{self.sealed}{name}", seal)

    def rebase(self, local: str, onto: str) -> str:
        """Put the commits of `local` on top of `onto`, and return the new tip. Git signs them again where `commit.gpgsign` says so.

        Raises:
            RebaseConflictError: when the same place was changed on both sides; nothing has changed then.
            SigningFailedError, GitFailedError: with git's reason.
        """
        with self.aside(local, whole=False) as side:
            result = side.attempt(
                *_QUIET, "-c", "core.editor=true", "-c", "sequence.editor=true",
                "-c", "rebase.autoStash=false", "-c", "rebase.updateRefs=false", "-c", "rerere.enabled=false",
                "rebase", "--no-autosquash", "--no-fork-point", "--empty=drop", onto,
            )  # fmt: skip
            if result.code:
                raise self._stopped(side, result)
            git_dir = git_dir_of(side.folder / ".git")
            return (git_dir and read_head(git_dir)) or side.text("rev-parse", "--verify", "HEAD")

    def push(self, tip: str, on_progress: OnProgress | None = None) -> bool:
        """Push one commit as the branch's tip, never by force; False when somebody else was quicker.

        Raises:
            PushRejectedError: when the server's rules say no.
            PushHookError: when a hook here says no.
            RemoteUnreachableError, RemoteAccessError: when there is no answer, or no access.
        """
        return self.push_ref(tip, f"refs/heads/{self.upstream}", on_progress)

    def push_ref(self, source: str, target: str, on_progress: OnProgress | None = None) -> bool:
        """Push one object as the server's ref `target`; as `push` does."""
        result = self._exchange(
            ("push", "--porcelain", "--no-force", "--no-follow-tags"),
            ("--end-of-options", self.name, f"{source}:{target}"),
            on_progress,
        )
        if not result.code:
            if result.text.splitlines()[-1:] != ["Done"]:
                raise GitFailedError("push", "输出没有写完就断了，不知道服务器收到没有；再同步一次就知道")
            return True
        refused = next((line for line in result.text.splitlines() if line.startswith("!")), None)
        reason = _without_progress(result)
        if refused is None:
            if any(sign in reason for sign in _AGAIN):
                return False
            if result.code == 1 and "fatal:" not in reason and self._has_push_hook():
                raise PushHookError(reason)
            raise self._unreachable(reason)
        if any(sign in refused for sign in _AGAIN):
            return False
        server = [
            line.removeprefix("remote:").strip() for line in reason.splitlines() if line.startswith("remote:")
        ]
        raise PushRejectedError(self.name, "\n".join(filter(None, server)) or refused)

    def _has_push_hook(self) -> bool:
        folder = self.repo.top / self.repo.git.text("rev-parse", "--git-path", "hooks")
        return (folder / "pre-push").exists()

    @contextmanager
    def aside(self, commit: str, *, whole: bool = True) -> Iterator[Git]:
        """Open a work tree of its own at `commit`; what a killed command left of an earlier one is cleared first.

        Without `whole` it is sparse: of all files only those that tell git how to merge are on the disk, whatever the ledger's size.
        To be called under the lock of `sync`.
        """
        folder = self.repo.common_dir / "ledger" / _ASIDE
        clear_aside(self.repo)
        add = ("worktree", "add", "--quiet", "--detach")
        side = self.repo.git.at(folder)
        try:
            if whole:
                self.repo.git.run(*_QUIET, *add, str(folder), commit)
            else:
                plain = self.repo.git.with_settings("core.sparseCheckout=false")
                plain.run(*_QUIET, *add, "--no-checkout", str(folder), commit)
                _write_patterns(folder)
                side = side.with_settings(*_SPARSE)
                side.run("read-tree", "-m", "-u", "HEAD")
            yield side
        finally:
            clear_aside(self.repo)

    def _stopped(self, side: Git, result: Result) -> ExternalError:
        paths = side.records("diff", "--name-only", "--diff-filter=U", "-z")
        reason = _without_progress(result)
        if any(sign in reason for sign in _NOT_SIGNED):
            return SigningFailedError(reason)
        if not paths:
            return GitFailedError("rebase", reason)
        subject = side.text("log", "-1", "--format=%s", "REBASE_HEAD")
        return RebaseConflictError(paths, subject, self.branch)


def _write_patterns(folder: Path) -> None:
    """Write which files a sparse work tree has on the disk: git reads how to merge from `.gitattributes` there, at any level."""
    git_dir = git_dir_of(folder / ".git")
    if git_dir is None:
        raise GitFailedError("worktree", "没有建成工作区")
    patterns = git_dir / "info" / "sparse-checkout"
    patterns.parent.mkdir(exist_ok=True)
    patterns.write_text(".gitattributes\n", encoding="ascii")


def clear_aside(repo: Repo) -> bool:
    """Remove the work tree that a killed command left; return whether there was one.

    By hand: a killed `git worktree add` leaves its entry locked, which `git worktree prune` then passes over for ever, and every
    later `add` fails.
    """
    folders = [repo.common_dir / "ledger" / name for name in _FOLDERS]
    entries = repo.common_dir / "worktrees"
    folders += [
        entry
        for entry in (entries.iterdir() if entries.is_dir() else ())
        if entry.name.rstrip("0123456789") in _FOLDERS and _is_ours(entry, repo)
    ]
    left = [folder for folder in folders if folder.exists()]
    if left:
        import shutil  # two milliseconds, for what is seldom needed
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    if left and entries.is_dir() and not any(entries.iterdir()):
        entries.rmdir()
    return bool(left)


def _is_ours(entry: Path, repo: Repo) -> bool:
    """Whether an entry of a work tree is one of `aside`, or was not even written to its end."""
    try:
        where = (entry / "gitdir").read_text("utf-8", "surrogateescape").strip()
    except OSError:
        return True
    return not where or Path(where).is_relative_to(repo.common_dir / "ledger")


def _progress_reader(on_progress: OnProgress) -> Callable[[bytes], None]:
    """Return a reader of git's progress lines, as they come in pieces, that calls `on_progress`."""
    load_gitpython()
    from git import RemoteProgress

    class Reader(RemoteProgress):
        def update(
            self,
            op_code: int,  # noqa: ARG002
            cur_count: str | float,
            max_count: str | float | None = None,
            message: str = "",  # noqa: ARG002
        ) -> None:
            if max_count:
                on_progress(int(cur_count or 0), int(max_count))

    handle = Reader().new_message_handler()
    rest = b""

    def read(data: bytes) -> None:
        nonlocal rest
        *lines, rest = re.split(rb"[\r\n]", rest + data)
        for line in lines:
            handle(line.decode("utf-8", "replace"))

    return read


def _without_progress(result: Result) -> str:
    """Return git's reason without the lines that tell how far it is."""
    lines = re.split(r"[\r\n]+", result.err.decode("utf-8", "replace"))
    return "\n".join(line.rstrip() for line in lines if line.strip() and not _PROGRESS.match(line))
