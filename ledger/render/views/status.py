"""`status`: departments in one screen, or commitments with their targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ledger.core.dates import month_end
from ledger.core.progress.closure import closing_text
from ledger.core.progress.lights import Light
from ledger.core.progress.percent import percent
from ledger.core.structs import replace
from ledger.render.columns import (
    COUNT,
    DATA,
    DAY,
    FIGURE,
    FLAG,
    KIND,
    LABEL,
    LIGHT,
    PROGRESS_BAR,
    SHARE,
    TEXTS,
    WHOLE,
    Column,
    Columns,
    Records,
)
from ledger.render.view import Block, View, day, lines
from ledger.render.views.reviews import cause_data, cause_text, review_data, review_notes, verified_text

if TYPE_CHECKING:
    from ledger.core.progress import Mean, TargetStatus, Tier
    from ledger.core.progress.report import CommitmentStatus, DepartmentStatus, StatusReport

Row = TypeVar("Row")
SIMULATED = "本账本是模拟数据，只供演示，不是任何部门的真实进度"


def dated_text(target: TargetStatus) -> str | None:
    """Return the day of a target's figure, and how much older it is than the last report that was due: `5月底（早3个月）`."""
    if target.on is None:
        return None
    end = target.on == month_end(target.on)
    year = f"{target.on.year}年" if target.paced_on is None or target.on.year != target.paced_on.year else ""
    text = f"{year}{target.on.month}月{'底' if end else f'{target.on.day}日'}"
    return text + (f"（早{target.months_old}个月）" if target.months_old else "")


def tier_data(tier: Tier) -> dict[str, object]:
    """Return a stretch goal with whether it is reached, None where that cannot be judged."""
    return {"goal": tier.goal, "reached": tier.reached}


def tiers_text(target: TargetStatus) -> str:
    """Return the stretch goals and whether they are met: 争取目标 ≥8家：未达到."""
    words = {True: "已达到", False: "未达到", None: "暂无法判断"}
    return "，".join(f"争取目标 {tier.goal}：{words[tier.reached]}" for tier in target.tiers)


class _Pair(NamedTuple):
    commitment: CommitmentStatus
    target: TargetStatus


TARGET: Columns[TargetStatus] = Columns(
    Column("key", "代号", lambda target: target.key),
    Column("name", "目标", lambda target: target.name),
    Column("kind", "类别", lambda target: target.kind, KIND),
    Column("goal", "目标值", lambda target: target.goal, FIGURE),
    Column("original_goal", "原目标值", lambda target: target.original_goal, FIGURE),
    Column("actual", "当前值", lambda target: target.actual, FIGURE, "—"),
    Column("completion", "完成率", lambda target: target.completion, SHARE, "—"),
    Column("expected", "序时进度", lambda target: target.expected, SHARE, "—"),
    Column("light", "亮灯", lambda target: target.light.value, LIGHT),
    Column("met", "达标", lambda target: target.met, FLAG),
    Column("entries", "记录数", lambda target: target.entries, WHOLE),
    Column("reason", "说明", lambda target: target.reason),
    Column("notes", "备注", lambda target: target.notes, TEXTS),
    Column("on", "数据日期", lambda target: target.on, DAY),
    Column("pace_on", "序时进度算到", lambda target: target.paced_on, DAY),
    Column("met_on", "达标日期", lambda target: target.met_on, DAY),
    Column("late", "逾期", lambda target: target.late),
    Column("unreported", "逾期未报", lambda target: target.silent, FLAG),
    Column("review", "核定", lambda target: review_data(target.review), DATA),
    Column("remark", "原因和措施", lambda target: cause_data(target.remark), DATA),
    Column("months_old", "数据早几个月", lambda target: target.months_old, WHOLE),
    Column("_dated", "数据日期", lambda target: dated_text(target), FIGURE, "—"),
    Column("_verified", "核定", lambda target: verified_text(target), FIGURE),
    Column("stretch", "争取值", lambda target: [tier_data(tier) for tier in target.tiers], DATA),
    Column("_verified_actual", "核定数", lambda target: target.review and target.review.actual, FIGURE),
    Column(
        "_verified_completion", "核定完成率", lambda target: target.review and target.review.completion, SHARE
    ),
    Column("_unverified", "待核定", lambda target: target.unverified, FLAG),
    Column(
        "_returned",
        "退回理由",
        lambda target: [item.reason for item in target.review.returned] if target.review else None,
        TEXTS,
    ),
    Column("_cause", "原因", lambda target: target.remark and target.remark.cause),
    Column("_measure", "措施", lambda target: target.remark and target.remark.measure),
    Column("_owner", "责任人", lambda target: target.remark and target.remark.owner),
    Column("_until", "时限", lambda target: target.remark and target.remark.until, DAY),
    Column("_overdue", "时限已过", lambda target: target.remark and target.remark.overdue, FLAG),
    Column("_light", "亮灯", lambda target: target.light_text, LIGHT),
    Column("_stretch", "争取值", tiers_text),
    Column("_bar", "进度", lambda target: (target.completion, target.expected), PROGRESS_BAR),
)
_TARGET_TABLE = TARGET.pick("name goal actual _dated completion expected _light _bar")
_REVIEWED_TABLE = TARGET.pick("name goal actual _dated completion _verified expected _light _bar")

COMMITMENT: Columns[CommitmentStatus] = Columns(
    Column("id", "编号", lambda commitment: commitment.commitment.id),
    Column("department", "部门", lambda commitment: commitment.commitment.department),
    Column("title", "承诺事项", lambda commitment: commitment.commitment.title),
    Column("difficulty", "评定难度", lambda commitment: commitment.commitment.difficulty),
    Column("completion", "完成率", lambda commitment: commitment.completion.value, SHARE, "—"),
    Column("uncounted", "未计入", lambda commitment: commitment.completion.uncounted, COUNT),
    Column("light", "亮灯", lambda commitment: commitment.light.value, LIGHT),
    Column(
        "verified",
        "核定完成率",
        lambda commitment: commitment.verified.value if commitment.verified else None,
        SHARE,
        "—",
    ),
    Column(
        "lights",
        "",
        lambda commitment: {
            light.value: commitment.lights[light] for light in Light if commitment.lights[light]
        },
        DATA,
    ),
    Column(
        "closed",
        "销号日期",
        lambda commitment: commitment.commitment.closed.on if commitment.commitment.closed else None,
        DAY,
    ),
    Column("targets", "", lambda commitment: TARGET.all_data(commitment.targets), DATA),
)


def _light_column(light: Light) -> Column[DepartmentStatus]:
    return Column(f"_{light.name}", light.value, lambda department: department.lights[light], COUNT)


DEPARTMENT: Columns[DepartmentStatus] = Columns(
    Column("name", "部门", lambda department: department.department.name, LABEL),
    Column("inferred", "初步认定", lambda department: department.department.inferred, FLAG),
    Column("commitments", "承诺事项", lambda department: department.commitments, WHOLE),
    Column("targets", "目标", lambda department: department.targets, WHOLE),
    Column("completion", "完成率", lambda department: department.completion.value, SHARE, "—"),
    Column("uncounted", "未计入", lambda department: department.completion.uncounted, COUNT),
    Column(
        "verified",
        "核定完成率",
        lambda department: department.verified.value if department.verified else None,
        SHARE,
        "—",
    ),
    Column("unverified", "未核定", lambda department: department.unverified, COUNT),
    Column(
        "lights",
        "",
        lambda department: {
            light.value: department.lights[light] for light in Light if department.lights[light]
        },
        DATA,
    ),
    Column(
        "_starred",
        "部门",
        lambda department: department.department.name + ("*" if department.department.inferred else ""),
        LABEL,
    ),
    *map(_light_column, Light),
)
SORTABLE = ("完成率", "序时进度", "承诺事项", "目标", "未计入", *(light.value for light in Light))
_LIGHTS = " ".join(f"_{light.name}" for light in Light)


class _OverviewRow(NamedTuple):
    """A department with the mean of what its targets should have reached by now."""

    department: DepartmentStatus
    expected: Fraction | None


def _overview(keys: str) -> Columns[_OverviewRow]:
    columns: Columns[_OverviewRow] = DEPARTMENT.pick(keys).within(lambda row: row.department)
    return columns + Columns(
        Column("_bar", "进度", lambda row: (row.department.completion.value, row.expected), PROGRESS_BAR)
    )


_DEPARTMENT_TABLE = _overview(f"_starred commitments targets completion {_LIGHTS} uncounted")
_REVIEWED_DEPARTMENTS = _overview(
    f"_starred commitments targets completion verified unverified {_LIGHTS} uncounted"
)

_REPORT: Columns[StatusReport] = Columns(
    Column("as_of", "截至", lambda report: report.as_of, DAY),
    Column("pace_on", "序时进度算到", lambda report: report.pace_on, DAY),
    Column("year", "年度", lambda report: report.year),
    Column("simulated", "模拟", lambda report: report.simulated),
    Column("commitments", "", lambda report: COMMITMENT.all_data(report.commitments), DATA),
    Column("departments", "", lambda report: DEPARTMENT.all_data(report.departments), DATA),
    Column("uncommitted", "未提交", lambda report: list(report.uncommitted), DATA),
)

_RECORDS: Columns[_Pair] = COMMITMENT.pick("id department title difficulty").within(
    lambda row: row.commitment
) + TARGET.pick(
    "key name kind goal actual completion expected light met entries reason on late _stretch"
).within(lambda row: row.target)

_REVIEW_RECORDS: Columns[_Pair] = TARGET.pick(
    "_verified_actual _verified_completion _unverified _returned"
).within(lambda row: row.target)
_CAUSE_RECORDS: Columns[_Pair] = TARGET.pick("_cause _measure _owner _until _overdue").within(
    lambda row: row.target
)


def status_view(report: StatusReport, *, detail: bool, sort: str | None = None) -> View:
    """Return the view of a report: with `detail` every target, else one line for each department.

    `sort` is one of `SORTABLE`: the departments, or the targets of each commitment, with the largest values first.
    """
    return View(
        lambda: _blocks(report, detail=detail, sort=sort),
        lambda: data(report),
        lambda: status_records(report),
    )


def data(report: StatusReport) -> dict[str, object]:
    """Return the report under the stable JSON keys of the command-line contract."""
    return _REPORT.data(report)


def status_records(report: StatusReport) -> Records:
    """Return one record for each target; reviews and causes, where there are any, are the last columns."""
    rows = [_Pair(status, target) for status in report.commitments for target in status.targets]
    columns = _RECORDS
    if report.reviewed:
        columns += _REVIEW_RECORDS
    if any(row.target.remark for row in rows):
        columns += _CAUSE_RECORDS
    return columns.records(rows)


def _blocks(report: StatusReport, *, detail: bool, sort: str | None) -> tuple[Block, ...]:
    blocks: list[Block] = [
        lines(f"{report.ledger}  {report.year} 年  截至 {day(report.as_of)}（含当天）", style="heading"),
        lines(report.pace_text, style="faint"),
    ]
    if report.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    if detail:
        blocks += [block for status in report.commitments for block in _commitment(status, sort)]
        if not report.commitments:
            blocks.append(lines("没有符合条件的目标"))
    else:
        table = _REVIEWED_DEPARTMENTS if report.reviewed else _DEPARTMENT_TABLE
        expected = _expected(report.commitments)
        rows = [_OverviewRow(row, expected.get(row.department.name)) for row in report.departments]
        whole = [_OverviewRow(row, expected.get(None)) for row in _total(report.departments)]
        blocks.append(table.table([*_sorted(table, rows, sort), *whole]))
    blocks.append(_legend(report))
    return tuple(blocks)


def status_words(target: TargetStatus) -> str:
    """Return a target's status in one phrase: 4家（目标 6家，完成率 66.7%）."""
    share = "" if target.completion is None else f"，完成率 {percent(target.completion)}"
    return f"{target.actual or '尚无数据'}（目标 {target.goal}{share}）"


def mean_text(mean: Mean) -> str:
    """Return a mean with the count of what could not be computed beside it."""
    missing = f"（{mean.uncounted} 项无法计算）" if mean.uncounted else ""
    return percent(mean.value) + missing


def _sorted(columns: Columns[Row], rows: Sequence[Row], title: str | None) -> Sequence[Row]:
    """Return rows by the column with a title, the largest first and unknown values last; as they are without such a column."""
    column = next((column for column in columns if column.title == title), None)
    if column is None:
        return rows

    def key(row: Row) -> tuple[bool, Fraction]:
        value = column.value(row)
        return value is None, -Fraction(value or 0)

    return sorted(rows, key=key)


def _expected(commitments: Sequence[CommitmentStatus]) -> dict[str | None, Fraction | None]:
    """Return the mean completion due by now by department, and under None of all, over the targets that have one and are counted."""
    means: dict[str | None, list[Fraction]] = {None: []}
    for status in commitments:
        due = [
            min(Fraction(1), target.expected)
            for target in status.targets
            if target.completion is not None and target.expected is not None
        ]
        if due:
            share = sum(due, Fraction(0)) / len(due)
            means[None].append(share)
            means.setdefault(status.commitment.department, []).append(share)
    return {
        name: sum(shares, Fraction(0)) / len(shares) if shares else None for name, shares in means.items()
    }


def _total(departments: Sequence[DepartmentStatus]) -> list[DepartmentStatus]:
    """Return the line of all departments together, where there are several; each commitment has the same weight."""
    if len(departments) < 2:
        return []
    lights = sum((department.lights for department in departments), Counter[Light]())
    completion = _mean_of([department.completion for department in departments])
    assert completion is not None
    return [
        replace(
            departments[0],
            department=_Total(),
            commitments=sum(department.commitments for department in departments),
            completion=completion,
            lights=lights,
            verified=_mean_of([department.verified for department in departments]),
            unverified=sum(department.unverified for department in departments),
        )
    ]


def _mean_of(means: Sequence[Mean | None]) -> Mean | None:
    """Return the mean of several departments' means, each commitment with the same weight; None where none has one."""
    from ledger.core.progress.averages import Mean

    known = [mean for mean in means if mean is not None]
    if not known:
        return None
    counted = sum(mean.counted for mean in known)
    total = sum(((mean.value or Fraction(0)) * mean.counted for mean in known), Fraction(0))
    return Mean(total / counted if counted else None, counted, sum(mean.uncounted for mean in known))


class _Total(NamedTuple):
    """The name of the line of all departments."""

    name: str = "合计"
    inferred: bool = False


def _commitment(status: CommitmentStatus, sort: str | None) -> Iterator[Block]:
    yield lines(f"{status.commitment.id}  {status.commitment.title}", style="heading")
    yield lines(
        f"{status.light.value}（{status.light_counts}）  完成率 {mean_text(status.completion)}"
        + (f"  评定难度 {status.commitment.difficulty}" if status.commitment.difficulty else "")
        + (f"  {closing_text(status.commitment.closed)}" if status.commitment.closed else "")
    )
    table = _TARGET_TABLE if status.verified is None else _REVIEWED_TABLE
    yield table.table(_sorted(table, status.targets, sort))
    remarks = [f"· {target.name}：{text}" for target in status.targets if (text := remark(target))]
    if remarks:
        yield lines(*remarks, style="faint")


def remark(target: TargetStatus) -> str:
    """Return the remarks beside a target's figures: why it cannot be judged, what was superseded, sent back or promised."""
    reviewed = (*review_notes(target), cause_text(target.remark, short=True))
    return "；".join(filter(None, (target.reason, tiers_text(target), *target.notes, *reviewed)))


def _legend(report: StatusReport) -> Block:
    words = ["完成率为各目标的平均，单项封顶 100%；无法计算的不计入，事项数列在“未计入”。"]
    if report.reviewed:
        words.append("核定完成率只按督查核定的数；“未核定”是有数待核定的目标数。")
    if any(department.department.inferred for department in report.departments):
        words.append("* 责任单位系初步认定，待核实。")
    return lines("".join(words), style="faint")
