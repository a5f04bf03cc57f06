"""A second reading of the table of kinds: slow, day by day, on bare numbers. Shares no code with the package.

A case is a dict of plain values (see test_oracle.py, which also writes it out as YAML values for the real thing).
"""

# ruff: noqa: N817 - F reads better in formulas
from __future__ import annotations

import itertools
from datetime import date, timedelta
from fractions import Fraction as F
from typing import Any

Case = dict[str, Any]
DAY = timedelta(days=1)


def judge(case: Case) -> tuple[F | None, F | None, bool | None, str]:
    """(completion, expected, met, light) of a case."""
    lines = [line for line in surviving(case["lines"]) if line["on"] <= case["as_of"]]
    lines = [pair[1] for pair in sorted(enumerate(lines), key=lambda pair: (pair[1]["on"], pair[0]))]
    done, due_now, behind, met, stuck = globals()["judge_" + case["kind"]](case, lines)
    if not lines:
        return None, due_now, None, "未报"
    if met is True:
        return done, due_now, met, "已达标"
    if case["kind"] in ("rank", "compare", "judgement"):
        return done, due_now, met, "严重滞后" if met is False and over(case) else "无法判断"
    if behind is None:
        return done, due_now, met, "无法判断"
    ended = stuck or (over(case) and case["kind"] != "milestone")  # steps carry their own due dates
    return done, due_now, met, light(case, behind, met is False and ended)


def over(case: Case) -> bool:
    return bool(case["as_of"] >= case["due"])


def light(case: Case, behind: F, stands: bool) -> str:
    names = ["正常", "滞后", "严重滞后"]
    number = 0
    for edge in case["edges"]:
        if behind * 100 > edge:
            number += 1
    if number == 0 and stands:
        number = 1
    return names[number]


def shortfall(case: Case, wanted: F, have: F) -> F:
    if case["rule"] == "percent":
        return (wanted - have) / wanted if wanted > 0 else F(0)
    return wanted - have


def days_gone(case: Case) -> F:
    """Count the days of the period up to the due date, and those of them that are over."""
    if case["as_of"] >= case["due"]:
        return F(1)
    days = []
    day = case["start"]
    while day <= case["due"]:
        days.append(day)
        day += DAY
    gone = [day for day in days if day <= case["as_of"]]
    return F(len(gone), len(days)) if days else F(0)


# --- which lines count


def surviving(lines: list[Case]) -> list[Case]:
    index = {line["id"]: number for number, line in enumerate(lines)}

    def before(number: int, name: str) -> int | None:
        other = index.get(lines[number].get(name))
        return other if other is not None and other < number else None

    def family(number: int) -> int:
        earlier = before(number, "corrects")
        return number if earlier is None else family(earlier)

    def withdrawn(number: int) -> bool:
        return any(
            before(later, "voids") == number and counts(later) for later in range(number + 1, len(lines))
        )

    def counts(number: int) -> bool:
        if withdrawn(number):
            return False
        return not any(
            family(later) == family(number) and not withdrawn(later)
            for later in range(number + 1, len(lines))
        )

    kept = [number for number in range(len(lines)) if counts(number) and "voids" not in lines[number]]
    return [lines[number] for number in sorted(kept, key=family)]


# --- goals


def reached(case: Case, x: F) -> bool:
    t, op = case["goal"], case["op"]
    if op in ("reach", "at_least"):
        return x >= t
    if op == "above":
        return x > t
    if op == "at_most":
        return x <= t
    if op == "below":
        return x < t
    low, high = bounds(case)
    return low <= x <= high


def bounds(case: Case) -> tuple[F, F]:
    if case["op"] == "between":
        return case["goal"], case["upper"]
    slack = case["goal"] * case["tolerance"] / 100
    return case["goal"] - slack, case["goal"] + slack


def part(case: Case, x: F) -> F:
    """How much of the goal: x/T, for a ceiling 2 − x/T; all or nothing where T is not positive."""
    t, op = case["goal"], case["op"]
    if op in ("between", "about"):
        low, high = bounds(case)
        if low <= x <= high:
            return F(1)
        if x < low:
            return x / low if low > 0 else F(0)
        return max(F(0), 2 - x / high) if high > 0 else F(0)
    if t <= 0:
        return F(1) if reached(case, x) or (op == "below" and x < t) else F(0)
    if op in ("at_most", "below"):
        return F(1) if x <= t else max(F(0), 2 - x / t)
    return x / t


def unjudgeable(case: Case) -> bool:
    return case.get("op") == "about" and case["tolerance"] is None


def clamp(x: F) -> F:
    return F(0) if x < 0 else F(1) if x > 1 else x


def along(points: list[tuple[date, F]], day: date) -> F | None:
    """The height of a broken line at a day, walking it day by day."""
    if day < points[0][0]:
        return None
    height = points[0][1]
    for (start, low), (end, high) in itertools.pairwise(points):
        walk = start
        while walk < end and walk < day:
            walk += DAY
            height = low + (high - low) * (walk - start).days / (end - start).days
        if walk == day:
            return height
        height = high
    return height


# --- kinds: (completion, expected, behind, met, whether an unmet goal can no longer be met)


def judge_accumulate(case: Case, lines: list[Case]) -> tuple[Any, ...]:
    total = F(0)
    for line in lines:
        total = line["total"] if "total" in line else total + line["add"]
    ceiling = case["op"] in ("at_most", "below")
    wanted = F(1) if ceiling else days_gone(case)
    if unjudgeable(case):
        return None, wanted, None, None, False
    if case["plan"] and not ceiling and case["start"] <= case["as_of"] < case["due"]:
        goal = bounds(case)[0] if case["op"] in ("between", "about") else case["goal"]
        if goal > 0:
            inner = [(day, value) for day, value in case["plan"] if case["start"] <= day < case["due"]]
            height = along([(case["start"] - DAY, F(0)), *inner, (case["due"], goal)], case["as_of"])
            assert height is not None
            wanted = clamp(height / goal)
    if not lines:
        return None, wanted, None, None, False
    done, met = part(case, total), reached(case, total)
    high = case["goal"] if ceiling else bounds(case)[1] if case["op"] in ("between", "about") else None
    broken = high is not None and not met and total >= high
    if broken:
        wanted = F(1)
    return done, wanted, shortfall(case, wanted, done), met, broken


def judge_level(case: Case, lines: list[Case]) -> tuple[Any, ...]:  # noqa: C901 - the table of cases is the point
    if unjudgeable(case):
        return None, None, None, None, False
    values = [line["value"] for line in lines]
    wanted = progress = due_progress = None
    base = case["baseline"]
    if case["hold"] or (base is not None and reached(case, base)):
        wanted = F(1)
    elif base is not None:
        goal = case["goal"]
        if case["op"] in ("between", "about"):
            goal = bounds(case)[0] if base < bounds(case)[0] else bounds(case)[1]
        if goal == base:
            wanted = F(1)
        else:
            height = base + (goal - base) * days_gone(case)
            wanted, due_progress = clamp(part(case, height)), days_gone(case)
            progress = (values[-1] - base) / (goal - base) if values else None
    elif over(case):
        wanted = F(1)
    if not lines:
        return None, wanted, None, None, False
    done, met = part(case, values[-1]), reached(case, values[-1])
    if case["hold"]:
        met = all(reached(case, x) for x in values)
        return done, wanted, shortfall(case, F(1), min(part(case, x) for x in values)), met, not met
    if crossed(case, values[-1]):
        return done, F(1), shortfall(case, F(1), done), met, False
    if due_progress is not None:
        return done, wanted, shortfall(case, due_progress, progress), met, False
    return done, wanted, None if wanted is None else shortfall(case, wanted, done), met, False


def crossed(case: Case, x: F) -> bool:
    """Whether a range was left on the other side than the baseline lay on."""
    base = case["baseline"]
    if base is None or case["op"] not in ("between", "about"):
        return False
    low, high = bounds(case)
    return (base < low and x > high) or (base > high and x < low)


def judge_change(case: Case, lines: list[Case]) -> tuple[Any, ...]:
    if not lines or unjudgeable(case):
        return None, F(1), None, None, False
    last = lines[-1]
    if "value" in last:
        rate = last["value"]
    elif case["unit"] == "%":
        if last["base"] <= 0:
            return None, F(1), None, None, False
        rate = (last["current"] / last["base"] - 1) * 100 * (-1 if case["decrease"] else 1)
    else:
        rate = (last["current"] - last["base"]) * (-1 if case["decrease"] else 1)
    done = max(F(0), part(case, rate))
    return done, F(1), shortfall(case, F(1), done), reached(case, rate), False


def judge_rank(case: Case, lines: list[Case]) -> tuple[Any, ...]:
    if not lines or (case["up"] and case["base_rank"] is None):
        return None, None, None, None, False
    place = lines[-1]["rank"]
    met = case["base_rank"] - place >= case["up"] if case["up"] else place <= case["within"]
    return None, None, None, met, False


def judge_compare(case: Case, lines: list[Case]) -> tuple[Any, ...]:
    if not lines:
        return None, None, None, None, False
    own, other = lines[-1]["value"], lines[-1]["benchmark"]
    met = {"above": own > other, "below": own < other, "at_least": own >= other, "at_most": own <= other}
    return None, None, None, met[case["op"]], False


def judge_milestone(case: Case, lines: list[Case]) -> tuple[Any, ...]:
    everything = sum(weight for _, weight, _ in case["steps"])
    wanted = sum((weight for _, weight, due in case["steps"] if due <= case["as_of"]), F(0)) / everything
    if not lines:
        return None, wanted, None, None, False
    reported = {line["step"] for line in lines}
    done = sum((weight for key, weight, _ in case["steps"] if key in reported), F(0)) / everything
    last, _, last_due = case["steps"][-1]
    return done, wanted, shortfall(case, wanted, done), last in reported, last_due <= case["as_of"]


def judge_judgement(case: Case, lines: list[Case]) -> tuple[Any, ...]:
    if not lines:
        return None, None, None, None, False
    last = lines[-1]
    if last["verdict"] == "met" and not last["evidence"]:
        return None, None, None, None, False
    return None, None, None, last["verdict"] == "met", False
