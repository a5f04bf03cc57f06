"""A month belongs to the plan that contains it, also over New Year and after the ledger's year has turned."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ledger.files import lookup
from ledger.files.ledger import Ledger
from tests.conftest import COMMERCE, CONFIG, FINANCE, World


@pytest.fixture
def turned(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Plans of 2023 and 2024; the ledger's current year is 2024, and it is January."""
    world.write("data/ledger.yaml", CONFIG.replace("year: 2023", "year: 2024"))
    world.write("data/targets/2024/金融办/01.yaml", FINANCE.replace("year: 2023", "year: 2024"))
    world.commit_all("2024 年的计划")
    monkeypatch.setenv("LEDGER_TODAY", "2024-01-08")
    return world


def entries(world: World, year: int) -> int:
    file = world.root / f"data/progress/{year}/金融办/01.yaml"
    return file.read_text("utf-8").count('"id"') if file.is_file() else 0


def test_december_goes_to_the_plan_of_december(turned: World) -> None:
    done = turned("log", "金融办", "listed", "2家", "--on", "2023-12-31")
    assert done.code == 0, done.err
    assert "2023-12-31 属于 2023 年的计划" in done.err
    assert (entries(turned, 2023), entries(turned, 2024)) == (1, 0)
    done = turned("log", "金融办", "listed", "1家")
    assert (done.code, done.err) == (0, "")
    assert (entries(turned, 2023), entries(turned, 2024)) == (1, 1)


def test_in_the_first_days_of_january_december_is_meant(
    turned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2024-01-03")
    done = turned("log", "金融办", "listed", "2家")
    assert done.code == 0, done.err
    assert "2023-12-31 属于 2023 年的计划" in done.err
    assert (entries(turned, 2023), entries(turned, 2024)) == (1, 0)
    assert '"on": "2023-12-31"' in turned.read("data/progress/2023/金融办/01.yaml")


def test_the_year_named_wins(turned: World) -> None:
    done = turned("log", "金融办", "listed", "2家", "--on", "2023-12-31", "--year", "2024")
    assert (done.code, "2024-01-01 至 2024-12-31" in done.err) == (1, True)
    assert "--on 2024-01-08" in done.err
    assert entries(turned, 2023) == entries(turned, 2024) == 0


def test_the_month_before_is_asked_of_its_plan(turned: World, tmp_path: Path) -> None:
    due = json.loads(turned("due", "--format", "json").out)
    assert due["month"] == "2023-12"
    assert turned("sheet", "export", "--dept", "金融办", "-o", str(tmp_path / "表.xlsx")).code == 0
    assert turned("bulletin", "-o", str(tmp_path / "通报.md")).code == 0
    assert "2023" in (tmp_path / "通报.md").read_text("utf-8")


def test_a_plan_over_new_year_has_its_months_on_both_sides(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, text in (("金融办", FINANCE), ("商务局", COMMERCE)):
        period = "year: 2023\nfrom: 2023-04-01\nto: 2024-03-31\n"
        world.write(f"data/targets/2023/{name}/01.yaml", text.replace("year: 2023\n", period))
    world.commit_all("跨年的计划")
    monkeypatch.setenv("LEDGER_TODAY", "2024-02-05")
    done = world("log", "金融办", "listed", "2家", "--on", "2024-01-31")
    assert (done.code, done.err) == (0, "")
    assert entries(world, 2023) == 1
    due = json.loads(world("due", "--format", "json").out)
    assert due["month"] == "2024-01"
    assert world("sheet", "export", "--dept", "金融办", "-o", str(tmp_path / "表.xlsx")).code == 0
    assert world("bulletin", "-o", str(tmp_path / "通报.md")).code == 0
    assert world("check").code == 0
    done = world("log", "金融办", "listed", "2家", "--on", "2023-03-31")
    assert (done.code, "--on 2024-02-05" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("first", "last", "year"),
    [
        ("2023-03-31", "2023-03-31", None),
        ("2023-03-01", "2023-03-31", None),
        ("2023-04-01", "2023-04-01", 2023),
        ("2023-03-01", "2023-04-01", 2023),
        ("2023-03-31", "2024-04-01", 2023),
        ("2023-12-01", "2023-12-31", 2023),
        ("2024-01-01", "2024-01-31", 2023),
        ("2024-03-31", "2024-03-31", 2023),
        ("2024-03-31", "2024-04-30", 2023),
        ("2024-04-01", "2024-04-30", None),
        ("2022-01-01", "2022-12-31", None),
    ],
)
def test_a_plan_has_the_days_of_its_period_the_first_and_the_last_too(
    world: World, first: str, last: str, year: int | None
) -> None:
    for name, text in (("金融办", FINANCE), ("商务局", COMMERCE)):
        period = "year: 2023\nfrom: 2023-04-01\nto: 2024-03-31\n"
        world.write(f"data/targets/2023/{name}/01.yaml", text.replace("year: 2023\n", period))
    ledger = Ledger.open(world.root)
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert lookup.find_plan_year(ledger, *days) == year
    assert lookup.find_plan_year(ledger, *days, {"商务局"}) == year
    assert lookup.find_plan_year(ledger, *days, {"没有的"}) is None


def test_advice_names_a_day_of_the_year_at_hand(turned: World) -> None:
    for line in ("status --as-of 昨天", "due --month 去年", "log 金融办 listed 2家 --on 2024-02-30"):
        done = turned(*line.split())
        assert done.code == 2
        assert "2023-12" in done.err or "2024-" in done.err
        assert "2023-06" not in done.err


@pytest.fixture
def ended(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """2023 has ended with results; the plan of 2024 has the same targets, and wants baselines."""
    for target, amount in (("balance", "3660亿元"), ("quality", "第4位"), ("listed", "6家")):
        monkeypatch.setenv("LEDGER_TODAY", "2023-12-31")
        assert world("log", "金融办", target, amount, "--on", "2023-12-31").code == 0
    plan = FINANCE.replace("year: 2023", "year: 2024").replace("within: 3", "up: 2").replace("3650", "3900")
    world.write("data/targets/2024/金融办/01.yaml", plan.replace("全省前三", "提升2位"))
    world.write("data/ledger.yaml", CONFIG.replace("year: 2023", "year: 2024"))
    world.commit_all("2024 年的计划")
    monkeypatch.setenv("LEDGER_TODAY", "2024-01-20")
    return world


def carried(world: World, *options: str) -> dict[str, dict[str, object]]:
    done = world("plan", "carry", "2023", "2024", "--format", "json", *options)
    assert done.code == 0, done.err
    return {row["target"]: row for row in json.loads(done.out)}


def test_last_years_results_become_baselines_with_their_entry_as_the_source(ended: World) -> None:
    before = ended.git("rev-parse", "HEAD")
    rows = carried(ended)
    assert ended.git("rev-parse", "HEAD") == before
    assert rows["金融办-01/balance"]["baseline"] == "3660亿元"
    assert rows["金融办-01/quality"]["baseline"] == "第4位"
    assert "金融办-01/listed" not in rows
    commits = int(ended.git("rev-list", "--count", "HEAD"))
    written = carried(ended, "--confirm")
    assert int(ended.git("rev-list", "--count", "HEAD")) == commits + 1
    message = ended.git("log", "-1", "--format=%B")
    assert message.startswith("carry(2024): 2 个目标以上年结果为基期数")
    assert all(str(row["entry"]) in message for row in written.values() if row["carried"])
    assert {key: (one["carried"], one["reason"]) for key, one in written.items()} == dict.fromkeys(
        written, (True, None)
    )
    text = ended.read("data/targets/2024/金融办/01.yaml")
    assert "baseline: 3660 亿元" in text
    assert "baseline: 4" in text
    assert str(rows["金融办-01/balance"]["entry"]) in text
    assert ended("check").out == "没有发现问题\n"
    again = carried(ended, "--confirm")
    assert {value["reason"] for value in again.values()} == {"已有基期数"}


def test_show_has_last_years_result_beside_this_years_goal(ended: World) -> None:
    done = ended("show", "金融办-01")
    assert "贷款余额：" in done.out
    assert "上年结果 3660亿元（目标 >3650亿元，已达标）" in done.out
    data = json.loads(ended("show", "金融办-01", "--format", "json").out)
    assert data["former"]["listed"] == {"goal": "≥6家", "actual": "6家", "light": "已达标"}


@pytest.mark.parametrize(
    ("years", "words"), [("2022 2024", "没有 2022 年"), ("2024 2023", "不在 2023 年之前")]
)
def test_years_that_cannot_be_carried_are_refused(ended: World, years: str, words: str) -> None:
    done = ended("plan", "carry", *years.split())
    assert (done.code, words in done.err) == (2, True)


def test_a_figure_of_the_year_before_is_corrected_in_its_plan(turned: World) -> None:
    assert turned("log", "金融办", "listed", "2家", "--on", "2023-12-31").code == 0
    done = turned("correct", "金融办", "listed", "3家", "--month", "2023-12", "--reason", "少计一家")
    assert done.code == 0, done.err
    first, second = (
        json.loads(line.removeprefix("- "))
        for line in turned.read("data/progress/2023/金融办/01.yaml").splitlines()
    )
    assert (second["corrects"], second["add"]) == (first["id"], "3家")
    assert turned("correct", second["id"][-8:], "4家", "--reason", "又少计一家").code == 0
    assert turned("void", "金融办", "listed", "--month", "2023年12月", "--reason", "查无此事").code == 0
    assert entries(turned, 2023) == 4
    done = turned("judge", "金融办-01/front", "达到", "--on", "2023-12-31", "--evidence", "省政府通报")
    assert done.code == 0, done.err
    assert (entries(turned, 2023), entries(turned, 2024)) == (5, 0)
    done = turned("correct", "99999999", "4家", "--reason", "没有这条")
    assert (done.code, "2023、2024 年的记录里没有" in done.err) == (1, True)


def test_a_figure_over_new_year_is_corrected_in_its_plan(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = "year: 2023\nfrom: 2023-04-01\nto: 2024-03-31\n"
    world.write("data/targets/2023/金融办/01.yaml", FINANCE.replace("year: 2023\n", period))
    world.commit_all("跨年的计划")
    monkeypatch.setenv("LEDGER_TODAY", "2024-02-05")
    assert world("log", "金融办", "listed", "2家", "--on", "2024-01-31").code == 0
    done = world("correct", "金融办", "listed", "3家", "--month", "2024-01", "--reason", "少计一家")
    assert done.code == 0, done.err
