"""Corrections, withdrawals, amendments, closings and verdicts: what changed, before and after."""

from __future__ import annotations

from typing import NamedTuple

from ledger.commands.amend import Amended, Changed
from ledger.commands.correct import Correction
from ledger.core.evidence import evidence_text
from ledger.core.models import Entry
from ledger.core.models.base import dump_model, to_json
from ledger.core.progress.revisions import FIELDS, wording
from ledger.render.columns import DATA, FIGURE, TEXTS, Column, Columns
from ledger.render.view import PREVIEW, View, day, lines
from ledger.render.views.show import figure_text
from ledger.render.views.status import TARGET, status_words


class _FieldChange(NamedTuple):
    amended: Amended
    change: Changed


CORRECTION: Columns[Correction] = Columns(
    Column("ref", "目标代号", lambda correction: correction.pending.target_ref.ref),
    Column("old", "", lambda correction: to_json(dump_model(correction.old.entry)), DATA),
    Column("entry", "", lambda correction: to_json(dump_model(correction.entry)), DATA),
    Column("before", "", lambda correction: TARGET.data(correction.pending.before), DATA),
    Column("after", "", lambda correction: TARGET.data(correction.pending.after), DATA),
    Column("commit", "提交", lambda correction: correction.commit.id if correction.commit else None),
    Column("_id", "编号", lambda correction: correction.entry.id),
    Column("_corrects", "更正", lambda correction: correction.entry.corrects),
    Column("_voids", "作废", lambda correction: correction.entry.voids),
    Column(
        "_figure",
        "上报",
        lambda correction: figure_text(correction.entry, correction.pending.target_ref.target),
        FIGURE,
    ),
    Column("_now", "当前值", lambda correction: correction.pending.after.actual, FIGURE),
)
_CORRECTION_RECORDS = CORRECTION.pick("_id ref _corrects _voids _figure _now commit")
CHANGE: Columns[Changed] = Columns(
    Column("field", "改动", lambda change: change.field),
    Column("before", "此前", lambda change: wording(change.before)),
    Column("after", "现在", lambda change: wording(change.after)),
    Column("_field", "改动", lambda change: FIELDS[change.field]),
)
AMENDED: Columns[Amended] = Columns(
    Column("ref", "编号", lambda amended: amended.ref),
    Column("path", "文件", lambda amended: amended.path),
    Column("changes", "", lambda amended: CHANGE.all_data(amended.changes), DATA),
    Column("reason", "理由", lambda amended: amended.reason),
    Column("evidence", "佐证", lambda amended: amended.evidence, TEXTS),
    Column("before", "", lambda amended: TARGET.data(amended.before) if amended.before else None, DATA),
    Column("after", "", lambda amended: TARGET.data(amended.after) if amended.after else None, DATA),
    Column("commit", "提交", lambda amended: amended.commit.id if amended.commit else None),
)
_CHANGE_RECORDS: Columns[_FieldChange] = (
    AMENDED.pick("ref").within(lambda record: record.amended)
    + CHANGE.pick("_field before after").within(lambda record: record.change)
    + AMENDED.pick("reason commit").within(lambda record: record.amended)
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
    texts += [f"  佐证：{'、'.join(map(evidence_text, amended.evidence))}"] if amended.evidence else []
    if amended.before and amended.after:
        texts += [
            f"  此前：{status_words(amended.before)}  {amended.before.light.value}",
            f"  现在：{status_words(amended.after)}  {amended.after.light.value}",
        ]
    if amended.changes and any(change.field != "closed" for change in amended.changes):
        texts.append(f"  原值留在 {amended.path} 的改动记录里，ledger status 和 ledger show 一直显示")
    commit = amended.commit
    done = lines(f"已改好，提交 {commit.short}") if commit else PREVIEW
    return View(
        (lines(*texts), done),
        lambda: AMENDED.data(amended),
        lambda: _CHANGE_RECORDS.records(_FieldChange(amended, change) for change in amended.changes),
    )


def _line(entry: Entry, figures: str) -> str:
    return f"{figures or '（没有数）'}（数据日期 {day(entry.on)}，上报人 {entry.by}，编号 {entry.id}）"
