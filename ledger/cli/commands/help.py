"""`ledger help`: pages on what several commands share. The pages are the text files in `help_topics`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from ledger.cli import commands
from ledger.cli.command import TEXT, Command, arguments
from ledger.cli.context import AppContext
from ledger.core.errors import UsageError
from ledger.render import render
from ledger.render.view import Heading, Table, View, lines

FOLDER = Path(__file__).parents[1] / "help_topics"
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


class HelpCommand(Command):
    """看说明：日期规则、目标种类、退出码等主题，或某个命令的用法。"""

    topic = arguments(TEXT, "主题", "主题（如 日期、退出码）或命令；不写则列出全部。", required=False)

    def run(self, context: AppContext) -> None:
        render(_page(" ".join(self.topic)), context.env)


def _page(words: str) -> View:
    pages = list(topics())
    if not words:
        return _contents(pages)
    for page in pages:
        if words.lower() in page.names:
            return View(
                (lines(f"{page.names[0]}：{page.about}", style="heading"), lines(*page.text.split("\n")))
            )
    if words not in commands.NAMES and words not in commands.GROUPS:
        raise _unknown(words, pages)
    from ledger.cli.app import help_page

    return View((lines(*help_page(words).split("\n")),))


def _contents(pages: list[Topic]) -> View:
    return View(
        (
            lines("主题：ledger help 主题", style="heading"),
            Table(
                (Heading("主题", "light"), Heading("说明")),
                [(topic.names[0], topic.about) for topic in pages],
            ),
            lines("命令：ledger help 命令", style="heading"),
            Table((Heading("命令", "light"), Heading("说明")), commands.summaries()),
        )
    )


def _unknown(words: str, pages: list[Topic]) -> UsageError:
    known = [name for page in pages for name in page.names] + [name for name, _ in commands.summaries()]
    close = (
        get_close_matches(words.lower(), known, n=2, cutoff=0.5)
        or [name for name in known if set(words) & set(name) and not name.isascii()][:3]
    )
    return UsageError(
        f"没有“{words}”这个主题或命令",
        (f"是不是 {'、'.join(close)}？" if close else "") + "ledger help 列出全部主题和命令",
    )
