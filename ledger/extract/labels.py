"""Figures that only name or date something: titles, years, ordinals, glued names, idioms; one reason per rule."""

from __future__ import annotations

import re

from ledger.extract.figure_context import ANY_VERB, COUNT_VERB, PREDICATE, FigureContext
from ledger.extract.words import alternation, split_words

_ORDINAL_UNITS = split_words("级 期 版 星 线 路 等次 届 档 环 圈 季 周年 强 时 年度")
_RANKED = split_words("级 线 版 星")
_NAMED_BEHIND = re.compile(r"号|版|代|型|楼|强|A|标段|线|级|区(?!域)|单元")
_LETTER = re.compile(r"[A-Za-zα-ωΑ-Ω]")
_CHINESE_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}年")
_DAY = re.compile(r"\d{1,2}[日号](?!线|楼|机|厂|院)")
_NUMBERED_NOUNS = split_words(
    "热线 平台 接处警 接警 急救 指挥 报警 投诉 举报 系统 工程 行动 计划 体系 模式 专班 机制 产业 战略 党建 工作法 条例 号"
)
_NUMBERED = re.compile(alternation(_NUMBERED_NOUNS))
_BUILT = re.compile(
    rf"(?:{alternation(split_words('新建 新增 新设 建成 引进 招引 创成 举办 新开工 竣工 改造 新引进 新开通 开通 新购 创建 建设'))})(?:了)?$"
)
_UNITS_OF = re.compile(r"单位：[^\d，。；]*$")
_VAGUE_ONE = split_words("个 批 项 种 次 类 套 支 条 级 流 体")
_MONEY = re.compile(r"元|吨|亩|户|人|平方米|斤|公里|家|件|箱")


def titled(place: FigureContext) -> str | None:
    """《…》 and quoted names: the figure is part of a title or a name."""
    if place.source.within(place.source.titled, place.figure.start, place.figure.end):
        return "文件名称中的数字"
    return (
        "名称中的数字"
        if place.source.within(place.source.quoted, place.figure.start, place.figure.end)
        else None
    )


def dated(place: FigureContext) -> str | None:
    """2023年, 6月底前, 15日, 二〇二五年: a time, not an amount."""
    text, figure = place.source.masked, place.figure
    digits = text[figure.start : figure.end].rstrip("年月日号季度天")
    full_year = digits.isdigit() and len(digits) == 4 and text.startswith("年", figure.start + 4)
    if _CHINESE_YEAR.match(text, figure.start) or full_year:
        return "年份"
    if re.fullmatch(r"20\d\d", text[figure.start : figure.end]) and re.match(
        r"[-至~到]20\d\d", text[figure.end : figure.end + 6]
    ):
        return "年份"
    after = text[figure.start : figure.start + 6]
    if re.match(r"\d{1,2}月(?!度)", after) or (figure.unit in {"", "日", "号"} and _DAY.match(after)):
        return "日期"
    if re.match(r"[\d一二三四]{1,2}个?季度", after) and not re.match(r".{0,3}个季度", after):
        return "日期"
    return "时刻" if figure.unit.startswith("时") or re.match(r"\d{1,2}[:：]\d\d", after) else None


def ordinal(place: FigureContext) -> str | None:
    """第5次, 二期, 4号线, 三星级, 8.0版, 一是: a place in a row."""
    text, figure = place.source.masked, place.figure
    before, after = text[max(0, figure.start - 1) : figure.start], text[figure.end : figure.end + 1]
    if before == "第" or (before == "前" and figure.unit in {"名", "位", "强"}):
        return "序数"
    if figure.unit.startswith(("万", "亿")) and figure.unit.endswith("级"):
        return "规模档次"
    measured = "." in figure.value or place.bound_after in {"以内", "以下"}
    if figure.unit == "级" and measured and PREDICATE.search(place.before):  # 平均达到4.2级, 控制在3级以内
        return None
    if figure.unit in _RANKED or (
        figure.unit not in _ORDINAL_UNITS and _NAMED_BEHIND.match(text, figure.end)
    ):
        return "榜单名" if after == "强" else "序号或等级"
    if figure.unit in _ORDINAL_UNITS and (
        figure.chinese or (place.tail and not COUNT_VERB.search(place.before))
    ):
        return "序号或等级"
    if before == "新" and text[figure.start : figure.end].startswith("一轮"):
        return "惯用语"
    first = figure.start == 0 or text[figure.start - 1] in "。；"
    opened = first or text[figure.start - 1] in "，："
    return "序号" if (first and after in {".", "、"}) or (opened and after == "是") else None


def glued(place: FigureContext) -> str | None:
    """PM2.5, 5G, 4A, 1+4, 12345热线: a name spelled with figures."""
    text, figure = place.source.masked, place.figure
    before, after = text[max(0, figure.start - 1) : figure.start], text[figure.end : figure.end + 1]
    if place.bound_before == "+":
        return None
    hyphened = before == "-" and _LETTER.match(text[max(0, figure.start - 2) : figure.start - 1])
    if before and (_LETTER.match(before) or before == "+" or hyphened):
        return "名称中的数字"
    if not figure.unit and after and (_LETTER.match(after) or after == "+"):
        return "名称中的数字"
    if re.match(r"\+[\dNX]", text[figure.end : figure.end + 3]):
        return "名称中的数字"
    plain = figure.unit in {"", "千", "万", "百"} and not figure.chinese
    return "名称中的数字" if plain and _NUMBERED.match(text, figure.end) else None


def numbered(place: FigureContext) -> str | None:
    """007, 110警情: figures that only name something."""
    figure, text = place.figure, place.source.masked
    if re.match(r"0\d", text[figure.start : figure.end]):
        return "编号"
    if figure.unit or not place.tail or place.bounded or figure.chinese:
        return None
    return None if COUNT_VERB.search(place.before) or PREDICATE.search(place.before) else "名称中的数字"


def procedural(place: FigureContext) -> str | None:
    """扣2分, 连续2次滞后的, 共印150份, 2号楼316室: how things are graded, printed or found, not what shall be reached."""
    unit, before = place.figure.unit, place.before
    if unit == "分" and re.search(r"(?:扣|扣减|扣除|加|计|得|减|再加|再扣)$", before):
        return "计分规则"
    if re.search(r"每(?:高|低|多|少|增加|减少|超|差|提高|降低|增|减)(?:出|于|过)?$", before) and re.search(
        r"[扣加减得]", place.source.masked[place.figure.end : place.figure.end + 12]
    ):
        return "计分规则"
    if (
        unit in {"次", "个月", "季度"}
        and re.search(r"连续$", before)
        and ("的" in place.tail or not place.tail)
    ):
        return "计分规则"
    if unit == "份" and re.search(r"(?:^|共)印$", before):
        return "印发份数"
    return "编号" if unit == "室" and re.search(r"[楼号厦座层栋]$", before) else None


def per_basis(place: FigureContext) -> str | None:
    """每万人, 万元GDP, 千人口: what an indicator is taken per."""
    text, figure = place.source.masked, place.figure
    if text[max(0, figure.start - 1) : figure.start] == "每":
        return "指标口径"
    if figure.bare and _UNITS_OF.search(text[max(0, figure.start - 30) : figure.start]):
        return "计量单位"
    return (
        "指标口径"
        if figure.bare and place.tail and not place.bounded and not PREDICATE.search(place.before)
        else None
    )


def idiom(place: FigureContext) -> str | None:
    """五大, 三年行动, 一体, 两库: Chinese numerals that count nothing to be reached."""
    figure = place.figure
    if not figure.chinese or figure.unit in {"%", "‰", "成", "百分点", "倍"} or "/" in figure.value:
        return None
    if figure.bare:
        if figure.unit in {"万", "千"} and not place.bounded:
            return "惯用语"
        return None if _MONEY.search(figure.unit) or place.bounded else "规模档次"
    if figure.more or _counts_many(place) or (figure.counted and _counts_few(place)):
        return None
    if PREDICATE.search(place.before) and figure.unit and not place.tail:
        return None
    is_one = place.source.masked[figure.start] == "一"
    return None if figure.counted and place.bounded and not place.tail and not is_one else "惯用语或固定名称"


def _counts_many(place: FigureContext) -> bool:
    """三百二十户: two or more characters and a unit, where a verb, a bound or the end of the words makes it a count."""
    figure = place.figure
    words = place.source.masked[figure.start : figure.end]
    if (
        len(words) - len(figure.unit) < 2
        or words[0] == "十"
        or not figure.unit
        or place.tail.startswith("大")
    ):
        return False
    return bool(ANY_VERB.search(place.before)) or place.bounded or not place.tail


def _counts_few(place: FigureContext) -> bool:
    """新建两座桥: a verb of building directly in front, and more than a mere 一个."""
    figure = place.figure
    mere = place.source.masked[figure.start] == "一" and figure.unit in _VAGUE_ONE
    return bool(_BUILT.search(place.before)) and not mere
