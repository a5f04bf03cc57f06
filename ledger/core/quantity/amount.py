"""One amount without bounds: number, multiplier and unit, or 百分之, 成, 半, 分之 and money."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, NoReturn

from ledger.core.quantity import chinese, number
from ledger.core.quantity.model import NumberSyntaxError
from ledger.core.quantity.number import Number
from ledger.core.quantity.refusals import no_number, no_unit
from ledger.core.units import Unit, UnitTable
from ledger.core.units.lazy import LazyPattern

_FIGURES = LazyPattern(rf"[0-9.,点點{chinese.CHARACTERS}]*")
_SIGN = LazyPattern(r"负|負|-|\+")
_MONEY_BEFORE = LazyPattern(r"(?i:人民币|RMB|CNY|USD|US\$|HK\$|¥|\$|€|£|港币|美金)")
_MONEY_UNIT = {"人民币": "元", "rmb": "元", "cny": "元", "¥": "元", "usd": "美元", "us$": "美元", "$": "美元", "美金": "美元",
               "hk$": "港元", "港币": "港元", "€": "欧元", "£": "英镑"}  # fmt: skip
_ONE = rf"([1-9]|[{chinese.CHARACTERS}])"
_JIAO = LazyPattern(
    rf"(?:([0-9.,点{chinese.CHARACTERS}]+)[元圆])?(?:零?{_ONE}[角毛])?(?:零?{_ONE}分)?[整正]?"
)
_YEARS_MONTHS = LazyPattern(
    rf"([0-9]+|[{chinese.CHARACTERS}]+?)年[零又]?([0-9]+|[{chinese.CHARACTERS}]+)个月"
)
_WHOLE = rf"[0-9]+万?|[{chinese.CHARACTERS}]+"
_PARTS = LazyPattern(rf"(?:({_WHOLE})又)?({_WHOLE})分之(.+)")
_TENTHS = LazyPattern(rf"([0-9.]+|[{chinese.CHARACTERS}点]+|半)成(半|[{chinese.CHARACTERS}]|[0-9])?")
_SLASH = LazyPattern(r"([0-9]+)/([0-9]+)(?![0-9]*[百千万亿])(.*)")
_PER = LazyPattern(rf"((?:每(?:[0-9]+万?|[百千万亿]+|十万)?[^0-9{chinese.CHARACTERS}每]+)+)(.+)")
_LIKE_A_PRICE = 10_000  # 50万起 is how prices and loans are quoted, 12起 how incidents are counted
_HUNDREDTHS = {100: "%", 1000: "‰"}


class Amount(NamedTuple):
    """An amount as read; `number` keeps how it was written, which ranges need to share a multiplier."""

    number: Number
    unit: str

    @property
    def value(self) -> Fraction:
        """The exact figure, multiplied out."""
        return self.number.value

    @property
    def scale(self) -> int:
        """The multiplier as written."""
        return self.number.scale


def read_amount(text: str, units: UnitTable, bound: bool = False) -> Amount:
    """The amount this whole text states. `bound`: it had a bound word, so that 百亿元 alone is a figure.

    Raises NumberSyntaxError.
    """
    sign = _SIGN.match(text)
    body = text[sign.end() :] if sign else text
    if not body:
        raise NumberSyntaxError("没有数字", "例如“6家”“16亿美元”")
    if sign and _SIGN.match(body):
        raise NumberSyntaxError("正负号重复", "请只写一个负号，例如“-3%”")
    try:
        amount = _read_unsigned(body, units, bound)
    except NumberSyntaxError as problem:
        raise problem.within(sign[0] if sign else "", "") from None
    if sign and sign[0] != "+":
        return Amount(amount.number._replace(value=-amount.value), amount.unit)
    return amount


def front(text: str) -> str:
    """The currency or 每… that a text begins with, or nothing; in a range it holds for both ends."""
    money = _MONEY_BEFORE.match(text)
    if money:
        return money[0]
    per = _PER.fullmatch(text)
    return per[1] if per else ""


def with_front(front: str, amount: Amount, units: UnitTable) -> Amount:
    """An amount that was read without the `front` its text began with. Raises NumberSyntaxError."""
    if front.startswith("每"):
        return _for_each(front, amount, units)
    return _in_currency(_MONEY_UNIT[front.lower()], amount)


def whole(text: str) -> int:
    """A positive whole number in either figures, as a rank needs it."""
    figure = number.read_numeral(text)
    if figure.bare or figure.value.denominator != 1 or figure.value < 1:
        raise NumberSyntaxError("位次应是正整数", "例如“第三”“前3位”")
    return int(figure.value)


def _read_unsigned(text: str, units: UnitTable, bound: bool) -> Amount:
    money = _MONEY_BEFORE.match(text)
    if money:
        return _money(_MONEY_UNIT[money[0].lower()], text[money.end() :], units, bound)
    if text.startswith("每"):
        return _per(text, units)
    for special in (_parts, _tenths, _half, _slash, _yuan_jiao, _years_months):
        amount = special(text, units)
        if amount is not None:
            return amount
    return _split(text, units, bound)


def _split(text: str, units: UnitTable, bound: bool) -> Amount:
    """Number first, unit behind. A unit may begin with a figure (千米, 百分点, 两): the longest unit wins."""
    end = _FIGURES.match(text).end()  # type: ignore[union-attr]
    for cut in range(1, end):
        if text[cut] in units.initials:
            unit = units.find(text[cut:])
            if unit is not None:
                return _checked(_numeral_before(text[cut:], text[:cut]), unit.spelling, bound)
    rest = text[end:]
    if end == 0:
        raise no_number(text, units)
    if not rest:
        return _checked(number.read_numeral(text), "", bound)
    if rest.endswith("半") and (half := units.find(rest[:-1])) is not None:
        return _and_a_half(text[:end], half)
    unit = units.find(rest)
    if unit is None:
        raise no_unit(text[:end], rest, units)
    if rest == "分" and text[end - 1] in "百千" and text[0] in "0123456789百千":
        _incomplete(text[: end - 1], text[end - 1])
    figure = _numeral_before(rest, text[:end])
    if rest == "起" and figure.scale >= _LIKE_A_PRICE:
        raise NumberSyntaxError(
            "“起”可能是单位，也可能是“以上”", readings=(f"{figure.value}起", f"{text[:end]}以上")
        )
    return _checked(figure, unit.spelling, bound)


def _numeral_before(unit: str, figures: str) -> Number:
    """Read the figures in front of a unit; the readings of a refusal keep the unit."""
    try:
        return number.read_numeral(figures)
    except NumberSyntaxError as problem:
        raise problem.within("", unit) from None


def _incomplete(figures: str, power: str) -> NoReturn:
    """5百分: 百分比 or 百分点 cut short, rather than 500 points of a score."""
    sign = "%" if power == "百" else "‰"
    if not figures:
        raise NumberSyntaxError(f"“{power}分”不完整", f"请写全，例如“5{sign}”“5个{power}分点”")
    raise NumberSyntaxError(f"“{power}分”不完整", readings=(f"{figures}{sign}", f"{figures}{power}分点"))


def _checked(figure: Number, unit: str, bound: bool) -> Amount:
    if figure.bare and not bound:
        raise NumberSyntaxError(
            "“百”“千”“万”“亿”前面没有数字", "是不是漏了数？", (f"1{_word(figure.scale)}{unit}",)
        )
    return Amount(figure, unit)


def _word(scale: int) -> str:
    return next(word for word, value in number.MULTIPLIERS.items() if value == scale)


def _and_a_half(figures: str, unit: Unit) -> Amount:
    figure = number.read_numeral(figures)
    if figure.value.denominator != 1 or figure.scale != 1:
        raise NumberSyntaxError("“半”跟在小数或“万”“亿”后面，意思不清", "请直接写小数，例如“1.5亿元”")
    return Amount(figure._replace(value=figure.value + Fraction(1, 2)), unit.spelling)


def _half(text: str, units: UnitTable) -> Amount | None:
    if text == "一半":
        return Amount(Number(Fraction(1, 2)), "")
    if text.startswith("半"):
        unit = units.find(text[1:]) or (units.find(text[2:]) if text[1:2] == "个" else None)
        if unit is None:
            raise NumberSyntaxError("“半”后面没有单位", "例如“半年”“半个百分点”，或直接写“0.5”")
        return Amount(Number(Fraction(1, 2)), unit.spelling)
    figures, half, rest = text.partition("个半")
    if not half:
        return None
    unit = units.find("个" + rest) or units.find(rest)
    return _and_a_half(figures, unit) if unit is not None else None


def _parts(text: str, units: UnitTable) -> Amount | None:
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    extra, below, rest = match.groups()
    negative = rest[0] in ("负", "負")
    above, unit = _split(rest[1:] if negative else rest, units, bound=True)
    below_plain = chinese.plain_numerals(below)
    per = int(number.read_numeral(below).value)
    if per == 0:
        raise NumberSyntaxError("分母是零", "请核对后重写，例如“三分之一”")
    if above.bare and not (below_plain == "百" and above.value == 100):
        raise NumberSyntaxError("分子没有数字", "请写全，例如“百分之五”“三分之一”")
    value = -above.value if negative else above.value
    if below_plain in ("百", "千"):
        if extra or unit:
            raise NumberSyntaxError("百分之、千分之后面不能再有单位", "例如“百分之五”")
        return Amount(Number(value), _HUNDREDTHS[per])
    if above.value.denominator != 1 or above.scale != 1:
        raise NumberSyntaxError("分子不是整数，或带了“万”“亿”", "例如“三分之一”")
    whole_part = number.read_numeral(extra).value if extra else 0
    return Amount(Number(Fraction(value, per) + whole_part), unit)


def _tenths(text: str, units: UnitTable) -> Amount | None:  # noqa: ARG001 - one signature for all special forms
    match = _TENTHS.fullmatch(text)
    if match is None:
        return None
    tenths = Fraction(1, 2) if match[1] == "半" else number.read_numeral(match[1]).value
    if match[2] == "半":
        tenths += Fraction(1, 2)
    elif match[2]:
        tenths += Fraction(_digit(match[2]), 10)
    if tenths > 10:
        raise NumberSyntaxError("“成”最多到十成", "请直接写百分数")
    return Amount(Number(tenths * 10), "%")


def _years_months(text: str, units: UnitTable) -> Amount | None:  # noqa: ARG001 - one signature for all special forms
    """Read 两年零三个月 as 27 个月."""
    match = _YEARS_MONTHS.fullmatch(text)
    if match is None:
        return None
    years, months = number.read_numeral(match[1]).value, number.read_numeral(match[2]).value
    if years.denominator != 1 or months.denominator != 1 or not (0 < years < 100 and 0 < months < 12):
        raise NumberSyntaxError("年、月前面应是整数，月数小于 12", "请化成一个单位，例如“27个月”“2.25年”")
    return Amount(Number(years * 12 + months), "个月")


def _digit(text: str) -> int:
    """One digit 1–9 in either figures."""
    value = int(text) if text.isascii() else chinese.DIGITS.get(chinese.plain_numerals(text), 0)
    if not 1 <= value <= 9:
        raise NumberSyntaxError("“成”“元”“角”后面应是一到九的一个数字", "例如“三成五”“五元三角”")
    return value


def _slash(text: str, units: UnitTable) -> Amount | None:
    match = _SLASH.fullmatch(text)
    if match is None:
        return None
    above, below = int(match[1]), int(match[2])
    if match[1].startswith("0") or match[2].startswith("0"):
        raise NumberSyntaxError("分数写法不对", "例如“1/3”")
    unit = units.find(match[3])
    date_like = not match[3] and above <= 12 and 12 < below <= 31
    if date_like or (unit is not None and unit.counted):
        reason = "斜杠可能是分数、日期，也可能是“几个里的几个”"
        fraction = f"{below}分之{above}{match[3]}"
        raise NumberSyntaxError(reason, f"分数请写成“{fraction}”", (fraction,))
    return Amount(Number(Fraction(above, below)), _unit_or_refuse(text, match[3], units))


def _yuan_jiao(text: str, units: UnitTable) -> Amount | None:  # noqa: ARG001 - one signature for all special forms
    match = _JIAO.fullmatch(text)
    if match is None or not (match[2] or (match[1] and match[3])):
        return None  # 5分 alone may be a score
    yuan = number.read_numeral(match[1]) if match[1] else Number(Fraction(0))
    if yuan.value.denominator != 1 or yuan.bare:
        raise NumberSyntaxError("元、角、分前面应是整数", "请直接写小数，例如“5.3元”")
    cents = (_digit(match[2]) * 10 if match[2] else 0) + (_digit(match[3]) if match[3] else 0)
    return Amount(Number(yuan.value + Fraction(cents, 100)), "元")


def _money(currency: str, text: str, units: UnitTable, bound: bool) -> Amount:
    if not text:
        raise NumberSyntaxError("币种后面没有数字", f"例如“3000万{currency}”")
    return _in_currency(currency, _read_unsigned(text, units, bound))


def _in_currency(currency: str, amount: Amount) -> Amount:
    if amount.unit and amount.unit != currency:
        raise NumberSyntaxError(f"前面的币种“{currency}”与后面的单位“{amount.unit}”不一致", "请只写一个单位")
    return Amount(amount.number, currency)


def _per(text: str, units: UnitTable) -> Amount:
    """每千人4.5个 → 4.5 个/千人."""
    match = _PER.fullmatch(text)
    if match is None:
        raise NumberSyntaxError("“每”后面看不懂", "例如“每千人4.5个”，或写成“4.5个/千人”")
    return _for_each(match[1], read_amount(match[2], units), units)


def _for_each(front: str, amount: Amount, units: UnitTable) -> Amount:
    if not amount.unit:
        raise NumberSyntaxError("“每”的写法缺少数量的单位", "例如“每千人4.5个”")
    rate = units.rate(amount.unit, front.split("每")[1:])
    if rate is None:
        raise NumberSyntaxError(f"“{front}”不是已知的单位", "例如“每千人4.5个”，或写成“4.5个/千人”")
    return Amount(amount.number, rate.spelling)


def _unit_or_refuse(text: str, rest: str, units: UnitTable) -> str:
    if not rest:
        return ""
    unit = units.find(rest)
    if unit is None:
        raise no_unit(text[: -len(rest)], rest, units)
    return unit.spelling
