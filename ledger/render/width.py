"""How many columns a text takes on a terminal, and padding to it: East Asian wide characters take two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category, east_asian_width


@lru_cache(maxsize=8192)
def _columns(character: str) -> int:
    if category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """Return the columns `text` takes; ambiguous characters are counted as one, as most terminals draw them."""
    return len(text) if text.isascii() else sum(map(_columns, text))


_NARROW = str.maketrans(
    {
        "≥": ">=",
        "≤": "<=",
        "—": "-",
        "–": "-",
        "…": "...",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "·": ".",
        "×": "x",
    }
    | {"±": "+-", "℃": "C", "→": "->"}
    | {circled: f"({number})" for number, circled in enumerate("①②③④⑤⑥⑦⑧⑨⑩", start=1)}
)
"""Characters that Chinese consoles draw two columns wide and others one, and what is as wide everywhere."""


def has_wide_punctuation(encoding: str | None) -> bool:
    """Return whether a terminal of this encoding draws such characters two columns wide: the console of Chinese Windows does."""
    return (encoding or "").lower().replace("-", "").replace("_", "") in {
        "gbk",
        "gb2312",
        "gb18030",
        "cp936",
        "936",
    }


def narrow(text: str) -> str:
    """Return a cell's text in characters as wide as they are counted, so that what stands behind them stays in its column."""
    return text.translate(_NARROW)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Fill `text` with spaces to `columns`; a longer text stays whole."""
    fill = " " * max(0, columns - width(text))
    return fill + text if right else text + fill


def cut(text: str, columns: int) -> str:
    """Shorten `text` to at most `columns`, ending in … where something was left out."""
    if width(text) <= columns:
        return text
    kept, used = [], 0
    for character in text:
        used += _columns(character)
        if used > columns - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


NOT_FIRST = frozenset("，。；：、！？）】》”’％%,.;:!?)]}")
"""What no line of Chinese starts with."""


def wrap_lines(text: str, columns: int) -> Iterator[str]:
    """Yield the lines of a text at most `columns` wide: words of letters and digits stay whole, 。 starts no line.

    Spaces are kept where they are, but for those at a break.
    """
    line, used = "", 0
    for piece in _PIECE.findall(text):
        taken = width(piece)
        if used + taken > columns and line:
            yield line.rstrip()
            line, used = "", 0
            piece = piece.lstrip()
            taken = width(piece)
        while taken > columns:
            head = piece[: _count_fitting(piece, columns)]
            yield head
            piece = piece[len(head) :]
            taken = width(piece)
        line, used = line + piece, used + taken
    yield line


_PIECE = re.compile(rf"(?:[!-~]+|.)[{re.escape(''.join(sorted(NOT_FIRST)))}]*", re.DOTALL)
"""What is never parted: a word, or one character, with the punctuation that belongs to its end."""


def _count_fitting(text: str, columns: int) -> int:
    """Return how many characters, at least one, fit in so many columns."""
    used = 0
    for number, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return max(1, number)
    return len(text)


def safe(text: str) -> str:
    """Escape control characters: a note may hold a terminal's escape sequences."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c == "\u3000" else f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}"
        for c in text
    )
