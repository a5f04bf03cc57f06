"""Shows a target's year in the terminal: the picture, and the exact figures under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

from ledger.commands.plot import Plot, PlottedTarget, Point
from ledger.core.progress.amounts import format_figure
from ledger.core.progress.percent import percent
from ledger.render.graph import LEGEND, graph
from ledger.render.view import Block, Column, Table, View, day, lines, number, strings
from ledger.render.views.status import SIMULATED
from ledger.render.views.targets import KIND_NAMES


def plot_view(plot: Plot) -> View:
    """Return the pictures of the targets that have one, and say of the others why they have none."""
    return View(lambda: tuple(_blocks(plot)), lambda: _data(plot), lambda: _records(plot))


def _blocks(plot: Plot) -> Iterator[Block]:
    yield lines(f"{plot.id}  {plot.title}  截至 {day(plot.as_of)}（含当天）", style="heading")
    if plot.simulated:
        yield lines(SIMULATED, style="warning")
    for one in plot.targets:
        status = one.status
        yield lines(
            f"{status.name}（{status.key}）  {status.light.value}",
            f"目标值 {status.goal}  现在 {status.actual or '—'}  完成 {percent(status.completion)}"
            f"  序时 {percent(status.expected)}",
            style="heading",
        )
        if one.curve is None:
            yield lines(
                f"{KIND_NAMES[one.target.kind]}类的目标没有进度线；记录见 ledger show {plot.id}/{status.key}"
            )
            continue
        yield lines(*graph(one.curve, _say(one)), LEGEND)
        if not any(None not in (old, new) for (_, old), (_, new) in pairwise(one.curve.pace)):
            yield lines(f"没有序时进度线：{status.reason or '期限以前没有应到多少的数'}", style="faint")
        yield _figures(one) if one.points else lines("还没有上报", style="faint")


def _say(one: PlottedTarget) -> Callable[[Fraction], str]:
    curve = one.curve
    assert curve is not None
    if curve.stepped:
        return percent
    return lambda value: format_figure(value, curve.unit, curve.scale)


def _figures(one: PlottedTarget) -> Table:
    say = _say(one)
    columns = (
        Column("数据日期", "figure"),
        Column("实际", "figure"),
        Column("序时进度", "figure"),
        Column("差距", "figure"),
    )
    rows = [
        strings(
            (
                day(point.on),
                "—" if point.actual is None else say(point.actual),
                "—" if point.expected is None else say(point.expected),
                _gap(point, say),
            )
        )
        for point in one.points
    ]
    return Table(columns, rows)


def _gap(point: Point, say: Callable[[Fraction], str]) -> str:
    """Return how far the figure is from what was expected, by its sign alone: which side is good, the light says."""
    if point.actual is None or point.expected is None:
        return "—"
    gap = point.actual - point.expected
    return f"{'多' if gap > 0 else '少'} {say(abs(gap))}" if gap else "相同"


def _data(plot: Plot) -> dict[str, object]:
    return {
        "id": plot.id,
        "title": plot.title,
        "as_of": day(plot.as_of),
        "simulated": plot.simulated,
        "targets": [
            {
                "key": one.status.key,
                "name": one.status.name,
                "goal": one.status.goal,
                "light": one.status.light.value,
                "unit": None if one.curve is None else one.curve.unit,
                "points": [
                    {"on": day(point.on), "actual": number(point.actual), "expected": number(point.expected)}
                    for point in one.points
                ],
                "pace": [
                    {"on": day(on), "expected": number(value)}
                    for on, value in (one.curve.pace if one.curve else ())
                ],
            }
            for one in plot.targets
        ],
    }


def _records(plot: Plot) -> Table:
    titles = ("编号", "代号", "目标", "单位", "数据日期", "实际", "序时进度")
    rows = [
        strings(
            (
                plot.id,
                one.status.key,
                one.status.name,
                one.curve.unit if one.curve else "",
                day(point.on),
                number(point.actual),
                number(point.expected),
            )
        )
        for one in plot.targets
        for point in one.points
    ]
    return Table(tuple(map(Column, titles)), rows)
