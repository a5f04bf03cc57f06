"""Ten thousand generated cases over all kinds and operators: the package and the naive oracle agree on every one."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ledger.core.models import Lights
from ledger.core.models.base import read_model
from ledger.core.progress import Policy, assess, fold
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.lights import LightRule

from . import oracle_2023 as oracle
from .world import POLICY, commitment, entries, target

CASES = 12_000
KINDS = ("accumulate", "level", "change", "rank", "compare", "milestone", "judgement")
OPERATORS = ("reach", "at_least", "above", "at_most", "below", "between", "about")
SCALES = {"": 1, "万": 10**4, "亿": 10**8}


def figure(rng: random.Random, low: int, high: int) -> tuple[Fraction, str]:
    """A number and how it is written: at most two decimals."""
    number = Fraction(rng.randint(low * 100, high * 100), rng.choice((100, 10, 1, 1)) * 1)
    number = Fraction(round(number), 1) if rng.random() < 0.5 else number
    number = min(max(number, Fraction(low)), Fraction(high))
    sign, digits = ("-" if number < 0 else ""), abs(number) * 100
    whole, rest = divmod(int(digits), 100)
    return Fraction(int(digits), 100) * (-1 if sign else 1), f"{sign}{whole}" + (
        f".{rest:02d}" if rest else ""
    )


def amount(rng: random.Random, low: int, high: int, unit: str) -> tuple[Fraction, str]:
    """An amount in `unit`; one of money also in another multiplier."""
    number, text = figure(rng, low, high)
    word = rng.choice(("", "万", "亿")) if unit == "元" else ""
    if word:
        return number * SCALES[word], f"{text} {word}{unit}"
    return number, f"{text} {unit}"


def some_day(rng: random.Random, year: int = 2023, spread: int = 400) -> date:
    return date(year, 1, 1) + timedelta(days=rng.randint(-20, spread))


def general(rng: random.Random) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The case, the target's and the commitment's fields that all kinds share."""
    year = rng.choice((2023, 2024))
    start, end = date(year, 1, 1), date(year, 12, 31)
    fields: dict[str, Any] = {"year": year}
    if rng.random() < 0.2:
        start = date(year, rng.randint(1, 6), rng.randint(1, 28))
        end = start + timedelta(days=rng.randint(30, 500))
        fields.update({"from": start, "to": end})
    plan: dict[str, Any] = {}
    due = end
    if rng.random() < 0.3:
        due = some_day(rng, year)
        plan["due"] = due
    low, high = rng.choice(((0, 30), (0, 30), (5, 20), (Fraction(1, 2), 50)))
    case: dict[str, Any] = {
        "start": start,
        "due": due,
        "as_of": rng.choice((some_day(rng, year), due, end, start, due - timedelta(days=1))),
        "rule": rng.choice(("points", "percent")),
        "edges": [low, high],
        "tolerance": rng.choice((None, Fraction(5), Fraction(25, 2))),
    }
    return case, plan, fields


def goal(rng: random.Random, case: dict[str, Any], unit: str, low: int = 0, high: int = 60) -> dict[str, Any]:
    op = rng.choice(OPERATORS)
    number, text = amount(rng, low, high, unit)
    case.update({"op": op, "goal": number, "unit": unit})
    if op != "between":
        return {op: text}
    upper, written = amount(rng, high + 1, high + 50, unit)
    if upper <= number:
        upper, written = number * 2 + 1, f"{number * 2 + 1} {unit}"
        written = text_of(upper, unit)
    case["upper"] = upper
    return {op: [text, written]}


def text_of(number: Fraction, unit: str) -> str:
    whole, rest = divmod(int(number * 100), 100)
    return f"{whole}.{rest:02d} {unit}"


def make(
    rng: random.Random, kind: str
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """A case for the oracle, and the same as fields of a target, a commitment and entries."""
    case, plan, fields = general(rng)
    case["kind"] = plan["kind"] = kind
    line = BUILDERS[kind](rng, case, plan)
    facts, written = [], []
    for number in range(1, rng.randint(0, 6) + 1):
        fact, row = line()
        on = some_day(rng, fields["year"])
        links: dict[str, Any] = {}
        if number > 1 and rng.random() < 0.2:
            links = {rng.choice(("corrects", "voids")): rng.randint(1, number - 1)}
            if "voids" in links:
                fact, row = {}, {}
        facts.append({"id": number, "on": on, **fact, **links})
        written.append({"id": number, "on": on, **row, **links})
    case["lines"] = facts
    return case, plan, fields, written


def accumulate(rng: random.Random, case: dict[str, Any], plan: dict[str, Any]) -> Any:
    unit = rng.choice(("元", "家"))
    plan["goal"] = goal(rng, case, unit)
    case["plan"] = []
    if rng.random() < 0.3:
        days = sorted({some_day(rng, case["start"].year) for _ in range(rng.randint(1, 3))})
        points = [(day, *amount(rng, 0, 60, unit)) for day in days]
        case["plan"] = [(day, number) for day, number, _ in points]
        plan["plan"] = [{"on": day, "value": text} for day, _, text in points]

    def line() -> tuple[dict[str, Any], dict[str, Any]]:
        name = rng.choice(("add", "add", "total"))
        number, text = amount(rng, -3, 40, unit)
        return {name: number}, {name: text}

    return line


def level(rng: random.Random, case: dict[str, Any], plan: dict[str, Any]) -> Any:
    unit = rng.choice(("%", "元"))
    plan["goal"] = goal(rng, case, unit)
    case["hold"] = plan["hold"] = rng.random() < 0.25
    case["baseline"] = None
    if rng.random() < 0.5:
        case["baseline"], plan["baseline"] = amount(rng, 0, 80, unit)

    def line() -> tuple[dict[str, Any], dict[str, Any]]:
        if rng.random() < 0.1:  # exactly the goal: the edge of 超过 and 低于
            return {"value": case["goal"]}, {"value": text_of(case["goal"], unit)}
        number, text = amount(rng, -5, 90, unit)
        return {"value": number}, {"value": text}

    return line


def change(rng: random.Random, case: dict[str, Any], plan: dict[str, Any]) -> Any:
    unit = rng.choice(("%", "百分点"))
    plan["goal"] = goal(rng, case, unit, -5, 30)
    case["decrease"] = rng.random() < 0.4
    plan["direction"] = "decrease" if case["decrease"] else "increase"

    def line() -> tuple[dict[str, Any], dict[str, Any]]:
        if rng.random() < 0.5:
            number, text = figure(rng, -20, 40)
            return {"value": number}, {"value": f"{text} {unit}"}
        of = "元" if unit == "%" else "%"
        current, now = amount(rng, 0, 90, of)
        base, then = amount(rng, -5, 90, of)
        return {"current": current, "base": base}, {"current": now, "base": then}

    return line


def rank(rng: random.Random, case: dict[str, Any], plan: dict[str, Any]) -> Any:
    case.update({"up": 0, "within": rng.randint(1, 6), "base_rank": None})
    plan["goal"] = {"within": case["within"]}
    if rng.random() < 0.5:
        case["up"] = rng.randint(1, 4)
        plan["goal"] = {"up": case["up"]}
        if rng.random() < 0.8:
            case["base_rank"] = plan["baseline"] = rng.randint(1, 11)

    def line() -> tuple[dict[str, Any], dict[str, Any]]:
        row = {"rank": rng.randint(1, 11), **({"of": 11} if rng.random() < 0.5 else {})}
        return row, row

    return line


def compare(rng: random.Random, case: dict[str, Any], plan: dict[str, Any]) -> Any:
    case["op"] = rng.choice(("above", "below", "at_least", "at_most"))
    plan["goal"] = {case["op"]: "全省平均"}

    def line() -> tuple[dict[str, Any], dict[str, Any]]:
        (own, mine), (other, theirs) = amount(rng, -2, 3, "%"), amount(rng, -2, 3, "%")
        return {"value": own, "benchmark": other}, {"value": mine, "benchmark": theirs}

    return line


def milestone(rng: random.Random, case: dict[str, Any], plan: dict[str, Any]) -> Any:
    steps = []
    for number in range(rng.randint(1, 4)):
        day = rng.choice((None, some_day(rng, case["start"].year)))
        steps.append((f"s{number}", Fraction(rng.randint(1, 5), rng.choice((1, 2))), day))
    case["steps"] = [(key, weight, day or case["due"]) for key, weight, day in steps]
    plan["steps"] = [
        {"key": key, "name": key, "weight": str(weight), **({"due": day} if day else {})}
        for key, weight, day in steps
    ]

    def line() -> tuple[dict[str, Any], dict[str, Any]]:
        row = {"step": rng.choice(steps)[0]}
        return row, row

    return line


def judgement(rng: random.Random, case: dict[str, Any], plan: dict[str, Any]) -> Any:
    def line() -> tuple[dict[str, Any], dict[str, Any]]:
        row = {"verdict": rng.choice(("met", "unmet")), "evidence": rng.choice(((), ("通报第3期",)))}
        return row, row

    return line


BUILDERS: dict[str, Any] = {
    "accumulate": accumulate,
    "level": level,
    "change": change,
    "rank": rank,
    "compare": compare,
    "milestone": milestone,
    "judgement": judgement,
}


def rules(case: dict[str, Any]) -> Policy:
    low, high = (str(edge) for edge in case["edges"])
    bands = [
        {"light": "正常", "to": low},
        {"light": "滞后", "from": low, "to": high},
        {"light": "严重滞后", "from": high},
    ]
    lights = read_model(Lights, {"gap": case["rule"], "bands": bands})
    return Policy(
        LightRule.of(lights), rules=2023, pace="day", tolerance=case["tolerance"], units=POLICY.units
    )


def test_the_oracle_agrees_on_every_case() -> None:
    rng = random.Random(20231231)
    seen: Counter[tuple[str, str]] = Counter()
    for number in range(CASES):
        case, plan, fields, written = make(rng, KINDS[number % len(KINDS)])
        one, lines, policy = target(plan), entries(written), rules(case)
        aggregate = fold(one, lines, as_of=case["as_of"], policy=policy)
        found = assess(commitment(one, **fields), one, aggregate, as_of=case["as_of"], policy=policy)
        ours = (found.completion, found.expected, found.met, found.light.value)
        assert ours == oracle.judge(case), (case, plan, fields, written, found)
        seen[case["kind"], found.light.value] += 1
        whole = fold(one, lines, policy=policy)
        if whole.last_on is not None and whole.last_on <= case["as_of"]:
            # a stored aggregate of all entries serves every later day
            assert whole == aggregate
    # the cases reach every light of every kind, so that agreement is about something
    paced = {
        (kind, light)
        for kind in ("accumulate", "level", "change", "milestone")
        for light in ("滞后", "严重滞后")
    }
    all_kinds = {(kind, light) for kind in KINDS for light in ("已达标", "未报")}
    assert paced | all_kinds <= set(seen)
    assert {("level", "无法判断"), ("rank", "无法判断"), ("judgement", "严重滞后")} <= set(seen)


def test_met_means_full_completion_and_full_completion_misses_only_by_a_strict_edge() -> None:
    rng = random.Random(7)
    for _ in range(3_000):
        case: dict[str, Any] = {"tolerance": Fraction(5)}
        one = target({"kind": "level", "goal": goal(rng, case, "%", -5, 30)})
        bounds = Bounds.of(one.goal, Fraction(5))
        assert bounds is not None
        x = rng.choice((case["goal"], figure(rng, -20, 60)[0]))
        if bounds.meets(x):
            assert bounds.completion(x) >= 1
        elif bounds.completion(x) >= 1:
            assert case["op"] in {"above", "below"}
            assert x == case["goal"]
