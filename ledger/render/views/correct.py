"""Corrections, withdrawals, amendments, closings and verdicts: what changed, before and after."""

from __future__ import annotations

from typing import NamedTuple

from ledger.commands.amend import Amended, Changed
from ledger.commands.correct import Correction
from ledger.core.models import Entry
from ledger.core.models.base import as_json, dump
from ledger.core.progress.revisions import FIELDS, wording
from ledger.render.columns import DATA, FIGURE, TEXTS, Column, Columns
from ledger.render.view import PREVIEW, View, day, lines
from ledger.render.views.show import figure_text
from ledger.render.views.status import TARGET, status_words


class _Change(NamedTuple):
    amended: Amended
    change: Changed


CORRECTION: Columns[Correction] = Columns(
    Column("ref", "目标代号", lambda c: c.pending.target_ref.ref),
    Column("old", "", lambda c: as_json(dump(c.old.entry)), DATA),
    Column("entry", "", lambda c: as_json(dump(c.entry)), DATA),
    Column("before", "", lambda c: TARGET.data(c.pending.before), DATA),
    Column("after", "", lambda c: TARGET.data(c.pending.after), DATA),
    Column("commit", "提交", lambda c: c.commit.id if c.commit else None),
    Column("_id", "编号", lambda c: c.entry.id),
    Column("_corrects", "更正", lambda c: c.entry.corrects),
    Column("_voids", "作废", lambda c: c.entry.voids),
    Column("_figure", "上报", lambda c: figure_text(c.entry, c.pending.target_ref.target), FIGURE),
    Column("_now", "当前值", lambda c: c.pending.after.actual, FIGURE),
)
_CORRECTION_RECORDS = CORRECTION.pick("_id ref _corrects _voids _figure _now commit")
CHANGE: Columns[Changed] = Columns(
    Column("field", "改动", lambda c: c.field),
    Column("before", "此前", lambda c: wording(c.before)),
    Column("after", "现在", lambda c: wording(c.after)),
    Column("_field", "改动", lambda c: FIELDS[c.field]),
)
AMENDED: Columns[Amended] = Columns(
    Column("ref", "编号", lambda a: a.ref),
    Column("path", "文件", lambda a: a.path),
    Column("changes", "", lambda a: CHANGE.all_data(a.changes), DATA),
    Column("reason", "理由", lambda a: a.reason),
    Column("evidence", "佐证", lambda a: a.evidence, TEXTS),
    Column("before", "", lambda a: TARGET.data(a.before) if a.before else None, DATA),
    Column("after", "", lambda a: TARGET.data(a.after) if a.after else None, DATA),
    Column("commit", "提交", lambda a: a.commit.id if a.commit else None),
)
_CHANGE_RECORDS: Columns[_Change] = (
    AMENDED.pick("ref").within(lambda c: c.amended)
    + CHANGE.pick("_field before after").within(lambda c: c.change)
    + AMENDED.pick("reason commit").within(lambda c: c.amended)
)


def correction_view(correction: Correction) -> View:
    """Return the view of a line that corrects or withdraws another."""
    pending, old, entry = correction.pending, correction.old.entry, correction.entry
    target_ref, target = pending.target_ref, pending.target_ref.target
    texts = [
        f"{target_ref.ref}  {target.name}",
        f"  {'作废' if entry.voids else '原来'}：{_line(old, figure_text(old, target))}",
    ]
    if entry.corrects:
        texts.append(f"  改为：{_line(entry, figure_text(entry, target))}")
    if correction.back is not None:
        texts.append(f"  恢复：{_line(correction.back, figure_text(correction.back, target))}")
    texts += [
        f"  理由：{entry.reason}",
        f"  此前：{status_words(pending.before)}  {pending.before.light.value}",
        f"  现在：{status_words(pending.after)}  {pending.after.light.value}",
    ]
    texts += [f"  注意：{note}" for note in (pending.after.reason, *pending.warnings) if note]
    commit = correction.commit
    done = lines(f"已记录，提交 {commit.short}", f"  编号 {entry.id}") if commit else PREVIEW
    return View(
        (lines(*texts), done),
        lambda: CORRECTION.data(correction),
        lambda: _CORRECTION_RECORDS.records([correction]),
    )


def amended_view(amended: Amended) -> View:
    """Return the view of a change of a commitment file."""
    texts = [f"{amended.ref}  {amended.name}"]
    texts += [f"  {change.words}" for change in amended.changes]
    texts += [f"  理由：{amended.reason}"] if amended.reason else []
    texts += [f"  佐证：{'、'.join(amended.evidence)}"] if amended.evidence else []
    if amended.before and amended.after:
        texts += [
            f"  此前：{status_words(amended.before)}  {amended.before.light.value}",
            f"  现在：{status_words(amended.after)}  {amended.after.light.value}",
        ]
    if amended.changes and any(change.field != "closed" for change in amended.changes):
        texts.append(f"  原值留在 {amended.path} 的 revisions 里，status 和 show 一直显示")
    commit = amended.commit
    done = lines(f"已改好，提交 {commit.short}") if commit else PREVIEW
    return View(
        (lines(*texts), done),
        lambda: AMENDED.data(amended),
        lambda: _CHANGE_RECORDS.records(_Change(amended, change) for change in amended.changes),
    )


def _line(entry: Entry, figures: str) -> str:
    return f"{figures or '（没有数）'}（数据日期 {day(entry.on)}，上报人 {entry.by}，编号 {entry.id}）"
