"""Shows targets found by a word, with their source words."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.core.models import Judgement, Milestone, Target
from ledger.files.lookup import TargetRef
from ledger.render.view import Column, Table, View, lines, strings

KIND_NAMES = {
    "accumulate": "累计",
    "level": "水平",
    "change": "增减幅度",
    "rank": "名次",
    "compare": "比较",
    "milestone": "节点",
    "judgement": "定性",
}


def goal_text(target: Target) -> str:
    """Return a target's goal as people read it."""
    if isinstance(target, Milestone):
        return "→".join(step.name for step in target.steps) or "完成"
    if isinstance(target, Judgement):
        return "督查评定"
    return target.goal.wording


def targets_view(found: Sequence[TargetRef], word: str) -> View:
    """Return the view of the targets a search found."""
    columns = (
        Column("目标代号", "figure"),
        Column("类别", "light"),
        Column("目标值", "figure"),
        Column("目标"),
        Column("原文摘句"),
    )
    rows = [
        strings(
            (one.ref, KIND_NAMES[one.target.kind], goal_text(one.target), one.target.name, one.target.quote)
        )
        for one in found
    ]
    table = Table(columns, rows)
    said = f"{len(found)} 个目标" + (f"含“{word}”" if word else "")
    data = [
        {
            "ref": one.ref,
            "department": one.commitment.department,
            "name": one.target.name,
            "kind": one.target.kind,
            "goal": goal_text(one.target),
            "hedge": one.target.hedge,
            "quote": one.target.quote,
        }
        for one in found
    ]
    blocks = (table, lines(said, style="faint")) if found else (lines(f"没有目标含“{word}”"),)
    return View(blocks, data, table)
