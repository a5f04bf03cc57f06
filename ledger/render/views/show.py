"""Shows one commitment in full, and the history of its entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledger.core.models import Entry, Milestone, Target
from ledger.core.models.base import as_json, dump
from ledger.core.models.entries import FIGURE_KEYS
from ledger.core.progress.closure import closing_text
from ledger.core.progress.percent import percent
from ledger.core.progress.revisions import change_notes
from ledger.render.view import Block, Column, Marked, Table, View, day, lines, strings
from ledger.render.views.status import SIMULATED, bar, commitment_data, mean_text, target_data

if TYPE_CHECKING:  # `log` shows an entry by this module and needs neither
    from ledger.commands.show import Detail, LoggedEntry
    from ledger.core.progress import Forecast

FIGURE_WORDS = {
    "add": "增",
    "total": "累计",
    "value": "",
    "current": "本期",
    "base": "上年同期",
    "rank": "第",
    "of": "共",
    "benchmark": "参照值",
    "step": "完成",
    "verdict": "评定：",
}
VERDICTS = {"met": "达到", "unmet": "未达到"}


def show_view(detail: Detail) -> View:
    """Return the view of one commitment or, when one target was asked for, of that target in it."""
    commitment = detail.source.commitment
    status = detail.status
    targets = [one for one in status.targets if detail.focus is None or one.key == detail.focus.key]
    blocks: list[Block] = [lines(f"{commitment.id}  {commitment.title}", style="heading")]
    if detail.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    blocks.append(
        lines(
            f"部门：{commitment.department}    评定难度：{commitment.difficulty or '未评定'}    截至 {day(detail.as_of)}（含当天）",
            f"{status.light.value}    完成率 {mean_text(status.completion)}",
            *([closing_text(commitment.closed)] if commitment.closed else []),
            *change_notes(commitment),
        )
    )
    blocks.append(Marked(commitment.text, detail.spans))
    columns = (
        Column("代号"),
        Column("目标值", "figure"),
        Column("现在", "figure"),
        Column("完成", "figure"),
        Column("序时", "figure"),
        Column("亮灯", "light"),
        Column("进度", "bar"),
        Column("目标"),
    )
    rows = [
        strings(
            (
                t.key,
                t.goal,
                t.actual or "—",
                percent(t.completion),
                percent(t.expected),
                t.light.value,
                bar(t.completion),
                t.name,
            )
        )
        for t in targets
    ]
    blocks.append(Table(columns, rows))
    remarks = [
        line for one in targets for line in _remarks(detail, one.key, one.name, (one.reason, *one.notes))
    ]
    if remarks:
        blocks.append(lines(*remarks))
    blocks.append(_entries(detail.entries))
    if detail.later:
        blocks.append(lines(f"另有 {detail.later} 条记录的数据日期在截至日之后，没有列出", style="faint"))
    data = {**commitment_data(status), "as_of": day(detail.as_of), "text": commitment.text}
    data["targets"] = [target_data(one) for one in targets]
    data["entries"] = [entry_data(one) for one in detail.entries]
    return View(tuple(blocks), data, records(detail.entries))


def history_view(commitment_id: str, title: str, entries: Sequence[LoggedEntry]) -> View:
    """Return the view of entries beside their commits."""
    blocks = (lines(f"{commitment_id}  {title}", style="heading"), _entries(entries))
    return View(blocks, [entry_data(one) for one in entries], records(entries))


def figure_text(entry: Entry, target: Target | None) -> str:
    """Return an entry's figures as people read them: `增 2家`."""
    parts = []
    for key in FIGURE_KEYS:
        value = getattr(entry, key)
        if value is None:
            continue
        if key == "step" and isinstance(target, Milestone):
            value = next((step.name for step in target.steps if step.key == value), "")
        if key == "verdict":
            value = VERDICTS[value]
        tail = {"rank": "位", "of": "个"}.get(key, "")
        parts.append(f"{FIGURE_WORDS[key]}{' ' if key in {'add', 'total'} else ''}{value}{tail}")
    return "，".join(parts) or ("作废" if entry.voids else "")


def _remarks(detail: Detail, key: str, name: str, notes: Sequence[str | None]) -> list[str]:
    said = [*filter(None, notes), *ahead(detail.outlooks[key])]
    return [f"{name}：{'；'.join(said)}"] if said else []


def ahead(way: Forecast) -> list[str]:
    """Say what it would still take to reach a goal."""
    said = []
    if way.required_text:
        said.append(f"今后须{way.required_text}")
    if way.best_text:
        said.append(f"以往最快{way.best_text}")
    if way.unreachable_from:
        said.append(f"照最快的速度，{day(way.unreachable_from)} 起若仍无进展就来不及了")
    if way.reachable is False:
        said.append("照以往最快的速度已来不及")
    said += [f"还须 {name}（{day(due)} 前）" for name, due in way.next_steps]
    return said


def _entries(entries: Sequence[LoggedEntry]) -> Block:
    if not entries:
        return lines("还没有记录", style="faint")
    columns = (
        Column("数据日期", "figure"),
        Column("目标"),
        Column("上报", "figure"),
        Column("上报人"),
        Column("提交", "figure"),
        Column("提交人"),
        Column("说明"),
    )
    return Table(columns, [_entry_row(one) for one in entries], title="记录")


def entry_remarks(one: LoggedEntry) -> str:
    """Say whether an entry counts, what it replaces, and everything its reporter added."""
    entry = one.entry
    remarks = [
        "" if one.counts else ("作废记录" if entry.voids else "已被更正或作废"),
        f"更正 {entry.corrects}" if entry.corrects else "",
        f"作废 {entry.voids}" if entry.voids else "",
        entry.reason or "",
        entry.simulated or "",
        entry.note or "",
        *entry.evidence,
    ]
    return "；".join(dict.fromkeys(filter(None, remarks)))  # a note may say 模拟数据 too


def _entry_row(one: LoggedEntry) -> tuple[str, ...]:
    entry = one.entry
    return strings(
        (
            day(entry.on),
            one.target.name if one.target else entry.target,
            figure_text(entry, one.target),
            entry.by,
            one.commit.short if one.commit else "未提交",
            one.commit.author if one.commit else "",
            entry_remarks(one),
        )
    )


def records(entries: Sequence[LoggedEntry]) -> Table:
    """Return one record per entry."""
    titles = [
        "编号",
        "数据日期",
        "代号",
        "目标",
        "上报",
        "上报人",
        "计入",
        "提交",
        "提交人",
        "提交时间",
        "说明",
    ]
    rows = [
        strings(
            (
                one.entry.id,
                day(one.entry.on),
                one.entry.target,
                one.target.name if one.target else "",
                figure_text(one.entry, one.target),
                one.entry.by,
                "是" if one.counts else "否",
                one.commit.id if one.commit else "",
                one.commit.author if one.commit else "",
                one.commit.date.isoformat() if one.commit and one.commit.date else "",
                one.entry.note,
            )
        )
        for one in entries
    ]
    return Table(tuple(map(Column, titles)), rows)


def entry_data(one: LoggedEntry) -> dict[str, object]:
    """Return an entry and its commit as JSON."""
    commit = one.commit
    return {
        **as_json(dump(one.entry)),
        "line": one.line,
        "counts": one.counts,
        "commit": None
        if commit is None
        else {
            "id": commit.id,
            "author": commit.author,
            "email": commit.email,
            "date": commit.date.isoformat() if commit.date else None,
        },
    }
