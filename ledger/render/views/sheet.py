"""Shows what a sheet was exported to, and what a filled one means or has written."""

from __future__ import annotations

from pathlib import Path

from ledger.commands.sheet.export import BlankSheet
from ledger.commands.sheet.import_sheet import AlreadyRecorded, ImportResult
from ledger.core.models import Entry
from ledger.core.models.base import as_json, dump
from ledger.core.progress import TargetStatus
from ledger.core.progress.percent import percent
from ledger.files.lookup import TargetRef
from ledger.render.view import PREVIEW, Block, Column, Lines, Table, View, day, lines, strings
from ledger.render.views.show import figure_text
from ledger.render.views.status import SIMULATED, target_data


def exported_view(blank: BlankSheet, path: Path, *, dry_run: bool = False) -> View:
    """Return the view of a sheet that was written to `path`, as the user named it, or would be."""
    stamp, due = blank.stamp, sum(line.due for line in blank.lines)
    said = [
        f"会写填报表：{path}" if dry_run else f"填报表已写好：{path}",
        f"  {stamp.department} {stamp.month:%Y-%m}：{len(blank.lines)} 个目标，其中 {due} 个本月应报、还没有报",
    ]
    if blank.judged:
        said.append(f"  另有 {blank.judged} 个定性目标由督查评定，不在表里")
    head = (lines(SIMULATED, style="warning"),) if stamp.simulated else ()
    if dry_run:
        return View((*head, lines(*said), PREVIEW))
    said += ["填好黄色的格子，保存", f"下一步：ledger sheet import {path} --dry-run"]
    return View((*head, lines(*said)))


def taken_view(taken: ImportResult) -> View:
    """Return the view of a sheet that was read, and written where it has a commit."""
    stamp = taken.stamp
    days = {one.entry.on for one in taken.understood}
    title = f"{taken.name}：{stamp.department} {stamp.month:%Y-%m}"
    if len(days) == 1:
        title += f"  数据日期 {day(*days)}"
    blocks: list[Block] = [lines(SIMULATED, style="warning")] if stamp.simulated else []
    blocks += [
        lines(title, style="heading"),
        *([_effects(taken, dated=len(days) > 1)] if taken.understood else []),
        *_notices(taken),
        _outcome(taken),
    ]
    return View(tuple(blocks), lambda: _data(taken), lambda: _records(taken))


def _effects(taken: ImportResult, *, dated: bool) -> Table:
    """A row per entry; with its date only where they differ: a terminal of 80 columns has no room to repeat one."""
    columns = [
        Column("单元格", "figure"),
        *([Column("数据日期", "figure")] if dated else []),
        Column("上报", "figure"),
        Column("之前", "figure"),
        Column("现在", "figure"),
        Column("亮灯", "light"),
        Column("目标"),
    ]
    rows = [
        strings(
            (
                place,
                *([day(one.entry.on)] if dated else []),
                figure_text(one.entry, one.found.target),
                percent(one.before.completion),
                _stands(one.after),
                one.after.light.value,
                one.found.target.name,
            )
        )
        for place, one in zip(taken.places, taken.understood, strict=True)
    ]
    return Table(tuple(columns), rows)


def _stands(status: TargetStatus) -> str:
    """What a figure came to: the sum so far, or the place where the figure itself is the sum."""
    if status.completion is None:
        return status.standing or "—"
    return f"{status.actual}（{percent(status.completion)}）"


def _notices(taken: ImportResult) -> list[Lines]:
    said = [
        f"注意：{place} {one.found.target.name}：{note}"
        for place, one in zip(taken.places, taken.understood, strict=True)
        for note in one.warnings
    ]
    said += [_known_text(one) for one in taken.known]
    if taken.unread:
        said.append(f"没有读的列：{'、'.join(taken.unread)}")
    return [lines(*said)] if said else []


def _known_text(one: AlreadyRecorded) -> str:
    told = f"{one.place} {one.found.target.name} {day(one.entry.on)} 已经记过（编号 {one.entry.id}），不再记"
    return told + ("；说明或佐证和已记的不同，没有改" if one.reworded else "")


def _outcome(taken: ImportResult) -> Lines:
    new, known = len(taken.understood), len(taken.known)
    rest = f"；{known} 笔已经记过" if known else ""
    rest += f"；{taken.blank} 行没有填" if taken.blank else ""
    if not new:
        return lines(
            f"没有新的要记：表里的 {known} 笔都已经在账上{f'；{taken.blank} 行没有填' if taken.blank else ''}"
        )
    if taken.commit is None:
        return lines(f"只是预览，没有写入：会记 {new} 笔{rest}", style="warning")
    return lines(f"已记录 {new} 笔，成一次提交 {taken.commit.short}{rest}")


def _data(taken: ImportResult) -> dict[str, object]:
    return {
        "file": taken.name,
        "department": taken.stamp.department,
        "year": taken.stamp.year,
        "month": f"{taken.stamp.month:%Y-%m}",
        "entries": [
            {
                "cell": place,
                "ref": one.found.ref,
                "entry": as_json(dump(one.entry)),
                "before": target_data(one.before),
                "after": target_data(one.after),
                "warnings": list(one.warnings),
            }
            for place, one in zip(taken.places, taken.understood, strict=True)
        ],
        "known": [
            {"cell": one.place, "ref": one.found.ref, "id": one.entry.id, "reworded": one.reworded}
            for one in taken.known
        ],
        "blank": taken.blank,
        "unread": list(taken.unread),
        "commit": taken.commit.id if taken.commit else None,
    }


def _records(taken: ImportResult) -> Table:
    titles = ("单元格", "编号", "目标代号", "目标", "数据日期", "上报", "现在", "结果")
    done = "已记录" if taken.commit else "预览"
    rows = [
        _record(place, one.found, one.entry, one.after.actual, done)
        for place, one in zip(taken.places, taken.understood, strict=True)
    ]
    rows += [_record(one.place, one.found, one.entry, None, "已经记过") for one in taken.known]
    return Table(tuple(map(Column, titles)), rows)


def _record(place: str, found: TargetRef, entry: Entry, now: str | None, done: str) -> tuple[str, ...]:
    figures = figure_text(entry, found.target)
    return strings((place, entry.id, found.ref, found.target.name, day(entry.on), figures, now, done))
