"""CSV of a view's records: exact decimals, and nothing that a spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from typing import TextIO

from ledger.core.decimals import decimals, format_number, round_number
from ledger.render.columns import DIGITS, Cell
from ledger.render.view import View

_FORMULA = frozenset("=+-@\t\r\n")
_FIGURE = re.compile(r"[+-]?[0-9][0-9,.]*(/[0-9]+)?\s?%?[^\s=+\-@|!(){}'\"]*")


def write_csv(view: View, stream: TextIO) -> None:
    """Write the titles and one line for each record."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([title for title, _ in view.records.columns])
    writer.writerows([_inert(cell_text(cell)) for cell in row] for row in view.records.rows)


def cell_text(cell: Cell) -> str:
    """Return a value as CSV holds it: a fraction as an exact decimal, or rounded to `DIGITS` where none ends."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, Fraction):
        return round_number(cell, DIGITS) if decimals(cell) is None else format_number(cell)
    return str(cell)


def _inert(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula, unless it is a plain signed figure."""
    if cell and cell[0] in _FORMULA and not _FIGURE.fullmatch(cell):
        return "'" + cell
    return cell
