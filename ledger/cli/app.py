"""The typer program, made from the declarations of the commands: help pages, and every command line that is not plain."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.main import get_command

from ledger.cli.chinese import ChineseTyper, speak_chinese
from ledger.cli.command import Command, Parameter, execute
from ledger.cli.commands import GROUPS, NAMES, load_command
from ledger.cli.context import AppContext
from ledger.cli.negative import protect_signs, restore_sign
from ledger.cli.program import Program
from ledger.cli.usage import usage_error
from ledger.environment import Environment


def program(names: Sequence[str] = NAMES) -> ChineseTyper:
    """Return the typer program with the commands named."""
    app = ChineseTyper(
        name="ledger",
        help=Program.__doc__,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_typer_function(Program))
    groups = {
        name: ChineseTyper(help=about, no_args_is_help=True)
        for name, about in GROUPS.items()
        if names is NAMES
    }
    for name in names:
        command = load_command(name)
        group, _, last = name.rpartition(" ")
        parent = groups[group] if group else app
        parent.command(last, hidden=command.hidden)(_typer_function(command))
    for name, group_app in groups.items():
        app.add_typer(group_app, name=name)
    return app


def invoke(arguments: list[str], env: Environment) -> int:
    """Run one command line in `env` and return its exit code.

    Raises:
        LedgerError: whatever the command raises; a wrong command line as UsageError.
    """
    speak_chinese()
    try:
        code = program(_needed(arguments))(
            protect_signs(arguments), standalone_mode=False, obj=AppContext(env), prog_name="ledger"
        )
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        translated = usage_error(error)
        if translated is None:
            raise
        raise translated from None
    return int(code or 0)


def help_page(name: str) -> str:
    """Return the help page of a command or of a group of commands."""
    speak_chinese()
    command: Any = get_command(program())
    context = command.make_context("ledger", [], resilient_parsing=True)
    for word in name.split():
        command = command.commands[word]
        context = type(context)(command, parent=context, info_name=word)
    return str(command.get_help(context))


def _needed(arguments: Sequence[str]) -> Sequence[str]:
    """Return the command that a command line begins with, for building all takes longer than most answers; else all."""
    return arguments[:1] if arguments and arguments[0] in NAMES else NAMES


def _typer_function(command: type[Command]) -> Callable[..., int | None]:
    """Return a function with the signature from which typer makes the command's parameters."""

    def run(context: typer.Context, **values: Any) -> int | None:
        given = {name: restore_sign(value) for name, value in values.items() if value not in (None, [])}
        app_context = context.find_object(AppContext)
        assert app_context is not None, "set by invoke"
        return execute(command, given, app_context)

    # A default after a required parameter would be no valid signature if they could be given by position.
    signature = [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    for name, parameter in command.parameters.items():
        default, annotation = _typer_parameter(parameter)
        signature.append(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        )
    setattr(run, "__signature__", inspect.Signature(signature))  # noqa: B010 - mypy: functions have no such attribute
    run.__doc__ = command.__doc__
    return run


def _typer_parameter(parameter: Parameter) -> tuple[Any, Any]:
    """Return typer's description of a parameter, and the annotation that says what typer returns for it."""
    shown = parameter.type is not None and parameter.default not in (None, ())
    default = ... if parameter.required else parameter.default if shown else None
    annotation: Any = list[str] if parameter.many else str if parameter.required else str | None
    if not parameter.flags:
        return typer.Argument(
            default, metavar=parameter.metavar, help=parameter.help, show_default=shown
        ), annotation if parameter.required else annotation | None
    if parameter.type is not None:
        return typer.Option(
            default, *parameter.flags, metavar=parameter.metavar, help=parameter.help, show_default=shown
        ), annotation if parameter.required else annotation | None
    names = parameter.flags if not parameter.off else (f"{parameter.flags[0]}/{parameter.off[0]}",)
    flag = typer.Option(
        parameter.default,
        *names,
        help=parameter.help,
        show_default=parameter.off != () and parameter.default is not None,
        is_eager=parameter.action is not None,
        callback=_printing(parameter.action) if parameter.action else None,
    )
    return flag, bool | None if parameter.default is None else bool


def _printing(action: Callable[[], str]) -> Callable[[typer.Context, bool], None]:
    """Return the callback of a flag that prints a text and ends."""

    def callback(context: typer.Context, given: bool) -> None:
        if given and not context.resilient_parsing:
            typer.echo(action(), nl=False)
            raise typer.Exit

    return callback
