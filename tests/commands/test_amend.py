"""`amend`, `rate`, `close`, `judge`: the former value stays, the reason is kept, and nothing else in the file moves."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from ledger.core.models import Commitment
from ledger.core.models.base import read_model
from ledger.core.models.revisions import original
from ledger.files.yaml_reader import Document, parse
from tests.conftest import CONFIG, World

FILE = "data/targets/2023/金融办/01.yaml"
REASON = "市政府专题会议纪要〔2023〕5号"


def plan(world: World) -> Commitment:
    document = parse(world.read(FILE).encode())
    assert isinstance(document, Document)
    return read_model(Commitment, document.data)


def target(world: World, key: str) -> Any:
    return next(target for target in plan(world).targets if target.key == key)


def shown(world: World, ref: str) -> Any:
    return json.loads(world("show", ref, "--format", "json").out)["targets"][0]


def test_the_original_goal_is_shown_beside_the_current_one(world: World) -> None:
    world("log", "金融办", "listed", "6家")
    before = world.read(FILE)
    done = world("amend", "金融办-01/listed", "--goal", "at_least 8 家", "--reason", REASON)
    assert done.code == 0, done.err
    assert world.read(FILE) == before.replace(
        "    goal: {at_least: 6 家}\n    stretch: [{at_least: 8 家}]\n    quote: 全年新增上市公司“保6争8”\n",
        "    goal: {at_least: 8 家}\n    stretch: [{at_least: 8 家}]\n    quote: 全年新增上市公司“保6争8”\n"
        f"    revisions:\n      - on: 2023-06-30\n        by: 张三\n        reason: {REASON}\n"
        "        was: {goal: {at_least: 6 家}}\n",
    )
    assert world.git("show", "--format=%B", "--name-only", "HEAD").split("\n\n") == [
        "amend(金融办): 新增上市公司 目标 ≥6家 → ≥8家",
        f"理由：{REASON}",
        "Ledger-Amend: 金融办-01/listed goal",
        f"\n{FILE}\n",
    ]
    for command in (("status", "--dept", "金融办"), ("show", "金融办-01")):
        out = world(*command).out
        assert "≥8家（原≥6家）" in out
        assert f"目标自 2023-06-30 起为 ≥8家（原 ≥6家；{REASON}）" in out
    now = shown(world, "金融办-01/listed")
    assert (now["original_goal"], now["completion"], now["met"]) == ("≥6家", "0.75", False)
    assert world("check").out == "没有发现问题\n"


def test_changed_twice_the_first_one_is_the_original(world: World) -> None:
    for goal in ("8家", "≥7 家"):
        assert world("amend", "金融办-01/listed", "--goal", goal, "--reason", REASON).code == 0
    assert original(target(world, "listed"), "goal").wording == "≥6家"
    assert shown(world, "金融办-01/listed")["goal"] == "≥7家（原≥6家）"
    assert world("amend", "金融办-01/listed", "--goal", "6家", "--reason", REASON).code == 0
    assert shown(world, "金融办-01/listed")["goal"] == "≥6家"
    assert len(target(world, "listed").revisions) == 3
    assert world("check").out == "没有发现问题\n"


@pytest.mark.parametrize(
    ("key", "options", "expected"),
    [
        ("listed", ("--goal", "超8家"), {"goal": {"above": "8 家"}}),
        ("listed", ("--name", "新上市企业"), {"name": "新上市企业"}),
        ("listed", ("--due", "2023-11-30"), {"due": "2023-11-30"}),
        ("listed", ("--weight", "1/3"), {"weight": "1/3"}),
        ("listed", ("--plan", "2023-06-30=2 家", "--plan", "2023-03-31=1 家"),
         {"plan": [{"on": "2023-03-31", "value": "1 家"}, {"on": "2023-06-30", "value": "2 家"}]}),
        ("loans", ("--goal", "150-200亿元"), {"goal": {"between": ["150 亿元", "200 亿元"]}}),
        ("balance", ("--baseline", "3300亿元"), {"baseline": "3300 亿元"}),
        ("green", ("--goal", "at_most 10%"), {"goal": {"at_most": "10 %"}}),
        ("quality", ("--goal", "第一", "--baseline", "第5位"), {"goal": {"within": 1}, "baseline": 5}),
        ("quality", ("--goal", "提升2位"), {"goal": {"up": 2}}),
        ("faster", ("--goal", "不低于全国平均", "--unit", "%"), {"goal": {"at_least": "全国平均"}, "unit": "%"}),
        ("opinion", ("--due", "2023-09-30"), {"due": "2023-09-30"}),
    ],
)  # fmt: skip
def test_each_field_is_read_as_people_write_it(
    world: World, key: str, options: tuple[str, ...], expected: dict[str, object]
) -> None:
    before = target(world, key)
    done = world("amend", f"金融办-01/{key}", *options, "--reason", REASON)
    assert done.code == 0, done.err
    document = parse(world.read(FILE).encode())
    assert isinstance(document, Document)
    raw = next(target for target in document.data["targets"] if target["key"] == key)
    assert {name: json.loads(json.dumps(raw[name], default=str)) for name in expected} == expected
    for name in expected:
        assert original(target(world, key), name) in {getattr(before, name), None}
    assert world("check").out == "没有发现问题\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("amend", "金融办-01/listed", "--goal", "8家"), 2, "要写理由"),
        (("amend", "金融办-01/listed", "--reason", "x"), 2, "没有写要改什么"),
        (("amend", "金融办-01", "--goal", "8家", "--reason", "x"), 2, "没有写改哪一个"),
        (("amend", "金融办-01/listed", "--goal", "6家", "--reason", "x"), 2, "没有改动"),
        (("amend", "金融办-01/listed", "--goal", "8", "--reason", "x"), 1, "带单位"),
        (
            ("amend", "金融办-01/listed", "--goal", "8亿元", "--reason", "x"),
            1,
            "争取目标的单位要与目标值一致",
        ),
        (("amend", "金融办-01/listed", "--goal", "3万5家", "--reason", "x"), 1, "3万5"),
        (("amend", "金融办-01/listed", "--due", "2024-02-01", "--reason", "x"), 1, "不在计划期"),
        (("amend", "金融办-01/listed", "--due", "年底", "--reason", "x"), 1, "不是日期"),
        (("amend", "金融办-01/listed", "--weight", "0", "--reason", "x"), 1, "不能作权重"),
        (("amend", "金融办-01/listed", "--baseline", "1家", "--reason", "x"), 1, "没有基期数"),
        (("amend", "金融办-01/listed", "--name", "贷款余额", "--reason", "x"), 1, "重复"),
        (("amend", "金融办-01/front", "--goal", "8家", "--reason", "x"), 1, "没有目标值"),
        (("amend", "金融办-01/faster", "--goal", "全省平均", "--reason", "x"), 1, "没有写在哪一侧"),
        (("amend", "金融办-01/nothing", "--goal", "8家", "--reason", "x"), 1, "找不到目标"),
        (("rate", "金融办-01", "难"), 2, "要写理由"),
        (("rate", "金融办-01", "难", "--reason", "x"), 2, "没有系数"),
        (("rate", "金融办-01/listed", "难", "--reason", "x"), 2, "按承诺事项评定"),
        (("close", "金融办-01"), 2, "销号要有佐证"),
        (("close", "金融办-01", "--evidence", "文"), 1, "还没有达标"),
        (("close", "金融办-01", "--reopen", "--reason", "x"), 2, "没有销号"),
        (("judge", "金融办-01/listed", "met", "--evidence", "文"), 2, "不用评定"),
        (("judge", "金融办-01/front", "met"), 2, "要有佐证"),
        (("judge", "金融办-01/front", "unmet"), 2, "要写理由"),
        (("judge", "金融办-01/front", "好"), 2, "不是评定"),
    ],
)
def test_a_wrong_request_changes_nothing(
    world: World, arguments: tuple[str, ...], code: int, said: str
) -> None:
    head = world.git("rev-parse", "HEAD")
    done = world(*arguments)
    assert (done.code, done.out) == (code, ""), done.err
    assert said in done.err
    assert "下一步：" in done.err
    assert world.git("rev-parse", "HEAD") == head
    assert world.git("status", "--porcelain") == ""


def test_a_goal_that_entries_cannot_be_added_up_for_is_refused(world: World) -> None:
    world("log", "金融办", "loans", "3亿元")
    done = world("amend", "金融办-01/loans", "--goal", "at_least 20 家", "--reason", REASON)
    assert done.code == 1
    assert "已有的记录" in done.err or "单位" in done.err
    assert world.git("status", "--porcelain") == ""


def test_the_figure_of_the_source_is_that_of_the_original_goal(world: World) -> None:
    world("amend", "金融办-01/loans", "--goal", "120亿元", "--reason", REASON)
    assert world("check").code == 0
    forged = world.read(FILE).replace("was: {goal: {reach: 150 亿元}}", "was: {goal: {reach: 140 亿元}}")
    world.write(FILE, forged)
    done = world("check")
    assert done.code == 1
    assert "数字 140" in done.out or "数字 14000000000" in done.out


def test_a_preview_writes_nothing(world: World) -> None:
    done = world("amend", "金融办-01/listed", "--goal", "8家", "--reason", REASON, "--dry-run")
    assert done.code == 0
    assert "没有写入" in done.out
    assert world.git("status", "--porcelain") == ""


def test_a_file_under_somebodys_hands_is_left_alone(world: World) -> None:
    mine = world.read(FILE) + "# 我还没写完\n"
    world.write(FILE, mine)
    done = world("amend", "金融办-01/listed", "--goal", "8家", "--reason", REASON)
    assert done.code == 1
    assert "没有提交的改动" in done.err
    assert world.read(FILE) == mine


def test_a_refused_commit_leaves_the_file_as_it_was(world: World) -> None:
    hook = world.write(".git/hooks/pre-commit", "#!/bin/sh\necho 今日不办公\nexit 1\n")
    hook.chmod(0o755)
    before = world.read(FILE)
    done = world("amend", "金融办-01/listed", "--goal", "8家", "--reason", REASON)
    assert done.code == 3
    assert "今日不办公" in done.err
    assert world.read(FILE) == before
    assert world.git("status", "--porcelain") == ""


def test_a_rating_is_kept_and_scored_by(world: World) -> None:
    world.write("data/ledger.yaml", CONFIG + "difficulty: {一般: 1, 难: 1.5}\n")
    world.commit_all("定难度")
    for label in ("一般", "难"):
        done = world("rate", "金融办-01", label, "--reason", "督查会议")
        assert done.code == 0, done.err
    rated = plan(world)
    assert rated.difficulty == "难"
    assert [revision.was.difficulty for revision in rated.revisions] == [None, "一般"]
    assert "评定难度自 2023-06-30 起为 难（原 一般；督查会议）" in world("show", "金融办-01").out
    assert world("check").out == "没有发现问题\n"


def test_closing_needs_the_goal_met_or_a_reason_and_changes_no_figure(world: World) -> None:
    world("log", "金融办", "listed", "6家")
    before = shown(world, "金融办-01/listed")
    done = world("close", "金融办-01/listed", "--evidence", "湖政发〔2023〕9号")
    assert done.code == 0, done.err
    after = shown(world, "金融办-01/listed")
    assert after["notes"] == [*before["notes"], "已于 2023-06-30 销号（张三；佐证：湖政发〔2023〕9号）"]
    assert after | {"notes": 0} == before | {"notes": 0}
    refused = world("close", "金融办-01", "--evidence", "文")
    assert refused.code == 1
    assert world("close", "金融办-01", "--evidence", "文", "--reason", "并入明年").code == 0
    status = json.loads(world("status", "--dept", "金融办", "--format", "json").out)
    assert status["commitments"][0]["closed"] == "2023-06-30"
    again = world("close", "金融办-01", "--evidence", "文")
    assert (again.code, "--reopen" in again.err) == (2, True)
    assert world("close", "金融办-01", "--reopen", "--reason", "验收未过").code == 0
    assert plan(world).closed is None
    assert plan(world).revisions[0].was.closed is not None
    assert world("check").out == "没有发现问题\n"


def test_a_verdict_is_an_entry_with_its_grounds(world: World) -> None:
    done = world("judge", "金融办-01", "unmet", "--reason", "省里没有通报")
    assert done.code == 0, done.err
    assert shown(world, "金融办-01/front")["actual"] == "评定未达到"
    done = world("judge", "金融办-01/front", "met", "--evidence", "省政府通报〔2023〕3号")
    assert done.code == 0, done.err
    assert shown(world, "金融办-01/front")["met"] is True
    line = json.loads(world.read("data/progress/2023/金融办/01.yaml").splitlines()[0][2:])
    assert (line["verdict"], line["reason"]) == ("unmet", "省里没有通报")


def test_a_change_counts_from_the_day_given_and_leaves_the_days_before(world: World) -> None:
    world("log", "金融办", "listed", "4家", "--on", "2023-03-31")
    done = world("amend", "金融办-01/listed", "--goal", "≥4家", "--from", "2023-06-01", "--reason", REASON)
    assert done.code == 0, done.err
    assert "        from: 2023-06-01\n" in world.read(FILE)
    goals = {
        day: json.loads(world("show", "金融办-01/listed", "--as-of", day, "--format", "json").out)["targets"][
            0
        ]
        for day in ("2023-05-31", "2023-06-01")
    }
    assert (goals["2023-05-31"]["goal"], goals["2023-05-31"]["met"]) == ("≥6家", False)
    assert (goals["2023-06-01"]["goal"], goals["2023-06-01"]["met"]) == ("≥4家（原≥6家）", True)
    assert world("check").out == "没有发现问题\n"


def test_a_change_from_a_day_outside_the_plan_or_in_a_sealed_month_is_refused(world: World) -> None:
    for day in ("2022-12-31", "2024-01-01"):
        done = world("amend", "金融办-01/listed", "--goal", "≥4家", "--from", day, "--reason", REASON)
        assert (done.code, "计划期" in done.err) == (2, True)
    assert world("seal", "2023-05", "--local").code == 0
    before = world.git("rev-parse", "HEAD")
    done = world("amend", "金融办-01/listed", "--goal", "≥4家", "--from", "2023-05-31", "--reason", REASON)
    assert (done.code, "2023-05" in done.err) == (2, True)
    assert "--from 2023-06-01" in done.err
    assert world.git("rev-parse", "HEAD") == before


def test_a_stretch_goal_holds_from_its_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world("log", "金融办", "listed", "7家", "--on", "2023-06-30").code == 0
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-31")
    done = world(
        "amend", "金融办-01/listed", "--stretch", "≥7家", "--stretch", "≥9家", "--reason", "专题会议"
    )
    assert done.code == 0, done.err

    def tiers(day: str) -> list[tuple[str, bool | None]]:
        data = json.loads(world("show", "金融办-01/listed", "--as-of", day, "--format", "json").out)
        return [(tier["goal"], tier["reached"]) for tier in data["targets"][0]["stretch"]]

    assert tiers("2023-06-30") == [("≥8家", False)]
    assert tiers("2023-07-31") == [("≥7家", True), ("≥9家", False)]
    assert (
        "争取目标自 2023-07-31 起为 ≥7家、≥9家（原 ≥8家；专题会议）"
        in world("show", "金融办-01", "--as-of", "2023-06-30").out
    )
    assert world("check").code == 0
    findings = json.loads(world("audit", "--format", "json").out)["findings"]
    # By the machine's own clock it was lowered long after the year.
    assert {finding["rule"] for finding in findings} == {"goal-lowered"}


@pytest.mark.parametrize("day", ["2023/6/30", "20230630", "2023年6月30日", "6月30日", "6月底", "本月底"])
def test_a_due_date_is_read_as_people_write_it(world: World, day: str) -> None:
    done = world("amend", "金融办-01/listed", "--due", day, "--reason", "专题会议")
    assert done.code == 0, done.err
    assert "due: 2023-06-30" in world.read("data/targets/2023/金融办/01.yaml")


def test_a_due_date_with_two_readings_is_refused_with_both(world: World) -> None:
    done = world("amend", "金融办-01/listed", "--due", "12月31日", "--reason", "专题会议")
    assert done.code == 1
    assert "2022-12-31 或 2023-12-31" in done.err


def test_every_dated_field_holds_from_its_day_in_every_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 30 June all is as it was signed, on 31 July as it was changed, whatever is asked."""
    config = world.read("data/ledger.yaml")
    world.write("data/ledger.yaml", config + "difficulty: {一般: 1, 难: 2}\n")
    world.commit_all("难度系数")
    assert world("rate", "金融办-01", "一般", "--reason", "年初评定", "--from", "2023-01-01").code == 0
    for words in ("listed 3家", "loans 30亿元"):
        assert world("log", "金融办", *words.split(), "--on", "2023-06-30").code == 0
    signed = world("status", "--all", "--as-of", "2023-06-30", "--format", "json").out
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-31")
    reason = ("--reason", "专题会议")
    for words in (
        ("amend", "金融办-01/listed", "--goal", "≥5家", "--weight", "3", *reason),
        ("amend", "金融办-01/loans", "--due", "2023-11-30", *reason),
        ("rate", "金融办-01", "难", *reason),
        ("close", "金融办-01/green", "--evidence", "文件", *reason),
    ):
        done = world(*words)
        assert done.code == 0, done.err
    before = json.loads(world("status", "--all", "--as-of", "2023-06-30", "--format", "json").out)
    figures = ("completion", "expected", "light", "met", "due", "actual")
    for then, now in zip(
        json.loads(signed)["commitments"][0]["targets"], before["commitments"][0]["targets"], strict=True
    ):
        assert [then.get(name) for name in figures] == [now.get(name) for name in figures], now["key"]
    assert before["commitments"][0]["completion"] == json.loads(signed)["commitments"][0]["completion"]
    after = json.loads(world("status", "--all", "--as-of", "2023-07-31", "--format", "json").out)
    targets = {target["key"]: target for target in after["commitments"][0]["targets"]}
    # (3 × 3 ÷ 5 + 30 ÷ 150) ÷ 4 = 1 ÷ 2, where it was (3 ÷ 6 + 30 ÷ 150) ÷ 2 = 7 ÷ 20.
    assert (before["commitments"][0]["completion"], after["commitments"][0]["completion"]) == ("0.35", "0.5")
    assert targets["loans"]["expected"] == str(Fraction(181, 334)), (
        "to the end of November, by the figure of June"
    )
    assert [
        json.loads(world("status", "--as-of", day, "--format", "json").out)["commitments"][0]["difficulty"]
        for day in ("2023-06-30", "2023-07-31")
    ] == ["一般", "难"]
    for month, called in (("2023-06", True), ("2023-07", False)):
        due = json.loads(world("due", "--month", month, "--format", "json").out)
        asked = {item["ref"] for row in due["departments"] for item in row["due"]}
        assert ("金融办-01/green" in asked) == called
    found = json.loads(world("audit", "--format", "json").out)["findings"]
    # By the machine's clock all of this is done long after the day from which goals are not lowered.
    assert {finding["rule"] for finding in found} <= {"goal-lowered", "policy"}
