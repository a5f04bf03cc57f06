"""Chinese numerals, strictly: a numeral has one value, or it is refused with the values it could have."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ledger.core.decimals import format_number
from ledger.core.quantity.model import NumberSyntaxError
from ledger.core.units.lazy import LazyPattern

# Simplified, traditional and financial forms to one alphabet.
ALPHABET = str.maketrans(
    "〇○壹贰貳叁參弍肆伍陆陸柒捌玖兩拾佰仟萬億點負",
    "零零一二二三三二四五六六七八九两十百千万亿点负",
) | {ord("廿"): "二十", ord("卅"): "三十", ord("卌"): "四十"}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
POWERS = {"十": 1, "百": 2, "千": 3}
CHARACTERS = "零一二三四五六七八九两十百千万亿〇○壹贰貳叁參弍肆伍陆陸柒捌玖兩拾佰仟萬億廿卅卌"
# Two multipliers running: one too many, or their product (亿亿 is in use for computers, 万万 was for money).
DOUBLED = {
    "万万": ("万", "亿"),
    "亿亿": ("亿",),
    "亿万": ("亿", "万亿"),
    "千千": ("千", "百万"),
    "百百": ("百", "万"),
}

_APPROXIMATE = LazyPattern(r"[一二两三四五六七八九]{2,3}(?=[十百千万亿]|$)")
_YEAR_LIKE = LazyPattern(r"[零一二三四五六七八九]{2,}")


def plain_numerals(text: str) -> str:
    """The numeral in the one alphabet this module reads: 贰拾 → 二十, 廿 → 二十."""
    return text.translate(ALPHABET)


def integer(text: str) -> int:
    """The value of a whole Chinese integer (already `plain`). Raises NumberSyntaxError, with readings where there are any."""
    if len(text) == 1 and text in DIGITS:
        return DIGITS[text]
    if _YEAR_LIKE.fullmatch(text):
        if len(text) == 2 and "零" not in text:
            raise _approximate()
        raise NumberSyntaxError(
            "逐字写出的数字像年份或编号", "数量请写成带位数的数或阿拉伯数字", (_arabic(text),)
        )
    if any(pair in text for pair in DOUBLED):
        raise doubled(text, lambda part: Fraction(integer(part)))
    if text.count("亿") > 1 or text.count("万") - ("万亿" in text) > 1:
        raise NumberSyntaxError("“万”“亿”重复，可能多打了一个字", "请用阿拉伯数字加一个“万”或“亿”")
    head, has_hundred_million, tail = text.rpartition("亿")
    if not has_hundred_million:
        return _below_hundred_million(text)
    value = _below_hundred_million(head) * 10**8
    if not tail:
        return value
    if tail.startswith("零"):
        return value + _rest(tail[1:], _below_hundred_million)
    if "万" not in tail:
        raise _colloquial(value, tail, 10**8)
    return value + _below_hundred_million(tail)


def _rest(text: str, read: Callable[[str], int]) -> int:
    if text == "两":
        raise NumberSyntaxError("“零”后面的个位写“二”不写“两”", "例如“一万零二”")
    return read(text)


def _below_hundred_million(text: str) -> int:
    head, has_ten_thousand, tail = text.rpartition("万")
    if not has_ten_thousand:
        return _section(text)
    value = _section(head) * 10**4
    if not tail:
        return value
    if tail.startswith("零"):
        return value + _rest(tail[1:], _section)
    if "千" not in tail and "百" not in tail:
        raise _colloquial(value, tail, 10**4)
    return value + _section(tail)


def _section(text: str) -> int:
    """1 to 9999: each place at most once, from high to low, a 零 only where places are missing."""
    value, last, zero, i = 0, 4, False, 0
    if not text:
        raise NumberSyntaxError("数词不完整", "例如“一百二十”“三千零五”")
    if text == "两":
        return 2
    while i < len(text):
        char, following = text[i], text[i + 1 : i + 2]
        if char == "零":
            if zero or i == 0 or not following:
                raise NumberSyntaxError("“零”的位置不对", "例如“一百零五”“一万零三百”")
            zero, i = True, i + 1
            continue
        digit = 1 if char == "十" else DIGITS.get(char, 0)
        power = 1 if char == "十" else POWERS.get(following, 0)
        if digit == 0 or power >= last or (power == 1 and char == "两"):
            raise _disorder(text)
        if power == 0:
            return value + _ones(text, i, digit, value, last, zero)
        if zero and last - power < 2:
            raise NumberSyntaxError("“零”多余：它前后的位数是相连的", "例如“一百五十”“一千零五十”")
        value, last, zero = value + digit * 10**power, power, False
        i += 1 if char == "十" else 2
    return value


def _ones(text: str, i: int, digit: int, value: int, last: int, zero: bool) -> int:
    if i != len(text) - 1 or text[i] == "两":
        if _APPROXIMATE.search(text):
            raise _approximate()
        raise _disorder(text)
    if zero and last == 1:
        raise NumberSyntaxError("“零”多余：“十”后面直接写个位", "例如“二十五”")
    if not zero and last in (2, 3):
        raise NumberSyntaxError(
            "口语省略了位数，有两种可能",
            readings=(str(value + digit * 10 ** (last - 1)), str(value + digit)),
        )
    return digit


def _colloquial(value: int, tail: str, unit: int) -> NumberSyntaxError:
    """一万五, 一亿三千: the tail may be a decimal of the multiplier or stand for itself."""
    rest = _section(tail)
    scaled = rest * unit // 10 ** len(str(rest))
    return NumberSyntaxError("口语省略了位数，有两种可能", readings=(str(value + scaled), str(value + rest)))


def doubled(text: str, read: Callable[[str], Fraction]) -> NumberSyntaxError:
    """Return the refusal of 12万万: one multiplier too many, or the two multiplied. `read` gives the value of a number.

    Both readings are offered where both can be read, otherwise none: the smaller one alone would be a guess.
    """
    pair = next(pair for pair in DOUBLED if pair in text)
    head, _, tail = text.partition(pair)
    readings = [f"{head}{multiplier}{tail}" for multiplier in DOUBLED[pair]]
    hint = ""
    try:
        for reading in readings:
            read(reading)
        if pair == "亿亿":  # no multiplier stands for it: 10亿亿 is 100000万亿
            value = read(head) * 10**4 + (read(tail) / 10**12 if tail else 0)
            readings.append(f"{format_number(value)}万亿")
    except NumberSyntaxError:
        readings, hint = [], "请用阿拉伯数字加一个“万”“亿”或“万亿”"
    return NumberSyntaxError(f"“{pair}”重复，可能多打了一个字", hint, tuple(readings))


def _approximate() -> NumberSyntaxError:
    return NumberSyntaxError("相邻数字连用是约数，不是确定的数", "请写确定的数，或写成范围，例如“3至4家”")


def _disorder(text: str) -> NumberSyntaxError:
    if _APPROXIMATE.search(text):
        return _approximate()
    return NumberSyntaxError(f"数词“{text}”的位数不成序", "例如“三千二百五十”，或改用阿拉伯数字")


def _arabic(text: str) -> str:
    return "".join(str(DIGITS[c]) for c in text)
