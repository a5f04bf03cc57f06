"""What a page carries besides its text: running titles, page numbers, print dates and addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_EDGE = 2
"""Lines at the top and at the bottom of a page that may be a header or a footer."""

_NUMBER = re.compile(
    r"[\s\-—–―－·•]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:[\s,，/／共]*(?:\d{1,4})\s*页?)?[\s\-—–―－·•]*"
)
_DATED = re.compile(
    r"\s*(?:20\d\d[/.\-年]\d{1,2}[/.\-月]\d{1,2}日?|\d{1,2}/\d{1,2}/(?:20)?\d\d)[,，\s]*(?:[上下]午)?\s*\d{1,2}:\d\d(?::\d\d)?.*"
)
_ADDRESS = re.compile(r"\s*(?:https?|(?:fi|\ufb01)le|ftp)://.*|\s*www\.\S+\s*(?:\d+/\d+)?")


def without_furniture(pages: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the pages without headers and footers, and the lines that were left out, each once.

    Left out are, at the edge of a page: a page number, the time and the address that a browser prints, and a line that stands at
    the same edge of most pages but for its digits.
    """
    split = [page.split("\n") for page in pages]
    counts = Counter(
        shape for lines in split for shape in {_shape(lines[at]) for at in _edges(lines)} if shape
    )
    repeated = {shape for shape, count in counts.items() if count >= max(2, (len(pages) + 1) // 2)}
    kept: list[str] = []
    dropped: dict[str, None] = {}
    for lines in split:
        left_out = {
            at
            for at in _edges(lines)
            if _is_furniture(lines[at], several=len(pages) > 1) or _shape(lines[at]) in repeated
        }
        dropped |= dict.fromkeys(lines[at].strip() for at in sorted(left_out))
        kept.append("\n".join(line for at, line in enumerate(lines) if at not in left_out))
    return kept, list(dropped)


def notice(dropped: Sequence[str]) -> list[str]:
    """Return the notice that lines were taken for headers and footers."""
    if not dropped:
        return []
    shown = "、".join(f"“{line[:24]}”" for line in dropped[:3])
    return [f"页眉、页脚、页码没有读（{len(dropped)} 种）：{shown}{'等' if len(dropped) > 3 else ''}"]


def _edges(lines: Sequence[str]) -> set[int]:
    """Return the numbers of the filled lines nearest to the top and to the bottom of a page."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    return {*filled[:_EDGE], *filled[-_EDGE:]} if len(filled) > _EDGE else set(filled[-1:])


def _is_furniture(line: str, *, several: bool) -> bool:
    if _DATED.fullmatch(line) or _ADDRESS.fullmatch(line):
        return True
    bare = re.fullmatch(r"\s*\d{1,4}\s*", line) is not None
    return _NUMBER.fullmatch(line) is not None and (several or not bare)


def _shape(line: str) -> str:
    """Return a short line with its digits as one sign, to compare pages by; empty for one that may be a row or an item."""
    words = re.sub(r"\s+", "", line)
    if (
        not words
        or len(words) > 40
        or re.match(r"(?:[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]|[①-⑳])", words)
    ):
        return ""
    if re.search(r"\d[\d.]*(?:[%％‰]|[\u4e00-\u9fff])", re.sub(r"20\d\d年|第\d+页|共\d+页", "", words)):
        return ""
    return re.sub(r"\d+", "0", words)
