"""Writing a figure back: exact, in the writer's own unit and multiplier."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from ledger.core.decimals import decimals, format_number

_WORDS = {
    100: "百", 10**3: "千", 10**4: "万", 10**6: "百万", 10**7: "千万", 10**8: "亿", 10**10: "百亿", 10**11: "千亿",
    10**12: "万亿", 10**14: "百万亿", 10**15: "千万亿",
}  # fmt: skip
_READABLE_DECIMALS = 6
# 千 or 百 before these would make another unit: 3千+米 is read as 3 kilometres, not as 3000 metres.
_JOINING = frozenset("米克瓦伏焦帕牛赫字分卡标")
# 50万起 may be 500,000 incidents or "from 500,000": readers refuse it, so it is never written.
_LIKE_A_BOUND = "起"


def format_amount(value: Fraction, unit: str, scale: int = 1) -> str:
    """The amount as a person writes it: "16亿美元", "2.8万吨", "4.3%"; reading it back gives the same value and unit.

    `scale` is the multiplier wanted. A smaller one is taken where the wanted one has no word, would run
    together with the unit (3千+米, 50万+起), or would need more than six decimals; a value without a finite
    decimal is written as a fraction ("3分之1亩").
    """
    if decimals(value) is None:
        sign = "负" if value < 0 else ""
        return f"{sign}{value.denominator}分之{abs(value.numerator)}{unit}"
    if unit == "年" and value.denominator == 1 and 1000 <= value <= 9999:
        return f"{value.numerator:,}{unit}"  # 2,023年 is a span; 2023年 would be a date
    for step, word in _multipliers(unit, scale):
        scaled = value / step
        if (decimals(scaled) or 0) <= _READABLE_DECIMALS:
            return f"{format_number(scaled)}{word}{unit}"
    return format_number(value) + unit


@lru_cache(maxsize=256)
def _multipliers(unit: str, scale: int) -> tuple[tuple[int, str], ...]:
    """Return the multipliers up to `scale` that can be written before a unit, each with its word, the largest first."""
    steps = sorted({step for step in (scale, 10**8, 10**4) if step <= scale and step in _WORDS}, reverse=True)
    return tuple(
        (step, word)
        for step in steps
        for word in (_WORDS[step],)
        if unit != _LIKE_A_BOUND and not (word[-1] in "百千" and unit[:1] in _JOINING)
    )
