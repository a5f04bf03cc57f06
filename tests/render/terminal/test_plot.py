"""The picture of a target's year: letters alone, the right cells, exact figures, and nothing drawn that is not known."""

from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction

import pytest

from ledger.core.progress.burnup import BurnUp
from ledger.render.graph import ROWS, graph
from ledger.render.width import width
from tests.conftest import World

COLUMNS = 60
"""Cells of the canvas, without the labels and the axis."""
START, END = date(2022, 12, 31), date(2023, 12, 31)


def curve(*reported: tuple[date, int | None], goal: int = 12, stepped: bool = False) -> BurnUp:
    actual = tuple((day, None if value is None else Fraction(value)) for day, value in reported)
    days = tuple(day for day, _ in reported)
    pace = ((START, Fraction(0)), (END, Fraction(goal)))
    return BurnUp(START, END, ((START, Fraction(0)), *actual), pace, Fraction(goal), "家", 1, stepped, days)


def drawn_of(lines: BurnUp) -> tuple[str, ...]:
    """The chart with as many columns for its labels as they take."""
    size = len(graph(lines, str)[-2].partition("+")[0])
    return graph(lines, str, COLUMNS + size + 3)


def cells(lines: tuple[str, ...]) -> list[str]:
    return [line.partition("|")[2].ljust(COLUMNS) for line in lines[:ROWS]]


def test_each_value_is_in_its_cell() -> None:
    drawn = cells(drawn_of(curve((date(2023, 7, 1), 3), (END, 6))))
    assert drawn[0] == "-" * (COLUMNS - 3) + "..."
    assert drawn[ROWS - 1][0] == "*"
    assert drawn[9][29] == "O"  # 3 of 12 is three rows above the lowest; 182 of 365 days
    assert drawn[6][COLUMNS - 1] == "O"
    assert sum(row.count("O") for row in drawn) == 2
    assert drawn[3].strip(" ").strip("*") == "....."


def test_the_labels_are_the_goal_the_latest_and_the_ends() -> None:
    lines = graph(curve((END, 6)), lambda value: f"{value}家")
    assert [line.partition("|")[0].strip() for line in lines[:ROWS] if line.partition("|")[0].strip()] == [
        "12家",
        "6家",
        "0家",
    ]
    assert lines[-1].split() == [*map(str, range(1, 12)), "12月"]
    assert all(line.replace("家", "").replace("月", "").isascii() for line in lines)


def test_a_gap_in_what_is_known_is_a_gap_in_the_line() -> None:
    drawn = cells(drawn_of(curve((date(2023, 3, 31), 12), (date(2023, 6, 30), None), (END, 12))))
    assert drawn[0].count("O") == 2
    assert "*" not in drawn[0][20:COLUMNS]


def test_steps_jump() -> None:
    drawn = cells(drawn_of(curve((date(2023, 7, 1), 12), stepped=True)))
    assert drawn[ROWS - 1].startswith("*" * 29)
    assert all("*" not in row for row in drawn[:-1])


def test_a_goal_of_nothing_is_drawn_flat() -> None:
    drawn = cells(drawn_of(curve((END, 0), goal=0)))
    assert [row.strip() for row in drawn[:-1]] == [""] * (ROWS - 1)
    assert drawn[-1].endswith("O")


@pytest.fixture
def reported(world: World) -> World:
    for target, amount, day in (
        ("listed", "2家", "2023-03-31"),
        ("listed", "1家", "2023-05-31"),
        ("balance", "3600.5亿元", "2023-06-30"),
        ("opinion", "完成", "2023-05-20"),
        ("quality", "第2位", "2023-06-30"),
    ):
        assert world("log", "金融办", target, amount, "--on", day).code == 0
    return world


def test_plot_of_a_target_says_what_show_says(reported: World) -> None:
    done = reported("plot", "金融办-01/listed")
    assert (done.code, done.err) == (0, "")
    assert "目标值 ≥6家  当前值 3家  完成率 50.0%  序时进度 33.3%" in done.out
    table = done.out.partition("数据日期")[2]
    assert "2023-03-31   2家       1家  多 1家" in table
    assert "2023-05-31   3家       2家  多 1家" in table
    assert all(width(line) <= 80 for line in done.out.splitlines())


def test_plot_of_a_commitment_says_of_each_target_what_cannot_be_drawn(reported: World) -> None:
    out = reported("plot", "金融办-01").out
    assert out.count("O 上报") == 5
    assert "位次类的目标没有进度线" in out
    assert "比较类的目标没有进度线" in out
    assert "定性类的目标没有进度线" in out
    assert "尚无数据" in out
    assert "没有序时进度线：" in out  # a balance without a baseline has no pace before its day
    assert out.count("2023-05-20  100.0%") == 1


def test_plot_before_anything_was_reported_draws_no_line(reported: World) -> None:
    out = reported("plot", "金融办-01/listed", "--as-of", "2023-01-31").out
    assert "*" not in out.replace("* 连线", "")
    assert "尚无数据" in out


def test_the_figures_are_exact_as_data(reported: World) -> None:
    (target,) = json.loads(reported("plot", "金融办-01/listed", "--format", "json").out)["targets"]
    assert target["points"] == [
        {"on": "2023-03-31", "actual": 2, "expected": 1},
        {"on": "2023-05-31", "actual": 3, "expected": 2},
    ]
    assert target["pace"][-1] == {"on": "2023-12-31", "expected": 6}
    rows = reported("plot", "金融办-01/listed", "--format", "csv").out.splitlines()
    assert rows[1] == "金融办-01,listed,新增上市公司,家,2023-03-31,2,,1,"


def test_the_chart_is_as_wide_as_asked() -> None:
    for columns in (40, 80, 132):
        lines = graph(curve((END, 6)), lambda value: f"{value}家", columns)
        assert max(map(width, lines)) == columns


def test_a_level_begins_at_its_own_range_and_keeps_apart_from_its_goal() -> None:
    near = ((date(2023, 5, 31), Fraction("3482.7")), (date(2023, 6, 30), Fraction("3543.54")))
    level = BurnUp(START, END, near, (), Fraction(3650), "亿元", 1, False, tuple(day for day, _ in near))
    drawn = [line.partition("|")[2] for line in graph(level, str)[:ROWS]]
    assert set(drawn[0]) == {"-"}, "the goal's line holds nothing else"
    assert "O" in drawn[-1]


def test_differences_of_rates_are_percentage_points(reported: World) -> None:
    reported("log", "金融办", "green", "3.75%", "--on", "2023-06-30")
    out = reported("plot", "金融办-01/green", "--as-of", "2023-06-30").out
    assert re.search(r"少 [0-9.]+ 个百分点", out)
