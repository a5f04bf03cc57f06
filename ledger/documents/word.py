"""Word files (.docx): paragraphs and tables, from their XML.

Tracked insertions are read and deletions are not; so are content controls, equations and the base of ruby. Text that is hidden
or struck through is left out with a notice. Automatic numbers are written out as item marks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger.documents import bounds
from ledger.documents.model import Grid, GridRow, ParsedFile, UnreadableFileError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DELETED = {f"{_W}del", f"{_W}moveFrom"}
_SKIPPED = {
    *_DELETED,
    f"{_W}tbl",
    f"{_W}rt",
    f"{_W}instrText",
    f"{_W}pPr",
    f"{_W}rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_WRAPPERS = {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_OFF = {"0", "false", "off", "none"}
_DIGITS = "零一二三四五六七八九"


def read_docx(raw: bytes, name: str) -> ParsedFile:
    """Return the tables and paragraphs of a .docx file.

    Raises:
        UnreadableFileError: when it is broken or beyond the bounds.
    """
    stream = bounds.open_office_file(raw, name)
    try:
        from docx import Document

        document = Document(stream)
        body = document.element.body
        reader = _WordReader(_Numbering(document), name, _unseen_styles(document))
        paragraphs = tuple(
            words for node in _blocks(body, f"{_W}p") if (words := reader.paragraph(node).strip())
        )
        tables = tuple(reader.grid(table, number) for number, table in enumerate(_tables(body), start=1))
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        raise UnreadableFileError(name, f"不是完好的 .docx 文件（{type(error).__name__}）") from None
    return ParsedFile(tables, paragraphs, tuple(reader.notices()))


def _blocks(node: Any, tag: str) -> Iterator[Any]:
    """Yield the blocks of a tag among a body's children, also those inside content controls."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child, tag)


def _tables(node: Any) -> Iterator[Any]:
    """Yield every table, nested ones too, but none that was deleted."""
    for table in node.iter(f"{_W}tbl"):
        if not any(parent.tag in _DELETED for parent in table.iterancestors()):
            yield table


@dataclass
class _Numbering:
    """The automatic numbers of a document's paragraphs, by list and level."""

    document: Any
    levels: dict[tuple[str, int], tuple[str, str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            root = self.document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        formats: dict[tuple[str, int], tuple[str, str, int]] = {}
        for abstract in root.iterfind(f"{_W}abstractNum"):
            for level in abstract.iterfind(f"{_W}lvl"):
                at = int(level.get(f"{_W}ilvl") or 0)
                formats[abstract.get(f"{_W}abstractNumId") or "", at] = (
                    _value(level, "numFmt"), _value(level, "lvlText"), int(_value(level, "start") or 1),
                )  # fmt: skip
        for number in root.iterfind(f"{_W}num"):
            abstract_id = _value(number, "abstractNumId")
            for (abstract, at), shape in formats.items():
                if abstract == abstract_id:
                    self.levels[number.get(f"{_W}numId") or "", at] = shape
        for style in self.document.styles.element.iterfind(f"{_W}style"):
            properties = style.find(f"{_W}pPr/{_W}numPr")
            if properties is not None and _value(properties, "numId"):
                self.styles[style.get(f"{_W}styleId") or ""] = (
                    _value(properties, "numId"), int(_value(properties, "ilvl") or 0),
                )  # fmt: skip

    def mark(self, paragraph: Any) -> str:
        """Return the item mark of a paragraph and count it; empty for one without a number, or with a bullet."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is not None:
            number, at = _value(properties, "numId"), int(_value(properties, "ilvl") or 0)
        else:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            number, at = self.styles.get(style.get(f"{_W}val") if style is not None else "", ("", 0))
        shape = self.levels.get((number, at))
        if shape is None or number == "0":
            return ""
        counts = self.counts[number]
        counts[at] = counts.get(at, shape[2] - 1) + 1
        for deeper in [level for level in counts if level > at]:
            del counts[deeper]
        if shape[0] in {"bullet", "none"}:
            return "● " if shape[0] == "bullet" else ""
        return re.sub(r"%(\d)", lambda m: self._number(number, int(m[1]) - 1), shape[1])

    def _number(self, number: str, at: int) -> str:
        shape = self.levels.get((number, at))
        count = self.counts[number].get(at, shape[2] if shape else 1)
        return _format_number(count, shape[0] if shape else "decimal")


def _format_number(count: int, form: str) -> str:
    if form.startswith(("chinese", "japaneseCounting", "taiwaneseCounting", "ideograph")) and 0 < count < 100:
        tens, ones = divmod(count, 10)
        head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
        return head + (_DIGITS[ones] if ones or not tens else "")
    if form.startswith("decimalEnclosedCircle") and 0 < count <= 20:
        return chr(0x2460 + count - 1)
    if form in {"lowerLetter", "upperLetter"}:
        return chr((97 if form == "lowerLetter" else 65) + (count - 1) % 26)
    return str(count)


@dataclass
class _WordReader:
    """Reader of the text in a document's XML; counts what it leaves out."""

    numbering: _Numbering
    name: str
    unseen_styles: dict[str, str] = field(default_factory=dict)
    style: str = ""  # of the paragraph that is being read
    hidden: int = 0
    struck: int = 0

    def notices(self) -> Iterator[str]:
        """Say what was left out."""
        if self.hidden:
            yield f"有 {self.hidden} 处隐藏文字，没有读"
        if self.struck:
            yield f"有 {self.struck} 处划掉（删除线）的文字，没有读"

    def paragraph(self, node: Any) -> str:
        """Return the text of a paragraph with its number."""
        named = node.find(f"{_W}pPr/{_W}pStyle")
        self.style = "" if named is None else named.get(f"{_W}val") or ""
        words = self._text(node)
        mark = self.numbering.mark(node)
        return f"{mark}{words}" if words.strip() else ""

    def grid(self, table: Any, number: int) -> Grid:
        """Return the cells of a table; a merged cell repeats its words."""
        lines: list[GridRow] = []
        above: tuple[str, ...] = ()
        for index, row in enumerate(_blocks(table, f"{_W}tr"), start=1):
            if index > bounds.MAX_ROWS:
                raise UnreadableFileError(
                    self.name, f"第 {number} 张表超过 {bounds.MAX_ROWS} 行", "拆成几个文件再试"
                )
            if row.find(f"{_W}trPr/{_W}del") is not None:
                continue
            line = self._line(row, above, f"第{number}张表第{index}行")
            lines.append(line)
            above = line.cells
        return Grid(f"第{number}张表", tuple(lines))

    def _line(self, row: Any, above: tuple[str, ...], place: str) -> GridRow:
        before = row.find(f"{_W}trPr/{_W}gridBefore")
        cells = [""] * (min(_count(before), bounds.MAX_COLUMNS) if before is not None else 0)
        joined: set[int] = set()
        for cell in _blocks(row, f"{_W}tc"):
            properties = cell.find(f"{_W}tcPr")
            span = min(
                _count(properties.find(f"{_W}gridSpan")) if properties is not None else 1, bounds.MAX_COLUMNS
            )
            merge = properties.find(f"{_W}vMerge") if properties is not None else None
            below = merge is not None and merge.get(f"{_W}val") != "restart"
            words = "\n".join(self.paragraph(node) for node in _blocks(cell, f"{_W}p")).strip()
            for _ in range(span):
                if len(cells) < bounds.MAX_COLUMNS:
                    if below and len(cells) < len(above):
                        joined.add(len(cells))
                    cells.append(above[len(cells)] if below and len(cells) < len(above) else words)
        return GridRow(place, tuple(cells), frozenset(joined))

    def _text(self, node: Any) -> str:
        parts: list[str] = []
        for child in node:
            if child.tag == f"{_W}r" and (unseen := self._unseen(child)):
                if any(part.text for part in child.iter(f"{_W}t")):
                    self.hidden += unseen == "hidden"
                    self.struck += unseen == "struck"
            elif child.tag in _SKIPPED:
                continue
            elif child.tag in {f"{_W}t", f"{_M}t"}:
                parts.append(child.text or "")
            elif child.tag == f"{_M}f":
                parts.append(
                    "/".join(self._text(part) for part in child if part.tag in {f"{_M}num", f"{_M}den"})
                )
            elif child.tag == f"{_W}tab":
                parts.append(" ")
            elif child.tag in {f"{_W}br", f"{_W}cr"}:
                parts.append("\n")
            elif child.tag == f"{_W}noBreakHyphen":
                parts.append("-")
            else:
                parts.append(self._text(child))
        return "".join(parts)

    def _unseen(self, run: Any) -> str:
        """Return why a run is not seen, by its own properties, its style or its paragraph's: hidden, struck."""
        properties = run.find(f"{_W}rPr")
        marks = _marks_unseen(properties)
        if marks is not None:
            return marks
        named = None if properties is None else properties.find(f"{_W}rStyle")
        style = "" if named is None else named.get(f"{_W}val") or ""
        return self.unseen_styles.get(style) or self.unseen_styles.get(self.style, "")


def _marks_unseen(properties: Any) -> str | None:
    """Return hidden or struck as run properties say; empty where they say it is neither, None where they say nothing."""
    shown = None
    for tag, what in (("vanish", "hidden"), ("strike", "struck"), ("dstrike", "struck")):
        node = None if properties is None else properties.find(f"{_W}{tag}")
        if node is not None and (node.get(f"{_W}val") or "true") not in _OFF:
            return what
        shown = "" if node is not None else shown
    return shown


def _unseen_styles(document: Any) -> dict[str, str]:
    """Return the styles whose text is hidden or struck through, also through the styles they are based on."""
    marks: dict[str, str | None] = {}
    based: dict[str, str] = {}
    for style in document.styles.element.iterfind(f"{_W}style"):
        name = style.get(f"{_W}styleId") or ""
        marks[name] = _marks_unseen(style.find(f"{_W}rPr"))
        based[name] = _value(style, "basedOn")
    unseen: dict[str, str] = {}
    for name in marks:
        at, steps = name, 0
        while at and marks.get(at) is None and steps < 20:
            at, steps = based.get(at, ""), steps + 1
        if at and (what := marks.get(at)):
            unseen[name] = what
    return unseen


def _value(node: Any, name: str) -> str:
    child = node.find(f"{_W}{name}")
    return "" if child is None else str(child.get(f"{_W}val") or "")


def _count(node: Any) -> int:
    value = "" if node is None else node.get(f"{_W}val") or ""
    return max(1, int(value)) if value.isdecimal() and len(value) < 6 else 1
