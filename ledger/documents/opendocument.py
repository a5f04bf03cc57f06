"""OpenDocument texts and spreadsheets (.odt, .ods), from their XML: shown texts of cells; deletions stand outside the text."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring
from zipfile import ZipFile

from ledger.documents import bounds
from ledger.documents.excel import hidden_notice
from ledger.documents.model import Grid, GridRow, ParsedFile, UnreadableFileError

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_SKIPPED = {
    f"{_OFFICE}annotation",
    f"{_TEXT}tracked-changes",
    f"{_TEXT}note",
    f"{_TEXT}ruby-text",
    f"{_OFFICE}annotation-end",
}
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}


def read_ods(raw: bytes, name: str, *, hidden: bool = False) -> ParsedFile:
    """Return the sheets of an .ods file, with the texts that the cells show.

    Raises:
        UnreadableFileError: when it is broken or beyond the bounds.
    """
    body, hiding = _content(raw, name, "spreadsheet")
    grids, notices = [], []
    for table in body.iterfind(f"{_TABLE}table"):
        title = table.get(f"{_TABLE}name") or ""
        if table.get(f"{_TABLE}style-name") in hiding and not hidden:
            notices.append(f"工作表“{title}”是隐藏的，没有读")
            continue
        grids.append(_grid(table, f"工作表“{title}”", title, name, notices, hidden=hidden))
    return ParsedFile(tuple(grids), (), tuple(notices))


def read_odt(raw: bytes, name: str) -> ParsedFile:
    """Return the tables and paragraphs of an .odt file.

    Raises:
        UnreadableFileError: when it is broken or beyond the bounds.
    """
    body, hiding = _content(raw, name, "text")
    notices: list[str] = []
    tables = tuple(
        _grid(table, f"第{number}张表", f"第{number}张表", name, notices, hidden=True)
        for number, table in enumerate(body.iter(f"{_TABLE}table"), start=1)
    )
    paragraphs = tuple(words for node in _paragraphs(body) if (words := _text(node, hiding).strip()))
    if any(node.get(f"{_TEXT}style-name") in hiding for node in body.iter()):
        notices.append("有隐藏或划掉的文字，没有读")
    return ParsedFile(tables, paragraphs, tuple(notices))


def _content(raw: bytes, name: str, kind: str) -> tuple[Element, frozenset[str]]:
    """Return the body of a document, and the names of the styles that hide or strike through what they are given to."""
    stream = bounds.open_office_file(raw, name)
    try:
        with ZipFile(stream) as archive:
            root = fromstring(archive.read("content.xml"))  # noqa: S314 - bounds.open_office_file refuses document type declarations
    except (KeyError, ParseError, ValueError, RuntimeError, OSError) as error:
        raise UnreadableFileError(name, f"不是完好的 OpenDocument 文件（{type(error).__name__}）") from None
    body = root.find(f"{_OFFICE}body/{_OFFICE}{kind}")
    if body is None:
        raise UnreadableFileError(name, "不是完好的 OpenDocument 文件")
    hiding = set()
    for style in root.iter(f"{_STYLE}style"):
        for properties in style:
            struck = properties.get(f"{_STYLE}text-line-through-style") not in {None, "none"}
            unseen = (
                properties.get(f"{_TEXT}display") == "none" or properties.get(f"{_TABLE}display") == "false"
            )
            if struck or unseen:
                hiding.add(style.get(f"{_STYLE}name") or "")
    return body, frozenset(hiding)


def _paragraphs(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag in _SKIPPED or child.tag == f"{_TABLE}table":
            continue
        if child.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
            yield child
        else:
            yield from _paragraphs(child)


def _grid(table: Element, name: str, title: str, file: str, notices: list[str], *, hidden: bool) -> Grid:
    lines: list[GridRow] = []
    left_out = number = 0
    unseen = set() if hidden else _unseen_columns(table)
    spans: dict[int, tuple[int, str]] = {}  # column → rows still covered from above, and their words
    for row in _rows(table):
        repeated = _count(row, "number-rows-repeated")
        cells, joined, spans = _cells(row, spans)
        if row.get(f"{_TABLE}visibility") in {"collapse", "filter"} and not hidden:
            left_out += repeated if any(cells) else 0
            number += repeated
            continue
        if not any(cells):
            number += repeated
            continue
        for _ in range(min(repeated, bounds.MAX_ROWS + 1)):
            number += 1
            kept = [column for column in range(len(cells)) if column not in unseen]
            marks = frozenset(kept.index(column) for column in joined if column in kept)
            lines.append(GridRow(f"{name}第{number}行", tuple(cells[column] for column in kept), marks))
            if len(lines) > bounds.MAX_ROWS:
                raise UnreadableFileError(file, f"{name}超过 {bounds.MAX_ROWS} 行", "拆成几个文件再试")
    notices += hidden_notice(
        title, left_out, len([c for c in unseen if any(c < len(line.cells) + len(unseen) for line in lines)])
    )
    return Grid(name, tuple(lines))


def _rows(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in {f"{_TABLE}table-rows", f"{_TABLE}table-header-rows", f"{_TABLE}table-row-group"}:
            yield from _rows(child)


def _unseen_columns(table: Element) -> set[int]:
    unseen, at = set(), 0
    for column in table.iter(f"{_TABLE}table-column"):
        count = min(_count(column, "number-columns-repeated"), bounds.MAX_COLUMNS)
        if column.get(f"{_TABLE}visibility") in {"collapse", "filter"}:
            unseen |= set(range(at, at + count))
        at += count
    return {column for column in unseen if column < bounds.MAX_COLUMNS}


def _cells(
    row: Element, spans: dict[int, tuple[int, str]]
) -> tuple[list[str], set[int], dict[int, tuple[int, str]]]:
    """Return the cells of a row with the words of merged ones, the columns merged in from above, and what covers the next row."""
    cells: list[str] = []
    joined: set[int] = set()
    below: dict[int, tuple[int, str]] = {}
    across, words = 0, ""
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        repeated = min(_count(cell, "number-columns-repeated"), bounds.MAX_COLUMNS)
        for _ in range(repeated):
            at = len(cells)
            if at >= bounds.MAX_COLUMNS:
                break
            if cell.tag == f"{_TABLE}covered-table-cell":
                left, above = spans.get(at, (0, ""))
                if left:
                    joined.add(at)
                    below[at] = left - 1, above
                    cells.append(above)
                else:
                    cells.append(words if across > 0 else "")
                    across -= 1
                continue
            words = _cell_text(cell)
            wide, tall = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
            across = wide - 1
            for column in range(at, min(at + wide, bounds.MAX_COLUMNS)):
                if tall > 1:
                    below[column] = tall - 1, words
            cells.append(words)
    while cells and not cells[-1]:
        cells.pop()
    return cells, joined, {column: value for column, value in below.items() if value[0] > 0}


def _cell_text(cell: Element) -> str:
    return "\n".join(
        _text(node, frozenset()) for node in cell if node.tag in {f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}list"}
    ).strip()


def _count(node: Element, name: str) -> int:
    value = node.get(f"{_TABLE}{name}") or "1"
    return max(1, int(value)) if value.isdecimal() and len(value) < 8 else 1


def _text(node: Element, hiding: frozenset[str]) -> str:
    if node.get(f"{_TEXT}style-name") in hiding:
        return ""
    parts = [node.text or ""]
    for child in node:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c") or 1), 100))
        elif child.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag not in _SKIPPED:
            parts.append(_text(child, hiding))
        parts.append(child.tail or "")
    return "".join(parts)
