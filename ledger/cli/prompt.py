"""Questions to a person at the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ledger.environment import Environment
from ledger.rules.gate import DoubtfulFigureError

T = TypeVar("T")
YES = ("y", "Y", "是", "照记")
ASK_DOUBT = "照记吗？（y 照记，回车不记） > "


class StoppedError(Exception):
    """Raised when the person stops or the input ends."""


def ask(env: Environment, prompt: str) -> str:
    """Return the answer to one question: printable characters only, blanks run together.

    Raises:
        StoppedError: at the end of the input.
    """
    while True:
        env.stdout.write(prompt)
        env.stdout.flush()
        line = env.stdin.readline()
        if not line:
            env.stdout.write("\n")
            raise StoppedError
        if "\N{REPLACEMENT CHARACTER}" not in line:
            break
        env.stdout.write(
            f"有的字认不出来，没有采用：窗口的编码和程序的（{env.stdin.encoding}）不一样；换一种写法，或只写数字\n"
        )
    return " ".join("".join(character if character.isprintable() else " " for character in line).split())


def confirm_doubts(env: Environment, prepare: Callable[[bool], T], *, confirm: bool) -> T:
    """Return what `prepare` returns; on a terminal, ask whether a doubtful figure is right and prepare it as confirmed.

    Raises:
        DoubtfulFigureError: where nobody can be asked, or the answer is no.
    """
    try:
        return prepare(confirm)
    except DoubtfulFigureError as error:
        if not env.interactive:
            raise
        env.stdout.write(f"请核对：{error.question}\n")
        try:
            answer = ask(env, ASK_DOUBT)
        except StoppedError:
            raise error from None
        if answer not in YES:
            raise
    return prepare(True)
