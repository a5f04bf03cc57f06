"""`ledger due`: which targets call for a report in a month, who lacks one, how late, and what to send them."""

from __future__ import annotations

import json

import pytest

from tests.conftest import World

COMMERCE = "data/targets/2023/商务局/01.yaml"


@pytest.fixture
def only_commerce(world: World) -> World:
    """A ledger whose one department has two targets that add up."""
    world.git("rm", "-r", "-q", "data/targets/2023/金融办")
    world.commit_all("只留商务局")
    return world


def look(world: World, *arguments: str) -> tuple[int, dict[str, list[str]]]:
    done = world("due", "--format", "json", *arguments)
    report = json.loads(done.out)
    return done.code, {
        department["name"]: [item["ref"] for item in department["due"]]
        for department in report["departments"]
        if department["due"]
    }


def keys(world: World, month: str) -> set[str]:
    _, missing = look(world, "--month", month, "--dept", "金融办")
    return {ref.partition("/")[2] for ref in missing.get("金融办", ())}


def test_one_report_in_the_month_is_enough_and_the_next_month_asks_again(only_commerce: World) -> None:
    only_commerce("log", "商务局", "foreign-capital", "1亿美元", "--on", "2023-05-31")
    assert look(only_commerce, "--month", "2023-05") == (1, {"商务局": ["商务局-01/overseas"]})
    only_commerce("log", "商务局", "overseas", "1亿美元", "--on", "2023-05-02")
    assert look(only_commerce, "--month", "2023-05") == (0, {})
    assert look(only_commerce, "--month", "2023-06")[0] == 1


def test_a_sum_that_is_reached_is_not_asked_for_again(only_commerce: World) -> None:
    only_commerce("log", "商务局", "overseas", "3亿美元", "--on", "2023-03-31")
    _, missing = look(only_commerce, "--month", "2023-04")
    assert missing == {"商务局": ["商务局-01/foreign-capital"]}


def test_a_ceiling_is_asked_for_although_it_is_kept(only_commerce: World) -> None:
    path = COMMERCE
    text = only_commerce.read(path).replace("goal: {reach: 3 亿美元}", "goal: {at_most: 3 亿美元}")
    only_commerce.write(path, text)
    only_commerce.commit_all("改为上限")
    only_commerce("log", "商务局", "overseas", "1亿美元", "--on", "2023-03-31")
    _, missing = look(only_commerce, "--month", "2023-04")
    assert "商务局-01/overseas" in missing["商务局"]


def test_a_withdrawn_report_is_none(only_commerce: World) -> None:
    path = "data/progress/2023/商务局/01.yaml"
    only_commerce.write(
        path,
        '- {"id": "01HZZZZZZZZZZZZZZZZZZZZZZ1", "on": "2023-05-31", "target": "overseas", "add": "1 亿美元", "by": "张三"}\n'
        '- {"id": "01HZZZZZZZZZZZZZZZZZZZZZZ2", "on": "2023-05-31", "target": "overseas", "by": "张三", '
        '"voids": "01HZZZZZZZZZZZZZZZZZZZZZZ1", "reason": "重复"}\n'
        '- {"id": "01HZZZZZZZZZZZZZZZZZZZZZZ3", "on": "2023-05-31", "target": "foreign-capital", "by": "张三", "note": "在谈"}\n',
    )
    _, missing = look(only_commerce, "--month", "2023-05")
    assert missing == {"商务局": ["商务局-01/foreign-capital", "商务局-01/overseas"]}, (
        "a remark is no figure either"
    )


def test_what_may_still_change_is_asked_for_every_month_steps_and_verdicts_when_they_fall_due(
    world: World,
) -> None:
    monthly = {"listed", "loans", "balance", "green", "quality", "faster"}
    assert keys(world, "2023-05") == monthly
    world("log", "金融办", "balance", "3700亿元", "--on", "2023-05-31")
    assert keys(world, "2023-05") == monthly - {"balance"}
    assert "balance" in keys(world, "2023-06"), "a level that is met can be lost again"
    assert keys(world, "2023-12") == monthly | {"opinion", "front"}


def test_a_step_is_asked_for_from_its_month_until_it_is_done(world: World) -> None:
    path = "data/targets/2023/金融办/01.yaml"
    world.write(path, world.read(path).replace("kind: milestone", "kind: milestone\n    due: 2023-05-20"))
    world.commit_all("定日期")
    assert "opinion" not in keys(world, "2023-04")
    assert {"opinion"} < keys(world, "2023-05")
    assert {"opinion"} < keys(world, "2023-07"), "overdue"
    world("log", "金融办", "opinion", "完成", "--on", "2023-06-20", "--evidence", "湖政办发〔2023〕12号")
    assert "opinion" in keys(world, "2023-05"), "May's own report is still missing"
    assert "opinion" not in keys(world, "2023-06")
    assert "opinion" not in keys(world, "2023-07")


def test_a_closed_target_and_one_after_the_period_are_not_asked_for(only_commerce: World) -> None:
    only_commerce("log", "商务局", "foreign-capital", "1亿美元", "--on", "2023-05-31")
    closing = "\n    closed: {on: 2023-05-10, by: 李四, evidence: [湖督〔2023〕1号], reason: 项目取消}"
    text = only_commerce.read(COMMERCE)
    only_commerce.write(
        COMMERCE, text.replace("quote: 境外中方投资额3亿美元", "quote: 境外中方投资额3亿美元" + closing)
    )
    only_commerce.commit_all("销号")
    assert look(only_commerce, "--month", "2023-05") == (0, {})
    assert look(only_commerce, "--month", "2023-04")[0] == 1
    assert look(only_commerce, "--month", "2024-01", "--year", "2023") == (0, {})


def test_an_alternative_is_settled_by_the_other(only_commerce: World) -> None:
    text = only_commerce.read(COMMERCE).replace(
        "    kind: accumulate", "    any_of: either\n    kind: accumulate"
    )
    only_commerce.write(COMMERCE, text)
    only_commerce.commit_all("任选其一")
    assert len(look(only_commerce, "--month", "2023-03")[1]["商务局"]) == 2
    assert only_commerce("log", "商务局", "overseas", "3亿美元", "--on", "2023-02-28", "--confirm").code == 0
    assert look(only_commerce, "--month", "2023-03") == (0, {})


@pytest.mark.parametrize(
    ("today", "late", "words"),
    [
        ("2023-06-30", 0, "距报送截止还有 5 天"),
        ("2023-07-05", 0, "今天截止"),
        ("2023-07-06", 1, "已逾期 1 天"),
        ("2023-08-05", 31, "已逾期 31 天"),
    ],
)
def test_days_late_and_the_reminder(
    world: World, monkeypatch: pytest.MonkeyPatch, today: str, late: int, words: str
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", today)
    done = world("due", "--month", "2023-06", "--format", "json")
    report = json.loads(done.out)
    assert (done.code, report["days_late"]) == (1, late)
    (reminder,) = (
        department["reminder"] for department in report["departments"] if department["name"] == "商务局"
    )
    assert words in reminder
    assert "金融办" not in reminder
    assert "商务局-01 实到外资（尚无数据）" in reminder
    assert ("请立即补报" in reminder) == (late > 0)
    assert report["subject"].startswith("催报" if late else "提醒报送")
    shown = world("due", "--month", "2023-06", "--letters").out
    assert all(line in shown for line in reminder.splitlines())


def test_the_day_of_the_month_comes_from_the_rules(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-12")
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + "due_day: 10\n")
    report = json.loads(world("due", "--month", "2023-06", "--format", "json").out)
    assert (report["deadline"], report["days_late"]) == ("2023-07-10", 2)


@pytest.mark.parametrize(("today", "month"), [("2023-06-30", "2023-06"), ("2023-06-29", "2023-05")])
def test_the_month_is_the_last_one_over(
    world: World, monkeypatch: pytest.MonkeyPatch, today: str, month: str
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", today)
    assert json.loads(world("due", "--format", "json").out)["month"] == month


def test_the_reviewers_part_is_not_put_on_the_department(world: World) -> None:
    report = json.loads(world("due", "--month", "2023-12", "--dept", "金融办", "--format", "json").out)
    (finance,) = report["departments"]
    assert {"金融办-01/front": "reviewer"}.items() <= {
        item["ref"]: item["by"] for item in finance["due"]
    }.items()
    assert "改革走在前列" not in finance["reminder"]
    assert "待督查评定" in world("due", "--month", "2023-12").out


def test_csv_has_a_record_per_missing_report(world: World) -> None:
    done = world("due", "--month", "2023-06", "--format", "csv")
    rows = done.out.strip().splitlines()
    assert len(rows) == 1 + 8
    assert rows[1].startswith("金融办,2023-06,金融办-01/listed,新增上市公司,金融办,,2023-07-05,0")


@pytest.mark.parametrize("month", ["六", "2023-13", "2023-06-30"])
def test_a_month_that_is_none_is_refused(world: World, month: str) -> None:
    done = world("due", "--month", month)
    assert done.code == 2
    assert "2023-06" in done.err


def test_letters_are_listed_only_on_request_or_for_named_departments(world: World) -> None:
    assert "贵单位" not in world("due", "--month", "2023-06").out
    assert world("due", "--month", "2023-06", "--letters").out.count("贵单位") == 2
    assert world("due", "--month", "2023-06", "--dept", "商务局").out.count("贵单位") == 1


def test_each_department_gets_a_file(world: World) -> None:
    preview = world("due", "--month", "2023-06", "--letters-to", "函", "--dry-run")
    assert (preview.code, (world.root / "函").exists()) == (1, False)
    assert world("due", "--month", "2023-06", "--letters-to", "函").code == 1
    files = {path.name: path.read_text(encoding="utf-8-sig") for path in (world.root / "函").iterdir()}
    assert sorted(files) == ["商务局.txt", "金融办.txt"]
    assert "实到外资" in files["商务局.txt"]
    assert "实到外资" not in files["金融办.txt"]


def test_a_folder_that_cannot_be_made_is_an_environment_fault(world: World) -> None:
    assert world("due", "--month", "2023-06", "--letters-to", "data/ledger.yaml").code == 3
