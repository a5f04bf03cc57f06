"""Conversion of drafted targets to the fields of a commitment file. Targets that cannot be converted become `unknown`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, get_args

from ledger.core.models.base import ValidationError, read_model
from ledger.core.models.targets import Hedge, Target
from ledger.core.units import UnitTable
from ledger.extract.model import Draft, TargetDraft
from ledger.extract.periods import due_date

Fields = dict[str, Any]

_OPS = {"more_than": "above", "less_than": "below"}
_SIDES = {
    "不低于": "at_least", "不少于": "at_least", "不慢于": "at_least", "不差于": "at_least",
    "不高于": "at_most", "不多于": "at_most",
    "高于": "above", "快于": "above", "优于": "above", "好于": "above", "超过": "above", "好过": "above",
    "领先于": "above", "大于": "above", "跑赢": "above",
    "低于": "below", "少于": "below", "慢于": "below", "小于": "below",
}  # fmt: skip
_AMONG = re.compile(
    r"全省|全国|全市|全球|长三角|国家级?[^，、。]{0,8}?中(?=[^，。]*(?:进|升|排|居|列|位|前|第))"
)
_BETTER = re.compile(r"改善[^，、；。\d]{0,4}\d")
_HEDGES = frozenset(get_args(Hedge))


@dataclass(frozen=True)
class TypedDraft:
    """The fields of targets, the rule behind each key, and what was left unread."""

    targets: list[Fields]
    rules: dict[str, str]
    unknown: list[Fields]


def to_fields(result: Draft, year: int, units: UnitTable | None = None) -> TypedDraft:
    """Return the targets of a draft as a commitment file holds them; keys are t1, t2 … in the order of the words."""
    targets: list[Fields] = []
    rules: dict[str, str] = {}
    unknown: list[Fields] = []
    keys: dict[int, str] = {}
    for index, target in enumerate(result.targets):
        fields = typed_fields(target, f"t{len(targets) + 1}", year, units)
        if isinstance(fields, str):
            unknown.append(unread_fields(target.quote, target.name, fields))
            continue
        if target.any_of is not None:
            fields["any_of"] = f"either-{target.any_of}" + ("-title" if target.in_title else "")
        keys[index] = fields["key"]
        rules[fields["key"]] = target.rule
        targets.append(fields)
    for index, key in keys.items():
        parent = result.targets[index].part_of
        if parent is not None and parent in keys:
            next(target for target in targets if target["key"] == key)["part_of"] = keys[parent]
    normalise(targets)
    return TypedDraft(targets, rules, unknown)


def normalise(targets: list[Fields]) -> None:
    """Make names unique, and drop references to targets that are no longer there.

    A rate of change beside the amount of the same name is named as one: 营业收入, 营业收入增速. Others are numbered.
    """
    keys = {target["key"] for target in targets}
    groups = Counter(target.get("any_of") for target in targets)
    names = Counter(target["name"] for target in targets)
    taken: Counter[str] = Counter()
    for target in targets:
        if target.get("part_of") not in keys:
            target.pop("part_of", None)
        if "any_of" in target and groups[target["any_of"]] < 2:
            del target["any_of"]
        if names[target["name"]] > 1 and target["kind"] == "change":
            target["name"] += "降幅" if target.get("direction") == "decrease" else "增速"
        taken[target["name"]] += 1
        while taken[target["name"]] > 1:
            target["name"] = f"{target['name'].rsplit('（', 1)[0]}（{taken[target['name']]}）"
            taken[target["name"]] += 1


def unread_fields(quote: str, name: str, reason: str) -> Fields:
    """Return the fields of something that was not read."""
    fields = {"quote": quote.strip(), "reason": reason}
    return {**fields, "name": name.strip()} if name.strip() and name.strip() != quote.strip() else fields


def typed_fields(target: TargetDraft, key: str, year: int, units: UnitTable | None = None) -> Fields | str:
    """Return the fields of one target, or why it cannot be typed."""
    if (reason := _untypable(target)) is not None:
        return reason
    quote = target.quote.strip()
    name = target.name.strip() or quote
    if target.form == "cover" and not name.endswith("全覆盖") and "全覆盖" in quote:
        name += "全覆盖"
    fields: Fields = {"key": key, "name": name, "kind": target.kind}
    shape = _goal(target, quote)
    if isinstance(shape, str):
        return shape
    fields |= shape
    fields |= _times(target, year) | {"quote": quote}
    if target.hedge in _HEDGES:
        fields["hedge"] = target.hedge
    elif target.hedge:
        fields["note"] = f"原文有“{target.hedge}”"
    return fields if (fault := find_error(fields, units)) is None else f"读出的内容不合格式：{fault}"


def _untypable(target: TargetDraft) -> str | None:
    """Return why a target cannot be typed whatever its fields are."""
    if target.rule == "other_year":
        return "是其他年度的目标，不是本年的"
    if target.kind == "unknown":
        return "未能识别它的数量"
    if target.kind == "change" and _BETTER.search(target.quote):
        return "“改善”没有说明是升还是降"
    return None


def _times(target: TargetDraft, year: int) -> Fields:
    """Return the deadline, the plan and the baseline of a target."""
    unit = target.unit or ""
    times: Fields = {}
    if due := due_date(target.due, year):
        times["due"] = due
    if target.plan:
        times["plan"] = [
            {"on": due_date(point.day, year), "value": _amount(point.value, unit)} for point in target.plan
        ]
    if target.baseline is not None and target.kind == "level":
        times["baseline"] = _amount(target.baseline, unit)
    return times


def find_error(fields: Fields, units: UnitTable | None = None) -> str | None:
    """Return why the fields are no target, or None when they are one."""
    try:
        read_model(Target, fields, units)
    except ValidationError as error:
        return error.findings[0].message
    return None


def _goal(target: TargetDraft, quote: str) -> Fields | str:
    if target.kind == "compare":
        return _comparison(target, quote)
    if target.kind == "rank":
        return _rank(target, quote)
    if target.kind == "milestone":
        steps = target.steps if len(target.steps) > 1 else ()
        return {"steps": [{"key": f"s{n}", "name": step} for n, step in enumerate(steps, 1)]} if steps else {}
    if target.kind == "judgement":
        return {}
    if target.op is None or target.value is None:
        return "没有读出数量"
    unit = target.unit or ""
    op = _OPS.get(target.op, target.op)
    falling = {"direction": "decrease"} if target.falling else {}
    if op == "between":
        return {**falling, "goal": {op: [_amount(target.value, unit), _amount(target.value2 or "", unit)]}}
    goal = {op: _amount(target.value, unit)}
    if not target.stretch:
        return {**falling, "goal": goal}
    return {**falling, "goal": goal, "stretch": [{op: _amount(tier, unit)} for tier in target.stretch]}


def _amount(value: str, unit: str) -> str:
    return f"{value} {unit}".strip()


def _rank(target: TargetDraft, quote: str) -> Fields | str:
    if not (target.value or "").isdecimal():
        return "没有读出名次"
    way = "up" if target.form == "rise" else "within"
    goal = {way: int(target.value or 0)}
    stretch = [{way: int(tier)} for tier in target.stretch if tier.isdecimal()]
    among = _AMONG.search(quote)
    return {
        "goal": goal,
        **({"stretch": stretch} if stretch else {}),
        **({"among": among[0].removesuffix("中")} if among else {}),
    }


def _comparison(target: TargetDraft, quote: str) -> Fields | str:
    if target.value is not None:
        return f"要比{target.word or '参照值'}高出（低于）一定幅度，幅度没有字段可记，要人来定"
    at = quote.rfind(target.word) if target.word else -1
    before = quote[:at] if at > 0 else ""
    sides = [word for word in sorted(_SIDES, key=len, reverse=True) if before.endswith(word)]
    return {"goal": {_SIDES[sides[0]]: target.word}} if sides else "没有读出与谁比、在哪一侧"


def side_of(text: str) -> tuple[str, str] | None:
    """Return the side and the benchmark of a comparison: 高于全省平均 is above, 全省平均."""
    for word in sorted(_SIDES, key=len, reverse=True):
        if text.startswith(word) and text[len(word) :].strip():
            return _SIDES[word], text[len(word) :].strip()
    return None
