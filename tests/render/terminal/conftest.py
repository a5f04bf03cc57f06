"""The program on a terminal of its own: so many columns and rows, what it wrote, and the keys it is given."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pexpect
import pytest

from tests.conftest import World

STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Shown:
    """What stood on the screen when the program had ended."""

    code: int
    raw: str

    @property
    def text(self) -> str:
        """Without colours."""
        return STYLE.sub("", self.raw)


Terminal = Callable[..., Shown]


@pytest.fixture
def spawn(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pexpect.spawn[str]]:
    """Start the program on a terminal, and leave it running."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "PAGER", "LESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")

    def start(*arguments: str, columns: int = 80, rows: int = 24) -> pexpect.spawn[str]:
        return pexpect.spawn(
            sys.executable,
            ["-m", "ledger", *arguments],
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=30,
            cwd=str(world.root),
            env=dict(os.environ),  # else COLUMNS slips in, which readline sets behind Python
        )

    return start


@pytest.fixture
def terminal(spawn: Callable[..., pexpect.spawn[str]]) -> Terminal:
    """Run the program on a terminal to its end."""

    def run(*arguments: str, columns: int = 80, rows: int = 24) -> Shown:
        running = spawn(*arguments, columns=columns, rows=rows)
        raw = running.read().replace("\r\n", "\n")
        running.close()
        return Shown(int(running.exitstatus or 0), raw)

    return run
