"""Draws a target's two lines as one small SVG, by leather; the page's style sheet colours it. Knows no page and no rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from xml.etree import ElementTree as ET

import leather  # type: ignore[import-untyped]

from ledger.core.dates import month_end
from ledger.core.progress.burnup import BurnUp, Series
from ledger.core.quantity import format_amount

WIDTH, HEIGHT = 560, 200
VIEW = "12 36 536 150"
"""What of leather's canvas is shown: its margins and its legend, which the page writes itself, are left out."""
TICKS = 4
_NUMBER = re.compile(r"-?\d+\.\d+")
_STYLE = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size")

Point = tuple[date, float]


@dataclass(frozen=True)
class Words:
    """What a chart says to those who do not see it, and the ids it is known by on its page."""

    id: str
    title: str
    description: str


def chart(curve: BurnUp, words: Words) -> str:
    """Return an `<svg>` with title and description, styled only by class names: pace, goal, actual, dots."""
    layers = list(_layers(curve))
    lowest, highest, ticks = _scale([value for _, points, _ in layers for _, value in points])
    drawing = leather.Chart()
    drawing.add_x_scale(curve.start, max(curve.end, *(day for _, points, _ in layers for day, _ in points)))
    drawing.add_y_scale(lowest, highest)
    drawing.add_x_axis(ticks=_months(curve.start, curve.end), tick_formatter=_month_label)
    drawing.add_y_axis(ticks=ticks, tick_formatter=lambda value, *_: _label(curve, value))
    for _, points, dotted in layers:
        drawing.add_dots(points, radius=3) if dotted else drawing.add_line(points)
    return _dressed(drawing.to_svg_group(WIDTH, HEIGHT), [name for name, *_ in layers], words)


def _layers(curve: BurnUp) -> Iterator[tuple[str, list[Point], bool]]:
    """Yield each line as (class name, points, whether as dots); a line with a gap comes in parts."""
    yield "goal", [(curve.start, _unit(curve, curve.goal)), (curve.end, _unit(curve, curve.goal))], False
    for name, line in (("pace", curve.pace), ("actual", curve.actual)):
        for part in _parts(line):
            points = [(day, _unit(curve, value)) for day, value in part]
            if len(points) > 1:
                yield name, _steps(points) if curve.stepped else points, False
    reported = [(day, _unit(curve, value)) for day, value in curve.actual if value is not None]
    dots = [point for point in reported if point[0] > curve.start]
    if dots:
        yield "dots", dots, True


def _unit(curve: BurnUp, value: Fraction) -> float:
    """Return a value as it stands on the axis. A picture's dots are the only place for floating point."""
    return float(value / curve.scale)


def _parts(line: Series) -> Iterator[list[tuple[date, Fraction]]]:
    part: list[tuple[date, Fraction]] = []
    for day, value in line:
        if value is not None:
            part.append((day, value))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _steps(points: Sequence[Point]) -> list[Point]:
    found = [points[0]]
    for day, value in points[1:]:
        found += [(day, found[-1][1]), (day, value)]
    return found


def _scale(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """Return an axis of round figures; from zero, unless the values are far from it and close together."""
    low, high = min(values), max(values)
    if 0 <= low < 0.7 * high or low == high:
        low = min(0.0, low)
    span = (high - low) or 1.0
    rough = Decimal(repr(span / TICKS))
    power = Decimal(10) ** rough.adjusted()
    step = float(next(power * one for one in (1, 2, Decimal("2.5"), 5, 10) if power * one >= rough))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = [round(number * step, 9) for number in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks


def _label(curve: BurnUp, value: float) -> str:
    exact = Fraction(Decimal(repr(value)))
    if curve.stepped:
        return format_amount(exact * 100, "%", 1)
    return format_amount(exact * curve.scale, curve.unit, curve.scale)


def _months(start: date, end: date) -> list[date]:
    """Return a few month ends, counted from the last so that the end of the period is always among them."""
    ends = []
    day = month_end(start + timedelta(days=1))
    while day <= end:
        ends.append(day)
        day = month_end(day + timedelta(days=1))
    return ends[:: -max(1, ceil(len(ends) / TICKS))][::-1] or [end]


def _month_label(day: date, *_: int) -> str:
    return f"{day.month}月底" if day == month_end(day) else f"{day.month}月{day.day}日"


def _dressed(drawn: ET.Element, names: Sequence[str], words: Words) -> str:
    """Take leather's colours and legend away, give its lines their names and the picture its words."""
    margins = drawn[1]
    margins.remove(margins[0])  # the legend
    drawn.remove(drawn[0])  # the background
    axes = margins[0][0]
    for name, group in zip(names, axes[-1], strict=True):
        group.set("class", name)
    for element in drawn.iter():
        for key in _STYLE:
            element.attrib.pop(key, None)
        for key, value in element.attrib.items():
            element.set(key, _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value))
    svg = ET.Element("svg", {"viewBox": VIEW, "role": "img", "class": "chart"})
    svg.set("aria-labelledby", f"{words.id}-t {words.id}-d")
    ET.SubElement(svg, "title", {"id": f"{words.id}-t"}).text = words.title
    ET.SubElement(svg, "desc", {"id": f"{words.id}-d"}).text = words.description
    svg.append(drawn)
    return ET.tostring(svg, encoding="unicode")
