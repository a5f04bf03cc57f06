"""What the guided entry says and asks at the terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ledger.cli.guided.wording import ASK_HELP, STOP
from ledger.cli.prompt import StoppedError, ask
from ledger.core.errors import LedgerError
from ledger.environment import Environment

T = TypeVar("T")


@dataclass(frozen=True)
class Dialog:
    """Lines and questions on the terminal of `env`."""

    env: Environment

    def say(self, *texts: str) -> None:
        """Write lines to the terminal."""
        self.env.stdout.write("".join(f"{text}\n" for text in texts))

    def refuse(self, error: LedgerError) -> None:
        """Say why something was not recorded, and what to do."""
        self.say(f"  未记入：{error.message}", *((f"  {error.hint}",) if error.hint else ()))

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Return what `act` returns; None, with the reason on the terminal, where it is refused."""
        try:
            return act()
        except LedgerError as error:
            self.refuse(error)
            return None

    def ask(self, prompt: str) -> str:
        """Ask one question; an answer may be a call for help or a wish to stop.

        Raises:
            StoppedError: at the end of the input.
        """
        return ask(self.env, prompt)

    def ask_with_help(self, prompt: str, help_text: str) -> str:
        """Ask until the answer is no call for help.

        Raises:
            StoppedError: when the person stops.
        """
        while (answer := self.ask(prompt)) in ASK_HELP:
            self.say(help_text)
        if answer in STOP:
            raise StoppedError
        return answer
