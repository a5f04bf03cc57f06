"""Writer of views to a terminal with rich: colours, wrapping and alignment.

User text goes in as `Text`, so that `[a]` and `:100:` stay what they are; tables have no borders, which break under
fonts whose box characters are two columns wide.
"""

from __future__ import annotations

from typing import TextIO

from rich.console import Console, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from ledger.render.view import Block, Heading, Lines, Marked, Table, View
from ledger.render.width import safe, width, wrap_lines

STYLES = {
    "heading": "bold",
    "plain": "",
    "warning": "yellow",
    "faint": "dim",
    "已达标": "bold green",
    "正常": "green",
    "滞后": "yellow",
    "严重滞后": "bold red",
    "未报": "magenta",
    "无法判断": "cyan",
}


def size(stream: TextIO) -> tuple[int, int]:
    """Return the columns and rows of a terminal."""
    seen = Console(file=stream).size
    return seen.width, seen.height


def write_terminal(
    view: View,
    stream: TextIO,
    *,
    columns: int | None = None,
    colour: bool | None = None,
    like: TextIO | None = None,
) -> None:
    """Write every block, with an empty line between them.

    `colour` None leaves it to the stream and NO_COLOR; `like` is the terminal for which `stream` only collects.
    """
    console = Console(
        file=stream,
        width=columns,
        markup=False,
        emoji=False,
        highlight=False,
        no_color=None if colour is None else not colour,
        force_terminal=True if like is not None and like.isatty() else None,
        soft_wrap=False,
    )
    for number, block in enumerate(view.blocks):
        if number:
            console.print()
        for renderable in _renderables(block, console.width):
            console.print(renderable)


def _renderables(block: Block, columns: int) -> list[RenderableType]:
    if isinstance(block, Lines):
        return [
            Text(part, style=STYLES[block.style])
            for line in block.lines
            for part in wrap_lines(safe(line), columns)
        ]
    if isinstance(block, Marked):
        text = Text(safe(block.text))
        for start, end in block.spans:
            text.stylize("bold underline", start, end)
        return [text]
    return [_table(_drop_bars_if_narrow(block, columns), columns)]


def _drop_bars_if_narrow(table: Table, columns: int) -> Table:
    """Leave out the bars where there is no room: every other cell says what cannot be read elsewhere."""
    if all(column.kind != "bar" for column in table.columns) or _natural_width(table, gap=2) <= columns:
        return table
    return table.without("bar")


def _table(table: Table, columns: int) -> RichTable:
    gap = 2 if _natural_width(table, gap=2) <= columns else 1
    grid = RichTable(
        box=None,
        title=safe(table.title) or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        pad_edge=False,
        padding=(0, gap, 0, 0),
    )
    for column in table.columns:
        fixed = column.kind != "text"
        grid.add_column(
            column.title,
            justify="right" if column.kind == "figure" else "left",
            no_wrap=fixed,
            overflow="fold",
            ratio=None,
        )
    for row in table.rows:
        grid.add_row(*(_cell(column, cell) for column, cell in zip(table.columns, row, strict=True)))
    return grid


def _natural_width(table: Table, gap: int) -> int:
    """Return the columns the table takes when nothing wraps."""
    cells = [[column.title for column in table.columns], *table.rows]
    return sum(max(width(cell) for cell in column) + gap for column in zip(*cells, strict=True)) - gap


def _cell(column: Heading, cell: str) -> Text:
    """Return a cell: a light in its colour, and a count of lights in that of its heading."""
    style = cell if column.kind == "light" else column.title if column.kind == "figure" else ""
    return Text(safe(cell), style=STYLES.get(style, ""))
