"""Figures that describe a noun, a period or a starting point: sizes, ages, work objects, baselines. One reason per rule."""

from __future__ import annotations

import re

from ledger.extract.figure_context import (
    ANY_VERB,
    CHANGE_GAP,
    COUNT_VERB,
    DONE_WITHIN,
    PREDICATE,
    FigureContext,
    list_lead,
)
from ledger.extract.source import FILLER
from ledger.extract.words import (
    COUNT_VERBS,
    DONE_END,
    EFFORT,
    FALL_VERBS,
    LEVEL_VERBS,
    RESULTS,
    RISE_VERBS,
    SERVED,
    alternation,
    split_words,
)

_WINDOW = 240
"""Characters on either side of a figure in which its clause is looked for: a long list is read in linear time."""

_SPLIT = re.compile(r"[，；。：（]")
_YEAR_NAMED = re.compile(r"20\d\d(?=年)")
_BARE_HEAD = re.compile(r"[\u4e00-\u9fff](?:指数|系数|倍差|得分|评分|评价值)$")
_DOES = re.compile(
    rf"(?:全年|年内|规划|计划|今年|重点)?(?:{alternation(v for v in COUNT_VERBS if len(v) > 1)})"
)
_BRINGS = re.compile(r"惠及|带动|撬动|拉动|支持|服务|覆盖|吸引|帮助|受益")
_ENTERS = re.compile(r"[\u4e00-\u9fff]{0,4}?(?:进入|入围|跻身|入选|列入|获评|获批)")
_TOGETHER = re.compile(r"(?:，|、)?(?:合计|共计|总计|总长度?|总里程|总面积|共)(?:约|为|达)?$")
_BETWEEN = split_words("至 到 和 与 及")
_NEW_VERB = re.compile(r"新增|新建|新开|新设|完成|实现|建成|引进|带动|惠及")
_EFFORT = re.compile(rf"(?:{alternation(EFFORT)})$")
_WEAK = split_words("建设 编制 运行 运营 施工 实施 突破 通过 出让")
_DONE = re.compile(alternation((DONE_END - _WEAK) | RESULTS))
_SERVED = re.compile(rf"(?:{alternation(SERVED)})(?:全市|全区|全县|辖区|城乡)?$")
_TIME_UNITS = split_words(
    "天 年 小时 分钟 秒 个月 周 岁 周岁 工作日 月 日 季度 星期 周年 秒钟 个周 钟头 学时 课时"
)
_LISTED_STATED = re.compile(r"[到至为][\d.]+[^\d，。；、]{1,6}、$")
_TIME_HEAD = re.compile(r"(?:时间|时长|周期|寿命|期限|年龄|时限|提前量|天数|年限|日数|时数|时效|用时|间隔)$")
_THEN = re.compile(r"(?:上年|去年|上一年|20\d\d年|基期|现状)(?:底|末|度)?(?:已?(?:为|达到?|完成|实现))?")
_EARLIER = re.compile(
    r"去年|上年|上一年|前年|往年|同期|目前|现有|现状|原有|已有|基期|截至[^，]{0,8}[年月][底末]|已经?(?:累计)?(?:完成|建成|实现|达到?|落实|到位|发放|新增|引进|开工|竣工|签约|培育|招聘|投入|改造|办理)(?!的)|累计已"
)
_COMPARED = re.compile(
    r"(?:比|较|同|与|超过?|[高低快优好]于|保持|不亚于|不少于|力争)(?:20\d\d年)?(?:去年|上年|上一年|前年|往年|同期|目前|现有|去年同期|上年同期)"
)
_ONLY_CHANGES = re.compile(
    rf"(?:同比|(?:较|比|与)(?:上年|去年|上一年|同期)(?:同期)?(?:相比)?)?(?:分别|净)?(?:{alternation(RISE_VERBS | FALL_VERBS)})(?:了|约|近|超)?"
)
_AHEAD = re.compile(r"今年|本年|力争|确保|计划|目标|再|拟|将|要")
_FIGURE_BEFORE = re.compile(r"\d[^，。；（）]{0,8}$")
_SET_BY = re.compile(
    r"(?:下达|省定|市定|县定|省里|省级|市级|国家|上级|考核|年初|年度|预期|约束)?[^，\d]{0,4}(?:任务|目标|要求|计划|指标|标准|基数)(?:数|值|量)?(?:为|是)?$"
)
_AVERAGE = re.compile(
    r"(?:全[省国市区县]|同类地区|同期|行业|省|市)*(?:平均|均值|平均值)(?:水平|增速|增长|值)*(?:为|是)?"
)
_ACCORDING = re.compile(r"(?:依据|根据|按照|参照|对照|对标|按)[^，。；]{0,24}$")
_AS_SET = re.compile(
    r"(?:的)?(?:目标|要求|任务|标准|计划|口径)?(?:设置|设定|制定|确定|安排|测算|分解|下达|执行|考核|掌握|的(?:目标|要求|任务|标准))"
)
_HEADING = re.compile(r"(?:^|[。；：！？])([^。；：！？（）]{1,20})（(?:共|共计|计)?$")
_HEADING_UNITS = frozenset(["项", "件", "个", "条", "类", "方面", "大类", "大项", "小项", "款"])
_CAPACITY = re.compile(
    r"(?:[年日月]产(?:能|量)?|[年日](?:供水|处理|吞吐|加工|发电)(?:能力|量)?|装机(?:容量)?|总投资|(?<!完成)(?<!固定资产)(?<!实现)(?<!年度)投资|占地(?:面积)?|建筑面积|库容|座席?|总建筑面积)(?:额|约|为|达|近|超|超过)*$"
)
_YEAR_FIRST = re.compile(r"(?:截至)?(20\d\d)年(?:底|末|度)?(?!前)")
_ACTION = re.compile(rf"(?:{alternation(v for v in COUNT_VERBS if len(v) > 1)})$")
_GROWTH = re.compile(r"的?(?:增长|增速|增幅|目标|任务)")
_WHOLE_OF = re.compile(r"(?:全[省市县区镇乡州]|辖区内?|所有|现有)(?:的)?$")
_HEADS = frozenset(["户", "人", "名", "人次", "户次"])
_HELPED = re.compile(r"(?:支持|帮助|带动|引导|扶持|助力|保障)$")
_PEOPLE = re.compile(r"[\u4e00-\u9fff]{0,6}?(?:人口|群众|居民|农户|农民|学生|老人|职工|市民|村民|劳动力)")
_MEASURE = re.compile(r"元|吨|亩|米|千瓦")
_PLANNED = r"(?:计划|项目|概算|规划|预计)?"
_EXTENT = r"(?:总投资|总?占地(?:面积)?|总?建筑面积|总?用地(?:面积)?|规划面积|全长|总长)"
_OWN_PROFILE = re.compile(rf"[，（](?:其中)?{_PLANNED}{_EXTENT}(?:约|近|为|达|额)*$")
_PROFILE_FIRST = re.compile(rf"(?:该项目|项目)?{_PLANNED}{_EXTENT}(?:约|近|为|达|额)*")
_NEXT_PROFILE = re.compile(
    rf"[，（]{_PLANNED}{_EXTENT}(?:约|近|为|达)*[\d.]+[^\d，。；、（）]{{1,5}}[，、](?:{_PLANNED}{_EXTENT}(?:约|近|为|达)*)?$"
)
_BUILT = re.compile(
    r"(?:园|项目|工程|厂|中心|基地|区|馆|院|校|路|线|桥|站|库|城|大厦|综合体)(?:□*|建设|一期|二期)?$"
)


def baseline(place: FigureContext) -> str | None:
    """由85%提高到90%: where it starts from."""
    if place.gap is None or not re.search(r"(?:由|从)[^，。；、]{0,10}$", place.before):
        return None
    return (
        "基期数" if re.match(rf"[^，。；、]{{0,4}}?(?:{alternation(LEVEL_VERBS)}|到|至)", place.gap) else None
    )


def past(place: FigureContext) -> str | None:
    """（上年为85%）, 在2022年完成50个的基础上, 去年增长5%, 已完成60亿元: what was, not what shall be."""
    text, start = place.source.masked, place.figure.start
    clause = _SPLIT.split(text[max(0, start - _WINDOW) : start])[-1]
    opening = start - len(clause) - 1
    bracketed = opening >= 0 and text[opening] == "（"
    if place.tail.startswith(("的基础上", "基础上")) or (bracketed and _THEN.fullmatch(clause)):
        return "基期数"
    if bracketed and _EARLIER.search(clause) and not _COMPARED.search(clause):
        return "基期数"
    year = _YEAR_FIRST.match(clause)
    later = [int(y) for y in _YEAR_NAMED.findall(text, start, start + _WINDOW)]
    if year and any(y > int(year[1]) for y in later):
        return "往年数"
    if _goes_on_past(text[max(0, start - _WINDOW) : start], clause):
        return "往年数"
    earlier = list(_EARLIER.finditer(clause))
    if (
        not earlier
        or _COMPARED.search(clause[: earlier[-1].end()])
        or _AHEAD.search(clause[earlier[-1].end() :])
    ):
        return None
    return "往年数" if not re.match(r"度?目标|结转|同期|接续", clause[earlier[-1].end() :]) else None


def _goes_on_past(words: str, clause: str) -> bool:
    """去年完成60亿元，增长7%; 目前有210家，较上年增加15家: a clause with nothing but a change goes on with the past one before it."""
    if not _ONLY_CHANGES.fullmatch(clause) or words[: len(words) - len(clause)].endswith("），"):
        return False
    before = re.split(r"[，；。：（]", words[: len(words) - len(clause)].rstrip("，"))[-1]
    earlier = list(_EARLIER.finditer(before))
    return bool(earlier) and not (
        _COMPARED.search(before[: earlier[-1].end()]) or _AHEAD.search(before[earlier[-1].end() :])
    )


def reference(place: FigureContext) -> str | None:
    """（市下达任务7%）, 依据人代会目标8.5%设置: a figure that the goal is measured against."""
    text, figure = place.source.masked, place.figure
    clause = _SPLIT.split(text[max(0, figure.start - _WINDOW) : figure.start])[-1]
    opening = figure.start - len(clause) - 1
    if opening > 0 and text[opening] == "（" and _AVERAGE.fullmatch(clause):
        return "参照数"
    if opening > 0 and text[opening] == "（" and _SET_BY.search(clause):
        handed_down = re.search(r"下达|[省市县]定|上级|国家|考核|预期", clause)
        if handed_down or _FIGURE_BEFORE.search(text[max(0, opening - _WINDOW) : opening]):
            return "参照数"
    return (
        "参照数"
        if _ACCORDING.search(clause) and _AS_SET.match(text, figure.end + len(place.bound_after))
        else None
    )


def heading_count(place: FigureContext) -> str | None:
    """一、经济发展（11项）: how many items a heading has."""
    text, figure = place.source.masked, place.figure
    head = _HEADING.search(text[max(0, figure.start - _WINDOW) : figure.start])
    if (
        head is None
        or figure.unit not in _HEADING_UNITS
        or not re.match(r"）(?:[。；：！？]|$)", text[figure.end : figure.end + 2])
    ):
        return None
    return None if COUNT_VERB.match(head[1]) or re.search(r"\d", head[1]) else "标题中的数"


def capacity(place: FigureContext) -> str | None:
    """年产120亿只手套项目, 投资30亿元的产业园, 200张床位以上的机构: the size of what the words are about."""
    if place.figure.ratio or place.figure.unit == "百分点":
        return None
    if re.match(r"[\u4e00-\u9fff]{0,6}以[上下]的", place.tail) and not place.bound_after:
        return "规模限定"
    if not place.tail or not _CAPACITY.search(place.before) or re.match(r"[以同比增减]", place.tail):
        return None
    return "规模限定"


def duration(place: FigureContext) -> str | None:
    """三年行动, 24小时自助, 60岁以上老人, 5年内: a time or an age that limits something else."""
    base = place.figure.unit.lstrip("百千万亿").replace("个工作日", "工作日")
    if base not in _TIME_UNITS:
        return None
    end = place.figure.end + len(place.bound_after)
    if place.bound_after and re.match(
        r"(?:报送|上报|报至?|提交|书面|向[^，。]{1,12}报)", place.source.masked[end : end + 16]
    ):
        return "时间限定"
    if not place.tail and re.match(DONE_WITHIN, place.source.masked[end : end + 6]):
        return None  # 2个工作日内办结
    if _LISTED_STATED.search(place.source.masked[max(0, place.figure.start - 24) : place.figure.start]):
        return None  # 压减到1个环节、0.5个工作日
    before = list_lead(place) or place.before
    stated = PREDICATE.search(before) or place.bound_before or _TIME_HEAD.search(before)
    listed = place.gap is not None and (CHANGE_GAP.match(place.gap) or place.gap in _BETWEEN)
    if stated and not (place.tail and place.same_item and not listed):
        return None
    if base in {"天", "工作日"} and not place.tail and re.search(r"天数|日$|时限|时间", place.before):
        return None
    return "年龄限定" if base in {"岁", "周岁"} else "时间限定"


def size_qualifier(place: FigureContext) -> str | None:
    """3亿元以上项目300个, 110千伏变电站9座: the figure describes the noun that the next figure counts."""
    if not place.same_item or place.gap is None:
        return None
    figure = place.figure
    if CHANGE_GAP.fullmatch(place.gap) and not (place.bound_after and figure.unit):
        return None
    between = re.sub(r"每(?:人每)?[人户亩生床月年天次]$", "", place.gap)
    if _TOGETHER.fullmatch(place.gap) or between in _BETWEEN:  # 15条共28公里, 提高1000元至5000元: both count
        return None
    if not place.gap:
        return "规模限定" if place.bounded and not figure.ratio else None
    joined = re.search(r"和|与|及|或|并|以及", place.gap)
    measured = place.bound_after and not figure.counted and not figure.ratio
    if joined and (figure.counted or figure.ratio) and not measured:
        return None
    if figure.ratio or figure.unit == "百分点":
        return "限定语" if place.bound_after and not CHANGE_GAP.match(place.gap) and not joined else None
    if not figure.ratio and ANY_VERB.search(place.before) and _BRINGS.match(place.gap):
        return None  # 发放返还1.5亿元惠及企业1.2万家: two figures without a comma
    if (
        figure.counted
        and not place.bounded
        and COUNT_VERB.search(place.before)
        and _NEW_VERB.search(place.gap)
    ):
        return None
    return "规模限定" if not figure.counted or place.bounded else "工作对象数"


def noun_qualifier(place: FigureContext) -> str | None:
    """引进3亿元以上项目, 培育超亿元企业, 百亿级园区: a size inside a noun, with no count behind it."""
    figure = place.figure
    if figure.ratio or figure.unit == "百分点":
        return None
    if re.match(r"级|规模的?[^，。；、]", place.tail) and not place.bound_after:
        return "规模档次"
    if not place.tail or _GROWTH.match(place.tail) or figure.counted or place.gap in _BETWEEN:
        return None
    if not figure.unit.strip("百千万亿") and COUNT_VERB.search(place.before):
        return None  # 完成100万以上人口脱贫: heads are counted
    if place.bound_after or (not place.bounded and place.tail.startswith("的")):
        return "规模限定"
    sold = re.search(r"(?:完成|实现|销售|投入|发放|争取)$", place.before)
    return "规模限定" if place.bound_before and _MEASURE.search(figure.unit) and not sold else None


def project_profile(place: FigureContext) -> str | None:
    """建设某产业园，总投资11.3亿元，172亩: the size of what is built, not what the year shall bring."""
    head = place.source.masked[max(0, place.figure.start - _WINDOW) : place.figure.start]
    sentence = re.split(r"[。；]", head)[-1]
    if _PROFILE_FIRST.fullmatch(sentence):  # …产业园项目。总投资20亿元
        before = re.split(r"[，。；：]", head[: len(head) - len(sentence)].rstrip("。；"))[-1]
        return "项目概况" if _BUILT.search(before) and not re.search(r"\d", before) else None
    subject_profile, behind = _OWN_PROFILE.search(head), _NEXT_PROFILE.search(head)
    if not subject_profile and not behind:
        return None
    clauses = re.split(r"[，（]", sentence)
    subject = clauses[-2] if subject_profile else clauses[-3] if len(clauses) > 2 else ""
    return "项目概况" if _BUILT.search(subject) and not re.search(r"\d", subject) else None


def work_object(place: FigureContext) -> str | None:
    """推动6个传统企业…, 10件民生实事: how many things the work is about, with nothing said to be reached."""
    figure = place.figure
    if (
        not place.tail
        or figure.ratio
        or place.tail.startswith(("的增", "增"))
        or _DONE.search(place.tail)
        or list_lead(place) is not None
    ):
        return None
    if figure.counted and _ENTERS.match(place.tail):
        return None
    if figure.counted and _SERVED.search(place.before) and ANY_VERB.search(place.tail):
        return None
    if place.before.endswith("等") and _DOES.match(
        re.split(r"[，；：。]", place.source.masked[max(0, figure.start - _WINDOW) : figure.start])[-1]
    ):
        return None  # 实施甲、乙等190个项目
    if figure.unit.lstrip("百千万亿") in _HEADS and _HELPED.search(place.before):
        return None  # 支持5500户家庭购房
    if figure.counted and _WHOLE_OF.search(place.before):
        return "工作对象数"
    if figure.unit and _EFFORT.search(place.before) and not COUNT_VERB.search(place.before[-4:]):
        return "工作对象数"
    if (
        ANY_VERB.search(place.before)
        or place.before.strip(FILLER)
        or place.bounded
        or _ACTION.search(place.tail)
    ):
        return None
    listed = place.source.masked.endswith(("、", "和", "及"), 0, figure.start)
    return None if listed else "工作对象数"


def attribute(place: FigureContext) -> str | None:
    """20万平方米厂房: a measure in front of a noun, with no verb that counts it."""
    figure = place.figure
    if (
        figure.counted
        or not place.tail
        or figure.ratio
        or not figure.unit.strip("百千万亿")
        or figure.unit == "百分点"
    ):
        return None
    if (
        _GROWTH.match(place.tail)
        or re.match(r"同比|增|降", place.tail)
        or PREDICATE.search(place.before)
        or place.bound_before
    ):
        return None
    if ANY_VERB.search(place.before) and not _DONE.search(place.tail):
        return None
    return "规模限定"


def unread(place: FigureContext) -> str | None:
    """A number without a unit that nothing states: 1155体系."""
    figure = place.figure
    if figure.unit.strip("百千万亿") or figure.ratio or place.bounded or PREDICATE.search(place.before):
        return None
    if not figure.unit and not place.tail and _BARE_HEAD.search(place.before):  # 综合指数3.62
        return None
    if not place.tail and (ANY_VERB.search(place.before) or figure.unit):
        return None
    if (
        figure.unit
        and (COUNT_VERB.search(place.before) or _HELPED.search(place.before))
        and _PEOPLE.match(place.tail)
    ):
        return None  # 解决2.3万农村人口饮水安全问题
    return "名称中的数字"
