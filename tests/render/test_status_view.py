"""`status`: the line of all departments, the order asked for, and the tick of 序时进度."""

from __future__ import annotations

import pytest

from ledger.render.columns import bar
from tests.conftest import World


@pytest.fixture
def reported(world: World) -> World:
    assert world("log", "金融办", "listed", "2家", "--on", "2023-06-30").code == 0
    assert world("log", "商务局", "overseas", "3亿美元", "--on", "2023-06-30").code == 0
    return world


def names(world: World, *options: str) -> list[str]:
    rows = world("status", *options).out.partition("--\n")[2].splitlines()
    return [row.split()[0].rstrip("*") for row in rows if row.startswith(("金融办", "商务局", "合计"))]


def test_all_departments_stand_together_at_the_end(reported: World) -> None:
    out = reported("status").out
    total = next(line for line in out.splitlines() if line.startswith("合计"))
    assert total.split()[1:3] == ["2", "10"]
    assert "合计" not in reported("status", "--format", "csv").out
    assert "合计" not in reported("status", "--format", "json").out


def test_departments_are_sorted_by_a_column(reported: World) -> None:
    assert names(reported)[:2] != names(reported, "--sort", "完成率")[:2] or names(reported)[0] == "商务局"
    assert names(reported, "--sort", "完成率") == ["商务局", "金融办", "合计"]
    assert names(reported, "--sort", "目标") == ["金融办", "商务局", "合计"]


def test_an_unknown_column_is_refused(reported: World) -> None:
    done = reported("status", "--sort", "好坏")
    assert done.code == 2
    assert "完成率" in done.err


@pytest.mark.parametrize(
    ("share", "expected", "drawn"),
    [
        ("1/3", "1/2", "###--|----"),
        ("1", "1/2", "#####|####"),
        ("0", "1", "---------|"),
        ("2", "0", "|#########"),
    ],
)
def test_the_bar_has_a_tick_where_it_should_be(share: str, expected: str, drawn: str) -> None:
    from fractions import Fraction

    assert bar(Fraction(share), Fraction(expected)) == drawn
