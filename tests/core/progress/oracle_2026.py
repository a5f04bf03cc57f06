"""A second implementation of docs/reference/kinds.md, written from that page sentence by sentence; shares no code with the package.

It works on plain dictionaries: a case has `config`, `start`, `end` and `targets`; figures are Fractions. It is slow and simple
on purpose: everything is worked out anew from the lines for each day.
"""

# ruff: noqa: N817 - F reads better in formulas
from __future__ import annotations

import itertools
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction as F
from typing import Any

Row = dict[str, Any]
DAY = timedelta(days=1)
MET, NORMAL, BEHIND, FAR, SILENT, UNKNOWN = "已达标", "正常", "滞后", "严重滞后", "未报", "无法判断"
FIGURES = ("add", "total", "value", "current", "base", "rank", "benchmark", "step", "verdict")
MONTHLY = ("accumulate", "level", "change", "rank", "compare")
SCORED = ("accumulate", "level", "change", "milestone")
NAMED = {
    "default": ("points", [(NORMAL, F(0), True), (BEHIND, F(30), True), (FAR, None, True)]),
    "yinchuan-2025": ("points", [(NORMAL, F(10), False), (BEHIND, F(30), True), (FAR, None, True)]),
    "sanya-2022": ("percent", [(NORMAL, F(0), True), (BEHIND, F(50), True), (FAR, None, True)]),
}


# --- 更正与作废


def effective(lines: list[Row]) -> list[Row]:
    """The lines that count, by date, within a day by place in the file."""
    place = {line["id"]: number for number, line in enumerate(lines)}

    def names(number: int, link: str) -> int | None:
        other = place.get(lines[number].get(link))
        return other if other is not None and other < number else None

    alive: dict[int, bool] = {}
    for number in reversed(range(len(lines))):  # a line is withdrawn by a later one that itself counts
        alive[number] = not any(
            names(later, "voids") == number and alive[later] and stands(lines, later, alive, names)
            for later in range(number + 1, len(lines))
        )
    kept = [
        (root(number, names), lines[number])
        for number in range(len(lines))
        if alive[number] and stands(lines, number, alive, names) and "voids" not in lines[number]
    ]
    return [line for _, line in sorted(kept, key=lambda pair: (pair[1]["on"], pair[0]))]


def root(number: int, names: Any) -> int:
    before = names(number, "corrects")
    return number if before is None else root(before, names)


def stands(lines: list[Row], number: int, alive: dict[int, bool], names: Any) -> bool:
    """Whether no later version of the same entry is alive."""
    return not any(
        alive[later] and root(later, names) == root(number, names) for later in range(number + 1, len(lines))
    )


# --- 序时进度算到哪一天


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_before(day: date) -> date:
    return day.replace(day=1) - DAY


def settled(case: Row, as_of: date) -> date:
    """The last month's end whose reporting day is over."""
    month = month_before(as_of)
    while not as_of > (month + DAY).replace(day=case["config"]["due_day"]):
        month = month_before(month)
    return month


def is_reporting_month(target: Row, month: date) -> bool:
    """Whether a month ends a quarter, half-year or year of the target's, or holds its due date."""
    if target["kind"] not in MONTHLY:
        return True
    return bool(month.month % target["apart"] == 0 or month == end_of_month(target["due"]))


def settled_report(case: Row, target: Row, as_of: date) -> date:
    """The last reporting month whose reporting day is over."""
    month = settled(case, as_of)
    while not is_reporting_month(target, month):
        month = month_before(month)
    return month


def judged_on(case: Row, target: Row, as_of: date, reports: list[Row]) -> date:
    if case["config"]["pace"] == "day":
        return as_of
    return max([settled_report(case, target, as_of), *(line["on"] for line in reports)])


# --- 比较词与完成率


class Goal:
    """The goal's bounds; `low` or `high` is None where it has one side only."""

    def __init__(self, target: Row, tolerance: F | None) -> None:
        op, figure = target["op"], target["goal"]
        self.known = op != "about" or tolerance is not None
        self.strict = op in ("above", "below")
        self.low = self.high = None
        if op in ("reach", "at_least", "above"):
            self.low = figure
        elif op in ("at_most", "below"):
            self.high = figure
        elif op == "between":
            self.low, self.high = figure, target["upper"]
        elif self.known:
            assert tolerance is not None
            self.low, self.high = figure * (1 - tolerance / 100), figure * (1 + tolerance / 100)

    def met(self, x: F) -> bool:
        above = self.low is None or x > self.low or (x == self.low and not self.strict)
        below = self.high is None or x < self.high or (x == self.high and not self.strict)
        return self.known and above and below

    def completion(self, x: F) -> F:
        if self.low is not None and (self.high is None or x < self.low):
            return x / self.low if self.low > 0 else F(int(self.met(x)))
        if self.low is not None and self.high is not None and x <= self.high:
            return F(1)
        assert self.high is not None
        if self.high <= 0:
            return F(int(self.met(x)))
        return F(1) if x <= self.high else max(F(0), 2 - x / self.high)

    def first_edge(self, start: F) -> F:
        """The bound that is met first on the way from `start`."""
        if self.low is not None and (self.high is None or start < self.low):
            return self.low
        assert self.high is not None
        return self.high


# --- 亮灯


def rule_of(case: Row) -> tuple[str, list[tuple[str, F | None, bool]]]:
    lights = case["config"]["lights"]
    if "rule" in lights:
        return NAMED[lights["rule"]]
    return lights["gap"], [(name, upto, True) for name, upto in lights["bands"]]


def shortfall(case: Row, wanted: F, done: F) -> F:
    if rule_of(case)[0] == "points":
        return wanted - done
    return (wanted - done) / abs(wanted) if wanted else F(0)


def light_of(case: Row, behind: F, stands_unmet: bool) -> str:
    bands = rule_of(case)[1]
    name = next(
        band
        for band, upto, inclusive in bands
        if upto is None or behind * 100 < upto or (inclusive and behind * 100 == upto)
    )
    if stands_unmet and name == NORMAL:
        return next((other for other, _, _ in bands if other != NORMAL), BEHIND)
    return name


# --- the plan's lines


def part_gone(start: date, due: date, day: date) -> F:
    if day >= due:
        return F(1)
    if day < start:
        return F(0)
    return F((day - start).days + 1, (due - start).days + 1)


def on_line(points: list[tuple[date, F]], day: date) -> F | None:
    if day < points[0][0]:
        return None
    for (first, low), (last, high) in itertools.pairwise(points):
        if day <= last:
            return low + (high - low) * F((day - first).days, (last - first).days)
    return points[-1][1]


def whole(value: F, figures: list[F], target: Row, *, up: bool) -> F:
    if target["unit"] not in ("家", "个", "件") or any(figure.denominator != 1 for figure in figures):
        return value
    return F(-((-value) // 1)) if up else F(value // 1)


# --- kinds: each returns (completion, expected, behind, met, whether an unmet result stands)


def sum_up(lines: list[Row]) -> F:
    total = F(0)
    for line in lines:
        total = line["total"] if "total" in line else total + line["add"]
    return total


def accumulate(case: Row, target: Row, reports: list[Row], day: date) -> tuple[Any, ...]:
    goal, due = Goal(target, case["config"]["tolerance"]), target["due"]
    wanted: F = part_gone(case["start"], due, day)
    if goal.known and goal.low is None:
        wanted = F(1)
    elif goal.known and goal.low is not None and goal.low > 0 and 0 < wanted < 1:
        figure = goal.low * wanted
        if target["plan"]:
            inner = [(on, value) for on, value in target["plan"] if case["start"] <= on < due]
            height = on_line([(case["start"] - DAY, F(0)), *inner, (due, goal.low)], day)
            assert height is not None
            figure = height
        wanted = min(F(1), whole(figure, [goal.low], target, up=False) / goal.low)
    if not reports or not goal.known:
        return None, wanted, None, None, False
    total = sum_up(reports)
    done, met = goal.completion(total), goal.met(total)
    over = goal.high is not None and (total > goal.high or (goal.strict and total == goal.high))
    if over:
        wanted = F(1)
    return done, wanted, shortfall(case, wanted, done), met, over


def level(case: Row, target: Row, reports: list[Row], day: date, settled_on: date) -> tuple[Any, ...]:
    goal, due, base = Goal(target, case["config"]["tolerance"]), target["due"], target["baseline"]
    if not goal.known:
        return None, None, None, None, False
    if target["hold"]:
        return held(case, target, reports, goal, settled_on)
    latest = reports[-1]["value"] if reports else None
    done = None if latest is None else goal.completion(latest)
    met = None if latest is None else goal.met(latest)
    wanted, compared = level_pace(case, target, goal, latest, day)
    if base is None and day >= due:
        wanted, compared = F(1), None
    behind = None
    if compared is not None and latest is not None:
        behind = shortfall(case, compared[0], compared[1])
    elif wanted is not None and done is not None:
        behind = shortfall(case, wanted, done)
    return done, wanted, behind, met, False


def level_pace(
    case: Row, target: Row, goal: Goal, latest: F | None, day: date
) -> tuple[F | None, tuple[F, F] | None]:
    """(expected as completion, (expected, reached) of the way from the baseline where that is what is compared)."""
    base, due, start = target["baseline"], target["due"], case["start"]
    if base is None:
        if not target["plan"]:
            return None, None
        edge = goal.first_edge(target["plan"][0][1])
        points = [(on, value) for on, value in target["plan"] if on < due] + [(due, edge)]
        height = on_line(points, day)
        if height is None:
            return None, None
        height = whole(height, [edge], target, up=edge == goal.high)
        return min(F(1), max(F(0), goal.completion(height))), None
    edge = goal.first_edge(base)
    if goal.met(base) or edge == base:
        return F(1), None
    height = base + (edge - base) * part_gone(start, due, day)
    if target["plan"] and start <= day < due:
        inner = [(on, value) for on, value in target["plan"] if start <= on < due]
        line = on_line([(start - DAY, base), *inner, (due, edge)], day)
        assert line is not None
        height = line
    if day < due:
        height = whole(height, [edge, base], target, up=edge == goal.high)
    if latest is not None and goal.low is not None and goal.high is not None:
        across = (base < goal.low and latest > goal.high) or (base > goal.high and latest < goal.low)
        if across:
            return F(1), None
    expected = min(F(1), max(F(0), goal.completion(height)))
    way = min(F(1), (height - base) / (edge - base))
    return expected, (way, F(0) if latest is None else (latest - base) / (edge - base))


def held(case: Row, target: Row, reports: list[Row], goal: Goal, settled_on: date) -> tuple[Any, ...]:
    if not reports:
        return None, F(1), None, None, False
    months: dict[date, bool] = {}
    for line in reports:
        month = end_of_month(line["on"])
        while not is_reporting_month(target, month):
            month = end_of_month(month + DAY)
        months[month] = months.get(month, True) and goal.met(line["value"])
    due_months = set(months)
    month = end_of_month(case["start"])
    while month <= min(settled_on, end_of_month(target["due"])):
        if is_reporting_month(target, month):
            due_months.add(month)
        month = end_of_month(month + DAY)
    share = F(sum(months.values()), len(due_months))
    met = all(goal.met(line["value"]) for line in reports)
    worst = min(goal.completion(line["value"]) for line in reports)
    return share, F(1), shortfall(case, F(1), worst), met, not met


def change(case: Row, target: Row, reports: list[Row]) -> tuple[Any, ...]:
    goal = Goal(target, case["config"]["tolerance"])
    if not reports or not goal.known:
        return None, F(1), None, None, False
    line = reports[-1]
    if "value" in line:
        rate = line["value"]
    else:
        moved = line["base"] - line["current"] if target["decrease"] else line["current"] - line["base"]
        if target["unit"] == "%":
            if line["base"] <= 0:
                return None, F(1), None, None, False
            moved = moved / line["base"] * 100
        rate = moved
    done = max(F(0), goal.completion(rate))
    return done, F(1), shortfall(case, F(1), done), goal.met(rate), False


def rank_met(target: Row, place: int) -> bool | None:
    if target["up"] is None:
        return bool(place <= target["within"])
    return None if target["base_rank"] is None else bool(place <= target["base_rank"] - target["up"])


def compare_met(target: Row, line: Row) -> bool:
    value, other = line["value"], line["benchmark"]
    sides = {
        "above": value > other,
        "below": value < other,
        "at_least": value >= other,
        "at_most": value <= other,
    }
    return bool(sides[target["side"]])


def steps_done(target: Row, reports: list[Row]) -> dict[str, date]:
    """The first day on which each step was reported, earlier ones implied by the next one that was."""
    first: dict[str, date] = {}
    for line in reports:
        first.setdefault(line["step"], line["on"])
    done: dict[str, date] = {}
    for number, (key, _, _) in enumerate(target["steps"]):
        later = [first[other] for other, _, _ in target["steps"][number:] if other in first]
        if later:
            done[key] = later[0]
    return done


# --- one target on one day


def status(case: Row, target: Row, as_of: date) -> Row:
    """What the page says of one target on one day."""
    lines = [
        line for line in effective(case["lines"]) if line["target"] == target["key"] and line["on"] <= as_of
    ]
    reports = [line for line in lines if any(name in line for name in FIGURES)]
    day, kind = judged_on(case, target, as_of, reports), target["kind"]
    settled_on = as_of if case["config"]["pace"] == "day" else settled_report(case, target, as_of)
    found = {"kind": kind, "completion": None, "expected": None, "met": None, "paced_on": day, "late": None}
    first = end_of_month(case["start"])
    while not is_reporting_month(target, first):
        first = end_of_month(first + DAY)
    found["silent"] = not reports and kind in MONTHLY and first <= settled(case, as_of)
    if kind in ("rank", "compare", "judgement"):
        found.update(unmeasured(target, reports, day))
    elif kind == "milestone":
        found.update(milestone(case, target, reports, day))
    else:
        result: tuple[Any, ...]
        if kind == "accumulate":
            result = accumulate(case, target, reports, day)
        elif kind == "level":
            result = level(case, target, reports, day, settled_on)
        else:
            result = change(case, target, reports)
        done, wanted, behind, met, stuck = result
        found.update(completion=done, expected=wanted, met=met)
        if not reports:
            found["light"] = SILENT
        elif met:
            found["light"] = MET
        elif behind is None:
            found["light"] = UNKNOWN
        else:
            found["light"] = light_of(case, behind, stuck or day >= target["due"])
    if found["met"] and reports:
        found["late"] = lateness(case, target, lines, reports)
    return found


def unmeasured(target: Row, reports: list[Row], day: date) -> Row:
    if not reports:
        return {"light": SILENT}
    line = reports[-1]
    if target["kind"] == "rank":
        met = rank_met(target, line["rank"])
    elif target["kind"] == "compare":
        met = compare_met(target, line)
    else:
        met = line["verdict"] == "met"
        if met and not line["evidence"]:
            met = None
    light = MET if met else FAR if met is False and day >= target["due"] else UNKNOWN
    return {"met": met, "light": light}


def milestone(case: Row, target: Row, reports: list[Row], day: date) -> Row:
    done = steps_done(target, reports)
    weights = sum(weight for _, weight, _ in target["steps"])
    wanted = sum((weight for _, weight, due in target["steps"] if due <= day), F(0)) / weights
    overdue = [key for key, _, due in target["steps"] if due <= day and key not in done]
    if not reports:
        if overdue:
            return {"completion": F(0), "expected": wanted, "met": False, "light": FAR}
        return {"expected": wanted, "light": SILENT}
    share = sum((weight for key, weight, _ in target["steps"] if key in done), F(0)) / weights
    last, _, last_due = target["steps"][-1]
    met = last in done
    light = MET if met else light_of(case, shortfall(case, wanted, share), last_due <= day)
    return {"completion": share, "expected": wanted, "met": met, "light": light}


def met_by(case: Row, target: Row, lines: list[Row], until: date) -> bool:
    """Whether the goal was met by the figures dated up to a day."""
    reports = [line for line in lines if line["on"] <= until and any(name in line for name in FIGURES)]
    if not reports:
        return False
    kind = target["kind"]
    if kind == "milestone":
        return target["steps"][-1][0] in steps_done(target, reports)
    if kind in ("rank", "compare", "judgement"):
        return unmeasured(target, reports, until)["met"] is True
    if kind == "accumulate":
        return Goal(target, case["config"]["tolerance"]).met(sum_up(reports))
    if kind == "level":
        goal = Goal(target, case["config"]["tolerance"])
        figures = [line["value"] for line in reports]
        return all(map(goal.met, figures)) if target["hold"] else goal.met(figures[-1])
    return change(case, target, reports)[3] is True


def lateness(case: Row, target: Row, lines: list[Row], reports: list[Row]) -> str | None:
    due = target["due"]
    if target["kind"] == "milestone":
        due = max(due_day for _, _, due_day in target["steps"])
    if reports[-1]["on"] <= due or met_by(case, target, lines, due):
        return None
    on = next(line["on"] for line in lines if line["on"] > due and met_by(case, target, lines, line["on"]))
    months = (on.year - due.year) * 12 + on.month - due.month
    if on.day < due.day and on != end_of_month(on):
        months -= 1
    return f"{months}个月" if months > 0 else f"{(on - due).days}天"


# --- 承诺事项, 得分


def groups_of(case: Row, statuses: dict[str, Row]) -> list[list[tuple[Row, Row]]]:
    groups: dict[str, list[tuple[Row, Row]]] = {}
    for target in case["targets"]:
        if target["part_of"] is None:
            name = f"any {target['any_of']}" if target["any_of"] else f"one {target['key']}"
            groups.setdefault(name, []).append((target, statuses[target["key"]]))
    return list(groups.values())


def commitment(case: Row, statuses: dict[str, Row]) -> Row:
    """Completion, light and both scores of a commitment."""
    counted: list[tuple[F, F]] = []
    with_silence: list[tuple[F, F]] = []
    uncounted = silent = 0
    for group in groups_of(case, statuses):
        weight = max(target["weight"] for target, _ in group)
        values = [status["completion"] for _, status in group if status["completion"] is not None]
        values = [min(F(1), max(F(0), value)) for value in values]
        if group[0][0]["any_of"] and any(status["met"] for _, status in group):
            values = [F(1)]
        if values:
            counted.append((max(values), weight))
            with_silence.append((max(values), weight))
            continue
        uncounted += 1
        if any(status["silent"] and status["kind"] in SCORED for _, status in group):
            silent += 1
            with_silence.append((F(0), weight))
    return {
        "completion": mean(counted),
        "counted": len(counted),
        "uncounted": uncounted,
        "silent": silent,
        "light": commitment_light(case, statuses),
        "all": times_full(mean(with_silence)),
        "reported": times_full(mean(counted)),
    }


def mean(pairs: list[tuple[F, F]]) -> F | None:
    weights = sum(weight for _, weight in pairs)
    return sum((value * weight for value, weight in pairs), F(0)) / weights if pairs else None


def times_full(value: F | None) -> F | None:
    return None if value is None else value * 100


def commitment_light(case: Row, statuses: dict[str, Row]) -> str:
    lights: list[tuple[str, bool]] = []
    groups: dict[str, list[Row]] = {}
    for target in case["targets"]:
        status = statuses[target["key"]]
        if target["any_of"]:
            groups.setdefault(target["any_of"], []).append(status)
        else:
            lights.append((status["light"], status["silent"]))
    for members in groups.values():
        have = {member["light"] for member in members}
        best = next(light for light in (MET, NORMAL, BEHIND, FAR, UNKNOWN, SILENT) if light in have)
        lights.append((best, best == SILENT and any(member["silent"] for member in members)))
    names = [light for light, _ in lights]
    for light in (FAR, BEHIND):
        if light in names:
            return light
    if (SILENT, True) in lights:
        return SILENT
    if all(name == MET for name in names):
        return MET
    if MET in names or NORMAL in names:
        return NORMAL
    return UNKNOWN if UNKNOWN in names else SILENT


def department(config: Row, commitments: list[Row]) -> Row:
    """A department's score by what decides, and its coverage."""
    key = "all" if config["basis"] == "all" else "reported"
    values = [(commitment[key], F(1)) for commitment in commitments if commitment[key] is not None]
    score = mean(values)
    silent = sum(commitment["silent"] for commitment in commitments)
    reported = sum(commitment["counted"] for commitment in commitments)
    if score is not None and config["deduction"]:
        score = max(F(0), score - 10 * silent)
    due = silent + reported
    return {"score": score, "coverage": F(reported, due) if due else None}


def places(config: Row, departments: dict[str, Row]) -> dict[str, int | None]:
    """The place of each department; None where it has no score, or too little coverage."""
    ranked = {
        name: row["score"]
        for name, row in departments.items()
        if row["score"] is not None
        and not (row["coverage"] is not None and row["coverage"] * 100 < config["coverage"])
    }
    return {
        name: 1 + sum(other > ranked[name] for other in ranked.values()) if name in ranked else None
        for name in departments
    }


# --- 哪些要报


def calls(case: Row, month: date) -> dict[str, tuple[bool, bool]]:
    """For each target whether the month calls for a report, and whether one was given."""
    first = month.replace(day=1)
    lines = [line for line in effective(case["lines"]) if line["on"] <= month]
    found: dict[str, tuple[bool, bool]] = {}
    for target in case["targets"]:
        own = [line for line in lines if line["target"] == target["key"]]
        called = case["start"] <= month and first <= case["end"] and _calls(case, target, own, month)
        since = first
        if called and target["kind"] in MONTHLY:
            since = month.replace(month=(month.month - 1) // target["apart"] * target["apart"] + 1, day=1)
        answered = any(
            line["on"] >= since and (target["kind"] == "milestone" or any(name in line for name in FIGURES))
            for line in own
        )
        found[target["key"]] = (called, answered)
    met = {
        target["key"]
        for target in case["targets"]
        if met_by(case, target, [line for line in lines if line["target"] == target["key"]], month)
    }
    return {target["key"]: _with_group(case, target, found, met) for target in case["targets"]}


def _with_group(
    case: Row, target: Row, found: dict[str, tuple[bool, bool]], met: set[str]
) -> tuple[bool, bool]:
    called, answered = found[target["key"]]
    if target["any_of"] and called and not answered and target["key"] not in met:
        others = [
            other["key"]
            for other in case["targets"]
            if other["any_of"] == target["any_of"] and other is not target
        ]
        if any(key in met or found[key][1] for key in others):
            called = False
    return called, answered


def _calls(case: Row, target: Row, own: list[Row], month: date) -> bool:
    first = month.replace(day=1)
    before = [line for line in own if line["on"] < first]
    if target["kind"] == "milestone":
        done = steps_done(target, [line for line in before if "step" in line])
        return any(due <= month for key, _, due in target["steps"] if key not in done)
    if target["kind"] == "judgement":
        reviews = target["review"] or [target["due"]]
        judged = [line["on"] for line in before if "verdict" in line]
        return any(day <= month and not any(on >= day.replace(day=1) for on in judged) for day in reviews)
    met = met_by(case, target, before, month)
    if not is_reporting_month(target, month):
        return False
    if first > target["due"]:
        return not met
    if target["kind"] == "accumulate":
        goal = Goal(target, case["config"]["tolerance"])
        if goal.known and goal.high is not None:
            return True
        return not met
    return True
