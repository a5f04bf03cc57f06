"""The way round typer for the commands of every day: typer takes longer to start than they take to answer.

Only a plain command line of `status`, of `check` or of a `log` with its target is read here: known options, each with its value in the next
word, none written twice. Everything else is left to typer: abbreviations, `--on=…`, help, mistakes of any sort and their messages.
The tables below say again what the functions in `cli/read.py` and `cli/write.py` declare; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ledger.environment import Environment


class Shape(NamedTuple):
    """What a command line may hold: its arguments in order with how many are needed, and its options by what they take."""

    arguments: tuple[str, ...] = ()
    needed: int = 0
    texts: Mapping[str, str] = {}
    lists: Mapping[str, str] = {}
    flags: Mapping[str, tuple[str, bool]] = {}


_EVERYWHERE = {"--root": "root", "--year": "year"}
PROGRAM = Shape(texts=_EVERYWHERE, flags={"--no-pager": ("no_pager", True)})
COMMANDS: Mapping[str, Shape] = {
    "status": Shape(
        texts={"--as-of": "as_of", "--format": "form", **_EVERYWHERE},
        lists={"--dept": "dept", "--light": "light"},
        flags={"--all": ("everything", True), "--no-cache": ("no_cache", True), "--score": ("score", True)},
    ),
    "check": Shape(texts={"--format": "form", "--root": "root"}),
    "log": Shape(
        arguments=("department", "target", "amount"),
        needed=2,
        texts={
            **{f"--{name}": name for name in ("on", "current", "base", "benchmark", "of", "note", "by")},
            "--reason": "reason",
            "--format": "form",
            **_EVERYWHERE,
        },
        lists={"--evidence": "evidence"},
        flags={
            "--total": ("total", True),
            "--add": ("total", False),
            "--late": ("late", True),
            "--dry-run": ("dry_run", True),
        },
    ),
}


class Line(NamedTuple):
    """A command line that was read: the options before the command, the command, and what it was given."""

    before: Mapping[str, Any]
    command: str
    given: Mapping[str, Any]


def read(words: Sequence[str]) -> Line | None:
    """Read a plain command line; None for any that typer must read."""
    at = next((place for place, word in enumerate(words) if word in COMMANDS), None)
    if at is None or not _plain(words):
        return None
    before, given = _given(PROGRAM, words[:at]), _given(COMMANDS[words[at]], words[at + 1 :])
    return None if before is None or given is None else Line(before, words[at], given)


def run(line: Line, env: Environment) -> int:
    """Run a command line and return its exit code.

    Raises:
        LedgerError: as the command does.
    """
    from ledger.cli import daily
    from ledger.cli.context import AppContext

    call = AppContext(env, root=line.before.get("root"), year=line.before.get("year"))
    if line.before.get("no_pager"):
        call.page_nothing()
    return daily.COMMANDS[line.command](call, **line.given)


def _plain(words: Sequence[str]) -> bool:
    """Whether no word is empty or holds bytes that are no text."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return False
    return all(words)


def _given(shape: Shape, words: Sequence[str]) -> dict[str, Any] | None:
    """Return the values that words give, by parameter; None where a word is not plainly one of the shape's."""
    found: dict[str, Any] = {}
    arguments: list[str] = []
    value: Any
    rest = iter(words)
    for word in rest:
        if word in shape.flags:
            name, value = shape.flags[word]
        elif word in shape.texts or word in shape.lists:
            text = next(rest, "-")
            if text.startswith("-"):
                return None
            if word in shape.lists:
                found.setdefault(shape.lists[word], []).append(text)
                continue
            name, value = shape.texts[word], text
        elif word.startswith("-"):
            return None
        else:
            arguments.append(word)
            continue
        if name in found or (value := _value(name, value)) is None:
            return None
        found[name] = value
    if not shape.needed <= len(arguments) <= len(shape.arguments):
        return None
    return found | dict(zip(shape.arguments, arguments, strict=False))


def _value(name: str, value: Any) -> Any:
    """Return an option's value as its command takes it; None for one that typer must refuse."""
    if name == "root":
        return Path(value)
    if name == "year":
        return int(value) if len(value) == 4 and value.isascii() and value.isdigit() else None
    if name == "form":
        from ledger.render import Format

        return Format(value) if value in list(Format) else None
    return value
