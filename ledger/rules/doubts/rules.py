"""Rules on doubtful figures: each is one function from a `Case` to the words of its doubt, or None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Compare, Level, Milestone, Rank
from ledger.core.progress.amounts import format_figure, read_figure
from ledger.core.progress.percent import percent
from ledger.rules.doubts.cases import Case, Relative, ReportedFigure

_SMALL_COUNT = 4
"""Up to this many whole things in a month are never too many: for a goal of six, four at once is a good month."""


def _repeated(case: Case) -> str | None:
    """The same figure for the same day again."""
    if isinstance(case.target, Milestone):
        return None
    for figure in case.past:
        same_figure = figure.value == case.value and figure.increment == (case.entry.add is not None)
        if (
            figure.entry.on == case.entry.on
            and same_figure
            and figure.entry.benchmark == case.entry.benchmark
        ):
            return f"{case.entry.on} 已经报过同样的数"
    return None


def _fraction(case: Case) -> str | None:
    """A part of a thing that is counted in whole ones."""
    if not case.counted or not isinstance(case.target, (Accumulate, Level)) or case.goal.denominator != 1:
        return None
    if case.value.denominator == 1:
        return None
    return f"“{case.target.unit}”按整数计，这次是 {case.words(case.value)}"


def _negative(case: Case) -> str | None:
    """A figure below zero of what was never below zero."""
    if (
        isinstance(case.target, (Rank, Milestone))
        or case.value >= 0
        or any(figure.value < 0 for figure in case.past)
    ):
        return None
    if (
        isinstance(case.target, Accumulate)
        and case.entry.add is not None
        and case.before + case.value >= 0
        and (case.entry.note or case.entry.reason)
    ):
        return None  # a deduction that says why
    if isinstance(case.target, (Change, Compare)):
        before = f"此前报的都是正数（上次 {case.words(case.past[-1].value)}）" if case.past else "目标是正数"
        return f"这次是负数 {case.words(case.value)}，{before}"
    return f"这次是负数 {case.words(case.value)}"


def _over_whole(case: Case) -> str | None:
    """A share over 100 %, of a goal that is a share."""
    target = case.target
    if not isinstance(target, Level) or target.unit != "%" or case.goal > 100 or case.value <= 100:
        return None
    if any(figure.value > 100 for figure in case.past):
        return None
    return f"占比、比率超过 100%：{case.words(case.value)}"


def _fallen(case: Case) -> str | None:
    """A running total below what was reached before."""
    if not isinstance(case.target, Accumulate) or case.entry.total is None or case.value >= case.before:
        return None
    return f"累计数变小了：此前累计 {case.words(case.before)}，这次累计 {case.words(case.value)}"


def _switched(case: Case) -> str | None:
    """An increment where running totals stood before, or the reverse, whose size fits the other better."""
    if not isinstance(case.target, Accumulate) or not case.past or case.figure is None:
        return None
    if case.figure.increment == case.past[-1].increment or case.before <= 0:
        return None
    last = case.words(case.past[-1].value)
    if case.figure.increment:
        if case.value * 10 < case.before * 9 or (case.counted and case.value <= 2 and len(case.past) == 1):
            return None
        return (
            f"此前报的是累计数（上次累计 {last}），这次按新增报 {case.words(case.value)}，不小于原来的累计数"
        )
    if case.value >= case.before:
        return None
    return f"此前报的是新增数（合计 {case.words(case.before)}），这次按累计报 {case.words(case.value)}，比合计还小"


def _like_total(case: Case) -> str | None:
    """An increment that is about the total so far and a usual month."""
    months = case.months
    if not isinstance(case.target, Accumulate) or case.entry.add is None or len(months) < 3:
        return None
    if case.counted and case.value <= _SMALL_COUNT:
        return None
    usual = _median(months)
    rest = case.value - case.before
    if case.value < Fraction(9, 4) * max(months) or not usual <= 4 * rest <= 7 * usual:
        return None
    return f"像是把累计数当新增报了：此前合计 {case.words(case.before)}，这次新增 {case.words(case.value)}"


def _median(figures: Sequence[Fraction]) -> Fraction:
    """Return the middle of some figures, exactly; `statistics` takes as long to import as all doubts take."""
    ordered, half = sorted(figures), len(figures) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _surge(case: Case) -> str | None:
    """A month far above all before, or a large part of the year's goal at once."""
    if not isinstance(case.target, Accumulate) or case.goal <= 0 or case.month <= 0:
        return None
    if case.counted and case.month <= _SMALL_COUNT:
        return None
    share, months = case.month / case.goal, case.months
    best = max(months, default=Fraction(0))
    usual = _median(months) if months else Fraction(0)
    unlike_all = bool(months) and (
        (case.month > 6 * usual and case.month > 3 * best and share > Fraction(3, 10))
        or (len(months) > 2 and case.month > 8 * best and share > Fraction(1, 10))
    )
    half_the_goal = share > Fraction(1, 2 if months else 3) * _months_between(case) and case.month > 2 * best
    far_beyond = (
        len(months) > 2
        and case.before + case.month > Fraction(3, 2) * case.goal
        and case.month > 2 * best
        and share > Fraction(3, 10)
    )
    if not (unlike_all or half_the_goal or far_beyond):
        return None
    message = f"这次增加 {case.words(case.month)}，是全年目标的 {percent(share)}"
    return message + (f"，此前单月最多 {case.words(best)}" if months else "")


def _months_between(case: Case) -> int:
    """How many months the entry may stand for: since the last one, or since January."""
    last = case.past[-1].entry.on if case.past else None
    this = case.entry.on.year * 12 + case.entry.on.month
    since = last.year * 12 + last.month if last else case.entry.on.year * 12
    return max(1, min(12, this - since))


def _tiny(case: Case) -> str | None:
    """A thousandth or less of what the goal and the past would have it: 万元 where 亿元 stood."""
    target = case.target
    if not isinstance(target, (Accumulate, Level)) or case.value <= 0 or case.goal <= 0 or case.ceiling:
        return None
    if case.counted and target.scale == 1:
        return None
    reported = [figure.value for figure in case.past if figure.value > 0]
    limit = min(case.goal / 1000, min(reported) / 50) if reported else case.goal / 5000
    if case.value >= limit:
        return None
    name, other = ("上次", reported[-1]) if reported else ("目标", case.goal)
    return f"{name} {case.words(other)}，这次 {_exact(case)}，{_ratio(case.value / other)}"


def _jump(case: Case) -> str | None:
    """A level far from the last one, or from its goal where it is the first."""
    target = case.target
    if not isinstance(target, Level) or case.value < 0:
        return None
    goal = case.goal
    if not case.past:
        base = Fraction(target.baseline.value) if target.baseline is not None else goal
        top = max(goal, base)
        if top > 0 and case.value > 3 * top and not (case.counted and case.value - top <= _SMALL_COUNT):
            return f"目标 {case.words(goal)}，这次 {_exact(case)}，{_ratio(case.value / top)}"
        if case.ceiling and 0 < case.value * 20 < goal:
            return f"目标 {case.words(goal)}，这次 {_exact(case)}，{_ratio(case.value / goal)}"
        return None
    last = case.past[-1].value
    moved = abs(case.value - last)
    steps = [abs(b.value - a.value) for a, b in zip(case.past, case.past[1:], strict=False)]
    if case.counted and moved <= _SMALL_COUNT:
        return None
    largest = max(steps, default=Fraction(0))
    multiple = last <= 0 or not Fraction(2, 3) <= case.value / last <= Fraction(3, 2)
    far = multiple and moved * 10 >= 3 * max(goal, last) and moved > 3 * largest
    unlike_all = len(steps) > 1 and moved * 10 >= max(goal, last) and moved > 5 * largest
    if not (far or unlike_all):
        return None
    ratio = f"，{_ratio(case.value / last)}" if last > 0 else ""
    return f"上次 {case.words(last)}，这次 {_exact(case)}{ratio}"


def _unlike_rate(case: Case) -> str | None:
    """A rate several times the goal and all rates before, or one far from its benchmark."""
    if isinstance(case.target, Change):
        largest = max([abs(case.goal), *(abs(figure.value) for figure in case.past)])
        if abs(case.value) <= 3 * largest or abs(case.value) - largest <= 2:
            return None
        return f"这次 {case.words(case.value)}，目标 {case.words(case.goal)}，此前最大 {case.words(largest)}"
    if not isinstance(case.target, Compare) or case.entry.benchmark is None:
        return None
    unit = case.target.unit or "%"
    benchmark = read_figure(case.entry.benchmark, unit, case.entry, case.policy)
    if isinstance(benchmark, Finding):
        return None
    last = case.past[-1] if case.past else None
    if _far_apart(case.value, Fraction(benchmark)) and not (last and _benchmark_far(case, last, unit)):
        return f"这次 {case.words(case.value)}，{case.target.goal.benchmark} {case.words(Fraction(benchmark))}，相差太多"
    if last is not None and _far_apart(case.value, last.value):
        return f"这次 {case.words(case.value)}，上次 {case.words(last.value)}，相差太多"
    return None


def _far_apart(value: Fraction, other: Fraction) -> bool:
    small, large = sorted((abs(value), abs(other)))
    return large > 3 * small and large - small > 3


def _benchmark_far(case: Case, figure: ReportedFigure, unit: str) -> bool:
    """Whether an earlier figure was as far from its benchmark, and so asked about then."""
    text = figure.entry.benchmark
    benchmark = read_figure(text, unit, figure.entry, case.policy) if text else None
    return isinstance(benchmark, (int, Fraction)) and _far_apart(figure.value, Fraction(benchmark))


def _rank_jump(case: Case) -> str | None:
    """A place many places from the last one."""
    if not isinstance(case.target, Rank):
        return None
    place = int(case.value)
    if case.past:
        last = int(case.past[-1].value)
        return f"上次第{last}位，这次第{place}位" if abs(place - last) >= max(5, last) else None
    limit = case.target.goal.within or case.target.baseline or 10
    return f"第一次报，就是第{place}位" if place >= max(10, 5 * limit) else None


def _unchanged(case: Case) -> str | None:
    """A measured level that is the same to the last digit for three months."""
    target = case.target
    if not isinstance(target, Level) or case.counted or case.value in {case.goal, Fraction(100)}:
        return None
    digits = str((case.value / target.scale * 10**6).numerator).strip("0").lstrip("-")
    if len(digits) < 3 or any("unchanged" in figure.entry.confirmed for figure in case.past):
        return None
    months: dict[tuple[int, int], Fraction] = {
        (figure.entry.on.year, figure.entry.on.month): figure.value for figure in case.past
    }
    months.pop((case.entry.on.year, case.entry.on.month), None)
    values = list(months.values())
    if len(values) < 2 or values[-2:] != [case.value] * 2 or values[-3:-2] == [case.value]:
        return None  # moved, or asked about at the third month
    return f"连续三个月都是 {case.words(case.value)}，一位不差"


def _part_above(case: Case) -> str | None:
    """A part above its whole, or a whole below one of its parts."""
    if not isinstance(case.target, Accumulate) or case.figure is None:
        return None
    total = case.figure.total
    for relative in case.relatives:
        if relative.on < case.entry.on:
            continue  # the other has not reported for these days yet
        part, whole = (total, relative.total) if relative.whole else (relative.total, total)
        if part <= whole or (relative.before is not None and _above_before(case, relative)):
            continue
        words = f"{relative.name} 是总数，只有" if relative.whole else f"其中的 {relative.name} 已有"
        return f"其中数大于总数：这次累计 {case.words(total)}，{words} {case.words(relative.total)}"
    return None


def _above_before(case: Case, relative: Relative) -> bool:
    """Whether the part was above its whole already at the last entry, and so asked about then."""
    assert relative.before is not None
    return case.before > relative.before if relative.whole else relative.before > case.before


def _exact(case: Case) -> str:
    """Write this figure as it was reported: 3590万元, not 0.359亿元."""
    text = case.entry.add or case.entry.total or case.entry.value
    return (text or case.words(case.value)).replace(" ", "")


def _ratio(ratio: Fraction) -> str:
    """Write how many times one figure is another, in words where it is near a power of ten."""
    names = {4: "万", 3: "千", 2: "百", 1: "十", 8: "亿"}
    for power, name in names.items():
        if Fraction(9, 10) <= ratio / 10**power <= Fraction(11, 10):
            return f"是它的{name}倍"
        if Fraction(9, 10) <= ratio * 10**power <= Fraction(11, 10):
            return f"只有{name}分之一"
    if ratio >= 1:
        return f"约是它的 {format_figure(round(ratio, 1 if ratio < 10 else 0), '')} 倍"
    return f"只有它的 {percent(ratio)}"


Rule = Callable[[Case], str | None]

RULES: Mapping[str, Rule] = {
    "repeated": _repeated,
    "fraction": _fraction,
    "negative": _negative,
    "over-whole": _over_whole,
    "falling-total": _fallen,
    "basis-switched": _switched,
    "like-total": _like_total,
    "surge": _surge,
    "tiny": _tiny,
    "jump": _jump,
    "unlike-rate": _unlike_rate,
    "rank-jump": _rank_jump,
    "unchanged": _unchanged,
    "part-above": _part_above,
}
"""The rules by name. Names are kept in entries and must stay."""
