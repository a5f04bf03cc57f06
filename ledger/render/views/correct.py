"""Shows what a correction, a withdrawal, an amendment, a closing or a verdict changed, before and after."""

from __future__ import annotations

from ledger.commands.amend import Amended
from ledger.commands.correct import Correction
from ledger.commands.log import status_text
from ledger.core.models import Entry
from ledger.core.models.base import as_json, dump
from ledger.core.progress.revisions import FIELDS, wording
from ledger.render.view import PREVIEW, Column, Table, View, day, lines, strings
from ledger.render.views.show import figure_text
from ledger.render.views.status import target_data


def correction_view(correction: Correction) -> View:
    """Return the view of a line that corrects or withdraws another."""
    understood, old, entry = correction.understood, correction.old.entry, correction.entry
    found, target = understood.found, understood.found.target
    texts = [
        f"{found.ref}  {target.name}",
        f"  {'作废' if entry.voids else '原来'}：{_line(old, figure_text(old, target))}",
    ]
    if entry.corrects:
        texts.append(f"  改为：{_line(entry, figure_text(entry, target))}")
    if correction.back is not None:
        texts.append(f"  恢复：{_line(correction.back, figure_text(correction.back, target))}")
    texts += [
        f"  理由：{entry.reason}",
        f"  之前：{status_text(understood.before)}  {understood.before.light.value}",
        f"  现在：{status_text(understood.after)}  {understood.after.light.value}",
    ]
    texts += [f"  注意：{note}" for note in (understood.after.reason, *understood.warnings) if note]
    commit = correction.commit
    done = lines(f"已记录，提交 {commit.short}", f"  编号 {entry.id}") if commit else PREVIEW
    data = {
        "ref": found.ref,
        "old": as_json(dump(old)),
        "entry": as_json(dump(entry)),
        "before": target_data(understood.before),
        "after": target_data(understood.after),
        "commit": commit.id if commit else None,
    }
    titles = ("编号", "目标代号", "更正", "作废", "上报", "现在", "提交")
    row = strings(
        (
            entry.id,
            found.ref,
            entry.corrects,
            entry.voids,
            figure_text(entry, target),
            understood.after.actual,
            commit.id if commit else "",
        )
    )
    return View((lines(*texts), done), data, Table(tuple(map(Column, titles)), [row]))


def amended_view(amended: Amended) -> View:
    """Return the view of a change of a commitment file."""
    texts = [f"{amended.ref}  {amended.name}"]
    texts += [f"  {one.words}" for one in amended.changes]
    texts += [f"  理由：{amended.reason}"] if amended.reason else []
    texts += [f"  佐证：{'、'.join(amended.evidence)}"] if amended.evidence else []
    if amended.before and amended.after:
        texts += [
            f"  之前：{status_text(amended.before)}  {amended.before.light.value}",
            f"  现在：{status_text(amended.after)}  {amended.after.light.value}",
        ]
    if amended.changes and any(one.field != "closed" for one in amended.changes):
        texts.append(f"  原值留在 {amended.path} 的 revisions 里，status 和 show 一直显示")
    commit = amended.commit
    done = lines(f"已改好，提交 {commit.short}") if commit else PREVIEW
    data = {
        "ref": amended.ref,
        "path": amended.path,
        "changes": [
            {"field": one.field, "before": wording(one.before), "after": wording(one.after)}
            for one in amended.changes
        ],
        "reason": amended.reason,
        "evidence": list(amended.evidence),
        "before": target_data(amended.before) if amended.before else None,
        "after": target_data(amended.after) if amended.after else None,
        "commit": commit.id if commit else None,
    }
    titles = ("编号", "改动", "之前", "现在", "理由", "提交")
    rows = [
        strings(
            (
                amended.ref,
                FIELDS[one.field],
                wording(one.before),
                wording(one.after),
                amended.reason,
                commit.id if commit else "",
            )
        )
        for one in amended.changes
    ]
    return View((lines(*texts), done), data, Table(tuple(map(Column, titles)), rows))


def _line(entry: Entry, figures: str) -> str:
    return f"{figures or '（没有数）'}（数据日期 {day(entry.on)}，上报人 {entry.by}，编号 {entry.id}）"
