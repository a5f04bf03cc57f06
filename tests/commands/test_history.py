"""`history` tells everything that happened to a commitment: reports, corrections, late entries, verdicts, amendments, closings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import World

TARGET = "金融办-01/listed"


def history(world: World, *words: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(world("history", *words, "--format", "json").out)
    return events


@pytest.fixture
def told(world: World) -> World:
    """A commitment with one event of each kind, in this order."""
    for words in (
        ("log", "金融办", "listed", "1家", "--on", "2023-04-30"),
        ("amend", TARGET, "--goal", "≥8家", "--reason", "专题会议纪要5号"),
        ("log", "金融办", "listed", "2家", "--on", "2023-05-31"),
        ("correct", "金融办", "listed", "3家", "--month", "2023-05", "--reason", "漏报一家"),
        ("void", "金融办", "listed", "--month", "2023-04", "--reason", "报错了"),
        ("log", "金融办", "listed", "--none", "--on", "2023-06-20", "--reason", "季后才出数"),
        ("judge", "金融办-01/front", "达到", "--evidence", "通报第3期", "--on", "2023-06-20"),
        ("close", TARGET, "--evidence", "湖政发〔2023〕9号", "--reason", "并入明年"),
        ("close", TARGET, "--reopen", "--reason", "会议决定继续"),
    ):
        done = world(*words)
        assert done.code == 0, (words, done.err)
    return world


def test_every_kind_of_event_in_the_order_of_writing(told: World) -> None:
    events = history(told, "金融办-01")
    assert [event["kind"] for event in events] == [
        "report", "amendment", "report", "correction", "withdrawal", "unavailable", "verdict", "closing", "reopening",
    ]  # fmt: skip
    assert all(event["commit"] for event in events)
    subjects = [told.git("log", "-1", "--format=%s", event["commit"]["id"]).strip() for event in events]
    assert [subject.partition("(")[0] for subject in subjects] == [
        "log", "amend", "log", "correct", "void", "log", "log", "close", "close",
    ]  # fmt: skip
    first, amended, second, correction, withdrawal = events[:5]
    assert (amended["field"], amended["before"], amended["after"]) == ("goal", "≥6家", "≥8家")
    assert (first["replaced_by"], second["replaced_by"]) == (withdrawal["id"], correction["id"])
    assert correction["replaced_by"] is None


def test_the_table_says_what_replaced_what(told: World) -> None:
    events = history(told, "金融办-01")
    short = [event["id"] and event["id"][-6:] for event in events]
    out = told("history", "金融办-01").out
    assert f"已作废（{short[4]}）" in out
    assert f"已更正（{short[3]}）" in out
    assert f"更正 {short[2]}" in out
    assert "目标 ≥6家 → ≥8家" in out
    assert "撤销销号" in out


def test_one_month_and_one_target(told: World) -> None:
    assert [event["kind"] for event in history(told, TARGET, "--month", "2023-05")] == [
        "report",
        "correction",
    ]
    assert "verdict" not in {event["kind"] for event in history(told, TARGET)}


def test_a_late_entry_says_so(world: World) -> None:
    words = ("--on", "2023-05-31", "--late", "--reason", "会计师事务所 6 月才出具")
    assert world("log", "金融办", "listed", "2家", *words).code == 0
    (event,) = history(world, "金融办-01")
    assert event["kind"] == "late"
    assert "补报；会计师事务所" in world("history", "金融办-01").out


def test_a_change_by_hand_is_told_without_a_commit(told: World) -> None:
    """Which commit brought which change is not guessed at where the trailers do not fit the revisions."""
    path = "data/targets/2023/金融办/01.yaml"
    told.write(path, told.read(path).replace("reason: 专题会议纪要5号", "reason: 专题会议纪要6号"))
    told.git("commit", "-qam", f"改字\n\nLedger-Amend: {TARGET} goal")
    (amended,) = [event for event in history(told, TARGET) if event["kind"] == "amendment"]
    assert (amended["reason"], amended["commit"]) == ("专题会议纪要6号", None)
