"""Draws a target's lines with letters alone, as every terminal in every encoding shows them alike. Knows no rule.

Plotting libraries for the terminal draw with glyphs that are one column wide here and two there, that GBK or ASCII lack,
and with floats; a picture of sixty columns needs neither. Places are rounded to a cell, the figures written are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from ledger.core.dates import month_end
from ledger.core.progress.burnup import BurnUp, Series
from ledger.render.width import pad, width

COLUMNS, ROWS = 60, 13
GOAL, PACE, RUN, DOT = "-", ".", "*", "O"
LEGEND = f"{DOT} 上报  {RUN} 连线  {PACE} 序时进度  {GOAL} 目标值"

Say = Callable[[Fraction], str]


def graph(curve: BurnUp, say: Say) -> tuple[str, ...]:
    """Return the lines of a picture at most 80 columns wide where figures are at most 18; `say` writes a figure."""
    reported = [(day, value) for day, value in curve.actual if value is not None]
    paced = [value for _, value in curve.pace if value is not None]
    values = [Fraction(0), curve.goal, *paced, *(value for _, value in reported)]
    canvas = _Canvas(curve.start, max([curve.end, *(day for day, _ in reported)]), min(values), max(values))
    canvas.row(curve.goal, GOAL)
    canvas.line(curve.pace, PACE, stepped=curve.stepped)
    canvas.line(curve.actual, RUN, stepped=curve.stepped)
    for day, value in reported:
        if day in curve.reported:
            canvas.put(canvas.x(day), canvas.y(value), DOT)
    # The goal and where it stands now are what people look for; the ends of the axis come after.
    marks = [curve.goal, *(value for _, value in reported[-1:]), canvas.low, canvas.high]
    labels: dict[int, str] = {}
    for value in marks:
        labels.setdefault(canvas.y(value), say(value))
    size = max(map(width, labels.values()))
    return (
        *(
            f"{pad(labels.get(row, ''), size, right=True)} |{''.join(cells)}".rstrip()
            for row, cells in reversed(list(enumerate(canvas.cells)))
        ),
        f"{' ' * size} +{'-' * COLUMNS}",
        f"{' ' * size}  {canvas.months()}",
    )


class _Canvas:
    """Cells of one character, counted from below and from the left."""

    def __init__(self, start: date, end: date, low: Fraction, high: Fraction) -> None:
        self.start, self.days = start, max(1, (end - start).days)
        self.low, self.high = low, high
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]

    def x(self, day: date) -> int:
        return (day - self.start).days * (COLUMNS - 1) // self.days

    def y(self, value: Fraction) -> int:
        span = self.high - self.low
        return int((value - self.low) * (ROWS - 1) / span + Fraction(1, 2)) if span else 0

    def put(self, x: int, y: int, mark: str) -> None:
        self.cells[y][x] = mark

    def row(self, value: Fraction, mark: str) -> None:
        self.cells[self.y(value)] = [mark] * COLUMNS

    def line(self, line: Series, mark: str, *, stepped: bool) -> None:
        """Draw from value to value; a gap stays a gap."""
        for (before, old), (after, new) in pairwise(line):
            if old is None or new is None:
                continue
            first, last = self.x(before), self.x(after)
            for x in range(first, last + 1):
                share = Fraction(0) if stepped else Fraction(x - first, max(1, last - first))
                self.put(x, self.y(old + (new - old) * share), mark)

    def months(self) -> str:
        """Return the months' numbers, each ending under the last day of its month where there is room."""
        text = ""
        for day in _month_ends(self.start, self.start + timedelta(days=self.days)):
            room = self.x(day) + 1 - len(text) - len(str(day.month))
            if room >= (1 if text else 0):
                text += " " * room + str(day.month)
        return f"{text}月" if text else ""


def _month_ends(start: date, end: date) -> Iterator[date]:
    day = month_end(start + timedelta(days=1))
    while day <= end:
        yield day
        day = month_end(day + timedelta(days=1))
