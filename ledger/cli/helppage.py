"""The formatter of help pages: measures in columns of a terminal, where a Chinese character takes two and typer counts one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size

from ledger.render.width import pad, width, wrap_lines

WIDEST = 100
"""Longer lines are tiring to read."""
GAP = 2


def plain_argument(name: str) -> str:
    """Return what is written for an argument without the name of its type, which says nothing to a clerk: 部门 <str> is 部门."""
    return re.sub(r" <[\w\[\]]+>$", "", name)


class HelpPage:
    """A formatter with the methods that typer calls: headings, paragraphs and lists go in, `getvalue` returns the page."""

    def __init__(self, columns: int | None = None) -> None:
        self.width = max(50, min(columns or get_terminal_size().columns, WIDEST) - GAP)
        self.current_indent = 0
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        """Add text as it is."""
        self.parts.append(text)

    def write_usage(self, program: str, arguments: str = "", prefix: str | None = None) -> None:
        """Add the line that shows how a command is written."""
        self._fold(f"{prefix or ''}{program} {arguments}", hanging=4)

    def write_heading(self, heading: str) -> None:
        """Add a heading."""
        self.write(f"{' ' * self.current_indent}{heading}：\n")

    def write_paragraph(self) -> None:
        """Add an empty line before the next section."""
        if self.parts:
            self.write("\n")

    def write_text(self, text: str) -> None:
        r"""Add paragraphs; one that begins with `\b` keeps its lines."""
        for number, paragraph in enumerate(text.split("\n\n")):
            if number:
                self.write("\n")
            if paragraph.startswith("\b"):
                for line in paragraph.lstrip("\b\n").splitlines():
                    self.write(f"{' ' * self.current_indent}{line}\n")
            else:
                self._fold(" ".join(paragraph.split()))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = GAP) -> None:
        """Add a list of names and what each is for, in two columns."""
        rows = [(plain_argument(name), about) for name, about in rows]
        first = min(max(width(name) for name, _ in rows), col_max) + col_spacing
        margin = " " * self.current_indent
        for name, about in rows:
            lines = list(
                wrap_lines(" ".join(about.split()), max(10, self.width - first - self.current_indent))
            )
            if width(name) > first - col_spacing:
                self.write(f"{margin}{name}\n")
                name = ""
            for line in lines:
                self.write(f"{margin}{pad(name, first)}{line}".rstrip() + "\n")
                name = ""

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Put what follows under a heading."""
        self.write_paragraph()
        self.write_heading(name)
        with self.indentation():
            yield

    @contextmanager
    def indentation(self) -> Iterator[None]:
        """Put what follows two columns further in."""
        self.current_indent += GAP
        try:
            yield
        finally:
            self.current_indent -= GAP

    def getvalue(self) -> str:
        """Return the page."""
        return "".join(self.parts)

    def _fold(self, text: str, hanging: int = 0) -> None:
        room = self.width - self.current_indent
        first, *rest = wrap_lines(text, room)
        lines = (
            [first, *(f"{' ' * hanging}{line}" for line in wrap_lines("".join(rest), room - hanging))]
            if rest
            else [first]
        )
        self.write("".join(f"{' ' * self.current_indent}{line}\n" for line in lines))
