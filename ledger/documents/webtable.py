"""Tables that reporting systems save under .xls: HTML, and the XML of Excel 2003."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError, fromstring

from ledger.documents import bounds
from ledger.documents.decode import decode_text
from ledger.documents.model import Grid, GridRow, ParsedFile, UnreadableFileError

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_Placed = dict[tuple[int, int], str]


class _Tables(HTMLParser):
    """Parser that collects the cells of each table, with their spans."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.open: list[list[list[tuple[str, int, int]]]] = []
        self.cell: list[str] | None = None
        self.span = (1, 1)
        self.hidden = 0
        self.loose: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "style"}:
            self.hidden += 1
        elif tag == "table":
            self._end_cell()
            self.open.append([])
        elif tag == "tr" and self.open:
            self._end_cell()
            self.open[-1].append([])
        elif tag in {"td", "th"} and self.open:
            self._end_cell()
            if not self.open[-1]:
                self.open[-1].append([])
            self.cell, self.span = [], (_count(given.get("colspan")), _count(given.get("rowspan")))
        elif tag in {"br", "p", "div"} and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.hidden = max(0, self.hidden - 1)
        elif tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table" and self.open:
            self._end_cell()
            self.tables.append(self.open.pop())

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        (self.cell if self.cell is not None else self.loose).append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()
        while self.open:
            self.tables.append(self.open.pop())

    def _end_cell(self) -> None:
        if self.cell is not None and self.open and self.open[-1]:
            words = re.sub(r"[ \t\r\u00a0]+", " ", "".join(self.cell))
            self.open[-1][-1].append((re.sub(r" ?\n[ \n]*", "\n", words).strip(), *self.span))
        self.cell = None


def read_html(raw: bytes, name: str) -> ParsedFile:
    """Return the tables of a web page; strict UTF-8 first, then GB 18030.

    Raises:
        NotTextError, TextTooLongError, UnreadableFileError: when it is no text, or beyond the bounds.
    """
    parser = _Tables()
    parser.feed(decode_text(raw, name))
    parser.close()
    grids = [_grid(f"第{number}张表", rows, name) for number, rows in enumerate(parser.tables, start=1)]
    text = "\n".join(line.strip() for part in parser.loose for line in part.split("\n") if line.strip())
    filled = tuple(grid for grid in grids if any(any(line.cells) for line in grid.lines))
    return ParsedFile(filled, text=text)


def read_sheetml(raw: bytes, name: str) -> ParsedFile:
    """Return the sheets of an XML spreadsheet of Excel 2003.

    Raises:
        UnreadableFileError: when it is broken, or holds a document type declaration.
    """
    if len(raw) > bounds.MAX_PART or b"<!DOCTYPE" in raw[:4096] or b"<!ENTITY" in raw:
        raise UnreadableFileError(name, "含有文档类型声明，或太大", "不要打开来路不明的文件")
    try:
        root = fromstring(raw)  # noqa: S314 - document type declarations are refused above
    except (ParseError, ValueError) as error:
        raise UnreadableFileError(name, f"不是完好的 XML 表格（{type(error).__name__}）") from None
    grids = []
    for sheet in root.iter(f"{_SS}Worksheet"):
        title = f"工作表“{sheet.get(f'{_SS}Name') or ''}”"
        rows: list[list[tuple[str, int, int]]] = []
        for row in sheet.iter(f"{_SS}Row"):
            while (at := _count(row.get(f"{_SS}Index"), 0)) and len(rows) + 1 < min(at, bounds.MAX_ROWS):
                rows.append([])
            rows.append(list(_sheetml_cells(row)))
        grids.append(_grid(title, rows, name))
    return ParsedFile(tuple(grids))


def _sheetml_cells(row: Element) -> list[tuple[str, int, int]]:
    cells: list[tuple[str, int, int]] = []
    column = 0
    for cell in row.iter(f"{_SS}Cell"):
        index = min(_count(cell.get(f"{_SS}Index"), 0), bounds.MAX_COLUMNS)
        while index and column + 1 < index:
            cells.append(("", 1, 1))
            column += 1
        data = cell.find(f"{_SS}Data")
        wide, tall = _count(cell.get(f"{_SS}MergeAcross"), 0) + 1, _count(cell.get(f"{_SS}MergeDown"), 0) + 1
        cells.append(("".join(data.itertext()).strip() if data is not None else "", wide, tall))
        column += wide
    return cells


def _grid(name: str, rows: list[list[tuple[str, int, int]]], file: str) -> Grid:
    """Return the rows with the words of merged cells in every place that they cover."""
    if len(rows) > bounds.MAX_ROWS:
        raise UnreadableFileError(file, f"{name}超过 {bounds.MAX_ROWS} 行", "拆成几个文件再试")
    placed: _Placed = {}
    joined: dict[int, set[int]] = {}
    for number, row in enumerate(rows):
        column = 0
        for words, wide, tall in row:
            while (number, column) in placed:
                column += 1
            for below in range(number, min(number + tall, len(rows))):
                for beside in range(column, min(column + wide, bounds.MAX_COLUMNS)):
                    placed.setdefault((below, beside), words)
                    if below > number:
                        joined.setdefault(below, set()).add(beside)
            column += wide
    width = max((column + 1 for _, column in placed), default=0)
    return Grid(
        name,
        tuple(
            GridRow(
                f"{name}第{number + 1}行",
                tuple(placed.get((number, column), "") for column in range(width)),
                frozenset(joined.get(number, ())),
            )
            for number in range(len(rows))
        ),
    )


def _count(value: str | None, default: int = 1) -> int:
    return min(int(value), 5000) if value and value.isdecimal() and len(value) < 6 else default
