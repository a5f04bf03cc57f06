"""Translation of typer's own words: by its message catalogue, and in subclasses where it has none."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer import Typer
from typer.core import TyperCommand, TyperGroup

from ledger.cli.helppage import HelpPage

_HELP = {
    "help": "显示这页帮助。",
}


def speak_chinese() -> None:
    """Point gettext at our catalogue; call before typer builds a help page.

    `LANGUAGE` is set for this process because gettext would else choose by the machine's locale, and a console set to C or
    to English is no sign that the clerk in front of it reads English.
    """
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))


class _Chinese:
    """What commands and groups share: the usage line and the options that typer adds."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)
        words = " ".join(pieces).replace("OPTIONS", "选项").replace("COMMAND [ARGS]...", "命令 …")
        formatter.write_usage(ctx.command_path, words, prefix="用法：")

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage line; required arguments are shown without braces."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [re.sub(r"^\{(.*)\}(\.\.\.)?$", r"\1\2", piece) for piece in pieces]

    def get_help(self, ctx: Any) -> str:
        page = HelpPage(ctx.terminal_width)
        self.format_help(ctx, page)  # type: ignore[attr-defined]
        return page.getvalue().rstrip("\n")

    def get_short_help_str(self, _limit: int = 0) -> str:
        """Return the first paragraph of the help, whole: typer's limit counts Chinese characters as it counts letters."""
        return " ".join(str(self.help or "").partition("\n\n")[0].split())  # type: ignore[attr-defined]

    def get_params(self, ctx: Any) -> list[Any]:
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for parameter in parameters:
            if parameter.name in _HELP:
                parameter.help = _HELP[parameter.name]
        return parameters


class ChineseCommand(_Chinese, TyperCommand):
    """A command whose help page is Chinese."""


class ChineseGroup(_Chinese, TyperGroup):
    """A group of commands whose help page is Chinese."""


class ChineseTyper(Typer):
    """A program whose commands are all Chinese, whichever module registers them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=ChineseGroup, rich_markup_mode=None, **options)

    def command(self, name: str | None = None, **options: Any) -> Callable[..., Any]:
        """Register a command, as typer does."""
        return super().command(name, cls=ChineseCommand, **options)
