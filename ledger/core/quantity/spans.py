"""Ranges: two amounts of one unit, where the first may borrow unit and multiplier from the second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.core.quantity import amount
from ledger.core.quantity.amount import Amount
from ledger.core.quantity.format import format_amount
from ledger.core.quantity.model import NumberSyntaxError
from ledger.core.units import UnitTable
from ledger.core.units.lazy import LazyPattern

_ABOUT = LazyPattern(r"(?:左右|上下|前后)$")
_AND = LazyPattern(r"(?<=.)[和与](?=.)")
_SEPARATOR = LazyPattern(r"(?<=.)(?:至|到|~|〜|∼|–|——|—|――|―|‐|‑|-)(?=.)")
# 三至五十 may be 3–50 or 30–50: a lone digit before a round number.
_ROUND = LazyPattern(r"[一二三四五六七八九两][十百千]")
_LONE = LazyPattern(r"[一二三四五六七八九两]")


@contextmanager
def _kept(before: str = "", behind: str = "") -> Iterator[None]:
    """Keep the other end of a range in the readings that a refusal of one end offers."""
    try:
        yield
    except NumberSyntaxError as problem:
        readings = tuple(f"{before}{reading}{behind}" for reading in problem.readings)
        raise NumberSyntaxError(problem.reason, problem.hint, readings) from None


def read_range(text: str, units: UnitTable) -> tuple[Amount, Amount] | None:
    """Both ends of a range, the lower first; None where the text has no sign of a range. Raises NumberSyntaxError."""
    both = _fronted(text, units)
    if both is not None:
        return both
    plain = text.removesuffix("之间")
    separator = _SEPARATOR.search(plain)
    if separator is None and plain != text:
        separator = _AND.search(plain)
    if separator is None:
        return None
    text = plain
    if separator[0] in "至到" and text.startswith("从"):
        return read_range(text[1:], units)
    left_text, right_text = text[: separator.start()], text[separator.end() :]
    if separator[0] == "-" and right_text[0] == "-":
        raise NumberSyntaxError("连着两个“-”，不知是范围还是负数", "范围请用“至”，例如“-5%至-3%”")
    if separator[0] == "-" and left_text[0] == "-" and left_text != "-":
        raise NumberSyntaxError(
            "第二个“-”是范围号还是负号，有两种可能",
            readings=(f"{left_text}至{right_text}", f"{left_text}至-{right_text}"),
        )
    if _SEPARATOR.search(right_text):
        raise NumberSyntaxError("不止一个范围号", "范围只写两端，例如“15-20亿元”")
    around = _ABOUT.search(right_text)
    if around:
        raise NumberSyntaxError(f"范围后面又有“{around[0]}”", readings=(text[: -len(around[0])],))
    with _kept(before=text[: separator.end()]):
        right = amount.read_amount(_borrow_front(left_text, right_text), units)
    with _kept(behind=text[separator.start() :]):
        left = amount.read_amount(_borrow_back(left_text, right_text), units)
    low, high = _share(left, right, left_text, right_text, units)
    if low.value >= high.value:
        raise NumberSyntaxError("范围的前一个数不小于后一个数", "范围请从小到大写，例如“15-20亿元”")
    return low, high


def _fronted(text: str, units: UnitTable) -> tuple[Amount, Amount] | None:
    """人民币5-10亿元, 每人5-10万元: what stands before the first end holds for both, unless the second has its own."""
    front = amount.front(text)
    rest = text[len(front) :]
    separator = _SEPARATOR.search(rest) if front else None
    if separator is None or amount.front(rest[separator.end() :]):
        return None
    both = read_range(rest, units)
    if both is None:
        return None
    return amount.with_front(front, both[0], units), amount.with_front(front, both[1], units)


def _borrow_front(left: str, right: str) -> str:
    """百分之五到八: the second end has the 百分之 of the first."""
    for prefix in ("百分之", "千分之"):
        if left.startswith(prefix) and "分之" not in right:
            return prefix + right
    return right


def _borrow_back(left: str, right: str) -> str:
    """五至八成: the first end has the 成 of the second."""
    return left + "成" if right.endswith("成") and "成" not in left else left


def _share(
    left: Amount, right: Amount, left_text: str, right_text: str, units: UnitTable
) -> tuple[Amount, Amount]:
    if left.unit and right.unit and not units.same(left.unit, right.unit):
        raise NumberSyntaxError(f"两端的单位不同：“{left.unit}”和“{right.unit}”", "范围两端请用同一个单位")
    if left.unit and not right.unit:
        raise NumberSyntaxError("范围的后一个数没有单位", f"请写成“{left_text}至{right_text}{left.unit}”")
    left_amount = Amount(left.number, right.unit)
    if left.unit or left.scale != 1 or right.scale == 1:
        _check_round(left_text, right_text, left, right)
        return left_amount, right
    _check_round(left_text, right_text, left, right)
    shared = Amount(left.number._replace(value=left.value * right.scale, scale=right.scale), right.unit)
    if shared.value >= right.value:
        readings = [_show(low, right) for low in _unshared(left, right) if low.value < right.value]
        if readings:
            raise NumberSyntaxError("前一个数若也带后面的“万”“亿”，就比后一个数大", readings=tuple(readings))
    return shared, right


def _unshared(left: Amount, right: Amount) -> list[Amount]:
    """Other multipliers the first end may have had: none, or the 万 of a 千万; only where the ends stay near each other."""
    scales = [1] + [step for step in (10**4, 10**8) if step < right.scale]
    ends = [Amount(left.number._replace(value=left.value * s, scale=s), right.unit) for s in scales]
    return [end for end in ends if end.value * 1000 >= right.value]


def _check_round(left_text: str, right_text: str, left: Amount, right: Amount) -> None:
    match = _ROUND.match(right_text) if _LONE.fullmatch(left_text) else None
    if match and right.number.coefficient >= 10 and left.value < right.value:
        power = {"十": 10, "百": 100, "千": 1000}[right_text[1]]
        raise NumberSyntaxError(
            "前一个数是否也带“十”“百”“千”，有两种可能",
            readings=(f"{left.value}至{right_text}", f"{left.value * power}至{right_text}"),
        )


def _show(low: Amount, high: Amount) -> str:
    return f"{format_amount(low.value, '', low.scale)}至{format_amount(high.value, high.unit, high.scale)}"
