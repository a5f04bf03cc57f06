"""`show` and `history`: one commitment in full, and its entries beside their commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledger.core.evidence import evidence_text
from ledger.core.models import Entry, Milestone, Target
from ledger.core.models.base import dump_model, to_json
from ledger.core.models.entries import FIGURE_KEYS, short_id
from ledger.core.progress.closure import closing_text
from ledger.core.progress.reporting import pace_words
from ledger.core.progress.revisions import change_notes
from ledger.render.columns import DAY, FIGURE, FLAG, Column, Columns, Records
from ledger.render.view import Block, Marked, View, day, lines
from ledger.render.views.reviews import cause_text, review_notes
from ledger.render.views.status import COMMITMENT, SIMULATED, TARGET, mean_text

if TYPE_CHECKING:  # `log` shows an entry by this module and needs neither
    from ledger.commands.history import LoggedEntry
    from ledger.commands.show import Detail
    from ledger.core.progress import Forecast
    from ledger.git import Commit

FIGURE_WORDS = {
    "add": "新增",
    "total": "累计",
    "value": "",
    "current": "本期",
    "base": "上年同期",
    "rank": "第",
    "of": "共",
    "benchmark": "参照值",
    "step": "已完成：",
    "verdict": "评定：",
}
VERDICTS = {"met": "达到", "unmet": "未达到"}

_TARGET_TABLE = TARGET.pick("key goal actual _dated completion expected light _bar name")
_REVIEWED_TABLE = TARGET.pick("key goal actual _dated completion _verified expected light _bar name")
ENTRY: Columns[LoggedEntry] = Columns(
    Column("id", "编号", lambda logged: logged.entry.id),
    Column("on", "数据日期", lambda logged: logged.entry.on, DAY),
    Column("key", "代号", lambda logged: logged.entry.target),
    Column("target", "目标", lambda logged: logged.target.name if logged.target else None),
    Column("figure", "上报", lambda logged: figure_text(logged.entry, logged.target), FIGURE),
    Column("by", "上报人", lambda logged: logged.entry.by),
    Column("counts", "计入", lambda logged: logged.counts, FLAG),
    Column("commit", "提交", lambda logged: logged.commit.id if logged.commit else None),
    Column("author", "提交人", lambda logged: logged.commit.author if logged.commit else None),
    Column("date", "提交时间", lambda logged: logged.commit.date or None if logged.commit else None),
    Column("note", "说明", lambda logged: logged.entry.note),
    Column("_short", "编号", lambda logged: short_id(logged.entry.id), FIGURE),
    Column("_target", "目标", lambda logged: logged.target.name if logged.target else logged.entry.target),
    Column(
        "_commit",
        "提交",
        lambda logged: logged.commit.short if logged.commit else "较早" if logged.earlier else None,
        FIGURE,
        "未提交",
    ),
    Column("_review", "核定", lambda logged: logged.review or None),
    Column("_remarks", "说明", lambda logged: entry_remarks(logged)),
)
_ENTRY_TABLE = ENTRY.pick("_short on _target figure by _commit author _remarks")
_RECORDS = ENTRY.pick("id on key target figure by counts commit author date note")
_REVIEWED_RECORDS = _RECORDS + ENTRY.pick("_review")


def show_view(detail: Detail) -> View:
    """Return the view of one commitment or, when one target was asked for, of that target in it."""
    status = detail.status
    commitment = detail.source.commitment
    on_day = status.commitment
    targets = [target for target in status.targets if detail.focus is None or target.key == detail.focus.key]
    blocks: list[Block] = [lines(f"{commitment.id}  {commitment.title}", style="heading")]
    if detail.simulated:
        blocks.append(lines(SIMULATED, style="warning"))
    partners = f"（配合：{'、'.join(commitment.partners)}）" if commitment.partners else ""
    blocks.append(
        lines(
            f"部门：{on_day.department}{partners}    评定难度：{on_day.difficulty or '未评定'}    截至 {day(detail.as_of)}（含当天）",
            f"{status.light.value}（{status.light_counts}）    完成率 {mean_text(status.completion)}    "
            f"{pace_words(detail.pace_on, detail.as_of)}",
            *([closing_text(on_day.closed)] if on_day.closed else []),
            *detail.departments,
            *change_notes(commitment),
        )
    )
    blocks.append(Marked(commitment.text, detail.spans))
    table = _TARGET_TABLE if status.verified is None else _REVIEWED_TABLE
    blocks.append(table.table(targets))
    remarks = [
        line
        for target in targets
        for line in _remarks(
            detail,
            target.key,
            target.kind,
            target.name,
            (target.reason, *target.notes, *review_notes(target), cause_text(target.remark)),
        )
    ]
    if remarks:
        blocks.append(lines(*remarks))
    blocks.append(_entries(detail.entries))
    if detail.later:
        blocks.append(lines(f"另有 {detail.later} 条记录的数据日期在截至日之后，没有列出", style="faint"))
    data = {**COMMITMENT.data(status), "as_of": day(detail.as_of), "text": commitment.text}
    data["targets"] = TARGET.all_data(targets)
    data["former"] = {
        key: {"goal": status.goal, "actual": status.actual, "light": status.light.value}
        for key, status in detail.former.items()
    }
    data["entries"] = [entry_data(logged) for logged in detail.entries]
    return View(tuple(blocks), data, entry_records(detail.entries))


def figure_text(entry: Entry, target: Target | None) -> str:
    """Return an entry's figures as people read them: `增 2家`."""
    if named := entry.verifies or entry.returns:
        return f"{'核定' if entry.verifies else '退回'} {short_id(named)}"
    parts = [] if entry.cause is None else ["原因和措施"]
    for key in FIGURE_KEYS:
        value = getattr(entry, key)
        if value is None:
            continue
        if key == "step" and isinstance(target, Milestone):
            value = next((step.name for step in target.steps if step.key == value), "")
            if not value:  # a milestone of one unnamed step
                parts.append(FIGURE_WORDS[key].removesuffix("："))
                continue
        if key == "verdict":
            value = VERDICTS[value]
        tail = {"rank": "位", "of": "个"}.get(key, "")
        parts.append(f"{FIGURE_WORDS[key]}{' ' if key in {'add', 'total'} else ''}{value}{tail}")
    return "，".join(parts) or ("作废" if entry.voids else "本期无法统计" if entry.unavailable else "")


def _remarks(detail: Detail, key: str, kind: str, name: str, notes: Sequence[str | None]) -> list[str]:
    texts = [
        *filter(None, notes),
        *forecast_remarks(detail.outlooks[key], kind),
        *_previous_year_remark(detail, key),
    ]
    return [f"{name}：{'；'.join(texts)}"] if texts else []


def _previous_year_remark(detail: Detail, key: str) -> list[str]:
    """Say how the same target ended the year before."""
    status = detail.former.get(key)
    if status is None:
        return []
    result = status.actual or status.light.value
    return [f"上年结果 {result}（目标 {status.goal}，{status.light.value}）"]


def forecast_remarks(forecast: Forecast, kind: str) -> list[str]:
    """Say what it would still take to reach a goal of a kind."""
    texts = []
    if forecast.required_text:
        texts.append(
            f"剩余月份月均需{'新增' if kind == 'accumulate' else '变化'} {forecast.required_text.removeprefix('每月 ')}"
        )
    if forecast.best_text:
        texts.append(f"此前单月最高 {forecast.best_text.removeprefix('每月 ')}")
    if forecast.reachable is False:
        texts.append("按此前最快进度测算，期限前已难以完成")
    elif forecast.unreachable_from:
        texts.append(f"按此前最快进度测算，{day(forecast.unreachable_from)} 起仍无进展的，将难以按期完成")
    texts += [f"尚待完成：{name}（{due.month} 月 {due.day} 日前）" for name, due in forecast.next_steps]
    return texts


def _entries(entries: Sequence[LoggedEntry]) -> Block:
    if not entries:
        return lines("尚无记录", style="faint")
    return _ENTRY_TABLE.table(entries, title="记录")


def entry_remarks(logged: LoggedEntry, *, evidence: bool = True) -> str:
    """Say whether an entry counts, what it replaces, and everything its reporter added, with or without evidence."""
    entry = logged.entry
    by = f"（{short_id(logged.replaced_by)}）" if logged.replaced_by else ""
    remarks = [
        remark_text(entry),
        logged.review,
        "" if logged.counts or entry.voids else logged.replaced + by,
        f"更正 {short_id(entry.corrects)}" if entry.corrects else "",
        f"作废 {short_id(entry.voids)}" if entry.voids else "",
        f"作废记录，{logged.replaced}{by}" if entry.voids and logged.replaced_by else "",
        "补报" if entry.late else "",
        entry.reason or "",
        "疑点已核对" if entry.confirmed else "",
        entry.simulated or "",
        entry.note or "",
        *(map(evidence_text, entry.evidence) if evidence else ()),
    ]
    return "；".join(dict.fromkeys(filter(None, remarks)))  # a note may say 模拟数据 too


def remark_text(entry: Entry) -> str:
    """Return the cause and measure of a line: `原因：…；措施：…；责任人：…；时限：2023-07-31`; empty where it says nothing."""
    words = (("原因", entry.cause), ("措施", entry.measure), ("责任人", entry.owner), ("时限", entry.until))
    return "；".join(f"{name}：{value}" for name, value in words if value)


def entry_records(entries: Sequence[LoggedEntry]) -> Records:
    """Return one record for each entry."""
    columns = _REVIEWED_RECORDS if any(logged.review for logged in entries) else _RECORDS
    return columns.records(entries)


def entry_data(logged: LoggedEntry) -> dict[str, object]:
    """Return an entry and its commit as JSON."""
    return {
        **to_json(dump_model(logged.entry)),
        "line": logged.line,
        "counts": logged.counts,
        "commit": commit_data(logged.commit),
    }


def commit_data(commit: Commit | None) -> dict[str, object] | None:
    """Return a commit as JSON."""
    if commit is None:
        return None
    return {
        "id": commit.id,
        "author": commit.author,
        "email": commit.email,
        "date": commit.when.isoformat() if commit.date else None,
    }
