"""Changing what was written: corrections, withdrawals, amended goals, verdicts, closings; the original always stays."""

from __future__ import annotations

import json

import pytest

from tests.conftest import World

PROGRESS = "data/progress/2023/金融办/01.yaml"
TARGETS = "data/targets/2023/金融办/01.yaml"


def entries(world: World) -> list[dict[str, object]]:
    return [json.loads(line[2:]) for line in world.read(PROGRESS).splitlines()]


def target(world: World, key: str) -> dict[str, object]:
    report = json.loads(world("status", "--dept", "金融办", "--format", "json").out)
    return next(target for target in report["commitments"][0]["targets"] if target["key"] == key)


def sound(world: World) -> None:
    checked = world("check")
    assert checked.code == 0, checked.out
    audited = world("audit")
    assert audited.code == 0, audited.out


@pytest.fixture
def reported(world: World) -> World:
    assert world("log", "金融办", "listed", "2家", "--on", "2023-03-31").code == 0
    assert world("log", "金融办", "listed", "5家", "--on", "2023-05-31").code == 0
    return world


def test_a_correction_is_another_line(reported: World) -> None:
    wrong = entries(reported)[1]
    dry = reported("correct", str(wrong["id"]), "3家", "--reason", "多报 2 家", "--dry-run")
    assert dry.code == 0, dry.err
    assert len(entries(reported)) == 2
    done = reported("correct", str(wrong["id"])[-8:], "3家", "--reason", "多报 2 家")
    assert done.code == 0, done.err
    _, second, third = entries(reported)
    assert second == wrong
    assert (third["corrects"], third["add"], third["on"], third["reason"]) == (
        wrong["id"],
        "3家",
        "2023-05-31",
        "多报 2 家",
    )
    assert target(reported, "listed")["actual"] == "5家"
    sound(reported)


def test_a_withdrawal_is_another_line(reported: World) -> None:
    last = entries(reported)[1]
    done = reported("void", str(last["id"]), "--reason", "报错部门")
    assert done.code == 0, done.err
    assert entries(reported)[2]["voids"] == last["id"]
    assert target(reported, "listed")["actual"] == "2家"
    again = reported("void", str(last["id"]), "--reason", "再来一次")
    assert again.code == 1
    assert len(entries(reported)) == 3
    assert "已" in again.err
    sound(reported)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("correct", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "3家", "--reason", "无此条"),
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        ),
        (("correct", "ZZ", "3家", "--reason", "太短"), "6"),
        (("void", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--reason", "无此条"), "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    ],
)
def test_an_unknown_entry_is_refused(reported: World, arguments: tuple[str, ...], said: str) -> None:
    done = reported(*arguments)
    assert done.code == 1
    assert said in done.err
    assert len(entries(reported)) == 2


def test_a_correction_needs_a_reason_and_a_change(reported: World) -> None:
    entry = str(entries(reported)[0]["id"])
    for arguments in (
        ("correct", entry, "3家"),
        ("correct", entry, "--reason", "什么也没改"),
        ("void", entry),
    ):
        done = reported(*arguments)
        assert done.code in {1, 2}
        assert "下一步：" in done.err
    assert len(entries(reported)) == 2


def test_an_amended_goal_keeps_the_original_beside_it(reported: World) -> None:
    missing = reported("amend", "金融办-01/listed", "--goal", "≥8家")
    assert missing.code in {1, 2}
    before = reported.read(TARGETS)
    dry = reported("amend", "金融办-01/listed", "--goal", "≥8家", "--reason", "纪要〔2023〕5号", "--dry-run")
    assert dry.code == 0, dry.err
    assert reported.read(TARGETS) == before
    done = reported("amend", "金融办-01/listed", "--goal", "≥8家", "--reason", "纪要〔2023〕5号")
    assert done.code == 0, done.err
    kept = [line for line in before.splitlines() if "at_least: 6 家" not in line]
    after = reported.read(TARGETS).splitlines()
    assert all(line in after for line in kept)
    shown = json.dumps(target(reported, "listed"), ensure_ascii=False)
    assert "8家" in shown
    assert "6家" in shown
    assert "6家" in reported("status", "--dept", "金融办").out
    assert reported("check").code == 0
    assert reported("audit").code == 0


def test_a_baseline_makes_a_level_judgeable(world: World) -> None:
    assert world("log", "金融办", "balance", "3500亿元").code == 0
    assert target(world, "balance")["light"] == "无法判断"
    done = world("amend", "金融办-01/balance", "--baseline", "3300亿元", "--reason", "2022 年末决算")
    assert done.code == 0, done.err
    assert target(world, "balance")["light"] == "正常"
    assert world("amend", "金融办-01/balance", "--baseline", "3家", "--reason", "单位错").code == 1


def test_name_due_weight_and_plan(world: World) -> None:
    done = world(
        "amend", "金融办-01/loans", "--name", "制造业中长期贷款新增额", "--due", "2023-11-30", "--weight", "2",
        "--plan", "2023-06-30=60亿元", "--plan", "2023-11-30=150亿元", "--reason", "分解方案",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert target(world, "loans")["name"].startswith("制造业中长期贷款新增额")  # type: ignore[attr-defined]
    assert world("check").code == 0


def test_a_verdict_and_a_closing(world: World) -> None:
    assert world("judge", "金融办-01/front", "met").code == 2
    done = world("judge", "金融办-01/front", "met", "--evidence", "省政府通报〔2023〕7号")
    assert done.code == 0, done.err
    assert target(world, "front")["light"] == "已达标"
    early = world("close", "金融办-01/listed", "--evidence", "材料")
    assert early.code == 1
    closed = world("close", "金融办-01/front", "--evidence", "验收单")
    assert closed.code == 0, closed.err
    assert "销号" in world("show", "金融办-01").out
    reopened = world("close", "金融办-01/front", "--reopen", "--reason", "验收有误")
    assert reopened.code == 0, reopened.err
    assert world("judge", "金融办-01/listed", "met", "--evidence", "材料").code == 2


def test_difficulty_is_rated_with_a_reason(world: World) -> None:
    assert world("rate", "金融办-01", "难", "--reason", "评审会").code == 2
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + "difficulty: {难: 1.2, 中: 1}\n")
    world.commit_all("难度系数")
    done = world("rate", "金融办-01", "难", "--reason", "评审会")
    assert done.code == 0, done.err
    assert json.loads(world("status", "--format", "json").out)["commitments"][0]["difficulty"] == "难"
    assert world("check").code == 0


def test_a_stranger_may_not_write_for_a_department(world: World) -> None:
    config = world.read("data/ledger.yaml")
    world.write(
        "data/ledger.yaml",
        config.replace("aliases: [市金融办]", "aliases: [市金融办], reporters: [li@example.gov.cn]"),
    )
    world.commit_all("上报人")
    done = world("log", "金融办", "listed", "2家")
    assert done.code == 1
    assert "zhang@example.gov.cn" in done.err
    assert not (world.root / PROGRESS).exists()
