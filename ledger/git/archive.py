"""A repository as an auditor reads it: commits, blobs and refs as they were written, bare or not, also inside a push.

Replace refs, mailmap, grafts, a forged commit graph and the user's log settings are passed over; what could hide history
is asked for by name. Knows nothing of entries, and writes nothing but tags.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ledger.git.faults import GitFailedError
from ledger.git.process import _GLOBAL as GLOBAL
from ledger.git.process import Git, Result
from ledger.git.repository import Repo
from ledger.git.steps import FORMAT, SIGNED_FORMAT, Step, parse_steps

MOST_BYTES = 32 * 1024 * 1024
_CHUNK = 1 << 16
# Inside a hook these say where the pushed objects lie before they are accepted; without them git does not see them.
_QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_PLAIN = ("--no-replace-objects", "-c", "core.commitGraph=false", "-c", "log.showSignature=false")


@dataclass(frozen=True, slots=True)
class Ref:
    """A ref: its name, the object it names, that object's type, and the commit an annotated tag leads to."""

    name: str
    object: str
    kind: str
    commit: str


class ObjectTooLargeError(GitFailedError):
    """An object that no ledger's file comes near, and that nobody should be made to hold in memory."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__("cat-file", f"对象 {name} 有 {size} 字节，超过上限 {MOST_BYTES} 字节")
        self.size = size


class Contents:
    """Blobs by id, from one `git cat-file --batch`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._ask: IO[bytes] = process.stdin
        self._answer: IO[bytes] = process.stdout

    def __call__(self, name: str) -> bytes:
        """Return an object's bytes: a blob's content, a commit's or a tag's text.

        Raises:
            GitFailedError: when the repository lacks it.
        """
        self._ask.write(name.encode("ascii") + b"\n")
        self._ask.flush()
        head = self._answer.readline().split()
        if len(head) != 3:
            raise GitFailedError("cat-file", f"仓库里缺少对象 {name}")
        size = int(head[2])
        if size > MOST_BYTES:
            left = size + 1
            while left:
                left -= len(self._answer.read(min(left, _CHUNK)))
            raise ObjectTooLargeError(name, size)
        return self._answer.read(size + 1)[:-1]


@dataclass(frozen=True)
class Archive:
    """One repository. `git_dir` is where its settings lie; `extra` adds to the environment of every git command."""

    git_dir: Path
    runner: Git = field(repr=False)
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, repo: Repo) -> Archive:
        """Return the archive of a work tree's repository."""
        return cls(repo.common_dir, repo.runner)

    @classmethod
    def bare(cls, folder: Path, environ: Mapping[str, str]) -> Archive:
        """Return the archive of a bare repository; `environ` is a hook's, so that objects in quarantine are seen."""
        here = {name: environ[name] for name in _QUARANTINE if name in environ}
        return cls(folder, Git(folder, environ), {"GIT_DIR": str(folder), **here})

    def run(self, *args: str) -> Result:
        """Run one git command, as the files say and not as replace refs would have it."""
        return self.runner.run(*_PLAIN, *args, environ=self.extra)

    def text(self, *args: str) -> str | None:
        """Return what one git command prints, `None` when it fails."""
        result = self.run(*args)
        return None if result.code else result.out.decode("utf-8", "surrogateescape").strip("\n")

    def commit(self, name: str) -> str | None:
        """Return the full id of the commit that `name` leads to, `None` when there is none."""
        return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` descends from `older` or is it."""
        return self.run("merge-base", "--is-ancestor", older, newer).code == 0

    def setting(self, name: str) -> str | None:
        """Return one of git's settings."""
        return self.text("config", "--get", name)

    def refs(self, prefix: str) -> list[Ref]:
        """Return the refs below `prefix`, in order of their names."""
        form = "%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)"
        out = self.text("for-each-ref", f"--format={form}", "--end-of-options", prefix) or ""
        found = []
        for line in out.splitlines():
            name, target, kind, peeled = line.split("\0")
            found.append(Ref(name, target, kind, peeled or target))
        return found

    def tree(self, commit: str, folder: str) -> dict[str, tuple[str, str, int]]:
        """Return mode, blob id and size of every file below `folder` at `commit`, by path; empty when it is not there."""
        result = self.run("ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", commit, folder)
        if result.code:
            raise GitFailedError("ls-tree", result.words)
        found = {}
        for record in result.out.decode("utf-8", "surrogateescape").split("\0")[:-1]:
            meta, _, path = record.partition("\t")
            mode, _, blob, size = meta.split()
            found[path] = (mode, blob, int(size) if size.isdigit() else 0)
        return found

    def changed(self, old: str, new: str, folder: str) -> dict[str, tuple[str, str]]:
        """Return the blob ids before and after of every file below `folder` that differs; zeros where it is not there."""
        result = self.run(
            "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new, "--", folder
        )
        if result.code:
            raise GitFailedError("diff-tree", result.words)
        fields = result.out.decode("utf-8", "surrogateescape").split("\0")
        found = {}
        for facts, path in zip(fields[::2], fields[1::2], strict=False):
            _, _, before, after, _ = facts.split(" ")
            found[path] = (before, after)
        return found

    @contextmanager
    def contents(self) -> Iterator[Contents]:
        """Open the blobs for reading, one process for all."""
        process = self._start("cat-file", "--batch", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        with process:
            try:
                yield Contents(process)
            finally:
                process.kill()

    def steps(
        self, tip: str, base: str | None = None, *, signers: Path | None = None, signed: bool = False
    ) -> Iterator[Step]:
        """Yield the commits from after `base` (from the first, without it) up to `tip`, parents before children.

        A merge is shown by what it changes against its first parent. With `signed`, each commit's signature is verified
        against the allowed signers of `signers`, or of git's own settings.

        Raises:
            GitFailedError: with git's words, also when it fails half-way.
        """
        known = ("-c", f"gpg.ssh.allowedSignersFile={signers}") if signers else ()
        bounds: Sequence[str] = (tip,) if base is None else (tip, f"^{base}")
        with tempfile.TemporaryFile() as words:
            process = self._start(
                *known, "log", "-z", "--raw", "--no-renames", "--no-abbrev", "--reverse", "--topo-order",
                "--diff-merges=first-parent", "--ignore-submodules=none", "--no-color", "--no-mailmap",
                "--no-show-signature", "--no-notes", f"-O{os.devnull}", "--no-relative",
                f"--format={SIGNED_FORMAT if signed else FORMAT}", "--end-of-options", *bounds, "--",
                stderr=words,
            )  # fmt: skip
            with process:
                try:
                    assert process.stdout is not None
                    yield from parse_steps(iter(lambda: _read(process), b""), signed=signed)
                finally:
                    if process.poll() is None:
                        process.kill()
            if process.returncode > 0:
                words.seek(0)
                raise GitFailedError("log", words.read().decode("utf-8", "replace").strip())

    def _start(
        self, *args: str, stderr: int | IO[bytes], stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start git for reading its output as it comes; whether there is a git was found out before."""
        return subprocess.Popen(
            ("git", *GLOBAL, *_PLAIN, *args),
            cwd=self.runner.folder,
            env=self.runner.environ | dict(self.extra),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )


def _read(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.read(_CHUNK)
