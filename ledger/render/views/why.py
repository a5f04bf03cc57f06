"""The view of `why`."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.commands.why import (
    SILENT,
    Addend,
    CommitmentExplanation,
    EntryStep,
    Explanation,
    MeanExplanation,
    TargetExplanation,
)
from ledger.core.decimals import format_number
from ledger.core.models.entries import short_id
from ledger.core.progress.explain.steps import WhyStep
from ledger.core.progress.percent import percent
from ledger.render.columns import DAY, FIGURE, FLAG, LABEL, NUMBER, Column, Columns
from ledger.render.view import Block, View, lines
from ledger.render.views.show import figure_text
from ledger.render.views.status import SIMULATED

STEP: Columns[WhyStep] = Columns(
    Column("step", "步骤", lambda step: step.code),
    Column("title", "步骤", lambda step: step.title, LABEL),
    Column("formula", "算式", lambda step: step.formula, FIGURE),
    Column("result", "结果", lambda step: step.result, NUMBER),
    Column("text", "即", lambda step: step.text),
)
ENTRY: Columns[EntryStep] = Columns(
    Column("id", "记录编号", lambda step: step.entry.id),
    Column("on", "数据日期", lambda step: step.entry.on, DAY),
    Column("by", "上报人", lambda step: step.entry.by),
    Column("counts", "计入", lambda step: step.counts, FLAG),
    Column("state", "情况", lambda step: step.state),
    Column("commit", "提交", lambda step: step.commit.id if step.commit else None),
    Column("formula", "算式", lambda step: step.formula, FIGURE),
    Column("running", "累至", lambda step: step.running, NUMBER),
    Column("_id", "记录", lambda step: short_id(step.entry.id), FIGURE),
    Column("_commit", "提交", lambda step: _commit_word(step), FIGURE),
    Column("_sum", "累至", lambda step: _running(step), FIGURE),
)
ADDEND: Columns[Addend] = Columns(
    Column("target", "代号", lambda addend: addend.reference),
    Column("name", "名称", lambda addend: addend.name),
    Column("value", "数值", lambda addend: addend.value, NUMBER),
    Column("weight", "权重", lambda addend: addend.weight, NUMBER),
    Column(
        "reason",
        "说明",
        lambda addend: addend.reason if addend.value is None or addend.reason == SILENT else None,
    ),
    Column(
        "_value",
        "数值",
        lambda addend: None if addend.value is None else format_number(addend.value),
        FIGURE,
        "不计入",
    ),
)
_STEP_TABLE = STEP.pick("title formula text")
_ADDEND_TABLE = ADDEND.pick("_value weight target reason")


def why_view(explanation: Explanation) -> View:
    """Return the view of an explanation."""

    def blocks() -> tuple[Block, ...]:
        parts: list[Block] = []
        if explanation.simulated:
            parts.append(lines(SIMULATED, style="warning"))
        if explanation.department is not None:
            place = f"，第 {explanation.place} 位" if explanation.place else ""
            head = f"{explanation.department}  截至 {explanation.as_of}（含当天）{place}"
            parts.append(lines(head, style="heading"))
            for mean in explanation.means:
                parts += _mean_blocks(mean)
        for commitment in explanation.commitments:
            parts += _commitment_blocks(commitment, explanation)
        return tuple(parts)

    return View(blocks, lambda: _data(explanation), lambda: STEP.records(_all_steps(explanation)))


def _all_steps(explanation: Explanation) -> list[WhyStep]:
    return [
        step for explained in explanation.commitments for target in explained.targets for step in target.steps
    ]


def _commit_word(step: EntryStep) -> str:
    if step.commit is not None:
        return step.commit.short
    return "较早" if step.provenance.earlier else "未提交"


def _running(entry: EntryStep) -> str | None:
    if entry.running is None:
        return None
    result = format_number(entry.running)
    return result if entry.formula in {None, result} else f"{entry.formula} = {result}"


def _mean_blocks(mean: MeanExplanation) -> Iterator[Block]:
    yield _ADDEND_TABLE.table(mean.addends, mean.title)
    if mean.result is None:
        yield lines("没有可计算的，无法计算")
        return
    number = format_number(mean.result)
    words = f"{float(mean.result):.1f} 分" if mean.code == "score" else percent(mean.result)
    yield lines(f"{mean.formula or ''} = {number}（{words}）".lstrip(" ="))


def _commitment_blocks(explained: CommitmentExplanation, explanation: Explanation) -> Iterator[Block]:
    commitment = explained.commitment
    yield lines(f"{commitment.id}  {commitment.title}", style="heading")
    if explained.notes:
        yield lines(*explained.notes)
    for target in explained.targets:
        yield from _target_blocks(target)
    for mean in explained.means if explanation.focus is None else ():
        yield from _mean_blocks(mean)


def _target_blocks(explained: TargetExplanation) -> Iterator[Block]:
    target, status = explained.target, explained.status
    since = f"自 {explained.since} 起" if explained.since else "签订时定"
    yield lines(
        f"{explained.reference}  {target.name}  {status.light_text}",
        f"原文：{target.quote}",
        f"目标：{status.goal}（{since}）　应完成日期 {status.due or '—'}　权重 {format_number(target.weight)}",
        *explained.notes,
    )
    if explained.entries:
        columns = Columns(
            *ENTRY.pick("on"),
            Column("_figure", "上报", lambda step: figure_text(step.entry, target), FIGURE),
            *ENTRY.pick("_id _commit state _sum"),
        )
        yield columns.table(explained.entries)
    else:
        yield lines("还没有记录")
    actual = [f"当前值：{status.actual}"] if status.actual else []
    yield lines(*actual, *([f"说明：{status.standing}"] if status.standing else []))
    yield _STEP_TABLE.table(explained.steps)


def _data(explanation: Explanation) -> dict[str, object]:
    return {
        "as_of": str(explanation.as_of),
        "department": explanation.department,
        "place": explanation.place,
        "means": [_mean_data(mean) for mean in explanation.means],
        "commitments": [
            {
                "id": explained.commitment.id,
                "title": explained.commitment.title,
                "department": explained.commitment.department,
                "notes": list(explained.notes),
                "means": [_mean_data(mean) for mean in explained.means],
                "targets": [_target_data(target) for target in explained.targets],
            }
            for explained in explanation.commitments
        ],
    }


def _mean_data(mean: MeanExplanation) -> dict[str, object]:
    return {
        "mean": mean.code,
        "addends": ADDEND.pick("target name value weight reason").all_data(mean.addends),
        "formula": mean.formula,
        "result": None if mean.result is None else format_number(mean.result),
    }


def _target_data(explained: TargetExplanation) -> dict[str, object]:
    status = explained.status
    return {
        "target": explained.reference,
        "name": explained.target.name,
        "quote": explained.target.quote,
        "goal": status.goal,
        "goal_since": str(explained.since) if explained.since else None,
        "due": str(status.due) if status.due else None,
        "weight": format_number(explained.target.weight),
        "notes": list(explained.notes),
        "actual": status.actual,
        "light": status.light.value,
        "entries": [
            {**ENTRY.data(step), "figure": figure_text(step.entry, explained.target)}
            for step in explained.entries
        ],
        "steps": STEP.all_data(explained.steps),
    }
