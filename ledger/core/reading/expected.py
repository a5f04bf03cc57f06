"""What a target takes as its figure, in words, with an example of its own size."""

from __future__ import annotations

from fractions import Fraction

from ledger.core.models import Accumulate, Change, Compare, Level, Milestone, Rank, Target
from ledger.core.quantity import format_amount


def unit_word(target: Target) -> str:
    """Return the unit with its multiplier in which a target's goal is written: `亿元`, `家`; nothing where it has none."""
    if isinstance(target, Compare):
        return target.unit or "%"
    if not isinstance(target, (Accumulate, Level, Change)):
        return ""
    return scaled_unit(target.scale, target.unit)


def scaled_unit(scale: int, unit: str) -> str:
    """Return a unit with the multiplier of a scale: 10**8 and 元 give 亿元."""
    amount = format_amount(Fraction(scale), unit, scale)
    return amount[1:] if amount.startswith("1") and not amount[1:2].isdigit() else unit


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


def _rounded(value: Fraction, *, whole: bool) -> Fraction:
    """Round to two significant digits, and to a whole number from 1 where things are counted."""
    if whole:
        return Fraction(max(1, round(value)))
    step = Fraction(1)
    while value and abs(value) < 10 * step:
        step /= 10
    return round(value / step) * step
