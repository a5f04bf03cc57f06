"""The view of `changes`."""

from __future__ import annotations

from ledger.commands.changes import ChangeKind, ChangeReport, Difference
from ledger.render.columns import FIGURE, LABEL, Column, Columns
from ledger.render.view import Block, View, lines
from ledger.render.views.status import SIMULATED

NAMES = {
    ChangeKind.WORSE: "亮灯变差",
    ChangeKind.BETTER: "亮灯好转",
    ChangeKind.MET: "新达标",
    ChangeKind.BROKEN: "不再达标",
    ChangeKind.REPORTED: "首次报送",
    ChangeKind.SILENT: "本月未报送",
    ChangeKind.FIGURE: "数值变化",
    ChangeKind.CORRECTION: "更正",
    ChangeKind.WITHDRAWAL: "作废",
    ChangeKind.LATE: "补报",
    ChangeKind.RETURNED: "退回",
    ChangeKind.CAUSE: "原因和措施",
    ChangeKind.GOAL: "目标调整",
    ChangeKind.DUE: "期限调整",
    ChangeKind.WEIGHT: "权重调整",
    ChangeKind.DIFFICULTY: "评定难度",
    ChangeKind.CLOSED: "销号",
    ChangeKind.DEPARTMENT: "责任单位变更",
    ChangeKind.PLAN: "计划调整",
    ChangeKind.ADDED: "新增",
    ChangeKind.REMOVED: "取消",
    ChangeKind.PLACE: "排名变化",
    ChangeKind.SCORE: "得分变化",
}
CHANGE: Columns[Difference] = Columns(
    Column("kind", "变化", lambda change: change.kind.value),
    Column("department", "部门", lambda change: change.department),
    Column("target", "目标代号", lambda change: change.target or None),
    Column("name", "目标", lambda change: change.name or None),
    Column("before", "原为", lambda change: change.before, FIGURE, "—"),
    Column("after", "现为", lambda change: change.after, FIGURE, "—"),
    Column("difference", "增减", lambda change: change.difference, FIGURE),
    Column("by", "经手人", lambda change: change.by),
    Column("reason", "理由", lambda change: change.reason),
    Column("_kind", "变化", lambda change: NAMES[change.kind], LABEL),
    Column("_name", "目标", lambda change: " ".join(part for part in (change.target, change.name) if part)),
)
_TABLE = CHANGE.pick("department before after difference by _name reason")
_RECORDS = CHANGE.pick("_kind department target name before after difference by reason")


def changes_view(report: ChangeReport) -> View:
    """Return the view: a table for each kind of change, worst news first."""

    def blocks() -> tuple[Block, ...]:
        before, after = report.before, report.after
        head = f"{report.ledger}  {report.year} 年  {before.label} → {after.label}"
        parts: list[Block] = [lines(head, style="heading")]
        if report.simulated:
            parts.append(lines(SIMULATED, style="warning"))
        for kind in ChangeKind:
            rows = [change for change in report.changes if change.kind is kind]
            if rows:
                used = [column for column in _TABLE if any(column.value(row) for row in rows)]
                parts.append(Columns(*used).table(rows, f"{NAMES[kind]}（{len(rows)} 项）"))
        if not report.changes:
            parts.append(lines("没有变化"))
        return tuple(parts)

    return View(
        blocks,
        lambda: {
            "from": str(report.before.as_of),
            "from_known": report.before.ledger.commit,
            "to": str(report.after.as_of),
            "to_known": report.after.ledger.commit,
            "changes": CHANGE.all_data(report.changes),
        },
        lambda: _RECORDS.records(report.changes),
    )
