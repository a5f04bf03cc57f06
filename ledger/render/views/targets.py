"""`targets`: targets found by a word, with the words of their source."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.files.lookup import TargetRef
from ledger.render.columns import FIGURE, KIND, Column, Columns
from ledger.render.view import View, lines

TARGET: Columns[TargetRef] = Columns(
    Column("ref", "目标代号", lambda target_ref: target_ref.ref, FIGURE),
    Column("department", "部门", lambda target_ref: target_ref.commitment.department),
    Column("name", "目标", lambda target_ref: target_ref.target.name),
    Column("kind", "类别", lambda target_ref: target_ref.target.kind, KIND),
    Column("goal", "目标值", lambda target_ref: target_ref.target.goal_wording, FIGURE),
    Column("hedge", "缓和语", lambda target_ref: target_ref.target.hedge),
    Column("quote", "原文摘句", lambda target_ref: target_ref.target.quote),
)
_TABLE = TARGET.pick("ref kind goal name quote")


def targets_view(targets: Sequence[TargetRef], word: str) -> View:
    """Return the view of the targets a search found."""
    text = f"{len(targets)} 项目标" + (f"含“{word}”" if word else "")
    blocks = (
        (_TABLE.table(targets), lines(text, style="faint")) if targets else (lines(f"没有目标含“{word}”"),)
    )
    return View(blocks, TARGET.all_data(targets), _TABLE.records(targets))
