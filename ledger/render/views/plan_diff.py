"""`plan diff`: two plans side by side, department by department."""

from __future__ import annotations

from ledger.commands.plan_diff import GoalVerdict, Pair, PlanDiff, PlanTarget
from ledger.core.progress.percent import percent
from ledger.core.quantity import format_amount
from ledger.render.columns import DATA, FIGURE, KIND_NAMES, NUMBER, TEXTS, Column, Columns
from ledger.render.view import Block, View, lines

_JSON_KINDS = {**KIND_NAMES, "rank": "名次"}
"""Kinds under the words that the JSON of `plan diff` has always used."""
SIDE: Columns[PlanTarget] = Columns(
    Column("ref", "目标代号", lambda side: side.ref),
    Column("name", "目标", lambda side: side.target.name),
    Column("kind", "类别", lambda side: _JSON_KINDS[side.target.kind]),
    Column("goal", "目标值", lambda side: _goal(side)),
    Column("hedge", "缓和语", lambda side: side.target.hedge),
)
PAIR: Columns[Pair] = Columns(
    Column("department", "部门", lambda pair: pair.department),
    Column("verdict", "变化", lambda pair: pair.verdict.name.casefold()),
    Column("old", "", lambda pair: SIDE.data(pair.old) if pair.old else None, DATA),
    Column("new", "", lambda pair: SIDE.data(pair.new) if pair.new else None, DATA),
    Column("renamed", "改名", lambda pair: pair.renamed),
    Column("change", "差", lambda pair: pair.change, NUMBER),
    Column(
        "unit",
        "单位",
        lambda pair: getattr(pair.old.target, "unit", None) if pair.old and pair.change is not None else None,
    ),
    Column("share", "变化率", lambda pair: pair.share, NUMBER),
    Column("notes", "说明", lambda pair: pair.notes, TEXTS),
)


def _table(diff: PlanDiff) -> Columns[Pair]:
    return Columns(
        Column("department", "部门", lambda pair: pair.department),
        Column("verdict", "变化", lambda pair: pair.verdict.value),
        Column("old", diff.old_label, lambda pair: _goal(pair.old), FIGURE),
        Column("new", diff.new_label, lambda pair: _goal(pair.new), FIGURE),
        Column("change", "差", _change, FIGURE),
        Column("name", "目标", _name),
        Column("notes", "说明", lambda pair: "；".join(pair.notes)),
    )


def plan_diff_view(diff: PlanDiff, *, everything: bool) -> View:
    """Return the view of the comparison; what stayed the same is left out unless everything is asked for."""
    columns = _table(diff)
    shown = [
        pair for pair in diff.pairs if everything or pair.verdict is not GoalVerdict.SAME or pair.renamed
    ]
    counts = "，".join(f"{verdict.value} {diff.count(verdict)}" for verdict in GoalVerdict)
    blocks: list[Block] = [columns.table(shown)] if shown else []
    blocks.append(lines(f"{diff.old_label} → {diff.new_label}：{counts}"))
    if not everything and diff.count(GoalVerdict.SAME):
        blocks.append(lines("不变的没有列出；--all 列出全部", style="faint"))
    return View(tuple(blocks), lambda: PAIR.all_data(diff.pairs), lambda: columns.records(diff.pairs))


def _name(pair: Pair) -> str:
    side = pair.new or pair.old
    assert side is not None, "a pair has a side"
    return side.target.name


def _goal(side: PlanTarget | None) -> str:
    if side is None:
        return "—"
    falls = getattr(side.target, "direction", "") == "decrease"
    return ("下降" if falls else "") + side.target.goal_wording


def _change(pair: Pair) -> str:
    if not pair.change or pair.old is None:
        return ""
    sign = "+" if pair.change > 0 else ""
    figure = getattr(pair.old.target, "goal", None)
    if not hasattr(figure, "figure"):
        return f"{sign}{format_amount(pair.change, '位')}"
    assert figure is not None
    unit = "百分点" if figure.figure.unit == "%" else figure.figure.unit
    texts = f"{sign}{format_amount(pair.change, unit, figure.figure.scale)}"
    share = f"（{sign}{percent(pair.share)}）" if pair.share is not None and unit != "百分点" else ""
    return texts + share
