"""Reads what a person reports for a target: a text and its hints → the figures of an entry. Every route uses `read_figures`.

The command line, the walk, the sheet and corrections differ only in the hints they can give: an option or a cell that says
whether an accumulated figure is an increment or a running total, a unit written in a cell of its own, figures given by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, Literal

from ledger.core.errors import LedgerError
from ledger.core.models import Accumulate, Change, Compare, Judgement, Level, Milestone, Rank, Target
from ledger.core.progress.percent import percent
from ledger.core.quantity import Op, Quantity, QuantityError, format_amount, parse, parse_amount
from ledger.core.structs import FrozenStruct
from ledger.core.units import UnitTable

Basis = Literal["add", "total"]

BASIS_WORDS: Mapping[str, Basis] = {
    **dict.fromkeys(("本期新增", "本月新增", "当月新增", "新增", "本月", "本期", "增加", "增"), "add"),
    **dict.fromkeys(
        ("年初至今累计", "年初累计", "本年累计", "今年累计", "年累计", "累计", "总计", "共计"), "total"
    ),
}
"""Words in front of an accumulated figure, or in the cell beside it: longer ones before those they begin with."""
BASIS_NAMES: Mapping[Basis, str] = {"add": "本期新增", "total": "年初累计"}
DONE = frozenset(("完成", "已完成", "done", "是", "做完"))
VERDICTS: Mapping[str, Literal["met", "unmet"]] = {
    "达到": "met",
    "已达到": "met",
    "met": "met",
    "未达到": "unmet",
    "没达到": "unmet",
    "unmet": "unmet",
}
OPTIONS: Mapping[type, tuple[str, ...]] = {
    Change: ("current", "base"),
    Rank: ("of",),
    Compare: ("benchmark",),
}
"""The figures that may be given by name, by the kind of target."""
NOTHING = frozenset(("-", "—", "——", "－", "/", "／", "无", "暂无", "没有"))
"""What people write where they have no figure."""
_PERCENT = frozenset(("%", "‰"))
_MULTIPLIERS = (1, 10**4, 10**8, 10**12)
_RISE = ("同比增长", "增长", "上升", "增加", "提高", "提升", "上涨")
_FALL = ("同比下降", "负增长", "下降", "降低", "减少", "下滑", "回落")
_SIGNED = re.compile(r"[-−－+＋负負]")
_TWO_YEARS = re.compile(r"本期(?:数)?\s*(?P<current>.+?)[\s，,、；]+(?:上年)?同期(?:数)?\s*(?P<base>.+)")
_PLACE = re.compile(r"(?P<rank>.+?)\s*(?:/|／|[，,、\s]共|共)\s*(?P<of>\d+)\s*[个家名位]?")
_REFERENCE = r"(?P<value>.+?)[\s，,、；]*(?:参照值|参照|{name})\s*(?P<benchmark>.+)"


class UnreadableFigureError(LedgerError):
    """A text that is no figure for its target."""

    def __init__(self, target: Target, why: str, hint: str = "") -> None:
        super().__init__(f"{target.name}：{why}", hint or f"这个目标要写{expected(target)}")
        self.figure = ""
        """The figure given by name that is wrong; empty for the amount itself."""


class BareNumberError(UnreadableFigureError):
    """A number without its unit where the unit has a multiplier or is a percentage; `choices` are its full spellings."""

    def __init__(
        self, target: Target, text: str, choices: tuple[str, ...], meanings: tuple[str, ...]
    ) -> None:
        spellings = zip(choices, meanings, strict=True)
        listed = " 或 ".join(
            f"{spelling}（{meaning}）" if meaning else spelling for spelling, meaning in spellings
        )
        super().__init__(target, f"“{text}”没有写单位", f"写成 {listed}")
        self.choices = choices
        self.meanings = meanings


class Hints(FrozenStruct):
    """What is known about a text besides its characters.

    `basis` is chosen by an option or a cell, `last_basis` that of the target's last entry, taken where nothing else says.
    `unit` is written in a cell beside the figure. `typed` is false for a number cell of an office program.
    `named` holds the figures given by name: `current`, `base`, `benchmark`, `of`; `kept` those of a corrected entry, which
    stand where neither the text nor `named` gives another.
    """

    basis: Basis | None = None
    last_basis: Basis | None = None
    unit: str = ""
    typed: bool = True
    named: Mapping[str, str] = {}
    kept: Mapping[str, str] = {}


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


def unit_word(target: Target) -> str:
    """Return the unit with its multiplier in which a target's goal is written: `亿元`, `家`; nothing where it has none."""
    if isinstance(target, Compare):
        return target.unit or "%"
    if not isinstance(target, (Accumulate, Level, Change)):
        return ""
    unit_amount = format_amount(Fraction(target.scale), target.unit, target.scale)
    return unit_amount[1:] if unit_amount.startswith("1") and not unit_amount[1:2].isdigit() else target.unit


def example(target: Target) -> str:
    """Return a figure of the target's own size: a twelfth of an accumulated goal, any other goal itself."""
    if isinstance(target, Compare):
        return f"5.2{unit_word(target)}"
    if not isinstance(target, (Accumulate, Level, Change)):
        return ""
    value = Fraction(target.goal.figure.value)
    if isinstance(target, Accumulate):
        value = (
            _rounded(value / 12 / target.scale, whole=target.scale == 1 and value.denominator == 1)
            * target.scale
        )
    return format_amount(value, target.unit, target.scale)


def expected(target: Target) -> str:
    """Say what a target takes as its figure, with an example of its own size."""
    amount = example(target)
    if isinstance(target, Accumulate):
        return f"本期新增，如 增{amount}；或年初至今的累计数，如 累计{amount}"
    if isinstance(target, Level):
        return f"当前的数，如 {amount}"
    if isinstance(target, Change) and target.direction == "decrease":
        return f"降幅，如 下降{amount}；反而上升的写 上升{amount}；也可以写 本期… 同期…"
    if isinstance(target, Change):
        return f"增幅，如 增长{amount}；下降的写 下降{amount}；也可以写 本期… 同期…"
    if isinstance(target, Rank):
        return "位次，如 第3位；也可以写一共几个在排，如 第3位/11"
    if isinstance(target, Compare):
        return f"本地的数和{target.goal.benchmark}的数，如 {amount} 参照 4.8{unit_word(target)}"
    if isinstance(target, Milestone):
        steps = "、".join(f"{step.name}（{step.key}）" for step in target.steps)
        return f"做成的一步：{steps}" if len(target.steps) > 1 else "完成（做成了才写）"
    return target.prompt


def split_basis(text: str) -> tuple[Basis | None, str]:
    """Split a word like 累计 or 增 from the figure behind it."""
    for word, basis in BASIS_WORDS.items():
        if text.startswith(word):
            return basis, text.removeprefix(word).lstrip(" 　:：")
    return None, text


@contextmanager
def _about(figure: str) -> Iterator[None]:
    """Name the figure that an error is about."""
    try:
        yield
    except UnreadableFigureError as error:
        error.figure = figure
        raise


def _rounded(value: Fraction, *, whole: bool) -> Fraction:
    """Round to two significant digits, and to a whole number from 1 where things are counted."""
    if whole:
        return Fraction(max(1, round(value)))
    step = Fraction(1)
    while value and abs(value) < 10 * step:
        step /= 10
    return round(value / step) * step


def _accumulate(target: Accumulate, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    written, body = split_basis(text)
    if written and hints.basis and written != hints.basis:
        raise UnreadableFigureError(
            target,
            f"“{text}”和所选的“{BASIS_NAMES[hints.basis]}”不一致",
            f"两处写成一样，如只写 {body}",
        )
    basis = written or hints.basis or hints.last_basis or "add"
    return {basis: _amount(target, body, hints, units)}


def _single(target: Any, text: str, _: Hints, units: UnitTable) -> dict[str, Any]:
    """Read the only figure of a kind that takes a plain amount, in whatever unit; the kind says which units it can add up."""
    _parsed(target, text, units)
    return {target.figure: text}


def _level(target: Level, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    return {"value": _amount(target, text, hints, units)}


def _change(target: Change, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    named = dict(hints.named)
    if years := _TWO_YEARS.fullmatch(text):
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
    current = _parsed(target, named["current"].strip(), units)
    with _about("base"):
        base = _parsed(target, named["base"].strip(), units)
        if target.unit in _PERCENT and {current.unit, base.unit} & _PERCENT:
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
            if _SIGNED.match(body):
                raise UnreadableFigureError(
                    target, f"“{text}”的方向写了两遍", f"写成 {word}{body[1:].strip()}"
                )
            amount = _amount(target, body, hints, units)
            return amount if direction == target.direction else f"-{amount}"
    return _amount(target, text, hints, units)


def _rank(target: Rank, text: str, hints: Hints, units: UnitTable) -> dict[str, Any]:
    of = hints.named.get("of")
    if place := _PLACE.fullmatch(text):
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
        with _about("of"):
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
    value = _amount(target, text.strip(), hints, units)
    with _about("benchmark"):
        return {"value": value, "benchmark": _amount(target, benchmark.strip(), hints, units)}


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


def _amount(target: Any, text: str, hints: Hints, units: UnitTable) -> str:
    """Return an amount in full, its unit added only where that cannot change what was meant.

    Currencies pass here: whether a dated rate is at hand is for the arithmetic to say.
    """
    quantity = _parsed(target, text, units)
    plain = target.unit or ("%" if isinstance(target, Compare) else "")
    if quantity.unit or not plain:
        return text
    word = unit_word(target)
    if quantity.scale != 1:
        unit = hints.unit if hints.unit == plain else plain
        raise UnreadableFigureError(target, f"“{text}”没有写单位", f"写成 {text}{unit}")
    unit = hints.unit.strip() or (word if word == plain else "")
    if unit in _PERCENT and (not hints.unit or not hints.typed or 0 < abs(quantity.value) < 1):
        unit = ""
    if not unit:
        raise _bare_number(target, text, quantity, plain)
    if hints.unit:
        with _about("unit"):
            _parsed_unit(target, f"{text}{unit}", hints.unit, units)
    return f"{text}{unit}"


def _parsed_unit(target: Any, text: str, unit: str, units: UnitTable) -> None:
    try:
        parse_amount(text, units)
    except QuantityError:
        raise UnreadableFigureError(
            target, f"“{unit}”不是单位", f"改成这个目标的单位 {unit_word(target)}，或把单位写在数后面"
        ) from None


def _bare_number(target: Any, text: str, quantity: Quantity, plain: str) -> BareNumberError:
    if plain in _PERCENT:
        hundredfold = format_amount(quantity.value * 100, plain)
        return BareNumberError(target, text, (f"{text}{plain}", hundredfold), ("", ""))
    goal = Fraction(target.goal.figure.value)

    def distance(scale: int) -> Fraction:
        value = abs(quantity.value) * scale
        return max(value / goal, goal / value) if value and goal > 0 else Fraction(scale)

    own_scale = target.scale
    nearest = min(_MULTIPLIERS, key=distance)
    other = (
        max((scale for scale in _MULTIPLIERS if scale < own_scale), default=own_scale)
        if nearest == own_scale
        else nearest
    )
    chosen = sorted((other, own_scale), key=distance)
    spellings = tuple(_spelled(text, scale, plain) for scale in chosen)
    meanings = tuple(_meaning(quantity.value * scale, goal) for scale in chosen)
    return BareNumberError(target, text, spellings, meanings)


def _spelled(text: str, scale: int, unit: str) -> str:
    unit_amount = format_amount(Fraction(scale), unit, scale)
    return text + (
        unit_amount[1:] if unit_amount.startswith("1") and not unit_amount[1:2].isdigit() else unit
    )


def _meaning(value: Fraction, goal: Fraction) -> str:
    return f"目标的 {percent(value / goal)}" if goal > 0 else ""


def _parsed(target: Any, text: str, units: UnitTable) -> Quantity:
    try:
        return parse_amount(text, units)
    except QuantityError as error:
        hint = error.hint
        if unit := getattr(target, "unit", ""):
            hint += f"{'' if hint.endswith('？') or not hint else '；'}这个目标按“{unit}”报"
        raise UnreadableFigureError(target, error.message, hint) from None
