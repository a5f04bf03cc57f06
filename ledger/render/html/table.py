"""HTML tables made from the columns that views declare; `table.html` writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from markupsafe import Markup

from ledger.core.progress import Light
from ledger.core.structs import FrozenStruct
from ledger.render.columns import Columns
from ledger.render.view import HeadingKind

Row = TypeVar("Row")

SIGNS = {
    Light.MET: ("met", "√"),
    Light.ON_TRACK: ("ok", "●"),
    Light.BEHIND: ("behind", "▲"),
    Light.FAR_BEHIND: ("far", "▼"),
    Light.UNREPORTED: ("none", "○"),
    Light.UNKNOWN: ("unknown", "？"),
}


class Chip(FrozenStruct):
    """A light: its word, its class, its sign for those who see no colour, and how many there are."""

    word: str
    name: str
    sign: str
    count: int = 0


class HtmlHeading(NamedTuple):
    """The heading of a column: its title, how its cells are aligned, and the light where it counts one."""

    title: str
    kind: HeadingKind = "text"
    chip: Chip | None = None


class HtmlCell(NamedTuple):
    """One cell: its text, a link on it, a light, and a drawing beside it."""

    text: str
    link: str = ""
    chip: Chip | None = None
    graphic: Markup = Markup()


class HtmlRow(NamedTuple):
    """One row with the attributes of its element."""

    cells: tuple[HtmlCell, ...]
    attributes: Mapping[str, str] = {}


class HtmlTable(NamedTuple):
    """A table; the cell in the column numbered `name` names its row, `total` is the row below the others."""

    headings: tuple[HtmlHeading, ...]
    rows: tuple[HtmlRow, ...]
    name: int = 0
    total: HtmlRow | None = None

    def first(self, count: int) -> HtmlTable:
        """Return the table with its first rows alone."""
        return self._replace(rows=self.rows[:count])


def make_chip(light: Light, count: int = 0) -> Chip:
    """Return a light as the page shows it."""
    name, sign = SIGNS[light]
    return Chip(light.value, name, sign, count)


def make_table(
    columns: Columns[Row],
    rows: Iterable[Row],
    *,
    name: str,
    link: Callable[[Row], str] = lambda _: "",
    attributes: Callable[[Row], Mapping[str, str]] = lambda _: {},
    graphics: Mapping[str, Callable[[Row], Markup]] | None = None,
) -> HtmlTable:
    """Return a table of rows.

    The column called `name` names the row and carries its `link`. A column of lights shows chips, and so does the heading of a column
    whose title is a light. `graphics` draws beside the text of the columns called so.
    """
    declared, drawings = tuple(columns), graphics or {}
    chips = {light.value: make_chip(light) for light in Light}

    def cell(column_key: str, text: str, kind: HeadingKind, row: Row) -> HtmlCell:
        drawing = drawings[column_key](row) if column_key in drawings else Markup()
        chip = chips.get(text) if kind == "light" else None
        return HtmlCell("" if chip else text, link(row) if column_key == name else "", chip, drawing)

    return HtmlTable(
        tuple(HtmlHeading(column.title, column.type.kind, chips.get(column.title)) for column in declared),
        tuple(
            HtmlRow(
                tuple(cell(column.key, column.text(row), column.type.kind, row) for column in declared),
                attributes(row),
            )
            for row in rows
        ),
        next(number for number, column in enumerate(declared) if column.key == name),
    )
