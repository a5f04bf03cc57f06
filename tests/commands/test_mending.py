"""Last month's mistake is mended by department, target and month, by a short id, or by a commit id."""

from __future__ import annotations

import json

import pytest

from tests.conftest import World

FILE = "data/progress/2023/金融办/01.yaml"


def entries(world: World) -> list[dict[str, object]]:
    return [json.loads(line[2:]) for line in world.read(FILE).splitlines()]


@pytest.fixture
def reported(world: World) -> World:
    for day, amount in (("2023-04-30", "1家"), ("2023-05-31", "2家")):
        assert world("log", "金融办", "listed", amount, "--on", day).code == 0
    return world


def test_by_department_target_and_month(reported: World) -> None:
    done = reported("correct", "市金融办", "新增上市", "3家", "--month", "2023-05", "--reason", "漏报一家")
    assert done.code == 0, done.err
    first, second, correction = entries(reported)
    assert correction["corrects"] == second["id"]
    assert (correction["add"], correction["on"]) == ("3家", "2023-05-31")
    done = reported("void", "金融办", "listed", "--month", "2023-04", "--reason", "报错了目标")
    assert done.code == 0, done.err
    assert entries(reported)[-1]["voids"] == first["id"]


def test_by_short_id_and_by_commit(reported: World) -> None:
    first, second = entries(reported)
    short = str(first["id"])[-6:]
    for command in ("show", "history"):
        assert short in reported(command, "金融办-01").out
    assert reported("correct", short, "2家", "--reason", "漏报").code == 0
    assert entries(reported)[-1]["corrects"] == first["id"]
    commit = reported.git("log", "--format=%h", "--grep", str(second["id"]), "-1").strip()
    assert reported("void", commit, "--reason", "重报").code == 0
    assert entries(reported)[-1]["voids"] == second["id"]


def test_several_that_fit_are_listed_and_none_names_the_months(reported: World) -> None:
    done = reported("correct", "金融办", "listed", "3家", "--reason", "漏报")
    assert done.code == 1
    assert "1  2023-04-30  +1家" in done.err
    assert "2  2023-05-31  +2家" in done.err
    done = reported("void", "金融办", "listed", "--month", "2023-06", "--reason", "报错")
    assert done.code == 1
    assert "2023-04、2023-05" in done.err


def test_what_counts_is_mended_not_what_was_replaced(reported: World) -> None:
    assert reported("correct", "金融办", "listed", "3家", "--month", "2023-05", "--reason", "漏报").code == 0
    assert reported("correct", "金融办", "listed", "4家", "--month", "2023-05", "--reason", "又漏").code == 0
    lines = entries(reported)
    assert [line.get("corrects") for line in lines[2:]] == [lines[1]["id"], lines[2]["id"]]
