"""What a change of a commitment's file is called by the audit: unexplained, lowered late, or its record of changes cut."""

from __future__ import annotations

import pytest

from tests.rules.audit.city import ADMIN, City

FILE = "data/targets/2023/金融办/01.yaml"
KEPT = (
    "\n    revisions:\n      - {on: 2023-05-20, by: 管理员, reason: 形势变化, was: {goal: {at_least: 6 家}}}"
)


def _published(city: City, *, message: str = "改动") -> set[tuple[object, object]]:
    city.commit(message)
    done = city.push()
    assert done.code == 0, done.err
    city.fetch()
    return {(one["rule"], one["message"]) for one in city.audit() if str(one["rule"]).startswith("goal")}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: 企业上市板块扩容提质", "title: 企业上市", "承诺事项被改，没有写理由"),
        ("改革走在全国前列。", "改革走在全省前列。", "年度目标原文被改，没有写理由"),
        ("name: 新增上市公司", "name: 上市公司", "上市公司的名称被改，没有写理由"),
        (
            "goal: {within: 3}",
            "goal: {within: 5}",
            "信贷资产质量的目标值被改（within 3 → within 5），没有写理由",
        ),
        (
            "goal: {reach: 12 %}",
            "goal: {reach: 10 %}",
            "绿色贷款增幅的目标值被改（reach 12 % → reach 10 %），没有写理由",
        ),
        ("title: 企业上市板块扩容提质", "title: [", "改后的承诺事项读不出来"),
    ],
)
def test_changed_without_a_reason(city: City, old: str, new: str, said: str) -> None:
    city.be(ADMIN)
    city.change(FILE, old, new)
    assert ("goal", said) in _published(city)


def test_a_reason_in_the_commit_is_enough(city: City) -> None:
    city.be(ADMIN)
    city.change(FILE, "title: 企业上市板块扩容提质", "title: 企业上市")
    assert _published(city, message="改题目\n\nLedger-Reason: 文字有误\n") == set()


def test_a_revision_that_keeps_what_was_is_enough(city: City) -> None:
    city.be(ADMIN)
    city.change(FILE, "    goal: {at_least: 6 家}", "    goal: {at_least: 5 家}" + KEPT)
    assert _published(city) == set()


def test_a_revision_that_keeps_something_else_is_none(city: City) -> None:
    city.be(ADMIN)
    city.change(
        FILE, "    goal: {at_least: 6 家}", "    goal: {at_least: 5 家}" + KEPT.replace("6 家", "4 家")
    )
    assert _published(city) == {
        ("goal", "新增上市公司的目标值被改（at_least 6 家 → at_least 5 家），没有写理由")
    }


def test_a_record_of_changes_cut(city: City) -> None:
    city.be(ADMIN)
    city.change(FILE, "    goal: {at_least: 6 家}", "    goal: {at_least: 5 家}" + KEPT)
    city.commit()
    city.change(FILE, KEPT, "")
    assert _published(city) == {("goal", "新增上市公司以前的改动记录（revisions）被改或被删")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("goal: {within: 3}", "goal: {within: 5}"),
        ("goal: {reach: 12 %}", "goal: {reach: 10 %}"),
        ("goal: {above: 3650 亿元}", "goal: {above: 3600 亿元}"),
    ],
)
def test_lowered_late_though_explained(city: City, old: str, new: str) -> None:
    city.be(ADMIN)
    was = old.removeprefix("goal: ")
    city.change(
        FILE,
        f"    {old}",
        f"    {new}\n    revisions:\n      - {{on: 2023-11-20, by: 管理员, reason: 形势变化, was: {{goal: {was}}}}}",
    )
    assert {rule for rule, _ in _published(city)} == {"goal-lowered"}


@pytest.mark.parametrize(
    ("old", "new"),
    [("goal: {within: 3}", "goal: {within: 2}"), ("goal: {reach: 12 %}", "goal: {reach: 14 %}")],
)
def test_raised_late_is_no_finding(city: City, old: str, new: str) -> None:
    city.be(ADMIN)
    was = old.removeprefix("goal: ")
    city.change(
        FILE,
        f"    {old}",
        f"    {new}\n    revisions:\n      - {{on: 2023-11-20, by: 管理员, reason: 提前, was: {{goal: {was}}}}}",
    )
    assert _published(city) == set()
