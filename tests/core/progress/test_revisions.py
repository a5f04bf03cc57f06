"""What a status says of a target that was changed or closed, and how each kind of value is worded."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.core.progress.revisions import change_notes

from .world import commitment, status, target

CHANGED = "{on: 2023-06-30, by: 张三, reason: 纪要5号, was: "
SUM = "kind: accumulate, goal: {at_least: 8 家}, revisions: [" + CHANGED


@pytest.mark.parametrize(
    ("plan", "note"),
    [
        (SUM + "{goal: {at_least: 6 家}}}]", "目标由 ≥6家 改为 ≥8家"),
        (SUM + "{name: 旧名称}}]", "名称由 旧名称 改为 目标"),
        (SUM + "{due: 2023-11-30}}], due: 2023-12-15", "应完成日期由 2023-11-30 改为 2023-12-15"),
        (SUM + "{due: }}]", "应完成日期由 （没有） 改为 （没有）"),
        (SUM + "{weight: 0.5}}], weight: 1.25", "权重由 0.5 改为 1.25"),
        (SUM + "{plan: [{on: 2023-03-31, value: 2 万家}, {on: 2023-06-30, value: 4 万家}]}}]",
         "分时段计划由 2023-03-31 2万家、2023-06-30 4万家 改为 （没有）"),
        (SUM + "{closed: {on: 2023-05-31, by: 李四, evidence: [验收]}}}]", "销号由 2023-05-31 销号 改为 （没有）"),
        ("kind: level, goal: {reach: 4 亿元}, baseline: 3 亿元, revisions: [" + CHANGED + "{baseline: 2.5 亿元}}]",
         "基期数由 2.5亿元 改为 3亿元"),
        ("kind: rank, goal: {within: 3}, baseline: 6, revisions: [" + CHANGED + "{baseline: 5}}]", "基期数由 5 改为 6"),
        ("kind: rank, goal: {within: 3}, revisions: [" + CHANGED + "{goal: {up: 2}}}]", "目标由 提升2位 改为 前3位"),
        ("kind: compare, goal: {above: 全省平均}, unit: 元, revisions: [" + CHANGED + "{goal: {at_least: 全省平均}, unit: }}]",
         "目标由 不低于全省平均 改为 高于全省平均"),
    ],
)  # fmt: skip
def test_a_change_is_noted_with_its_day_and_reason(plan: str, note: str) -> None:
    assert change_notes(target(f"{{{plan}}}"))[0] == f"2023-06-30 {note}（纪要5号）"


def test_a_commitments_own_changes_are_noted_too() -> None:
    revision = {"on": "2023-06-30", "by": "张三", "reason": "评定会", "was": {"difficulty": None}}
    one = commitment(difficulty="较难", revisions=[revision])
    assert change_notes(one) == ("2023-06-30 评定难度由 （没有） 改为 较难（评定会）",)


def shown(plan: str) -> tuple[Any, ...]:
    found = status(f"{{{plan}}}", "- {on: 2023-03-31, add: 2 家}", "2023-06-30")
    return found.goal, found.original_goal, found.notes


def test_a_goal_stands_beside_the_one_signed() -> None:
    twice = (
        SUM
        + "{goal: {at_least: 6 家}}}, {on: 2023-09-30, by: 张三, reason: 纪要9号, was: {goal: {at_least: 7 家}}}]"
    )
    assert shown(twice) == (
        "≥8家（原≥6家）",
        "≥6家",
        ("2023-06-30 目标由 ≥6家 改为 ≥7家（纪要5号）", "2023-09-30 目标由 ≥7家 改为 ≥8家（纪要9号）"),
    )


def test_a_goal_changed_back_is_not_shown_twice() -> None:
    back = SUM + "{goal: {at_least: 8 家}}}]"
    assert shown(back)[:2] == ("≥8家", "≥8家")


def test_another_change_leaves_the_goal_alone() -> None:
    assert shown(SUM + "{name: 旧名称}}]") == (
        "≥8家",
        None,
        ("2023-06-30 名称由 旧名称 改为 目标（纪要5号）",),
    )


CLOSED = (
    "kind: accumulate, goal: {at_most: 8 家}, closed: {on: 2023-05-31, by: 李四, evidence: [验收单, 纪要]"
)


@pytest.mark.parametrize(("more", "said"), [("", ""), (", reason: 取消", "；未达标，理由：取消")])
def test_a_closing_is_noted_behind_what_else_there_is(more: str, said: str) -> None:
    goal, signed, notes = shown(CLOSED + more + "}")
    assert (goal, signed) == ("≤8家", None)
    assert notes == ("上限 8家 要守到 2023-12-31", f"已于 2023-05-31 销号（李四；佐证：验收单、纪要{said}）")
