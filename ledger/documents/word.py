"""Word files: tables with their merged cells, or paragraphs. The only reader that knows python-docx.

Words are taken from the XML itself: the library leaves out insertions that were never accepted, which people see on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.documents import bounds
from ledger.documents.model import Found, Grid, Line, UnreadableFileError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}tbl",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def read(raw: bytes, name: str) -> Found:
    """Return the tables and paragraphs of a .docx file.

    Raises:
        UnreadableFileError: when it is broken or beyond the bounds.
    """
    stream = bounds.office(raw, name)
    try:
        from docx import Document

        body = Document(stream).element.body
        tables = tuple(
            _grid(table, number, name) for number, table in enumerate(body.iter(f"{_W}tbl"), start=1)
        )
        paragraphs = tuple(words for one in body.iterchildren(f"{_W}p") if (words := _text(one).strip()))
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        raise UnreadableFileError(name, f"不是完好的 .docx 文件（{type(error).__name__}）") from None
    return Found(tables, paragraphs)


def _grid(table: Any, number: int, name: str) -> Grid:
    lines: list[Line] = []
    above: tuple[str, ...] = ()
    for index, row in enumerate(table.iterchildren(f"{_W}tr"), start=1):
        if index > bounds.MAX_ROWS:
            raise UnreadableFileError(name, f"第 {number} 张表超过 {bounds.MAX_ROWS} 行", "拆成几个文件再试")
        line = _line(row, above, f"第{number}张表第{index}行")
        lines.append(line)
        above = line.cells
    return Grid(f"第{number}张表", tuple(lines))


def _line(row: Any, above: tuple[str, ...], place: str) -> Line:
    cells: list[str] = []
    joined: set[int] = set()
    for cell in _cells(row):
        span = min(_number(cell, "gridSpan"), bounds.MAX_COLUMNS)
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        below = merge is not None and merge.get(f"{_W}val") != "restart"
        words = "\n".join(_text(one) for one in cell.iterchildren(f"{_W}p")).strip()
        for _ in range(span):
            if len(cells) < bounds.MAX_COLUMNS:
                if below and len(cells) < len(above):
                    joined.add(len(cells))
                cells.append(above[len(cells)] if below and len(cells) < len(above) else words)
    return Line(place, tuple(cells), frozenset(joined))


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row, also those inside a content control."""
    for one in row:
        if one.tag == f"{_W}tc":
            yield one
        elif one.tag == f"{_W}sdt":
            yield from one.iterfind(f"{_W}sdtContent/{_W}tc")


def _number(cell: Any, name: str) -> int:
    found = cell.find(f"{_W}tcPr/{_W}{name}")
    value = "" if found is None else found.get(f"{_W}val") or ""
    return max(1, int(value)) if value.isdecimal() and len(value) < 6 else 1


def _text(node: Any) -> str:
    parts: list[str] = []
    for child in node:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag == f"{_W}tab":
            parts.append(" ")
        elif child.tag in {f"{_W}br", f"{_W}cr"}:
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        else:
            parts.append(_text(child))
    return "".join(parts)
