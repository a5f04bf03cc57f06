"""Turns what was typed for a target into the entry's figures, by the target's kind; refuses rather than guesses."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from ledger.core.errors import LedgerError
from ledger.core.models import Accumulate, Change, Compare, Judgement, Level, Milestone, Rank, Target
from ledger.core.quantity import Op, QuantityError, format_amount, parse, parse_amount
from ledger.core.units import UnitTable

RUNNING_TOTAL = ("累计", "总计", "共计")
INCREASE = ("新增", "本月", "本期", "增加", "增")
DONE = {"完成", "已完成", "done", "是", "做完"}
VERDICTS = {
    "达到": "met",
    "已达到": "met",
    "met": "met",
    "未达到": "unmet",
    "没达到": "unmet",
    "unmet": "unmet",
}

EXPECTED: Mapping[type, str] = {
    Accumulate: "本期新增，如 2家；年初至今的累计数加 --total，如 4家 --total",
    Level: "当前值，如 380亿元",
    Change: "增减幅度，如 12%（下降的幅度写正数）；或用 --current 本期数 --base 上年同期数",
    Rank: "名次，如 第3位",
    Compare: "本地的数，并用 --benchmark 写参照值，如 5.2% --benchmark 4.8%",
    Milestone: "完成的步骤名或代号；只有一步的写 完成",
    Judgement: "督查的评定：达到 或 未达到",
}


class UnreadableFigureError(LedgerError):
    """What was typed is no figure this target takes."""

    def __init__(self, target: Target, why: str, hint: str = "") -> None:
        super().__init__(f"{target.name}：{why}", hint or f"这个目标要写{EXPECTED[type(target)]}")


def figures_of(
    target: Target, amount: str | None, named: Mapping[str, str], *, running_total: bool, units: UnitTable
) -> dict[str, Any]:
    """Return the figure keys of an entry for `target`.

    `amount` is the plain figure, `named` those given by option (`current`, `base`, `benchmark`, `of`).

    Raises:
        UnreadableFigureError: with what this kind of target expects.
    """
    for option in named:
        if option not in _OPTIONS.get(type(target), ()):
            raise UnreadableFigureError(target, f"用不上 --{option}")
    if running_total and not isinstance(target, Accumulate):
        raise UnreadableFigureError(target, "用不上 --total，只有累计类目标有累计数")
    if amount is None and not (isinstance(target, Change) and named):
        raise UnreadableFigureError(target, "没有写数量")
    return _READERS[type(target)](target, (amount or "").strip(), named, running_total, units)


def unit_word(target: Target) -> str:
    """Return the unit with its multiplier in which a target's goal is written: `亿元`, `家`; nothing where it has none."""
    if isinstance(target, Compare):
        return target.unit or "%"
    if not isinstance(target, (Accumulate, Level, Change)):
        return ""
    one = format_amount(Fraction(target.scale), target.unit, target.scale)
    return one[1:] if one.startswith("1") and not one[1:2].isdigit() else target.unit


def without_prefix(text: str) -> tuple[str, str]:
    """Split a word like 累计 or 增 from the figure behind it."""
    for word in (*RUNNING_TOTAL, *INCREASE):
        if text.startswith(word):
            return text.removeprefix(word).strip(), word
    return text, ""


def _accumulate(
    target: Any, amount: str, _: Mapping[str, str], running_total: bool, units: UnitTable
) -> dict[str, Any]:
    for word in RUNNING_TOTAL:
        if amount.startswith(word):
            running_total, amount = True, amount.removeprefix(word).strip()
    for word in INCREASE:
        if amount.startswith(word) and not running_total:
            amount = amount.removeprefix(word).strip()
            break
    return {"total" if running_total else "add": _amount(target, amount, units)}


def _level(target: Any, amount: str, _: Mapping[str, str], __: bool, units: UnitTable) -> dict[str, Any]:
    return {"value": _amount(target, amount, units)}


def _change(target: Any, amount: str, named: Mapping[str, str], _: bool, units: UnitTable) -> dict[str, Any]:
    if not named:
        return {"value": _amount(target, amount, units)}
    if amount:
        raise UnreadableFigureError(target, "增减幅度和 --current、--base 只能写一样")
    if set(named) != {"current", "base"}:
        raise UnreadableFigureError(target, "--current 和 --base 要一起写")
    return {key: _bare_amount(target, named[key], units) for key in ("current", "base")}


def _rank(target: Any, amount: str, named: Mapping[str, str], _: bool, units: UnitTable) -> dict[str, Any]:
    try:
        read = parse(amount, units)
    except QuantityError as error:
        raise UnreadableFigureError(target, error.message, error.hint) from None
    if (
        read.op not in {None, Op.RANK}
        or read.unit not in {"", "位", "名"}
        or read.value.denominator != 1
        or read.value < 1
    ):
        raise UnreadableFigureError(target, f"“{amount}”不是名次")
    if amount.startswith("前"):
        raise UnreadableFigureError(target, f"“{amount}”是一个范围，不是名次", "写出是第几位，如 第3位")
    figures: dict[str, Any] = {"rank": int(read.value)}
    if "of" in named:
        if not named["of"].isdecimal():
            raise UnreadableFigureError(
                target, f"--of 要写参加排名的个数，这里是 {named['of']}", "如 --of 11"
            )
        figures["of"] = int(named["of"])
    return figures


def _compare(target: Any, amount: str, named: Mapping[str, str], _: bool, units: UnitTable) -> dict[str, Any]:
    if "benchmark" not in named:
        raise UnreadableFigureError(
            target,
            f"缺少参照值（{target.goal.benchmark}）",
            f"加上 --benchmark，如 --benchmark 4.8%（{target.goal.benchmark}）",
        )
    return {
        "value": _bare_amount(target, amount, units),
        "benchmark": _bare_amount(target, named["benchmark"], units),
    }


def _milestone(target: Any, amount: str, _: Mapping[str, str], __: bool, ___: UnitTable) -> dict[str, Any]:
    steps = {step.key: step for step in target.all_steps}
    if amount in steps:
        return {"step": amount}
    named = [step.key for step in steps.values() if step.name == amount] or [
        step.key for step in steps.values() if amount and amount in step.name
    ]
    if len(named) == 1:
        return {"step": named[0]}
    if len(steps) == 1 and amount in DONE:
        return {"step": next(iter(steps))}
    known = "、".join(f"{step.name}（{step.key}）" for step in steps.values())
    raise UnreadableFigureError(
        target, f"没有步骤“{amount}”", f"写其中一步：{known}" if len(steps) > 1 else "做成了就写 完成"
    )


def _judgement(target: Any, amount: str, _: Mapping[str, str], __: bool, ___: UnitTable) -> dict[str, Any]:
    if amount not in VERDICTS:
        close = get_close_matches(amount, VERDICTS, n=1)
        raise UnreadableFigureError(target, f"“{amount}”不是评定", f"是不是 {close[0]}？" if close else "")
    return {"verdict": VERDICTS[amount]}


_OPTIONS: Mapping[type, tuple[str, ...]] = {
    Change: ("current", "base"),
    Rank: ("of",),
    Compare: ("benchmark",),
}
_READERS = {
    Accumulate: _accumulate,
    Level: _level,
    Change: _change,
    Rank: _rank,
    Compare: _compare,
    Milestone: _milestone,
    Judgement: _judgement,
}


def _amount(target: Any, text: str, units: UnitTable) -> str:
    """Check that a text is a plain amount in a unit that the target can be counted in, and return it as typed.

    Currencies pass here: whether a dated rate is at hand is for the arithmetic to say.
    """
    try:
        read = parse_amount(text, units)
    except QuantityError as error:
        raise UnreadableFigureError(target, error.message, _in_unit(target, error.hint)) from None
    if read.unit == "":
        unit = unit_word(target) if read.scale == 1 else target.unit
        raise UnreadableFigureError(target, f"“{text}”没有写单位", f"写成 {text}{unit}")
    return text


def _bare_amount(target: Any, text: str, units: UnitTable) -> str:
    try:
        parse_amount(text, units)
    except QuantityError as error:
        raise UnreadableFigureError(target, error.message, _in_unit(target, error.hint)) from None
    return text


def _in_unit(target: Any, hint: str) -> str:
    """Add the target's own unit: of two near units it is mostly the one that was meant."""
    return f"{hint}{'' if hint.endswith('？') or not hint else '；'}这个目标按“{target.unit}”报"
