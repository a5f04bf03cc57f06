"""Running text: its paragraphs without line wraps, and the tables that were pasted into it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

ITEM_END = "\u3000"
"""Stands in a text of one line where a line ended an item."""

_ENDS = ("。", "！", "？", ".", "!", "?")
_INDENT = re.compile(r"^(?:\u3000{1,}| {2,}|\t)")
SECTION = re.compile(
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
            or SECTION.match(line)
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
