"""A simulated year of honest figures for a plan, and typing errors put into it. Everything follows from a seed."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from ledger.core.models import Accumulate, Change, Commitment, Compare, Level, Rank, Target
from ledger.core.quantity import format_amount
from ledger.core.reading import unit_word

SIMULATED = (Accumulate, Level, Change, Rank, Compare)
SWAPPED = {"万亿": "亿", "亿": "万", "万": "亿"}


@dataclass(frozen=True)
class Typed:
    """What a clerk types for a target for a month: the text, whether it is a running total, and the named figures.

    One that `mends` corrects the target's last figure.
    """

    commitment: Commitment
    target: Target
    on: date
    text: str
    total: bool = False
    benchmark: str | None = None
    mends: bool = False


def honest_year(
    commitments: Sequence[Commitment], seed: int, year: int = 2023, *, bursts: float = 0.05
) -> list[Typed]:
    """Return a year's figures, month by month in the plan's order: with seasons, bursts and months without any.

    `bursts` is the share of months in which two to four times the usual amount comes.
    """
    months: list[list[Typed]] = [[] for _ in range(12)]
    for commitment in commitments:
        for target in commitment.targets:
            if not isinstance(target, SIMULATED):
                continue
            chance = Random(f"{seed} {commitment.id} {target.key}")
            for month, figure in enumerate(_figures(target, chance, bursts)):
                if figure is not None:
                    on = date(year, month + 1, monthrange(year, month + 1)[1])
                    months[month].append(Typed(commitment, target, on, **figure))
    return [typed for month in months for typed in month]


def _figures(target: Target, chance: Random, bursts: float) -> Iterator[dict[str, Any] | None]:
    if isinstance(target, Accumulate):
        return _accumulated(target, chance, bursts)
    if isinstance(target, Level):
        return _levels(target, chance)
    if isinstance(target, Change):
        return _rates(target, chance)
    return _places(target, chance) if isinstance(target, Rank) else _compared(chance)


def _accumulated(target: Accumulate, chance: Random, bursts: float) -> Iterator[dict[str, Any] | None]:
    """Shares of a year's total: a season of its own, months without anything, a burst now and then."""
    phase, strength = chance.random() * 12, chance.choice((0, 0.3, 0.6))
    weights = []
    for month in range(12):
        weight = (1 + strength * math.sin((month - phase) * math.pi / 6)) * chance.lognormvariate(0, 0.45)
        weight *= chance.uniform(2, 4) if chance.random() < bursts else 1
        weights.append(0.0 if chance.random() < 0.12 else weight)
    goal = Fraction(target.goal.figure.value) / target.scale
    year = float(goal) * chance.uniform(0.6, 1.3)
    whole = target.scale == 1 and goal.denominator == 1
    places = 0 if whole else max(0, 3 - math.floor(math.log10(year)))
    reached, before = 0.0, Fraction(0)
    totals = chance.random() < 0.4
    for weight in weights:
        reached += year * weight / (sum(weights) or 1)
        total = Fraction(round(reached * 10**places), 10**places)
        figure, before = (total if totals else total - before), total
        if chance.random() < 0.04:
            before = total - figure if not totals else before  # not reported: the next month holds it too
            yield None
            continue
        yield {"text": format_amount(figure * target.scale, target.unit, target.scale), "total": totals}


def _levels(target: Level, chance: Random) -> Iterator[dict[str, Any] | None]:
    goal = float(Fraction(target.goal.figure.value) / target.scale)
    share = target.unit == "%"
    end = goal * chance.uniform(0.92, 1.1)
    start = goal * (chance.uniform(0.02, 0.2) if chance.random() < 0.1 else chance.uniform(0.7, 1.02))
    whole = target.scale == 1 and not share and float(goal).is_integer()
    places = 0 if whole else 1 if share else max(0, 3 - math.floor(math.log10(goal)))
    value = start
    for month in range(12):
        value += (end - value) / (12 - month) + goal * chance.gauss(0, 0.012)
        value += goal * chance.uniform(-0.12, 0.12) if chance.random() < 0.03 else 0
        value = max(goal / 100, min(value, 100.0) if share else value)
        yield {
            "text": format_amount(
                Fraction(round(value * 10**places), 10**places) * target.scale, target.unit, target.scale
            )
        }


def _rates(target: Change, chance: Random) -> Iterator[dict[str, Any] | None]:
    goal = float(target.goal.figure.value)
    middle = goal * chance.uniform(0.6, 1.4)
    for month in range(12):
        rate = middle + goal * (0.3 * math.sin(month + chance.random()) + chance.gauss(0, 0.2))
        yield {"text": format_amount(Fraction(round(rate * 10), 10), target.unit)}


def _places(target: Rank, chance: Random) -> Iterator[dict[str, Any] | None]:
    place = chance.randint(1, 6)
    for _ in range(12):
        place = max(1, min(11, place + chance.choice((-1, 0, 0, 0, 1))))
        yield {"text": f"第{place}位"}


def _compared(chance: Random) -> Iterator[dict[str, Any] | None]:
    benchmark = chance.uniform(3, 14)
    ahead = chance.uniform(-0.5, 3)
    for _ in range(12):
        benchmark = max(1.0, benchmark + chance.gauss(0, 0.4))
        value = benchmark + ahead + chance.gauss(0, 0.5)
        yield {"text": f"{max(value, 0.1):.1f}%", "benchmark": f"{benchmark:.1f}%"}


def fat_fingers(year: Sequence[Typed], seed: int, count: int = 500) -> Iterator[tuple[str, int, Typed]]:
    """Yield errors as (kind, place in the year, what is typed there instead or, if doubled, again)."""
    chance = Random(seed)
    made = 0
    kinds = ("×10", "×100", "万亿", "同单位他项", "正负", "百分点", "doubled", "新增累计")
    while made < count:
        kind = kinds[made % len(kinds)]
        place = chance.randrange(len(year))
        wrong = _wrong(kind, year, place, chance)
        if wrong is not None and (kind == "doubled" or wrong != year[place]):
            made += 1
            yield kind, place, wrong


def _wrong(kind: str, year: Sequence[Typed], place: int, chance: Random) -> Typed | None:
    typed = year[place]
    target = typed.target
    number, rest = _number(typed.text)
    if number == 0 or (kind not in {"×10", "×100", "doubled"} and isinstance(target, Rank)):
        return None
    if kind in {"×10", "×100"}:
        moved = number * (10 if kind == "×10" else 100)
        return replace(typed, text=typed.text.replace(_digits(typed.text), _plain(moved)))
    if kind == "万亿":
        word = next((item for item in SWAPPED if rest.startswith(item)), None)
        return (
            replace(typed, text=_digits(typed.text) + rest.replace(word, SWAPPED[word], 1)) if word else None
        )
    if kind == "同单位他项":
        others = [
            item
            for item in year
            if item.on == typed.on
            and item.target is not target
            and item.total == typed.total
            and unit_word(item.target) == unit_word(target)
            and type(item.target) is type(target)
        ]
        other = chance.choice(others) if others else None
        near = other is None or Fraction(1, 2) <= abs(_number(other.text)[0] / number) <= 2
        return None if near or other is None else replace(typed, text=other.text)
    if kind == "正负":
        return replace(typed, text=f"-{typed.text}") if number > 0 else None
    if kind == "百分点":
        swaps = {"%": "个百分点", "百分点": "%"}
        return replace(typed, text=_digits(typed.text) + swaps[rest]) if rest in swaps else None
    if kind == "doubled":
        return typed
    return _confused(year, place)


def _confused(year: Sequence[Typed], place: int) -> Typed | None:
    """The year's sum in the place of the month's figure, or the reverse, said to be the other."""
    typed = year[place]
    target = typed.target
    if not isinstance(target, Accumulate):
        return None
    own = [item for item in year[:place] if item.target is target]
    reached = [_number(item.text)[0] for item in own if _number(item.text)[0]]
    if len(reached) < 2:
        return None
    number, rest = _number(typed.text)
    if typed.total:
        return replace(typed, total=False)
    if place % 2:
        return replace(typed, total=True)
    return replace(typed, text=_plain(sum(reached) + number) + rest)


def _digits(text: str) -> str:
    return "".join(item for item in text if item in "0123456789.-")


def _number(text: str) -> tuple[Fraction, str]:
    digits = _digits(text)
    return Fraction(digits), text.replace("第", "").replace(digits, "", 1).replace("位", "")


def _plain(value: Fraction) -> str:
    return format_amount(value, "")
