"""Reads one file by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ledger.documents import bounds, columns, csvfile, excel, pdf, word
from ledger.documents.decode import decode
from ledger.documents.model import (
    Found,
    Material,
    NoPlanFoundError,
    Row,
    UnreadableFileError,
)
from ledger.documents.prose import paragraphs, tables_in

READERS: dict[str, Callable[[bytes, str], Found]] = {
    ".docx": word.read,
    ".xlsx": excel.read,
    ".xlsm": excel.read,
    ".csv": csvfile.read,
    ".tsv": csvfile.read,
    ".pdf": pdf.read,
}
OLD = {
    ".doc": ".docx",
    ".wps": ".docx",
    ".rtf": ".docx",
    ".xls": ".xlsx",
    ".et": ".xlsx",
    ".ods": ".xlsx",
    ".odt": ".docx",
}
KNOWN = frozenset({*READERS, *OLD, ".txt", ".md"})


def read_file(path: Path, *, year: int | None = None, places: Mapping[str, int] | None = None) -> Material:
    """Return the commitments or paragraphs of a file, whichever it holds.

    `year` is the plan's, where it is known; `places` gives the column of each role, from 1.

    Raises:
        LedgerError: when it is broken, beyond the bounds, or no plan is in it; the message says where.
    """
    name, ending = path.name, path.suffix.casefold()
    if ending in OLD:
        raise UnreadableFileError(
            name,
            f"是 {ending} 文件，这种格式读不了",
            f"用 Word、WPS 或 Excel 打开，另存为 {OLD[ending]} 再试",
        )
    raw = bounds.load(path, name)
    reader = READERS.get(ending)
    if reader is None:
        return _text_file(raw, name, year, places)
    return _material(name, reader(raw, name), year, places)


def read_text(
    text: str, name: str, *, year: int | None = None, places: Mapping[str, int] | None = None
) -> Material:
    """Return the paragraphs and the table rows of running text, in order.

    Raises:
        NoPlanFoundError: when there is nothing but space.
        InvalidRowsError: when rows of a table lack something.
    """
    rows: list[Row] = []
    notices: list[str] = []
    lines = text.split("\n")
    position = 0
    tables = tables_in(text)
    for table in tables:
        rows += _paragraph_rows("\n".join(lines[position : table.start]), len(rows))
        found, passed_over = columns.rows_of(name, (table.grid,), year=year, places=places)
        rows += found
        notices += passed_over
        position = table.end
    rows += _paragraph_rows("\n".join(lines[position:]), len(rows))
    if not rows:
        raise NoPlanFoundError(name, "一个字也没有", "检查文件；计划要写成表格或一段段的文字")
    return Material(name, tuple(rows), table=bool(tables), notices=tuple(notices))


def _material(name: str, found: Found, year: int | None, places: Mapping[str, int] | None) -> Material:
    """The rows of the tables, and of the paragraphs where the tables are no plan; both where both are."""
    if not found.grids:
        return _from_paragraphs(name, found.paragraphs, found.notices)
    try:
        rows, notices = columns.rows_of(name, found.grids, year=year, places=places)
    except NoPlanFoundError:
        if not found.paragraphs:
            raise
        passed_over = tuple(f"{grid.name}不是计划表，没有读：{columns.sample(grid)}" for grid in found.grids)
        return _from_paragraphs(name, found.paragraphs, (*found.notices, *passed_over))
    beside = tuple(Row(f"第{number}段", words) for number, words in enumerate(found.paragraphs, start=1))
    return Material(name, tuple(rows), table=True, notices=(*found.notices, *notices), beside=beside)


def _text_file(raw: bytes, name: str, year: int | None, places: Mapping[str, int] | None) -> Material:
    if raw.startswith(b"PK\x03\x04"):
        raise UnreadableFileError(
            name, "是压缩包或办公文件，名字却不是", "把名字改成 .docx 或 .xlsx，或先解压"
        )
    return read_text(decode(raw, name), name, year=year, places=places)


def _paragraph_rows(text: str, count: int) -> list[Row]:
    return [Row(f"第{number}段", words) for number, words in enumerate(paragraphs(text), start=count + 1)]


def _from_paragraphs(name: str, words: tuple[str, ...], notices: tuple[str, ...]) -> Material:
    if not words:
        raise NoPlanFoundError(name, "一个字也没有", "检查文件；计划要写成表格或一段段的文字")
    rows = tuple(Row(f"第{number}段", paragraph) for number, paragraph in enumerate(words, start=1))
    return Material(name, rows, notices=notices)
