"""Decide a statement's kind from its form, unit, predicate and head word."""

from __future__ import annotations

import re
from collections.abc import Callable

from ledger.extract import verbs
from ledger.extract.grouping import Statement
from ledger.extract.model import DraftKind
from ledger.extract.words import (
    FALL_VERBS,
    FLOW_HEADS,
    LEVEL_VERBS,
    RATIO_HEADS,
    RISE_VERBS,
    STOCK_HEADS,
    alternation,
)

_RATE_HEAD = re.compile(r"(?:增速|增长率|增幅|涨幅|降幅|减幅|增长|降低率|压降率|下降率)$")
_FALL_FIRST = re.compile(rf"(?:{alternation(FALL_VERBS - {'节约', '降', '减', '控减'})})")
_FALLING = re.compile(alternation(FALL_VERBS))
_FALL_RATE = re.compile(r"(?:降幅|减幅|降低率|压降率|下降率|削减率)$")
_TO = re.compile(r"(?:到|至|在|保持|稳定|为|不变|达|达到)$")
_NEW = re.compile(
    r"新|净增|完成|实现|引进|招引|争取|开展|举办|发放|办理|惠及|服务|培育|建成|打造|组织|创建|检查|培训|改造|落实|建设|获|引育|"
    r"集聚|调解|查|销售|入选|投产|受理"
)
_STOCK = re.compile(rf"(?:{alternation(STOCK_HEADS)})$")
_FLOW = re.compile(rf"(?:{alternation(FLOW_HEADS)})$")
_STATE_VERBS = {
    "落实",
    "储备",
    "覆盖",
    "参保",
    "登记",
    "注册",
    "投保",
    "服务",
    "处理",
    "利用",
    "储存",
    "配备",
    "开放",
}
_STAYS = {"保持在", "稳定在", "维持在", "保持", "稳定", "稳定保持在", "持续保持在", "持续保持", "稳定达到"}
_PASSES = {"突破", "超", "超过", "破"}
_PER_HEAD = re.compile(
    r"每[千万百十\d]|单[箱户车店株笔客产井吨张]|人均|户均|亩均|平均|日均|月均|每村|每乡|每镇|每县|每区|每年|每季|每月|千人|万人"
)
_STATE = re.compile(
    r"年末|年底|期末|存栏|在册|在管|在营|保有|现有|累计|总数|达到总|人均|覆盖|(?<!新增)参保$|总面积|总容量|总长度"
)
_MEASURED = {
    "分",
    "岁",
    "天",
    "小时",
    "分钟",
    "个月",
    "月",
    "工作日",
    "年",
    "秒",
    "分贝",
    "℃",
    "微克",
    "毫克",
    "ppm",
    "倍",
    "个工作日",
}


def unmatched(statement: Statement) -> DraftKind | None:
    """甲、乙、丙分别达到90%、95%: the text does not say which figure belongs to which name."""
    return "unknown" if statement.rule == "unmatched" else None


def by_form(statement: Statement) -> DraftKind | None:
    """Ranks, benchmarks, coverage, zeros, streaks and judgements carry their kind in their form."""
    kinds: dict[str, DraftKind] = {
        "rank": "rank", "rise": "rank", "compare": "compare", "cover": "level", "zero": "milestone",
        "streak": "milestone", "judgement": "judgement", "milestone": "milestone", "vague": "unknown",
    }  # fmt: skip
    return kinds.get(statement.mention.form)


def untyped(statement: Statement) -> DraftKind | None:
    """A bare number behind a verb of doing, or a figure that nothing names, cannot be typed."""
    unit = (statement.mention.unit or "").strip("百千万亿")
    if not statement.name:
        return "unknown"
    if unit or "/" in (statement.mention.value or "") or statement.mention.form == "tier":
        return None
    counted = unit != (statement.mention.unit or "") and verbs.verb_of(statement.name)  # 解决2.3万农村人口…
    stated = (
        bool(counted)
        or statement.predicate in LEVEL_VERBS
        or statement.mention.bounded
        or _STOCK.search(statement.name)
    )
    return None if stated else "unknown"


def change(statement: Statement) -> DraftKind | None:
    """Return `change` for a rate of growth or decline: a verb of change in front, and no 到 behind it."""
    if statement.mention.unit == "百分点" or statement.mention.word == "+":
        return "change"
    unit = statement.mention.unit or ""
    share = unit in {"%", "‰", "成", "倍"} or (not unit and "/" in (statement.mention.value or ""))
    moved = _rate_moves(statement) if share else _amount_moves(statement)
    return "change" if moved else None


def _rate_moves(statement: Statement) -> bool:
    """Return whether a share is a rate of change: 同比增长12%, 增速8%, 降低3%."""
    predicate, name = statement.predicate, statement.name
    if _moves(predicate) and predicate not in LEVEL_VERBS:
        return True
    kept = predicate in {"控制在", "严控在"} or statement.mention.op in {"at_most", "less_than"}
    if _RATE_HEAD.search(name) and not kept:
        return True
    return bool(_FALL_FIRST.match(name)) and not predicate


def _amount_moves(statement: Statement) -> bool:
    """Return whether an amount is a difference: 较上年增加15亿元; 增加5家 alone counts new ones."""
    predicate = statement.predicate
    if _TO.search(predicate) or predicate not in FALL_VERBS | RISE_VERBS or statement.mention.form == "tier":
        return False
    if statement.item.verb and not predicate.startswith(("较", "比")):
        return False
    if not statement.mention.counted:
        return True
    fresh = predicate in {"增", "增加", "提升", "增收"} and verbs.is_bare_verb(statement.name)
    return statement.rule != "figure_before_noun" and not fresh


def _moves(predicate: str) -> bool:
    return any(predicate.endswith(verb) for verb in RISE_VERBS | FALL_VERBS) or _changing(predicate)


def is_decline(statement: Statement) -> bool:
    """Return whether a change is a decline: 同比下降15%, 降幅3%, 压减非急需支出8%."""
    return bool(
        _FALLING.search(statement.predicate)
        or _FALL_RATE.search(statement.name)
        or _FALL_FIRST.match(statement.name)
    )


def _changing(predicate: str) -> bool:
    return bool(re.search(alternation(RISE_VERBS | FALL_VERBS), predicate)) and predicate not in LEVEL_VERBS


def level(statement: Statement) -> DraftKind | None:
    """Return `level` for a state read at a date: shares, ceilings, rates per head, stocks, and what is raised or cut to a figure."""
    unit, predicate, name = statement.mention.unit or "", statement.predicate, statement.name
    base = _base(statement)
    if (
        _share(statement)
        or "/" in unit
        or unit.startswith(":")
        or base in _MEASURED
        or _PER_HEAD.search(name[:8])
    ):
        return "level"
    if statement.mention.op in {"at_most", "less_than"} and statement.mention.form == "figure":
        return "level"
    verb = verbs.verb_of(name) or statement.item.verb
    if not unit and statement.mention.bounded and not verb and statement.mention.form == "figure":
        return "level"
    if verb and _NEW.match(verb):
        return None
    if (statement.mention.value or "").startswith("-"):
        return "level"
    if predicate in _STAYS and _FLOW.search(name) and not verb:
        return None  # 粮食产量稳定在5.2万吨 adds up over the year
    if predicate in LEVEL_VERBS and _TO.search(predicate) and predicate not in {"达到", "达", "为", "完成至"}:
        return "level"
    if _FLOW.search(name) or (verb and verb not in _STATE_VERBS):
        return None
    return "level" if _stock(statement, verb) else None


def _share(statement: Statement) -> bool:
    """Return whether the figure is a part of a whole: %, ‰, 成, a fraction."""
    unit = statement.mention.unit or ""
    return unit in {"%", "‰", "成"} or (not unit and "/" in (statement.mention.value or ""))


def _stock(statement: Statement, verb: str) -> bool:
    """Return whether the head of the name is what stands at a date, by its own word, its predicate or its neighbours."""
    name, base = statement.name, _base(statement)
    if statement.mention.word in _PASSES and statement.mention.counted and not base.endswith("次"):
        return True
    if verb == "储备" and not statement.mention.counted:
        return True
    if base.endswith("次"):
        return False
    if _goes_on_counting(statement, verb):
        return False
    if _STOCK.search(name) or re.search(rf"(?:{alternation(RATIO_HEADS)})$", name):
        return True
    if not verb and (_STATE.search(name) or statement.predicate.endswith(("达到", "达", "达成", "扩大"))):
        return True
    return _like_sibling(statement, verb)


def _goes_on_counting(statement: Statement, verb: str) -> bool:
    """制定国家标准6项、地方标准22项: a list of counts goes on under the verb of its first."""
    sibling = statement.sibling
    return (
        sibling is not None and not verb and statement.mention.counted and sibling.mention.unit == statement.mention.unit
        and sibling.mention.counted and bool(verbs.verb_of(sibling.name)) and kind_of(sibling) == "accumulate"
    )  # fmt: skip


def _like_sibling(statement: Statement, verb: str) -> bool:
    """耕地285万亩、基本农田250万亩: a list without verbs goes on in the kind of its first."""
    if (not verb or verb in _STATE_VERBS) and statement.mention.counted and _per_head_list(statement.before):
        return True
    sibling = statement.sibling
    if (
        sibling is None
        or verb
        or _base(sibling) != _base(statement)
        or verbs.verb_of(sibling.name) not in {"", "储备"}
    ):
        return False
    return level(sibling) == "level"


def _base(statement: Statement) -> str:
    return (statement.mention.unit or "").lstrip("百千万亿")


def _per_head_list(statement: Statement | None) -> bool:
    """每千人口床位7.5张，医师3.5名，护士4名: what comes before, without a verb, began with a rate per head."""
    while statement is not None and not verbs.verb_of(statement.name):
        if statement.name.startswith("每"):
            return True
        statement = statement.before
    return False


def accumulated_kind(statement: Statement) -> DraftKind | None:
    """Return `accumulate` for the remaining figures and tiers."""
    return "accumulate" if statement.mention.form in {"figure", "tier"} else None


RULES: tuple[Callable[[Statement], DraftKind | None], ...] = (
    unmatched,
    by_form,
    untyped,
    change,
    level,
    accumulated_kind,
)


def kind_of(statement: Statement) -> DraftKind:
    """Return the kind that the first matching rule gives; unknown where none matches."""
    return next((kind for kind in (rule(statement) for rule in RULES) if kind), "unknown")
