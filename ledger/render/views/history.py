"""`history`: the entries of a commitment or target, and the changes of its plan, in the order in which they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.commands.history import LoggedEntry, PlanChange
from ledger.core.evidence import evidence_text
from ledger.core.models.base import to_json
from ledger.core.models.entries import short_id
from ledger.core.progress.entries import is_report
from ledger.core.progress.revisions import FIELDS, wording
from ledger.render.columns import DAY, FIGURE, FLAG, Column, Columns
from ledger.render.view import Block, View, lines
from ledger.render.views.show import commit_data, entry_data, entry_remarks, figure_text

if TYPE_CHECKING:
    from ledger.commands.history import History

Event = LoggedEntry | PlanChange

KINDS = {
    "report": "上报",
    "late": "补报",
    "unavailable": "无法统计",
    "verdict": "评定",
    "correction": "更正",
    "withdrawal": "作废",
    "verification": "核定",
    "return": "退回",
    "cause": "原因措施",
    "amendment": "改动",
    "rating": "评定难度",
    "closing": "销号",
    "reopening": "撤销销号",
}
"""What each kind of event is called."""


def _target_name(event: Event) -> str | None:
    if event.target is not None:
        return event.target.name
    return event.entry.target if isinstance(event, LoggedEntry) else None


HISTORY: Columns[Event] = Columns(
    Column("kind", "类别", lambda event: KINDS[kind_of(event)]),
    Column("id", "编号", lambda event: event.entry.id if isinstance(event, LoggedEntry) else None),
    Column(
        "_short",
        "编号",
        lambda event: short_id(event.entry.id) if isinstance(event, LoggedEntry) else None,
        FIGURE,
    ),
    Column(
        "on", "数据日期", lambda event: event.entry.on if isinstance(event, LoggedEntry) else event.on, DAY
    ),
    Column(
        "key",
        "代号",
        lambda event: (
            event.entry.target if isinstance(event, LoggedEntry) else event.target and event.target.key
        ),
    ),
    Column("target", "目标", lambda event: event.target.name if event.target else None),
    Column("_target", "目标", _target_name, missing="（整项）"),
    Column("figure", "上报", lambda event: what_text(event), FIGURE),
    Column("by", "上报人", lambda event: event.entry.by if isinstance(event, LoggedEntry) else event.by),
    Column("counts", "计入", lambda event: event.counts if isinstance(event, LoggedEntry) else None, FLAG),
    Column("commit", "提交", lambda event: event.commit.id if event.commit else None),
    Column("_commit", "提交", lambda event: commit_text(event), FIGURE),
    Column("author", "提交人", lambda event: event.commit.author if event.commit else None),
    Column("date", "提交时间", lambda event: event.commit.date or None if event.commit else None),
    Column(
        "note", "说明", lambda event: event.entry.note if isinstance(event, LoggedEntry) else event.reason
    ),
    Column(
        "replaced_by",
        "被哪条更正或作废",
        lambda event: event.replaced_by or None if isinstance(event, LoggedEntry) else None,
    ),
    Column("_review", "核定", lambda event: event.review or None if isinstance(event, LoggedEntry) else None),
    Column("_remarks", "说明", lambda event: remarks(event)),
)
_TABLE = HISTORY.pick("_short on kind _target figure by _commit author _remarks")
_RECORDS = HISTORY.pick("id on key target figure by counts commit author date note kind replaced_by")
_REVIEWED_RECORDS = _RECORDS + HISTORY.pick("_review")


def history_view(history: History) -> View:
    """Return the view of entries and changes beside their commits."""
    commitment, events = history.source.commitment, list(history.events)
    table: Block = _TABLE.table(events, title="记录") if events else lines("尚无记录", style="faint")
    heading = lines(f"{commitment.id}  {commitment.title}", style="heading")
    reviewed = any(isinstance(event, LoggedEntry) and event.review for event in events)
    columns = _REVIEWED_RECORDS if reviewed else _RECORDS
    return View((heading, table), [_event_data(event) for event in events], columns.records(events))


def kind_of(event: Event) -> str:
    """Return which of `KINDS` an event is."""
    if isinstance(event, PlanChange):
        if event.field == "closed":
            return "reopening" if event.after is None else "closing"
        return "rating" if event.field == "difficulty" else "amendment"
    entry = event.entry
    if not is_report(entry):
        return "verification" if entry.verifies else "return" if entry.returns else "cause"
    if entry.voids or entry.corrects:
        return "withdrawal" if entry.voids else "correction"
    if entry.verdict or entry.unavailable:
        return "verdict" if entry.verdict else "unavailable"
    return "late" if entry.late else "report"


def what_text(event: Event) -> str:
    """Return an entry's figures, or what was changed from what to what."""
    if isinstance(event, LoggedEntry):
        return figure_text(event.entry, event.target)
    if event.field == "closed":
        return KINDS[kind_of(event)]
    return f"{FIELDS[event.field]} {wording(event.before)} → {wording(event.after)}"


def commit_text(event: Event) -> str:
    """Return the short id of an event's commit, or why there is none."""
    if event.commit is not None:
        return event.commit.short
    if isinstance(event, PlanChange):
        return ""
    return "较早" if event.earlier else "未提交"


def remarks(event: Event) -> str:
    """Say everything else about an event."""
    if isinstance(event, LoggedEntry):
        return entry_remarks(event)
    since = f"自 {event.since} 起" if event.since != event.on else ""
    return "；".join(filter(None, (since, event.reason, *map(evidence_text, event.evidence))))


def _event_data(event: Event) -> dict[str, object]:
    """Return an event as JSON: an entry has the keys of its line, a change those of them that it has."""
    if isinstance(event, LoggedEntry):
        return {**entry_data(event), "kind": kind_of(event), "replaced_by": event.replaced_by or None}
    return {
        "id": None,
        "on": event.on.isoformat(),
        "target": event.target.key if event.target else None,
        "by": event.by,
        "reason": event.reason,
        "evidence": to_json(list(event.evidence)),
        "line": None,
        "counts": None,
        "commit": commit_data(event.commit),
        "kind": kind_of(event),
        "replaced_by": None,
        "field": event.field,
        "before": None if event.before is None else wording(event.before),
        "after": None if event.after is None else wording(event.after),
        "from": event.since.isoformat(),
    }
