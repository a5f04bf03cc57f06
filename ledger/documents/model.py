"""What a plan from outside is once it is read: rows with their place, and what the reader had to assume."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ledger.core.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Row:
    """One commitment as it arrived; `place` says where in the file, in the reader's words."""

    place: str
    text: str
    title: str = ""
    department: str = ""
    difficulty: str = ""
    partners: tuple[str, ...] = ()
    past: bool = False  # under a heading that looks back on the year before


@dataclass(frozen=True, slots=True)
class TableReading:
    """How the columns of a table were understood: the words above each, its role (empty where unknown), the first rows, doubts.

    `example` is the first row as it was read; empty while nothing was.
    """

    name: str
    headings: tuple[str, ...]
    roles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    doubts: tuple[str, ...] = ()
    example: str = ""


AskColumns = Callable[[TableReading], Mapping[str, int] | None]
"""Asks what the columns of a table are: role → column from 1, or None to keep what was understood."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything read from one source. `table` tells rows with headings from bare paragraphs.

    `beside` holds the paragraphs around tables that were read; they may state goals too. `tables` tells how the columns were read.
    """

    name: str
    rows: tuple[Row, ...]
    table: bool = False
    notices: tuple[str, ...] = ()
    beside: tuple[Row, ...] = ()
    tables: tuple[TableReading, ...] = ()


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a grid, its columns not yet identified; a merged cell repeats its words.

    `joined` holds the columns whose words were merged in from the row above.
    """

    place: str
    cells: tuple[str, ...]
    joined: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Grid:
    """One table or sheet."""

    name: str
    lines: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a file holds: its tables, and its words as paragraphs or, where those are not marked, as running text."""

    grids: tuple[Grid, ...] = ()
    paragraphs: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    text: str = ""


class UnreadableFileError(LedgerError):
    """The file is broken, or not what its name says."""

    def __init__(
        self, name: str, why: str, hint: str = "用 Word、WPS 或 Excel 打开看看；能打开就另存一份再试"
    ) -> None:
        super().__init__(f"{name} 读不出来：{why}", hint)


class NoPlanFoundError(LedgerError):
    """The file can be read, but holds no plan."""

    def __init__(self, name: str, why: str, hint: str) -> None:
        super().__init__(f"{name} 里没有找到计划：{why}", hint)


class InvalidRowsError(LedgerError):
    """Rows that lack something or contradict each other, all at once."""

    def __init__(self, name: str, faults: tuple[str, ...]) -> None:
        shown = [f"  {fault}" for fault in faults[:20]]
        if len(faults) > 20:
            shown.append(f"  …… 另有 {len(faults) - 20} 处")
        super().__init__(
            f"{name} 有 {len(faults)} 行读不成承诺事项，一行也没有读入：\n" + "\n".join(shown),
            "在原表里补全或删去这些行，再试一次",
        )
