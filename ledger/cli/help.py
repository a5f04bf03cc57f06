"""`ledger help`: pages on what several commands share, in plain words; the pages are the text files in `help_topics`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.cli.common import call_of
from ledger.core.errors import UsageError
from ledger.render import render
from ledger.render.view import Column, Table, View, lines

FOLDER = Path(__file__).parent / "help_topics"
ORDER = (
    "dates",
    "refs",
    "quantities",
    "kinds",
    "lights",
    "corrections",
    "exit-codes",
    "environment",
)


@dataclass(frozen=True)
class Topic:
    """A page: the words it answers to, the first being its title, what it is about, and its text."""

    names: tuple[str, ...]
    about: str
    text: str


def topics() -> Iterator[Topic]:
    """Yield every page, in the order of the list."""
    for name in ORDER:
        names, about, text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n", 2)
        yield Topic(tuple(names.split()), about, text.strip("\n"))


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""
    app.command(name="help")(help_)


def help_(
    context: typer.Context,
    topic: Annotated[
        list[str] | None,
        typer.Argument(metavar="主题", help="主题（如 日期、退出码）或命令；不写则列出全部。"),
    ] = None,
) -> None:
    """看说明：日期规则、目标种类、退出码等主题，或某个命令的用法。"""
    call = call_of(context)
    words = " ".join(topic or ())
    render(_page(context, words), call.env)


def _page(context: typer.Context, words: str) -> View:
    pages = list(topics())
    program: Any = context.find_root().command
    if not words:
        return _contents(pages, program)
    for one in pages:
        if words.lower() in one.names:
            return View(
                (lines(f"{one.names[0]}：{one.about}", style="heading"), lines(*one.text.split("\n")))
            )
    command: Any = program
    parent: Any = context.find_root()
    for word in words.split():
        found = getattr(command, "commands", {}).get(word)
        if found is None:
            raise _unknown(words, pages, program)
        command, parent = found, type(context)(found, parent=parent, info_name=word)
    return View((lines(*command.get_help(parent).split("\n")),))


def _contents(pages: list[Topic], program: Any) -> View:
    commands = [
        (name, one.get_short_help_str(100)) for name, one in program.commands.items() if not one.hidden
    ]
    named = [(one.names[0], one.about) for one in pages]
    return View(
        (
            lines("主题：ledger help 主题", style="heading"),
            Table((Column("主题", "light"), Column("说明")), named),
            lines("命令：ledger help 命令", style="heading"),
            Table((Column("命令", "light"), Column("说明")), commands),
        )
    )


def _unknown(words: str, pages: list[Topic], program: Any) -> UsageError:
    known = [name for one in pages for name in one.names] + list(program.commands)
    close = (
        get_close_matches(words.lower(), known, n=2, cutoff=0.5)
        or [name for name in known if set(words) & set(name) and not name.isascii()][:3]
    )
    return UsageError(
        f"没有“{words}”这个主题或命令",
        (f"是不是 {'、'.join(close)}？" if close else "") + "ledger help 列出全部主题和命令",
    )
