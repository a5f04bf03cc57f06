"""A second simulated year, made on other principles than `simulation`: events and reporting habits instead of smooth curves.

Counts are Poisson events, amounts are gamma shares of a year, and every target has one calendar (quarter ends, a rush at the
year's end, a spring festival whose figures come in February, one campaign) and one habit (how it rounds, whether it writes 0,
skips or reports each quarter, which word of 万 or 亿 it prefers, whether it revises last month's figure).

What the rules are there to ask about, even of honest people, is in the year but rare: a campaign that brings a third of the goal
in one month, a level that jumps, a level that stays to the last digit.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any

from ledger.core.models import Accumulate, Change, Commitment, Compare, Level, Rank, Target
from ledger.core.quantity import format_amount
from ledger.core.reading import unit_word
from tests.rules.doubts.simulation import SIMULATED, Typed

CALENDARS = {
    "flat": (1,) * 12,
    "quarter ends": (0.5, 0.6, 2, 0.5, 0.6, 2, 0.5, 0.6, 2, 0.5, 0.7, 2.5),
    "year end": (0.4, 0.4, 0.6, 0.7, 0.8, 0.9, 1, 1, 1.2, 1.4, 1.8, 2.4),
    "spring": (0.3, 1, 1.5, 2, 2, 1.2, 0.8, 0.7, 0.9, 1, 0.6, 0.4),
    "summer": (0.3, 0.3, 0.5, 0.8, 1.2, 2, 2.4, 2.2, 1, 0.6, 0.4, 0.3),
    "school terms": (0.6, 0.2, 1.5, 1.2, 1, 0.8, 0.1, 0.3, 2.5, 1.5, 1.2, 1),
    "campaign": (0.1, 0.1, 0.2, 0.4, 1, 4, 2, 0.4, 0.2, 0.2, 0.2, 0.2),
}
WEIGHTS = (12, 8, 8, 4, 4, 4, 1)
WORDS = {"亿": 10**8, "万": 10**4}


@dataclass(frozen=True)
class Habit:
    """How one target's clerk reports: basis, digits, what a month without anything looks like, revisions."""

    basis: str
    digits: int
    silent: float
    quarterly: bool
    revises: float
    word: str


def habitual_year(
    commitments: Sequence[Commitment], seed: int, year: int = 2023, *, rough: float = 1.0
) -> list[Typed]:
    """Return a year's figures, month by month in the plan's order; `rough` above 1 makes amounts lumpier."""
    months: list[list[Typed]] = [[] for _ in range(12)]
    for commitment in commitments:
        for target in commitment.targets:
            if not isinstance(target, SIMULATED):
                continue
            chance = Random(f"habits {seed} {commitment.id} {target.key}")
            for month, figure in _reports(target, chance, rough):
                on = date(year, month + 1, monthrange(year, month + 1)[1])
                months[month].append(Typed(commitment, target, on, **figure))
    return [typed for month in months for typed in month]


def _reports(target: Target, chance: Random, rough: float) -> Iterator[tuple[int, dict[str, Any]]]:
    if isinstance(target, Accumulate):
        return _accumulated(target, chance, rough)
    if isinstance(target, Level):
        return _levels(target, chance)
    if isinstance(target, Change):
        return _rates(target, chance)
    return _places(target, chance) if isinstance(target, Rank) else _compared(chance)


def _accumulated(target: Accumulate, chance: Random, rough: float) -> Iterator[tuple[int, dict[str, Any]]]:
    goal = float(Fraction(target.goal.figure.value))
    counted = target.scale == 1 and Fraction(target.goal.figure.value).denominator == 1
    habit = Habit(
        basis=chance.choices(("add", "total", "both"), (11, 8, 1))[0],
        digits=chance.choice((2, 3, 4, 5)),
        silent=chance.choice((0, 0, 0.3, 1)),
        quarterly=chance.random() < 0.08,
        revises=chance.choice((0, 0, 0, 0.08)),
        word=chance.choice(("", "", "", "亿", "万")),
    )
    calendar = CALENDARS[chance.choices(tuple(CALENDARS), WEIGHTS)[0]]
    year = goal * chance.lognormvariate(-0.05, 0.3)
    amounts = _amounts(year, calendar, chance, rough, counted=counted)
    shift = chance.randrange(12) if calendar is CALENDARS["flat"] else 0
    amounts = amounts[shift:] + amounts[:shift]
    whole = target.unit not in {"元", "美元", "吨", "亩", "TEU", "MWh"}
    step = 10.0 ** (math.floor(math.log10(max(year, 1e-9))) - habit.digits)
    step = 1.0 if counted else max(step, 1.0) if whole else step
    return _habitual(target, amounts, habit, step, chance)


def _amounts(
    year: float, calendar: Sequence[float], chance: Random, rough: float, *, counted: bool
) -> list[float]:
    """Return what comes in each month: events where few things are counted, gamma shares otherwise."""
    weight = sum(calendar)
    if counted and year < 200:
        return [float(_poisson(year * share / weight, chance)) for share in calendar]
    shape = chance.choice((2.0, 4.0, 8.0)) / rough
    shares = [chance.gammavariate(shape * share + 0.05, 1) for share in calendar]
    return [year * share / (sum(shares) or 1) for share in shares]


def _poisson(mean: float, chance: Random) -> int:
    limit, product, events = math.exp(-min(mean, 500)), chance.random(), 0
    while product > limit:
        product *= chance.random()
        events += 1
    return events


def _habitual(
    target: Accumulate, amounts: Sequence[float], habit: Habit, step: float, chance: Random
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what is typed: rounded totals and their differences; after a revision the later figures go on from it."""
    reached, reported = 0.0, Fraction(0)
    switched = habit.basis == "both"
    grain = Fraction(step).limit_denominator(10**6)
    for month, amount in enumerate(amounts):
        reached += amount
        if habit.quarterly and month % 3 != 2:
            continue
        total = round(Fraction(reached) / grain) * grain
        increment = total - reported
        if increment == 0 and chance.random() < habit.silent:
            continue
        if chance.random() < 0.02:
            continue  # forgotten: next month's figure holds it
        by_total = habit.basis == "total" or (switched and month >= 6)
        if not by_total and increment < 0:
            continue
        reported = total
        yield month, {"text": _written(target, total if by_total else increment, habit), "total": by_total}
        if by_total and amount and chance.random() < habit.revises:
            revised = round(total * Fraction(chance.choice((97, 98, 99, 101, 102)), 100) / grain)
            reported = revised * grain
            reached = float(reported)
            yield month, {"text": _written(target, reported, habit), "total": True, "mends": True}


def _written(target: Accumulate, value: Fraction, habit: Habit) -> str:
    """Write an amount in the clerk's own word of magnitude where there is one for the unit, else in the goal's."""
    scale = target.scale
    if target.unit == "元" and habit.word and abs(value) >= WORDS[habit.word]:
        scale = WORDS[habit.word]
    return format_amount(value, target.unit, scale)


def _levels(target: Level, chance: Random) -> Iterator[tuple[int, dict[str, Any]]]:
    """Levels move by surveys, in steps, by slow growth or not at all."""
    goal = Fraction(target.goal.figure.value) / target.scale
    share = target.unit == "%"
    counted = target.scale == 1 and not share and goal.denominator == 1 and "/" not in target.unit
    habit = chance.choices(("steady", "steps", "growth", "late jump", "quarterly"), (10, 3, 12, 1, 4))[0]
    end = float(goal) * chance.uniform(0.9, 1.12)
    value = end * (chance.uniform(0.75, 1.0) if habit != "late jump" else chance.uniform(0.3, 0.7))
    places = (
        0 if counted else chance.choice((1, 2)) if share else max(0, 3 - math.floor(math.log10(goal or 1)))
    )
    jump = chance.randrange(6, 12)
    for month in range(12):
        if habit == "steps" and chance.random() < 0.25:
            value += (end - value) * chance.uniform(0.3, 0.8)
        elif habit in {"growth", "quarterly"}:
            value += (end - value) / (12 - month) * chance.uniform(0.4, 1.6)
        elif habit == "late jump" and month == jump:
            value = end
        if habit not in {"steps", "late jump"}:
            value *= 1 + chance.gauss(0, 0.004)
        if habit == "quarterly" and month % 3 != 2:
            continue
        shown = min(value, 100.0) if share else value
        figure = Fraction(round(shown * 10**places), 10**places)
        yield month, {"text": format_amount(figure * target.scale, target.unit, target.scale)}


def _rates(target: Change, chance: Random) -> Iterator[tuple[int, dict[str, Any]]]:
    """Year-on-year rates: wild in the first months, calmer as the base grows; some below zero for a while."""
    goal = float(target.goal.figure.value)
    rate = goal * chance.uniform(0.3, 1.8) - (goal if chance.random() < 0.2 else 0)
    for month in range(12):
        shock = chance.gauss(0, 1) * goal * 0.5 / (month + 1)
        rate += (goal * chance.uniform(0.7, 1.2) - rate) * 0.15 + shock
        yield month, {"text": format_amount(Fraction(round(rate * 10), 10), target.unit)}


def _places(target: Rank, chance: Random) -> Iterator[tuple[int, dict[str, Any]]]:
    place = max(1, (target.goal.within or 4) + chance.choice((-1, 0, 0, 1, 2)))
    quarterly = chance.random() < 0.4
    for month in range(12):
        if chance.random() < 0.3:
            place = max(1, min(11, place + chance.choice((-2, -1, -1, 1, 1, 2))))
        if not quarterly or month % 3 == 2:
            yield month, {"text": f"第{place}位"}


def _compared(chance: Random) -> Iterator[tuple[int, dict[str, Any]]]:
    base, ahead = chance.uniform(2, 12), chance.gauss(0.8, 1)
    for month in range(12):
        base = max(0.8, base + chance.gauss(0, 1.5 / (month + 1)))
        ahead = 0.8 * ahead + chance.gauss(0.2, 0.6)
        yield month, {"text": f"{max(base + ahead, 0.1):.1f}%", "benchmark": f"{base:.1f}%"}


def slips(year: Sequence[Typed], seed: int, count: int = 500) -> Iterator[tuple[str, int, Typed]]:
    """Yield errors as (kind, place in the year, what is typed there instead or, if doubled, again), in random order."""
    chance = Random(f"slips {seed}")
    honest = [place for place, typed in enumerate(year) if not typed.mends]
    kinds = tuple(_SLIPS)
    made = 0
    while made < count:
        kind, place = chance.choice(kinds), chance.choice(honest)
        wrong = _SLIPS[kind](year, place, chance)
        if wrong is not None and (kind == "doubled" or wrong != year[place]):
            made += 1
            yield kind, place, wrong


def _split(text: str) -> tuple[str, str, str]:
    start = next(at for at, letter in enumerate(text) if letter in "0123456789-.")
    end = start
    while end < len(text) and text[end] in "0123456789.":
        end += 1
    return text[:start], text[start:end] or "0", text[end:]


def _times(factor: int, year: Sequence[Typed], place: int, _: Random) -> Typed | None:
    head, number, tail = _split(year[place].text)
    if Fraction(number) == 0:
        return None
    return replace(year[place], text=f"{head}{format_amount(Fraction(number) * factor, '')}{tail}")


def _other_word(year: Sequence[Typed], place: int, _: Random) -> Typed | None:
    """Another word of magnitude for the same digits; where there is none, the digits as if they were in 万."""
    head, number, tail = _split(year[place].text)
    if Fraction(number) == 0 or isinstance(year[place].target, (Rank, Change, Compare)):
        return None
    for word, other in (("万亿", "亿"), ("亿", "万"), ("万", "亿")):
        if tail.startswith(word):
            return replace(year[place], text=f"{head}{number}{other}{tail.removeprefix(word)}")
    return replace(year[place], text=f"{head}{number}万{tail}") if tail == "元" else None


def _other_target(year: Sequence[Typed], place: int, chance: Random) -> Typed | None:
    """The figure of another target with the same unit; half as much or twice as much at least."""
    typed = year[place]
    number = Fraction(_split(typed.text)[1])
    others = [
        other
        for other in year
        if other.on == typed.on and other.target is not typed.target and not other.mends
        and unit_word(other.target) == unit_word(typed.target) and other.target.kind == typed.target.kind
        and other.total == typed.total and other.benchmark is None
    ]  # fmt: skip
    if not others or number == 0:
        return None
    other = chance.choice(others)
    ratio = Fraction(_split(other.text)[1]) / number
    return None if Fraction(1, 2) < ratio < 2 else replace(typed, text=other.text)


def _sign(year: Sequence[Typed], place: int, _: Random) -> Typed | None:
    typed = year[place]
    if isinstance(typed.target, Rank) or typed.text.startswith("-") or Fraction(_split(typed.text)[1]) == 0:
        return None
    return replace(typed, text=f"-{typed.text}")


def _points(year: Sequence[Typed], place: int, _: Random) -> Typed | None:
    typed = year[place]
    if typed.text.endswith("%") and typed.benchmark is None:
        return replace(typed, text=typed.text.removesuffix("%") + "个百分点")
    if typed.text.endswith("百分点"):
        return replace(typed, text=typed.text.removesuffix("个百分点").removesuffix("百分点") + "%")
    return None


def _doubled(year: Sequence[Typed], place: int, _: Random) -> Typed | None:
    return year[place]


def _confused(year: Sequence[Typed], place: int, chance: Random) -> Typed | None:
    """The running total given as the month's increment, or the increment as the running total, from the third figure on."""
    typed = year[place]
    if not isinstance(typed.target, Accumulate):
        return None
    figures = [earlier for earlier in year[: place + 1] if earlier.target is typed.target]
    if len(figures) < 3 or any(figure.total != typed.total or figure.mends for figure in figures):
        return None
    in_units = [_exact(figure.text) for figure in figures]
    if typed.total:
        month = in_units[-1][0] - in_units[-2][0]
        if chance.random() < 0.5:
            return replace(typed, total=False)
        return replace(typed, text=format_amount(month, in_units[-1][1])) if month > 0 else None
    total = sum((figure[0] for figure in in_units), Fraction(0))
    if in_units[-1][0] <= 0 or total == in_units[-1][0]:
        return None
    if chance.random() < 0.5:
        return replace(typed, total=True)
    return replace(typed, text=format_amount(total, in_units[-1][1]))


def _exact(text: str) -> tuple[Fraction, str]:
    """Return an amount without its word of magnitude."""
    _, number, tail = _split(text)
    factor = 1
    for word, value in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        if tail.startswith(word):
            tail, factor = tail.removeprefix(word), value
            break
    return Fraction(number) * factor, tail


_SLIPS: Mapping[str, Callable[[Sequence[Typed], int, Random], Typed | None]] = {
    "ten times": partial(_times, 10),
    "a hundred times": partial(_times, 100),
    "other word": _other_word,
    "other target": _other_target,
    "sign": _sign,
    "points": _points,
    "doubled": _doubled,
    "confused": _confused,
}
