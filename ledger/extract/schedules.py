"""Amounts by quarter and the year's amount in one sentence become one target with a plan: 一季度30亿元，二季度累计70亿元，全年162亿元."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from ledger.extract.figures import format_value
from ledger.extract.grouping import Statement
from ledger.extract.model import PlanDraft
from ledger.extract.naming import subject_of
from ledger.extract.periods import PERIOD, MonthDay, quarter_end
from ledger.extract.source import SourceText
from ledger.extract.verbs import is_bare_verb

_PERIOD_WORD = re.sub(r"\?P<\w+>", "?:", PERIOD.pattern)
_PERIODS = re.compile(rf"{_PERIOD_WORD}(?:[、和与及]{_PERIOD_WORD})+")
_FILL = re.compile(
    r"[，、；：\s]|累计|完成|实现|达到?|力争|确保|到|至|分别|不低于|计划|要|预计|目标|任务|以上|投资|其中|约"
)


def merge_schedules(source: SourceText, statements: list[Statement]) -> list[Statement]:
    """Return the statements with each run of amounts by period replaced by the year's amount and its plan."""
    merged: list[Statement] = []
    index = 0
    while index < len(statements):
        listed = _listed(source, statements, index)
        if listed:
            merged += listed
            index += len(listed) if listed[0].rule == "unmatched" else len(_list_from(statements, index))
            continue
        run = _run(source, statements, index)
        before = merged[-1] if merged else None
        target = _merged(source, run, before) if run else None
        if target is None:
            merged.append(statements[index])
            index += 1
            continue
        if before is not None and target.item is before.item:
            merged.pop()
        merged.append(target)
        index += len(run)
    return _absorbed(source, merged)


def _absorbed(source: SourceText, statements: list[Statement]) -> list[Statement]:
    """Return the statements with a period's amounts in the plans they belong to: 拆迁1500亩、征收12万平方米（其中一季度500亩、5万平方米）."""
    kept: list[Statement] = []
    day: MonthDay | None = None
    for statement in statements:
        period = None
        if is_bare_verb(statement.name) and statement.mention.form == "figure":
            period = _period(source, statement, leading=False)
        goes_on = statement.rule == "continued" and statement.item.separator in {"、", "和", "与", "及"}
        day = period[0] if period else day if goes_on else None
        whole = _whole_of(statement, kept) if day else None
        if whole is None or day is None:
            day = None
            kept.append(statement)
            continue
        point = PlanDraft(day, statement.mention.value or "0")
        end = max(kept[whole].quote[1], statement.mention.end)
        kept[whole] = replace(
            kept[whole], plan=(point,), rule="plan_by_period", quote=(kept[whole].quote[0], end)
        )
    return kept


def _whole_of(statement: Statement, earlier: list[Statement]) -> int | None:
    """Return the place of the year's amount that a period's amount is part of: of its unit, in its sentence, and larger."""
    for place in range(len(earlier) - 1, -1, -1):
        other = earlier[place]
        if other.item.sentence != statement.item.sentence:
            return None
        if (
            other.mention.form == "figure"
            and _unit(other) == _unit(statement)
            and not other.plan
            and not is_bare_verb(other.name)
            and other.mention.value2 is None
            and Fraction(other.mention.value or "0") > Fraction(statement.mention.value or "0")
        ):
            return place
    return None


def _list_from(statements: list[Statement], index: int) -> list[Statement]:
    """Return the statements of one list of bare figures: 分别达到30亿元、80亿元."""
    first = statements[index]
    end = index + 1
    while (
        end < len(statements)
        and first.rule in {"respectively", "unmatched"}
        and statements[end].rule == first.rule
        and statements[end].quote[1] == first.quote[1]
        and _unit(statements[end]) == _unit(first)
    ):
        end += 1
    return statements[index:end]


def _listed(source: SourceText, statements: list[Statement], index: int) -> list[Statement]:
    """Return what a list of periods and as many figures states: 一季度、上半年、全年分别完成投资30亿元、80亿元、160亿元.

    One target with a plan where the figures are running totals, else the figures as `unmatched`; nothing where it is no such list.
    """
    first = statements[index]
    start = first.item.lead[0]
    words = source.clean[start : first.mention.start]
    periods = _PERIODS.search(words)
    run = _list_from(statements, index) if periods else []
    if len(run) < 2:
        return []
    matches = [PERIOD.fullmatch(word) for word in re.split(r"[、和与及]", periods[0])] if periods else []
    days = [quarter_end(match) for match in matches if match]
    if periods is None or len(days) != len(run):
        return []
    name = subject_of(re.sub("分别|依次|各", "", words[: periods.start()] + words[periods.end() :]))
    points = [
        (day or (12, 31), Fraction(statement.mention.value or "0"))
        for statement, day in zip(run, days, strict=True)
    ]
    goal = points[-1]
    values = [value for _, value in points]
    if points != sorted(points) or values != sorted(values) or goal[0] != (12, 31):
        return [replace(statement, name=name, rule="unmatched") for statement in run]
    return [
        replace(
            run[-1],
            name=name,
            rule="plan_by_period",
            quote=(min(first.quote[0], start), run[-1].mention.end),
            plan=tuple(PlanDraft(day, format_value(value)) for day, value in points[:-1]),
        )
    ]


def _run(
    source: SourceText, statements: list[Statement], index: int
) -> list[tuple[Statement, MonthDay | None]]:
    """Return the statements from `index` on that name nothing but a period in front of an amount of one unit."""
    first = statements[index]
    run: list[tuple[Statement, MonthDay | None]] = []
    for statement in statements[index:]:
        if (
            statement.mention.form != "figure"
            or statement.mention.value is None
            or statement.mention.value2 is not None
        ):
            break
        if statement.item.sentence != first.item.sentence or _unit(statement) != _unit(first):
            break
        period = _period(source, statement, leading=not run)
        if period is None:
            break
        run.append((statement, period[0]))
        if period[0] is None:
            break
    return run if sum(day is not None for _, day in run) >= 1 else []


def _period(source: SourceText, statement: Statement, *, leading: bool) -> tuple[MonthDay | None] | None:
    """Return the end of the period a statement names; (None,) for the whole year, None where it names something else."""
    start = statement.item.lead[0]
    words = source.clean[start : statement.mention.start]
    match = PERIOD.search(words)
    if match is None and leading:  # 到6月底，完成60亿元
        opening = re.search(r"(?:^|[。；，])([^。；，]*)，$", source.clean[max(0, start - 14) : start])
        opened = PERIOD.fullmatch(opening[1]) if opening else None
        return (quarter_end(opened),) if opened and not opened["year"] else None
    if match is None:
        return None
    rest = _FILL.sub("", words[: match.start()] + words[match.end() :])
    if rest and not leading and not statement.name.startswith(rest[:2]):
        return None
    if match["year"] == "下半年":
        return None
    return (quarter_end(match),)


def _merged(
    source: SourceText, run: list[tuple[Statement, MonthDay | None]], before: Statement | None
) -> Statement | None:
    points = [(day, Fraction(statement.mention.value or "0")) for statement, day in run if day is not None]
    last, last_day = run[-1]
    if last_day is None:
        total = last
    elif (
        before is not None
        and before.item.sentence == last.item.sentence
        and _unit(before) == _unit(last)
        and before.mention.form == "figure"
    ):
        total = before
    elif last_day == (12, 31) and (len(points) >= 3 or _names_december(source, last)):
        total = last
    else:
        return None
    goal = Fraction(total.mention.value or "0")
    plan = _cumulative(points, goal)
    if plan is None:
        return None
    first = run[0][0]
    start = min(first.quote[0], total.quote[0], *(statement.quote[0] for statement, _ in run))
    end = max(statement.mention.end for statement, _ in run)
    name = before.name if before is not None and total is before else first.name
    named = source.clean.rfind(name, max(0, start - 40), start) if name else -1
    start = named if named >= 0 else start
    return replace(
        total,
        name=name,
        rule="plan_by_period",
        quote=(start, max(end, total.mention.end)),
        plan=tuple(PlanDraft(day, format_value(value)) for day, value in plan if day < (12, 31)),
    )


def _names_december(source: SourceText, statement: Statement) -> bool:
    return "12月" in source.clean[statement.item.lead[0] : statement.mention.start]


def _cumulative(
    points: list[tuple[MonthDay, Fraction]], goal: Fraction
) -> list[tuple[MonthDay, Fraction]] | None:
    """Return the points as running totals; amounts of single quarters are added up where their sum is the year's."""
    days = [day for day, _ in points]
    if days != sorted(set(days)):
        return None
    values = [value for _, value in points]
    if values == sorted(values) and values[-1] <= goal and (len(values) > 1 or values[-1] < goal):
        return points
    if sum(values) == goal and len(values) > 1:
        return [(day, sum(values[: number + 1], Fraction(0))) for number, day in enumerate(days)]
    return None


def _unit(statement: Statement) -> str:
    return statement.mention.unit or ""
