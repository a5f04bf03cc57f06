"""Writes a view's records as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import re
from typing import TextIO

from ledger.render.view import View

_FORMULA = frozenset("=+-@\t\r\n")
_FIGURE = re.compile(r"[+-]?[0-9][0-9,.]*(/[0-9]+)?\s?%?[^\s=+\-@|!(){}'\"]*")


def write(view: View, stream: TextIO) -> None:
    """Write the heading and one line per record."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.title for column in view.records.columns])
    writer.writerows([_inert(cell) for cell in row] for row in view.records.rows)


def _inert(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula, unless it is a plain signed figure."""
    if cell and cell[0] in _FORMULA and not _FIGURE.fullmatch(cell):
        return "'" + cell
    return cell
