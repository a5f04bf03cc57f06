"""Strict reader of target fields as a person types them, into the form in which target files hold them (`yaml_editor` writes it)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.core.dates import DateError, read_date
from ledger.core.models import Compare, Rank, Target
from ledger.core.models.base import fields_of
from ledger.core.models.goals import CompareGoal, Goal
from ledger.core.quantity import Op, QuantityError, format_amount, parse, parse_amount
from ledger.core.reading import UnreadableFigureError
from ledger.core.units import UnitTable
from ledger.files.yaml_editor import Plain

_OPERATORS = fields_of(Goal)
_OF_OP = {
    Op.AT_LEAST: "at_least",
    Op.MORE_THAN: "above",
    Op.AT_MOST: "at_most",
    Op.LESS_THAN: "below",
    Op.ABOUT: "about",
}
_SIDES = {
    "不低于": "at_least",
    "不高于": "at_most",
    "高于": "above",
    "快于": "above",
    "优于": "above",
    "低于": "below",
    "慢于": "below",
    **{name: name for name in fields_of(CompareGoal)},
}

Reader = Callable[[Target, Any, UnitTable, date], Any]


def read_field(target: Target, field: str, text: str | Sequence[str], units: UnitTable, today: date) -> Any:
    """Return the value of `field` for the file; dates are read as people write them on the day `today`.

    Raises:
        UnreadableFigureError: when this kind of target has no such field, or the text is no value of it.
    """
    if field not in fields_of(type(target)):
        raise UnreadableFigureError(
            target, f"这类目标没有{WORDS[field]}", "ledger show 编号 看这个目标有什么"
        )
    return _READERS[field](target, text, units, today)


def _goal(target: Any, text: str, units: UnitTable, _today: date) -> dict[str, Any]:
    text = text.strip()
    if isinstance(target, Rank):
        return _rank_goal(target, text, units)
    if isinstance(target, Compare):
        return _compare_goal(target, text)
    head, _, rest = text.partition(" ")
    if head in _OPERATORS and head != "between":
        return {head: amount_text(target, rest, units)}
    try:
        quantity = parse(rest if head == "between" else text, units)
    except QuantityError as error:
        raise UnreadableFigureError(target, error.message, error.hint) from None
    if quantity.value2 is not None:
        return {
            "between": [
                _written(value, quantity.unit, quantity.scale) for value in (quantity.value, quantity.value2)
            ]
        }
    if quantity.op is Op.RANK or quantity.hedge or head == "between" or not quantity.unit:
        raise UnreadableFigureError(
            target, f"“{text}”不能作目标值", "写成 at_least 8 家、≥8家 或 15-20亿元 这样，带单位"
        )
    current = target.goal.op if target.goal.op != "between" else "reach"
    op = current if quantity.op is None else _OF_OP[quantity.op]
    return {op: _written(quantity.value, quantity.unit, quantity.scale)}


def _stretch(target: Any, texts: Sequence[str], units: UnitTable, today: date) -> list[dict[str, Any]]:
    return [_goal(target, text, units, today) for text in texts]


def _rank_goal(target: Any, text: str, units: UnitTable) -> dict[str, Any]:
    moved = re.fullmatch(r"(?:up|提升|上升)\s*(\d+)\s*位?", text)
    if moved:
        return {"up": int(moved[1])}
    try:
        quantity = parse(text.removeprefix("within").strip(), units)
    except QuantityError as error:
        raise UnreadableFigureError(target, error.message, error.hint) from None
    if (
        quantity.unit not in {"", "位", "名"}
        or quantity.value < 1
        or quantity.value.denominator != 1
        or quantity.value2
    ):
        raise UnreadableFigureError(target, f"“{text}”不是位次目标", "写成 前三、第一 或 提升2位")
    return {"within": int(quantity.value)}


def _compare_goal(target: Any, text: str) -> dict[str, Any]:
    for word, op in _SIDES.items():
        if text.startswith(word) and text.removeprefix(word).strip():
            return {op: text.removeprefix(word).strip()}
    raise UnreadableFigureError(target, f"“{text}”没有写在哪一侧", "写成 高于全省平均、不低于全国平均 这样")


def _day(target: Any, text: str, _: UnitTable, today: date) -> date:
    try:
        return read_date(text, today)
    except DateError as error:
        raise UnreadableFigureError(target, error.message, error.hint) from None


def _baseline(target: Any, text: str, units: UnitTable, _today: date) -> Any:
    if not isinstance(target, Rank):
        return amount_text(target, text, units)
    match = re.fullmatch(r"第?(\d+)[位名]?", text.strip())
    if not match:
        raise UnreadableFigureError(target, f"“{text}”不是位次", "写成 第5位 这样")
    return int(match[1])


def _plan(target: Any, texts: Sequence[str], units: UnitTable, today: date) -> list[dict[str, Any]]:
    points = []
    for text in texts:
        day, equals, value = text.partition("=")
        if not equals:
            raise UnreadableFigureError(
                target, f"“{text}”不是计划数", "写成 --plan 2023-06-30=8亿美元，可写多次"
            )
        points.append({"on": _day(target, day, units, today), "value": amount_text(target, value, units)})
    return sorted(points, key=lambda point: point["on"])


def _weight(target: Any, text: str, _: UnitTable, _today: date) -> Plain:
    text = text.strip()
    try:
        good = Fraction(text) > 0 and re.fullmatch(r"\d+(\.\d+)?|\d+/\d+", text) is not None
    except (ValueError, ZeroDivisionError):
        good = False
    if not good:
        raise UnreadableFigureError(target, f"“{text}”不能作权重", "写一个大于零的数，如 2、0.5 或 1/3")
    return Plain(text)


def _line(target: Any, text: str, _: UnitTable, _today: date) -> str:
    line = " ".join(text.split())
    if not line:
        raise UnreadableFigureError(target, "新的写法是空的", "写上内容")
    return line


def amount_text(target: Any, text: str, units: UnitTable) -> str:
    """Return a plain amount with its unit as files write it: `8 家`.

    Raises:
        UnreadableFigureError: when it is none, or has no unit.
    """
    try:
        amount = parse_amount(text.strip(), units)
    except QuantityError as error:
        raise UnreadableFigureError(target, error.message, error.hint) from None
    if not amount.unit:
        raise UnreadableFigureError(target, f"“{text}”没有写单位", f"写成 {text.strip()} {target.unit}")
    return _spaced(" ".join(text.split()))


def _written(value: Fraction, unit: str, scale: int) -> str:
    return _spaced(format_amount(value, unit, scale))


def _spaced(text: str) -> str:
    return re.sub(r"^([0-9][0-9.,/]*)(?=[^0-9.,/\s])", r"\1 ", text)


WORDS: Mapping[str, str] = {
    "goal": "目标值",
    "stretch": "争取目标",
    "name": "名称",
    "due": "应完成日期",
    "weight": "权重",
    "baseline": "基期数",
    "plan": "分时段计划",
    "unit": "单位（写在目标值里，如 --goal '≥16亿元'）",
}
_READERS: Mapping[str, Reader] = {
    "goal": _goal,
    "stretch": _stretch,
    "name": _line,
    "due": _day,
    "weight": _weight,
    "baseline": _baseline,
    "plan": _plan,
    "unit": _line,
}
