"""The outside world in one object: streams, terminal, today and environment. Made by a factory, never at import time."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from ledger.core.errors import UsageError


@dataclass(frozen=True)
class Environment:
    """What a command may know of the machine it runs on; tests make their own."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    cwd: Path
    today: date

    @property
    def interactive(self) -> bool:
        """Whether a person sits at both ends."""
        return self.stdin.isatty() and self.stdout.isatty()

    @property
    def completing(self) -> str | None:
        """The word at the cursor, when one of our scripts asks what could stand there; None when a command is to be done."""
        asked = self.environ.get("LEDGER_COMPLETE", "")
        return asked[1:] if asked.startswith("=") else None

    @classmethod
    def of_process(cls) -> Environment:
        """Return the world of this process.

        Characters that the stream's encoding lacks are replaced, never raised: a Chinese console may be GBK, a log ASCII. So is
        what is typed in another encoding; whoever asks for it refuses it.

        Raises:
            UsageError: when `LEDGER_TODAY` is no date.
        """
        streams = (sys.stdin, sys.stdout, sys.stderr) if sys.stdin.isatty() else (sys.stdout, sys.stderr)
        for stream in streams:
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        return cls(sys.stdin, sys.stdout, sys.stderr, os.environ, Path.cwd(), _today(os.environ))


def _today(environ: Mapping[str, str]) -> date:
    text = environ.get("LEDGER_TODAY")
    if not text:
        return date.today()  # noqa: DTZ011  the user's own calendar day is meant
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"环境变量 LEDGER_TODAY 不是日期：{text}", "写成 2023-06-30 这样，或取消这个变量"
        ) from None
