"""Answers independent of their format: blocks for people, data for JSON, records for CSV and xlsx."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from ledger.render.columns import Records

HeadingKind = Literal["text", "figure", "light", "bar"]


class Heading(NamedTuple):
    """A column's title and how its cells behave: `figure` never wraps and stands right, `light` is coloured, `text` may wrap.

    A `bar` repeats a figure as a picture: it is left out where there is no room, and in output that is not a terminal.
    """

    title: str
    kind: HeadingKind = "text"


class Table(NamedTuple):
    """Columns and rows of plain strings. Free text goes in the last column, where a long one does least harm."""

    columns: tuple[Heading, ...]
    rows: Sequence[Sequence[str]]
    title: str = ""

    def without(self, kind: HeadingKind) -> Table:
        """Return the table without the columns of a kind."""
        kept = [number for number, column in enumerate(self.columns) if column.kind != kind]
        if len(kept) == len(self.columns):
            return self
        return Table(
            tuple(self.columns[number] for number in kept),
            [[row[number] for number in kept] for row in self.rows],
            self.title,
        )

    def changed(self, change: Callable[[str], str]) -> Table:
        """Return the table with every title and cell changed in the same way."""
        titles = tuple(Heading(change(heading.title), heading.kind) for heading in self.columns)
        return Table(titles, [[change(cell) for cell in row] for row in self.rows], self.title)


class Lines(NamedTuple):
    """Lines of prose; `style` is heading, plain, warning, faint or the name of a light, and the terminal gives it its colour."""

    lines: tuple[str, ...]
    style: str = "plain"


class Marked(NamedTuple):
    """A paragraph with some spans marked, as in a quoted source text."""

    text: str
    spans: tuple[tuple[int, int], ...]


Block = Table | Lines | Marked


class View:
    """One answer in all its formats. A part given as a function is made when it is asked for: most calls need one of three."""

    def __init__(
        self,
        blocks: tuple[Block, ...] | Callable[[], tuple[Block, ...]],
        data: object = None,
        records: Records | Callable[[], Records] | None = None,
    ) -> None:
        self._blocks, self._data, self._records = blocks, data, records

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What people read."""
        return self._blocks() if callable(self._blocks) else self._blocks

    @cached_property
    def data(self) -> object:
        """What JSON holds."""
        return self._data() if callable(self._data) else self._data

    @cached_property
    def records(self) -> Records:
        """What CSV and xlsx hold."""
        if self._records is None:
            from ledger.render.columns import Records

            return Records()
        return self._records() if callable(self._records) else self._records


def number(value: Fraction | int | None) -> int | str | None:
    """Return a number as JSON keeps it exactly: an integer, or the text of an exact decimal or fraction."""
    if value is None or isinstance(value, int):
        return value
    if value.denominator == 1:
        return value.numerator
    from ledger.core.decimals import format_number  # a replayed answer needs no fractions

    return format_number(value)


def day(value: date | None) -> str:
    """Return a date as ISO 8601, empty when there is none."""
    return value.isoformat() if value else ""


def lines(*texts: str, style: str = "plain") -> Lines:
    """Return lines of prose."""
    return Lines(tuple(texts), style)


PREVIEW = lines("只是预览，没有写入", style="warning")
"""The last block of every answer under `--dry-run`."""
