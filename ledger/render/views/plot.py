"""`plot`: a target's year as a picture in the terminal, with the exact figures under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ledger.commands.plot import Plot, PlottedTarget, Point
from ledger.core.progress.amounts import format_figure
from ledger.core.progress.percent import percent
from ledger.render.columns import DATA, DAY, FIGURE, KIND_NAMES, LIGHT, NUMBER, Column, Columns, Records
from ledger.render.graph import COLUMNS, LEGEND, graph
from ledger.render.view import Block, Table, View, day, lines
from ledger.render.views.status import SIMULATED


class _Reported(NamedTuple):
    plot: Plot
    drawn: PlottedTarget
    point: Point


POINT: Columns[Point] = Columns(
    Column("on", "数据日期", lambda point: point.on, DAY),
    Column("actual", "实际", lambda point: point.actual, NUMBER),
    Column("expected", "序时进度", lambda point: point.expected, NUMBER),
)
TARGET: Columns[PlottedTarget] = Columns(
    Column("key", "代号", lambda plotted: plotted.status.key),
    Column("name", "目标", lambda plotted: plotted.status.name),
    Column("goal", "目标值", lambda plotted: plotted.status.goal, FIGURE),
    Column("light", "亮灯", lambda plotted: plotted.status.light.value, LIGHT),
    Column("unit", "单位", lambda plotted: plotted.curve.unit if plotted.curve else None),
    Column("points", "", lambda plotted: POINT.all_data(plotted.points), DATA),
    Column("pace", "", lambda plotted: _pace(plotted), DATA),
)
_PLOT: Columns[Plot] = Columns(
    Column("id", "编号", lambda plot: plot.commitment.id),
    Column("title", "承诺事项", lambda plot: plot.commitment.title),
    Column("as_of", "截至", lambda plot: plot.as_of, DAY),
    Column("simulated", "模拟", lambda plot: plot.simulated),
    Column("targets", "", lambda plot: TARGET.all_data(plot.targets), DATA),
)
_RECORDS: Columns[_Reported] = (
    _PLOT.pick("id").within(lambda record: record.plot)
    + TARGET.pick("key name unit").within(lambda record: record.drawn)
    + POINT.within(lambda record: record.point)
)


def _pace(drawn: PlottedTarget) -> list[dict[str, object]]:
    return POINT.pick("on expected").all_data(
        Point(on, None, value) for on, value in (drawn.curve.pace if drawn.curve else ())
    )


def plot_view(plot: Plot, columns: int = COLUMNS) -> View:
    """Return the charts, so many columns wide, of the targets that have one; of the others the reason why they have none."""
    return View(lambda: tuple(_blocks(plot, columns)), lambda: _PLOT.data(plot), lambda: _records(plot))


def _blocks(plot: Plot, columns: int) -> Iterator[Block]:
    yield lines(
        f"{plot.commitment.id}  {plot.commitment.title}  截至 {day(plot.as_of)}（含当天）", style="heading"
    )
    if plot.simulated:
        yield lines(SIMULATED, style="warning")
    for plotted in plot.targets:
        status = plotted.status
        yield lines(
            f"{status.name}（{status.key}）  {status.light.value}",
            f"目标值 {status.goal}  当前值 {status.actual or '—'}  完成率 {percent(status.completion)}"
            f"  序时进度 {percent(status.expected)}",
            style=status.light.value,
        )
        if plotted.curve is None:
            yield lines(
                f"{KIND_NAMES[plotted.target.kind]}类的目标没有进度线；记录见 ledger show {plot.commitment.id}/{status.key}"
            )
            continue
        yield lines(*graph(plotted.curve, _figure_formatter(plotted), columns), LEGEND)
        if not any(None not in (old, new) for (_, old), (_, new) in pairwise(plotted.curve.pace)):
            yield lines(f"没有序时进度线：{status.reason or '期限以前没有应到多少的数'}", style="faint")
        yield _figures(plotted) if plotted.points else lines("尚无数据", style="faint")


def _figure_formatter(plotted: PlottedTarget) -> Callable[[Fraction], str]:
    curve = plotted.curve
    assert curve is not None
    if curve.stepped:
        return percent
    return lambda value: format_figure(value, curve.unit, curve.scale)


def _figures(plotted: PlottedTarget) -> Table:
    say = _figure_formatter(plotted)
    columns: Columns[Point] = POINT.pick("on") + Columns(
        Column(
            "actual", "实际", lambda point: None if point.actual is None else say(point.actual), FIGURE, "—"
        ),
        Column(
            "expected",
            "序时进度",
            lambda point: None if point.expected is None else say(point.expected),
            FIGURE,
            "—",
        ),
        Column("gap", "差距", lambda point: _gap(point, _difference_formatter(plotted)), FIGURE),
    )
    return columns.table(plotted.points)


def _difference_formatter(plotted: PlottedTarget) -> Callable[[Fraction], str]:
    """Return what writes a difference of two figures: of rates and shares in percentage points."""
    curve = plotted.curve
    assert curve is not None
    if curve.stepped:
        return lambda value: f"{percent(value).removesuffix('%')} 个百分点"
    if curve.unit == "%":
        return lambda value: format_figure(value, " 个百分点")
    return _figure_formatter(plotted)


def _gap(point: Point, say: Callable[[Fraction], str]) -> str:
    """Return how far the figure is from what was expected, with its sign; the light tells which side is good."""
    if point.actual is None or point.expected is None:
        return "—"
    gap = point.actual - point.expected
    return f"{'多' if gap > 0 else '少'} {say(abs(gap))}" if gap else "相同"


def _records(plot: Plot) -> Records:
    return _RECORDS.records(
        _Reported(plot, plotted, point) for plotted in plot.targets for point in plotted.points
    )
