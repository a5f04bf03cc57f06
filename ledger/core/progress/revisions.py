"""Notes in a target's status of what was changed since it was signed, and of its closing."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ledger.core.models import Commitment, DepartmentHistory, Target
from ledger.core.models.goals import CompareGoal, Goal, PlanPoint, RankGoal
from ledger.core.models.revisions import DATED, Closing, changes, first_change, original
from ledger.core.progress.closure import closing_text
from ledger.core.progress.status import TargetStatus
from ledger.core.quantity import Quantity, format_amount, format_number
from ledger.core.structs import replace

FIELDS = {
    "goal": "目标",
    "stretch": "争取目标",
    "name": "名称",
    "due": "应完成日期",
    "weight": "权重",
    "baseline": "基期数",
    "plan": "分时段计划",
    "unit": "单位",
    "difficulty": "评定难度",
    "closed": "销号",
}
"""What each field that can be changed is called."""


def with_revisions(target: Target, on_day: Target, status: TargetStatus) -> TargetStatus:
    """Return the status with the goal as signed beside the one in force, and a note for each change and for the closing.

    `on_day` is the target as it was in force on the day of the status.
    """
    goal, signed = status.goal, None
    if first_change(target.revisions, "goal") is not None:
        signed = original(target, "goal").wording
        goal = f"{goal}（原{signed}）" if signed != goal else goal
    return replace(
        status,
        goal=goal,
        original_goal=signed,
        notes=(*status.notes, *change_notes(target), *_closing(on_day.closed)),
    )


def change_notes(item: Commitment | Target) -> tuple[str, ...]:
    """Return a line for each change, oldest first: `目标自 2023-06-30 起为 ≥8家（原 ≥6家；会议纪要〔2023〕5号）`."""
    return tuple(
        _change_note(revision, field, before, after) for revision, field, before, after in changes(item)
    )


def _change_note(revision: Any, field: str, before: Any, after: Any) -> str:
    if field == "closed":
        return f"{revision.on} 撤销 {wording(before)}（{revision.reason}）"
    if field in DATED:
        return f"{FIELDS[field]}自 {revision.since} 起为 {wording(after)}（原 {wording(before)}；{revision.reason}）"
    return f"{revision.on} {FIELDS[field]}由 {wording(before)} 改为 {wording(after)}（{revision.reason}）"


def department_notes(commitment: Commitment, history: DepartmentHistory) -> tuple[str, ...]:
    """Return a line for each change of the department in charge: `责任部门自 2023-07-01 起为 金融局（原 金融办；机构改革方案）`."""
    year, identifier = commitment.year, commitment.id
    return tuple(
        f"责任部门自 {fact.on} 起为 {fact.to}（原 {history.in_charge(year, identifier, fact.on - timedelta(days=1))}；{fact.reason}）"
        for fact in history.changes_of(year, identifier)
    )


def wording(value: Any) -> str:
    """Return the value of a field as people read it."""
    if isinstance(value, (Goal, RankGoal, CompareGoal)):
        return value.wording
    if isinstance(value, Quantity):
        return format_amount(value.value, value.unit, value.scale)
    if isinstance(value, Fraction):
        return format_number(value)
    if isinstance(value, Closing):
        return f"{value.on} 销号"
    if isinstance(value, tuple):
        points = (
            f"{item.on} {wording(item.value)}" if isinstance(item, PlanPoint) else wording(item)
            for item in value
        )
        return "、".join(points) or "（没有）"
    if isinstance(value, date):
        return value.isoformat()
    return "（没有）" if value is None else str(value)


def _closing(closed: Closing | None) -> tuple[str, ...]:
    return () if closed is None else (closing_text(closed),)
