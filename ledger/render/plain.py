"""Writer of views as aligned plain text: for pipes, files and long tables. One line per row, nothing cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from ledger.render.view import Block, Lines, Marked, Table, View
from ledger.render.width import pad, safe, width


def write_plain(view: View, stream: TextIO) -> None:
    """Write every block, with an empty line between them."""
    for number, block in enumerate(view.blocks):
        if number:
            stream.write("\n")
        stream.writelines(f"{line}\n" for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Lines):
        yield from (safe(line) for line in block.lines)
    elif isinstance(block, Marked):
        yield marked(block)
    else:
        yield from _table(block.without("bar"))


def marked(block: Marked) -> str:
    """Return a paragraph with its marked spans in 【】."""
    out, at = [], 0
    for start, end in block.spans:
        out += [block.text[at:start], "【", block.text[start:end], "】"]
        at = end
    return safe("".join((*out, block.text[at:])))


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield safe(table.title)
    titles = [column.title for column in table.columns]
    rows = [[safe(cell) for cell in row] for row in table.rows]
    columns = list(zip(titles, *rows, strict=True)) if rows else [(title,) for title in titles]
    widths = [max(map(width, cells)) for cells in columns]
    rights = [column.kind == "figure" for column in table.columns]
    for row in (titles, ["-" * size for size in widths], *rows):
        yield "  ".join(
            pad(cell, size, right=right) for cell, size, right in zip(row, widths, rights, strict=True)
        ).rstrip()
