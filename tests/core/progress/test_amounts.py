"""Figures as people read them, and the rates that entries record."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from ledger.core.models import Level
from ledger.core.models.base import read_model
from ledger.core.progress import rate_text
from ledger.core.progress.amounts import format_figure
from ledger.core.structs import replace
from ledger.core.units import Rate, default_units

from .world import policy, status


@pytest.mark.parametrize(
    ("value", "unit", "scale", "text"),
    [
        ("6", "家", 1, "6家"),
        ("160000000", "美元", 10**8, "1.6亿美元"),
        ("-160000000", "元", 10**8, "-1.6亿元"),
        ("123456789", "元", 10**8, "12345.6789万元"),
        ("12.345678", "%", 1, "12.345678%"),
        ("12.3456785", "%", 1, "约12.35%"),  # seven decimals: nobody reads these
        ("100/3", "%", 1, "约33.33%"),
        ("-100/3", "%", 1, "约-33.33%"),
        ("100000000/3", "元", 10**8, "约3333.33万元"),
        ("1000000000/3", "元", 10**8, "约3.33亿元"),
        ("100/3", "元", 10**8, "约33.33元"),
        ("1/3000", "%", 1, "3000分之1%"),  # what is more than nothing never reads 0
        ("200/3", "亩", 1, "约66.67亩"),
    ],
)
def test_figures_are_exact_or_say_that_they_are_rounded(value: str, unit: str, scale: int, text: str) -> None:
    assert format_figure(Fraction(value), unit, scale) == text


def test_a_rate_as_entries_record_it() -> None:
    assert rate_text(Rate("美元", "元", date(2023, 6, 30), Fraction("7.2258"))) == "美元/元 2023-06-30 7.2258"


RULES: dict[str, Any] = {
    "tolerance": 5,
    "rates": [{"from": "美元", "to": "元", "on": "2023-03-31", "rate": "6.9"}],
    "difficulty": {"较难": "1.2"},
    "scoring": "guiyang",
}


def test_a_policy_takes_all_its_rules_from_the_configuration() -> None:
    rules = policy(**RULES)
    assert (rules.tolerance, rules.difficulty, rules.scoring) == (5, {"较难": Fraction("1.2")}, "guiyang")
    assert rules.lights.gap == "points"


OWN = default_units().extended({"标准场": "2 场", "实践园": ""})


@pytest.mark.parametrize(
    ("plan", "line", "value"),
    [
        ("kind: accumulate, goal: {reach: 10 场}", "add: 3 标准场", "6"),
        ("kind: level, goal: {reach: 10 场}", "value: 3 标准场", "6"),
        ("kind: change, goal: {reach: 10 %}", "current: 3 标准场, base: 5 场", "20"),
        ("kind: change, goal: {reach: 10 %}", "current: 6 场, base: 2.5 标准场", "20"),
        ("kind: change, goal: {reach: 10 %}", "current: 6 实践园, base: 5 实践园", "20"),
        ("kind: change, goal: {reach: 10 场}", "current: 3 标准场, base: 2 标准场", "2"),
        ("kind: compare, goal: {above: 全省平均}, unit: 场", "value: 3 标准场, benchmark: 2 标准场", "6"),
    ],
)
def test_a_ledgers_own_units_count_in_every_kind(plan: str, line: str, value: str) -> None:
    rules = replace(policy(), units=OWN)
    found = status(f"{{{plan}}}", f"- {{on: 2023-03-31, {line}}}", "2023-06-30", rules)
    assert (found.value, found.reason if found.value is None else None) == (Fraction(value), None)


@pytest.mark.parametrize(
    ("plan", "line", "met"),
    [
        ("kind: accumulate, goal: {about: 100 家}", "add: 95 家", True),
        ("kind: accumulate, goal: {about: 100 家}", "add: 94 家", False),
        ("kind: level, goal: {about: 100 家}", "value: 105 家", True),
        ("kind: level, goal: {about: 100 家}", "value: 106 家", False),
        ("kind: level, goal: {about: 100 家}, hold: true", "value: 106 家", False),
        ("kind: change, goal: {about: 20 %}", "value: 19 %", True),
        ("kind: change, goal: {about: 20 %}", "value: 18.9 %", False),
    ],
)
def test_an_about_is_met_within_the_tolerance(plan: str, line: str, met: bool) -> None:
    rules = policy(**RULES)
    assert status(f"{{{plan}}}", f"- {{on: 2023-03-31, {line}}}", "2023-06-30", rules).met is met


def test_an_about_beside_the_goal_has_the_same_tolerance() -> None:
    plan = "{kind: accumulate, goal: {reach: 50 家}, stretch: [{about: 100 家}, {about: 120 家}]}"
    found = status(plan, "- {on: 2023-03-31, add: 96 家}", "2023-06-30", policy(**RULES))
    assert [tier.reached for tier in found.tiers] == [True, False]


def test_a_ledgers_own_units_count_in_a_plan() -> None:
    rules = replace(policy(), units=OWN)
    plan = {"key": "t", "name": "演出", "quote": "演出10场", "kind": "level", "goal": {"reach": "10 场"}}
    one = read_model(Level, {**plan, "baseline": "3 标准场"}, OWN)
    found = status(one, "- {on: 2023-03-31, value: 7 场}", "2023-06-30", rules)
    assert found.progress == Fraction(1, 4)


def test_a_percentage_below_one_is_kept_as_any_other() -> None:
    """低于 0.5 %: a report of just 0.5 % is the whole of the goal and still not below it."""
    found = status("{kind: level, goal: {below: 0.5 %}}", "- {on: 2023-03-31, value: 0.5 %}", "2023-06-30")
    assert (found.completion, found.met) == (1, False)


@pytest.mark.parametrize(
    ("plan", "line", "value"),
    [
        ("kind: accumulate, goal: {reach: 80 亿元}", "total: 2 亿美元", 1_380_000_000),
        ("kind: level, goal: {reach: 80 亿元}", "value: 2 亿美元", 1_380_000_000),
        ("kind: compare, goal: {above: 全省平均}, unit: 元", "value: 2 美元, benchmark: 3 美元", "13.8"),
    ],
)
def test_foreign_money_is_turned_into_the_targets_in_every_kind(plan: str, line: str, value: Any) -> None:
    found = status(f"{{{plan}}}", f"- {{on: 2023-03-31, {line}}}", "2023-06-30", policy(**RULES))
    assert found.value == Fraction(value)


def test_the_currencies_of_a_policy_go_by_their_conventional_names() -> None:
    rules = policy(rates=[{"from": "美金", "to": "人民币", "on": "2023-06-30", "rate": "7.2258"}])
    assert rules.rates == (Rate("美元", "元", date(2023, 6, 30), Fraction("7.2258")),)
    unknown = policy(rates=[{"from": "贝币", "to": "元", "on": "2023-06-30", "rate": "2"}])
    assert unknown.rates == (Rate("贝币", "元", date(2023, 6, 30), Fraction(2)),)
