"""A plan's text made readable for rules, with the way back to its own characters; must not know what any word means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

FILLER = (
    "□"  # stands for what separators and figures must not be looked for in: quoted names, remarks in brackets
)
_PAIRS = {"“": "”", "《": "》", "「": "」", "『": "』", "‘": "’", "〈": "〉", "【": "】", "〔": "〕"}
_WIDE = [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), *map(ord, "％＋．／＜＞")]
_FOLD = str.maketrans(
    {c: chr(c - 0xFEE0) for c in _WIDE} | dict(zip("();?!:﹪≧≦〜", "（）；？！：%≥≤～", strict=True))
)
_FOLD |= dict.fromkeys(map(ord, "–—﹣－−"), "-")
_LIST_MARK = re.compile(
    r"\s*(?:（?[一二三四五六七八九十\d]{1,3}[）.、]|[一二三四五六七八九十][是]|[①-⑳•●■◆])"
)
_REMARK = re.compile(
    r"（(?!含)[^（）\d%百千万亿]{1,12}）"
)  # （社区）, （补）: part of a word; （含）以上 is a bound
_SENTENCE_ENDS = "。；！？"


@dataclass(frozen=True, slots=True)
class Source:
    """`clean` without line breaks and blanks, `masked` of the same length, and each clean character's place in `raw`."""

    raw: str
    clean: str
    masked: str
    places: tuple[int, ...]
    quoted: tuple[tuple[int, int], ...] = field(default=())  # inside of quotation marks, in clean positions
    titled: tuple[tuple[int, int], ...] = field(default=())  # inside of book-title marks

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span of a clean span."""
        if start >= end:
            place = self.places[start] if start < len(self.places) else len(self.raw)
            return place, place
        return self.places[start], self.places[end - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """The raw words of a clean span."""
        low, high = self.raw_span(start, end)
        return self.raw[low:high]

    def within(self, spans: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
        """Whether [start, end) lies inside one of the spans."""
        return any(low <= start and end <= high for low, high in spans)


def read(raw: str) -> Source:
    """The source of a raw text; any string whatever is readable."""
    clean, places = _unwrap(raw)
    quoted, titled = _paired(clean)
    masked = _mask(clean, quoted + titled)
    return Source(raw, clean, masked, tuple(places), tuple(quoted), tuple(titled))


def _unwrap(raw: str) -> tuple[str, list[int]]:
    """Drop line breaks and blanks that wrapping left, but keep a list's lines apart."""
    folded = raw.translate(_FOLD)
    characters: list[str] = []
    places: list[int] = []
    for i, char in enumerate(folded):
        if char in "\r\n\u2028\u2029":
            following = folded[i + 1 : i + 12]
            if characters and characters[-1] not in "，、；。：" and _LIST_MARK.match(following):
                characters.append("；")
                places.append(i)
            continue
        if char.isspace() or char in "\u200b\ufeff\u200d":
            before, after = folded[i - 1 : i], folded[i + 1 : i + 2]
            if not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum()):
                continue
            char = " "
        if char in ",，":
            char = "," if _thousands(folded, i) and (char == "," or _wide(raw, i)) else "，"
        characters.append(char)
        places.append(i)
    return "".join(characters), places


def _wide(raw: str, i: int) -> bool:
    """Whether the figures on both sides of a full-width comma are full-width too: ３，０００."""
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
    """The insides of quotation marks and of book-title marks; an unpaired mark opens nothing."""
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


def _mask(clean: str, spans: list[tuple[int, int]]) -> str:
    characters = list(clean)
    for low, high in spans:
        characters[low:high] = FILLER * (high - low)
    masked = "".join(characters)
    return _REMARK.sub(lambda m: FILLER * len(m[0]), masked)


def sentences(source: Source) -> list[tuple[int, int]]:
    """The spans between full stops and semicolons."""
    spans: list[tuple[int, int]] = []
    start = 0
    for i, char in enumerate(source.masked):
        if char in _SENTENCE_ENDS:
            spans.append((start, i))
            start = i + 1
    spans.append((start, len(source.masked)))
    return [(a, b) for a, b in spans if a < b]
