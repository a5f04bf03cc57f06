"""The parser of plain command lines: without typer, which takes longer to import than most commands take to answer.

A plain command line has known options, each with its value in the next word and none twice, and as many arguments as the command takes.
A dash before a digit is the sign of a number, for no option is called so. Everything else is left to typer: `--on=…`, `--`, help pages,
and mistakes with their messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ledger.cli.command import Command, Parameter, execute
from ledger.cli.commands import GROUPS, NAMES, load_command
from ledger.cli.context import AppContext
from ledger.cli.negative import NEGATIVE
from ledger.cli.program import Program
from ledger.environment import Environment


class CommandLine(NamedTuple):
    """A parsed command line: the words given before the command, the command, and the words given to it, by parameter."""

    before: Mapping[str, Any]
    command: type[Command]
    given: Mapping[str, Any]


def parse(words: Sequence[str]) -> CommandLine | None:
    """Parse a plain command line; None for any other."""
    if not all(words) or not _is_text(words):
        return None
    at = _command_at(words)
    if at is None:
        return None
    length = 2 if words[at] in GROUPS else 1
    name = " ".join(words[at : at + length])
    if name not in NAMES:
        return None
    command = load_command(name)
    before = _given(Program.parameters, words[:at])
    given = None if before is None else _given(command.parameters, words[at + length :])
    return None if before is None or given is None else CommandLine(before, command, given)


def run_fast(line: CommandLine, env: Environment) -> int:
    """Run a command line and return its exit code.

    Raises:
        LedgerError: as the command does.
    """
    context = AppContext(env)
    execute(Program, line.before, context)
    return execute(line.command, line.given, context)


def _is_text(words: Sequence[str]) -> bool:
    """Whether no word holds bytes that could not be decoded."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return False
    return True


def _command_at(words: Sequence[str]) -> int | None:
    """Return the position of the command behind the options of the program; None when there is none."""
    values = {flag for parameter in Program.parameters.values() if parameter.type for flag in parameter.flags}
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in values else 1
    return at if at < len(words) else None


def _given(parameters: Mapping[str, Parameter], words: Sequence[str]) -> dict[str, Any] | None:
    """Return the words given for each parameter; None where a word is not plainly one of a parameter."""
    options = {
        flag: name for name, parameter in parameters.items() for flag in (*parameter.flags, *parameter.off)
    }
    given: dict[str, Any] = {}
    arguments: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or NEGATIVE.match(word):
            arguments.append(word)
            continue
        name = options.get(word)
        if name is None or parameters[name].action is not None:
            return None
        parameter = parameters[name]
        value: Any = word in parameter.flags if parameter.type is None else next(rest, "-")
        if isinstance(value, str) and value.startswith("-") and not NEGATIVE.match(value):
            return None
        if parameter.many:
            given.setdefault(name, []).append(value)
        elif name in given:
            return None
        else:
            given[name] = value
    required = {name for name, parameter in parameters.items() if parameter.required and parameter.flags}
    if required - given.keys():
        return None
    return _with_arguments(parameters, arguments, given)


def _with_arguments(
    parameters: Mapping[str, Parameter], words: list[str], given: dict[str, Any]
) -> dict[str, Any] | None:
    """Add the words that are no options to what is given; None where they are too few or too many."""
    for name, parameter in parameters.items():
        if parameter.flags:
            continue
        if not words:
            if parameter.required:
                return None
        elif parameter.many:
            given[name], words = words, []
        else:
            given[name], *words = words
    return None if words else given
