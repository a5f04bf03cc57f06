"""Rows of the tables attached to a bulletin."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.commands.due import DepartmentDue
from ledger.commands.report import CommitmentSection
from ledger.core.progress import Light
from ledger.core.progress.percent import percent
from ledger.core.progress.status import CauseAndMeasure
from ledger.render.official import chinese_day, format_official
from ledger.render.views.standing import (
    Standing,
    gap_number,
    remarks_of,
)
from ledger.render.views.status import dated_text

Row = dict[str, str]


def measure_text(remark: CauseAndMeasure) -> str:
    """Return the measure with its owner and term in one phrase."""
    terms = [
        (remark.measure or "").rstrip("。；"),
        f"由{remark.owner}负责" if remark.owner else "",
        f"{chinese_day(remark.until)}前完成{'（已逾期）' if remark.overdue else ''}" if remark.until else "",
    ]
    return "，".join(filter(None, terms))


def measure_row(standing: Standing) -> Row:
    """Return the row of a laggard with its cause and measure."""
    status, remark = standing.status, standing.status.remark
    return {
        "部门": standing.section.commitment.department,
        "编号": standing.section.commitment.id,
        "目标": status.name,
        "原因": remark.cause if remark else "未说明",
        "措施": measure_text(remark) if remark else "—",
    }


def returned_rows(departments: Iterable[DepartmentDue]) -> list[Row]:
    """Return the rows of figures that were sent back and not corrected."""
    return [
        {
            "部门": department.department.name,
            "编号": item.commitment.id,
            "目标": item.target.name,
            "月份": f"{returned.on.year}年{returned.on.month}月",
            "理由": returned.reason,
        }
        for department in departments
        for item in department.returned
        for returned in item.call.returned
    ]


def laggard_row(standing: Standing) -> Row:
    """Return the row of a laggard with its figures."""
    status = standing.status
    return {
        "部门": standing.section.commitment.department,
        "编号": standing.section.commitment.id,
        "目标": status.name,
        "目标值": format_official(status.goal),
        "现在": format_official(status.actual or "—"),
        "数据日期": dated_text(status) or "—",
        "完成": percent(status.completion),
        "序时": percent(status.expected),
        "差距": gap_number(status),
        "亮灯": status.light.value,
        "环比": standing.turn or "—",
    }


def missing_rows(departments: Iterable[DepartmentDue]) -> list[Row]:
    """Return a row for each department that has not reported everything."""
    return [
        {
            "部门": department.department.name,
            "应报": str(department.called),
            "未报": str(len(department.to_report)),
            "目标": "；".join(f"{item.commitment.id} {item.target.name}" for item in department.to_report),
        }
        for department in departments
        if department.to_report
    ]


def review_rows(departments: Iterable[DepartmentDue]) -> list[Row]:
    """Return the rows of judgements that a reviewer owes."""
    return [
        {"部门": department.department.name, "编号": item.commitment.id, "目标": item.target.name}
        for department in departments
        for item in department.reviews
    ]


def unknown_rows(sections: Iterable[CommitmentSection]) -> list[Row]:
    """Return the rows of targets that cannot be judged, with the reason."""
    return [
        {
            "部门": section.commitment.department,
            "编号": section.commitment.id,
            "目标": status.name,
            "原因": format_official("；".join(remarks_of(status))) or "—",
        }
        for section in sections
        for status in section.status.targets
        if status.light is Light.UNKNOWN
    ]
