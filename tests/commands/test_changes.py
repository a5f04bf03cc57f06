"""`changes`: what differs between two times, by kind and place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import World


def changes(world: World, *options: str) -> dict[str, Any]:
    done = world("changes", "--format", "json", *options)
    assert (done.code, done.err) == (0, "")
    return dict(json.loads(done.out))


def kinds(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change["kind"], change["target"] or change["department"]) for change in answer["changes"]]


@pytest.fixture
def summer(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """June is sealed; in July a late report, a correction, a withdrawal, a lower goal, a rating, a closing and new figures."""
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + "difficulty: {一般: 1, 较难: 1.2}\n")
    world.commit_all("难度")
    monkeypatch.setenv("LEDGER_TODAY", "2023-06-30")
    for target, amount in (("listed", "1家"), ("loans", "80亿元"), ("balance", "3660亿元")):
        assert world("log", "金融办", target, amount, "--on", "2023-06-30").code == 0
    assert world("log", "商务局", "overseas", "1亿美元", "--on", "2023-06-30").code == 0
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-05")
    assert world("seal", "2023-06", "--local").code == 0
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-31")
    late = ("--late", "--reason", "漏报")
    entries = world.git("log", "--format=%(trailers:key=Ledger-Entry,valueonly)", "--grep=overseas").split()
    assert world("log", "金融办", "listed", "3家", "--on", "2023-06-29", *late).code == 0
    assert world("correct", entries[0], "2亿美元", "--late", "--reason", "漏计").code == 0
    assert world("log", "金融办", "balance", "3640亿元", "--on", "2023-07-31").code == 0
    assert world("log", "金融办", "quality", "第2位", "--on", "2023-07-31").code == 0
    assert world("amend", "金融办-01/listed", "--goal", "≥4家", "--reason", "调整").code == 0
    assert world("rate", "金融办-01", "较难", "--reason", "会议").code == 0
    assert world("close", "商务局-01/foreign-capital", "--evidence", "文", "--reason", "不再办理").code == 0
    return world


def test_what_a_monday_meeting_asks(summer: World) -> None:
    answer = changes(summer)
    assert (answer["from"], answer["to"], answer["to_known"]) == ("2023-06-30", "2023-07-31", None)
    assert answer["from_known"] == summer.git("rev-parse", "seal/2023-06^{commit}").strip()
    found = kinds(answer)
    for expected in (
        ("better", "金融办-01/listed"),
        ("met", "金融办-01/listed"),
        ("broken", "金融办-01/balance"),
        ("reported", "金融办-01/quality"),
        ("silent", "金融办-01/loans"),
        ("figure", "金融办-01/listed"),
        ("correction", "商务局-01/overseas"),
        ("late", "金融办-01/listed"),
        ("goal", "金融办-01/listed"),
        ("difficulty", "金融办-01"),
        ("closed", "商务局-01/foreign-capital"),
        ("score", "金融办"),
    ):
        assert expected in found, expected
    rows = {(change["kind"], change["target"]): change for change in answer["changes"]}
    assert rows["figure", "金融办-01/listed"]["difference"] == "+3家"
    goal = rows["goal", "金融办-01/listed"]
    assert (goal["before"], goal["after"], goal["by"], goal["reason"]) == ("≥6家", "≥4家", "张三", "调整")
    assert rows["correction", "商务局-01/overseas"]["before"] == "2023-06-30 1亿美元"


def test_the_same_time_has_no_changes_and_either_way_round_mirrors(summer: World) -> None:
    assert changes(summer, "--from", "2023-06", "--to", "2023-06")["changes"] == []
    assert changes(summer, "--from", "2023-07-31")["changes"] == []
    commit = summer.git("rev-parse", "HEAD").strip()
    assert changes(summer, "--from", commit, "--to", commit)["changes"] == []


def test_one_department_and_the_other_formats(summer: World) -> None:
    assert {change["department"] for change in changes(summer, "--dept", "市金融办")["changes"]} == {"金融办"}
    table = summer("changes")
    assert (table.code, "亮灯好转" in table.out, "目标调整" in table.out) == (0, True, True)
    assert summer("changes", "--format", "csv").out.startswith("变化,部门,目标代号")


@pytest.mark.parametrize("time", ["上周", "deadbeef", "2023-13"])
def test_a_time_that_is_none_is_refused(summer: World, time: str) -> None:
    done = summer("changes", "--from", time)
    assert (done.code, done.out) == (1, "")
    assert "下一步：" in done.err
