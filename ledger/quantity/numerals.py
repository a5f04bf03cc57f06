"""Finding every numeral of a running text, so that a plan's figures can be accounted for one by one; knows no units."""

from __future__ import annotations

from fractions import Fraction

from ledger.quantity import chinese, number
from ledger.quantity.fold import fold
from ledger.quantity.model import Numeral, Unreadable
from ledger.units.lazy import Pattern

_D = "0-9０-９"
_C = chinese.CHARACTERS
_NOT_POINT = r"(?![百千](?:\s?)分点)"
_CHINESE = rf"(?:{_NOT_POINT}[{_C}])+"
_ARABIC = rf"[{_D}]+(?:,[{_D}]{{3}}(?![{_D}]))*(?:[.．][{_D}]+)?"
_ARABIC_RUN = rf"{_ARABIC}(?:\s?{_NOT_POINT}[百千万亿萬億]+(?:{_ARABIC}(?:{_NOT_POINT}[百千万亿萬億]+)?)*)?"
_RUN = Pattern(
    rf"(?:{_ARABIC}|[{_C}]+)分之(?:{_CHINESE}(?:点[零〇一二三四五六七八九]+)?|{_ARABIC})"
    rf"|{_ARABIC_RUN}|{_CHINESE}(?:点[零〇一二三四五六七八九]+(?:{_NOT_POINT}[百千万亿]+)?)?"
)


def numerals(text: str) -> list[Numeral]:
    """Every run of figures, in order. Figures of other scripts (①, ², Ⅲ) are runs without a value.

    百分之五 is one numeral; 百分点 is a unit and holds none.
    """
    found: list[Numeral] = []
    end = 0
    for match in _RUN.finditer(text):
        found.extend(_others(text, end, match.start()))
        end = match.end()
        found.append(Numeral(match.start(), end, match[0], _value(match[0])))
    found.extend(_others(text, end, len(text)))
    return found


def _others(text: str, start: int, end: int) -> list[Numeral]:
    """Characters that are figures elsewhere (٣, ①, ²), which no run took; 百 of 百分点 is none."""
    gap = range(start, end)
    return [Numeral(i, i + 1, text[i], None) for i in gap if text[i].isnumeric() and text[i] not in _C]


def _value(text: str) -> Fraction | None:
    try:
        folded = fold(text)
        below, parted, above = folded.partition("分之")
        if parted:
            return number.read(above).value / number.read(below).value
        return number.read(folded).value
    except (Unreadable, ZeroDivisionError):
        return None
