"""A thousand random ledgers on three days and for one month: the package and the implementation made from the page agree."""

# ruff: noqa: N817 - F reads better in formulas
from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction as F
from typing import Any

from ledger.core.progress import (
    Policy,
    TargetStatus,
    assess,
    commitment_completion,
    commitment_light,
    commitment_score,
    department_score,
    fold,
    ranking,
)
from ledger.core.progress.calls import report_calls
from ledger.core.progress.judge import entries_of_target, with_lateness
from ledger.core.progress.months import month_end
from ledger.core.progress.score import CommitmentScore, too_silent

from . import oracle_2026 as oracle
from .world import commitment, entries, policy, target

LEDGERS = 1_000
OPERATORS = ("reach", "at_least", "above", "at_most", "below", "between", "about")
Row = dict[str, Any]
Pair = tuple[Row, Row]
"""The same thing as the oracle takes it, in bare numbers, and as a file has it."""


def some_day(rng: random.Random) -> date:
    return date(2023, 1, 1) + timedelta(days=rng.randint(-20, 420))


def figure(rng: random.Random, low: int, high: int) -> F:
    return F(rng.randint(low * 4, high * 4), rng.choice((4, 4, 2, 1)) if rng.random() < 0.4 else 4)


def text(value: F, unit: str) -> str:
    whole, rest = divmod(abs(value) * 100, 1)
    assert not rest
    return f"{'-' if value < 0 else ''}{whole // 100}.{whole % 100:02d}{unit}"


def draw_goal(rng: random.Random, unit: str) -> Pair:
    op, low = rng.choice(OPERATORS), figure(rng, 0, 40)
    if rng.random() < 0.5:
        low = F(int(low))
    if op == "between":
        high = low + rng.randint(1, 20)
        return {"op": op, "goal": low, "upper": high}, {op: [text(low, unit), text(high, unit)]}
    return {"op": op, "goal": low}, {op: text(low, unit)}


def draw_plan(rng: random.Random, unit: str) -> tuple[list[tuple[date, F]], list[Row]]:
    if rng.random() < 0.6:
        return [], []
    days = sorted({some_day(rng) for _ in range(rng.randint(1, 3))})
    points = [(day, figure(rng, -5, 60)) for day in days]
    return points, [{"on": day, "value": text(value, unit)} for day, value in points]


def draw_accumulate(rng: random.Random) -> tuple[Pair, Any]:
    unit = rng.choice(("家", "亿元"))
    facts, goal = draw_goal(rng, unit)
    points, plan = draw_plan(rng, unit)
    facts |= {"unit": unit, "plan": [(day, value) for day, value in points]}

    def line() -> Pair:
        key, value = rng.choice(("add", "add", "total")), figure(rng, -3, 25)
        return {key: value}, {key: text(value, unit)}

    return (facts, {"goal": goal, "plan": plan}), line


def draw_level(rng: random.Random) -> tuple[Pair, Any]:
    unit = rng.choice(("家", "%", "亿元"))
    facts, goal = draw_goal(rng, unit)
    points, plan = draw_plan(rng, unit)
    facts |= {"unit": unit, "plan": points, "hold": rng.random() < 0.25, "baseline": None}
    written: Row = {"goal": goal, "plan": plan, "hold": facts["hold"]}
    if rng.random() < 0.6:
        base = facts["goal"] if rng.random() < 0.15 else figure(rng, 0, 60)
        facts["baseline"], written["baseline"] = base, text(base, unit)

    def line() -> Pair:
        value = facts["goal"] if rng.random() < 0.1 else figure(rng, -3, 70)
        return {"value": value}, {"value": text(value, unit)}

    return (facts, written), line


def draw_change(rng: random.Random) -> tuple[Pair, Any]:
    unit, decrease = rng.choice(("%", "百分点")), rng.random() < 0.4
    facts, goal = draw_goal(rng, unit)
    facts |= {"unit": unit, "decrease": decrease}

    def line() -> Pair:
        if rng.random() < 0.5:
            value = figure(rng, -10, 40)
            return {"value": value}, {"value": text(value, unit)}
        of = "亿元" if unit == "%" else "%"
        current, base = figure(rng, 0, 60), figure(rng, -3, 40)
        return {"current": current, "base": base}, {"current": text(current, of), "base": text(base, of)}

    return (facts, {"goal": goal, "direction": "decrease" if decrease else "increase"}), line


def draw_rank(rng: random.Random) -> tuple[Pair, Any]:
    facts: Row = {"within": rng.randint(1, 5), "up": None, "base_rank": None}
    written: Row = {"goal": {"within": facts["within"]}}
    if rng.random() < 0.5:
        facts["up"] = rng.randint(1, 3)
        written["goal"] = {"up": facts["up"]}
        if rng.random() < 0.8:
            facts["base_rank"] = written["baseline"] = rng.randint(1, 9)

    def line() -> Pair:
        row = {"rank": rng.randint(1, 9)}
        return row, row

    return (facts, written), line


def draw_compare(rng: random.Random) -> tuple[Pair, Any]:
    side = rng.choice(("above", "below", "at_least", "at_most"))

    def line() -> Pair:
        value, other = figure(rng, 0, 2), figure(rng, 0, 2)
        return {"value": value, "benchmark": other}, {
            "value": text(value, "%"),
            "benchmark": text(other, "%"),
        }

    return ({"side": side}, {"goal": {side: "全省平均"}}), line


def draw_milestone(rng: random.Random) -> tuple[Pair, Any]:
    steps = [
        (f"s{number}", F(rng.randint(1, 4)), some_day(rng) if rng.random() < 0.7 else None)
        for number in range(rng.randint(1, 4))
    ]
    written = [
        {"key": key, "name": key, "weight": str(weight), **({"due": day} if day else {})}
        for key, weight, day in steps
    ]

    def line() -> Pair:
        row = {"step": rng.choice(steps)[0]}
        return row, row

    return ({"steps": steps}, {"steps": written}), line


def draw_judgement(rng: random.Random) -> tuple[Pair, Any]:
    review = sorted({some_day(rng) for _ in range(rng.randint(0, 2))})

    def line() -> Pair:
        row = {"verdict": rng.choice(("met", "unmet")), "evidence": rng.choice(([], ["通报"]))}
        return row, row

    return ({"review": review}, {"review": review}), line


KINDS = {
    "accumulate": draw_accumulate,
    "level": draw_level,
    "change": draw_change,
    "rank": draw_rank,
    "compare": draw_compare,
    "milestone": draw_milestone,
    "judgement": draw_judgement,
}


def draw_config(rng: random.Random) -> tuple[Row, Policy]:
    pace, due_day = rng.choice(("month", "month", "day")), rng.choice((1, 5, 10, 28))
    tolerance = rng.choice((None, F(5), F(25, 2)))
    basis, coverage = rng.choice(("all", "reported")), rng.choice((0, 50, 75))
    deduction = rng.random() < 0.3
    if rng.random() < 0.6:
        lights: Row = {"rule": rng.choice(("default", "yinchuan-2025", "sanya-2022"))}
        written = lights
    else:
        low, high = rng.choice(((0, 30), (5, 20), (-5, 10)))
        gap = rng.choice(("points", "percent"))
        lights = {"gap": gap, "bands": [("正常", F(low)), ("滞后", F(high)), ("严重滞后", None)]}
        written = {
            "gap": gap,
            "bands": [
                {"light": "正常", "to": low},
                {"light": "滞后", "from": low, "to": high},
                {"light": "严重滞后", "from": high},
            ],
        }
    facts = {
        "pace": pace,
        "due_day": due_day,
        "tolerance": tolerance,
        "lights": lights,
        "basis": basis,
        "coverage": coverage,
        "deduction": deduction,
    }
    ranks = {"basis": basis, "coverage": coverage, "deduction": "report-10" if deduction else "none"}
    more = {} if tolerance is None else {"tolerance": str(tolerance)}
    rules = policy(pace=pace, due_day=due_day, lights=written, ranking=ranks, **more)
    return facts, rules


def draw_commitment(rng: random.Random, config: Row) -> tuple[Row, Any, list[Row]]:
    """A commitment as the oracle takes it, the same as a model, and its entries as rows."""
    start, end, period = date(2023, 1, 1), date(2023, 12, 31), {}
    if rng.random() < 0.2:
        start = date(2023, rng.randint(1, 4), rng.randint(1, 28))
        end = start + timedelta(days=rng.randint(60, 400))
        period = {"from": start, "to": end}
    case: Row = {"config": config, "start": start, "end": end, "targets": [], "lines": []}
    targets, drawers = [], []
    for number in range(rng.randint(1, 4)):
        kind = rng.choice(tuple(KINDS))
        (facts, written), line = KINDS[kind](rng)
        due = some_day(rng) if rng.random() < 0.3 else None
        weight = F(rng.randint(1, 3))
        group = rng.choice(("g", "h")) if rng.random() < 0.4 else None
        part = "t0" if number and group is None and rng.random() < 0.2 else None
        facts |= {
            "key": f"t{number}",
            "kind": kind,
            "due": due or end,
            "weight": weight,
            "any_of": group,
            "part_of": part,
        }
        frequency = rng.choice(("每月", "每月", "每季", "每半年", "每年"))
        facts["apart"] = {"每月": 1, "每季": 3, "每半年": 6, "每年": 12}[frequency]
        written["frequency"] = frequency
        if kind == "milestone":
            facts["steps"] = [(key, share, day or due or end) for key, share, day in facts["steps"]]
        written |= {"key": f"t{number}", "kind": kind, "weight": str(weight)}
        written |= {
            key: value for key, value in (("due", due), ("any_of", group), ("part_of", part)) if value
        }
        case["targets"].append(facts)
        targets.append(target(written))
        drawers.append(line)
    rows = []
    for number in range(1, rng.randint(0, 14) + 1):
        which = rng.randrange(len(targets))
        links: Row = {}
        if number > 1 and rng.random() < 0.2:
            links = {rng.choice(("corrects", "voids")): rng.randint(1, number - 1)}
        fact, row = ({"note": "说明"},) * 2 if rng.random() < 0.08 else drawers[which]()
        if "voids" in links:
            fact = row = {}
        if "corrects" in links:  # a correction is of the same target
            earlier = case["lines"][links["corrects"] - 1]["target"]
            which = int(earlier[1:])
            fact, row = drawers[which]()
        common = {"id": number, "on": some_day(rng), "target": f"t{which}", **links}
        case["lines"].append({**fact, **common})
        rows.append({**row, **common})
    return case, commitment(*targets, **period), rows


def statuses_of(whole: Any, lines: Any, as_of: date, rules: Policy) -> list[TargetStatus]:
    found = []
    for item in whole.targets:
        aggregate = fold(item, lines, as_of=as_of, policy=rules)
        status = assess(whole, item, aggregate, as_of=as_of, policy=rules)
        found.append(
            with_lateness(whole, item, status, lambda item=item: entries_of_target(item, lines, as_of), rules)
        )
    return found


def test_the_page_and_the_package_agree() -> None:
    rng = random.Random(20260101)
    seen: Counter[tuple[str, str]] = Counter()
    for number in range(LEDGERS):
        config, rules = draw_config(rng)
        drawn = [draw_commitment(rng, config) for _ in range(rng.randint(1, 3))]
        for as_of in (some_day(rng), date(2023, rng.randint(2, 12), rng.randint(1, 28)), date(2024, 1, 20)):
            departments: Row = {}
            scores = {}
            for name, (case, whole, rows) in zip("甲乙丙", drawn, strict=False):
                lines = entries(rows)
                found = statuses_of(whole, lines, as_of, rules)
                expected = {target["key"]: oracle.status(case, target, as_of) for target in case["targets"]}
                for status in found:
                    other = expected[status.key]
                    seen[status.kind, status.light.value] += 1
                    ours = (
                        status.completion,
                        status.expected,
                        status.met,
                        status.light.value,
                        status.paced_on,
                        status.late,
                        status.silent,
                    )
                    theirs = tuple(
                        other[key]
                        for key in ("completion", "expected", "met", "light", "paced_on", "late", "silent")
                    )
                    assert ours == theirs, (number, as_of, case, status, other)
                departments[name] = compare_commitment(case, whole, found, expected, rules)
                scores[name] = department_score([(whole, commitment_score(whole, found, rules))], rules)
            compare_places(config, departments, scores, rules)
        month = month_end(date(2023, rng.randint(1, 12), 1))
        for case, whole, rows in drawn:
            ours_calls = {
                call.target.key: (call.called, call.answered)
                for call in report_calls(whole, entries(rows), month, rules)
            }
            theirs_calls = oracle.calls(case, month)
            differing = [
                target
                for target in case["targets"]
                if ours_calls[target["key"]] != theirs_calls[target["key"]]
            ]
            assert not differing, (number, month, differing, case["lines"], ours_calls, theirs_calls)
    paced = {
        (kind, light)
        for kind in ("accumulate", "level", "change", "milestone")
        for light in ("滞后", "严重滞后")
    }
    assert paced | {(kind, "已达标") for kind in KINDS} <= set(seen)


def compare_commitment(case: Row, whole: Any, found: list[TargetStatus], expected: Row, rules: Policy) -> Row:
    theirs = oracle.commitment(case, expected)
    mean, score = commitment_completion(whole, found, rules), commitment_score(whole, found, rules)
    assert isinstance(score, CommitmentScore)
    ours = {
        "completion": mean.value,
        "counted": mean.counted,
        "uncounted": mean.uncounted,
        "silent": mean.silent,
        "light": commitment_light(whole, found, rules).value,
        "all": score.counting_all.value,
        "reported": score.as_reported.value,
    }
    assert ours == theirs, (case, found, expected)
    return theirs


def compare_places(config: Row, departments: Row, scores: Any, rules: Policy) -> None:
    theirs = {name: oracle.department(config, [row]) for name, row in departments.items()}
    ours = {name: {"score": score.plain.value, "coverage": score.coverage} for name, score in scores.items()}
    assert ours == theirs
    placed = ranking({name: score.plain.value for name, score in scores.items()}, too_silent(scores, rules))
    assert {row.name: row.place for row in placed} == oracle.places(config, theirs)
