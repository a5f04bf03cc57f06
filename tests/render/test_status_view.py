"""`status`: the line of all departments, the order asked for, and the tick of 序时进度."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.commands.report import IntegrityStatement, collect_report
from ledger.core.progress.report import Query
from ledger.files.ledger import Ledger
from ledger.render.columns import bar
from ledger.render.view import Table
from ledger.render.views.status import status_view
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


def test_the_overview_has_ticks_at_what_was_due_of_the_targets_that_count(reported: World) -> None:
    as_of = date(2023, 6, 30)
    report = collect_report(
        Ledger.open(reported.root), Query(2023, as_of), IntegrityStatement(), as_of
    ).status
    (table,) = (block for block in status_view(report, detail=False).blocks if isinstance(block, Table))
    drawn = {row[0].rstrip("*"): row[-1] for row in table.rows}
    assert drawn == {
        "金融办": "###|------",  # 2 of 6 companies; 6 × 181/365 rounded down to 2 were due
        "商务局": "####|#####",  # all of 3亿美元; 181/365 of it was due
        "合计": "####|#----",
    }
