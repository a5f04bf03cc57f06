"""Find every number with its unit in prose, exactly as written.

A sign belongs to its figure, and a unit in brackets in front of a bare number is that number's: 投资（亿元）：162 is 162 亿元.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from ledger.core.quantity import number
from ledger.core.quantity.model import NumberSyntaxError
from ledger.core.units import default_units
from ledger.extract.model import Figure
from ledger.extract.words import FALL_VERBS, RISE_VERBS, alternation, split_words

_MULTIPLIER = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百"
_ARABIC = re.compile(
    rf"(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<more>余|多)?(?P<scale>{_MULTIPLIER})?(?P<rest>\d+(?:万|千))?(?P<late>余|多)?"
)
_CHINESE = re.compile(
    r"(?P<digits>[零〇一二两三四五六七八九十百千万亿]+(?:点[零一二三四五六七八九]+)?)(?P<late>余|多)?"
)
_NAMED = re.compile(  # 三馆一中心, 一核两翼, 一对一: numerals coupled into a name
    r"[一二两三四五六七八九][\u4e00-\u9fff](?<![零〇一二两三四五六七八九十百千万亿点成])[一二两三四五六七八九](?![十百千万亿点成])[\u4e00-\u9fff]|二十四节气"
)
_FRACTION = re.compile(
    r"(?P<bottom>百|千|万|十万|百万|[二三四五六七八九十]+)分之(?P<top>\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]+(?:点[零一二三四五六七八九]+)?)"
)
_SLASH = re.compile(r"(?<![\d./])(\d{1,3})/(\d{1,3})(?![\d./万千百亿])")
_RATE = re.compile(r"/(?:10万|十万|百万|万|千)(?![\d人元户件])")
_TO_ONE = re.compile(r"：1(?![\d.:：])")
_RATIO = re.compile(r"：(?!1(?![\d.]))(\d{1,3}(?:\.\d+)?)(?![\d.:：])")
_MOVED = re.compile(rf"(?:{alternation(RISE_VERBS | FALL_VERBS)})$")
_RANGE = re.compile(r"[-~～]|至|到")
_LATIN = re.compile(r"[A-Za-zμµ㎡℃²³%‰·]+[23]?")
_PER = re.compile(r"/(?:\d+|[十百千万亿]+)?|每")
_ALIKE = re.compile(r"[\u4e00-\u9fff]次(?![要品生级高月])")
_TENTH = re.compile(r"成(?![立功员果本长效品])")
_BRACKET = re.compile(
    r"（(?:单位[：:]?)?(?P<scale>万亿|千亿|百亿|亿|千万|百万|万|千|百)?(?P<unit>[^（），。；]{0,10})）"
)
_AFTER_BRACKET = re.compile(r"[^\d，。；、（）]{0,12}")
_NO_SIGN = frozenset(["-", "%", "‰", "）", "+"])
_BRACKETED = re.compile(r"□{3,6}")  # 套（间）: the second measure word, masked as a remark
# These begin too many other words, or are dates, to be units behind a number in prose.
_NO_UNITS = split_words("两 发 招 号 市亩 人口 平方 元人民币 人民币 对 中")
_MORE_UNITS = split_words("标箱 标准箱 吨标准煤 吨标煤 吨二氧化碳 千瓦小时 个月 次 度 方 立方")
# Nouns more often than units: 5000个岗位 is counted in 个.
_NOUNS = split_words(
    "床位 学位 托位 席位 座位 车位 泊位 机位 工位 摊位 展位 铺位 岗位 名额 编制 点位 课时 学时 学分 人头 标准席 /万 /10万"
)
_PEOPLE = split_words("人 名 位 人次")  # a dimension with synonyms in the table, count words in prose
# A count word that is in no table, recognised by its position: 更换350具，
_LONE = re.compile(
    r"(?![中内前后余多以等强版期号起倍番成半年月日时点整来])[\u4e00-\u9fff](?=[，。；、）]|以上|以下|以内|左右|$)"
)
_ENDED = re.compile(r"[，。；、）]|以上|以下|以内|左右|$")
_PREFIXED = split_words("百分点 基点 工作日 小时 季度 星期 标准箱 标箱 学时 课时")
_PREFIXED_WORDS = _PREFIXED | {"个工作日"}
_PER_UNITS = split_words("日 月 年 天 时 万 人 千人 亿元 万元")
_NO_SHARING = split_words("年 月 日 级 期 号")
_BARE_SCALE = {"十亿": ("10", "亿"), "百亿": ("100", "亿"), "千亿": ("1000", "亿"), "十万": ("10", "万"),
               "百万": ("100", "万"), "千万": ("1000", "万"), "万亿": ("1", "万亿"), "亿": ("1", "亿"), "万": ("1", "万")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitBracket:
    """A unit in brackets, [start, end) with them."""

    start: int
    end: int
    scale: str
    unit: str
    counted: bool


@lru_cache(maxsize=1)
def _spellings() -> tuple[dict[str, bool], int]:
    """Chinese unit spellings → whether they are count words; and the longest one's length."""
    spellings: dict[str, bool] = {}
    for unit in default_units():
        text = unit.spelling
        if unit.per_only or text in _NO_UNITS or text.isascii():
            continue
        spellings[text] = unit.counted or text in _PEOPLE
    for text in _MORE_UNITS:
        spellings.setdefault(text, text == "次")
    for text in _NOUNS:
        spellings.pop(text, None)
    return spellings, max(map(len, spellings))


def scan(text: str, brackets: Sequence[UnitBracket] = ()) -> list[Figure]:
    """Return all figures of a (masked) text, left to right, not overlapping."""
    figures: list[Figure] = []
    position = 0
    inside = {bracket.start: bracket.end for bracket in brackets}
    while position < len(text):
        if position in inside:
            position = inside[position]
            continue
        figure = _signed(text, position, figures[-1].end if figures else -1) or at(text, position)
        if figure is None:  # an unreadable run of Chinese figures is passed as a whole
            run = _CHINESE.match(text, position)
            position = run.end("digits") if run else position + 1
            continue
        figures.append(figure)
        position = figure.end
    return _share_units(text, [_with_bracket(text, figure, brackets) for figure in figures])


def unit_brackets(text: str) -> list[UnitBracket]:
    """Return the brackets of a text that hold nothing but a unit: （亿元）, （%）, （单位：万人）."""
    brackets = []
    for match in _BRACKET.finditer(text):
        scale = match["scale"] or ""
        unit, end, counted = unit_at(match["unit"], 0)
        behind_figure = re.search(
            r"(?<![A-Za-z.\d])\d[\d.]*[\u4e00-\u9fff]{0,3}$", text[max(0, match.start() - 12) : match.start()]
        )
        if (
            (unit or not match["unit"])
            and end == len(match["unit"])
            and (unit or scale)
            and not behind_figure
        ):
            brackets.append(UnitBracket(match.start(), match.end(), scale, unit, counted))
    return brackets


def _with_bracket(text: str, figure: Figure, brackets: Sequence[UnitBracket]) -> Figure:
    """Give a bare number the unit of the bracket before it in its clause: 投资（亿元）：162, 得分（分）达到90以上."""
    if figure.unit.strip("百千万亿") or figure.bare or not brackets:
        return figure
    before = [bracket for bracket in brackets if bracket.end <= figure.start]
    if not before or not _AFTER_BRACKET.fullmatch(text[before[-1].end : figure.start]):
        return figure
    bracket = before[-1]
    scale = figure.unit or bracket.scale
    if figure.unit and bracket.scale:
        return figure
    return replace(figure, unit=scale + bracket.unit, counted=bracket.counted)


def _signed(text: str, position: int, last_end: int) -> Figure | None:
    """Return the negative figure whose sign stands here: 负5亿元, 不低于-3%; a dash between figures or letters is none."""
    if text[position] not in "-负" or position + 1 >= len(text):
        return None
    before = text[position - 1 : position]
    if text[position] == "负" and before and before not in "为达到至于在是：≥≤><，（、约；。":
        return None  # 减负2亿元
    if text[position] == "-" and (
        last_end == position or (before.isascii() and before.isalnum()) or before in _NO_SIGN
    ):
        return None
    figure = at(text, position + 1)
    if figure is None or figure.bare or figure.value2 is not None or (figure.chinese and not figure.unit):
        return None
    return replace(figure, start=position, value=f"-{figure.value}")


def _share_units(text: str, figures: list[Figure]) -> list[Figure]:
    """35、60微克/立方米: a number without a unit takes that of the next in its list."""
    for i in range(len(figures) - 2, -1, -1):
        figure, following = figures[i], figures[i + 1]
        between = text[figure.end : following.start]
        listed = between in {"、", "和", "与", "及", "或"}
        if listed and between != "或" and figure.unit == "个" and following.unit in _PREFIXED_WORDS:
            figures[i] = replace(figure, unit=following.unit, counted=False)  # 5个和8个百分点
        elif (
            listed
            and not figure.unit
            and following.unit
            and not figure.chinese
            and following.unit not in _NO_SHARING
        ):
            figures[i] = replace(figure, unit=following.unit, counted=following.counted)
    return figures


def at(text: str, position: int) -> Figure | None:
    """Return the figure that begins exactly here, if one does."""
    if text[position] not in "0123456789零〇一二两三四五六七八九十百千万亿":
        return None
    return _fraction(text, position) or _simple_range(text, position) or _single(text, position)


def _fraction(text: str, position: int) -> Figure | None:
    match = _FRACTION.match(text, position)
    if match:
        try:
            top = number.read_numeral(match["top"]).value
            bottom = number.read_numeral(match["bottom"]).value
        except (NumberSyntaxError, KeyError):
            bottom, top = Fraction(_power(match["bottom"])), Fraction(0)
            if not bottom:
                return None
        if bottom == 100:
            return Figure(position, match.end(), format_value(top), "%")
        if bottom == 1000:
            return Figure(position, match.end(), format_value(top), "‰")
        return Figure(position, match.end(), f"{format_value(top)}/{format_value(bottom)}", "")
    slash = _SLASH.match(text, position)
    if slash and int(slash[2]) > int(slash[1]) > 0 and not unit_at(text, slash.end())[0]:
        return Figure(position, slash.end(), f"{slash[1]}/{slash[2]}", "")
    return None


def _power(text: str) -> int:
    return {"百": 100, "千": 1000, "万": 10000, "十万": 10**5, "百万": 10**6}.get(text, 0)


def _simple_range(text: str, position: int) -> Figure | None:
    """15-20亿元, 1至2家, 3%-5%: the lower figure takes the unit of the upper one where it has none."""
    low = _single(text, position)
    if low is None:
        return None
    joint = _RANGE.match(text, low.end)
    if not joint or joint.end() >= len(text):
        return None
    high = _single(text, joint.end())
    if high is None or high.bare or low.bare or low.more or high.more:
        return None
    if low.unit and low.unit != high.unit:
        scaled = low.unit in {"万", "亿"} and high.unit.startswith(low.unit)
        if not scaled:
            return None
    if (
        joint[0] in {"至", "到"}
        and low.unit == high.unit
        and not high.ratio
        and _MOVED.search(text[max(0, position - 12) : position])
    ):
        return None  # 提高1000元至5000元: by so much, to so much
    if joint[0] in {"至", "到"} and not (high.unit and low.chinese == high.chinese):
        return None
    if not high.unit or Fraction(low.value) >= Fraction(high.value):
        return None
    return Figure(
        position, high.end, low.value, high.unit, high.value, chinese=low.chinese, counted=high.counted
    )


def _single(text: str, position: int) -> Figure | None:
    match = _ARABIC.match(text, position)
    chinese = match is None
    match = match or _CHINESE.match(text, position)
    if match is None or (position and text[position - 1].isdigit() and not chinese):
        return None
    if chinese and any(_NAMED.match(text, start) for start in (position, position - 2) if start >= 0):
        return None
    read = _arabic(match) if not chinese else _chinese(match)
    if read is None:
        return None
    value, scale, bare = read
    end = match.end()
    half = chinese is False and text[end : end + 1] == "半"
    unit, end, counted = unit_at(text, end + half)
    if not unit and not chinese and (lone := _LONE.match(text, end)):
        unit, end, counted = lone[0], lone.end(), True
    if chinese and scale == "" and unit == "" and value != "0" and _TENTH.match(text, match.end()):
        unit, end = "成", match.end() + 1
        if text[end : end + 1] == "半":
            value, end = format_value(Fraction(value) + Fraction(1, 2)), end + 1
    elif not chinese and unit == "" and _TENTH.match(text, match.end()):
        unit, end = "成", match.end() + 1
    more = bool(match.groupdict().get("more") or match["late"])
    return Figure(position, end, value, scale + unit, more=more, chinese=chinese, bare=bare, counted=counted)


def _arabic(match: re.Match[str]) -> tuple[str, str, bool] | None:
    digits, scale = match["digits"].replace(",", ""), match["scale"] or ""
    if match["rest"]:  # 2亿3000万: written in its first multiplier
        try:
            whole = number.read_numeral(digits + scale + match["rest"])
        except NumberSyntaxError:
            return None
        return format_value(whole.coefficient), scale, False
    return digits, scale, False


def _chinese(match: re.Match[str]) -> tuple[str, str, bool] | None:
    text = match["digits"]
    if text in _BARE_SCALE:
        value, scale = _BARE_SCALE[text]
        return value, scale, True
    try:
        read = number.read_numeral(text)
    except NumberSyntaxError:
        return None
    scale = {10**4: "万", 10**8: "亿", 10**12: "万亿"}.get(read.scale, "")
    return format_value(read.coefficient if scale else read.value), scale, False


def unit_at(text: str, position: int) -> tuple[str, int, bool]:
    """Return the unit that begins at a position, its end, and whether it counts things; ("", position, False) where none does."""
    unit, end, counted = _one_unit(text, position)
    if not unit:
        to_one = _TO_ONE.match(text, position)
        if to_one and not re.search(r"[：\d.][\d.]*：[\d.]+$", text[max(0, position - 16) : position]):
            return "", to_one.end(), False  # 1.7：1 is a multiple, written without a unit
        rate = _RATE.match(text, position) or _RATIO.match(text, position)
        return (rate[0].replace("：", ":"), rate.end(), False) if rate else ("", position, False)
    per = _PER.match(text, end)
    if per:
        below, below_end, _ = _one_unit(text, per.end(), per=True)
        if below and (per[0] != "每" or not counted or below in _PER_UNITS):
            unit, end, counted = text[position:below_end].replace("个百分点", "百分点"), below_end, False
    bracket = _BRACKETED.match(text, end)
    if bracket and counted and len(unit) <= 2:
        end = bracket.end()
    return unit, end, counted


def _one_unit(text: str, position: int, *, per: bool = False) -> tuple[str, int, bool]:
    latin = _LATIN.match(text, position)
    if latin:
        word = latin[0]
        if default_units().find(word) is not None or (per and word):
            return word, latin.end(), False
        if word[0] in "%‰℃㎡":
            return word[0], position + 1, False
        return "", position, False
    noun = _noun_unit(text, position)
    if noun:
        return noun
    known, longest = _spellings()
    for length in range(min(longest, len(text) - position), 0, -1):
        word = text[position : position + length]
        if word in known or (per and word in _PER_UNITS):
            like = _ALIKE.match(text, position)
            if length == 1 and like:
                return like[0], like.end(), True
            return word, position + length, known.get(word, False)
    like = _ALIKE.match(text, position)
    return (like[0], like.end(), True) if like else ("", position, False)


def _noun_unit(text: str, position: int) -> tuple[str, int, bool] | None:
    """个百分点, and nouns that count only where no noun follows them: 达到3万学时."""
    for prefixed in _PREFIXED:
        if text.startswith("个" + prefixed, position):
            word = "个工作日" if prefixed == "工作日" else prefixed
            return word, position + 1 + len(prefixed), False
    for noun in _NOUNS:
        if text.startswith(noun, position) and _ENDED.match(text, position + len(noun)):
            return noun, position + len(noun), False
    return None


def format_value(value: Fraction) -> str:
    """Return an exact decimal string, or a fraction where no decimal is exact."""
    if value.denominator == 1:
        return str(value.numerator)
    digits = 0
    scaled = value
    while scaled.denominator != 1 and digits < 12:
        scaled, digits = scaled * 10, digits + 1
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    text = str(abs(scaled.numerator)).rjust(digits + 1, "0")
    return ("-" if value < 0 else "") + f"{text[:-digits]}.{text[-digits:]}"
