"""`sheet`: where a sheet was exported to, and what a filled one means or has written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.models import Entry
from ledger.core.models.base import dump_model, to_json
from ledger.core.progress import TargetStatus
from ledger.core.progress.percent import percent
from ledger.files.lookup import TargetRef
from ledger.render.columns import DATA, DAY, FIGURE, LIGHT, SHARE, Column, Columns, Records
from ledger.render.view import PREVIEW, Block, Lines, View, day, lines
from ledger.render.views.show import figure_text
from ledger.render.views.status import SIMULATED, TARGET

if TYPE_CHECKING:
    from ledger.commands.log import PendingEntry
    from ledger.commands.sheet.export import BlankSheet
    from ledger.commands.sheet.import_sheet import ImportResult
    from ledger.commands.sheet.reading import AlreadyRecorded


class _Read(NamedTuple):
    """One filled row: its cell, what it means."""

    cell: str
    pending: PendingEntry


class _Record(NamedTuple):
    """One filled row, new or known, and what became of it."""

    cell: str
    target_ref: TargetRef
    entry: Entry
    now: str | None
    result: str


ENTRY: Columns[_Read] = Columns(
    Column("cell", "单元格", lambda row: row.cell, FIGURE),
    Column("ref", "目标代号", lambda row: row.pending.target_ref.ref),
    Column("entry", "", lambda row: to_json(dump_model(row.pending.entry)), DATA),
    Column("before", "", lambda row: TARGET.data(row.pending.before), DATA),
    Column("after", "", lambda row: TARGET.data(row.pending.after), DATA),
    Column("warnings", "", lambda row: list(row.pending.warnings), DATA),
    Column("_on", "数据日期", lambda row: row.pending.entry.on, DAY),
    Column(
        "_figure", "上报", lambda row: figure_text(row.pending.entry, row.pending.target_ref.target), FIGURE
    ),
    Column("_before", "此前", lambda row: row.pending.before.completion, SHARE, "—"),
    Column("_after", "现在", lambda row: _progress_text(row.pending.after), FIGURE),
    Column("_light", "亮灯", lambda row: row.pending.after.light.value, LIGHT),
    Column("_name", "目标", lambda row: row.pending.target_ref.target.name),
)
KNOWN: Columns[AlreadyRecorded] = Columns(
    Column("cell", "单元格", lambda recorded: recorded.place),
    Column("ref", "目标代号", lambda recorded: recorded.target_ref.ref),
    Column("id", "编号", lambda recorded: recorded.entry.id),
    Column("reworded", "文字不同", lambda recorded: recorded.reworded),
)
IMPORT_RESULT: Columns[ImportResult] = Columns(
    Column("file", "文件", lambda result: result.name),
    Column("department", "部门", lambda result: result.stamp.department),
    Column("year", "年度", lambda result: result.stamp.year),
    Column("month", "月份", lambda result: f"{result.stamp.month:%Y-%m}"),
    Column("entries", "", lambda result: ENTRY.all_data(map(_Read, result.places, result.pending)), DATA),
    Column("known", "", lambda result: KNOWN.all_data(result.known), DATA),
    Column("blank", "空行", lambda result: result.blank),
    Column("unread", "没有读的列", lambda result: list(result.unread), DATA),
    Column("commit", "提交", lambda result: result.commit.id if result.commit else None),
)
_RECORDS: Columns[_Record] = Columns(
    Column("cell", "单元格", lambda record: record.cell),
    Column("id", "编号", lambda record: record.entry.id),
    Column("ref", "目标代号", lambda record: record.target_ref.ref),
    Column("name", "目标", lambda record: record.target_ref.target.name),
    Column("on", "数据日期", lambda record: record.entry.on, DAY),
    Column("figure", "上报", lambda record: figure_text(record.entry, record.target_ref.target), FIGURE),
    Column("now", "当前值", lambda record: record.now, FIGURE),
    Column("result", "结果", lambda record: record.result),
)


def exported_view(blank: BlankSheet, path: Path, *, dry_run: bool = False) -> View:
    """Return the view of a sheet that was written to `path`, as the user named it, or would be."""
    stamp, due = blank.stamp, sum(line.due for line in blank.lines)
    texts = [
        f"会写填报表：{path}" if dry_run else f"填报表已写好：{path}",
        f"  {stamp.department} {stamp.month:%Y-%m}：{len(blank.lines)} 项目标，其中 {due} 项本月应报而未报送",
    ]
    if blank.judged:
        texts.append(f"  另有 {blank.judged} 个定性目标由督查评定，不在表里")
    head = (lines(SIMULATED, style="warning"),) if stamp.simulated else ()
    if dry_run:
        return View((*head, lines(*texts), PREVIEW))
    texts += ["填好黄色的格子，保存", f"下一步：ledger sheet import {path} --dry-run"]
    return View((*head, lines(*texts)))


def exported_all_view(sheets: Sequence[tuple[BlankSheet, Path]], *, dry_run: bool = False) -> View:
    """Return the view of the sheets of several departments that were written, or would be."""
    due = sum(line.due for sheet, _ in sheets for line in sheet.lines)
    texts = [
        f"{'会写' if dry_run else '已写好'} {len(sheets)} 张填报表，共 {due} 个目标本月应报、未报送",
        *(f"  {path}" for _, path in sheets),
    ]
    if dry_run:
        return View((lines(*texts), PREVIEW))
    folder = sheets[0][1].parent if sheets else Path()
    return View((lines(*texts, f"填好以后：ledger sheet import {folder} --dry-run"),))


def sheets_imported_view(results: Sequence[ImportResult]) -> View:
    """Return the view of several sheets that were read together, and written in one commit."""
    views = [import_result_view(result) for result in results]
    blocks = tuple(block for view in views for block in view.blocks)
    new = sum(len(result.pending) for result in results)
    commit = next((result.commit for result in results if result.commit is not None), None)
    total = f"共 {len(results)} 张表，{'会记' if commit is None else '已记录'} {new} 笔"
    ending = lines(total + (f"，成一次提交 {commit.short}" if commit else ""))
    return View((*blocks, ending), lambda: [IMPORT_RESULT.data(result) for result in results])


def import_result_view(result: ImportResult) -> View:
    """Return the view of a sheet that was read, and written where it has a commit."""
    stamp = result.stamp
    days = {pending.entry.on for pending in result.pending}
    title = f"{result.name}：{stamp.department} {stamp.month:%Y-%m}"
    if len(days) == 1:
        title += f"  数据日期 {day(*days)}"
    blocks: list[Block] = [lines(SIMULATED, style="warning")] if stamp.simulated else []
    blocks += [
        lines(title, style="heading"),
        *(
            [_effects(dated=len(days) > 1).table(map(_Read, result.places, result.pending))]
            if result.pending
            else []
        ),
        *_notices(result),
        _outcome(result),
    ]
    return View(tuple(blocks), lambda: IMPORT_RESULT.data(result), lambda: _records(result))


def _effects(*, dated: bool) -> Columns[_Read]:
    """Return the columns of what a sheet changes; dates only where they differ, for a terminal of 80 columns."""
    return ENTRY.pick(f"cell {'_on ' if dated else ''}_figure _before _after _light _name")


def _progress_text(status: TargetStatus) -> str:
    """Return what a figure came to: the sum so far, or the place where the figure itself is the sum."""
    if status.completion is None:
        return status.standing or "—"
    return f"{status.actual}（{percent(status.completion)}）"


def _notices(result: ImportResult) -> list[Lines]:
    texts = [
        f"注意：{place} {pending.target_ref.target.name}：{note}"
        for place, pending in zip(result.places, result.pending, strict=True)
        for note in pending.warnings
    ]
    texts += [_known_text(recorded) for recorded in result.known]
    texts += result.notices
    if result.unread:
        texts.append(f"没有读的列：{'、'.join(result.unread)}")
    return [lines(*texts)] if texts else []


def _known_text(recorded: AlreadyRecorded) -> str:
    text = f"{recorded.place} {recorded.target_ref.target.name} {day(recorded.entry.on)} 已经记过（编号 {recorded.entry.id}），不再记"
    return text + ("；说明或佐证和已记的不同，没有改" if recorded.reworded else "")


def _outcome(result: ImportResult) -> Lines:
    new, known = len(result.pending), len(result.known)
    rest = f"；{known} 笔已经记过" if known else ""
    rest += f"；{result.blank} 行没有填" if result.blank else ""
    if not new:
        return lines(
            f"没有新的要记：表里的 {known} 笔都已经在账上{f'；{result.blank} 行没有填' if result.blank else ''}"
        )
    if result.commit is None:
        return lines(f"只是预览，没有写入：会记 {new} 笔{rest}", style="warning")
    return lines(f"已记录 {new} 笔，成一次提交 {result.commit.short}{rest}")


def _records(result: ImportResult) -> Records:
    done = "已记录" if result.commit else "预览"
    rows = [
        _Record(place, pending.target_ref, pending.entry, pending.after.actual, done)
        for place, pending in zip(result.places, result.pending, strict=True)
    ]
    rows += [
        _Record(recorded.place, recorded.target_ref, recorded.entry, None, "已经记过")
        for recorded in result.known
    ]
    return _RECORDS.records(rows)
