"""Shows a status report: departments in one screen, or commitments with their targets."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.core.progress.closure import closing_text
from ledger.core.progress.lights import Light
from ledger.core.progress.percent import percent
from ledger.render.view import Block, Column, Table, View, day, lines, number, strings

if TYPE_CHECKING:
    from ledger.core.progress import Mean, TargetStatus
    from ledger.core.progress.report import CommitmentStatus, DepartmentStatus, StatusReport

SIMULATED = "本账本是模拟数据，只供演示，不是任何部门的真实进度"
BAR = 10


def status_view(report: StatusReport, *, detail: bool) -> View:
    """Return the view of a report; with `detail` every target is listed, else one line per department."""
    return View(lambda: _blocks(report, detail=detail), lambda: data(report), lambda: records(report))


def _blocks(report: StatusReport, *, detail: bool) -> tuple[Block, ...]:
    blocks: list[Block] = [
        lines(f"{report.ledger}  {report.year} 年  截至 {day(report.as_of)}（含当天）", style="heading")
    ]
    if report.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    if detail:
        blocks += [block for one in report.commitments for block in _commitment(one)]
        if not report.commitments:
            blocks.append(lines("没有符合条件的目标"))
    else:
        blocks.append(_departments(report))
    blocks.append(_legend(report))
    return tuple(blocks)


def bar(share: Fraction | None, cells: int = BAR) -> str:
    """Return a progress bar that is as wide on every terminal and in every encoding; full only when all is done.

    Block characters are one column wide on some terminals and two on others, and ASCII has none.
    """
    if share is None:
        return ""
    full = max(0, min(cells, int(share * cells)))
    return "#" * full + "-" * (cells - full)


def mean_text(mean: Mean) -> str:
    """Return a mean with the count of what could not be computed beside it."""
    missing = f"（{mean.uncounted} 项无法计算）" if mean.uncounted else ""
    return percent(mean.value) + missing


def _departments(report: StatusReport) -> Table:
    columns = (
        Column("部门", "light"),
        Column("事项", "figure"),
        Column("目标", "figure"),
        Column("完成率", "figure"),
        *(Column(light.value, "figure") for light in Light),
        Column("未计", "figure"),
        Column("进度", "bar"),
    )
    rows = [
        strings(
            (
                _name(one),
                one.commitments,
                one.targets,
                percent(one.completion.value),
                *(one.lights[light] or "" for light in Light),
                one.completion.uncounted or "",
                bar(one.completion.value),
            )
        )
        for one in report.departments
    ]
    return Table(columns, rows)


def _name(one: DepartmentStatus) -> str:
    return one.department.name + ("*" if one.department.inferred else "")


def _commitment(one: CommitmentStatus) -> Iterator[Block]:
    yield lines(f"{one.commitment.id}  {one.commitment.title}", style="heading")
    yield lines(
        f"{one.light.value}  完成率 {mean_text(one.completion)}"
        + (f"  评定难度 {one.commitment.difficulty}" if one.commitment.difficulty else "")
        + (f"  {closing_text(one.commitment.closed)}" if one.commitment.closed else "")
    )
    columns = (
        Column("目标", "text"),
        Column("目标值", "figure"),
        Column("现在", "figure"),
        Column("完成", "figure"),
        Column("序时", "figure"),
        Column("亮灯", "light"),
        Column("进度", "bar"),
    )
    yield Table(columns, [_target_row(target) for target in one.targets])
    remarks = [f"· {target.name}：{said}" for target in one.targets if (said := remark(target))]
    if remarks:
        yield lines(*remarks, style="faint")


def remark(target: TargetStatus) -> str:
    """Return what has to be said beside a target's figures: why it cannot be judged, what was superseded."""
    return "；".join(filter(None, (target.reason, *target.notes)))


def _target_row(target: TargetStatus) -> tuple[str, ...]:
    return strings(
        (
            target.name,
            target.goal,
            target.actual or "—",
            percent(target.completion),
            percent(target.expected),
            target.light.value,
            bar(target.completion),
        )
    )


def _legend(report: StatusReport) -> Block:
    inferred = any(one.department.inferred for one in report.departments)
    words = ["完成率为各目标的平均，单项封顶 100%；无法计算的不计入，事项数列在“未计”。"]
    if inferred:
        words.append("* 部门由内容推断，待确认。")
    return lines("".join(words), style="faint")


def records(report: StatusReport) -> Table:
    """Return one record per target."""
    titles = [
        "编号",
        "部门",
        "承诺事项",
        "评定难度",
        "代号",
        "目标",
        "类别",
        "目标值",
        "现在",
        "完成",
        "序时",
        "亮灯",
        "达标",
        "记录数",
        "说明",
    ]
    rows = [
        strings(
            (
                one.commitment.id,
                one.commitment.department,
                one.commitment.title,
                one.commitment.difficulty,
                target.key,
                target.name,
                target.kind,
                target.goal,
                target.actual,
                number(target.completion),
                number(target.expected),
                target.light.value,
                {True: "是", False: "否", None: ""}[target.met],
                target.entries,
                target.reason,
            )
        )
        for one in report.commitments
        for target in one.targets
    ]
    return Table(tuple(Column(title) for title in titles), rows)


def data(report: StatusReport) -> dict[str, object]:
    """Return the report under the stable JSON keys of the command-line contract."""
    return {
        "as_of": day(report.as_of),
        "year": report.year,
        "simulated": report.simulated,
        "commitments": [commitment_data(one) for one in report.commitments],
        "departments": [
            {
                "name": one.department.name,
                "inferred": one.department.inferred,
                "commitments": one.commitments,
                "targets": one.targets,
                "completion": number(one.completion.value),
                "uncounted": one.completion.uncounted,
                "lights": {light.value: one.lights[light] for light in Light if one.lights[light]},
            }
            for one in report.departments
        ],
    }


def commitment_data(one: CommitmentStatus) -> dict[str, object]:
    """Return one commitment's status as JSON."""
    return {
        "id": one.commitment.id,
        "department": one.commitment.department,
        "title": one.commitment.title,
        "difficulty": one.commitment.difficulty,
        "completion": number(one.completion.value),
        "uncounted": one.completion.uncounted,
        "light": one.light.value,
        "closed": day(one.commitment.closed.on) if one.commitment.closed else None,
        "targets": [target_data(target) for target in one.targets],
    }


def target_data(target: TargetStatus) -> dict[str, object]:
    """Return one target's status as JSON; numbers that are no integers are exact texts."""
    return {
        "key": target.key,
        "name": target.name,
        "kind": target.kind,
        "goal": target.goal,
        "original_goal": target.original_goal,
        "actual": target.actual,
        "completion": number(target.completion),
        "expected": number(target.expected),
        "light": target.light.value,
        "met": target.met,
        "entries": target.entries,
        "reason": target.reason,
        "notes": list(target.notes),
    }
