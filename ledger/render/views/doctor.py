"""`doctor`: what was diagnosed and repaired."""

from __future__ import annotations

from ledger.commands.doctor import Examined
from ledger.core.findings import Finding
from ledger.files.repair import FIXABLE
from ledger.render.columns import FLAG, Column, Columns
from ledger.render.view import PREVIEW, Block, View, lines

DIAGNOSIS: Columns[Finding] = Columns(
    Column("kind", "种类", lambda finding: finding.code),
    Column("path", "文件", lambda finding: finding.place.path or None),
    Column("message", "情况", lambda finding: finding.message),
    Column("hint", "怎么办", lambda finding: finding.hint),
    Column(
        "mendable",
        "能否自动处理",
        lambda finding: finding.code in FIXABLE,
        FLAG._replace(cell=lambda value: "能" if value else "不能"),
    ),
)


def examined_view(examined: Examined, *, dry_run: bool = False) -> View:
    """Return the view of a diagnosis; of a preview, repairs that would be made are shown as made."""
    mark = "会处理：" if dry_run else "√ "
    blocks: list[Block] = [lines(f"{mark}{action}") for action in examined.mended]
    for diagnosis in examined.left:
        where = f"{diagnosis.place}  " if diagnosis.place.path else ""
        blocks.append(lines(f"{where}[{diagnosis.code}]", f"  {diagnosis.message}", f"  → {diagnosis.hint}"))
    if examined.left:
        blocks.append(lines(f"共 {len(examined.left)} 处", style="warning"))
    elif not (dry_run and examined.mended):
        blocks.append(lines("账本可以正常读写，没有要处理的"))
    if dry_run:
        blocks.append(PREVIEW)
    data = {"mended": list(examined.mended), "left": DIAGNOSIS.all_data(examined.left)}
    return View(tuple(blocks), data, DIAGNOSIS.records(examined.left))
