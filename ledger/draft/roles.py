"""Decide for each figure whether it states a goal or only describes something, and say why; must not know names or kinds.

The rules run in the order of `CONTEXT_RULES`; the first that speaks gives the reason. A figure no rule claims is a goal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ledger.draft.model import Figure, Mention
from ledger.draft.source import FILLER, Source
from ledger.draft.words import (
    BOUND_AFTER,
    BOUND_BEFORE,
    COUNT_VERBS,
    DONE_END,
    FALL_VERBS,
    LEVEL_VERBS,
    RISE_VERBS,
    alternation,
)

_BEFORE = re.compile(rf"(?:{alternation(map(re.escape, BOUND_BEFORE))})$")
_AFTER = re.compile(rf"(?:{alternation(map(re.escape, BOUND_AFTER))})")
_PREDICATE = re.compile(
    rf"(?:{alternation(LEVEL_VERBS | RISE_VERBS | FALL_VERBS)}|(?:不|至|最)?(?:少|多|低|高|大|小)于|[≤≥<>])(?:了|约|近)?$"
)
_CHANGE_GAP = re.compile(rf"[，、]?(?:同比|较上年|比上年|较去年)*(?:{alternation(RISE_VERBS | FALL_VERBS)}|其中|达到?|（|）)*$")
_COUNT_VERB = re.compile(rf"(?:{alternation(COUNT_VERBS)}|新（□+）建提升|建)(?:了|约|好)?$")
_NEW_VERB = re.compile(r"新增|新建|新开|新设|完成|实现|建成|引进|带动|惠及")
_ANY_VERB = re.compile(alternation(v for v in COUNT_VERBS if len(v) > 1))
_EFFORT = re.compile(
    r"(?:推动|推进|加速|加快|支持|抓好|聚焦|围绕|依托|针对|对|为|向|在|把|将|由|按照|根据|以|用好|做好|统筹|谋划推进|协调|联合|涉及|"
    r"构建|深化|紧盯|锚定|落实|坚持|健全|组织|发挥|从|经|指导|督促|助力|高标准|瞄准|扎实推进|加快推进|全力推进|重点推进|每|个|位列|及其|等|全部|全体|共有|现有|原有|剩余|其余)$"
)
_DONE = re.compile(alternation(d for d in DONE_END if d not in {"建设", "编制", "运行", "运营", "施工", "实施", "突破", "通过", "出让"}))
_TIME_UNITS = {"天", "年", "小时", "分钟", "秒", "个月", "周", "岁", "周岁", "工作日", "月", "日", "季度", "星期", "周年", "秒钟", "个周", "钟头", "学时", "课时"}
_TIME_HEAD = re.compile(r"(?:时间|时长|周期|寿命|期限|年龄|时限|提前量|天数|年限|日数|时数|时效|用时|间隔)$")
_ORDINAL_UNITS = {"级", "期", "版", "星", "线", "路", "等次", "届", "档", "环", "圈", "季", "周年", "强", "时", "年度"}
_LETTER = re.compile(r"[A-Za-zα-ωΑ-Ω]")
_STOP = "，、；：（）。！？"
_DATE_AFTER = re.compile(r"年(?!以上|以内|左右|内)|年度")
_CHINESE_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}年")


@dataclass(frozen=True, slots=True)
class Place:
    """A figure where it stands: the words around it, and the next target mention of its sentence."""

    source: Source
    figure: Figure
    before: str  # from the last stop to the figure, without its bound
    bound_before: str
    bound_after: str
    tail: str  # from the bound to the next stop
    gap: str | None  # from the bound to the next target mention; None where there is none in the sentence

    @property
    def bounded(self) -> bool:
        """Whether a bound stands before or behind."""
        return bool(self.bound_before or self.bound_after)

    @property
    def same_item(self) -> bool:
        """Whether the next target follows without any separator."""
        return self.gap is not None and not re.search(rf"[{_STOP}]", self.gap)


def place(source: Source, figure: Figure, following: int | None) -> Place:
    """The words around a figure; `following` is where the next target mention begins."""
    text = source.masked
    start = max((text.rfind(c, 0, figure.start) for c in _STOP), default=-1) + 1
    before = text[start : figure.start]
    bound = _BEFORE.search(before)
    bound_before = bound[0] if bound else ""
    if bound_before == "起" or (bound_before == "近" and before.endswith(("附近", "最近", "将近"))):
        bound_before = ""
    after = _AFTER.match(text, figure.end)
    bound_after = after[0] if after else ""
    if bound_after == "内" and text[figure.end + 1 : figure.end + 2] not in {"", "，", "。", "；", "、", "）"}:
        bound_after = ""
    end = figure.end + len(bound_after)
    stop = min((p for p in (text.find(c, end) for c in _STOP) if p >= 0), default=len(text))
    gap = text[end:following] if following is not None else None
    return Place(source, figure, before[: len(before) - len(bound_before)], bound_before, bound_after, text[end:stop], gap)


def titled(p: Place) -> str | None:
    """《…》 and quoted names: the figure is part of a title or a name."""
    if p.source.within(p.source.titled, p.figure.start, p.figure.end):
        return "文件名称中的数字"
    return "名称中的数字" if p.source.within(p.source.quoted, p.figure.start, p.figure.end) else None


def dated(p: Place) -> str | None:
    """2023年, 6月底前, 15日, 二〇二五年: a time, not an amount."""
    text, f = p.source.masked, p.figure
    digits = text[f.start : f.end].rstrip("年月日号季度天")
    if _CHINESE_YEAR.match(text, f.start) or (digits.isdigit() and len(digits) == 4 and text.startswith("年", f.start + 4)):
        return "年份"
    if re.match(r"(?:20\d\d)[-至—~到]?$", text[f.start : f.end]) and re.match(r"[-至~到]?20\d\d", text[f.end :]):
        return "年份"
    after = text[f.start : f.start + 6]
    if re.match(r"\d{1,2}月(?!度)", after) or (f.unit in {"", "日", "号"} and re.match(r"\d{1,2}[日号](?!线|楼|机|厂|院)", after)):
        return "日期"
    if re.match(r"[\d一二三四]{1,2}个?季度", after) or text[max(0, f.start - 1) : f.start] == "第" and "季度" in after:
        return "日期"
    if f.unit.startswith("时") or re.match(r"\d{1,2}[:：]\d\d", after):
        return "时刻"
    return None


def ordinal(p: Place) -> str | None:
    """第5次, 二期, 4号线, 三星级, 8.0版, 一是: a place in a row."""
    text, f = p.source.masked, p.figure
    before, after = text[max(0, f.start - 1) : f.start], text[f.end : f.end + 1]
    if before == "第":
        return "序数"
    if re.match(r"号|版|代|型|楼|连|[.．、]\d|级|线|星级|区(?!域)|单元|标段|强|A", text[f.end - len(f.unit) if f.unit in _ORDINAL_UNITS else f.end :]):
        if f.unit in {"级", "线", "版", "星"} or after in {"号", "版", "代", "型", "楼", "强", "A", "标", "线", "级", "区"}:
            return "榜单名" if after == "强" else "序号或等级"
    if f.unit in _ORDINAL_UNITS and (f.chinese or (p.tail and not _COUNT_VERB.search(p.before))):
        return "序号或等级"
    if before == "新" and text[f.start : f.end].startswith("一轮"):
        return "惯用语"
    start = text[: f.start]
    if (not start or start[-1] in "。；") and (after in {"是", ".", "、"} or (before == "（" and after == "）")):
        return "序号"
    return None


def glued(p: Place) -> str | None:
    """PM2.5, 5G, 4A, 1+4, 12345热线: a name spelled with figures."""
    text, f = p.source.masked, p.figure
    before, after = text[max(0, f.start - 1) : f.start], text[f.end : f.end + 1]
    if before and (_LETTER.match(before) or before in "+＋" or (before == "-" and _LETTER.match(text[max(0, f.start - 2) : f.start - 1]))):
        return "名称中的数字"
    if not f.unit and after and (_LETTER.match(after) or after in "+＋"):
        return "名称中的数字"
    if after in {"+", "＋"} and f.unit in {"", "个", "%"} and re.match(r"[+＋][\dNX]", text[f.end :]):
        return "名称中的数字"
    if f.unit in {"", "千", "万", "百"} and not f.chinese and re.match(r"热线|平台|接处警|接警|急救|指挥|报警|投诉|举报|系统|工程|行动|计划|体系|模式|专班|机制|产业|战略|党建|工作法|条例|号", text[f.end :]):
        return "名称中的数字"
    return None


def per_basis(p: Place) -> str | None:
    """每万人, 万元GDP, 千人口: what an indicator is taken per."""
    text, f = p.source.masked, p.figure
    if text[max(0, f.start - 1) : f.start] == "每":
        return "指标口径"
    if f.bare and p.tail and not p.bounded and not _PREDICATE.search(p.before):
        return "指标口径"
    return None


def idiom(p: Place) -> str | None:
    """五大, 三年行动, 一体, 两库: Chinese numerals that count nothing to be reached."""
    f = p.figure
    if not f.chinese or f.unit in {"%", "‰", "成", "百分点", "倍"} or "/" in f.value:
        return None
    words = p.source.masked[f.start : f.end]
    if f.bare:
        if f.unit in {"万", "千"} and not p.bounded:
            return "惯用语"
        money = re.search(r"元|美元|欧元|吨|亩|户|人|平方米|斤|公里|家|件|箱", f.unit)
        return None if money or p.bounded else "规模档次"
    if len(words) - len(f.unit) >= 2 and "十" != words[0] and f.unit and not p.tail[:1] == "大" and _is_count(p, strict=False):
        return None
    if f.more or (f.counted and _is_count(p, strict=True)):
        return None
    if _PREDICATE.search(p.before) and f.unit and not p.tail:
        return None
    if f.counted and p.bounded and not p.tail and not re.match(r"[一]", words):
        return None
    return "惯用语或固定名称"


def _is_count(p: Place, *, strict: bool) -> bool:
    if not strict:
        return bool(_ANY_VERB.search(p.before)) or p.bounded or not p.tail
    verb = re.search(r"(?:新建|新增|新设|建成|引进|招引|创成|举办|新开工|竣工|改造|新引进|新开通|开通|新购|创建|建设)(?:了)?$", p.before)
    plain_one = p.source.masked[p.figure.start] == "一" and p.figure.unit in {"个", "批", "项", "种", "次", "类", "套", "支", "条", "级", "流", "体"}
    return bool(verb) and not plain_one


def continues(p: Place) -> bool:
    """Whether it goes on a list of figures of its own unit: 30小时、1小时以内."""
    text, f = p.source.masked, p.figure
    return not p.before.strip() and bool(f.unit) and text[: f.start - len(p.bound_before)].rstrip("、和与及").endswith(f.unit)


def duration(p: Place) -> str | None:
    """三年行动, 24小时自助, 60岁以上老人, 5年内: a time or an age that limits something else."""
    f = p.figure
    base = f.unit.lstrip("百千万亿")
    if base not in _TIME_UNITS:
        return None
    stated = continues(p) or _PREDICATE.search(p.before) or p.bound_before or _TIME_HEAD.search(p.before)
    if stated and not (p.tail and p.same_item and not _CHANGE_GAP.match(p.gap or "")):
        return None
    if base in {"天", "工作日"} and not p.tail and re.search(r"天数|日$|时限|时间", p.before):
        return None
    return "年龄限定" if base in {"岁", "周岁"} else "时间限定"


def size_qualifier(p: Place) -> str | None:
    """3亿元以上项目300个, 110千伏变电站9座: the figure describes the noun that the next figure counts."""
    if not p.same_item or p.gap is None:
        return None
    f = p.figure
    if _CHANGE_GAP.fullmatch(p.gap) and not (p.bound_after and f.unit):
        return None
    if not p.gap:
        return "规模限定" if p.bounded and not f.ratio else None
    joined = re.search(r"和|与|及|或|并|以及", p.gap)
    if joined and (f.counted or f.ratio) and not (p.bound_after and not f.counted and not f.ratio):
        return None
    if f.ratio or f.unit == "百分点":
        return "限定语" if p.bound_after and not _CHANGE_GAP.match(p.gap) and not joined else None
    if f.counted and not p.bounded and _COUNT_VERB.search(p.before) and _NEW_VERB.search(p.gap):
        return None
    return "规模限定" if not f.counted or p.bounded else "工作对象数"


def noun_qualifier(p: Place) -> str | None:
    """引进3亿元以上项目, 培育超亿元企业, 百亿级园区: a size inside a noun, with no count behind it."""
    f = p.figure
    if f.ratio or f.unit == "百分点":
        return None
    if re.match(r"级|规模的?[^，。；、]", p.tail) and not p.bound_after:
        return "规模档次"
    if not p.tail or re.match(r"的?(?:增长|增速|增幅|目标|任务)", p.tail):
        return None
    if not f.counted and p.bound_after and re.match(r"(?:的)?[^\d]", p.tail):
        return "规模限定"
    if not f.counted and p.bound_before and re.search(r"元|吨|亩|米|千瓦", f.unit) and not _bound_after_verb(p):
        return "规模限定"
    return None


def _bound_after_verb(p: Place) -> bool:
    """销售超30亿元产品 has a verb before the bound; 超亿元企业 has none, or only what makes companies."""
    return bool(re.search(r"(?:完成|实现|销售|投入|发放|争取)$", p.before))


def work_object(p: Place) -> str | None:
    """推动6个传统企业…, 10件民生实事: how many things the work is about, with nothing said to be reached."""
    f = p.figure
    if not p.tail or f.ratio or p.tail.startswith(("的增", "增", "，")):
        return None
    if _DONE.search(p.tail) or continues(p):
        return None
    if f.unit and _EFFORT.search(p.before) and not _COUNT_VERB.search(p.before[-4:]):
        return "工作对象数"
    if not _ANY_VERB.search(p.before) and not p.before.strip(FILLER) and not p.bounded:
        following = p.source.masked[: p.figure.start]
        listed = following.endswith(("、", "和", "及"))
        return None if listed else "工作对象数"
    return None


def attribute(p: Place) -> str | None:
    """20万平方米厂房: a measure in front of a noun, with no verb that counts it."""
    f = p.figure
    if f.counted or not p.tail or f.ratio or not f.unit or f.unit == "百分点":
        return None
    if re.match(r"的?(?:增长|增速|增幅|目标|任务)|同比|增|降", p.tail) or _PREDICATE.search(p.before) or p.bound_before:
        return None
    if _ANY_VERB.search(p.before) and not _DONE.search(p.tail):
        return None
    return "规模限定"


_PROFILE = r"(?:计划|项目|概算|规划|预计)?总?(?:投资|占地|占地面积|建筑面积|用地|用地面积|规划面积|长度|长|全长|总长|里程)(?:约|近|为|达)*"


def project_profile(p: Place) -> str | None:
    """建设某产业园，总投资11.3亿元，172亩: the size of what is built, not what the year shall bring."""
    text, f = p.source.masked, p.figure
    head = text[: f.start]
    own = re.search(rf"(?P<stop>[，（])(?:其中)?(?:计划|项目|概算|规划|预计)?(?:总投资|总?占地(?:面积)?|总?建筑面积|总?用地(?:面积)?|规划面积|全长|总长)(?:约|近|为|达|额)*$", head)
    behind = own is None and re.search(rf"[，（]{_PROFILE}[\d.]+[^\d，。；、（）]{{1,5}}[，、]{_PROFILE[:-1]}?$|[，（](?:计划)?总投资[\d.]+亿?万?元，$", head)
    if not own and not behind:
        return None
    clause = re.split(r"[。；]", head)[-1]
    before = re.split(r"[，（]", clause)
    first = before[-2] if own else before[-3] if len(before) > 2 else ""
    return "项目概况" if re.search(r"(?:园|项目|工程|厂|中心|基地|区|馆|院|校|路|线|桥|站|库|城|大厦|综合体)(?:□*|建设|一期|二期)?$", first) and not re.search(r"\d", first) else None


def unread(p: Place) -> str | None:
    """A number without a unit inside a word: 500强, 1155体系."""
    f = p.figure
    if f.unit.strip("百千万亿") or f.ratio:
        return None
    if p.bounded or _PREDICATE.search(p.before):
        return None
    if not p.tail and (_ANY_VERB.search(p.before) or f.unit):
        return None
    return "名称中的数字"


CONTEXT_RULES: tuple[Callable[[Place], str | None], ...] = (
    titled, dated, ordinal, glued, per_basis, idiom, duration, size_qualifier, noun_qualifier, project_profile, work_object, attribute, unread,
)  # fmt: skip


def assign(source: Source, figures: list[Figure], others: list[Mention], ends: list[int]) -> tuple[list[Mention], list[tuple[int, int, str]]]:
    """Figures that are goals, as mentions, and the rest with reasons. Right to left: a qualifier needs the goal behind it."""
    targets: list[Mention] = []
    context: list[tuple[int, int, str]] = []
    starts = sorted(m.start for m in others)
    for figure in sorted(figures, key=lambda f: -f.start):
        if any(m.start <= figure.start < m.end for m in others):
            continue
        limit = next((e for e in ends if e >= figure.end), len(source.masked))
        behind = [s for s in [*starts, *(t.start for t in targets)] if figure.end <= s <= limit]
        here = place(source, figure, min(behind, default=None))
        reason = next((r for r in (rule(here) for rule in CONTEXT_RULES) if r), None)
        if reason:
            context.append((figure.start, figure.end + len(here.bound_after), reason))
        else:
            targets.append(_mention(here))
    return sorted(targets, key=lambda m: m.start), context


def _mention(p: Place) -> Mention:
    f = p.figure
    op = BOUND_BEFORE.get(p.bound_before) or BOUND_AFTER.get(p.bound_after)
    if p.bound_before and p.bound_after and BOUND_AFTER[p.bound_after] != "about":
        op = BOUND_BEFORE[p.bound_before] if BOUND_BEFORE[p.bound_before] != "about" else BOUND_AFTER[p.bound_after]
    if op is None and f.more:
        op = "more_than"
    if f.value2 is not None:
        op = "between"
    start = f.start - len(p.bound_before)
    end = f.end + len(p.bound_after)
    return Mention(
        start, end, "figure", (f.start, f.end), op or "reach", f.value, f.value2, f.unit,  # type: ignore[arg-type]
        bounded=op is not None, post=bool(p.bound_after), counted=f.counted,
    )  # fmt: skip
