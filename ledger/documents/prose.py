"""Cuts running text into paragraphs and takes out line wraps; knows no file format."""

from __future__ import annotations

import re

_ENDS = ("。", "！", "？", ".", "!", "?")
_INDENT = re.compile(r"^(?:\u3000{1,}| {2,}|\t)")
_ITEM = re.compile(
    r"^(?:\d{1,2}[.、．)）](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[①-⑳])"
)


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
        if before and (before.endswith(_ENDS) or _INDENT.match(line)):
            blocks.append([])
        blocks[-1].append(line)
    return tuple(words for block in blocks if (words := one_line("\n".join(block))))


def one_line(text: str) -> str:
    """Return text without line wraps: what is Chinese on both sides joins, a new item or a word keeps a space."""
    out = ""
    for raw in text.split("\n"):
        line = re.sub(r"[ \t\u00a0\u3000]+", " ", raw).strip()
        if not line:
            continue
        spaced = out and (_ITEM.match(line) or (_latin(out[-1]) and _latin(line[0])))
        out += (" " if spaced else "") + line
    return out


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
