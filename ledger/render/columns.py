"""Columns of answers, each declared once; table, JSON, CSV, HTML and xlsx are written from the declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from ledger.core.progress.percent import decimals_apart, percent
from ledger.render.view import Heading, HeadingKind, Table, day, number

Row = TypeVar("Row")
Other = TypeVar("Other")
Cell = str | int | Fraction | date | None
"""A value of a record, before CSV or xlsx writes it."""

KIND_NAMES = {
    "accumulate": "累计",
    "level": "水平",
    "change": "增减幅度",
    "rank": "位次",
    "compare": "比较",
    "milestone": "节点",
    "judgement": "定性",
}
DIGITS = 6
"""Decimals that CSV and xlsx keep of a number without a finite decimal; its exact fraction has a column of its own."""
EXACT = "exact"
"""The number format of a column of exact fractions, which only CSV needs."""
BAR = 10


class Type(NamedTuple):
    """How the values of one type are aligned and written.

    `text` is for people, `data` for JSON, `cell` for CSV and xlsx, whose number format is `excel`. All take any value but None.
    """

    kind: HeadingKind = "text"
    text: Callable[[Any], str] = str
    data: Callable[[Any], object] = lambda value: value
    cell: Callable[[Any], Cell] = str
    excel: str = "@"
    fraction: bool = False


def bar(share: Fraction | None, expected: Fraction | None = None, cells: int = BAR) -> str:
    """Return a progress bar in ASCII, as wide on every terminal; full only when all is done.

    A `|` stands in the cell of the share expected by now. Block characters are one column wide on some terminals and two on others.
    """
    if share is None:
        return ""
    full = max(0, min(cells, int(share * cells)))
    drawn = "#" * full + "-" * (cells - full)
    if expected is None:
        return drawn
    tick = max(0, min(cells - 1, int(expected * cells)))
    return f"{drawn[:tick]}|{drawn[tick + 1 :]}"


def score_points(value: Fraction | None, decimals: int = 1) -> str:
    """Return a score out of 100, rounded half up; what is short of full never reads 100.0."""
    return percent(None if value is None else value / 100, decimals=decimals).removesuffix("%")


def score_type(values: Iterable[Fraction | None]) -> Type:
    """Return the type of a column of scores by which places are given: what reads the same is the same."""
    decimals = decimals_apart(None if value is None else value / 100 for value in values)
    return SCORE._replace(text=partial(score_points, decimals=decimals))


def _exact(value: Fraction | int) -> str:
    return str(number(Fraction(value)))


TEXT = Type()
FIGURE = Type("figure")
"""A figure with its unit as a person writes it: right-aligned, never wrapped."""
CODE = Type("figure")
COUNT = Type("figure", lambda value: str(value or ""), cell=lambda value: value, excel="0")
"""A whole number; a table leaves 0 empty."""
WHOLE = Type("figure", cell=lambda value: value, excel="0")
SHARE = Type("figure", percent, number, lambda value: value, "0.0%", fraction=True)
SCORE = Type("figure", score_points, number, lambda value: value, "0.0", fraction=True)
NUMBER = Type("figure", _exact, number, lambda value: value, "General", fraction=True)
DAY = Type("figure", day, day, lambda value: value, "yyyy-mm-dd")
LIGHT = Type("light", data=str, cell=str)
KIND = Type("text", lambda kind: KIND_NAMES[kind], str, lambda kind: KIND_NAMES[kind])
FLAG = Type("text", lambda value: "是" if value else "否", cell=lambda value: "是" if value else "否")
TEXTS = Type("text", "、".join, list, "、".join)
LABEL = Type("light")
"""A short text that never wraps."""
PROGRESS_BAR = Type("bar", lambda shares: bar(*shares))
"""A pair: the share done, and the share expected by now."""
DATA = Type()
"""Nested data, for JSON alone."""


class Column(NamedTuple, Generic[Row]):
    """One column: its JSON key, its title, where its value is found in a row, its type and what a table shows for None.

    A key that begins with `_` is not part of the JSON.
    """

    key: str
    title: str
    value: Callable[[Row], Any]
    type: Type = TEXT
    missing: str = ""

    def text(self, row: Row) -> str:
        """Return the cell for people."""
        value = self.value(row)
        return self.missing if value is None else self.type.text(value)

    def data(self, row: Row) -> object:
        """Return the value for JSON."""
        value = self.value(row)
        return None if value is None else self.type.data(value)

    def cell(self, row: Row) -> Cell:
        """Return the value for CSV and xlsx."""
        value = self.value(row)
        return None if value is None else self.type.cell(value)


class Columns(Generic[Row]):
    """The columns of one kind of row, by key, in the order of its JSON."""

    def __init__(self, *columns: Column[Row]) -> None:
        self._columns = {column.key: column for column in columns}

    def __iter__(self) -> Iterator[Column[Row]]:
        """Iterate over the columns in order."""
        return iter(self._columns.values())

    def __add__(self, other: Columns[Row]) -> Columns[Row]:
        """Return the columns of both."""
        return Columns(*self, *other)

    def pick(self, keys: str) -> Columns[Row]:
        """Return the columns named in `keys`, which are separated by spaces, in that order."""
        return Columns(*(self._columns[key] for key in keys.split()))

    def typed(self, **types: Type) -> Columns[Row]:
        """Return the same columns, some with another type."""
        return Columns(*(column._replace(type=types.get(column.key, column.type)) for column in self))

    def titled(self, **titles: str) -> Columns[Row]:
        """Return the same columns, some under another title."""
        return Columns(*(column._replace(title=titles.get(column.key, column.title)) for column in self))

    def within(self, part: Callable[[Other], Row]) -> Columns[Other]:
        """Return the same columns for a row that holds ours as a part."""

        def lifted(column: Column[Row]) -> Column[Other]:
            return Column(
                column.key, column.title, lambda row: column.value(part(row)), column.type, column.missing
            )

        return Columns(*map(lifted, self))

    def headings(self) -> tuple[Heading, ...]:
        """Return the headings of a table."""
        return tuple(Heading(column.title, column.type.kind) for column in self)

    def table(self, rows: Iterable[Row], title: str = "") -> Table:
        """Return a table for people."""
        columns = tuple(self)
        return Table(self.headings(), [tuple(column.text(row) for column in columns) for row in rows], title)

    def data(self, row: Row) -> dict[str, object]:
        """Return one row as JSON keeps it."""
        return {column.key: column.data(row) for column in self if column.key[0] != "_"}

    def all_data(self, rows: Iterable[Row]) -> list[dict[str, object]]:
        """Return rows as JSON keeps them."""
        return [self.data(row) for row in rows]

    def records(self, rows: Iterable[Row]) -> Records:
        """Return rows for CSV and xlsx; a column of fractions is followed by one with those that no decimal writes."""
        titles: list[tuple[str, str]] = []
        for column in self:
            titles.append((column.title, column.type.excel))
            if column.type.fraction:
                titles.append((f"{column.title}（精确分数）", EXACT))
        return Records(tuple(titles), [tuple(_cells(self, row)) for row in rows])


class Records(NamedTuple):
    """What CSV and xlsx hold: (title, number format) of each column, and rows of values."""

    columns: tuple[tuple[str, str], ...] = ()
    rows: Sequence[Sequence[Cell]] = ()


def _cells(columns: Iterable[Column[Row]], row: Row) -> Iterator[Cell]:
    for column in columns:
        value = column.cell(row)
        yield value
        if column.type.fraction:
            yield fraction_text(value) if isinstance(value, Fraction) else None


def fraction_text(value: Fraction) -> str | None:
    """Return a number that no finite decimal writes as `3分之1`, which no spreadsheet takes for a date; None for others."""
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    sign = "负" if value < 0 else ""
    return None if rest == 1 else f"{sign}{value.denominator}分之{abs(value.numerator)}"
