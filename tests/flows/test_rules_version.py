"""Versions of the rules: what a ledger that names none is told, and that the former rules can be kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import CONFIG, World


def with_rules(world: World, line: str) -> None:
    world.write("data/ledger.yaml", CONFIG.replace("rules: 2026\n", line))
    world.commit_all("规则")


def listed(world: World, day: str) -> Any:
    answer = json.loads(world("status", "--dept", "金融办", "--as-of", day, "--format", "json").out)
    return next(target for target in answer["commitments"][0]["targets"] if target["key"] == "listed")


def test_a_ledger_that_names_no_rules_is_told_once_where_they_change_an_answer(world: World) -> None:
    world("log", "金融办", "listed", "2家", "--on", "2023-05-31")
    with_rules(world, "")
    done = world("check")
    assert (done.code, done.err.count("rules: 2023")) == (0, 1)
    for line in ("rules: 2023\n", "rules: 2026\n"):
        with_rules(world, line)
        done = world("check")
        assert (done.code, done.err) == (0, "")


def test_nothing_is_said_where_no_answer_changes(world: World) -> None:
    for department in ("金融办", "商务局"):
        world.git("rm", "-q", f"data/targets/2023/{department}/01.yaml")
    with_rules(world, "")
    assert "rules: 2023" not in world("check").err


def test_each_version_judges_at_its_own_day(world: World) -> None:
    world("log", "金融办", "listed", "2家", "--on", "2023-05-31")
    now = listed(world, "2023-07-05")
    assert (now["pace_on"], now["expected"], now["light"]) == ("2023-05-31", "1/3", "正常")
    with_rules(world, "rules: 2023\n")
    then = listed(world, "2023-07-05")
    assert (then["pace_on"], then["expected"], then["light"]) == ("2023-07-05", "186/365", "滞后")
    with_rules(world, "rules: 2023\npace: month\n")
    assert listed(world, "2023-07-05")["pace_on"] == "2023-05-31"


def test_a_goal_met_late_says_so(world: World) -> None:
    path = "data/targets/2023/金融办/01.yaml"
    text = world.read(path)
    world.write(path, text.replace("goal: {at_least: 6 家}", "goal: {at_least: 6 家}\n    due: 2023-03-31"))
    world.commit_all("提前")
    world("log", "金融办", "listed", "5家", "--on", "2023-03-31")
    world("log", "金融办", "listed", "1家", "--on", "2023-05-31")
    late = listed(world, "2023-06-30")
    assert (late["light"], late["late"], late["met_on"]) == ("已达标", "2个月", "2023-05-31")
    assert "已达标（逾期2个月）" in world("status", "--dept", "金融办").out
    assert listed(world, "2023-04-30")["late"] is None


@pytest.mark.parametrize(("month", "reason"), [("2023-05", "monthly"), ("2024-03", "outside-period")])
def test_due_says_why(world: World, month: str, reason: str) -> None:
    done = world("due", "--month", month, "--year", "2023", "--format", "json")
    targets = [target for row in json.loads(done.out)["departments"] for target in row["targets"]]
    assert {target["why"] for target in targets if target["ref"].endswith("/listed")} == {reason}
    table = world("due", "--month", month, "--year", "2023", "--why").out
    assert ("应报未报" in table) == (reason == "monthly")
