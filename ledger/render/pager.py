"""Long answers shown page by page on a terminal, by the user's own pager.

As git does: `LEDGER_PAGER`, else `PAGER`, else `less`; empty or `cat` is none. Output that is no terminal is never paged.
"""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ledger.core.errors import reason_of
from ledger.environment import Environment

NONE = {"", "cat"}


def command(env: Environment) -> list[str] | None:
    """Return the pager's command line; None when nothing is to be paged."""
    if not env.stdout.isatty() or not _is_utf8(env):
        return None  # less has no GBK: it would show the bytes as <BA><FE>
    asked = env.environ.get("LEDGER_PAGER", env.environ.get("PAGER"))
    if asked is None:
        return ["less"] if shutil.which("less", path=env.environ.get("PATH")) else None
    return None if asked.strip() in NONE else shlex.split(asked)


def page_text(text: str, env: Environment, pager: list[str], rows: int) -> None:
    """Write a text that fits the screen as it is, a longer one through the pager; without it when it does not start."""
    if text.count("\n") < rows:
        env.stdout.write(text)
        return
    env.stdout.flush()
    # Options of less: quit if one screen, pass colours through, keep the text on the screen.
    preset = {"LESS": "FRX", "LV": "-c", "LESSCHARSET": "utf-8"}
    try:
        running = subprocess.Popen(pager, stdin=subprocess.PIPE, env={**preset, **env.environ})
    except OSError as error:
        print(
            f"提示：分页程序 {pager[0]} 打不开（{reason_of(error)}），不分页；"
            "可设 LEDGER_PAGER=less，或用 ledger --no-pager",
            file=env.stderr,
        )
        env.stdout.write(text)
        return
    with _ignore_interrupts():
        # The reader may leave before the end.
        with suppress(BrokenPipeError):
            running.communicate(text.encode(env.stdout.encoding or "utf-8", "replace"))
        running.wait()


def _is_utf8(env: Environment) -> bool:
    return (env.stdout.encoding or "").lower().replace("-", "") == "utf8"


@contextmanager
def _ignore_interrupts() -> Iterator[None]:
    """Leave Ctrl-C to the pager, which uses it itself: less stops a search."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
