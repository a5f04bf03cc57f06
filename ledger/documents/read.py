"""Reading of a file by its format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ledger.documents import (
    bounds,
    columns,
    csvfile,
    excel,
    formats,
    legacy,
    ofd,
    opendocument,
    pdf,
    webtable,
    word,
)
from ledger.documents.decode import decode_text
from ledger.documents.model import (
    AskColumns,
    Material,
    NoPlanFoundError,
    ParsedFile,
    Row,
    TableReading,
)
from ledger.documents.prose import looking_back, paragraphs, with_remarks
from ledger.documents.text_tables import tables_in

KNOWN = frozenset(
    {
        ".docx", ".doc", ".wps", ".odt", ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv", ".pdf", ".ofd", ".txt", ".md",
        ".rtf", ".xlsb", ".mht", ".mhtml", ".uof", ".uot", ".uos", ".htm", ".html", ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff",
    }
)  # fmt: skip
"""Endings by which a word on the command line is taken for a file."""


def read_file(
    path: Path, *, year: int | None = None, ask: AskColumns | None = None, hidden: bool = False
) -> Material:
    """Return the commitments or paragraphs of a file, whichever it holds; its first bytes tell the format.

    `year` is the plan's, where it is known; `ask` is asked what the columns of tables are; with `hidden`, hidden rows, columns
    and sheets are read too.

    Raises:
        LedgerError: when it is broken, beyond the bounds, or no plan is in it; the message says where.
    """
    name = path.name
    raw = bounds.read_bounded(path, name)
    kind = formats.kind_of(raw, path.suffix.casefold())
    if kind in formats.REFUSED:
        raise formats.unsupported_format(kind, name)
    if kind == "text":
        return read_text(decode_text(raw, name), name, year=year, ask=ask)
    return _material(name, _reader(kind, hidden=hidden)(raw, name), year, ask)


def _reader(kind: str, *, hidden: bool) -> Callable[[bytes, str], ParsedFile]:
    """Return the reader of a format."""
    if kind in {"xlsx", "xls", "ods"}:
        sheets = {"xlsx": excel.read_xlsx, "xls": legacy.read_xls, "ods": opendocument.read_ods}
        return partial(sheets[kind], hidden=hidden)
    readers: dict[str, Callable[[bytes, str], ParsedFile]] = {
        "docx": word.read_docx, "doc": legacy.read_doc, "odt": opendocument.read_odt, "ofd": ofd.read_ofd, "pdf": pdf.read_pdf,
        "csv": csvfile.read_csv, "html": webtable.read_html, "sheetml": webtable.read_sheetml,
    }  # fmt: skip
    return readers[kind]


def read_text(text: str, name: str, *, year: int | None = None, ask: AskColumns | None = None) -> Material:
    """Return the paragraphs and the table rows of running text, in order.

    Raises:
        NoPlanFoundError: when there is nothing but space.
        InvalidRowsError: when rows of a table lack something.
    """
    rows: list[Row] = []
    notices: list[str] = []
    readings: list[TableReading] = []
    lines = text.split("\n")
    position = 0
    tables = tables_in(text, unheaded=ask is not None)
    for table in tables:
        try:
            read = columns.rows_of(name, (table.grid,), year=year, ask=ask)
        except NoPlanFoundError:  # a block with tabs that nobody took for a table
            continue
        rows += _paragraph_rows("\n".join(lines[position : table.start]), len(rows))
        rows += read.rows
        notices += read.notices
        readings += read.tables
        position = table.end
    rows += _paragraph_rows("\n".join(lines[position:]), len(rows))
    if not rows:
        raise NoPlanFoundError(name, "一个字也没有", "检查文件；计划要写成表格或一段段的文字")
    rows = _with_past(rows)
    return Material(
        name,
        tuple(rows),
        table=bool(readings),
        notices=(*notices, *_past_notice(rows)),
        tables=tuple(readings),
    )


def _material(name: str, parsed: ParsedFile, year: int | None, ask: AskColumns | None) -> Material:
    """Return the rows of the tables, and of the paragraphs where the tables are no plan; both where both are."""
    if parsed.text and not parsed.grids:
        material = read_text(parsed.text, name, year=year, ask=ask)
        return replace(material, notices=(*parsed.notices, *material.notices))
    words = with_remarks(parsed.paragraphs) or paragraphs(parsed.text)
    if not parsed.grids:
        return _from_paragraphs(name, words, parsed.notices)
    try:
        read = columns.rows_of(name, parsed.grids, year=year, ask=ask)
    except NoPlanFoundError:
        if not words:
            raise
        passed_over = tuple(f"{grid.name}不是计划表，没有读：{columns.sample(grid)}" for grid in parsed.grids)
        return _from_paragraphs(name, words, (*parsed.notices, *passed_over))
    beside = _numbered(words)
    notices = (*parsed.notices, *read.notices, *_past_notice(beside))
    return Material(
        name, tuple(read.rows), table=True, notices=notices, beside=tuple(beside), tables=read.tables
    )


def _paragraph_rows(text: str, count: int) -> list[Row]:
    return [Row(f"第{number}段", words) for number, words in enumerate(paragraphs(text), start=count + 1)]


def _from_paragraphs(name: str, words: tuple[str, ...], notices: tuple[str, ...]) -> Material:
    if not words:
        raise NoPlanFoundError(name, "一个字也没有", "检查文件；计划要写成表格或一段段的文字")
    rows = _numbered(words)
    return Material(name, tuple(rows), notices=(*notices, *_past_notice(rows)))


def _numbered(words: Sequence[str]) -> list[Row]:
    return _with_past([Row(f"第{number}段", paragraph) for number, paragraph in enumerate(words, start=1)])


def _with_past(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with those marked that stand under a heading that looks back on the year before."""
    past = looking_back([row.text for row in rows])
    return [replace(row, past=True) if is_past else row for row, is_past in zip(rows, past, strict=True)]


def _past_notice(rows: Sequence[Row]) -> list[str]:
    places = [row.place for row in rows if row.past]
    if not places:
        return []
    return [
        f"{places[0]}{f'至{places[-1]}' if len(places) > 1 else ''}在回顾上年的标题下，其中的数没有读作目标"
    ]
