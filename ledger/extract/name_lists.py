"""Splits a body that lists several names: 新开工、竣工…项目 → 新开工…项目, 竣工…项目."""

from __future__ import annotations

import re

from ledger.extract.verbs import is_bare_verb, objects_of, verb_of

_SHARING_VERB = re.compile(
    r"新.*|引进|招引|引育|培育|建成|打造|改造|完成|实施|创建|集聚|聚引|发放|增设|举办|开展|组织|改造提升|更新改造"
)

_SHARE_END = re.compile(r"(?:占比|比重)$")
# One word that names two things, in the order in which their figures follow: 城乡居民收入分别增长6%、7%.
_COUPLES = {"城乡": ("城镇", "农村"), "存贷款": ("存款", "贷款"), "存贷": ("存款", "贷款")}
_GRADES = "城市|农村|城镇|乡镇|城区|县城|国家级?|省级?|市级?|县级?|小学|初中|高中|工业|农业|服务业|[一二三四甲乙]类|[一二三四]级"
_SHARED_METRIC = re.compile(
    r"(?:(?:[死覆参入巩达合满办化利处普完开投就检破调结签]\S率|毛入[学园]率|办理时[限长]|审批时[限长]|参保人数|死亡人数|人数|产值|产量|销售额|零售额"
    r"|年均浓度|平均浓度|浓度|余额|增加值|总产值|亩均税收))$"
)
_WHOLE_NAME = re.compile(r"(?:税收|投资|消费|支出|利润|面积|用水|用电|销售)$")
_COUPLED = re.compile("|".join(_COUPLES))
_RATE_END = re.compile(r"(?:率|比|比例|比重|占比|增速|增幅|幅|度|数|量|额)$")

_METRIC_END = re.compile(
    r"(?:[^参岁多少]数|率|[产销总用存容放]量|总?额|增加值|产值|收入|浓度|强度|比重|占比|成本|时间|时限)$"
)


def metrics(body: str, predicate: str) -> list[str]:
    """Return the indicators of a list that one figure is said of: 事故起数、死亡人数下降10%; empty where it is no such list.

    Each part has to end like an indicator of its own (…数, …率), so that 甲、乙覆盖率 stays one.
    """
    if not predicate or "、" not in body:
        return []
    parts = _split(body, r"、|以及|和(?![谐美平解])|与(?![会])")
    return (
        parts if len(parts) > 1 and all(_METRIC_END.search(part) and len(part) > 2 for part in parts) else []
    )


def last_segment(body: str) -> str:
    """Return the part of a lead behind its last 、 where that begins a new statement with a verb of its own."""
    parts = _split(body, "、")
    if len(parts) < 2:
        return body
    verb = verb_of(parts[-1])
    if verb and len(parts[-1]) > len(verb) and not all(is_bare_verb(part) for part in parts[:-1]):
        return parts[-1]
    return body


def split_names(body: str, count: int, *, coupled: bool = False) -> list[str]:
    """Return the names a shared figure or a run of `count` figures belongs to; one name where the body lists none.

    With `coupled`, one word may stand for two names: 城乡居民收入 → 城镇居民收入, 农村居民收入.
    """
    candidates = _lists(body)
    if count > 1:
        for names in candidates:
            if len(names) == count:
                return _completed(names)
        if coupled and count == 2 and (pair := _COUPLED.search(body)):
            return [body[: pair.start()] + word + body[pair.end() :] for word in _COUPLES[pair[0]]]
        longer = [names for names in candidates if len(names) > count]
        return _completed(longer[0])[-count:] if longer else [body]
    return _with_metrics(_completed(candidates[0]))


def _with_metrics(names: list[str]) -> list[str]:
    """Put what only limits an indicator in front of it: 火灾、道路交通事故起数和死亡人数 → 火灾、道路交通事故起数; 死亡人数."""
    metric = [_METRIC_END.search(name) is not None for name in names]
    if all(metric) or sum(metric) < 2 or not metric[-1] or metric[0]:
        return names
    first = metric.index(True)
    return ["、".join(names[: first + 1]), *names[first + 1 :]] if all(metric[first:]) else names


def splits_otherwise(body: str, count: int) -> bool:
    """Return whether the body lists names, but in no way as many as `count`."""
    lengths = {len(names) for names in _lists(body)}
    return max(lengths) > 1 and count not in lengths


def _lists(body: str) -> list[list[str]]:
    """Return the lists a body may be: of all its names, of those between commas, of those between words."""
    return [
        _split(body, r"、|以及|和|与|及(?!时)|(?<=”)(?=“)"),
        _split(body, "、"),
        _split(body, r"以及|和|与|及(?!时)"),
    ]


def _split(body: str, pattern: str) -> list[str]:
    masked = re.sub(r"[“（《][^”）》]*[”）》]", lambda m: f"{m[0][0]}{'□' * (len(m[0]) - 2)}{m[0][-1]}", body)
    names, position = [], 0
    for match in re.finditer(pattern, masked):
        names.append(body[position : match.start()])
        position = match.end()
    names.append(body[position:])
    return [n.strip("，、") for n in names if n.strip("，、")]


def _completed(names: list[str]) -> list[str]:
    """Bare verbs take the last name's object: 新开工、竣工…项目 → 新开工…项目, 竣工…项目; a first verb is shared by nouns."""
    last = names[-1]
    share = _SHARE_END.search(last)
    if share and not any(_RATE_END.search(n) for n in names[:-1]):  # 民间投资、工业投资占比
        names = [*(n + share[0] for n in names[:-1]), last]
    names = [*(name + _shared_end(name, last) for name in names[:-1]), last]
    target = objects_of(last)
    done = [n + target if is_bare_verb(n) and target != last else n for n in names]
    verb = verb_of(done[0])
    if _SHARING_VERB.fullmatch(verb) and len(done[0]) > len(verb) + 1:
        done = [done[0], *(n if verb_of(n) else verb + n for n in done[1:])]
    return done


def _shared_end(name: str, last: str) -> str:
    """Return what a name leaves to the last of its list: 城市和农村低保标准, 失业保险、工伤保险参保人数, 孕产妇、婴儿死亡率."""
    whole = _RATE_END.search(name) or _METRIC_END.search(name) or _WHOLE_NAME.search(name)
    if is_bare_verb(name) or whole:
        return ""
    grade = re.match(_GRADES, last)
    if grade and re.fullmatch(_GRADES, name):
        return last[grade.end() :]
    at = last.find(name[-2:]) if len(name) > 3 else -1
    if at > 0 and _SHARED_METRIC.fullmatch(last[at + 2 :]):
        return last[at + 2 :]
    metric = _SHARED_METRIC.search(last)
    return metric[0] if metric and metric.start() else ""
