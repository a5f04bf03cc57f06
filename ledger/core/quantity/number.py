"""One number with its multiplier, in Arabic or Chinese figures: text → exact value."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from ledger.core.decimals import format_number
from ledger.core.quantity import chinese
from ledger.core.quantity.model import NumberSyntaxError
from ledger.core.units.lazy import LazyPattern

MULTIPLIERS = {
    "百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "十万": 10**5, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12, "十万亿": 10**13,
    "百万亿": 10**14, "千万亿": 10**15,
}  # fmt: skip
# 十 after Arabic figures (2十万) is nobody's way of writing.
_MULTIPLIER = "|".join(sorted((m for m in MULTIPLIERS if not m.startswith("十")), key=len, reverse=True))

_ARABIC = LazyPattern(rf"([0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)({_MULTIPLIER})?")
_THOUSANDS = LazyPattern(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_COMPOUND = LazyPattern(rf"(?:零?([0-9]+(?:\.[0-9]+)?)({_MULTIPLIER}))+(?:零?[0-9]+)?")
_SEGMENT = LazyPattern(rf"(零?)([0-9]+(?:\.[0-9]+)?)({_MULTIPLIER})?")
_HUNDREDS = LazyPattern(r"(?<![0-9.,])([1-9])千([1-9])百(?=[万亿])")
_DECIMAL = LazyPattern(rf"([零一二三四五六七八九两十百千万亿]+)点([零一二三四五六七八九]+)({_MULTIPLIER})?")
_TWO_POINTS = LazyPattern(r"([0-9]{1,3})\.([0-9]+)\.([0-9]+[^.]*)")
# How many trailing digits after a multiplier leave one reading only: 3万500 is 30500, but 3万5 is two things.
_TRAILING_DIGITS = {10**2: (2,), 10**3: (3,), 10**4: (3, 4), 10**8: (8,)}


class Number(NamedTuple):
    """A number as written: `value` = `coefficient` × `scale`. `bare`: a multiplier alone (百亿), which needs a bound."""

    value: Fraction
    scale: int = 1
    bare: bool = False
    grouped: bool = False  # thousands separators were written: no year looks so

    @property
    def coefficient(self) -> Fraction:
        """The figure in front of the multiplier."""
        return self.value / self.scale


def read_numeral(text: str) -> Number:
    """The number this whole text is. Raises NumberSyntaxError."""
    match = _ARABIC.fullmatch(text)
    if match:
        scale = MULTIPLIERS[match[2]] if match[2] else 1
        figure = _arabic(match[1])
        return Number(figure if scale == 1 else figure * scale, scale, grouped="," in match[1])
    if text[:1].isdigit() or text[:1] in ".,":
        return _compound(text)
    numeral = chinese.plain_numerals(text)
    if numeral in MULTIPLIERS and not numeral.startswith("十"):
        return Number(Fraction(MULTIPLIERS[numeral]), MULTIPLIERS[numeral], bare=True)
    match = _DECIMAL.fullmatch(numeral)
    if match:
        return _chinese_decimal(match)
    value = Fraction(chinese.integer(numeral))
    if numeral.endswith("万亿"):
        return Number(value, 10**12)
    # 二亿三千万 is written in 亿, as 2亿3000万 is: in 一至二亿三千万 the first end is 一亿.
    return Number(value, next((MULTIPLIERS[word] for word in "亿万" if word in numeral), 1))


def _arabic(text: str) -> Fraction:
    whole, _, decimals = text.partition(".")
    if "," in whole:
        if not _THOUSANDS.fullmatch(whole):
            raise _commas(text)
        whole = whole.replace(",", "")
    if len(whole) > 1 and whole.startswith("0"):
        raise NumberSyntaxError("数字以 0 开头，像编号或日期", "请去掉开头的 0", (text.lstrip("0") or "0",))
    if not decimals:
        return Fraction(int(whole))
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def _commas(text: str) -> NumberSyntaxError:
    groups = text.split(",")
    if len(groups) == 2 and groups[1]:
        readings = (text.replace(",", ""), ".".join(groups)) if "." not in text else (text.replace(",", ""),)
        return NumberSyntaxError("逗号不是千分位（每三位一组）", readings=readings)
    listed, joined = "、".join(groups), "".join(groups)
    hint = f"是一个数“{joined}”，还是几个数“{listed}”？一次只写一个数，例如“1200户”或“1,200户”"
    if not all(groups):
        return NumberSyntaxError(
            "像是用逗号并列的几个数，或千分位写错了", "一次只写一个数，例如“1200户”或“1,200户”"
        )
    return NumberSyntaxError("像是用逗号并列的几个数，或千分位写错了", hint, (joined, listed))


def _compound(text: str) -> Number:
    """2亿3000万, 5万4千6百, 3万500: each part below the multiplier of the part before it."""
    hundreds = _HUNDREDS.search(text)
    if hundreds:  # 3千5百万 is 3500万
        return _compound(f"{text[: hundreds.start()]}{hundreds[1]}{hundreds[2]}00{text[hundreds.end() :]}")
    if not _COMPOUND.fullmatch(text):
        raise _not_a_number(text)
    segments = [(zero, digits, MULTIPLIERS[m] if m else 1) for zero, digits, m in _SEGMENT.findall(text)]
    total, above = Fraction(0), 0
    for index, (zero, digits, scale) in enumerate(segments):
        value = _arabic(digits) * scale
        final = index == len(segments) - 1
        if "." in digits and not final:
            raise NumberSyntaxError("小数后面又接了一段数", "请只写一个小数，例如“2.3亿元”")
        if above and value >= above:
            raise NumberSyntaxError("“万”“亿”的顺序或大小不对", "例如“2亿3000万元”")
        if zero and value * 10 >= above:
            raise NumberSyntaxError("“零”多余：它前后的位数是相连的", "例如“3万零500”")
        if scale == 1 and not zero and len(digits) not in _TRAILING_DIGITS.get(above, ()):
            whole = total + _arabic(digits) * Fraction(above, 10 ** len(digits))
            raise NumberSyntaxError(
                "口语省略了位数，有两种可能", readings=(format_number(whole), format_number(total + value))
            )
        total, above = total + value, scale
    return Number(total, segments[0][2])


def _not_a_number(text: str) -> NumberSyntaxError:
    if text.count(".") > 1:
        points = _TWO_POINTS.fullmatch(text)
        readings = (
            (f"{points[1]}.{points[2]}{points[3]}", f"{points[1]}{points[2]}.{points[3]}") if points else ()
        )
        return NumberSyntaxError("小数点不止一个", "" if readings else "请核对后重写", readings)
    if text.endswith("."):
        return NumberSyntaxError("小数点后面没有数字", "请补上小数，或去掉小数点")
    if any(pair in text for pair in chinese.DOUBLED):
        return chinese.doubled(text, lambda part: read_numeral(part).value)
    if any(c in chinese.DIGITS or c == "十" for c in text):
        return NumberSyntaxError("阿拉伯数字和汉字数字混写", "请只用一种写法，例如“3.5万”")
    return NumberSyntaxError("数字写法看不懂", "例如“1200”“1,200”“2.8万”")


def _chinese_decimal(match: re.Match[str]) -> Number:
    whole, decimals, multiplier = match.groups()
    digits = "".join(str(chinese.DIGITS[c]) for c in decimals)
    scale = MULTIPLIERS[multiplier] if multiplier else 1
    value = chinese.integer(whole) + Fraction(int(digits), 10 ** len(digits))
    return Number(value * scale, scale)
