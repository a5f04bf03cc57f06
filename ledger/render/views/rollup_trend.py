"""View of a roll-up month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.commands.rollup import Rollup
from ledger.core.progress.lights import Light
from ledger.export.sums import Subtotal
from ledger.render.columns import DAY, SHARE, WHOLE, Column, Columns
from ledger.render.view import Block, View, lines
from ledger.render.views.rollup import row_data, warnings_of
from ledger.render.views.rollup_rows import By, make_lines
from ledger.render.views.status import SIMULATED


class _Month(NamedTuple):
    """The whole on one day, and the change of its completion against the day before."""

    rollup: Rollup
    total: Subtotal
    change: Fraction | None


def trend_view(rollups: Sequence[Rollup]) -> View:
    """Return the view of the months of a year, each with its change against the one before."""
    return View(
        lambda: _trend_blocks(rollups), lambda: _trend_data(rollups), lambda: _TREND.records(_months(rollups))
    )


def _months(rollups: Sequence[Rollup]) -> Iterator[_Month]:
    before: Fraction | None = None
    for rollup in rollups:
        total = rollup.sums.total()
        value = total.completion.value
        yield _Month(rollup, total, None if value is None or before is None else value - before)
        before = value


def _change(value: Fraction) -> str:
    """Return a change in percentage points with its sign and one decimal."""
    tenths = round(abs(value) * 1000)
    sign = "▲" if value > 0 else "▼" if value < 0 else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def _month_light(light: Light) -> Column[_Month]:
    return Column(f"_{light.value}", light.value, lambda month: month.total.lights[light], WHOLE)


_TREND: Columns[_Month] = Columns(
    Column("as_of", "截至", lambda month: month.rollup.as_of, DAY),
    Column("ledgers", "账本", lambda month: len(month.rollup.headers), WHOLE),
    Column(
        "sealed",
        "已封账",
        lambda month: sum(
            (header.sealed or "") >= f"{header.as_of:%Y-%m}" for header in month.rollup.headers
        ),
        WHOLE,
    ),
    Column("completion", "完成率", lambda month: month.total.completion.value, SHARE, "—"),
    Column(
        "_change",
        "较上期（百分点）",
        lambda month: None if month.change is None else _change(month.change),
        missing="—",
    ),
    *(_month_light(light) for light in Light),
    Column("uncounted", "事项未计", lambda month: month.total.uncounted, WHOLE),
    Column("targets_uncounted", "目标未计", lambda month: month.total.targets_uncounted, WHOLE),
)


def _trend_blocks(rollups: Sequence[Rollup]) -> tuple[Block, ...]:
    last = rollups[-1]
    blocks: list[Block] = [
        lines(f"{len(last.headers)} 本账  {last.year} 年  {len(rollups)} 个截至日", style="heading")
    ]
    if last.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    blocks.extend(lines(text, style="warning") for text in warnings_of(last))
    blocks.append(_TREND.table(_months(rollups)))
    return tuple(blocks)


def _trend_data(rollups: Sequence[Rollup]) -> dict[str, object]:
    return {
        "year": rollups[-1].year,
        "simulated": rollups[-1].simulated,
        "months": [
            {
                **_TREND.data(month),
                "lights": {
                    light.value: month.total.lights[light] for light in Light if month.total.lights[light]
                },
                "cities": [row_data(line) for line in make_lines(month.rollup, (By.CITY,))],
            }
            for month in _months(rollups)
        ],
    }
