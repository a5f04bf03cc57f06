"""Running text: its paragraphs without line wraps, and the tables that were pasted into it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.documents.headings import Headings, find_headings, is_unit
from ledger.documents.model import Grid, GridRow

ITEM_END = "\u3000"
"""Stands in a text of one line where a line ended an item."""

_ENDS = ("。", "！", "？", ".", "!", "?")
_INDENT = re.compile(r"^(?:\u3000{1,}| {2,}|\t)")
_SECTION = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]{1,3}[章节部条])"
)
ITEM_AHEAD = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、]|\d{1,3}[.．](?!\d)|[①-⑳㈠-㈩⑴-⒇⒈-⒛•●■◆▪]|[一二三四五六七八九十]是)"
)
_FIGURE_END = re.compile(
    r"(?:\d|[一二三四五六七八九十百千万亿])\s*(?:[%‰％]|[\u4e00-\u9fffA-Za-z/㎡]{1,6})?(?:以上|以下|以内|左右|（含）)?$"
)
_NUMBER_END = re.compile(r"(?:[：:）)≥≤<>]|达到|达|至|到|为)\s*[-−]?\d[\d.,]*$")
_GOES_ON = re.compile(
    r"[，、。；：！？）”》%‰％/,;:)]|(?:及?以[上下内]|左右|多|余|万|亿|千|百|和|与|及|或|并(?!网)|等|的|分别|均|之间)"
)
_UNIT_AHEAD = re.compile(
    r"[个家项户人名套座所台件张亩条次种支只株头吨米辆处位元美公平立千小微毫工份例批场期宗]"
)
_OPEN_END = re.compile(r"[，、：；。！？（“《和与及或的,:;(]$")
_DEADLINE = re.compile(
    r"(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日|[底末初上中下旬]+)?前?|全年|年底前?|[一二三四]季度末?|[上下]半年|长期|持续推进)|20\d\d[.-]\d{1,2}"
)
_NAMES_UNITS = re.compile(
    r"(?:[\u4e00-\u9fff]{0,14}(?:局|委|办|厅|处|部|院|镇|乡|街道|中心|公司|集团|银行|政府|支队|大队|总队|联合会|残联|妇联|工会|管委会|法院|检察院|学校|[县市区])[、，,；;/]?)+"
)
_ABOVE = re.compile(
    r"^[（(]?(?:计量)?单位[：:]\s*\S{1,10}$|^(?=.{4,40}$)[^。；，]*(?:表|清单)(?:[一二三四五六七八九\d]*)$"
)
_WHO = r"(?:[市县区省]级)?(?:主要|第一|共同)?(?:牵头|责任|主办|承办|配合|协办|落实|实施|完成|监督|督办)(?:责任)?(?:单位|部门|处室|科室|人|领导)"
_REMARK = re.compile(
    rf"\s*[（(【\[]?(?:{_WHO}|(?:分管|包联|牵头|责任)[省市县区]?领导|(?:部门|任务|职责|责任)分工|(?:完成|办结)?(?:时限|时间|期限)(?:要求)?|时间节点)[：:]"
)
_OWNED = re.compile(
    rf"{_WHO}[：:]|[（(](?:[^（）()\d]*(?:局|委|办|院|处|科|中心|公司|镇|街道|部|联)(?:牵头|负责|配合|等|分工)?[、，,]?)+[）)]\s*$"
)
_PAGE_WIDTH = 48  # columns of a line that fills a page rather than a cell


def width_of(line: str) -> int:
    """Return the columns a line takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line.strip())


def ends_item(before: str, after: str, *, widest: int, lines: int) -> bool:
    """Return whether the line break between two lines ends an item, rather than only wrapping it.

    `widest` and `lines` are the width of the widest line of the text and the number of its lines.
    """
    before = before.rstrip()
    if not before or not after.strip():
        return False
    if ITEM_AHEAD.match(after) and not re.match(r"\d{1,2}[.．、]\s*\d", after):
        return True
    if _OPEN_END.search(before) or _unclosed(before) or _GOES_ON.match(after):
        return False
    if before[-1].isdigit():
        return bool(_NUMBER_END.search(before)) or not _UNIT_AHEAD.match(after)
    full = width_of(before) >= widest - 4
    if _FIGURE_END.search(before) or before.endswith(("）", ")")):
        return not (full and widest >= _PAGE_WIDTH and lines > 2)
    return not full


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, each on one line.

    A blank line or an indent begins a paragraph; so does any line behind one that ends a sentence.
    """
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if not line.strip():
            blocks.append([])
            continue
        before = blocks[-1][-1].rstrip() if blocks[-1] else ""
        if before and (
            before.endswith(_ENDS)
            or _INDENT.match(line)
            or _SECTION.match(line)
            or (ITEM_AHEAD.match(line) and _OWNED.search("\n".join(blocks[-1])))
        ):
            blocks.append([])
        blocks[-1].append(line)
    return with_remarks(tuple(words for block in blocks if (words := one_line("\n".join(block)))))


def with_remarks(words: Sequence[str]) -> tuple[str, ...]:
    """Return paragraphs with those that only say who is responsible, or until when, put behind the one that they are about."""
    joined: list[str] = []
    for paragraph in words:
        if joined and _REMARK.match(paragraph) and len(paragraph) <= 200:
            joined[-1] += ITEM_END + paragraph
        else:
            joined.append(paragraph)
    return tuple(joined)


_HEAD_MARK = re.compile(
    r"\s*(?:(?P<big>[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}(?:部分|章|节))"
    r"|(?P<small>[（(][一二三四五六七八九十]{1,3}[）)])|(?P<digit>\d{1,2}[.、．]))?\s*(?P<words>.*)"
)
_LOOKS_BACK = re.compile(
    r"回顾$|(?:工作|任务|计划|目标|指标|经济社会发展)(?:总结|完成情况|执行情况|落实情况|进展情况|情况)$"
    r"|(?:工作|主要|取得的?)(?:成效|成绩|业绩|亮点)$"
)
_LOOKS_AHEAD = re.compile(
    r"安排|打算|计划(?!执行|完成)|思路|目标(?!完成|任务完成)|任务(?!完成|落实|执行)|重点(?!工作完成)|举措|要求"
)


def looking_back(words: Sequence[str]) -> list[bool]:
    """Return for each paragraph whether it stands under a heading that looks back: 一、2024年工作回顾.

    What is under it ends with the next heading of its level, or with one that looks ahead (二、2025年工作安排).
    """
    past: list[bool] = []
    level: str | None = None  # of the heading that looks back; None where none is open
    for paragraph in words:
        head = re.split(r"[\u3000。；：，\n]", paragraph, maxsplit=1)[0]
        mark = _HEAD_MARK.match(head)
        kind = next((name for name in ("big", "small", "digit") if mark and mark[name]), "")
        title = mark["words"] if mark else head
        goes_on = not kind and paragraph[len(head) : len(head) + 1] in {"：", "，"}  # 工作情况：…, no heading
        if len(title) <= 30 and not goes_on and _LOOKS_BACK.search(title):
            level = level if level is not None and kind == "digit" else kind
        elif level is not None and (
            (kind and kind == level) or (len(title) <= 30 and _LOOKS_AHEAD.search(title) and kind != "digit")
        ):
            level = None
        past.append(level is not None)
    return past


def one_line(text: str) -> str:
    """Return text without line wraps; where a line ends an item, a wide blank stands."""
    lines = [line for raw in text.split("\n") if (line := re.sub(r"[ \t\u00a0\u3000]+", " ", raw).strip())]
    widest = max(map(width_of, lines), default=0)
    out = ""
    previous = ""
    for line in lines:
        if out and ends_item(previous, line, widest=widest, lines=len(lines)):
            out += ITEM_END
        elif out and _latin(out[-1]) and _latin(line[0]):
            out += " "
        out += line
        previous = line
    return out


def _unclosed(text: str) -> bool:
    return any(text.count(opening) > text.count(closing) for opening, closing in ("（）", "()", "“”", "《》"))


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


# --- tables in text ----------------------------------------------------------------------------------------------------


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
        or _SECTION.match(line) is not None
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
