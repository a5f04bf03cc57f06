"""The gateway to the git program: every git process of the package is started here.

    git = Git(folder, os.environ)
    git.run("update-ref", ref, commit)                  # raises GitFailedError unless git exits with 0
    git.text("config", "--get", name, expected=(0, 1))  # "" where the setting is absent, an error where it cannot be read
    git.attempt("push", …)                              # never raises for an exit code: the caller explains the refusal
    with git.stream("cat-file", "--batch") as process:  # checked when the block ends

A command fails unless it ends with one of the `expected` codes. An end by a signal (a negative code) is always a failure, even
where the output so far looks complete. Output whose end can be known is checked (`records`, `walk.py`, `blobs.py`). A process that
prints nothing for five minutes, or as long as `LEDGER_GIT_TIMEOUT` says, is ended, and that is a failure too (`pipes.py`).

Every process gets a clean environment and the same settings: replace refs, grafts, the commit graph, mailmap and log settings
do not change what is read. Hooks, signing and credentials stay as the user set them.

Performance: GitPython is not used for plain calls. Importing it takes 44 ms (129 ms against 85 ms for a started command, medians of 25,
2 cores), five times a `git commit`; and its `execute` can add to the inherited environment but not remove `GIT_DIR` from it.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ledger.core.structs import FrozenStruct
from ledger.git.errors import GitFailedError, GitNotFoundError, GitTimeoutError
from ledger.git.pipes import collect, limit_reads, reap, scratch_file, silence_limit

# Variables that people set on purpose: who they are, how to reach a server, where their settings are. Every other variable that
# begins with GIT_ describes another repository or command (GIT_DIR, GIT_INDEX_FILE inside a hook, GIT_CONFIG_PARAMETERS of
# `git -c`) or writes into the output that is read here (GIT_TRACE).
_KEPT = re.compile(
    r"GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)|SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+"
    r"|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|TEMPLATE_DIR|CEILING_DIRECTORIES)"
)

SETTINGS = (
    "core.quotePath=false",
    # A Windows user may have told git to write messages in GBK; ours are UTF-8 and must be labelled so.
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    # A guessed root@localhost is worse than a question.
    "user.useConfigOnly=true",
    # A commit graph is a cache that anybody with the folder can forge.
    "core.commitGraph=false",
    "log.showSignature=false",
    # Git says this of the empty graft file that it is given, too.
    "advice.graftFileDeprecated=false",
)
"""Settings of every git command, on top of the user's."""
OPTIONS = ("--no-replace-objects", *(part for setting in SETTINGS for part in ("-c", setting)))
"""Options of every git command."""

_ENDS = (b"\n", b"\0")
_OPTIONS_WITH_VALUE = {"-c", "-C"}


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` without the variables that misdirect git: messages in English, no password prompt, no grafts."""
    kept = {
        name: value for name, value in environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)
    }
    return kept | {
        "LC_ALL": "C",
        "LANGUAGE": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_GRAFT_FILE": os.devnull,
    }


class Result(FrozenStruct):
    """How one git command ended; a negative `code` is the number of the signal that ended it."""

    code: int
    out: bytes
    err: bytes

    @property
    def reason(self) -> str:
        """What git said of a failure: stderr, or stdout where a command complains there (`nothing to commit`)."""
        text = self.err.decode("utf-8", "replace").strip()
        return text or self.out.decode("utf-8", "replace").strip()

    @property
    def text(self) -> str:
        """The output as text, without the newline at its end; bytes that are not UTF-8 become lone surrogates."""
        return self.out.decode("utf-8", "surrogateescape").strip("\n")


class Git:
    """Git commands run in one folder."""

    def __init__(
        self, folder: Path, environ: Mapping[str, str], extra: Mapping[str, str] | None = None
    ) -> None:
        """`extra` is added to the cleaned `environ`."""
        self.folder = folder
        self.environ = clean_environment(environ) | dict(extra or {})
        self.settings: tuple[str, ...] = ()

    @property
    def silence_limit(self) -> int:
        """For how many seconds git may print nothing while it is waited for; see `pipes.py`."""
        return silence_limit(self.environ)

    def with_environ(self, **extra: str) -> Git:
        """Return the same gateway with more variables in the environment."""
        other = self.at(self.folder)
        other.environ = self.environ | extra
        return other

    def with_settings(self, *settings: str) -> Git:
        """Return the same gateway with more of git's settings (`name=value`)."""
        other = self.at(self.folder)
        other.settings = (*self.settings, *settings)
        return other

    def at(self, folder: Path) -> Git:
        """Return the same gateway for another folder."""
        other = Git(folder, {})
        other.environ, other.settings = self.environ, self.settings
        return other

    def run(self, *args: str, expected: tuple[int, ...] = (0,), stdin: bytes = b"") -> Result:
        """Run `git ARGS` to its end.

        Raises:
            GitFailedError: for an exit code that is not expected, or an end by a signal; with git's reason.
            GitNotFoundError: when there is no git on PATH.
        """
        result = self.attempt(*args, stdin=stdin)
        if result.code not in expected:
            raise _failure(args, result.code, result.reason)
        return result

    def text(self, *args: str, expected: tuple[int, ...] = (0,), stdin: bytes = b"") -> str:
        """Return what `git ARGS` prints, without the newline at its end.

        Raises:
            GitFailedError, GitNotFoundError: as `run` does.
        """
        result = self.run(*args, expected=expected, stdin=stdin)
        if result.out and result.out[-1:] not in _ENDS:
            raise GitFailedError(command_of(args), "输出没有写完就断了")
        return result.text

    def records(self, *args: str, expected: tuple[int, ...] = (0,), stdin: bytes = b"") -> list[str]:
        """Return the records that `git ARGS`, run with `-z`, prints.

        Raises:
            GitFailedError: as `run` does, and when the last record lacks its NUL: the output was cut off.
        """
        out = self.run(*args, expected=expected, stdin=stdin).out
        if out and not out.endswith(b"\0"):
            raise GitFailedError(command_of(args), "输出没有写完就断了")
        return out.decode("utf-8", "surrogateescape").split("\0")[:-1]

    def attempt(
        self,
        *args: str,
        stdin: bytes = b"",
        environ: Mapping[str, str] | None = None,
        on_start: Callable[[subprocess.Popen[bytes]], None] | None = None,
        on_message: Callable[[bytes], None] | None = None,
    ) -> Result:
        """Run `git ARGS` to its end and return how it ended, whatever the code.

        `environ` adds to the clean environment. `on_start` is called with the process, `on_message` with each piece of
        stderr as it comes (progress lines end in a carriage return).

        Raises:
            GitTimeoutError: when git says nothing for `silence_limit` seconds.
            GitNotFoundError: when there is no git on PATH.
        """
        limit = self.silence_limit
        with self._start(args, subprocess.PIPE if stdin else subprocess.DEVNULL, environ) as process:
            try:
                if on_start:
                    on_start(process)
                out, err = collect(process, command_of(args), limit, stdin, on_message)
            except BaseException:
                process.terminate()
                raise
        return Result(process.returncode, out, err)

    @contextmanager
    def stream(
        self, *args: str, stdin: int | IO[bytes] = subprocess.DEVNULL
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start `git ARGS` for reading its output while it runs; ended and checked when the block ends.

        A process whose output was not read to its end is killed without an error: the reader needed no more.

        Raises:
            GitFailedError: when git failed or was killed by somebody else; with git's reason.
            GitNotFoundError: when there is no git on PATH.
        """
        command, limit = command_of(args), self.silence_limit
        with scratch_file() as errors:
            process = self._start(args, stdin, None, errors)
            limit_reads(process, command, limit)
            cut_off: GitFailedError | None = None
            stopped = False
            with process:
                try:
                    yield process
                except GitTimeoutError:
                    raise
                except GitFailedError as error:  # the reader missed something: git may say why
                    cut_off = error
                finally:
                    if process.stdin is not None:
                        with suppress(BrokenPipeError):
                            process.stdin.close()
                    assert process.stdout is not None
                    if process.stdout.read(1):
                        stopped = True
                        process.kill()
                    reap(process, command, limit)
            if process.returncode and not stopped:
                errors.seek(0)
                raise _failure(args, process.returncode, errors.read().decode("utf-8", "replace").strip())
            if cut_off:
                raise cut_off

    def _start(
        self,
        args: tuple[str, ...],
        stdin: int | IO[bytes],
        environ: Mapping[str, str] | None,
        stderr: int | IO[bytes] = subprocess.PIPE,
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ("git", *OPTIONS, *(part for setting in self.settings for part in ("-c", setting)), *args),
                cwd=self.folder,
                env=self.environ | dict(environ or {}),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        except FileNotFoundError as error:
            if error.filename not in (None, "git"):
                raise
            raise GitNotFoundError from None


def _failure(args: tuple[str, ...], code: int, reason: str) -> GitFailedError:
    if code < 0:
        reason = "\n".join(filter(None, (f"被信号 {-code} 强行结束（常见原因：内存不足）", reason)))
    return GitFailedError(command_of(args), reason or f"退出码 {code}")


def command_of(args: tuple[str, ...]) -> str:
    """Return the name of the git command in `args`, behind its options."""
    rest = iter(args)
    for arg in rest:
        if arg in _OPTIONS_WITH_VALUE:
            next(rest, None)
        elif not arg.startswith("-"):
            return arg
    return "git"
