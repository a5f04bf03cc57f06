"""Shows two plans side by side, department by department."""

from __future__ import annotations

from ledger.commands.plandiff import Pair, PlanDiff, Side, Verdict
from ledger.core.progress.percent import percent
from ledger.core.quantity import format_amount
from ledger.render.view import Block, Column, Table, View, lines, number, strings
from ledger.render.views.targets import KIND_NAMES, goal_text


def plandiff_view(diff: PlanDiff, *, everything: bool) -> View:
    """Return the view of the comparison; what stayed the same is left out unless everything is asked for."""
    columns = (
        Column("部门"),
        Column("变化"),
        Column(diff.old_label, "figure"),
        Column(diff.new_label, "figure"),
        Column("差", "figure"),
        Column("目标"),
        Column("说明"),
    )
    shown = [one for one in diff.pairs if everything or one.verdict is not Verdict.SAME or one.renamed]
    counts = "，".join(f"{verdict.value} {diff.count(verdict)}" for verdict in Verdict)
    blocks: list[Block] = [Table(columns, [_row(one) for one in shown])] if shown else []
    blocks.append(lines(f"{diff.old_label} → {diff.new_label}：{counts}"))
    if not everything and diff.count(Verdict.SAME):
        blocks.append(lines("不变的没有列出；--all 列出全部", style="faint"))
    table = Table(columns, [_row(one) for one in diff.pairs])
    return View(tuple(blocks), [_data(one) for one in diff.pairs], table)


def _row(pair: Pair) -> tuple[str, ...]:
    side = pair.new or pair.old
    assert side is not None, "a pair has a side"
    return strings(
        (
            pair.department,
            pair.verdict.value,
            _goal(pair.old),
            _goal(pair.new),
            _change(pair),
            side.target.name,
            "；".join(pair.notes),
        )
    )


def _goal(side: Side | None) -> str:
    if side is None:
        return "—"
    falls = getattr(side.target, "direction", "") == "decrease"
    return ("下降" if falls else "") + goal_text(side.target)


def _change(pair: Pair) -> str:
    if not pair.change or pair.old is None:
        return ""
    sign = "+" if pair.change > 0 else ""
    figure = getattr(pair.old.target, "goal", None)
    if not hasattr(figure, "figure"):
        return f"{sign}{format_amount(pair.change, '位')}"
    assert figure is not None
    unit = "百分点" if figure.figure.unit == "%" else figure.figure.unit
    said = f"{sign}{format_amount(pair.change, unit, figure.figure.scale)}"
    share = f"（{sign}{percent(pair.share)}）" if pair.share is not None and unit != "百分点" else ""
    return said + share


def _data(pair: Pair) -> dict[str, object]:
    return {
        "department": pair.department,
        "verdict": pair.verdict.name.casefold(),
        "old": _side(pair.old),
        "new": _side(pair.new),
        "renamed": pair.renamed,
        "change": number(pair.change),
        "unit": getattr(pair.old.target, "unit", None) if pair.old and pair.change is not None else None,
        "share": number(pair.share),
        "notes": list(pair.notes),
    }


def _side(side: Side | None) -> dict[str, object] | None:
    if side is None:
        return None
    return {
        "ref": side.ref,
        "name": side.target.name,
        "kind": KIND_NAMES[side.target.kind],
        "goal": _goal(side),
        "hedge": side.target.hedge,
    }
