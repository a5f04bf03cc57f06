"""Reads one file by its kind; the only room that knows which reader is for which ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ledger.documents import bounds, columns, csvfile, excel, pdf, word
from ledger.documents.decode import decode
from ledger.documents.model import (
    Found,
    InvalidRowsError,
    Material,
    NoPlanFoundError,
    Row,
    UnreadableFileError,
)
from ledger.documents.prose import paragraphs

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


def read_file(path: Path) -> Material:
    """Return the commitments or paragraphs of a file, whichever it holds.

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
        return _text_file(raw, name)
    found = reader(raw, name)
    if found.grids and (ending != ".docx" or _has_plan(found) or not found.paragraphs):
        rows, notices = columns.rows_of(name, found.grids)
        return Material(name, tuple(rows), table=True, notices=(*found.notices, *notices))
    return _paragraphs(name, found.paragraphs, found.notices)


def read_text(text: str, name: str) -> Material:
    """Return the paragraphs of running text.

    Raises:
        NoPlanFoundError: when there is nothing but space.
    """
    return _paragraphs(name, paragraphs(text), ())


def _text_file(raw: bytes, name: str) -> Material:
    if raw.startswith(b"PK\x03\x04"):
        raise UnreadableFileError(
            name, "是压缩包或办公文件，名字却不是", "把名字改成 .docx 或 .xlsx，或先解压"
        )
    return read_text(decode(raw, name), name)


def _has_plan(found: Found) -> bool:
    """A letter with a table of contacts is a letter; one with a table of commitments is a table."""
    try:
        columns.rows_of("", found.grids)
    except NoPlanFoundError:
        return False
    except InvalidRowsError:
        return True  # said when they are read
    return True


def _paragraphs(name: str, found: tuple[str, ...], notices: tuple[str, ...]) -> Material:
    if not found:
        raise NoPlanFoundError(name, "一个字也没有", "检查文件；计划要写成表格或一段段的文字")
    rows = tuple(Row(f"第{number}段", words) for number, words in enumerate(found, start=1))
    return Material(name, rows, notices=notices)
