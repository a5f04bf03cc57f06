"""Better never looks worse: improving one figure, or adding a report, over all kinds and their combinations in a commitment."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from ledger.core.progress import (
    Light,
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
from ledger.core.progress.lights import ORDER
from ledger.core.progress.reporting import pace_day

from .world import commitment, entries, policy, target

START, END = date(2023, 1, 1), date(2023, 12, 31)
GOALS = ("reach", "at_least", "above", "at_most", "below", "between", "about")
Row = dict[str, Any]


class Drawn(NamedTuple):
    """One target with its entries; `better` returns an entry that says something better than the one it is given."""

    plan: Row
    rows: list[Row]
    better: Callable[[random.Random, Row], Row | None]
    another: Callable[[random.Random], Row] | None
    """Draws a report that can only add to what was done; None where a further report replaces the last one."""


def day(rng: random.Random) -> date:
    return START + timedelta(days=rng.randint(0, 380))


def draw_goal(rng: random.Random, unit: str) -> tuple[Row, Fraction | None, Fraction | None]:
    op, low = rng.choice(GOALS), rng.randint(0, 30)
    if op == "between":
        high = low + rng.randint(1, 20)
        return {op: [f"{low}{unit}", f"{high}{unit}"]}, Fraction(low), Fraction(high)
    if op == "about":
        return {op: f"{low}{unit}"}, Fraction(low) * 95 / 100, Fraction(low) * 105 / 100
    if op in {"at_most", "below"}:
        return {op: f"{low}{unit}"}, None, Fraction(low)
    return {op: f"{low}{unit}"}, Fraction(low), None


def towards(rng: random.Random, value: int, low: Fraction | None, high: Fraction | None) -> int:
    """Return a figure that is as good or better: nearer to a range, or in it; further on the good side of one bound."""
    if high is not None and value > high:
        aim = int(high)
    elif low is not None and value < low:
        aim = int(-(-low // 1))
    elif high is None:
        aim = value + 10
    else:
        aim = 0 if low is None else value
    return rng.randint(min(value, aim), max(value, aim))


def accumulate(rng: random.Random) -> Drawn:
    goal, low, high = draw_goal(rng, "家")
    plan: Row = {"kind": "accumulate", "goal": goal}
    if rng.random() < 0.4:
        plan["plan"] = [{"on": "2023-06-30", "value": f"{rng.randint(0, 40)}家"}]
    rows = [{"on": day(rng), "total": f"{rng.randint(0, 60)}家"} for _ in range(rng.randint(0, 1))]
    if high is None:  # increments too, where more is always better
        rows += [{"on": day(rng), "add": f"{rng.randint(0, 12)}家"} for _ in range(rng.randint(0, 4))]

    def better(rng: random.Random, row: Row) -> Row:
        key = "add" if "add" in row else "total"
        return {**row, key: f"{towards(rng, int(row[key][:-1]), low, high)}家"}

    another = None if high is not None else lambda rng: {"add": f"{rng.randint(0, 9)}家"}
    return Drawn(plan, rows, better, another)


def level(rng: random.Random) -> Drawn:
    unit = rng.choice(("家", "%", "亿元"))
    goal, low, high = draw_goal(rng, unit)
    plan: Row = {"kind": "level", "goal": goal, "hold": rng.random() < 0.4}
    if rng.random() < 0.6:
        plan["baseline"] = f"{rng.randint(0, 60)}{unit}"
    if rng.random() < 0.4:
        plan["plan"] = [{"on": "2023-06-30", "value": f"{rng.randint(0, 60)}{unit}"}]
    rows = [{"on": day(rng), "value": f"{rng.randint(0, 60)}{unit}"} for _ in range(rng.randint(0, 4))]

    def better(rng: random.Random, row: Row) -> Row:
        return {**row, "value": f"{towards(rng, int(row['value'].removesuffix(unit)), low, high)}{unit}"}

    return Drawn(plan, rows, better, None)


def change(rng: random.Random) -> Drawn:
    goal, low, high = draw_goal(rng, "%")
    plan: Row = {"kind": "change", "goal": goal, "direction": rng.choice(("increase", "decrease"))}
    rows = [{"on": day(rng), "value": f"{rng.randint(0, 60)}%"} for _ in range(rng.randint(0, 3))]

    def better(rng: random.Random, row: Row) -> Row:
        return {**row, "value": f"{towards(rng, int(row['value'][:-1]), low, high)}%"}

    return Drawn(plan, rows, better, None)


def rank(rng: random.Random) -> Drawn:
    plan: Row = {"kind": "rank", "goal": rng.choice(({"within": 3}, {"up": 2})), "baseline": 6}
    rows = [{"on": day(rng), "rank": rng.randint(1, 11)} for _ in range(rng.randint(0, 3))]
    return Drawn(plan, rows, lambda rng, row: {**row, "rank": rng.randint(1, row["rank"])}, None)


def compare(rng: random.Random) -> Drawn:
    side = rng.choice(("above", "at_least", "below", "at_most"))
    sign = 1 if side in {"above", "at_least"} else -1
    rows = [
        {"on": day(rng), "value": f"{rng.randint(20, 40)}%", "benchmark": "30%"}
        for _ in range(rng.randint(0, 3))
    ]

    def better(rng: random.Random, row: Row) -> Row:
        return {**row, "value": f"{int(row['value'][:-1]) + sign * rng.randint(0, 15)}%"}

    return Drawn({"kind": "compare", "goal": {side: "全省平均"}}, rows, better, None)


def milestone(rng: random.Random) -> Drawn:
    steps: list[Row] = [
        {"key": f"s{number}", "name": f"第{number}步", "weight": rng.randint(1, 4)}
        for number in range(rng.randint(1, 4))
    ]
    for step in steps:
        if rng.random() < 0.7:
            step["due"] = day(rng)
    rows = [{"on": day(rng), "step": rng.choice(steps)["key"]} for _ in range(rng.randint(0, 3))]

    def later(rng: random.Random, row: Row) -> Row:
        keys = [step["key"] for step in steps]
        return {**row, "step": rng.choice(keys[keys.index(row["step"]) :])}

    return Drawn(
        {"kind": "milestone", "steps": steps}, rows, later, lambda rng: {"step": rng.choice(steps)["key"]}
    )


def judgement(rng: random.Random) -> Drawn:
    rows = [
        {"on": day(rng), **rng.choice(({"verdict": "unmet"}, {"verdict": "met", "evidence": ["通报"]}))}
        for _ in range(rng.randint(0, 2))
    ]
    better = {"verdict": "met", "evidence": ["通报"]}
    return Drawn({"kind": "judgement"}, rows, lambda rng, row: {**row, **better}, None)


KINDS = (accumulate, level, change, rank, compare, milestone, judgement)


class Case(NamedTuple):
    """A commitment of several targets on a day."""

    drawn: list[Drawn]
    rows: list[Row]
    as_of: date
    policy: Policy


def draw_case(rng: random.Random) -> Case:
    drawn = [rng.choice(KINDS)(rng) for _ in range(rng.randint(1, 4))]
    rows: list[Row] = []
    for number, one in enumerate(drawn):
        one.plan.update({"key": f"t{number}", "weight": rng.randint(1, 3)})
        if rng.random() < 0.4:
            one.plan["any_of"] = rng.choice("gh")
        elif number and rng.random() < 0.2:
            one.plan["part_of"] = "t0"
        if rng.random() < 0.3:
            one.plan["due"] = day(rng)
        rows += [{**row, "target": f"t{number}"} for row in one.rows]
    rules = policy(
        pace=rng.choice(("month", "day")),
        tolerance=5,
        lights=rng.choice(
            (
                {"rule": "default"},
                {"rule": "yinchuan-2025"},
                {"rule": "sanya-2022"},
                {
                    "bands": [
                        {"light": "正常", "to": 5},
                        {"light": "滞后", "from": 5, "to": 20},
                        {"light": "严重滞后", "from": 20},
                    ]
                },
            )
        ),
    )
    return Case(drawn, rows, day(rng), rules)


class Answer(NamedTuple):
    """What a commitment looks like."""

    statuses: list[TargetStatus]
    light: Light
    completion: Fraction | None
    scores: tuple[Fraction | None, Fraction | None]
    places: tuple[int | None, int | None]


def judge(case: Case, rows: list[Row]) -> Answer:
    targets = [target(item.plan) for item in case.drawn]
    whole, lines = commitment(*targets), entries(rows)
    statuses = []
    for item in targets:
        aggregate = fold(item, lines, as_of=case.as_of, policy=case.policy)
        statuses.append(assess(whole, item, aggregate, as_of=case.as_of, policy=case.policy))
    score = department_score([(whole, commitment_score(whole, statuses, case.policy))], case.policy)
    scores = score.counting_all.value, score.as_reported.value
    rivals = {f"对手{points}": Fraction(points) for points in range(0, 101, 10)}
    places = tuple(
        next(row.place for row in ranking({**rivals, "本部门": value}) if row.name == "本部门")
        for value in scores
    )
    return Answer(
        statuses,
        commitment_light(whole, statuses, case.policy),
        commitment_completion(whole, statuses, case.policy).value,
        scores,
        (places[0], places[1]),
    )


def looks_worse(before: Answer, after: Answer) -> list[str]:
    """Name what of `after` is worse than `before`."""
    found = []
    for old, new in zip(before.statuses, after.statuses, strict=True):
        if ORDER.index(new.light) > ORDER.index(old.light):
            found.append(f"light of {old.key}: {old.light} → {new.light}")
        # Above full, more is no better: a ceiling or a range is either kept or not.
        if old.completion is not None and (new.completion is None or new.completion < min(old.completion, 1)):
            found.append(f"completion of {old.key}: {old.completion} → {new.completion}")
    if ORDER.index(after.light) > ORDER.index(before.light):
        found.append(f"light: {before.light} → {after.light}")
    pairs = [(before.completion, after.completion), *zip(before.scores, after.scores, strict=True)]
    for old_share, new_share in pairs:
        if old_share is not None and (new_share is None or new_share < old_share):
            found.append(f"share: {old_share} → {new_share}")
    for old_place, new_place in zip(before.places, after.places, strict=True):
        if old_place is not None and (new_place is None or new_place > old_place):
            found.append(f"place: {old_place} → {new_place}")
    return found


@pytest.mark.parametrize("seed", range(8))
def test_improving_a_figure_never_looks_worse(seed: int) -> None:
    rng = random.Random(seed)
    changed = 0
    for _ in range(400):
        case = draw_case(rng)
        if not case.rows:
            continue
        at = rng.randrange(len(case.rows))
        row = case.rows[at]
        better = case.drawn[int(row["target"][1:])].better(rng, row)
        rows = [*case.rows[:at], better, *case.rows[at + 1 :]]
        before, after = judge(case, case.rows), judge(case, rows)
        changed += before != after
        assert not looks_worse(before, after), (case, row, better, before, after)
    assert changed > 60


@pytest.mark.parametrize("seed", range(8))
def test_adding_a_report_never_looks_worse_but_for_what_it_says_in_place_of_silence(seed: int) -> None:
    rng = random.Random(seed)
    added = 0
    for _ in range(600):
        case = draw_case(rng)
        before = judge(case, case.rows)
        choices = [
            number
            for number, one in enumerate(case.drawn)
            if one.another is not None and before.statuses[number].on is not None
        ]
        if not choices:
            continue
        number = rng.choice(choices)
        another = case.drawn[number].another
        assert another is not None
        # A report of a later day is judged at that day: what it says of a day already judged is what can be compared.
        latest = max(pace_day(case.as_of, case.policy), before.statuses[number].on or START)
        row = {"on": min(day(rng), latest), **another(rng), "target": f"t{number}"}
        after = judge(case, [*case.rows, row])
        added += before != after
        assert not looks_worse(before, after), (case, row, before, after)
    assert added > 80
