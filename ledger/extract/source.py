"""The text of a plan prepared for the rules, with the way back to its own characters.

`SourceText.clean` has no wraps and blanks; a semicolon stands where a line, an item or a cell ends. Item marks (1. ① （一）) and
remarks that name a unit or a deadline (（责任单位：…）) are taken out and kept beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from ledger.documents.prose import ITEM_AHEAD, ends_item, width_of
from ledger.extract.figures import UnitBracket, unit_brackets

FILLER = "□"
"""Stands in `masked` for quoted names and remarks in brackets, where no separator or figure is looked for."""

_PAIRS = {"“": "”", "《": "》", "「": "」", "『": "』", "‘": "’", "〈": "〉", "【": "】", "〔": "〕"}
_WIDE = [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), *map(ord, "％＋．／＜＞")]
_FOLD = str.maketrans(
    {c: chr(c - 0xFEE0) for c in _WIDE} | dict(zip("();?!:﹪≧≦〜", "（）；？！：%≥≤～", strict=True))
)
_FOLD |= dict.fromkeys(map(ord, "–—﹣－−"), "-")
_REMARK = re.compile(
    r"（(?!含)[^（）\d%百千万亿]{1,12}）"
)  # （社区）, （补）: part of a word; （含）以上 is a bound
_ADDRESS = re.compile(r"(?:(?:https?|(?:fi|\ufb01)le|ftp)：//|www\.)[!-~：？（）]+")
_STOPS = "。；！？"
_ITEM_MARK = re.compile(
    r"\s*(?:（[一二三四五六七八九十\d]{1,3}）[、.]?|[①-⑳㈠-㈩⑴-⒇⒈-⒛][、.]?|\d{1,3}(?:[.．、](?!\d)|）)|[一二三四五六七八九十]{1,3}、|[•●■◆▪·*]|-\s)"
)
_INLINE_MARK = re.compile(
    r"(?<=[\u4e00-\u9fff%）”。；，])(?:[①-⑳㈠-㈩⑴-⒇⒈-⒛]|(?<=[。；，])（[一二三四五六七八九十\d]{1,3}）(?=[\u4e00-\u9fff])"
    r"|(?<![第，、])(?<=[\u4e00-\u9fff%）。；])\d{1,2}[.．](?=[\u4e00-\u9fff]))"
)
_GAP = re.compile(r"[^\S\n\r\u2028\u2029\u3000]*[\n\r\u2028\u2029\u3000][\s\u200b\ufeff]*")
_GOES_ON = re.compile(r"[，、。；：！？）”》%‰/]|(?:及?以[上下内]|左右|多|余|万|亿|千|百|和|与|及|或|等|的)")
_SPACED_FIGURE = re.compile(r"\s\d[\d.,]*\s*\S{0,4}$")

_WHO = (
    r"(?:(?:[市县区省]级)?(?:主要责任|第一责任|牵头责任|责任牵头|责任|牵头|主办|承办|协办|配合|主管|监管|监考|考核|实施|督办|落实|完成|分管|包联)"
    r"(?:单位|部门|领导|处室|科室|人|省领导|市领导|县领导|区领导)(?:和|及)?(?:责任人|单位|部门|负责人)?|(?:部门|任务|职责|责任)分工)"
)
_WHEN = r"(?:完成|办结|整改|目标|任务|计划|实施|完工)?(?:时限|期限|时间(?:节点|要求|进度)?|时间|节点|日期)(?:要求)?"
_NOTE = re.compile(
    rf"[（\[【](?:{_WHO}|{_WHEN})[：:][^（）\[\]【】]*(?:（[^（）]*）[^（）\[\]【】]*)*[）\]】]"
    rf"|(?:(?<=[；。，\n\r\u3000\s|])|^)(?:{_WHO}|{_WHEN})[：:][^；。\n\r\u3000|]*"
)
_BODY_LIST = re.compile(
    r"（([^（）\d：:“”%]{2,60})）(?=\s*(?:[；。\n\r\u3000①-⑳]|\d{1,2}[.．、]\s*[\u4e00-\u9fff]|（[一二三四五六七八九十\d]{1,3}）|$))"
)
_BODY_END = re.compile(
    r"(?:[局委办厅处部院镇乡科室]|中心|街道|公司|集团|银行|政府|[大总支]队|联合会|[残妇]联|团[市县区]委|总?工会|管委会|法院|检察院"
    r"|牵头|配合|负责|等|各[县区乡镇市（）]+)$"
)


@dataclass(frozen=True, slots=True)
class TextNote:
    """A remark that was taken out of the text: its place in `SourceText.clean` and its words.

    One that is `alone` has no brackets and a line or clause of its own; it speaks of the whole item before it, or of the whole
    text where it `closes_cell`: it stands behind a wide blank, as the columns of a table are put into words.
    """

    at: int
    words: str
    alone: bool
    closes_cell: bool = False


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text as the rules read it.

    `clean` has no wraps and blanks, `masked` is of the same length with quoted names blanked out; `places` holds the
    index in `raw` of each clean character. `marks` holds the raw spans of item marks.
    """

    raw: str
    clean: str
    masked: str
    places: tuple[int, ...]
    quoted: tuple[tuple[int, int], ...] = ()  # inside of quotation marks, in clean positions
    titled: tuple[tuple[int, int], ...] = ()  # inside of book-title marks
    notes: tuple[TextNote, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()
    units: tuple[UnitBracket, ...] = ()  # brackets that name a unit

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw span of a clean span."""
        if start >= end:
            place = self.places[start] if start < len(self.places) else len(self.raw)
            return place, place
        return self.places[start], self.places[end - 1] + 1

    def clean_place(self, raw_place: int) -> int:
        """Return the first clean position at or behind a raw one."""
        return bisect_left(self.places, raw_place)

    def quote(self, start: int, end: int) -> str:
        """Return the raw words of a clean span."""
        low, high = self.raw_span(start, end)
        return self.raw[low:high]

    def within(self, spans: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
        """Return whether [start, end) lies inside one of the spans."""
        return any(low <= start and end <= high for low, high in spans)


def read_source(raw: str) -> SourceText:
    """Return the source of any text."""
    clean, places, notes, marks = _Cleaner(raw).run()
    quoted, titled = _paired(clean)
    units = unit_brackets(clean)
    masked = _mask(clean, quoted + titled, units)
    return SourceText(
        raw,
        clean,
        masked,
        tuple(places),
        tuple(quoted),
        tuple(titled),
        tuple(notes),
        tuple(marks),
        tuple(units),
    )


def is_deadline(words: str) -> bool:
    """Return whether a remark names a deadline: （完成时限：6月底前）."""
    return re.search(rf"{_WHEN}[：:]", words) is not None


def units_of_note(words: str) -> list[str]:
    """Return the responsible units that a remark names: （责任单位：民政局、财政局） → 民政局, 财政局."""
    units: list[str] = []
    for part in re.split(r"[；;]", words.strip("（）[]【】 ")):
        label = re.match(rf"({_WHO})[：:]", part)
        if not label and re.match(rf"{_WHEN}[：:]", part):
            continue
        names = part[label.end() :] if label else part
        if label and re.search(r"领导|人$", label[1]):
            continue
        units += [
            name
            for name in (
                _unit_name(piece)
                for piece in re.split(r"[、，,\s/]|和(?!谐)|与", names)
                if not re.match(r"各|等$|列第", piece.strip())
            )
            if name
        ]
    return units


def _unit_name(words: str) -> str:
    return re.sub(
        r"^(?:由|各)?(?=.{2})|(?:牵头负责|牵头|配合|负责|等(?:部门|单位)?)$", "", words.strip("（）。. ")
    )


class _Cleaner:
    """Remover of wraps, blanks, item marks and notes from a text; keeps each character's place."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.folded = raw.translate(_FOLD)
        self.out: list[str] = []
        self.places: list[int] = []
        self.notes: list[TextNote] = []
        self.marks: list[tuple[int, int]] = []
        lines = re.split(r"[\n\r\u2028\u2029]+", self.folded)
        self.widest = max(map(width_of, lines), default=0)
        self.lines = sum(bool(line.strip()) for line in lines)
        self.cuts = self._cuts()

    def run(self) -> tuple[str, list[int], list[TextNote], list[tuple[int, int]]]:
        position = 0
        fresh = True  # at the beginning of an item, where an item mark may stand
        while position < len(self.folded):
            if fresh and (mark := _ITEM_MARK.match(self.folded, position)) and mark.end() < len(self.folded):
                self.marks.append((position, mark.end()))
                position = mark.end()
                continue
            if position in self.cuts:
                end = self.cuts[position]
                self._stop(position)
                words = self.folded[position:end]
                alone = words[:1] not in "（[【"
                closes_cell = alone and self.folded[max(0, position - 1) : position] == "\u3000"
                self.notes.append(TextNote(len(self.out), words, alone, closes_cell))
                position = end
                fresh = True
                continue
            gap = _GAP.match(self.folded, position)
            if gap:
                if self._ends_item(gap):
                    self._stop(gap.start())
                    fresh = True
                elif self._joins_words(gap.start(), gap.end()):
                    self._put(" ", position)
                position = gap.end()
                continue
            if not fresh and self._is_inline_mark(position):
                self._stop(position)
                fresh = True
                continue
            fresh = self._take(position) if not self._skipped(position) else fresh
            position += 1
        return "".join(self.out), self.places, self.notes, self.marks

    def _cuts(self) -> dict[int, int]:
        cuts = {
            match.start(): match.end() for match in _NOTE.finditer(self.folded) if match.end() > match.start()
        }
        for match in _BODY_LIST.finditer(self.folded):
            parts = [part for part in re.split(r"[、，,；和与]|\s", match[1]) if part]
            if parts and all(_BODY_END.search(part) for part in parts) and match.start() > 0:
                cuts.setdefault(match.start(), match.end())
        return cuts

    def _put(self, char: str, place: int) -> None:
        self.out.append(char)
        self.places.append(place)

    def _stop(self, place: int) -> None:
        """End the item here, unless a stop or separator already stands before."""
        if self.out and self.out[-1] in "，、":
            self.out[-1] = "；"
        elif self.out and self.out[-1] not in _STOPS + "：":
            self._put("；", min(place, len(self.raw) - 1))

    def _take(self, i: int) -> bool:
        """Take one character; return whether an item may begin behind it."""
        char = self.folded[i]
        if char in ",，":
            char = "," if _thousands(self.folded, i) and (char == "," or _wide(self.raw, i)) else "，"
        if char == "-" and self.folded[i - 1 : i + 2].count("-") > 1:  # a dash of two characters: ——其中
            char = "，"
            if self.out[-1:] == ["，"]:
                return False
        if char in _STOPS and self.out[-1:] == ["；"] and self.places[-1:] != [i - 1]:
            self.out.pop()  # the stop that an item end has put before it
            self.places.pop()
        self._put(char, i)
        return char in _STOPS + "：|"

    def _skipped(self, i: int) -> bool:
        """Drop blanks that wrapping or layout left inside of Chinese words."""
        char = self.folded[i]
        if not (char.isspace() or char in "\u200b\ufeff\u200d"):
            return False
        if self._blank_ends_item(i):
            self._stop(i)
            return True
        if self._joins_words(i, i + 1):
            self._put(" ", i)
        return True

    def _joins_words(self, start: int, end: int) -> bool:
        before, after = self.folded[start - 1 : start], self.folded[end : end + 1]
        return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()

    def _blank_ends_item(self, i: int) -> bool:
        """300名 新增学位: a blank behind a figure that is written without blanks."""
        before, after = self.folded[max(0, i - 24) : i], self.folded[i:].lstrip()[:12]
        if (
            self.folded[i] == "\t"
            and re.search(r"\d[\d.,]*[%‰]?$", before)
            and re.match(r"[\u4e00-\u9fff]", after)
        ):
            return not _GOES_ON.match(after)
        if not re.match(r"[\u4e00-\u9fff（①-⑳]|\d{1,2}[.、]\s*[\u4e00-\u9fff]", after) or not re.search(
            r"[\u4e00-\u9fff%）]$", before
        ):
            return False
        if _GOES_ON.match(after) or _SPACED_FIGURE.search(before):
            return False
        return bool(
            ITEM_AHEAD.match(after)
            or re.search(r"\d[\d.]*(?:[%‰]|[\u4e00-\u9fff]{1,3})(?:以上|以内|以下|左右)?$", before)
        )

    def _is_inline_mark(self, i: int) -> bool:
        if (
            self.out[-1:] in (["；"], [])
            and not self.folded[i].isdigit()
            and self.folded[i] not in "①②③④⑤⑥⑦⑧⑨⑩"
        ):
            return False
        match = _INLINE_MARK.match(self.folded, i)
        return match is not None and self.out[-1:] != ["；"] and _ITEM_MARK.match(self.folded, i) is not None

    def _ends_item(self, gap: re.Match[str]) -> bool:
        """Return whether a line break or wide blank ends an item, or only wraps it."""
        start = max(self.folded.rfind(c, 0, gap.start()) for c in "\n\r\u2028\u2029\u3000") + 1
        before = self.folded[start : gap.start()].rstrip()
        after = self.folded[gap.end() : gap.end() + 16]
        if not after or not self.out or not before:
            return False
        if self.out[-1] in _STOPS:
            return True
        if gap[0].count("\n") > 1 and not _GOES_ON.match(after):
            return True
        if "\n" not in gap[0] and "\r" not in gap[0] and len(before) > 2 and len(after) > 2:  # a wide blank
            return ends_item(before, after, widest=1000, lines=2)
        return ends_item(before, after, widest=self.widest, lines=self.lines)


def _wide(raw: str, i: int) -> bool:
    """Return whether the figures on both sides of a full-width comma are full-width too: ３，０００."""
    return all(0xFF10 <= ord(c) <= 0xFF19 for c in (raw[i - 1 : i] + raw[i + 1 : i + 4]))


def _thousands(text: str, i: int) -> bool:
    following = text[i + 1 : i + 5]
    return bool(
        text[i] in ",，"
        and text[i - 1 : i].isdigit()
        and len(following) >= 3
        and following[:3].isascii()
        and following[:3].isdigit()
        and not following[3:].isdigit()
    )


def _paired(clean: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the insides of quotation marks and of book-title marks; an unpaired mark opens nothing."""
    quoted: list[tuple[int, int]] = []
    titled: list[tuple[int, int]] = []
    i = 0
    while i < len(clean):
        close = _PAIRS.get(clean[i]) or ('"' if clean[i] == '"' else None)
        end = clean.find(close, i + 1) if close else -1
        if close is None or end < 0 or end - i > 60:
            i += 1
            continue
        (titled if clean[i] in "《〈" else quoted).append((i + 1, end))
        i = end + 1
    return quoted, titled


def _mask(clean: str, spans: list[tuple[int, int]], units: list[UnitBracket]) -> str:
    characters = list(clean)
    for low, high in spans:
        characters[low:high] = FILLER * (high - low)
    for bracket in units:
        end = bracket.end + (clean[bracket.end : bracket.end + 1] == "：")
        characters[bracket.start : end] = FILLER * (end - bracket.start)
    for address in _ADDRESS.finditer(clean):
        characters[address.start() : address.end()] = FILLER * len(address[0])
    masked = "".join(characters)
    return _REMARK.sub(lambda m: FILLER * len(m[0]), masked)


def sentences(source: SourceText) -> list[tuple[int, int]]:
    """Return the spans between full stops and semicolons."""
    spans: list[tuple[int, int]] = []
    start = 0
    for i, char in enumerate(source.masked):
        if char in _STOPS:
            spans.append((start, i))
            start = i + 1
    spans.append((start, len(source.masked)))
    return [(a, b) for a, b in spans if a < b]
