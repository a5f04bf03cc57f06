"""`why`: every step can be worked out again from the printed numbers alone, and comes to what status and rank say."""

from __future__ import annotations

import json
import os
import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, World

SIGNS = {"−": "-", "×": "*", "÷": "/", "取整": "floor", "进一": "ceil", "取大": "max", "取小": "min"}
PERIOD = re.compile(r"（(\S+) 至 (\S+)；全期至 (\S+)）")
BAND = re.compile(r"差 (约 )?(-?[0-9.]+)，(不超过|超过) (-?[0-9.]+)为(\S+)）")


def calculate(formula: str) -> Fraction:
    """Work a formula out as a person with a pocket calculator would, but exactly."""
    text = formula
    for sign, operator in SIGNS.items():
        text = text.replace(sign, operator)
    assert re.fullmatch(r"[-+*/(), 0-9.a-z]+", text), formula
    text = re.sub(r"\d+(\.\d+)?", lambda number: f"Fraction('{number[0]}')", text)
    names: dict[str, Any] = {
        "max": max,
        "min": min,
        "Fraction": Fraction,
        "floor": lambda x: Fraction(floor(x)),
        "ceil": lambda x: Fraction(ceil(x)),
    }
    return Fraction(eval(text, {"__builtins__": {}}, names))  # the text was checked


def answer(world: World | Callable[..., Ran], *words: str) -> dict[str, Any]:
    done = world(*words, "--format", "json")
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def check_means(means: list[dict[str, Any]]) -> dict[str, Fraction | None]:
    results = {}
    for mean in means:
        counted = [addend for addend in mean["addends"] if addend["value"] is not None]
        assert all(addend["reason"] for addend in mean["addends"] if addend["value"] is None)
        results[mean["mean"]] = None if mean["result"] is None else Fraction(mean["result"])
        if counted:
            assert calculate(mean["formula"]) == Fraction(mean["result"]), mean
            weights = sum(Fraction(item["weight"]) for item in counted)
            total = sum(Fraction(item["value"]) * Fraction(item["weight"]) for item in counted)
            assert total / weights == Fraction(mean["result"])
        else:
            assert mean["result"] is None
    return results


def check_target(explained: dict[str, Any], status: dict[str, Any]) -> None:
    steps = {step["step"]: step for step in explained["steps"]}
    for step in explained["steps"]:
        if step["result"] is not None:
            assert step["formula"] is not None, (explained["target"], step)
            assert calculate(step["formula"]) == Fraction(step["result"]), (explained["target"], step)
            # A number without a formula is told in words: only none and all can be.
            assert " " in step["formula"] or (step["formula"] in {"0", "1"} and "（" in step["text"]), step
    check_elapsed(steps.get("elapsed"))
    check_band(steps, explained["light"])
    check_sums(explained["entries"])
    for key in ("completion", "expected"):
        shown = None if status[key] is None else Fraction(status[key])
        assert (Fraction(steps[key]["result"]) if key in steps else None) == shown
    assert explained["light"] == status["light"]
    figures = [step for step in explained["entries"] if step["counts"] and step["formula"] is not None]
    for step in figures:
        assert calculate(step["formula"]) == Fraction(step["running"])
    assert all(step["commit"] for step in explained["entries"])
    if figures and "completion" in steps and status["kind"] == "accumulate":
        first = re.match(r"\(.*?\)|\S+", steps["completion"]["formula"])
        assert first is not None
        assert calculate(first[0]) in {Fraction(figures[-1]["running"]), 2}


def check_elapsed(step: dict[str, Any] | None) -> None:
    """The days are counted from the dates printed."""
    if step is None or step["formula"] in {"0", "1"} or "取" in step["formula"]:
        return
    start, day, due = (date.fromisoformat(text) for text in PERIOD.findall(step["text"])[0])
    assert step["formula"] == f"{(day - start).days + 1} ÷ {(due - start).days + 1}"


def check_band(steps: dict[str, dict[str, Any]], light: str) -> None:
    """The light is that of the band in which the difference printed falls."""
    for about, printed, side, edge, name in BAND.findall(steps["light"]["text"]):
        measure = Fraction(steps["gap"]["result"]) * 100
        assert round(measure, 4) == Fraction(printed) if about else measure == Fraction(printed)
        assert (measure > Fraction(edge)) == (side == "超过")
        assert name == light


def check_sums(entries: list[dict[str, Any]]) -> None:
    """A running figure is the one before it with the new figure of the entry, or a total that the entry states."""
    before = Fraction(0)
    for entry in entries:
        if not entry["counts"] or entry["running"] is None:
            continue
        figure = re.fullmatch(r"(新增|累计) (-?[0-9.]+)\D*", entry["figure"])
        if figure and "×" not in entry["formula"]:
            added = Fraction(figure[2]) + (before if figure[1] == "新增" else 0)
            assert added == Fraction(entry["running"]), entry
        before = Fraction(entry["running"])


def explained_targets(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for commitment in data["commitments"]:
        yield from commitment["targets"]


@pytest.mark.slow
def test_every_step_of_the_demo_year_comes_to_what_status_and_rank_say(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of every quarter four departments, by turns; with `LEDGER_EXPLORE` all of them."""
    root = tmp_path / "演示"
    assert cli("demo", str(root)).code == 0
    monkeypatch.chdir(root)
    monkeypatch.setenv("LEDGER_TODAY", "2024-01-20")
    months, every = (range(1, 13), 1) if os.environ.get("LEDGER_EXPLORE") else ((3, 6, 9, 12), 4)
    steps = sum(
        check_day(cli, str(date(2023, month, monthrange(2023, month)[1])), month // 3 % every, every)
        for month in months
    )
    assert steps > 600


def check_day(cli: Callable[..., Ran], day: str, first: int, every: int) -> int:
    """Check all that `why` says of some departments on a day; return how many steps there were."""
    status = answer(cli, "status", "--all", "--as-of", day)
    by_id = {commitment["id"]: commitment for commitment in status["commitments"]}
    scores = {
        department["name"]: department for department in answer(cli, "rank", "--as-of", day)["departments"]
    }
    steps = 0
    for department in status["departments"][first::every]:
        data = answer(cli, "why", department["name"], "--as-of", day)
        means = check_means(data["means"])
        completion = department["completion"]
        assert means["completion"] == (None if completion is None else Fraction(completion))
        score = scores[department["name"]]["score"]
        assert means["score"] == (None if score is None else Fraction(score))
        assert data["place"] == scores[department["name"]]["place"]
        for commitment in data["commitments"]:
            shown = by_id[commitment["id"]]
            completion = check_means(commitment["means"])["completion"]
            assert completion == (None if shown["completion"] is None else Fraction(shown["completion"]))
            targets = {f"{commitment['id']}/{target['key']}": target for target in shown["targets"]}
            for explained in commitment["targets"]:
                check_target(explained, targets[explained["target"]])
                steps += sum(step["formula"] is not None for step in explained["steps"])
    return steps


def test_corrections_withdrawals_and_changed_goals_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = []
    for on, amount in (("2023-01-31", "1家"), ("2023-02-28", "2家"), ("2023-03-31", "4家")):
        assert world("log", "金融办", "listed", amount, "--on", on).code == 0
        ids.append(world.git("log", "-1", "--format=%(trailers:key=Ledger-Entry,valueonly)").strip())
    assert world("correct", ids[1], "3家", "--reason", "漏计").code == 0
    assert world("void", ids[2], "--reason", "重复").code == 0
    assert world("amend", "金融办-01/listed", "--goal", "≥5家", "--reason", "纪要5号").code == 0
    (explained,) = explained_targets(answer(world, "why", "金融办-01/listed"))
    states = [(entry["id"] in ids, entry["counts"], entry["state"][:2]) for entry in explained["entries"]]
    assert states[:2] == [(True, True, "计入"), (False, True, "更正")]
    assert {state for *_, state in states[2:]} == {"被 ", "作废"}
    assert (explained["goal"], explained["goal_since"]) == ("≥5家（原≥6家）", "2023-06-30")
    assert explained["quote"] == "全年新增上市公司“保6争8”"
    completion = next(step for step in explained["steps"] if step["step"] == "completion")
    assert (completion["formula"], completion["result"]) == ("4 ÷ 5", "0.8")
    before = answer(world, "why", "金融办-01/listed", "--as-of", "2023-06-29")
    completion = next(
        step for step in next(explained_targets(before))["steps"] if step["step"] == "completion"
    )
    assert completion["formula"] == "4 ÷ 6"
    done = world("why", "金融办-01/listed")
    assert "原文：全年新增上市公司“保6争8”" in done.out
    assert "目标自 2023-06-30 起为 ≥5家（原 ≥6家；纪要5号）" in done.out


def test_every_kind_is_explained(world: World) -> None:
    for target, *amount in (
        ("loans", "80亿元"),
        ("balance", "3660亿元"),
        ("green", "6%"),
        ("quality", "第2位"),
        ("faster", "5%", "--benchmark", "4%"),
        ("opinion", "完成"),
    ):
        assert world("log", "金融办", target, *amount).code == 0
    status = answer(world, "status", "--all")
    targets = {target["key"]: target for target in status["commitments"][0]["targets"]}
    data = answer(world, "why", "金融办-01")
    for explained in explained_targets(data):
        check_target(explained, targets[explained["target"].partition("/")[2]])
    check_means(data["commitments"][0]["means"])


def test_what_is_converted_or_drawn_from_a_baseline_is_explained(world: World) -> None:
    config = world.read("data/ledger.yaml")
    rates = "rates:\n  - {from: 美元, to: 元, on: 2023-01-01, rate: 7}\n"
    world.write("data/ledger.yaml", config + rates)
    plan = world.read("data/targets/2023/金融办/01.yaml")
    plan = plan.replace("goal: {above: 3650 亿元}", "goal: {above: 3650 亿元}\n    baseline: 3500 亿元")
    reached = "    goal: {reach: 150 亿元}\n"
    world.write(
        "data/targets/2023/金融办/01.yaml",
        plan.replace(
            reached,
            f"{reached}    plan: [{{on: 2023-03-31, value: 50 亿元}}, {{on: 2023-09-30, value: 90 亿元}}]\n",
        ),
    )
    world.commit_all("基期数、汇率和分时段计划")
    for words in (
        "loans 60亿元 --on 2023-03-31",
        "loans 1亿美元 --on 2023-05-31",
        "balance 3560亿元 --on 2023-05-31",
        "green --current 109.5亿元 --base 100亿元 --on 2023-05-31",
    ):
        done = world("log", "金融办", *words.split(), "--confirm")
        assert done.code == 0, done.err
    status = answer(world, "status", "--all")
    targets = {target["key"]: target for target in status["commitments"][0]["targets"]}
    explained = {
        explained_target["target"].partition("/")[2]: explained_target
        for explained_target in explained_targets(answer(world, "why", "金融办-01"))
    }
    for key in ("loans", "balance", "green"):
        check_target(explained[key], targets[key])
    formulas = {key: [entry["formula"] for entry in explained[key]["entries"]] for key in explained}
    assert formulas["loans"] == ["60", "60 + (1 × 7)"] or formulas["loans"] == ["60", "60 + 1 × 7"]
    assert formulas["green"] == ["((109.5 − 100) ÷ 100) × 100"]
    steps = {step["step"]: step["formula"] for step in explained["balance"]["steps"]}
    assert steps["progress"] == "(3560 − 3500) ÷ (3650 − 3500)"
    assert " ÷ " in steps["expected-progress"]


@pytest.mark.parametrize("reference", ["金融办-09", "没有的", "金融办-01/没有"])
def test_what_does_not_exist_is_refused(world: World, reference: str) -> None:
    assert world("why", reference).code == 1


def test_who_committed_a_line_by_hand_or_before_a_shallow_clone_began(world: World, tmp_path: Path) -> None:
    """A line without trailers is committed all the same, and one beyond the end of a shallow clone was committed earlier."""
    assert world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31").code == 0
    world.git("commit", "--quiet", "--amend", "--message", "手工提交")
    short = world.git("rev-parse", "--short=8", "HEAD").strip()
    for reference in ("金融办-01/listed", "金融办"):
        said = world("why", reference).out
        assert short in said
        assert "未提交" not in said
    world.git("commit", "--quiet", "--allow-empty", "--message", "又一次")
    world.git("clone", "--quiet", "--depth", "1", f"file://{world.root}", str(tmp_path / "浅"))
    said = world("--root", str(tmp_path / "浅"), "why", "金融办-01/listed").out
    assert "较早" in said
    assert "未提交" not in said
