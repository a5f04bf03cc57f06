"""Folding a text to the characters the parser reads, and no further: full-width ASCII, spaces, U+2212, ￥."""

from __future__ import annotations

from ledger.core.quantity.model import NumberSyntaxError
from ledger.core.units.lazy import LazyPattern

LONGEST = 160

# NFKC would also turn 10² into 102, ㎡ into m2 and ① into 1: each a silent misreading.
_FOLDED = str.maketrans(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(
        "\t\r\n\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
    | {"\u2212": "-", "\uffe5": "¥"}
)
_PLAIN = LazyPattern(r"[^ \t\r\n\u00a0\u2002-\u200a\u202f\u205f\u2212\u3000\uff01-\uff5e\uffe5]*")
_BETWEEN_DIGITS = LazyPattern(r"[0-9.,] +[0-9.,]")
_BETWEEN_LETTERS = LazyPattern(r"[A-Za-z] +[A-Za-z]")
_CURRENCY = LazyPattern(r"(?i:RMB|CNY|USD|EUR|HKD|JPY|GBP) ")


def normalize_width(text: str) -> str:
    """The text with full-width ASCII, spaces and minus signs made plain, and spaces removed.

    Raises NumberSyntaxError where a space parts two digits or two words of letters: it could be two things.
    """
    if len(text) > LONGEST:
        raise NumberSyntaxError("太长，一个数量用不了这么多字", "这里只写一个数量，例如“16亿美元”")
    if _PLAIN.fullmatch(text):
        return text
    text = text.translate(_FOLDED).strip(" ")
    if " " not in text:
        return text
    if _BETWEEN_DIGITS.search(text):
        together = text.replace(" ", "")
        raise NumberSyntaxError("数字中间有空格，可能是一个数，也可能是两个", "一个数请连着写", (together,))
    if _BETWEEN_LETTERS.search(text) and not _CURRENCY.match(text):
        raise NumberSyntaxError("字母中间有空格", "单位请连着写，例如“MWh”")
    return text.replace(" ", "")
