"""The outside world in one object: streams, terminal, date and environment variables. Read by a factory, never at import time."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from ledger.core.errors import UsageError

_RESTARTED = "LEDGER_UTF8_NAMES"


class Environment(NamedTuple):
    """What a command may read of the machine it runs on; tests make their own."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    cwd: Path
    today: date
    on_view: Callable[[Any, str], None] | None = None
    """Called with every answer and the name of its format, before it is written."""

    @property
    def interactive(self) -> bool:
        """Whether input and output are terminals."""
        return self.stdin.isatty() and self.stdout.isatty()

    def discard_output(self) -> None:
        """Point the standard output at nothing, so that what it did not take raises no other error at the end."""
        with suppress(OSError, ValueError):  # a stream of a test is no file
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())

    @property
    def completing(self) -> str | None:
        """The word at the cursor when a completion script asks for candidates; None when a command is to be run."""
        word = self.environ.get("LEDGER_COMPLETE", "")
        return word[1:] if word.startswith("=") else None

    @classmethod
    def of_process(cls) -> Environment:
        """Return the environment of this process.

        Characters that a stream's encoding lacks are replaced: a Chinese console may be GBK, a log file ASCII. So is input in
        another encoding; whoever reads it refuses the replacement character.

        Raises:
            UsageError: when `LEDGER_TODAY` is no date.
        """
        streams = (sys.stdin, sys.stdout, sys.stderr) if sys.stdin.isatty() else (sys.stdout, sys.stderr)
        for stream in streams:
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        return cls(sys.stdin, sys.stdout, sys.stderr, os.environ, Path.cwd(), _today(os.environ))


def restart_with_utf8_names() -> None:
    """Replace this process by one that reads file names as UTF-8, where Python would read them in the locale's encoding.

    Under a GBK locale on Linux Python decodes the UTF-8 names of a ledger's folders as GBK, so that no department's folder is found.
    The streams keep the terminal's encoding, and what was typed in it is passed on as UTF-8. Does nothing on Windows, whose file
    names are not bytes, nor in a process that was restarted before.
    """
    if os.name == "nt" or sys.getfilesystemencoding() == "utf-8" or _RESTARTED in os.environ:
        return
    typed = len(sys.argv) - 1
    program = sys.orig_argv[1 : len(sys.orig_argv) - typed]
    arguments = [
        sys.executable.encode(sys.getfilesystemencoding(), "surrogateescape"),
        b"-Xutf8",
        *map(os.fsencode, program),
        *(word.encode("utf-8", "surrogateescape") for word in sys.argv[1:]),
    ]
    environ = dict(os.environb)
    for name, value in os.environ.items():
        if name.startswith("LEDGER_"):
            environ[os.fsencode(name)] = value.encode("utf-8", "surrogateescape")
    environ.setdefault(b"PYTHONIOENCODING", sys.stdout.encoding.encode("ascii"))
    environ[os.fsencode(_RESTARTED)] = b"1"
    os.execve(sys.executable, arguments, environ)  # noqa: S606 - this very program, without a shell


def _today(environ: Mapping[str, str]) -> date:
    text = environ.get("LEDGER_TODAY")
    if not text:
        return date.today()  # noqa: DTZ011  the user's own calendar day is meant
    from ledger.core.dates import FIRST_YEAR, LAST_YEAR

    try:
        today = date.fromisoformat(text)
        if not FIRST_YEAR <= today.year <= LAST_YEAR:
            raise ValueError
        return today
    except ValueError:
        raise UsageError(
            f"环境变量 LEDGER_TODAY 不是日期：{text}", "写成 2023-06-30 这样，或取消这个变量"
        ) from None
