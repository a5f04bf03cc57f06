"""The lines of a chart are the status on each day, and the picture puts them where the figures say."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ledger.commands.report import IntegrityStatement, collect_report
from ledger.core.progress.burnup import BurnUp
from ledger.core.progress.report import Query
from ledger.files.ledger import Ledger
from ledger.render.html.chart import CHARACTER, WIDTH, chart
from ledger.render.width import width
from tests.conftest import World

WORDS = "标题 <b> & “更多”"
EVE, END = date(2022, 12, 31), date(2023, 12, 31)


def curve(world: World, key: str, as_of: date = date(2023, 6, 30)) -> BurnUp:
    query = Query(2023, as_of, frozenset({"金融办"}))
    report = collect_report(Ledger.open(Path(world.root)), query, IntegrityStatement(), as_of)
    return report.sections[0].curves[key]


def test_a_sum_runs_from_nothing_and_its_pace_evenly_to_the_goal(world: World) -> None:
    world("log", "金融办", "listed", "2家", "--on", "2023-03-31")
    world("log", "金融办", "listed", "5家", "--total", "--on", "2023-05-31")
    burn_up = curve(world, "listed")
    assert burn_up.actual == (
        (EVE, Fraction(0)),
        (date(2023, 3, 31), Fraction(2)),
        (date(2023, 5, 31), Fraction(5)),
    )
    pace = dict(burn_up.pace)
    assert pace[EVE] == 0
    assert pace[date(2023, 6, 30)] == 2  # whole companies: 6 × 181/365 rounded down
    assert pace[END] == 6 == burn_up.goal


def test_entries_after_the_day_asked_for_are_not_drawn(world: World) -> None:
    world("log", "金融办", "listed", "2家", "--on", "2023-03-31")
    world("log", "金融办", "listed", "1家", "--on", "2023-05-31")
    assert curve(world, "listed", date(2023, 4, 30)).actual[-1] == (date(2023, 3, 31), Fraction(2))


def test_a_level_without_a_baseline_has_no_pace_before_its_due_date(world: World) -> None:
    world("log", "金融办", "balance", "3600亿元", "--on", "2023-05-31")
    burn_up = curve(world, "balance")
    assert [day for day, value in burn_up.pace if value is not None] == [END]
    assert burn_up.actual == ((date(2023, 5, 31), Fraction(3600) * 10**8),)


def test_a_level_with_a_baseline_is_paced_from_it(world: World) -> None:
    path = "data/targets/2023/金融办/01.yaml"
    world.write(
        path,
        world.read(path).replace(
            "goal: {above: 3650 亿元}", "goal: {above: 3650 亿元}\n    baseline: 3285 亿元"
        ),
    )
    pace = dict(curve(world, "balance").pace)
    assert pace[date(2023, 1, 1)] == (3285 + Fraction(365, 365)) * 10**8
    assert pace[END] == 3650 * 10**8


def test_a_rate_is_expected_whole_on_every_day(world: World) -> None:
    assert {value for _, value in curve(world, "green").pace} == {Fraction(12)}


def test_steps_jump_on_their_days(world: World) -> None:
    world("log", "金融办", "opinion", "完成", "--on", "2023-04-20", "--evidence", "文")
    burn_up = curve(world, "opinion")
    assert burn_up.stepped
    assert dict(burn_up.actual)[date(2023, 4, 20)] == 1
    assert dict(burn_up.pace) == {EVE: 0, END: 1}


@pytest.mark.parametrize("key", ["quality", "faster", "front"])
def test_kinds_without_completion_have_no_lines(world: World, key: str) -> None:
    query = Query(2023, END, frozenset({"金融办"}))
    report = collect_report(Ledger.open(Path(world.root)), query, IntegrityStatement(), END)
    assert key not in report.sections[0].curves


def straight(**changes: object) -> BurnUp:
    plain = {
        "start": EVE,
        "end": END,
        "actual": ((EVE, Fraction(0)), (END, Fraction(4))),
        "pace": ((EVE, Fraction(0)), (END, Fraction(8))),
        "goal": Fraction(8),
        "unit": "家",
        "scale": 1,
        "stepped": False,
    }
    return BurnUp(**(plain | changes))  # type: ignore[arg-type]


def heights(svg: str, name: str) -> list[float]:
    root = ET.fromstring(svg)
    (path,) = (element for element in root.iter("path") if element.get("class") == name)
    numbers = re.findall(r"[\d.-]+", path.get("d", ""))
    return [float(number) for number in numbers[1::2]]


def test_half_the_goal_stands_at_half_the_height() -> None:
    svg = chart(straight(), WORDS)
    bottom, top = heights(svg, "pace")
    assert bottom > top
    assert heights(svg, "goal") == [top, top]
    start, half = heights(svg, "actual")
    assert start == bottom
    assert half == pytest.approx((bottom + top) / 2, abs=0.2)


def test_words_are_escaped_and_nothing_is_styled_in_place() -> None:
    svg = chart(straight(unit="<b>"), WORDS)
    root = ET.fromstring(svg)
    assert root.get("aria-label") == WORDS
    assert not re.search(r"fill=|stroke|font-family|style=", svg)
    assert len(svg) < 1500


def test_a_gap_breaks_the_line() -> None:
    middle = date(2023, 6, 30)
    line = ((EVE, Fraction(0)), (date(2023, 3, 31), Fraction(2)), (middle, None), (date(2023, 9, 30), Fraction(5)), (END, Fraction(6)))  # fmt: skip
    svg = chart(straight(actual=line), WORDS)
    (actual,) = re.findall(r'class="actual" d="([^"]*)"', svg)
    (dots,) = re.findall(r'class="dots" d="([^"]*)"', svg)
    assert (actual.count("M"), dots.count("M")) == (2, 3)


@pytest.mark.parametrize(
    ("goal", "scale", "unit", "label"),
    [(Fraction(16 * 10**8), 10**8, "美元", "15亿美元"), (Fraction(1), 1, "%", "1%"), (Fraction(-1, 2), 1, "%", "-0.4%")],
)  # fmt: skip
def test_the_axis_speaks_in_the_targets_own_unit(goal: Fraction, scale: int, unit: str, label: str) -> None:
    svg = chart(
        straight(goal=goal, scale=scale, unit=unit, actual=(), pace=((EVE, Fraction(0)), (END, goal))), WORDS
    )
    assert label in re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_single_report_is_a_dot() -> None:
    svg = chart(straight(actual=((date(2023, 5, 31), Fraction(3)),), pace=()), WORDS)
    assert svg.count("h0") == 1
    assert 'class="actual"' not in svg


@pytest.mark.parametrize("unit", ["家", "个/千人", "万人次每平方公里"])
def test_no_label_leaves_the_picture(unit: str) -> None:
    root = ET.fromstring(chart(straight(unit=unit, goal=Fraction(12345)), WORDS))
    for text in root.iter("text"):
        size = width(text.text or "") * CHARACTER
        left = float(text.get("x", "")) - (size / 2 if text.get("class") == "m" else size)
        assert left >= 0
        assert left + size <= WIDTH


def test_a_level_far_from_zero_begins_at_its_own_range() -> None:
    line = ((EVE, Fraction(3500)), (date(2023, 6, 30), Fraction(3543)))
    svg = chart(straight(actual=line, pace=(), goal=Fraction(3650), unit="亿元"), WORDS)
    goal, now = heights(svg, "goal")[0], heights(svg, "actual")[-1]
    assert now - goal > 40
