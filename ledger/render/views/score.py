"""`rank` and `score`: scores out of 100 and the ranking of departments, without and with difficulty side by side."""

from __future__ import annotations

from ledger.commands.rank import RankReport, ScoredCommitment, ScoredDepartment
from ledger.render.columns import (
    COUNT,
    DATA,
    DAY,
    FIGURE,
    NUMBER,
    SCORE,
    SHARE,
    WHOLE,
    Column,
    Columns,
    score_type,
)
from ledger.render.view import Block, View, day, lines, number
from ledger.render.views.status import SIMULATED

_RATIO = "按完成率计分：完成数/目标数，控制类 2 − 完成数/目标数，负增长记 0，单项不超过满分"
RULES = {"ratio": _RATIO, "guiyang": _RATIO}
BASES = {"all": "未报按零计", "reported": "只按已报的计"}
DEDUCTIONS = {"report-10": "每项已到报送期而从未上报的目标另扣 10 分，扣完为止"}

COMMITMENT: Columns[ScoredCommitment] = Columns(
    Column("id", "编号", lambda scored: scored.commitment.id, FIGURE),
    Column("title", "承诺事项", lambda scored: scored.commitment.title),
    Column("difficulty", "评定难度", lambda scored: scored.commitment.difficulty, missing="未评定"),
    Column("score", "得分", lambda scored: scored.score.value, SCORE, "—"),
    Column("uncounted", "未计入目标", lambda scored: scored.score.uncounted, COUNT),
)
DEPARTMENT: Columns[ScoredDepartment] = Columns(
    Column("name", "部门", lambda scored: scored.department.name),
    Column("inferred", "初步认定", lambda scored: scored.department.inferred),
    Column("place", "位次", lambda scored: scored.place, WHOLE, "—"),
    Column("score", "得分", lambda scored: scored.score.plain.value, SCORE, "—"),
    Column("uncounted", "未计入事项", lambda scored: scored.score.plain.uncounted, COUNT),
    Column("weighted_place", "按难度位次", lambda scored: scored.weighted_place, WHOLE, "—"),
    Column("weighted_score", "按难度得分", lambda scored: scored.score.weighted.value, SCORE, "—"),
    Column("weighted_uncounted", "按难度未计入", lambda scored: scored.score.weighted.uncounted, COUNT),
    Column("score_counting_all", "未报按零计", lambda scored: scored.score.counting_all.value, SCORE, "—"),
    Column("score_as_reported", "按已报计", lambda scored: scored.score.as_reported.value, SCORE, "—"),
    Column("reported", "已报目标", lambda scored: scored.score.reported, WHOLE),
    Column("unreported", "未报目标", lambda scored: scored.score.silent, WHOLE),
    Column("coverage", "报送覆盖率", lambda scored: scored.score.coverage, SHARE, "—"),
    Column(
        "_starred",
        "部门",
        lambda scored: scored.department.name + ("*" if scored.department.inferred else ""),
    ),
    Column("commitments", "", lambda scored: COMMITMENT.all_data(scored.commitments), DATA),
)
_RECORDS = DEPARTMENT.pick(
    "place name score uncounted weighted_place weighted_score weighted_uncounted"
    " score_counting_all score_as_reported reported unreported coverage"
)
_VERIFIED_RECORDS = _RECORDS + Columns(Column("_figures", "所用的数", lambda _: "核定数"))
_DEPARTMENT_TABLE = DEPARTMENT.pick(
    "place _starred score score_counting_all score_as_reported coverage uncounted"
    " weighted_score weighted_place weighted_uncounted"
)
_COMMITMENT_TABLE = COMMITMENT.pick("id score uncounted difficulty title")
_RANKING: Columns[RankReport] = Columns(
    Column("as_of", "截至", lambda ranking: ranking.as_of, DAY),
    Column("year", "年度", lambda ranking: ranking.year),
    Column("simulated", "模拟", lambda ranking: ranking.simulated),
    Column("rule", "办法", lambda ranking: ranking.rule),
    Column("basis", "计分口径", lambda ranking: ranking.basis),
    Column("required_coverage", "覆盖率下限", lambda ranking: ranking.coverage, NUMBER),
    Column("deduction", "未报扣分", lambda ranking: ranking.deduction),
    Column("figures", "所用的数", lambda ranking: "verified" if ranking.verified_only else "reported"),
    Column("departments", "", lambda ranking: DEPARTMENT.all_data(ranking.departments), DATA),
)


def ranking_view(ranking: RankReport, *, detail: bool = False) -> View:
    """Return the view of a ranking; with `detail` each commitment's score as well."""
    return View(
        lambda: tuple(_blocks(ranking, detail=detail)),
        lambda: _RANKING.data(ranking),
        lambda: (_VERIFIED_RECORDS if ranking.verified_only else _RECORDS).records(ranking.departments),
    )


def _blocks(ranking: RankReport, *, detail: bool) -> list[Block]:
    blocks: list[Block] = [
        lines(f"{ranking.ledger}  {ranking.year} 年  截至 {day(ranking.as_of)}（含当天）", style="heading")
    ]
    if ranking.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    table = _DEPARTMENT_TABLE.typed(
        score=score_type(row.score.plain.value for row in ranking.departments),
        weighted_score=score_type(row.score.weighted.value for row in ranking.departments),
    )
    blocks.append(table.table(ranking.departments))
    if detail:
        blocks.append(
            _COMMITMENT_TABLE.table(
                commitment for row in ranking.departments for commitment in row.commitments
            )
        )
    words = [f"{RULES[ranking.rule]}；满分 100。位次按“{BASES[ranking.basis]}”的得分排，同分同位次。"]
    if ranking.verified_only:
        words.append("只计核定数，已报送而尚未核定的不计入。")
    if ranking.coverage:
        words.append(f"报送覆盖率不足 {number(ranking.coverage)}% 的不排名。")
    if ranking.deduction in DEDUCTIONS:
        words.append(f"{DEDUCTIONS[ranking.deduction]}。")
    words.append(
        "按难度：事项得分按评定难度的系数加权，未评定的不计入。"
        if ranking.rated
        else "还没有评定难度：ledger rate 编号 难度 --reason 理由。"
    )
    if any(row.department.inferred for row in ranking.departments):
        words.append("* 责任单位系初步认定，待核实。")
    blocks.append(lines("".join(words), style="faint"))
    return blocks
