"""Charts of targets in ASCII, as wide on every terminal and in every encoding.

Plotting libraries for terminals draw with characters whose width differs between terminals or that GBK lacks, and with floats.
Positions are rounded to a cell; the figures written are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from ledger.core.dates import month_end
from ledger.core.progress.burnup import BurnUp, Series
from ledger.render.width import pad, width

COLUMNS, ROWS = 80, 13
"""The width of a chart with its labels where no terminal tells it, and its height."""
NARROWEST = 24
GOAL, PACE, RUN, DOT = "-", ".", "*", "O"
LEGEND = f"{DOT} 上报  {RUN} 连线  {PACE} 序时进度  {GOAL} 目标值"

Say = Callable[[Fraction], str]


def graph(curve: BurnUp, say: Say, columns: int = COLUMNS) -> tuple[str, ...]:
    """Return the lines of a chart of so many columns; `say` writes a figure.

    The axis begins at zero, unless all values are far from it and close together, as those of most levels are.
    """
    reported = [(day, value) for day, value in curve.actual if value is not None]
    paced = [value for _, value in curve.pace if value is not None]
    values = [curve.goal, *paced, *(value for _, value in reported)]
    low, high = min(values), max(values)
    if low == high or 0 <= low < high * Fraction(7, 10):
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
    marks = [curve.goal, *(value for _, value in reported[-1:]), low, high]
    size = max(width(say(value)) for value in marks)
    canvas = _Canvas(
        curve,
        max([curve.end, *(day for day, _ in reported)]),
        (low, high),
        max(NARROWEST, columns - size - 4),
    )
    canvas.row(curve.goal, GOAL)
    canvas.line(curve.pace, PACE, stepped=curve.stepped)
    canvas.line(curve.actual, RUN, stepped=curve.stepped)
    for day, value in reported:
        if day in curve.reported:
            canvas.put(canvas.x(day), canvas.y(value), DOT)
    # Where two labels share a row, the goal and the current value come before the ends of the axis.
    labels: dict[int, str] = {}
    for value in marks:
        labels.setdefault(canvas.y(value), say(value))
    return (
        *(
            f"{pad(labels.get(row, ''), size, right=True)} |{''.join(cells)}".rstrip()
            for row, cells in reversed(list(enumerate(canvas.cells)))
        ),
        f"{' ' * size} +{'-' * canvas.columns}",
        f"{' ' * size}  {canvas.months()}",
    )


class _Canvas:
    """Cells of one character, counted from below and from the left."""

    def __init__(self, curve: BurnUp, end: date, limits: tuple[Fraction, Fraction], columns: int) -> None:
        self.start, self.days = curve.start, max(1, (end - curve.start).days)
        self.low, self.high = limits
        self.columns = columns
        self.cells = [[" "] * columns for _ in range(ROWS)]

    def x(self, day: date) -> int:
        return (day - self.start).days * (self.columns - 1) // self.days

    def y(self, value: Fraction) -> int:
        span = self.high - self.low
        return int((value - self.low) * (ROWS - 1) / span + Fraction(1, 2)) if span else 0

    def put(self, x: int, y: int, mark: str) -> None:
        self.cells[y][x] = mark

    def row(self, value: Fraction, mark: str) -> None:
        self.cells[self.y(value)] = [mark] * self.columns

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
