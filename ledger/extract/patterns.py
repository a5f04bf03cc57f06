"""Find the statements of a goal that are no plain figure: ranks, tiers, coverage, zeros, streaks, benchmarks, judgements.

Each rule is one function from a source to mentions.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

from ledger.core.quantity import number
from ledger.core.quantity.model import NumberSyntaxError
from ledger.extract import figures
from ledger.extract.model import Figure, Mention, MentionForm, Op
from ledger.extract.source import SourceText
from ledger.extract.words import BENCHMARKS, COMPARE_VERBS, MEASURES, alternation, split_words

_N = r"(\d{1,4}|[一二三四五六七八九十百]{1,4})"
_NUMBER = _N[1:-1]
_STANDINGS = split_words(
    "稳居 位居 位列 居 列 保持 进入 跻身 争 拼 排名 位次 名列 全省 全国 全市 全区 同类 省内 国内 地区 系统 城市 达到 力争 确保 冲刺 冲 "
    "挺进 排 名次 考核 保 中 评比"
)
_STANDING = re.compile(alternation(_STANDINGS))
_END = r"(?=[，。；、）”]|$)"
_PLACE = re.compile(rf"第{_N}(位|名)?(?=[，。；、）”□]|$|以内|之内|的?位置|及以上|以上|和|或)")
_FRONT = re.compile(rf"前{_N}(位|名|强)?(?=[，。；、）”]|$|行列|以内|之内|和|或|位次)")
_FRONT_SHARE = re.compile(r"(?:全省|全国|全市|排名|位居|进入|位列|保持|列)前(?=[\d百千三]\S{0,6})")
_LISTING = re.compile(
    rf"(?:进入|跻身|入围|冲刺|挺进|迈入|晋级|冲进)(?:全国|全省|世界|中国|国家)?[^，。；、\d百]{{0,8}}?{_N}强{_END}"
)
_COUNTED_IN = re.compile(
    r"\d[家个名所项件支](?:以上|左右)?[^，。；、\d]{0,10}?(?:进入|跻身|入围|入选|列入|挺进|迈入)[^，。；、]{0,10}$"
)
_HEAD = re.compile(r"首位|榜首|(?:排名|位居|位列|列)(?:全省|全国|全市)?首")
_VAGUE = re.compile(r"翻(?:一|两|了一)?番|实现倍增|(?:两|二|双)位数(?:以上)?增长")
_RISE = re.compile(
    r"(?:提升|前移|上升|进位|前进|晋位|提高|提前|晋升|赶超|跃升|进步)(?:至少|不少于|超过)?"
    rf"{_N}(?:个)?(?:位次|名次|位|名)(以上)?"
)
_AIM = r"(?:争创|争|冲刺|冲|力争|力拼|拼|夺|超|攻)"
_TIER_UNIT = r"[^\d，。；、争冲拼”一二三四五六七八九十]{0,4}"
_TIER = re.compile(
    rf"保(?P<a>第一|{_NUMBER})(?P<ua>{_TIER_UNIT})[、，]?{_AIM}(?P<b>第一|{_NUMBER})(?P<ub>{_TIER_UNIT})"
    rf"(?:[、，]?{_AIM}(?P<c>第一|{_NUMBER})(?P<uc>[^，。；、”]{{0,4}}))?"
)
_AMOUNT_TIER = re.compile(r"(?<![确])保(?=\d)")
_AIM_NEXT = re.compile(rf"[、，]?{_AIM}(?:取|达到)?")
_COVER = re.compile(
    rf"(?:实现|达到)?(?:全员|全域|全面|全部|基本|动态)?全覆盖{_END}|(?:全员|全域|全部|百分之百)覆盖{_END}"
)
_NONE_OF = split_words(
    "突破 事故 发生 死亡 投诉 增长 差错 新增 上访 非访 伤亡 感染 失误 违规 积压 遗漏 拖欠 排放 舆情 发案 进京 延误 延时 跑动 火灾 "
    "案件 疫情 重复访 起"
)
_ZERO = re.compile(
    rf"零(?:的)?(?:{alternation(_NONE_OF)})?(?=”)|零的?突破|人员零伤亡|零(?:事故|发生|伤亡|新增|死亡|增长|投诉|发案|非访|差错)|零(?:{alternation(_NONE_OF)})(?=[，、。；]|$)"
    rf"|(?<=[^\d])为零{_END}"
)
_STREAK = re.compile(rf"{_N}连(?:优|冠|胜|增|创|降|升|A|先|丰|涨|进|快|好|红|第一|获|评|霸)")
_BENCH_STARTS = split_words(
    "全省 全国 全市 省 国 市 地区 GDP 同期 同类 各项 全部 上年 去年 城镇 其他 周边 行业 国家 控制 外贸 中部 东部 西部 年度 前 规上 基准 "
    "预期 省定 国定 农村 人均 当年 固定 一般 常住 经济 居民"
)
_PLAIN = r"[^\d，。；、]"
_BENCH = re.compile(
    rf"(?:{alternation(COMPARE_VERBS)})(?={_PLAIN})"
    rf"(?P<bench>(?:{alternation(_BENCH_STARTS)}){_PLAIN}{{0,14}}|{_PLAIN}{{0,10}}(?:{alternation(BENCHMARKS)}){_PLAIN}{{0,4}})"
    r"(?=[，。；、）\d一二三四五六七八九两]|$)"
)
_HIGHER_BY = re.compile(
    rf"比(?P<bench>(?:全省|全国|全市|省|上级){_PLAIN}{{0,6}}?)[高快低](?:出)?(?=\d|[一二两三四五六七八九]个?百分点)"
)
_STANDS = split_words(
    "走在 位居 居 位列 保持 进入 处于 名列 继续保持 排名 领跑 争取 在 跻身 达到 稳居 力争 列"
)
_AMONG = split_words("全省 全国 全市 省内 国内 全系统 同类 地区 城市 系统 行业 设区市 中 各市 居 区域")
_FORWARD = split_words(
    "前列 前茅 第一方阵 第1方阵 第一梯队 第1梯队 第一档 第一档次 先进行列 先进水平 领先水平 前位 上游 低位 中上游"
)
_MOVES = split_words(
    "稳步提升 逐年提升 逐年下降 逐年提高 有所提升 有所下降 有所提高 明显提升 明显下降 明显改善 明显好转 保持领先 进位"
)
_JUDGED = re.compile(
    rf"(?:{alternation(_STANDS)})?(?:在|于)?(?:{alternation(_AMONG)})*(?:{alternation(_FORWARD)}){_END}"
    r"|稳中有升|稳中有进|稳中有降|只减不增|只降不升|进位争先|争先进位|力争领跑"
    rf"|(?:{alternation(_MOVES)}|领跑全[省国市]|排头兵){_END}"
    rf"|(?:实现|取得)(?:新的?|重大|较大|实质性|历史性)?突破{_END}"
)


def _value(text: str) -> str | None:
    if text == "第一":
        return "1"
    try:
        return figures.format_value(number.read_numeral(text).value)
    except NumberSyntaxError:
        return None


def tiers(source: SourceText) -> Iterator[Mention]:
    """保6争8; 保三争二拼第一; 保8亿美元、争10亿美元: the goal and its stretch tiers."""
    for match in _TIER.finditer(source.clean):
        values = [_value(match[k]) for k in "abc" if match[k]]
        if any(v is None for v in values):
            continue
        numbers = [v for v in values if v is not None]
        unit = _tier_unit(match)
        place = "第" in match[0] or "位" in unit or "名" in unit or _descending(numbers)
        if unit is None or (not place and unit and not figures.unit_at(unit, 0)[0]):
            continue
        core = (match.start("a"), match.end())
        form: MentionForm = "rank" if place else "tier"
        unit = "位" if place else unit
        yield Mention(
            match.start(),
            match.end(),
            form,
            core,
            "reach",
            numbers[0],
            numbers[1],
            unit,
            tuple(numbers[1:]),
            True,
        )
    yield from _amount_tiers(source)


def _tier_unit(match: re.Match[str]) -> str:
    for key in ("uc", "ub", "ua"):
        if match[key]:
            return match[key]
    return ""


def _descending(numbers: list[str]) -> bool:
    return all(int(a) > int(b) for a, b in itertools.pairwise(numbers))


def _amount_tiers(source: SourceText) -> Iterator[Mention]:
    for match in _AMOUNT_TIER.finditer(source.clean):
        low = figures.at(source.clean, match.end())
        if low is None:
            continue
        joint = _AIM_NEXT.match(source.clean, low.end)
        high = figures.at(source.clean, joint.end()) if joint and joint.end() < len(source.clean) else None
        if high is None or (low.unit and high.unit != low.unit):
            continue
        if not high.unit and not low.unit:
            continue
        values, end = [high.value], high.end
        while (more := _next_tier(source.clean, end, high.unit)) is not None:
            values.append(more.value)
            end = more.end
        yield Mention(
            match.start(), end, "tier", (low.start, end), "reach", low.value, values[0], high.unit, tuple(values), True,
            counted=high.counted,
        )  # fmt: skip


def _admits(source: SourceText, start: int) -> bool:
    """4家进入全国前30强: the place only says what is counted."""
    return bool(_COUNTED_IN.search(source.clean, max(0, start - 30), start + 2))


def _next_tier(text: str, end: int, unit: str) -> Figure | None:
    joint = _AIM_NEXT.match(text, end)
    figure = figures.at(text, joint.end()) if joint and joint.end() < len(text) else None
    return figure if figure is not None and figure.unit == unit else None


def places(source: SourceText) -> Iterator[Mention]:
    """全省第一, 前三, 前50强, 居首位: a place to hold."""
    for pattern in (_PLACE, _FRONT):
        for match in pattern.finditer(source.clean):
            value = _value(match[1])
            before = source.clean[max(0, match.start() - 8) : match.start()]
            if (
                value is None
                or _admits(source, match.start())
                or not (_STANDING.search(before) or match.start() == 0)
            ):
                continue
            yield Mention(
                match.start(), match.end(), "rank", match.span(), "reach", value, unit="位", bounded=True
            )
    for match in _FRONT_SHARE.finditer(source.clean):
        share = figures.at(source.clean, match.end())
        if share is not None and share.ratio:
            yield Mention(
                match.start(),
                share.end,
                "rank",
                (share.start, share.end),
                "reach",
                share.value,
                unit=share.unit,
                bounded=True,
            )
    for match in _LISTING.finditer(source.clean):
        value = _value("100" if match[1] == "百" else match[1])
        if value is not None and not _admits(source, match.start()):
            yield Mention(
                match.start(), match.end(), "rank", match.span(1), "reach", value, unit="位", bounded=True
            )
    for match in _HEAD.finditer(source.clean):
        yield Mention(match.start(), match.end(), "rank", match.span(), "reach", "1", unit="位", bounded=True)


def rises(source: SourceText) -> Iterator[Mention]:
    """排名提升2位: places to gain."""
    for match in _RISE.finditer(source.masked):
        value = _value(match[1])
        if value is not None:
            op: Op = "at_least" if match[2] else "reach"
            yield Mention(
                match.start(), match.end(), "rise", match.span(1), op, value, unit="位", bounded=True
            )


def coverage(source: SourceText) -> Iterator[Mention]:
    """全覆盖 is 100 %."""
    for match in _COVER.finditer(source.clean):
        if (
            source.within(source.quoted, match.start(), match.end())
            and source.clean[match.start() - 1] != "“"
        ):
            continue  # “两个全覆盖” is the name of a campaign
        yield Mention(
            match.start(), match.end(), "cover", match.span(), "reach", "100", unit="%", bounded=True
        )


def zeros(source: SourceText) -> Iterator[Mention]:
    """零突破, 零事故, 事故为零: a step or a state to prove, not a figure to add up."""
    for match in _ZERO.finditer(source.clean):
        yield Mention(match.start(), match.end(), "zero", match.span(), word=match[0])


def streaks(source: SourceText) -> Iterator[Mention]:
    """六连优, 九连冠."""
    for match in _STREAK.finditer(source.clean):
        yield Mention(match.start(), match.end(), "streak", match.span(), word=match[0])


def benchmarks(source: SourceText) -> Iterator[Mention]:
    """高于全省平均, 快于全部贷款增速; with a margin where one follows (0.5个百分点)."""
    for pattern in (_BENCH, _HIGHER_BY):
        for match in pattern.finditer(source.masked):
            margin = figures.at(source.masked, match.end()) if match.end() < len(source.masked) else None
            if margin is not None and match["bench"].endswith("的"):  # 不低于预算的40%: a share of it
                continue
            if margin is None:
                yield Mention(match.start(), match.end(), "compare", match.span(), word=match["bench"])
            elif margin.unit in {"百分点", "%"}:
                above = source.masked.startswith("以上", margin.end)
                yield Mention(
                    match.start(), margin.end + 2 * above, "compare", (margin.start, margin.end), "at_least" if above else "reach",
                    margin.value, unit=margin.unit, bounded=True, word=match["bench"],
                )  # fmt: skip


def vague(source: SourceText) -> Iterator[Mention]:
    """翻一番, 两位数增长: a figure that the text leaves open."""
    for match in _VAGUE.finditer(source.masked):
        yield Mention(match.start(), match.end(), "vague", match.span(), word=match[0])


def judgements(source: SourceText) -> Iterator[Mention]:
    """走在全省前列, 稳中有升: nothing countable, so a person has to judge it."""
    for match in _JUDGED.finditer(source.masked):
        yield Mention(match.start(), match.end(), "judgement", match.span(), word=match[0])


RULES: tuple[Callable[[SourceText], Iterator[Mention]], ...] = (
    tiers, rises, places, benchmarks, coverage, streaks, zeros, vague, judgements,
)  # fmt: skip


def find(source: SourceText) -> list[Mention]:
    """Return all such mentions; where two overlap the earlier rule wins."""
    taken: list[Mention] = []
    for rule in RULES:
        for mention in rule(source):
            if source.within(source.titled, mention.start, mention.end):
                continue
            if not any(mention.start < other.end and other.start < mention.end for other in taken):
                taken.append(mention)
    return sorted(taken, key=lambda m: m.start)


def measure_for(noun: str) -> str:
    """Return the measure word of the noun a name ends with; empty where the language leaves it open."""
    for length in range(min(4, len(noun)), 0, -1):
        if noun[-length:] in MEASURES:
            return MEASURES[noun[-length:]]
    return ""
