"""OFD files (GB/T 33190-2016): text by its lines, and tables by their ruled lines. Text comes from ofdkit, an extra dependency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring
from zipfile import ZipFile

from ledger.documents import bounds
from ledger.documents import pages as page_marks
from ledger.documents.model import Grid, GridRow, NoPlanFoundError, ParsedFile, UnreadableFileError

_INSTALL = "装上读 OFD 的组件：pip install 'commitment-ledger[office]'；或换 Word、Excel 原件"
_SLACK = 0.8  # millimetres within which two ends of rules meet
MAX_PAGES = 200


class Rule(NamedTuple):
    """A straight horizontal or vertical stroke in millimetres, from (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_flat(self) -> bool:
        """Whether it is horizontal."""
        return abs(self.y1 - self.y0) <= _SLACK


class Glyph(NamedTuple):
    """A character and the middle of its box, in millimetres."""

    text: str
    x: float
    y: float


def read_ofd(raw: bytes, name: str) -> ParsedFile:
    """Return the tables of an OFD file, and the text outside of them.

    Raises:
        UnreadableFileError: when it is broken, or ofdkit is not installed.
        NoPlanFoundError: when it holds no text, only shapes of letters or pictures.
    """
    try:
        import ofdkit  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError:
        raise UnreadableFileError(name, "是 OFD 版式文件", _INSTALL) from None
    stream = bounds.open_office_file(raw, name)
    try:
        with ofdkit.open(stream) as document:
            if len(document.pages) > MAX_PAGES:
                raise UnreadableFileError(name, f"超过 {MAX_PAGES} 页", "拆出计划所在的几页再试")
            grids: list[Grid] = []
            texts: list[str] = []
            for page in document.pages:
                tables, rest = _page(page, _rules(document, page), len(grids))
                grids += tables
                texts.append(rest)
    except UnreadableFileError:
        raise
    except Exception as error:  # a foreign library at a hostile file may raise anything
        raise UnreadableFileError(
            name, f"不是完好的 OFD 文件（{type(error).__name__}）", "换 Word 或 Excel 原件再试"
        ) from None
    kept, dropped = page_marks.without_furniture(texts)
    remarks = _annotations(raw)
    text = "\n".join([*kept, *remarks]).strip()
    if not text and not grids:
        raise NoPlanFoundError(
            name, "OFD 里没有文字，多半是图片或把字画成了图形", "换 Word 或 Excel 原件，或先做文字识别"
        )
    signed = ["有签章，未验签"] if _has_signatures(raw) else []
    annotated = [f"有 {len(remarks)} 处批注，读在正文后面：{remarks[0][:20]}"] if remarks else []
    return ParsedFile(tuple(grids), text=text, notices=(*signed, *annotated, *page_marks.notice(dropped)))


def _has_signatures(raw: bytes) -> bool:
    with ZipFile(BytesIO(raw)) as archive:
        return any("signature" in info.filename.casefold() for info in archive.infolist())


def _annotations(raw: bytes) -> list[str]:
    """Return the words of the annotations, one a line; watermarks, links and what is not shown are none."""
    remarks: list[str] = []
    with ZipFile(BytesIO(raw)) as archive:
        for info in archive.infolist():
            if "annot" not in info.filename.casefold() or not info.filename.casefold().endswith(".xml"):
                continue
            try:
                part = archive.read(info)
                if b"<!DOCTYPE" in part:
                    continue
                root = fromstring(part)  # noqa: S314 - document type declarations are passed over above
            except ParseError:
                continue
            for node in root.iter():
                hidden = (node.get("Visible") or "true").casefold() == "false"
                if _local_name(node) != "Annot" or hidden or node.get("Type") in {"Watermark", "Link"}:
                    continue
                words = "".join(
                    leaf.text or "" for leaf in node.iter() if _local_name(leaf) in {"TextCode", "Remark"}
                ).strip()
                remarks += [words] if words else []
    return remarks


def _page(page: Any, rules: list[Rule], count: int) -> tuple[list[Grid], str]:
    """Return the tables of a page, and the lines of text outside of them."""
    glyphs = [glyph for run in page.runs for glyph in _glyphs(run)]
    grids: list[Grid] = []
    areas: list[tuple[float, float, float, float]] = []
    for group in _connected(rules):
        grid = _grid(group, glyphs, f"第{count + len(grids) + 1}张表")
        if grid is not None:
            grids.append(grid)
            xs = [x for rule in group for x in (rule.x0, rule.x1)]
            ys = [y for rule in group for y in (rule.y0, rule.y1)]
            areas.append((min(xs), min(ys), max(xs), max(ys)))
    outside = [
        glyph for glyph in glyphs if not any(a <= glyph.x <= c and b <= glyph.y <= d for a, b, c, d in areas)
    ]
    return grids, "\n".join(_lines(outside))


def _glyphs(run: Any) -> Iterator[Glyph]:
    """Yield the characters of a run, each with its share of the run's width; Latin ones take half."""
    weights = [1.0 if ord(char) > 0x2E7F else 0.5 for char in run.text]
    total = sum(weights) or 1.0
    x = run.x
    for char, weight in zip(run.text, weights, strict=True):
        width = run.width * weight / total
        yield Glyph(char, x + width / 2, run.y - run.size * 0.35)
        x += width


def _lines(glyphs: list[Glyph]) -> list[str]:
    """Return the text of glyphs by lines, top to bottom and left to right."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.y, g.x)):
        if lines and abs(lines[-1][0].y - glyph.y) <= 1.5:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return ["".join(g.text for g in sorted(line, key=lambda g: g.x)) for line in lines]


def _connected(rules: list[Rule]) -> list[list[Rule]]:
    """Rules that touch each other, in groups of at least four."""
    groups: list[list[Rule]] = []
    for rule in rules:
        touching = [group for group in groups if any(_touches(rule, other) for other in group)]
        merged = [rule, *(other for group in touching for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append(merged)
    return sorted(
        (group for group in groups if len(group) >= 4), key=lambda group: min(rule.y0 for rule in group)
    )


def _touches(first: Rule, second: Rule) -> bool:
    return (
        first.x0 - _SLACK <= second.x1
        and second.x0 - _SLACK <= first.x1
        and first.y0 - _SLACK <= second.y1
        and second.y0 - _SLACK <= first.y1
    )


def _grid(rules: list[Rule], glyphs: list[Glyph], name: str) -> Grid | None:
    """Return the cells between rules: a cell is what no rule divides, and a merged one repeats its words."""
    ys = _steps([rule.y0 for rule in rules if rule.is_flat])
    xs = _steps([rule.x0 for rule in rules if not rule.is_flat])
    if len(ys) < 2 or len(xs) < 2:
        return None
    owner = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}
    for row, column in sorted(owner):
        if column and not _is_divided(rules, xs[column], ys[row], ys[row + 1], flat=False):
            owner[row, column] = owner[row, column - 1]
        elif row and not _is_divided(rules, ys[row], xs[column], xs[column + 1], flat=True):
            owner[row, column] = owner[row - 1, column]
    words: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        at = _step(ys, glyph.y), _step(xs, glyph.x)
        if at[0] is not None and at[1] is not None:
            words.setdefault(owner[at[0], at[1]], []).append(glyph)
    texts = {cell: "\n".join(_lines(part)).strip() for cell, part in words.items()}
    lines = [
        GridRow(
            f"{name}第{row + 1}行",
            tuple(texts.get(owner[row, column], "") for column in range(len(xs) - 1)),
            frozenset(column for column in range(len(xs) - 1) if owner[row, column][0] < row),
        )
        for row in range(len(ys) - 1)
    ]
    return Grid(name, tuple(lines))


def _steps(values: list[float]) -> list[float]:
    steps: list[float] = []
    for value in sorted(values):
        if not steps or value - steps[-1] > _SLACK:
            steps.append(value)
    return steps


def _step(steps: list[float], value: float) -> int | None:
    return next((i for i in range(len(steps) - 1) if steps[i] <= value < steps[i + 1]), None)


def _is_divided(rules: list[Rule], at: float, low: float, high: float, *, flat: bool) -> bool:
    """Return whether a rule runs at `at` across the middle of [low, high]."""
    middle = (low + high) / 2
    for rule in rules:
        place, start, end = (rule.y0, rule.x0, rule.x1) if flat else (rule.x0, rule.y0, rule.y1)
        if rule.is_flat == flat and abs(place - at) <= _SLACK and start - _SLACK <= middle <= end + _SLACK:
            return True
    return False


# --- the ruled lines of a page -----------------------------------------------------------------------------------------


def _rules(document: Any, page: Any) -> list[Rule]:
    """Return the straight strokes of a page and of its templates."""
    package = document._package
    locations = [page.location] if page.location else []
    roots = [package.read_xml(location) for location in locations]
    for root in list(roots):
        for node in root.iter():
            if _local_name(node) == "Template":
                template = page._body.templates.get((node.get("TemplateID") or "").strip())
                if template is not None:
                    roots.append(package.read_xml(template))
    return [
        rule
        for root in roots
        for node in root.iter()
        if _local_name(node) == "PathObject"
        for rule in _strokes(node)
    ]


def _local_name(node: Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _numbers(text: str | None) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text or "")][:64]


def _strokes(node: Element) -> Iterator[Rule]:
    """Yield the horizontal and vertical lines of a path: M, L, and boxes drawn with them; thin filled boxes are lines too."""
    if (node.get("Visible") or "true").casefold() == "false":
        return
    boundary = _numbers(node.get("Boundary"))
    left, top = (boundary[0], boundary[1]) if len(boundary) >= 2 else (0.0, 0.0)
    matrix = _numbers(node.get("CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    data = next((child.text or "" for child in node if _local_name(child) == "AbbreviatedData"), "")
    points: list[tuple[float, float]] = []
    start: tuple[float, float] | None = None
    for command, arguments in re.findall(r"([SMLCBQA])([^SMLCBQA]*)", data)[:2000]:
        values = _numbers(arguments)
        if command == "C" and start is not None and points:
            yield from _line(points[-1], start)
        if command in "SML" and len(values) >= 2:
            point = (left + a * values[0] + c * values[1] + e, top + b * values[0] + d * values[1] + f)
            if command == "L" and points:
                yield from _line(points[-1], point)
            if command in "SM":
                start = point
            points.append(point)


def _line(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Rule]:
    (x0, y0), (x1, y1) = start, end
    long = max(abs(x1 - x0), abs(y1 - y0)) > 1.5
    if long and (abs(x1 - x0) <= 0.3 or abs(y1 - y0) <= 0.3):
        yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
