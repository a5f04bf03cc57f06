"""The declaration of a command: its words, its arguments and options, and what it does.

Each command is one class in `ledger.cli.commands`. The typer program with its help pages (`ledger.cli.app`), the argument parser of plain command
lines (`ledger.cli.fast_args`), shell completion (`ledger.cli.complete`) and docs/cli.md are all made from these classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from ledger.core.errors import UsageError

if TYPE_CHECKING:
    from ledger.cli.context import AppContext

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class ValueType(Generic[T]):
    """What the word after an option, or an argument, is converted to.

    `parse` takes the word, how its parameter is called in messages, and today's date; it raises UsageError. `choices` are the
    words allowed, where they are few.
    """

    def __init__(self, parse: Callable[[str, str, date], T], *, choices: tuple[str, ...] = ()) -> None:
        self.parse = parse
        self.choices = choices


def _parse_integer(text: str, label: str, _today: date) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"{label} 写得不对：要写整数，如 2023") from None


def _parse_date(text: str, label: str, today: date) -> date:
    from ledger.cli.dates import parse_date_option

    return parse_date_option(text, label.removeprefix("选项 "), today)


def _parse_deadline(text: str, label: str, today: date) -> date:
    from ledger.cli.dates import parse_deadline_option

    return parse_deadline_option(text, label.removeprefix("选项 "), today)


def _parse_month(text: str, label: str, today: date) -> date:
    from ledger.cli.dates import parse_month_option

    return parse_month_option(text, label.removeprefix("选项 "), today)


TEXT: ValueType[str] = ValueType(lambda text, _label, _today: text)
INTEGER: ValueType[int] = ValueType(_parse_integer)
PATH: ValueType[Path] = ValueType(lambda text, _label, _today: Path(text))
DATE: ValueType[date] = ValueType(_parse_date)
DEADLINE: ValueType[date] = ValueType(_parse_deadline)
"""A date that may lie ahead; one without a year is of this year."""
MONTH: ValueType[date] = ValueType(_parse_month)
"""A month, as its last day."""


def choice_of(words: type[E]) -> ValueType[E]:
    """Return the type of a value that is one of the words of an enumeration."""

    def parse(text: str, label: str, _today: date) -> E:
        try:
            return words(text)
        except ValueError:
            allowed = ", ".join(words)
            raise UsageError(f"{label} 写得不对：{text} 不在可选之列：{allowed}") from None

    return ValueType(parse, choices=tuple(words))


class Parameter(NamedTuple):
    """An argument or option of a command.

    `flags` are the option's names and empty for an argument; `off` names the flags that set False. A flag has no `type`.
    `action` makes a flag of the program that prints a text and ends. `offers` names what completion offers.
    """

    help: str
    type: ValueType[Any] | None = None
    metavar: str = ""
    flags: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    default: Any = None
    required: bool = False
    many: bool = False
    offers: str = ""
    action: Callable[[], str] | None = None

    @property
    def label(self) -> str:
        """How messages call the parameter: `选项 --on` or `编号`."""
        return f"选项 {' / '.join(self.flags)}" if self.flags else self.metavar

    def convert(self, value: Any, today: date) -> Any:
        """Convert the word or words given.

        Raises:
            UsageError: when they are not of the parameter's type.
        """
        if self.type is None:
            return value
        if self.many:
            return tuple(self.type.parse(word, self.label, today) for word in value)
        return self.type.parse(value, self.label, today)


# Like `dataclasses.field`, these return for the type checker the type of the value, and at run time the declaration.


def argument(type: ValueType[T], metavar: str, help: str, *, offers: str = "") -> T:  # noqa: A002
    """Declare an argument that must be given."""
    return Parameter(help, type, metavar, required=True, offers=offers)  # type: ignore[return-value]


def optional_argument(type: ValueType[T], metavar: str, help: str, *, offers: str = "") -> T | None:  # noqa: A002
    """Declare an argument that may be left out: None."""
    return Parameter(help, type, metavar, offers=offers)  # type: ignore[return-value]


def arguments(
    type: ValueType[T],  # noqa: A002
    metavar: str,
    help: str,  # noqa: A002
    *,
    required: bool = True,
) -> tuple[T, ...]:
    """Declare the rest of the line's words as arguments."""
    return Parameter(help, type, metavar, required=required, many=True, default=())  # type: ignore[return-value]


def option(type: ValueType[T], *flags: str, metavar: str, help: str, offers: str = "") -> T | None:  # noqa: A002
    """Declare an option with a value: None when it is not given."""
    return Parameter(help, type, metavar, flags, offers=offers)  # type: ignore[return-value]


def required_option(type: ValueType[T], *flags: str, metavar: str, help: str, offers: str = "") -> T:  # noqa: A002
    """Declare an option that must be given."""
    return Parameter(help, type, metavar, flags, required=True, offers=offers)  # type: ignore[return-value]


def default_option(type: ValueType[T], *flags: str, default: T, metavar: str, help: str) -> T:  # noqa: A002
    """Declare an option with a default value."""
    return Parameter(help, type, metavar, flags, default=default)  # type: ignore[return-value]


def options(type: ValueType[T], *flags: str, metavar: str, help: str, offers: str = "") -> tuple[T, ...]:  # noqa: A002
    """Declare an option that may be given several times."""
    return Parameter(help, type, metavar, flags, default=(), many=True, offers=offers)  # type: ignore[return-value]


def choice(default: E, *flags: str, help: str) -> E:  # noqa: A002
    """Declare an option that takes one of the words of an enumeration."""
    words = choice_of(type(default))
    return Parameter(help, words, f"<{'|'.join(words.choices)}>", flags, default=default)  # type: ignore[return-value]


def flag(*flags: str, help: str, off: str = "", action: Callable[[], str] | None = None) -> bool:  # noqa: A002
    """Declare an option without a value."""
    return Parameter(help, None, "", flags, (off,) if off else (), default=False, action=action)  # type: ignore[return-value]


def switch(on: str, off: str, *, help: str) -> bool | None:  # noqa: A002
    """Declare an option without a value that may be given as yes or as no: None when it is not given."""
    return Parameter(help, None, "", (on,), (off,))  # type: ignore[return-value]


class Command:
    """A command: its parameters are class attributes, its help page is the docstring, `run` does it.

    An instance holds the values given, each under its parameter's name. Options of a base class follow a command's own.
    """

    words: ClassVar[str] = ""
    """What is typed: `status`, `sheet export`. Set by `ledger.cli.commands.load_command`."""
    hidden: ClassVar[bool] = False
    """Whether lists of commands leave it out."""
    reads_only: ClassVar[bool] = False
    """Whether the answer depends on nothing but the words given, the day and the ledger, so that it can be kept (`ledger.cli.answers`)."""
    document: ClassVar[str] = ""
    """The parameter that names the file which `AppContext.write_document` writes, where that is kept with the answer."""
    parameters: ClassVar[Mapping[str, Parameter]] = {}

    def __init_subclass__(cls) -> None:
        declared = {name: value for name, value in vars(cls).items() if isinstance(value, Parameter)}
        shared = {name: each for name, each in cls.parameters.items() if name not in declared}
        arguments = {name: each for name, each in shared.items() if not each.flags}
        cls.parameters = {**arguments, **declared, **shared}

    def __init__(self, given: Mapping[str, Any], today: date) -> None:
        """Take the words given by parameter; what is absent has its default.

        Raises:
            UsageError: when a word is not of its parameter's type.
        """
        for name, parameter in self.parameters.items():
            value = parameter.convert(given[name], today) if name in given else parameter.default
            setattr(self, name, value)

    def run(self, context: AppContext) -> int | None:
        """Do it, and return the exit code; None is 0.

        Raises:
            LedgerError: when it cannot be done.
        """
        raise NotImplementedError


def execute(command: type[Command], given: Mapping[str, Any], context: AppContext) -> int:
    """Run a command with the words given for its parameters, and return the exit code.

    `--root` and `--year` given after the command take the place of those before it. A temporary copy of the ledger is removed at the end.

    Raises:
        LedgerError: as the command does; UsageError when a word is not of its parameter's type.
    """
    try:
        bound = command(given, context.env.today)
    except UsageError as error:
        see = f"ledger {command.words} --help 看用法"
        raise UsageError(error.message, error.hint or see) from None
    for name in ("root", "year", "known"):
        if getattr(bound, name, None) is not None:
            setattr(context, name, getattr(bound, name))
    try:
        if bound.reads_only:
            from ledger.cli import answers

            return answers.run_answered(bound, context)
        return int(bound.run(context) or 0)
    finally:
        context.clean_up()
