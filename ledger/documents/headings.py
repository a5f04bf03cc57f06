"""What the columns of a table hold, found by the words of their headings and by the cells below them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ledger.documents.column_roles import NUMBER, resolve_roles
from ledger.documents.heading_roles import HeadedColumn, columns_of, unit_in
from ledger.documents.model import Grid, GridRow

_WITHIN = 30
"""A heading stands near the top: titles and remarks above it are a few lines."""


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a table, and the number of its first line below them."""

    columns: tuple[HeadedColumn, ...]
    first: int

    def find(self, role: str) -> HeadedColumn | None:
        """Return the first column of a role."""
        return next((column for column in self.columns if column.role == role), None)

    def all(self, role: str) -> tuple[HeadedColumn, ...]:
        """Return every column of a role, from left to right."""
        return tuple(column for column in self.columns if column.role == role)


def find_headings(grid: Grid, year: int | None = None) -> Headings | None:
    """Return the headings of a grid, of one line or two; None where no line is a heading of a plan."""
    for number, line in enumerate(grid.lines[:_WITHIN]):
        following = grid.lines[number + 1] if number + 1 < len(grid.lines) else None
        for cells, first in _candidates(line, following, number):
            columns = resolve_roles(columns_of(cells), grid.lines[first:], year)
            if columns is not None:
                return Headings(columns, first)
    return None


def given_headings(grid: Grid, places: Mapping[str, int], year: int | None = None) -> Headings:
    """Return the headings that a person has given as role → column from 1; lines that look like headings are passed over."""
    headings = find_headings(grid, year)
    first = headings.first if headings else 0
    names = grid.lines[first - 1].cells if headings else ()
    columns = tuple(
        HeadedColumn(
            at - 1,
            role,
            names[at - 1] if at - 1 < len(names) else "",
            unit_in(names[at - 1]) if at - 1 < len(names) else "",
        )
        for role, at in sorted(places.items(), key=lambda pair: pair[1])
    )
    return Headings(columns, first)


def is_heading(line: GridRow) -> bool:
    """Return whether a line is a heading again, as on a new page."""
    return resolve_roles(columns_of(line.cells), (), None) is not None and not any(
        re.search(r"\d{2}", cell) for cell in line.cells
    )


def _candidates(line: GridRow, following: GridRow | None, number: int) -> list[tuple[tuple[str, ...], int]]:
    """Return the heading that a line is alone, and with the line below where its cells are merged or the line below goes on."""
    plain = [(line.cells, number + 1)]
    if following is None or len(following.cells) != len(line.cells):
        return plain
    if len({cell for cell in line.cells if cell}) < 2:
        return plain  # a title over the whole table
    merged = len({cell for cell in line.cells if cell}) < sum(bool(cell) for cell in line.cells) or bool(
        following.joined
    )
    units = [cell for cell in following.cells if cell]
    merged = merged or (bool(units) and all(unit_in(cell) for cell in units))
    short = all(len(cell) <= 14 and not NUMBER.fullmatch(cell) for cell in following.cells)
    if not (merged and short and any(following.cells)):
        return plain
    both = tuple(
        upper if upper == lower or not lower else lower if not upper else f"{upper}{lower}"
        for upper, lower in zip(line.cells, following.cells, strict=True)
    )
    distinct = len(set(both)) > len(set(line.cells)) or all(unit_in(cell) for cell in units)
    return [(both, number + 2), *plain] if distinct else plain
