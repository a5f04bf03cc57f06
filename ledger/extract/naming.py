"""Read a lead: strip times, hedges and predicates, and keep the noun phrase that names the target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ledger.extract.model import Item
from ledger.extract.source import SourceText
from ledger.extract.verbs import VERB, is_bare_verb, verb_of
from ledger.extract.words import (
    BOUND_BEFORE,
    COUNT_VERBS,
    FALL_VERBS,
    HEDGES,
    LEVEL_VERBS,
    RISE_VERBS,
    SCOPE,
    TIME,
    alternation,
    split_words,
)

_OF_WHICH = re.compile(r"其中(?:[：:]|，)?|含(?=[^□])")
_OR = re.compile(r"(?:或者|或)")
_HEDGE = re.compile(rf"(?:{alternation(HEDGES)})")
_OPENERS = split_words(
    "其中 并且 且 同时 此外 另外 或者 以及 确保 务必 坚决 切实 实现 推动 促进 预计 安排 累计 共计 总计 合计"
)
# Openers that are also the first character of a noun: 和美乡村, 共享单车, 并网容量, 使用面积.
_OPENING = (
    r"和(?![谐美平解])|共(?![享同建青和产治富])|并(?![网购联发])|使(?!用)|与(?!会)|或|及(?!时|格)|计划(?!生育)|保证(?!金)"
    r"|将(?!军)|把(?![关握手脉])"
)
_ADVERBS = split_words(
    "基本 全面 继续 持续 加快 进一步 稳步 扎实 深入 大力 着力 全力 高质量 高水平 高标准 超额 如期 率先 成功 重点 计划 再 再次 "
    "全面超额 优质 牵头 组织"
)
_LEFT = re.compile(
    rf"(?:[，、：；（）“”\"\s]|{TIME}|{alternation(HEDGES)}|{alternation(_OPENERS)}"
    rf"|{_OPENING}|(?:{alternation(_ADVERBS)})(?=(?:{VERB}|实现))|(?:{alternation(SCOPE)})(?=[^，]{{2}}))"
)
_LISTED = re.compile(r"^(?:[①-⑳]|一是|二是|三是|四是|五是|六是|七是|[（(]?[一二三四五六七八九十\d]+[）).、])")
_PREDICATES = alternation(LEVEL_VERBS | RISE_VERBS | FALL_VERBS | set(map(re.escape, BOUND_BEFORE)))
# One-character predicates are also the ends of words: 行为, 新增, 发达; the characters in front that make such a word.
_SINGLE = {
    "为": "行作成人认较因", "达": "发表到", "增": "新净扩", "破": "侦", "近": "附", "约": "节条合签履解违公集预特邀契制", "提升": "造建",
}  # fmt: skip

_SEVERAL = re.compile(r"(?:实现|达到|做到)?[两二三四五六七八]个$")  # …率三个100%

_NOUNS_TOO = split_words("提升 改善 提高")
_FALL_FIRST = re.compile(rf"(?:{alternation(FALL_VERBS - {'降', '减'})})")
_SHARES = split_words("% ‰ 成")
_WHOLE = re.compile(r"(?P<bound>不低于|不少于|不高于|不超过|超过|低于)[^，、；。：\d]{2,14}的$")
_SHARED = re.compile(r"(?:分别|依次|(?<![人户亩年月日平])均|各自|各|都|双双|同步)$")
_SINCE = (
    r"(?:上年|去年|上一年|同期|前[一二三四五]年|年初|20\d\d年)(?:同期|平均数?|平均值|均值|度|底|末)?(?:分别)?"
)
_FILLERS = split_words(
    "同口径 按同口径 按可比口径 可比口径 按可比价 可比价 每人每月 每人每年 "
    "每月 每人 人均每月 全年 年内 年均 每年 累计 总数 预计 全部 基本 要 需 再 均值 分别 共 力争 争取 确保 实现 努力 总体 "
    '同比 环比 统一 稳步 持续 平均 在 到 至 的 ： : “ " 、 ，'
)
_RIGHT_EXTRA = re.compile(
    rf"(?:(?:较|比|与|同)?{_SINCE}(?:相比|比较)?|(?<=分别)完成|较疫情前|{alternation(_FILLERS)})$"
)
_STANDING = re.compile(
    r"(?:稳居|位居|位列|排在|居|列|保持|进入|跻身|名列|处于|达到|全省|全国|全市|省内|国内|全系统|同类城市|走在|继续|持续|冲刺|挺进|冲进|力争|确保|进位到|进至|在)$"
)
_GENERICS = split_words(
    "目标值 目标 年度目标 任务 计划 占 全省排名 全国排名 排名 位次 名次 占比 比重 总量 "
    "总数 总额 增速 增幅 降幅 涨幅 减幅 增长率 份额 规模 数量 利用率 覆盖率 达标率 完成率 "
    "比例 合格率"
)
_PAST_END = re.compile(r"(?<=.{2})(?:去年|上年|上一年|往年|去|已)$")
_PERIOD_END = re.compile(rf"(?<=.{{2}})(?:{TIME})$")
_GOAL_END = re.compile(r"(?<=.{2})(?:年度|全年|今年)?(?:目标任务|目标值|计划数|任务数|目标|任务|指标值)$")

_GENERIC = re.compile(
    rf"占.{{1,12}}|其?(?:{alternation(_GENERICS)})|在?(?:全[省国市区县])?(?:同类地区|同类城市)?(?:综合)?(?:排名|排位|位次|名次)"
    r"|(?:年度|全年|计划)(?:目标|任务)(?:值|数)?|(?:预期|计划)?目标(?:增速|增幅|增长)?|(?:计划|预期)(?:增速|增幅|增长)"
)


def describe(source: SourceText, item: Item) -> None:
    """Fill hedge, of_which, alternative, shared, predicate, verb and body from the lead."""
    start, end = item.lead
    text = source.clean
    lead = text[start:end]
    item.of_which = bool(_OF_WHICH.match(lead.lstrip("（，、"))) or "其中" in lead[:6]
    item.alternative = item.separator in {"或", "或者"} or bool(_OR.match(lead))
    marked = _OF_WHICH.match(text[start:end])
    if marked:
        start += marked.end()
    start, item.hedge = _strip_left(text, start, end)
    end = _share_of(item, text, start, end)
    several = _SEVERAL.search(text, start, end) if item.mention.unit == "%" else None
    end = several.start() if several else end
    units = {bracket.end: bracket.start for bracket in source.units}
    end, item.predicate, item.shared = _strip_right(text, start, end, item.mention.form, units)
    item.shared = item.shared or ("均" if several else "")
    item.predicate = item.predicate or _passing(item, text[start:end], text[end : item.lead[1]])
    start, hedge = _strip_left(text, start, end)
    item.hedge_leads = bool(item.hedge or hedge)
    item.hedge = item.hedge or hedge or _inner_hedge(text[item.lead[0] : item.lead[1]])
    item.body = _balanced(text[start:end].strip("，、：；"))
    if item.predicate in _NOUNS_TOO and item.mention.counted and verb_of(item.body):
        item.body, item.predicate = (
            item.body + item.predicate,
            "",
        )  # 完成环境改善4000户: the work, not a change
    if item.body.count("“") != item.body.count("”"):
        item.body = item.body.strip("“”")
    item.verb = verb_of(item.body)
    item.quote_from = start
    based = re.search(r"(?:由|从)\d[^，、]*$", item.body)
    if based and based.start() >= 2:
        item.body = item.body[: based.start()]
    each = re.fullmatch(rf"(?P<who>[^，]+(?:、|和|与)[^，]+?)各自?(?P<what>(?:{VERB}).+)", item.body)
    if each:
        item.shared = "各"
        item.parts = [who + each["what"] for who in re.split(r"、|和|与", each["who"])]


def _share_of(item: Item, text: str, start: int, end: int) -> int:
    """不低于预算总额的40%: the bound and the whole in front of a share; returns where the name ends."""
    mention = item.mention
    shares = mention.unit in _SHARES or mention.unit == "倍"
    whole = _WHOLE.search(text, start, end) if mention.form == "figure" and shares else None
    if whole is None or whole.start() - start < 2:
        return end
    if mention.op == "reach":
        item.mention = replace(mention, op=BOUND_BEFORE[whole["bound"]], bounded=True)  # type: ignore[arg-type]
    return whole.start()


def _passing(item: Item, body: str, stripped: str) -> str:
    """Return the predicate that fillers hide: 累计突破1万家, 压缩办理时限至3天, 面积在27万亩以上."""
    mention = item.mention
    once = (mention.unit or "").endswith("次")
    if stripped.startswith("累计") and mention.word and mention.counted and not once:
        return "累计达到"
    if stripped in {"至", "到"} and mention.form == "figure":
        return "降到" if _FALL_FIRST.match(body) else "提高到"
    if stripped == "在" and mention.post and not mention.counted:
        return "保持在"
    return ""


def _balanced(body: str) -> str:
    """Without a bracket that opens or closes outside of the body."""
    if body.count("（") < body.count("）"):
        body = body.lstrip("）") if body.startswith("）") else body.rpartition("）")[2] or body
    if body.count("（") > body.count("）"):
        body = body.rpartition("（")[2] or body
    return body


def _inner_hedge(lead: str) -> str | None:
    match = re.search(r"全力争取|力争|争取(?=[^，]{0,6}(?:达|实现|完成|超|突破))|争创|争当", lead)
    return match[0] if match else None


def _strip_left(text: str, start: int, end: int) -> tuple[int, str | None]:
    hedge = None
    match = _LISTED.match(text[start:end])
    if match:
        start += match.end()
    while start < end:
        match = _LEFT.match(text, start, end)
        if not match or match.end() == start:
            break
        if text[start : match.end()] == "“":  # an opened quotation mark belongs to the name
            break
        if _HEDGE.fullmatch(match[0]):
            hedge = hedge or match[0]
        start = match.end()
    return start, hedge


def _strip_right(
    text: str, start: int, end: int, form: str = "figure", units: Mapping[int, int] | None = None
) -> tuple[int, str, str]:
    """Return where the name ends, and the predicate and the sharing word behind it; `units` maps ends of unit brackets."""
    predicate, shared = "", ""
    while start < end:
        if (
            units
            and (bracket := units.get(end, units.get(end - 1) if text[end - 1] == "：" else None)) is not None
        ):
            end = bracket
            continue
        part = text[start:end]
        standing = _STANDING.search(part) if form in {"rank", "judgement", "compare"} else None
        if standing:
            end = start + standing.start()
            continue
        match = _SHARED.search(part)
        if match:
            shared = match[0]
        else:
            if part in COUNT_VERBS and part not in RISE_VERBS | FALL_VERBS | LEVEL_VERBS:
                break
            match = _predicate(part)
            if match:
                predicate = match[0] + predicate
            else:
                match = _RIGHT_EXTRA.search(part)
        if not match or match.start() == match.end():
            break
        end = start + match.start()
    return end, predicate, shared


def _predicate(part: str) -> re.Match[str] | None:
    match = re.search(rf"(?:{_PREDICATES})$", part)
    while match:
        word = match[0]
        previous = part[match.start() - 1 : match.start()]
        if not previous or previous not in _SINGLE.get(word, ""):
            return match
        return None
    return None


def subject_of(clause: str) -> str:
    """Return the noun phrase of a clause, without its figure, predicate and times: 旅游收入去年增长5% → 旅游收入."""
    clause = re.sub(r"\d[\d.,]*\D{0,4}$", "", clause)
    start, _ = _strip_left(clause, 0, len(clause))
    end, _, _ = _strip_right(clause, start, len(clause))
    body = _PAST_END.sub("", clause[start:end])
    if body != clause[start:end]:
        end, _, _ = _strip_right(body, 0, len(body))
        body = body[:end]
    return body or clause[start:]


def trim_name(name: str) -> str:
    """Return a name without what only introduces its goal: 招商引资任务 → 招商引资, 旅游收入去年 → 旅游收入."""
    name = _PERIOD_END.sub("", _PAST_END.sub("", name))
    shorter = _GOAL_END.sub("", name)
    return shorter if len(shorter) >= 2 and not is_bare_verb(shorter) else name


def is_generic(body: str) -> bool:
    """Return whether a body needs the name before it to be understood: 占比, 增速, 占GDP比重."""
    return bool(_GENERIC.fullmatch(body))
