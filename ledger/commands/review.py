"""What a reviewer may do to a draft: accept, edit, split, drop, read the unread, confirm. Pure: each answer is a new draft.

A decision that would break a rule of the plan is refused with the rule's own words; the draft stays as it was.
"""

from __future__ import annotations

import re
from typing import Any

from ledger.commands.drafting import balanced, source_of, target_faults
from ledger.core.errors import LedgerError
from ledger.core.models import Commitment, Context
from ledger.core.models.base import ValidationError, dump, fields_of, read
from ledger.core.models.drafts import DraftCommitment
from ledger.core.quantity import Op, Quantity, QuantityError, format_amount, parse
from ledger.core.structs import replace
from ledger.core.units import UnitTable
from ledger.extract.typed import Fields, invalid, settle, side_of
from ledger.files import layout
from ledger.files.ledger import Ledger
from ledger.rules.check import check_source

KINDS = {
    "累计": "accumulate",
    "水平": "level",
    "增减幅度": "change",
    "名次": "rank",
    "比较": "compare",
    "节点": "milestone",
    "定性": "judgement",
}
_OPS = {None: "reach", Op.MORE_THAN: "above", Op.LESS_THAN: "below"}
_KEPT = ("key", "name", "due", "weight", "quote", "hedge", "part_of", "any_of", "note")
_SHAPE = {"accumulate": "figure", "level": "figure", "change": "figure"}
_FALLS = re.compile(r"^(?:同比)?(?:下降|降低|减少|压减|压降|缩短|降|减)")
_RISES = re.compile(r"^(?:同比)?(?:增长|提高|提升|增加|上升|增)")
_STRETCH = re.compile(r"[，,、\s]*(?:力争|争取|争|拼)\s*")


class DraftEditError(LedgerError):
    """A decision that does not fit the words of the plan."""


def accept(draft: DraftCommitment) -> DraftCommitment:
    """Take the next target as it stands."""
    return replace(draft, reviewed=min(draft.reviewed + 1, len(draft.targets)))


def back(draft: DraftCommitment) -> DraftCommitment:
    """Look at the last target again."""
    return replace(draft, reviewed=max(0, min(draft.reviewed, len(draft.targets)) - 1))


def edit(
    draft: DraftCommitment, index: int, units: UnitTable, *, name: str = "", kind: str = "", goal: str = ""
) -> DraftCommitment:
    """Change name, kind or goal of a target; what is empty stays.

    Raises:
        DraftEditError: when the goal cannot be read, or does not stand in the target's quote.
    """
    targets = _fields(draft)
    old = targets[index]
    wanted = kind or old["kind"]
    if goal or _SHAPE.get(wanted, wanted) != _SHAPE.get(old["kind"], old["kind"]):
        new = {key: old[key] for key in _KEPT if key in old} | goal_fields(wanted, goal, units)
    else:
        new = dict(old)
        if wanted != "change":
            new.pop("direction", None)
    new |= {"kind": wanted, "name": name or old["name"]}
    targets[index] = new
    return _checked(draft, targets, index, units)


def split(draft: DraftCommitment, index: int, names: list[str], units: UnitTable) -> DraftCommitment:
    """Make several targets of one, each with the goal and the quote of the one: 甲、乙各5个.

    Raises:
        DraftEditError: with fewer than two names, or two alike.
    """
    if len(set(names)) != len(names) or len(names) < 2:
        raise DraftEditError("拆分要写两个以上不同的名称", "用空格或分号隔开，如 甲 乙")
    targets = _fields(draft)
    one = targets[index]
    keys = _new_keys(targets, len(names) - 1)
    copies = [{**one, "key": key, "name": name} for key, name in zip([one["key"], *keys], names, strict=True)]
    rules = {**draft.rules, **dict.fromkeys(keys, draft.rules.get(one["key"], "split"))}
    targets[index : index + 1] = copies
    return _checked(replace(draft, rules=rules), targets, index, units)


def drop(draft: DraftCommitment, index: int, reason: str, units: UnitTable) -> DraftCommitment:
    """Take a target away; its numerals are explained by `reason`."""
    targets = _fields(draft)
    key = targets.pop(index)["key"]
    settle(targets)
    rules = {one: rule for one, rule in draft.rules.items() if one != key}
    return _made(replace(draft, rules=rules), targets, units, reason)


def read_unknown(
    draft: DraftCommitment, units: UnitTable, *, name: str, kind: str, goal: str
) -> DraftCommitment:
    """Type the first thing that was not read; it counts as reviewed.

    Raises:
        DraftEditError: when the goal cannot be read, or does not stand in the quote.
    """
    one = draft.unknown[0]
    targets = _fields(draft)
    (key,) = _new_keys(targets, 1)
    fields = {"key": key, "name": name or one.name or one.quote, "kind": kind, "quote": one.quote}
    targets.append(fields | goal_fields(kind, goal, units))
    left = replace(
        draft, unknown=draft.unknown[1:], rules={**draft.rules, key: "review"}, reviewed=len(targets)
    )
    return _checked(left, targets, len(targets) - 1, units)


def dismiss_unknown(draft: DraftCommitment, reason: str, units: UnitTable) -> DraftCommitment:
    """Say that the first thing that was not read is no target, and why."""
    one = draft.unknown[0]
    context = (*draft.context, Context(quote=one.quote, reason=reason))
    left = replace(draft, unknown=draft.unknown[1:], context=context)
    return _made(left, _fields(left), units, reason)


def judged(draft: DraftCommitment, name: str, units: UnitTable) -> DraftCommitment:
    """Give a commitment without any target one that a reviewer judges: its title."""
    fields = {"key": "t1", "name": name or draft.title, "kind": "judgement", "quote": draft.title}
    return _made(replace(draft, reviewed=1), [fields], units, "")


def confirmed(draft: DraftCommitment, ledger: Ledger) -> Commitment:
    """Return the commitment that the reviewed draft has become.

    Raises:
        DraftEditError: with every rule of the plan that it breaks.
    """
    fields = dump(draft, only=set(fields_of(Commitment)) - {"draft"})
    try:
        commitment = read(Commitment, fields, ledger.units)
    except ValidationError as error:
        raise DraftEditError(f"{draft.id} 还不能确认：{error.findings[0].message}") from None
    department, number = draft.id.rsplit("-", 1)
    source = source_of(layout.targets_file(draft.year, department, number), commitment)
    found = sorted(check_source(source, ledger))
    if found:
        lines = "\n".join(f"  {one.message}" for one in found[:10])
        raise DraftEditError(f"{draft.id} 还不能确认：\n{lines}", found[0].hint)
    return commitment


def goal_fields(kind: str, text: str, units: UnitTable) -> Fields:
    """Return the fields that a goal written by a person gives for a kind: `不少于20家`, `下降5%`, `前3`, `高于全省平均`.

    Raises:
        DraftEditError: when it cannot be read.
    """
    text = text.strip()
    if kind in {"milestone", "judgement"}:
        return {}
    if not text:
        raise DraftEditError("这一类目标要写目标值", "如 20家、不少于12%、前3位、高于全省平均")
    if kind == "compare":
        found = side_of(text)
        if found is None:
            raise DraftEditError(f"“{text}”没有写明高于还是低于谁", "如 高于全省平均")
        return {"goal": {found[0]: found[1]}}
    if kind == "rank":
        return _rank(text)
    falls = {"direction": "decrease"} if kind == "change" and _FALLS.match(text) else {}
    first, *more = _STRETCH.split(_RISES.sub("", _FALLS.sub("", text)) if kind == "change" else text)
    goal = _goal(first, units)
    stretch = [{next(iter(goal)): next(iter(_goal(one, units).values()))} for one in more if one]
    return {**falls, "goal": goal, **({"stretch": stretch} if stretch else {})}


def _rank(text: str) -> Fields:
    match = re.fullmatch(r"(第|前|保持前|提升|进|升|前移)?\s*(\d{1,4})\s*(?:位|名|强)?", text)
    if match is None or not int(match[2]):
        raise DraftEditError(f"“{text}”不是名次", "写 第1位、前3位，或 提升2位")
    return {"goal": {"up" if match[1] in {"提升", "进", "升", "前移"} else "within": int(match[2])}}


def _goal(text: str, units: UnitTable) -> dict[str, Any]:
    try:
        read = parse(text.strip(), units)
    except QuantityError as error:
        raise DraftEditError(error.message, error.hint) from None
    if read.op is Op.RANK:
        raise DraftEditError(f"“{text}”是名次", "类别改成 名次")
    if read.op is Op.BETWEEN and read.value2 is not None:
        return {"between": [_amount(read, read.value), _amount(read, read.value2)]}
    return {_OPS.get(read.op) or str(read.op): _amount(read, read.value)}


def _amount(read: Quantity, value: Any) -> str:
    return re.sub(r"^([\d.,/-]+)(?=[^\d.,/-])", r"\1 ", format_amount(value, read.unit, read.scale))


def _fields(draft: DraftCommitment) -> list[Fields]:
    return list(dump(draft).get("targets", ()))


def _new_keys(targets: list[Fields], count: int) -> list[str]:
    numbers = [int(one["key"][1:]) for one in targets if re.fullmatch(r"t\d+", one["key"])]
    first = max(numbers, default=0) + 1
    return [f"t{number}" for number in range(first, first + count)]


def _checked(draft: DraftCommitment, targets: list[Fields], index: int, units: UnitTable) -> DraftCommitment:
    if (fault := invalid(targets[index], units)) is not None:
        raise DraftEditError(fault)
    names = [one["name"] for one in targets]
    if names.count(targets[index]["name"]) > 1:
        raise DraftEditError(f"本事项里已有名称 {targets[index]['name']}", "换一个名称，记账时才不会混淆")
    made = _made(draft, targets, units, "确认时改动的数字")
    for number, finding in target_faults(made, units):
        if number == index:
            raise DraftEditError(finding.message, finding.hint)
    return made


def _made(draft: DraftCommitment, targets: list[Fields], units: UnitTable, reason: str) -> DraftCommitment:
    fields = dump(draft)
    fields |= {"draft": True, "targets": targets, "reviewed": min(draft.reviewed, len(targets))}
    made = read(DraftCommitment, fields, units)
    return balanced(made, lambda _: reason or "标题中的数字")
