"""Runs git, each time in a clean environment; knows nothing of ledgers.

Why not GitPython here: importing it costs 44 ms on top of a started command (129 ms against 85 ms, medians of 25, 2 cores), which is
five times what the `git commit` itself takes (8 ms), and its `execute` can add to the inherited environment but not
take `GIT_DIR` out of it. GitPython stays where its object model earns that price (`Repo.objects`).
"""

from __future__ import annotations

import os
import re
import selectors
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from ledger.core.structs import FrozenStruct
from ledger.git.faults import GitNotFoundError

# What people set on purpose to say who they are, how to reach a server or where their settings lie. All else that begins with
# GIT_ describes some other repository or command (GIT_DIR, GIT_INDEX_FILE inside a hook, GIT_CONFIG_PARAMETERS of `git -c`)
# or prints into what is read here (GIT_TRACE).
_KEPT = re.compile(
    r"GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)|SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+"
    r"|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|TEMPLATE_DIR|CEILING_DIRECTORIES)"
)

_SETTINGS = (
    "core.quotePath=false",
    # A Windows user may have told git to write messages in GBK; ours are UTF-8 and must be labelled so.
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    # A guessed root@localhost is worse than a question.
    "user.useConfigOnly=true",
)
_GLOBAL = tuple(part for setting in _SETTINGS for part in ("-c", setting))

_DRAIN_SECONDS = 0.5
_CHUNK = 1 << 16


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` without what would lead git astray, speaking English and never asking for a password."""
    kept = {
        name: value for name, value in environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)
    }
    return kept | {"LC_ALL": "C", "LANGUAGE": "C", "GIT_TERMINAL_PROMPT": "0"}


class Result(FrozenStruct):
    """How one git command ended."""

    code: int
    out: bytes
    err: bytes

    @property
    def words(self) -> str:
        """What git said of a failure: stderr, or stdout where a command complains there (`nothing to commit`)."""
        said = self.err.decode("utf-8", "replace").strip()
        return said or self.out.decode("utf-8", "replace").strip()


class Git:
    """Git commands run in one folder."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = clean_environment(environ)

    def run(
        self,
        *args: str,
        environ: Mapping[str, str] | None = None,
        started: Callable[[subprocess.Popen[bytes]], None] | None = None,
    ) -> Result:
        """Run `git ARGS` to its end; a non-zero code is an answer, not an exception.

        `environ` adds to the clean environment. `started` is told of the process, for whoever must be able to stop it.

        Raises:
            GitNotFoundError: when there is no git on PATH.
        """
        try:
            process = subprocess.Popen(
                ("git", *_GLOBAL, *args),
                cwd=self.folder,
                env=self.environ | dict(environ or {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError as error:
            if error.filename not in (None, "git"):
                raise
            raise GitNotFoundError from None
        with process:
            try:
                if started:
                    started(process)
                out, err = _collect(process)
            except BaseException:
                process.terminate()
                raise
        return Result(process.returncode, out, err)


def _collect(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Read both streams until git ends; a hook's child that keeps them open (`git push &`) is not waited for.

    `communicate` with a timeout polls for the end of the process, which costs a millisecond for each command.
    """
    if os.name == "nt":
        return process.communicate()
    got: dict[int, list[bytes]] = {}
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            got[stream.fileno()] = []
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(_DRAIN_SECONDS)
            if not ready and process.poll() is not None:
                break
            for key, _ in ready:
                if data := os.read(key.fd, _CHUNK):
                    got[key.fd].append(data)
                else:
                    selector.unregister(key.fileobj)
    process.wait()
    out, err = (b"".join(parts) for parts in got.values())
    return out, err
