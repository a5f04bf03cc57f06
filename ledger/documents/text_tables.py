"""Tables in plain text: with bars, tabs, commas, wide gaps or numbered rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.documents.heading_roles import is_unit
from ledger.documents.headings import Headings, find_headings
from ledger.documents.model import Grid, GridRow
from ledger.documents.prose import SECTION

_DEADLINE = re.compile(
    r"(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日|[底末初上中下旬]+)?前?|全年|年底前?|[一二三四]季度末?|[上下]半年|长期|持续推进)|20\d\d[.-]\d{1,2}"
)
_NAMES_UNITS = re.compile(
    r"(?:[\u4e00-\u9fff]{0,14}(?:局|委|办|厅|处|部|院|镇|乡|街道|中心|公司|集团|银行|政府|支队|大队|总队|联合会|残联|妇联|工会|管委会|法院|检察院|学校|[县市区])[、，,；;/]?)+"
)
_ABOVE = re.compile(
    r"^[（(]?(?:计量)?单位[：:]\s*\S{1,10}$|^(?=.{4,40}$)[^。；，]*(?:表|清单)(?:[一二三四五六七八九\d]*)$"
)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table found in a text: its lines [start, end) and its cells."""

    start: int
    end: int
    grid: Grid


def tables_in(text: str, *, unheaded: bool = False) -> list[TextTable]:
    """Return the tables of a text: cells parted by tabs, bars or blanks, or one cell on each line.

    A block of lines is a table where a line of it is a heading of a plan; with `unheaded`, so is every block of three lines or
    more with tabs or bars.
    """
    lines = text.split("\n")
    tables: list[TextTable] = []
    index = 0
    while index < len(lines):
        table = (
            _bar_table(lines, index)
            or _tab_table(lines, index)
            or _comma_table(lines, index)
            or _space_table(lines, index)
            or _stacked_table(lines, index)
            or _headless_table(lines, index)
            or (_parted_table(lines, index) if unheaded else None)
        )
        if table is None:
            index += 1
            continue
        table = _with_lines_above(lines, table, tables[-1].end if tables else 0)
        tables.append(table)
        index = table.end
    return tables


def _with_lines_above(lines: list[str], table: TextTable, lowest: int) -> TextTable:
    """Return a table with the lines above it that are its title or name its unit: 单位：亿元."""
    start = table.start
    while start > lowest and start > table.start - 2 and _ABOVE.search(lines[start - 1].strip()):
        start -= 1
    if start == table.start or not table.grid.lines:
        return table
    width = len(table.grid.lines[0].cells)
    above = tuple(
        GridRow(f"第{number + 1}行", (lines[number].strip(), *[""] * (width - 1)))
        for number in range(start, table.start)
    )
    return TextTable(start, table.end, Grid(table.grid.name, (*above, *table.grid.lines)))


def _grid(rows: list[tuple[int, list[str]]]) -> Grid:
    width = max(len(cells) for _, cells in rows)
    return Grid(
        "",
        tuple(GridRow(f"第{number + 1}行", (*cells, *[""] * (width - len(cells)))) for number, cells in rows),
    )


def _bar_table(lines: list[str], index: int) -> TextTable | None:
    """Read a Markdown table: | 指标 | 目标值 |."""
    rows: list[tuple[int, list[str]]] = []
    end = index
    while end < len(lines) and lines[end].count("|") + lines[end].count("｜") >= 2:
        cells = [cell.strip() for cell in re.split(r"[|｜]", lines[end].strip().strip("|｜"))]
        if not all(re.fullmatch(r":?-{2,}:?", cell) for cell in cells):
            rows.append((end, cells))
        end += 1
    return _table(rows, index, end)


def _tab_table(lines: list[str], index: int) -> TextTable | None:
    rows: list[tuple[int, list[str]]] = []
    end = index
    while end < len(lines) and "\t" in lines[end]:
        rows.append((end, [cell.strip() for cell in lines[end].split("\t")]))
        end += 1
    return _table(rows, index, end)


def _parted_table(lines: list[str], index: int) -> TextTable | None:
    """Read lines parted by tabs or bars, whatever they hold."""
    for separator in ("\t", "|"):
        end = index
        while end < len(lines) and separator in lines[end].strip().strip("|"):
            end += 1
        if end - index > 2:
            rows = [
                (at, [cell.strip() for cell in lines[at].strip(" |").split(separator)])
                for at in range(index, end)
                if not re.fullmatch(r"[\s:|-]+", lines[at])
            ]
            return TextTable(index, end, _grid(rows))
    return None


def _comma_table(lines: list[str], index: int) -> TextTable | None:
    """Read lines of as many cells each, parted by commas, below a heading: 序号,指标,目标值."""
    rows: list[tuple[int, list[str]]] = []
    end = index
    while end < len(lines) and lines[end].count(",") >= 2 and "。" not in lines[end]:
        cells = [cell.strip() for cell in lines[end].split(",")]
        if rows and len(cells) != len(rows[0][1]):
            break
        rows.append((end, cells))
        end += 1
    return _table(rows, index, end) if rows and all(len(cell) <= 14 for cell in rows[0][1]) else None


def _space_table(lines: list[str], index: int) -> TextTable | None:
    """Cells parted by blanks, as many in each line as in the heading; a line with fewer goes on with the long cell above it."""
    head = lines[index].split()
    if len(head) < 3 or any(len(cell) > 12 for cell in head):
        return None
    headings = find_headings(_grid([(index, head)]))
    if headings is None:
        return None
    text = headings.find("text")
    wide = text.at if text is not None else 1 if headings.columns[0].role == "number" else 0
    numbered = _numbered_table(lines, index, head, headings)
    if numbered is not None:
        return numbered
    rows = [(index, head)]
    end = index + 1
    while end < len(lines):
        cells = lines[end].split()
        surplus = len(cells) - len(head)
        if surplus >= 0:
            rows.append(
                (
                    end,
                    [*cells[:wide], " ".join(cells[wide : wide + surplus + 1]), *cells[wide + surplus + 1 :]],
                )
            )
        elif not (
            text is not None
            and wide == len(head) - 1
            and cells
            and len(rows) > 1
            and _is_continued(rows[-1][1][wide])
        ):
            break
        else:
            rows[-1][1][wide] += "\n" + " ".join(cells)
        end += 1
    return _table(rows, index, end)


def _numbered_table(lines: list[str], index: int, head: list[str], headings: Headings) -> TextTable | None:
    """Rows that begin with their number and may be wrapped over several lines, the columns behind the text in any of them."""
    text = headings.find("text")
    if headings.columns[0].role != "number" or text is None:
        return None
    rows: list[tuple[int, list[str]]] = [(index, head)]
    end, wrapped = index + 1, False
    while end < len(lines) and re.match(rf"\s*{len(rows)}(?:[.、．]|\s)", lines[end]):
        last = end + 1
        while last < len(lines) and not _begins_row(lines[last], len(rows) + 1):
            last += 1
        cells = _wrapped_cells(lines[end:last], headings, len(head))
        if cells is None:
            break
        rows.append((end, cells))
        wrapped = wrapped or last > end + 1
        end = last
    return _table(rows, index, end) if wrapped and len(rows) > 1 else None


def _begins_row(line: str, number: int) -> bool:
    """Return whether a line begins the next row, or lies outside of the table."""
    return (
        not line.strip()
        or re.match(rf"\s*{number}(?:[.、．]|\s)", line) is not None
        or SECTION.match(line) is not None
    )


def _wrapped_cells(lines: list[str], headings: Headings, width: int) -> list[str] | None:
    """Return the cells of a row that was wrapped: unit and deadline by their looks at a line's end, the rest to the text."""
    if len(lines) > 12:
        return None
    cells = [""] * width
    behind = {
        role: column.at for role in ("department", "partners", "due") if (column := headings.find(role))
    }
    words: list[str] = []
    for number, line in enumerate(lines):
        pieces = line.split()
        if number == 0:
            cells[0] = pieces.pop(0).rstrip(".、．")
        while pieces and (number or len(pieces) > 1):
            last = pieces[-1]
            if "due" in behind and not cells[behind["due"]] and _DEADLINE.fullmatch(last):
                cells[behind["due"]] = pieces.pop()
            elif "department" in behind and _NAMES_UNITS.fullmatch(last):
                at = behind["department"]
                if cells[at] and number == 0 and "partners" in behind:
                    cells[behind["partners"]], cells[at] = cells[at], ""
                cells[at] = last + cells[at] if number == 0 else cells[at] + last
                pieces.pop()
            else:
                break
        words.append(" ".join(pieces))
    text, title = headings.find("text"), headings.find("title")
    assert text is not None
    if title is not None and title.at < text.at:
        first, _, rest = words[0].partition(" ")
        if rest:
            cells[title.at], words[0] = first, rest
    cells[text.at] = "\n".join(filter(None, words))
    return cells if cells[text.at] else None


def _is_continued(cell: str) -> bool:
    """Return whether the words of a cell seem to go on in the next line."""
    return not cell.rstrip().endswith(("。", "！", "？"))


def _stacked_table(lines: list[str], index: int) -> TextTable | None:
    """One cell on each line, as a PDF reader leaves a table: the headings one below the other, then the cells in the same order."""
    for width in range(8, 2, -1):
        head = [line.strip() for line in lines[index : index + width]]
        if len(head) < width or any(not cell or len(cell) > 10 for cell in head):
            continue
        headings = find_headings(_grid([(index, head)]))
        if headings is None or not (headings.find("goal") or headings.find("number")):
            continue
        rows: list[tuple[int, list[str]]] = [(index, head)]
        end = index + width
        while _fits_headings(
            cells := [line.strip() for line in lines[end : end + width]], headings, len(rows)
        ):
            rows.append((end, cells))
            end += width
        if len(rows) > 2:
            return _table(rows, index, end)
    return None


def _fits_headings(cells: list[str], headings: Headings, number: int) -> bool:
    """Return whether the cells of row `number` fit the headings: its number, a unit and a figure where they have to stand."""
    if len(cells) < len(headings.columns) or not all(cells):
        return False
    numbers, unit, goal = (headings.find(role) for role in ("number", "unit", "goal"))
    return (
        (numbers is None or cells[numbers.at] == str(number))
        and (unit is None or is_unit(cells[unit.at]))
        and (goal is None or re.search(r"\d", cells[goal.at]) is not None)
    )


_INDICATOR_LINE = re.compile(
    r"\s*(?:\d{1,3}[.、．]?\s+)?(?P<name>[^\s\d][^\s]*(?:\s[^\s\d][^\s]*)?)\s+(?P<unit>\S{1,12})"
    r"\s+(?:(?P<before>-?\d[\d.,]*)\s+)?(?P<goal>[≥≤><]?\s?-?\d[\d.,]*(?:以上|以下|以内|左右)?)(?:\s+(?P<owner>[\u4e00-\u9fff、，]{2,30}))?\s*"
)


def _headless_table(lines: list[str], index: int) -> TextTable | None:
    """Lines of indicators without headings: 2 城镇新增就业 人 5800 人社局; two of them at least."""
    rows: list[tuple[int, list[str]]] = []
    end = index
    while end < len(lines) and (match := _INDICATOR_LINE.fullmatch(lines[end])) and is_unit(match["unit"]):
        rows.append(
            (end, [match["name"], match["unit"], match["before"] or "", match["goal"], match["owner"] or ""])
        )
        end += 1
    if len(rows) < 2:
        return _worded_table(lines, index)
    return TextTable(index, end, _grid([(index, ["指标", "单位", "上年完成", "目标值", "责任单位"]), *rows]))


_WORDED_LINE = re.compile(
    r"\s*(?:\d{1,3}[.、．]?\s+)?(?P<name>[^\s\d，。；：]{3,24})\s+(?P<goal>[≥≤><]?\s?\d[\d.,]*\s?[^\s\d，。；：、]{1,8})(?:\s+(?P<owner>[\u4e00-\u9fff、，]{2,30}))?\s*"
)


def _worded_table(lines: list[str], index: int) -> TextTable | None:
    """Lines without headings whose figure has its unit: 新建口袋公园 15个 园林局; two of them at least, with a unit responsible."""
    rows: list[tuple[int, list[str]]] = []
    end = index
    while end < len(lines) and (match := _WORDED_LINE.fullmatch(lines[end])):
        rows.append((end, [match["name"], match["goal"], match["owner"] or ""]))
        end += 1
    owned = sum(_NAMES_UNITS.fullmatch(cells[2]) is not None for _, cells in rows)
    if len(rows) < 2 or owned < len(rows) / 2:
        return None
    return TextTable(index, end, _grid([(index, ["指标", "目标值", "责任单位"]), *rows]))


def _table(rows: list[tuple[int, list[str]]], start: int, end: int, *, least: int = 2) -> TextTable | None:
    if len(rows) < least:
        return None
    grid = _grid(rows)
    return TextTable(start, end, grid) if find_headings(grid) is not None else None
