"""Questions to a person at the terminal."""

from __future__ import annotations

from ledger.environment import Environment


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
