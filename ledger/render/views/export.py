"""`export`: what was written, and where."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.commands.export import Exported, ExportedMany
from ledger.export.schema import TABLES
from ledger.render.columns import WHOLE, Column, Columns
from ledger.render.view import PREVIEW, Block, View, day, lines
from ledger.render.views.status import SIMULATED

TABLE: Columns[tuple[str, int]] = Columns(
    Column("table", "表", lambda row: row[0]),
    Column("rows", "行数", lambda row: row[1], WHOLE),
    Column("about", "内容", lambda row: TABLES[row[0]].about),
)
FAILED: Columns[tuple[str, str]] = Columns(
    Column("folder", "账本", lambda row: row[0]), Column("reason", "没有导出的原因", lambda row: row[1])
)


def export_view(exported: Sequence[Exported], *, dry_run: bool = False) -> View:
    """Return the view of a finished export of one ledger, or of one that would be made."""
    last = exported[-1]
    header = last.header
    unchanged = sum(result.unchanged for result in exported)
    days = (
        day(header.as_of)
        if len(exported) == 1
        else f"{day(exported[0].header.as_of)} 至 {day(header.as_of)} 共 {len(exported)} 个截至日"
    )
    heading = f"{'会' if dry_run else '已'}导出 {header.place} {header.year} 年，截至 {days}（含当天），到 {last.folder}"
    blocks: list[Block] = [lines(heading, style="heading"), TABLE.table(last.rows.items())]
    if unchanged:
        blocks.append(lines(f"其中 {unchanged} 个截至日自上次导出后未变，没有重写", style="faint"))
    if not header.clean:
        blocks.insert(1, lines("账本有未提交的改动，导出的表里已注明", style="warning"))
    if not header.sound:
        blocks.insert(1, lines("账本未通过检查，导出的表里已注明", style="warning"))
    if header.simulated:
        blocks.insert(1, lines(SIMULATED, style="warning"))
    if dry_run:
        blocks.append(PREVIEW)
    data = {
        "folder": str(last.folder),
        "kind": last.form.value,
        "ledger": header.ledger,
        "city": header.place.city,
        "county": header.place.county,
        "code": header.place.code or None,
        "year": header.year,
        "as_of": day(header.as_of),
        "days": [day(result.header.as_of) for result in exported],
        "unchanged": unchanged,
        "commit": header.commit,
        "clean": header.clean,
        "sound": header.sound,
        "simulated": header.simulated,
        "rows": dict(last.rows),
    }
    return View(tuple(blocks), data, TABLE.records(last.rows.items()))


def export_many_view(result: ExportedMany) -> View:
    """Return the view of an export of many ledgers."""
    heading = f"已导出 {result.written} 份，未变 {result.unchanged} 份，失败 {len(result.failed)} 本，到 {result.folder}"
    blocks: list[Block] = [lines(heading, style="heading")]
    if result.failed:
        blocks.append(FAILED.table(result.failed.items()))
    data = {
        "folder": str(result.folder),
        "written": result.written,
        "unchanged": result.unchanged,
        "failed": [FAILED.data(item) for item in result.failed.items()],
    }
    return View(tuple(blocks), data, FAILED.records(result.failed.items()))
