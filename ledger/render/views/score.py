"""Shows scores out of 100 and the ranking of departments, without and with difficulty side by side."""

from __future__ import annotations

from fractions import Fraction

from ledger.commands.rank import Ranking
from ledger.core.progress import Mean
from ledger.render.view import Block, Column, Table, View, day, lines, number, strings
from ledger.render.views.status import SIMULATED

RULES = {"guiyang": "贵阳办法：完成数/目标数，控制类 2 − 完成数/目标数，负增长记 0，单项不超过满分"}


def ranking_view(found: Ranking, *, detail: bool = False) -> View:
    """Return the view of a ranking; with `detail` each commitment's score as well."""
    blocks: list[Block] = [
        lines(f"{found.ledger}  {found.year} 年  截至 {day(found.as_of)}（含当天）", style="heading")
    ]
    if found.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    blocks.append(_departments(found))
    if detail:
        blocks.append(_commitments(found))
    words = [f"{RULES[found.rule]}；满分 100。同分同名次。"]
    words.append(
        "按难度：事项得分按评定难度的系数加权，未评定的不计入。"
        if found.rated
        else "还没有评定难度：ledger rate 编号 难度 --reason 理由。"
    )
    if any(one.department.inferred for one in found.departments):
        words.append("* 部门由内容推断，待确认。")
    blocks.append(lines("".join(words), style="faint"))
    return View(tuple(blocks), _data(found), _records(found))


def points(value: Fraction | None) -> str:
    """Return a score with one decimal, half up; what is short of full never reads 100.0."""
    if value is None:
        return "—"
    tenths = int(value * 10 + Fraction(1, 2))
    if tenths == 1000 and value < 100:
        tenths = 999
    return f"{tenths // 10}.{tenths % 10}"


def _missing(mean: Mean) -> str:
    return str(mean.uncounted) if mean.uncounted else ""


def _departments(found: Ranking) -> Table:
    columns = (
        Column("名次", "figure"),
        Column("部门"),
        Column("得分", "figure"),
        Column("未计入事项", "figure"),
        Column("按难度得分", "figure"),
        Column("按难度名次", "figure"),
        Column("按难度未计入", "figure"),
    )
    rows = [
        strings(
            (
                one.place or "—",
                one.department.name + ("*" if one.department.inferred else ""),
                points(one.score.plain.value),
                _missing(one.score.plain),
                points(one.score.weighted.value),
                one.weighted_place or "—",
                _missing(one.score.weighted),
            )
        )
        for one in found.departments
    ]
    return Table(columns, rows)


def _commitments(found: Ranking) -> Table:
    columns = (
        Column("编号", "figure"),
        Column("得分", "figure"),
        Column("未计入目标", "figure"),
        Column("评定难度", "figure"),
        Column("承诺事项"),
    )
    rows = [
        strings(
            (
                one.commitment.id,
                points(one.score.value),
                _missing(one.score),
                one.commitment.difficulty or "未评定",
                one.commitment.title,
            )
        )
        for row in found.departments
        for one in row.commitments
    ]
    return Table(columns, rows)


def _data(found: Ranking) -> dict[str, object]:
    return {
        "as_of": day(found.as_of),
        "year": found.year,
        "simulated": found.simulated,
        "rule": found.rule,
        "departments": [
            {
                "name": one.department.name,
                "inferred": one.department.inferred,
                "place": one.place,
                "score": number(one.score.plain.value),
                "uncounted": one.score.plain.uncounted,
                "weighted_place": one.weighted_place,
                "weighted_score": number(one.score.weighted.value),
                "weighted_uncounted": one.score.weighted.uncounted,
                "commitments": [
                    {
                        "id": each.commitment.id,
                        "title": each.commitment.title,
                        "difficulty": each.commitment.difficulty,
                        "score": number(each.score.value),
                        "uncounted": each.score.uncounted,
                    }
                    for each in one.commitments
                ],
            }
            for one in found.departments
        ],
    }


def _records(found: Ranking) -> Table:
    titles = ("名次", "部门", "得分", "未计入事项", "按难度名次", "按难度得分", "按难度未计入")
    rows = [
        strings(
            (
                one.place,
                one.department.name,
                number(one.score.plain.value),
                one.score.plain.uncounted,
                one.weighted_place,
                number(one.score.weighted.value),
                one.score.weighted.uncounted,
            )
        )
        for one in found.departments
    ]
    return Table(tuple(map(Column, titles)), rows)
