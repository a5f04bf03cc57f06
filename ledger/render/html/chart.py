"""Charts of targets as small SVGs: the goal, 序时进度 and what was reported; the page's style sheet colours them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from html import escape
from math import ceil, floor
from typing import NamedTuple

from ledger.core.dates import month_end
from ledger.core.progress.burnup import BurnUp, Series
from ledger.core.quantity import format_amount
from ledger.render.width import width

WIDTH, HEIGHT = 400, 150
TOP, BOTTOM, RIGHT = 8, 20, 16
TICKS = 4
CHARACTER = 6.6
"""Width of half a Chinese character of a label, in units of the picture."""

Point = tuple[date, float]


class _Frame(NamedTuple):
    """Mapping of days and values to the picture: its top left corner, and its scale per day and per unit."""

    left: float
    start: date
    highest: float
    across: float
    down: float

    def x(self, day: date) -> float:
        return self.left + self.across * (day - self.start).days

    def y(self, value: float) -> float:
        return TOP + self.down * (self.highest - value)

    def at(self, point: Point) -> str:
        day, value = point
        return f"{_round(self.x(day))} {_round(self.y(value))}"

    def near(self, point: Point) -> str:
        """Return a point to the whole unit, for a dot that is wider than the difference."""
        day, value = point
        return f"{self.x(day):.0f} {self.y(value):.0f}"

    def path(self, parts: Iterable[Sequence[Point]]) -> str:
        return "".join("M" + "L".join(map(self.at, part)) for part in parts)


def chart(curve: BurnUp, description: str) -> str:
    """Return an `<svg>` of the classes grid, goal, pace, actual and dots; `description` is for those who do not see it."""
    layers = _layers(curve)
    lowest, highest, ticks = _scale(
        [value for points in layers.values() for part in points for _, value in part]
    )
    labels = [_label(curve, value) for value in ticks]
    left = ceil(max(map(width, labels)) * CHARACTER) + 12
    last = max(curve.end, *(day for points in layers.values() for part in points for day, _ in part))
    span = max(1, (last - curve.start).days)

    across, down = (WIDTH - RIGHT - left) / span, (HEIGHT - TOP - BOTTOM) / (highest - lowest)
    frame = _Frame(left, curve.start, highest, across, down)
    grid = "".join(f"M{left} {_round(frame.y(value))}H{WIDTH - RIGHT}" for value in ticks)
    texts = [
        f'<text x="{left - 6}" y="{_round(frame.y(value) + 4)}">{escape(label)}</text>'
        for value, label in zip(ticks, labels, strict=True)
    ]
    texts += [_month(frame.x(day), day) for day in _months(curve.start, curve.end)]
    drawn = [
        f'<path class="{name}" d="{frame.path(layers[name])}"/>'
        for name in ("goal", "pace", "actual")
        if layers[name]
    ]
    if layers["dots"]:
        marks = "".join(f"M{frame.near(point)}h0" for part in layers["dots"] for point in part)
        drawn.append(f'<path class="dots" d="{marks}"/>')
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" class="chart" aria-label="{escape(description)}">'
        f'<path class="grid" d="{grid}"/>{"".join(texts)}{"".join(drawn)}</svg>'
    )


def _layers(curve: BurnUp) -> dict[str, list[list[Point]]]:
    """Return the parts of each line; a line with a gap comes in several."""
    goal = _unit(curve, curve.goal)
    layers: dict[str, list[list[Point]]] = {"goal": [[(curve.start, goal), (curve.end, goal)]]}
    for name, line in (("pace", curve.pace), ("actual", curve.actual)):
        parts = [[(day, _unit(curve, value)) for day, value in _corners(part)] for part in _parts(line)]
        layers[name] = [_steps(part) if curve.stepped else part for part in parts if len(part) > 1]
    reported = [(day, _unit(curve, value)) for day, value in curve.actual if value is not None]
    dots = [point for point in reported if point[0] > curve.start]
    layers["dots"] = [dots] if dots else []
    return layers


def _unit(curve: BurnUp, value: Fraction) -> float:
    """Return a value as the axis shows it. Pictures are the only place for floating point."""
    return value.numerator / (value.denominator * curve.scale)


def _parts(line: Series) -> Iterable[list[tuple[date, Fraction]]]:
    part: list[tuple[date, Fraction]] = []
    for day, value in line:
        if value is not None:
            part.append((day, value))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _corners(part: Sequence[tuple[date, Fraction]]) -> list[tuple[date, Fraction]]:
    """Return the points of a line without those that lie on the straight line between their neighbours."""
    corners = [part[0]]
    for (day, value), (next_day, next_value) in itertools.pairwise(part[1:]):
        if not _is_straight(corners[-1], (day, value), (next_day, next_value)):
            corners.append((day, value))
    return corners + list(part[1:][-1:])


def _is_straight(
    before: tuple[date, Fraction], point: tuple[date, Fraction], after: tuple[date, Fraction]
) -> bool:
    """Whether a point lies exactly on the line from one point to another; on whole numbers, without a common divisor for each step."""
    (day0, value0), (day1, value1), (day2, value2) = before, point, after
    low0, low1, low2 = value0.denominator, value1.denominator, value2.denominator
    rise = (value1.numerator * low0 - value0.numerator * low1) * low2 * (day2 - day1).days
    return rise == (value2.numerator * low1 - value1.numerator * low2) * low0 * (day1 - day0).days


def _steps(points: Sequence[Point]) -> list[Point]:
    stepped = [points[0]]
    for day, value in points[1:]:
        stepped += [(day, stepped[-1][1]), (day, value)]
    return stepped


def _scale(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """Return an axis of round figures; from zero, unless the values are far from it and close together."""
    low, high = min(values), max(values)
    if 0 <= low < 0.7 * high or low == high:
        low = min(0.0, low)
    span = (high - low) or 1.0
    rough = Decimal(repr(span / TICKS))
    power = Decimal(10) ** rough.adjusted()
    step = float(next(power * factor for factor in (1, 2, Decimal("2.5"), 5, 10) if power * factor >= rough))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = [round(number * step, 9) for number in range(first, max(last, first + 1) + 1)]
    return ticks[0], ticks[-1], ticks


def _label(curve: BurnUp, value: float) -> str:
    exact = Fraction(Decimal(repr(value)))
    if curve.stepped:
        return format_amount(exact * 100, "%", 1)
    return format_amount(exact * curve.scale, curve.unit, curve.scale)


@lru_cache(maxsize=64)
def _months(start: date, end: date) -> Sequence[date]:
    """Return a few month ends, counted from the last so that the end of the period is always among them."""
    ends = []
    day = month_end(start + timedelta(days=1))
    while day <= end:
        ends.append(day)
        day = month_end(day + timedelta(days=1))
    return ends[:: -max(1, ceil(len(ends) / TICKS))][::-1] or [end]


def _month(at: float, day: date) -> str:
    """Return the label of a month end, moved to the left where it would leave the picture."""
    label = f"{day.month}月底" if day == month_end(day) else f"{day.month}月{day.day}日"
    half = width(label) * CHARACTER / 2
    centre = min(at, WIDTH - half - 1)
    return f'<text class="m" x="{_round(centre)}" y="{HEIGHT - 4}">{label}</text>'


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
