"""What a reviewer may do to a draft: accept, edit, split, drop, add, read the unread, confirm. Pure: each answer is a new draft.

A decision that would break a rule of the plan is refused with the rule's own words; the draft stays as it was.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ledger.commands.draft.compose import balanced, source_of, target_faults
from ledger.core.errors import LedgerError
from ledger.core.models import Commitment, Context, targets
from ledger.core.models.base import ValidationError, dump_model, fields_of, read_model
from ledger.core.models.drafts import DraftCommitment
from ledger.core.quantity import Op, Quantity, QuantityError, format_amount, parse
from ledger.core.structs import replace
from ledger.core.units import UnitTable
from ledger.extract.periods import deadline, due_date
from ledger.extract.typed import Fields, find_error, normalise, side_of
from ledger.files import layout
from ledger.files.ledger import Ledger
from ledger.rules.check import check_source
from ledger.rules.check.lint import lint

KINDS = {kind.label: name for name, kind in targets.KINDS.items()} | {"名次": "rank"}
READING_RULES = frozenset(
    {"lint-unit", "lint-title-only", "lint-disagree", "lint-parts", "lint-name", "lint-twice"}
)
"""The rules of lint that doubt how the words were read, rather than ask the department for more."""
_NEVER = frozenset({"年份", "日期", "时刻", "序号", "序数"})
_OPS = {None: "reach", Op.MORE_THAN: "above", Op.LESS_THAN: "below"}
_KEPT = ("key", "name", "due", "weight", "quote", "hedge", "part_of", "any_of", "note")
_SHAPE = {"accumulate": "figure", "level": "figure", "change": "figure"}
_FALLS = re.compile(r"^(?:同比)?(?:下降|降低|减少|压减|压降|缩短|降|减)")
_RISES = re.compile(r"^(?:同比)?(?:增长|提高|提升|增加|上升|增)")
_STRETCH = re.compile(r"[，,、\s]*(?:力争|争取|争|拼)\s*")


class DraftEditError(LedgerError):
    """A decision that does not fit the words of the plan."""


def accept(draft: DraftCommitment) -> DraftCommitment:
    """Accept the next target unchanged."""
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
    kind_after = kind or old["kind"]
    if goal or _SHAPE.get(kind_after, kind_after) != _SHAPE.get(old["kind"], old["kind"]):
        new = {key: old[key] for key in _KEPT if key in old} | goal_fields(kind_after, goal, units)
    else:
        new = dict(old)
        if kind_after != "change":
            new.pop("direction", None)
    new |= {"kind": kind_after, "name": name or old["name"]}
    targets[index] = new
    return _checked(draft, targets, index, units)


def set_times(
    draft: DraftCommitment, index: int, units: UnitTable, *, due: str = "", baseline: str = "", plan: str = ""
) -> DraftCommitment:
    """Set deadline (`6月底`, `2024-06-30`), baseline (`85%`) or plan (`3月底 30亿元，6月底 70亿元`) of a target; what is empty stays.

    Raises:
        DraftEditError: when one cannot be read, or does not fit the kind of the target.
    """
    targets = _fields(draft)
    target = dict(targets[index])
    if due:
        target["due"] = _day(due, draft.year)
    if baseline:
        if target["kind"] != "level":
            raise DraftEditError("只有水平类目标记基期数", "类别不对的先改类别")
        target["baseline"] = next(iter(_goal(baseline, units).values()))
    if plan:
        points = [part for part in re.split(r"[，,；;]", plan) if part.strip()]
        target["plan"] = [_plan_point(part.strip(), draft.year, units) for part in points]
    targets[index] = target
    return _checked(draft, targets, index, units)


def add(
    draft: DraftCommitment, units: UnitTable, *, quote: str, name: str, kind: str, goal: str
) -> DraftCommitment:
    """Add a target that the reading has missed; `quote` are its words, letter for letter.

    Raises:
        DraftEditError: when the words do not stand in title or text, or the goal cannot be read or is not in them.
    """
    if not quote or (quote not in draft.text and quote not in draft.title):
        raise DraftEditError(f"“{quote}”不在原文里", "从原文照抄一段，含这个数")
    targets = _fields(draft)
    (key,) = _new_keys(targets, 1)
    targets.append(
        {"key": key, "name": name or quote, "kind": kind, "quote": quote} | goal_fields(kind, goal, units)
    )
    context = tuple(item for item in draft.context if item.quote not in quote)
    changed = replace(draft, context=context, rules={**draft.rules, key: "review"})
    return _checked(changed, targets, len(targets) - 1, units)


def figures_left_out(draft: DraftCommitment) -> list[Context]:
    """Return the figures with a unit that are no target, and why: what a reviewer may want to make a target of."""
    return [item for item in draft.context if is_figure_left_out(item.quote, item.reason)]


def is_figure_left_out(quote: str, reason: str) -> bool:
    """Return whether a numeral that is no target has a unit and is no date, number or name."""
    return re.search(r"\d[\d.,]*\s*[\u4e00-\u9fff%‰]", quote) is not None and reason not in _NEVER


def doubts(draft: DraftCommitment, ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Return for each target's key what makes its reading doubtful; a target without doubts may be confirmed unseen.

    Questions to the department (no baseline, no date) are no doubts about the reading and stay with `ledger lint`.
    """
    if not draft.targets:
        return {}
    source = source_of(layout.draft_file(draft.year, draft.department, draft.id.rsplit("-", 1)[1]), draft)
    starts = [source.document.locate(("targets", number))[0] for number in range(len(draft.targets))]
    doubtful: dict[str, list[str]] = {}
    for finding in lint([source], ledger.config, ledger.units):
        if finding.code in READING_RULES and finding.place is not None:
            number = max(sum(start <= finding.place.line for start in starts) - 1, 0)
            doubtful.setdefault(draft.targets[number].key, []).append(finding.message)
    return {key: tuple(messages) for key, messages in doubtful.items()}


def _day(words: str, year: int) -> date:
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        day = due_date(deadline(words, bare=True), year)
    if day is None:
        raise DraftEditError(f"“{words}”不是日期", "写 6月底、三季度 或 2024-06-30")
    return day


def _plan_point(words: str, year: int, units: UnitTable) -> Fields:
    match = re.fullmatch(r"(.+?(?:[月日季年度底末]|\d{4}-\d{2}-\d{2}))\s*[:：]?\s*(\S+)", words)
    if match is None:
        raise DraftEditError(f"“{words}”没有写明到哪天、多少", "如 3月底 30亿元，6月底 70亿元")
    return {"on": _day(match[1], year), "value": next(iter(_goal(match[2], units).values()))}


def split_target(draft: DraftCommitment, index: int, names: list[str], units: UnitTable) -> DraftCommitment:
    """Make several targets of one, each with the goal and the quote of the one: 甲、乙各5个.

    Raises:
        DraftEditError: with fewer than two names, or two alike.
    """
    if len(set(names)) != len(names) or len(names) < 2:
        raise DraftEditError("拆分要写两个以上不同的名称", "用空格或分号隔开，如 甲 乙")
    targets = _fields(draft)
    target = targets[index]
    keys = _new_keys(targets, len(names) - 1)
    copies = [
        {**target, "key": key, "name": name} for key, name in zip([target["key"], *keys], names, strict=True)
    ]
    rules = {**draft.rules, **dict.fromkeys(keys, draft.rules.get(target["key"], "split"))}
    targets[index : index + 1] = copies
    return _checked(replace(draft, rules=rules), targets, index, units)


def drop(draft: DraftCommitment, index: int, reason: str, units: UnitTable) -> DraftCommitment:
    """Take a target away; its numerals are explained by `reason`."""
    targets = _fields(draft)
    key = targets.pop(index)["key"]
    normalise(targets)
    rules = {key_left: rule for key_left, rule in draft.rules.items() if key_left != key}
    return _made(replace(draft, rules=rules), targets, units, reason)


def read_unknown(
    draft: DraftCommitment, units: UnitTable, *, name: str, kind: str, goal: str
) -> DraftCommitment:
    """Add a target for the first passage that was not read; it counts as reviewed.

    Raises:
        DraftEditError: when the goal cannot be read, or does not stand in the quote.
    """
    unread = draft.unknown[0]
    targets = _fields(draft)
    (key,) = _new_keys(targets, 1)
    fields = {"key": key, "name": name or unread.name or unread.quote, "kind": kind, "quote": unread.quote}
    targets.append(fields | goal_fields(kind, goal, units))
    shortened = replace(
        draft, unknown=draft.unknown[1:], rules={**draft.rules, key: "review"}, reviewed=len(targets)
    )
    return _checked(shortened, targets, len(targets) - 1, units)


def dismiss_unknown(draft: DraftCommitment, reason: str, units: UnitTable) -> DraftCommitment:
    """Record that the first passage that was not read states no target, and why."""
    unread = draft.unknown[0]
    context = (*draft.context, Context(quote=unread.quote, reason=reason))
    shortened = replace(draft, unknown=draft.unknown[1:], context=context)
    return _made(shortened, _fields(shortened), units, reason)


def judged(draft: DraftCommitment, name: str, units: UnitTable) -> DraftCommitment:
    """Give a commitment without any target one that a reviewer judges: its title."""
    fields = {"key": "t1", "name": name or draft.title, "kind": "judgement", "quote": draft.title}
    return _made(replace(draft, reviewed=1), [fields], units, "")


def confirmed(draft: DraftCommitment, ledger: Ledger) -> Commitment:
    """Return the commitment that the reviewed draft has become.

    Raises:
        DraftEditError: with every rule of the plan that it breaks.
    """
    fields = dump_model(draft, only=set(fields_of(Commitment)) - {"draft"})
    try:
        commitment = read_model(Commitment, fields, ledger.units)
    except ValidationError as error:
        raise DraftEditError(f"{draft.id} 还不能确认：{error.findings[0].message}") from None
    department, number = draft.id.rsplit("-", 1)
    source = source_of(layout.targets_file(draft.year, department, number), commitment)
    findings = sorted(check_source(source, ledger))
    if findings:
        lines = "\n".join(f"  {finding.message}" for finding in findings[:10])
        raise DraftEditError(f"{draft.id} 还不能确认：\n{lines}", findings[0].hint)
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
        side = side_of(text)
        if side is None:
            raise DraftEditError(f"“{text}”没有写明高于还是低于谁", "如 高于全省平均")
        return {"goal": {side[0]: side[1]}}
    if kind == "rank":
        return _rank(text)
    falls = {"direction": "decrease"} if kind == "change" and _FALLS.match(text) else {}
    first, *more = _STRETCH.split(_RISES.sub("", _FALLS.sub("", text)) if kind == "change" else text)
    goal = _goal(first, units)
    stretch = [{next(iter(goal)): next(iter(_goal(tier, units).values()))} for tier in more if tier]
    return {**falls, "goal": goal, **({"stretch": stretch} if stretch else {})}


def _rank(text: str) -> Fields:
    match = re.fullmatch(r"(第|前|保持前|提升|进|升|前移)?\s*(\d{1,4})\s*(?:位|名|强)?", text)
    if match is None or not int(match[2]):
        raise DraftEditError(f"“{text}”不是位次", "写 第1位、前3位，或 提升2位")
    return {"goal": {"up" if match[1] in {"提升", "进", "升", "前移"} else "within": int(match[2])}}


def _goal(text: str, units: UnitTable) -> dict[str, Any]:
    try:
        quantity = parse(text.strip(), units)
    except QuantityError as error:
        raise DraftEditError(error.message, error.hint) from None
    if quantity.op is Op.RANK:
        raise DraftEditError(f"“{text}”是位次", "类别改成 位次")
    if quantity.op is Op.BETWEEN and quantity.value2 is not None:
        return {"between": [_amount(quantity, quantity.value), _amount(quantity, quantity.value2)]}
    return {_OPS.get(quantity.op) or str(quantity.op): _amount(quantity, quantity.value)}


def _amount(quantity: Quantity, value: Any) -> str:
    return re.sub(r"^([\d.,/-]+)(?=[^\d.,/-])", r"\1 ", format_amount(value, quantity.unit, quantity.scale))


def _fields(draft: DraftCommitment) -> list[Fields]:
    return list(dump_model(draft).get("targets", ()))


def _new_keys(targets: list[Fields], count: int) -> list[str]:
    numbers = [int(target["key"][1:]) for target in targets if re.fullmatch(r"t\d+", target["key"])]
    first = max(numbers, default=0) + 1
    return [f"t{number}" for number in range(first, first + count)]


def _checked(draft: DraftCommitment, targets: list[Fields], index: int, units: UnitTable) -> DraftCommitment:
    if (fault := find_error(targets[index], units)) is not None:
        raise DraftEditError(fault)
    names = [target["name"] for target in targets]
    if names.count(targets[index]["name"]) > 1:
        raise DraftEditError(f"本事项里已有名称 {targets[index]['name']}", "换一个名称，记账时才不会混淆")
    commitment = _made(draft, targets, units, "确认时改动的数字")
    for number, finding in target_faults(commitment, units):
        if number == index:
            raise DraftEditError(finding.message, finding.hint)
    return commitment


def _made(draft: DraftCommitment, targets: list[Fields], units: UnitTable, reason: str) -> DraftCommitment:
    fields = dump_model(draft)
    fields |= {"draft": True, "targets": targets, "reviewed": min(draft.reviewed, len(targets))}
    commitment = read_model(DraftCommitment, fields, units)
    return balanced(commitment, lambda _: reason or "标题中的数字")
