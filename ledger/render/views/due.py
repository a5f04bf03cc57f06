"""`due`: who has not reported for a month, with a reminder for each department that can be copied into a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger.commands.due import DepartmentDue, Due, DueReport
from ledger.core.models.entries import short_id
from ledger.core.progress.status import Returned
from ledger.render.columns import COUNT, DATA, DAY, LABEL, WHOLE, Column, Columns, Records
from ledger.render.view import PREVIEW, Block, View, day, lines
from ledger.render.views.reviews import returned_data
from ledger.render.views.status import SIMULATED

REVIEWER = "督查"


class _Department(NamedTuple):
    report: DueReport
    due: DepartmentDue


class _DueRow(NamedTuple):
    report: DueReport
    item: Due
    returned: Returned | None = None


ITEM: Columns[Due] = Columns(
    Column("_department", "部门", lambda due: due.commitment.department),
    Column("ref", "目标代号", lambda due: due.ref),
    Column("name", "目标", lambda due: due.target.name),
    Column("last", "上次数据", lambda due: due.last, DAY),
    Column("by", "由谁报", lambda due: "reviewer" if due.by_reviewer else "department"),
    Column("why", "事由", lambda due: due.call.reason.code),
    Column("_called", "本月", lambda due: _state(due)),
    Column("_why", "事由", lambda due: due.call.reason.text),
    Column("_by", "由谁报", lambda due: REVIEWER if due.by_reviewer else due.commitment.department),
)
WHY: Columns[Due] = ITEM.pick("ref name by why") + Columns(
    Column("called", "应报", lambda due: due.call.called),
    Column("answered", "已报", lambda due: due.call.answered),
)
_WHY_TABLE = ITEM.pick("ref _called _why name")
DEPARTMENT: Columns[_Department] = Columns(
    Column("name", "部门", lambda department: department.due.department.name, LABEL),
    Column("called", "应报", lambda department: department.due.called, WHOLE),
    Column("reported", "已报", lambda department: department.due.called - len(department.due.items), WHOLE),
    Column("due", "", lambda department: ITEM.all_data(department.due.items), DATA),
    Column("targets", "", lambda department: WHY.all_data(department.due.targets), DATA),
    Column(
        "reminder",
        "",
        lambda department: (
            "\n".join(reminder(department.report, department.due)) if is_dunned(department.due) else None
        ),
    ),
    Column(
        "returned",
        "",
        lambda department: [
            {"ref": item.ref, "name": item.target.name, **returned_data(row)}
            for item in department.due.returned
            for row in item.call.returned
        ],
        DATA,
    ),
    Column(
        "_returned",
        "退回未更正",
        lambda department: sum(len(item.call.returned) for item in department.due.returned),
        COUNT,
    ),
    Column("_missing", "未报送", lambda department: len(department.due.to_report), COUNT),
    Column("_reviews", "待评定", lambda department: len(department.due.reviews), COUNT),
    Column(
        "_days_late",
        "逾期天数",
        lambda department: department.report.days_late if department.due.to_report else 0,
        COUNT,
    ),
)
_TABLE = DEPARTMENT.pick("name called reported _missing _reviews _days_late")
_TABLE_WITH_RETURNED = DEPARTMENT.pick("name called reported _missing _returned _reviews _days_late")
_REPORT: Columns[DueReport] = Columns(
    Column("month", "月份", lambda report: f"{report.month:%Y-%m}"),
    Column("deadline", "报送期限", lambda report: report.deadline, DAY),
    Column("today", "今天", lambda report: report.today, DAY),
    Column("days_late", "逾期天数", lambda report: report.days_late, WHOLE),
    Column("simulated", "模拟", lambda report: report.simulated),
    Column("due", "未报送", lambda report: report.count),
    Column("subject", "事由", lambda report: letter_subject(report)),
    Column(
        "departments",
        "",
        lambda report: DEPARTMENT.all_data(
            _Department(report, department) for department in report.departments
        ),
        DATA,
    ),
)
_RECORDS: Columns[_DueRow] = (
    ITEM.pick("_department").within(lambda record: record.item)
    + _REPORT.pick("month").within(lambda record: record.report)
    + ITEM.pick("ref name _by last").within(lambda record: record.item)
    + _REPORT.pick("deadline days_late").within(lambda record: record.report)
)
_REVIEWED_RECORDS: Columns[_DueRow] = _RECORDS + Columns(
    Column("_asked", "事由", lambda row: "退回待更正" if row.returned else "未报送"),
    Column("_entry", "退回的记录", lambda row: row.returned and row.returned.entry),
    Column("_returned_on", "退回的数据日期", lambda row: row.returned and row.returned.on, DAY),
    Column("_reason", "退回理由", lambda row: row.returned and row.returned.reason),
)


def due_view(report: DueReport, *, why: bool = False, with_letters: bool = False) -> View:
    """Return the view of a month's missing reports; with `why` of every target with the reason it is called for or not."""
    return View(
        lambda: tuple(_why(report) if why else _blocks(report, with_letters=with_letters)),
        lambda: _REPORT.data(report),
        lambda: due_records(report),
    )


def due_records(report: DueReport) -> Records:
    """Return one record for each missing report; where figures were sent back, one for each of those too."""
    missing = [_DueRow(report, item) for department in report.departments for item in department.items]
    returned = [
        _DueRow(report, item, figure)
        for department in report.departments
        for item in department.returned
        for figure in item.call.returned
    ]
    return _REVIEWED_RECORDS.records([*missing, *returned]) if returned else _RECORDS.records(missing)


def _state(item: Due) -> str:
    """Return whether a target is to be reported, and was: 应报未报, 已报, 选报."""
    if not item.call.called:
        return "选报"
    return "已报" if item.call.answered else "应报未报"


def _why(report: DueReport) -> list[Block]:
    return [
        lines(f"{report.ledger}  {month_words(report.month)}份  各目标应报与否及事由", style="heading"),
        _WHY_TABLE.table(item for department in report.departments for item in department.targets),
    ]


def _blocks(report: DueReport, *, with_letters: bool) -> list[Block]:
    blocks: list[Block] = [
        lines(
            f"{report.ledger}  {month_words(report.month)}份  应于 {day(report.deadline)} 前（含当日）报送  今天 {day(report.today)}",
            style="heading",
        )
    ]
    if report.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    table = _TABLE_WITH_RETURNED if report.returned else _TABLE
    blocks.append(table.table(_Department(report, department) for department in report.departments))
    for department in report.departments if with_letters else ():
        if is_dunned(department):
            blocks.append(
                lines(
                    f"{'催报' if report.days_late else '提醒'} {department.department.name}（可直接复制）：",
                    style="heading",
                )
            )
            blocks.append(lines(*reminder(report, department)))
    reviews = [item for department in report.departments for item in department.reviews]
    if reviews:
        blocks.append(lines("待督查评定：", style="heading"))
        blocks.append(lines(*_listed(reviews)))
    if report.returned:
        blocks.append(lines("退回待更正：", style="heading"))
        blocks.append(lines(*_returned([item for row in report.departments for item in row.returned])))
    if not report.count:
        blocks.append(lines(f"{month_words(report.month)}份均已报送"))
    return blocks


def month_words(month: date) -> str:
    """Return a month as people write it: `2023 年 6 月`."""
    return f"{month.year} 年 {month.month} 月"


def lateness_words(report: DueReport) -> str:
    """Say how late it is, or how much time is left."""
    if report.days_late:
        return f"已逾期 {report.days_late} 天"
    left = (report.deadline - report.today).days
    return f"距报送截止还有 {left} 天" if left else "今天截止"


def letter_subject(report: DueReport) -> str:
    """Return the subject of the letters: a reminder up to the deadline, a demand after it."""
    return f"{'催报' if report.days_late else '提醒报送'} {month_words(report.month)}份承诺事项进度"


def reminder(report: DueReport, department: DepartmentDue) -> tuple[str, ...]:
    """Return the lines of a letter to a department: up to the deadline it asks, after it demands."""
    mark = "（模拟数据）" if report.simulated else ""
    until = f"{report.deadline.month} 月 {report.deadline.day} 日前"
    letter = [f"{department.department.name}：{mark}"]
    if department.to_report:
        closing = (
            "请立即补报，并说明迟报原因；确无进展的，请注明原因。"
            if report.days_late
            else f"请于 {until}报送；确无进展的，请注明原因。"
        )
        asked = (
            f"{month_words(report.month)}份承诺事项进度应于 {until}报送，{lateness_words(report)}，"
            f"贵单位尚有 {len(department.to_report)} 项目标未报送："
        )
        letter += [asked, *_listed(department.to_report), closing]
    if returned := _returned(department.returned):
        also = "另有" if department.to_report else "贵单位有"
        letter += [
            f"{also} {len(returned)} 项上报的数经核对退回：",
            *returned,
            "请核实更正后重新报送；确认无误的，请补充佐证和说明。",
        ]
    return tuple(letter)


def is_dunned(department: DepartmentDue) -> bool:
    """Whether a department is written to: it has not reported, or has not corrected what was sent back."""
    return bool(department.to_report or department.returned)


def _returned(items: Sequence[Due]) -> list[str]:
    rows = [
        f"{item.commitment.id} {item.target.name} {month_words(returned.on)}的数（编号 {short_id(returned.entry)}）：{returned.reason}"
        for item in items
        for returned in item.call.returned
    ]
    return [f"{number}. {row}" for number, row in enumerate(rows, start=1)]


def letters(report: DueReport) -> dict[str, str]:
    """Return the letter to each department with reports missing, by its name."""
    return {
        department.department.name: "\n".join((letter_subject(report), "", *reminder(report, department)))
        + "\n"
        for department in report.departments
        if is_dunned(department)
    }


def letters_view(folder: Path, names: Sequence[str], *, dry_run: bool) -> View:
    """Return the view of the letters that were written to a folder, or would be."""
    text = f"{'会写' if dry_run else '已写好'} {len(names)} 封：{folder}"
    return View((lines(text, *(f"  {name}" for name in names)), *([PREVIEW] if dry_run else [])))


def _listed(items: Sequence[Due]) -> list[str]:
    return [
        f"{number}. {item.commitment.id} {item.target.name}（{f'上次数据 {day(item.last)}' if item.last else '尚无数据'}）"
        for number, item in enumerate(items, start=1)
    ]
