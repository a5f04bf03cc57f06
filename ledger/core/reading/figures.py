"""Reads a report as the figures of an entry: one reader for each kind of target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ledger.core.models import Accumulate, Change, Compare, Judgement, Level, Milestone, Rank, Target
from ledger.core.quantity import Op, QuantityError, parse
from ledger.core.reading.amounts import PERCENT_UNITS, Hints, full_amount, parse_figure
from ledger.core.reading.errors import UnreadableFigureError, naming_figure
from ledger.core.reading.expected import example, expected, unit_word
from ledger.core.reading.words import BASIS_NAMES, DONE, NOTHING, OPTIONS, VERDICTS, split_basis
from ledger.core.units import UnitTable

_RISE = ("同比增长", "增长", "上升", "增加", "提高", "提升", "上涨")
_FALL = ("同比下降", "负增长", "下降", "降低", "减少", "下滑", "回落")
_SIGNED = r"[-−－+＋负負]"
_TWO_YEARS = r"本期(?:数)?\s*(?P<current>.+?)[\s，,、；]+(?:上年)?同期(?:数)?\s*(?P<base>.+)"
_PLACE = r"(?P<rank>.+?)\s*(?:/|／|[，,、\s]共|共)\s*(?P<of>\d+)\s*[个家名位]?"
_REFERENCE = r"(?P<value>.+?)[\s，,、；]*(?:参照值|参照|{name})\s*(?P<benchmark>.+)"


def read_figures(target: Target, text: str | None, hints: Hints, units: UnitTable) -> dict[str, Any]:
    """Return the figure keys of an entry for `target`, quantities in full: number, multiplier and unit.

    Raises:
        BareNumberError: when the unit is missing and is more than a plain word.
        UnreadableFigureError: for any other text that the target cannot take, with what it expects.
    """
    for option in hints.named:
        if option not in OPTIONS.get(type(target), ()):
            raise UnreadableFigureError(
                target, f"用不上 --{option}", f"去掉 --{option}；这个目标要写{expected(target)}"
            )
    if hints.basis is not None and not isinstance(target, Accumulate):
        raise UnreadableFigureError(
            target,
            "用不上 --total 和 --add，只有累计类目标分新增和累计",
            f"去掉 --{hints.basis}；这个目标要写{expected(target)}",
        )
    text = (text or "").strip()
    if not text and not (isinstance(target, Change) and hints.named):
        raise UnreadableFigureError(target, "没有写数量")
    if text in NOTHING:
        raise UnreadableFigureError(
            target, f"“{text}”不是数", "没有进展的照报累计数；没法统计的，加上 --none --reason 原因"
        )
    figures: dict[str, Any] = _READERS.get(type(target), _single)(target, text, hints, units)
    return figures


def gives_benchmark(target: Compare, text: str) -> bool:
    """Whether a text gives the figure compared with beside the target's own: `5.2% 参照 4.8%`."""
    return re.fullmatch(_REFERENCE.format(name=re.escape(target.goal.benchmark)), text) is not None


def _accumulate(target: Accumulate, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    written, body = split_basis(text)
    if written and hints.basis and written != hints.basis:
        raise UnreadableFigureError(
            target,
            f"“{text}”和所选的“{BASIS_NAMES[hints.basis]}”不一致",
            f"两处写成一样，如只写 {body}",
        )
    basis = written or hints.basis or hints.last_basis or "add"
    return {basis: full_amount(target, body, hints, units)}


def _single(target: Any, text: str, _: Hints, units: UnitTable) -> dict[str, Any]:
    """Read the only figure of a kind that takes a plain amount, in whatever unit; the kind says which units it can add up."""
    parse_figure(target, text, units)
    return {target.figure: text}


def _level(target: Level, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    return {"value": full_amount(target, text, hints, units)}


def _change(target: Change, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    named = dict(hints.named)
    if years := re.fullmatch(_TWO_YEARS, text):
        if named:
            raise UnreadableFigureError(target, "本期数和同期数写了两遍", "只在一处写")
        text, named = "", years.groupdict()
    if named:
        named = {**hints.kept, **named}
    else:
        return {"value": _rate(target, text, hints, units)}
    if text:
        raise UnreadableFigureError(
            target, "增减幅度和 --current、--base 只能写一样", "只写增减幅度，或只写 --current 和 --base"
        )
    if set(named) != {"current", "base"}:
        raise UnreadableFigureError(
            target, "--current 和 --base 要一起写", "--current 是本期数，--base 是上年同期数，单位相同"
        )
    current = parse_figure(target, named["current"].strip(), units)
    with naming_figure("base"):
        base = parse_figure(target, named["base"].strip(), units)
        if target.unit in PERCENT_UNITS and {current.unit, base.unit} & PERCENT_UNITS:
            raise UnreadableFigureError(
                target,
                f"本期数“{named['current']}”已经是增减幅度，同期数不用填",
                f"只写增减幅度，如 {example(target)}",
            )
    return {key: named[key].strip() for key in ("current", "base")}


def _rate(target: Change, text: str, hints: Hints, units: UnitTable) -> str:
    """Read a rate with or without a word of direction, as the target counts it: its own direction is positive."""
    for words, direction in ((_RISE, "increase"), (_FALL, "decrease")):
        for word in words:
            body = text.removeprefix(word).strip() if text.startswith(word) else ""
            if not body:
                continue
            if re.match(_SIGNED, body):
                raise UnreadableFigureError(
                    target, f"“{text}”的方向写了两遍", f"写成 {word}{body[1:].strip()}"
                )
            amount = full_amount(target, body, hints, units)
            return amount if direction == target.direction else f"-{amount}"
    return full_amount(target, text, hints, units)


def _rank(target: Rank, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    of = hints.named.get("of")
    if place := re.fullmatch(_PLACE, text):
        if of is not None and int(place["of"]) != _count(target, of):
            raise UnreadableFigureError(target, f"一共几个在排写了 {place['of']} 和 {of}", "只在一处写")
        text, of = place["rank"], place["of"]
    of = of or hints.kept.get("of")
    try:
        quantity = parse(text, units)
    except QuantityError as error:
        raise UnreadableFigureError(target, error.message, error.hint) from None
    if (
        quantity.op not in {None, Op.RANK}
        or quantity.unit not in {"", "位", "名"}
        or quantity.value.denominator != 1
        or quantity.value < 1
    ):
        raise UnreadableFigureError(target, f"“{text}”不是位次", "写出是第几位，如 第3位")
    if text.startswith("前"):
        raise UnreadableFigureError(target, f"“{text}”是一个范围，不是位次", "写出是第几位，如 第3位")
    figures: dict[str, Any] = {"rank": int(quantity.value)}
    if of is not None:
        with naming_figure("of"):
            figures["of"] = _count(target, of)
    return figures


def _count(target: Rank, text: str) -> int:
    digits = re.fullmatch(r"共?\s*(\d{1,6})\s*[个家名位]?", text.strip())
    if digits is None or int(digits[1]) < 1:
        raise UnreadableFigureError(target, f"“{text}”不是参加排名的个数", "如 --of 11，或写成 第3位/11")
    return int(digits[1])


def _compare(target: Compare, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    name = target.goal.benchmark
    benchmark = hints.named.get("benchmark")
    if benchmark is None:
        both = re.fullmatch(_REFERENCE.format(name=re.escape(name)), text)
        if both is not None:
            text, benchmark = both["value"], both["benchmark"]
        elif "benchmark" in hints.kept:
            benchmark = hints.kept["benchmark"]
        else:
            raise UnreadableFigureError(
                target,
                f"缺少参照值（{name}）",
                f"加上 --benchmark，如 --benchmark 4.8{unit_word(target)}（{name}）",
            )
    value = full_amount(target, text.strip(), hints, units)
    with naming_figure("benchmark"):
        return {"value": value, "benchmark": full_amount(target, benchmark.strip(), hints, units)}


def _milestone(target: Milestone, text: str, _: Hints, __: UnitTable) -> dict[str, Any]:
    steps = target.all_steps
    keys = {step.key for step in steps}
    if text in keys:
        return {"step": text}
    name = re.sub(r"^已?完成[:：\s]*(?=.)", "", text)
    for word in dict.fromkeys((text, name)):
        named = [step.key for step in steps if step.name == word] or [
            step.key for step in steps if word and word in step.name
        ]
        if len(named) == 1:
            return {"step": named[0]}
    if len(steps) == 1 and text in DONE:
        return {"step": steps[0].key}
    known = "、".join(f"{step.name}（{step.key}）" for step in steps)
    raise UnreadableFigureError(
        target, f"没有步骤“{text}”", f"写其中一步：{known}" if len(steps) > 1 else "做成了就写 完成"
    )


def _judgement(target: Judgement, text: str, _: Hints, __: UnitTable) -> dict[str, Any]:
    if text not in VERDICTS:
        from difflib import get_close_matches  # for mistakes alone

        close = get_close_matches(text, VERDICTS, n=1)
        raise UnreadableFigureError(target, f"“{text}”不是评定", f"是不是 {close[0]}？" if close else "")
    return {"verdict": VERDICTS[text]}


_READERS: Mapping[type, Any] = {
    Accumulate: _accumulate,
    Level: _level,
    Change: _change,
    Rank: _rank,
    Compare: _compare,
    Milestone: _milestone,
    Judgement: _judgement,
}
