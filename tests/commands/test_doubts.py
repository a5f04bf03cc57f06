"""A doubtful figure is asked about; one that was confirmed keeps which doubt, and is right for `check`."""

from __future__ import annotations

import json

import pytest

from tests.conftest import World

FILE = "data/progress/2023/金融办/01.yaml"


def last(world: World) -> dict[str, object]:
    entry: dict[str, object] = json.loads(world.read(FILE).splitlines()[-1][2:])
    return entry


CASES = {
    "jump": (("balance", "3590亿元"), ("balance", "3590万元")),
    "surge": (("loans", "12亿元"), ("loans", "120亿元")),
    "falling-total": (("listed", "累计4家"), ("listed", "累计3家")),
    "basis-switched": (("loans", "累计20亿元"), ("loans", "增24亿元")),
    "repeated": (("listed", "1家", "--on", "2023-06-30"), ("listed", "1家")),
    "fraction": (("listed", "1家"), ("listed", "1.8家")),
    "unlike-rate": (("green", "12%"), ("green", "120%")),
    "negative": (("green", "12%"), ("green", "负12%")),
    "rank-jump": (("quality", "第2位"), ("quality", "第20位")),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_doubt_stops_until_it_is_confirmed(world: World, rule: str) -> None:
    before, doubtful = CASES[rule]
    assert world("log", "金融办", *before, *(() if "--on" in before else ("--on", "2023-05-31"))).code == 0
    head = world.git("rev-parse", "HEAD")
    for dry_run in (("--dry-run",), ()):
        refused = world("log", "金融办", *doubtful, "--on", "2023-06-30", *dry_run)
        assert refused.code == 1
        assert "--confirm" in refused.err
    assert world.git("rev-parse", "HEAD") == head
    done = world("log", "金融办", *doubtful, "--on", "2023-06-30", "--confirm")
    assert done.code == 0, done.err
    assert rule in last(world)["confirmed"]  # type: ignore[operator]
    assert world("check").code == 0
    listed = json.loads(world("doubts", "--month", "2023-06", "--format", "json").out)
    assert rule in {item["rule"] for item in listed if item["confirmed"]}


def test_what_is_not_available_is_an_answer(world: World) -> None:
    refused = world("log", "金融办", "green", "--none", "--on", "2023-06-30")
    assert refused.code == 1
    done = world("log", "金融办", "green", "--none", "--reason", "季后才出数", "--on", "2023-06-30")
    assert done.code == 0, done.err
    assert (last(world)["unavailable"], last(world)["reason"]) == (True, "季后才出数")
    assert world("check").code == 0
    due = json.loads(world("due", "--month", "2023-06", "--format", "json").out)
    missing = {item["ref"] for department in due["departments"] for item in department["due"]}
    assert "金融办-01/green" not in missing
    assert "金融办-01/balance" in missing


def test_without_a_date_the_month_being_reported_is_meant(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-06-05")
    done = world("log", "金融办", "listed", "1家")
    assert done.out.splitlines()[0].startswith("报 2023 年 5 月的数，数据日期 2023-05-31")
    assert last(world)["on"] == "2023-05-31"
    monkeypatch.setenv("LEDGER_TODAY", "2023-06-06")
    assert world("log", "金融办", "listed", "1家").code == 0
    assert last(world)["on"] == "2023-06-06"
