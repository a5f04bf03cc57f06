"""Finding every numeral of a running text, so that a plan's figures can be accounted for one by one."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from functools import lru_cache

from ledger.core.quantity import chinese, number
from ledger.core.quantity.model import NumberSyntaxError, Numeral
from ledger.core.quantity.normalize import normalize_width
from ledger.core.units.lazy import LazyPattern

_D = "0-9０-９"
_C = chinese.CHARACTERS
_NOT_POINT = r"(?![百千](?:\s?)分点)"
# 380亿千瓦时, 5千克: 千 begins the unit. In Chinese figures (三千米) it does not.
_NOT_UNIT = rf"{_NOT_POINT}(?!千(?:瓦|克|米|卡|伏|帕|赫|焦|字节|比特))"
# 零工, 零售, 零部件 count nothing; 零突破 and 零事故 do.
_NOT_WORD = r"(?!零[工售件部星食钱散用碎])"
# 大陆, 队伍, 收拾, 參加: these capitals are figures only in the company that cheques give them, 伍佰 or 陆万 or 肆元.
_WORDLIKE = "陆陸伍肆拾參"
_CAPITALS = "壹贰貳叁參弍肆伍陆陸柒捌玖拾佰仟"
_CHEQUE = rf"(?=[{_CAPITALS}零〇]{{0,40}}(?:[{_CAPITALS}][拾佰仟万亿萬億]|[{_CAPITALS}][元圆]))[{_CAPITALS}零〇万亿萬億]+"
_AFTER_FRACTION = rf"(?:{_NOT_POINT}[{_C}])+"
_CHINESE = rf"{_NOT_UNIT}(?:{_CHEQUE}|{_NOT_POINT}{_NOT_WORD}(?![{_WORDLIKE}])[{_C}])+"
_ARABIC = rf"[{_D}]+(?:,[{_D}]{{3}}(?![{_D}]))*(?:[.．][{_D}]+)?"
_ARABIC_RUN = rf"{_ARABIC}(?:\s?(?:{_NOT_UNIT}[百千万亿萬億])+(?:{_ARABIC}(?:{_NOT_UNIT}[百千万亿萬億])*)*)?"
_FIRST = f"(?=[{_D}{_C}{_CAPITALS}零〇万亿萬億])"  # most characters of prose begin none of the runs: one look tells
_RUN = LazyPattern(
    rf"{_FIRST}(?:(?:{_ARABIC}|{_CHINESE})分之(?:{_AFTER_FRACTION}(?:点[零〇一二三四五六七八九]+)?|{_ARABIC})"
    rf"|{_ARABIC_RUN}|{_CHINESE}(?:点[零〇一二三四五六七八九]+(?:{_NOT_POINT}[百千万亿]+)?)?)"
)


def numerals(text: str) -> list[Numeral]:
    """Every run of figures, in order. Figures of other scripts (①, ², Ⅲ) are runs without a value.

    百分之五 is one numeral; 百分点 is a unit and holds none.
    """
    return list(_numerals(text))


@lru_cache(maxsize=64)  # several rules ask for the numerals of one text, one after the other
def _numerals(text: str) -> tuple[Numeral, ...]:
    numerals: list[Numeral] = []
    end = 0
    for match in _RUN.finditer(text):
        numerals.extend(_others(text, end, match.start()))
        end = match.end()
        numerals.append(Numeral(match.start(), end, match[0], _value(match[0])))
    numerals.extend(_others(text, end, len(text)))
    return tuple(numerals)


def _others(text: str, start: int, end: int) -> list[Numeral]:
    """Characters that are figures elsewhere (٣, ①, ²), which no run took; 百 of 百分点 and words such as 参, 京 are none."""
    if not any(map(str.isnumeric, text[start:end])):
        return []
    gap = (i for i in range(start, end) if text[i].isnumeric() and text[i] not in _C)
    return [Numeral(i, i + 1, text[i], None) for i in gap if unicodedata.category(text[i]).startswith("N")]


@lru_cache(maxsize=256)  # the figures of a text stand in its quotes again
def _value(text: str) -> Fraction | None:
    try:
        folded = normalize_width(text)
        below, parted, above = folded.partition("分之")
        if parted:
            return number.read_numeral(above).value / number.read_numeral(below).value
        return number.read_numeral(folded).value
    except (NumberSyntaxError, ZeroDivisionError):
        return None
