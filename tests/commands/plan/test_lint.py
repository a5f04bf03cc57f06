"""`ledger lint`: what it lists, for whom, and when it fails. Its rules are in `tests/rules/check/test_lint.py`."""

from __future__ import annotations

import json

import pytest

from tests.conftest import World

WEAK = """\
id: 金融办-01
department: 金融办
title: 做好工作
year: 2023
text: 出台实施意见。
targets:
  - {key: opinion, name: 实施意见, kind: milestone, quote: 出台实施意见}
"""
SOUND = WEAK.replace("出台", "6月底前出台")


@pytest.fixture
def plan(world: World) -> World:
    """A ledger with the weak plan and no other."""
    for old in (world.root / "data/targets").rglob("*.yaml"):
        old.unlink()
    world.commit_all("清空")
    world.write("data/targets/2023/金融办/01.yaml", WEAK)
    return world


def test_a_question_with_its_place(plan: World) -> None:
    assert plan("check").code == 0
    ran = plan("lint", "--format", "json")
    assert ran.code == 0, ran.err
    [spot] = json.loads(ran.out)
    assert (spot["path"], spot["line"], spot["column"]) == ("data/targets/2023/金融办/01.yaml", 7, 26)
    assert (spot["rule"], spot["hint"]) == ("lint-due", "哪个月完成？写入 due；不写按年底算")


def test_strict_is_for_gates_and_departments_narrow(plan: World) -> None:
    assert plan("lint", "--strict").code == 1
    assert plan("lint", "--strict", "--dept", "商务局").code == 0
    ran = plan("lint")
    assert ran.code == 0
    assert "都是建议，不是错误" in ran.out
    plan.write("data/targets/2023/金融办/01.yaml", SOUND)
    assert "没有发现要问的地方" in plan("lint", "--strict").out


def test_drafts_are_looked_at_too(world: World) -> None:
    assert (
        world("draft", "改革走在全国前列。", "--title", "改革", "--department", "金融办", "--write").code == 0
    )
    ran = world("lint", "--drafts", "--format", "json")
    assert "lint-standing" in {row["rule"] for row in json.loads(ran.out)}
