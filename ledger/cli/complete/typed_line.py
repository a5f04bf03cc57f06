"""The words before the cursor, parsed by the declarations of the commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.cli import commands
from ledger.cli.command import Command, Parameter
from ledger.cli.program import Program


@dataclass
class TypedLine:
    """The words before the cursor: the command if it is there, what was given for its parameters, and what comes next.

    `awaiting` is the option whose value comes next. Unknown options are passed over.
    """

    command: type[Command] = Program
    group: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    awaiting: Parameter | None = None
    options_ended: bool = False

    @classmethod
    def parse(cls, words: Sequence[str]) -> TypedLine:
        """Read the words before the cursor.

        Raises:
            ValueError: when the command is none.
        """
        line = cls()
        option = ""
        for word in words:
            if line.awaiting is not None:
                line._give(option, line.awaiting, word)
                line.awaiting = None
            elif word == "--":
                line.options_ended = True
            elif word.startswith("-") and not line.options_ended:
                name, sign, value = word.partition("=")
                option, parameter = line.option(name)
                if parameter is None:
                    continue
                if sign or parameter.type is None:
                    line._give(option, parameter, value)
                else:
                    line.awaiting = parameter
            else:
                line._add(word)
        return line

    def option(self, flag: str) -> tuple[str, Parameter | None]:
        """Return the option of the command that a flag names, with its name; None for an unknown flag."""
        for name, parameter in self.command.parameters.items():
            if flag in (*parameter.flags, *parameter.off):
                return name, parameter
        return "", None

    def next_argument(self) -> tuple[str, Parameter] | None:
        """Return the argument that the next word is; None when the command takes no more."""
        for name, parameter in self.command.parameters.items():
            if not parameter.flags and (parameter.many or name not in self.given):
                return name, parameter
        return None

    def _give(self, name: str, parameter: Parameter, word: str) -> None:
        if parameter.many:
            self.given.setdefault(name, []).append(word)
        else:
            self.given[name] = word

    def _add(self, word: str) -> None:
        if self.command is not Program:
            if (argument := self.next_argument()) is not None:
                self._give(*argument, word)
            return
        name = f"{self.group} {word}".strip()
        if name in commands.NAMES:
            self.command = commands.load_command(name)
        elif name in commands.GROUPS:
            self.group = name
        else:
            raise ValueError(word)
