"""The server's pre-receive hook: judges a push and says why it is refused. Loads no typer, for it runs at every push."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.core.errors import ExitCode
from ledger.environment import Environment


def is_asked(arguments: Sequence[str]) -> bool:
    """Whether a command line is the hook's own, `guard receive FOLDER`; anything else, its help too, is the program's."""
    return len(arguments) == 3 and [*arguments[:2]] == ["guard", "receive"] and arguments[2][:1] != "-"


def receive(folder: Path, env: Environment) -> ExitCode:
    """Judge the push that git describes on stdin, and write every reason to refuse it to stderr.

    Raises:
        LedgerError: when nothing can be judged; then too nothing may be accepted.
    """
    from datetime import UTC, datetime

    from ledger.commands.guard import receive as judge

    found = judge(folder, env.stdin, env.environ, datetime.now(UTC))
    if not found:
        return ExitCode.DONE
    from ledger.render.views.audit import refusal_lines

    env.stderr.writelines(f"{line}\n" for line in refusal_lines(found))
    return ExitCode.FINDINGS
