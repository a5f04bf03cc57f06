"""`export`: what was written, and where."""

from __future__ import annotations

from ledger.commands.export import Exported
from ledger.export.schema import TABLES
from ledger.render.columns import WHOLE, Column, Columns
from ledger.render.view import PREVIEW, Block, View, day, lines
from ledger.render.views.status import SIMULATED

TABLE: Columns[tuple[str, int]] = Columns(
    Column("table", "表", lambda row: row[0]),
    Column("rows", "行数", lambda row: row[1], WHOLE),
    Column("about", "内容", lambda row: TABLES[row[0]].about),
)


def export_view(done: Exported, *, dry_run: bool = False) -> View:
    """Return the view of a finished export, or of one that would be made."""
    heading = (
        f"{'会' if dry_run else '已'}导出 {done.place} {done.query.year} 年，"
        f"截至 {day(done.query.as_of)}（含当天），到 {done.folder}"
    )
    blocks: list[Block] = [lines(heading, style="heading"), TABLE.table(done.rows.items())]
    if done.simulated:
        blocks.insert(1, lines(SIMULATED, style="warning"))
    if dry_run:
        blocks.append(PREVIEW)
    data = {
        "folder": str(done.folder),
        "kind": done.form.value,
        "city": done.place.city,
        "county": done.place.county,
        "year": done.query.year,
        "as_of": day(done.query.as_of),
        "simulated": done.simulated,
        "rows": dict(done.rows),
    }
    return View(tuple(blocks), data, TABLE.records(done.rows.items()))
