"""An entry's figures and a target's standing in a few characters, as commit subjects and lists write them."""

from __future__ import annotations

from ledger.core.models import Entry, Milestone, Target
from ledger.core.models.entries import short_id
from ledger.core.progress import TargetStatus
from ledger.core.progress.percent import percent


def subject_figures(entry: Entry, target: Target) -> str:
    """Return an entry's figures in a few characters: `+2家`, `累计4家`, `第3位`."""
    if named := entry.verifies or entry.returns:
        return f"{'核定' if entry.verifies else '退回'} {short_id(named)}"
    if entry.cause is not None:
        return f"原因：{entry.cause}"
    if entry.add is not None:
        return ("" if entry.add.startswith("-") else "+") + entry.add.replace(" ", "")
    if entry.total is not None:
        return "累计" + entry.total.replace(" ", "")
    if entry.rank is not None:
        return f"第{entry.rank}位" + (f"/共{entry.of}" if entry.of else "")
    if entry.step is not None:
        steps = target.steps if isinstance(target, Milestone) else ()
        return next((f"完成{step.name}" for step in steps if step.key == entry.step), "完成")
    if entry.verdict is not None:
        return {"met": "评定达到", "unmet": "评定未达到"}[entry.verdict]
    if entry.current is not None:
        return f"本期{entry.current}、同期{entry.base}".replace(" ", "")
    if entry.unavailable:
        return "本期无法统计"
    compared = f"（参照{entry.benchmark}）" if entry.benchmark else ""
    return f"{entry.value}{compared}".replace(" ", "")


def status_text(status: TargetStatus) -> str:
    """Return a target's status in a few characters: `4家/6家 (66.7%)`, or its light where there is no percentage."""
    apart = status.kind in {"milestone", "judgement"}  # 已完成/完成 would say it twice
    where = (
        status.actual
        if status.actual and apart
        else f"{status.actual}/{status.goal}"
        if status.actual
        else status.goal
    )
    if status.completion is None:
        return f"{where}（{status.light.value}）"
    return f"{where} ({percent(status.completion)})"
