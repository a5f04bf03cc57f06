"""Shows who has not reported for a month, with a reminder per department that can be copied into a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.commands.due import DepartmentDue, Due, DueReport
from ledger.render.view import Block, Column, Table, View, day, lines, strings
from ledger.render.views.status import SIMULATED

REVIEWER = "督查"


def due_view(report: DueReport) -> View:
    """Return the view of a month's missing reports."""
    blocks: list[Block] = [
        lines(
            f"{report.ledger}  {month_words(report.month)}份  应于 {day(report.deadline)} 前（含当日）报送  今天 {day(report.today)}",
            style="heading",
        )
    ]
    if report.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    blocks.append(_departments(report))
    for one in report.departments:
        if one.own:
            blocks.append(lines(f"提醒 {one.department.name}（可直接复制）：", style="heading"))
            blocks.append(lines(*reminder(report, one)))
    reviews = [item for one in report.departments for item in one.reviews]
    if reviews:
        blocks.append(lines("待督查评定：", style="heading"))
        blocks.append(lines(*_listed(reviews)))
    if not report.count:
        blocks.append(lines(f"{month_words(report.month)}份都已报齐"))
    return View(tuple(blocks), data(report), records(report))


def month_words(month: date) -> str:
    """Return a month as people write it: `2023 年 6 月`."""
    return f"{month.year} 年 {month.month} 月"


def lateness(report: DueReport) -> str:
    """Say how late it is, or how much time is left."""
    if report.days_late:
        return f"已逾期 {report.days_late} 天"
    left = (report.deadline - report.today).days
    return f"还有 {left} 天到期" if left else "今天到期"


def reminder(report: DueReport, one: DepartmentDue) -> tuple[str, ...]:
    """Return the lines of a message to a department."""
    mark = "（模拟数据）" if report.simulated else ""
    asked = (
        f"{month_words(report.month)}份承诺事项进度，贵单位还有 {len(one.own)} 个目标没有报"
        f"（应于 {day(report.deadline)} 前报送，{lateness(report)}）："
    )
    return (
        f"{one.department.name}：{mark}",
        asked,
        *_listed(one.own),
        "请尽快补报；确实没有进展的，也请报数并说明原因。",
    )


def _listed(items: Sequence[Due]) -> list[str]:
    said = []
    for number, item in enumerate(items, start=1):
        last = f"上次数据 {day(item.last)}" if item.last else "还没有报过"
        said.append(f"{number}. {item.commitment.id} {item.target.name}（{last}）")
    return said


def _departments(report: DueReport) -> Table:
    columns = (
        Column("部门", "light"),
        Column("应报", "figure"),
        Column("已报", "figure"),
        Column("未报", "figure"),
        Column("待评定", "figure"),
        Column("逾期天数", "figure"),
    )
    rows = [
        strings(
            (
                one.department.name,
                one.called,
                one.called - len(one.items),
                len(one.own) or "",
                len(one.reviews) or "",
                report.days_late if one.own and report.days_late else "",
            )
        )
        for one in report.departments
    ]
    return Table(columns, rows)


def records(report: DueReport) -> Table:
    """Return one record per missing report."""
    titles = ["部门", "月份", "目标代号", "目标", "由谁报", "上次数据", "报送期限", "逾期天数"]
    rows = [
        strings(
            (
                one.department.name,
                f"{report.month:%Y-%m}",
                item.ref,
                item.target.name,
                REVIEWER if item.by_reviewer else one.department.name,
                day(item.last),
                day(report.deadline),
                report.days_late,
            )
        )
        for one in report.departments
        for item in one.items
    ]
    return Table(tuple(map(Column, titles)), rows)


def data(report: DueReport) -> dict[str, object]:
    """Return the report as JSON."""
    return {
        "month": f"{report.month:%Y-%m}",
        "deadline": day(report.deadline),
        "today": day(report.today),
        "days_late": report.days_late,
        "simulated": report.simulated,
        "due": report.count,
        "departments": [
            {
                "name": one.department.name,
                "called": one.called,
                "reported": one.called - len(one.items),
                "due": [
                    {
                        "ref": item.ref,
                        "name": item.target.name,
                        "last": day(item.last) or None,
                        "by": "reviewer" if item.by_reviewer else "department",
                    }
                    for item in one.items
                ],
                "reminder": "\n".join(reminder(report, one)) if one.own else None,
            }
            for one in report.departments
        ],
    }
