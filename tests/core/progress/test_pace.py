"""序时进度: the part of the period gone by, plans of due points, and months as exact numbers."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from ledger.core.progress.months import months
from ledger.core.progress.pace import elapsed, points

from .world import POLICY, share, status, target


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "due", "as_of", "gone"),
    [
        ("2023-01-01", "2023-12-31", "2022-12-31", "0"),
        ("2023-01-01", "2023-12-31", "2023-01-01", "1/365"),
        ("2023-01-01", "2023-12-31", "2023-06-30", "181/365"),
        ("2023-01-01", "2023-12-31", "2023-12-30", "364/365"),
        ("2023-01-01", "2023-12-31", "2023-12-31", "1"),
        ("2023-01-01", "2023-12-31", "2024-05-01", "1"),
        ("2024-01-01", "2024-12-31", "2024-01-01", "1/366"),
        ("2024-01-01", "2024-12-31", "2024-02-29", "60/366"),
        ("2024-01-01", "2024-12-31", "2024-06-30", "182/366"),
        ("2023-07-01", "2024-06-30", "2023-12-31", "184/366"),
        ("2023-01-01", "2023-01-01", "2023-01-01", "1"),
        ("2023-06-01", "2023-05-01", "2023-04-30", "0"),  # due before the period: at once on that day
        ("2023-06-01", "2023-05-01", "2023-05-01", "1"),
        ("2023-06-01", "2023-05-01", "2023-05-15", "1"),
    ],
)
def test_the_part_of_the_period_gone_by(start: str, due: str, as_of: str, gone: str) -> None:
    assert elapsed(day(start), day(due), day(as_of)) == share(gone)


PLAN = "plan: [{on: 2023-03-31, value: 2 亿元}, {on: 2023-09-30, value: 8 亿元}]"


@pytest.mark.parametrize(
    ("plan", "as_of", "expected"),
    [
        ("due: 2023-06-30", "2023-03-31", "90/181"),
        (PLAN, "2022-12-31", "0"),
        (PLAN, "2023-01-01", "1/450"),  # 2亿元 over the 90 days of the first quarter, of 10亿元
        (PLAN, "2023-03-31", "1/5"),
        (PLAN, "2023-06-30", "152/305"),  # 2亿元, and 91 of 183 days of the next 6亿元
        (PLAN, "2023-09-30", "4/5"),
        (PLAN, "2023-12-30", "459/460"),
        (PLAN, "2023-12-31", "1"),
        (PLAN, "2024-02-01", "1"),
        ("plan: [{on: 2023-06-30, value: 3 亿元}]", "2023-06-30", "3/10"),
        ("plan: [{on: 2023-06-30, value: 30000 万元}]", "2023-06-30", "3/10"),
        ("plan: [{on: 2023-06-30, value: 12 亿元}]", "2023-06-30", "1"),  # never more than the goal
        (
            "plan: [{on: 2023-12-31, value: 5 亿元}]",
            "2023-12-31",
            "1",
        ),  # at the end the goal is due, whatever the plan
        (
            "plan: [{on: 2024-06-30, value: 5 亿元}]",
            "2023-06-30",
            "181/365",
        ),  # a point beyond the due date says nothing
        ("plan: [{on: 2022-06-30, value: 5 亿元}]", "2023-06-30", "181/365"),
    ],
)
def test_what_is_expected_of_a_sum(plan: str, as_of: str, expected: str) -> None:
    found = status(f"{{kind: accumulate, goal: {{reach: 10 亿元}}, {plan}}}", "[]", as_of)
    assert found.expected == share(expected)


@pytest.mark.parametrize(
    ("goal", "as_of", "expected"),
    [
        ("reach: 1 家", "2023-06-30", "1/4"),
        ("between: [10 家, 20 家]", "2023-06-30", "1/40"),  # of the lower bound
        ("reach: 0 家", "2023-06-30", "181/365"),  # nothing to plan towards
        ("at_most: 1 家", "2023-06-30", "1"),
    ],
)
def test_a_plan_of_small_goals(goal: str, as_of: str, expected: str) -> None:
    plan = f"{{kind: accumulate, goal: {{{goal}}}, plan: [{{on: 2023-06-30, value: 0.25 家}}]}}"
    assert status(plan, "[]", as_of).expected == share(expected)


def test_due_points_outside_of_the_line_add_nothing() -> None:
    days = ("2022-11-30", "2022-12-31", "2023-03-31", "2023-12-31", "2024-01-31")
    plan = target({
        "kind": "accumulate", "goal": {"reach": "12 家"},
        "plan": [{"on": day, "value": f"{number} 家"} for number, day in enumerate(days, start=1)],
    }).plan  # fmt: skip
    before, eve_of_year, march, due, _ = map(date.fromisoformat, days)
    end = (due, Fraction(12))
    assert points(plan, "家", (eve_of_year, Fraction(0)), end, POLICY) == [(eve_of_year, 0), (march, 3), end]
    assert points(plan, "家", None, end, POLICY) == [(before, 1), (eve_of_year, 2), (march, 3), end]
    assert points(plan, "家", (due, Fraction(0)), end, POLICY) == [end]


def test_a_period_of_its_own() -> None:
    found = status(
        "{kind: accumulate, goal: {reach: 10 家}}",
        "[]",
        "2023-12-31",
        **{"from": date(2023, 7, 1), "to": date(2024, 6, 30)},
    )
    assert found.expected == share("184/366")
    assert found.due == date(2024, 6, 30)


def test_a_plan_in_another_unit_is_a_fault_of_the_plan() -> None:
    plan = "{kind: accumulate, goal: {reach: 10 亿元}, plan: [{on: 2023-06-30, value: 3 家}]}"
    found = status(plan, "- {on: 2023-03-31, add: 1 亿元}", "2023-06-30")
    assert (found.expected, found.light) == (None, "无法判断")
    assert found.reason is not None
    assert found.reason.startswith("无法判断：计划数有误")
    level = "{kind: level, goal: {reach: 10 亿元}, baseline: 3 家}"
    assert "基期数有误" in str(status(level, "- {on: 2023-03-31, value: 1 亿元}", "2023-06-30").reason)


@pytest.mark.parametrize(
    ("after", "until", "number"),
    [
        ("2023-06-30", "2023-12-31", "6"),
        ("2022-12-31", "2023-12-31", "12"),
        ("2023-12-31", "2024-02-29", "2"),
        ("2023-02-14", "2023-02-28", "1/2"),
        ("2023-06-15", "2023-07-15", str(Fraction(15, 30) + Fraction(15, 31))),
        ("2023-06-15", "2023-06-15", "0"),
        ("2023-06-16", "2023-06-15", "0"),
    ],
)
def test_months(after: str, until: str, number: str) -> None:
    assert months(day(after), day(until)) == share(number)


def test_months_add_up() -> None:
    start, middle = day("2023-01-20"), day("2024-03-05")
    for days in range(0, 400, 7):
        end = middle + timedelta(days=days)
        assert months(start, middle) + months(middle, end) == months(start, end)
