"""`sync` and `doctor`: what was exchanged with the server; what was diagnosed and repaired."""

from __future__ import annotations

from ledger.commands.doctor import Examined
from ledger.commands.sync import Synced
from ledger.core.findings import Finding
from ledger.files.repair import FIXABLE
from ledger.git import SHORT
from ledger.render.columns import FLAG, WHOLE, Column, Columns
from ledger.render.view import PREVIEW, Block, View, lines

SYNCED: Columns[Synced] = Columns(
    Column("remote", "服务器", lambda synced: synced.remote),
    Column("branch", "分支", lambda synced: synced.branch),
    Column("received", "收到", lambda synced: synced.received, WHOLE),
    Column("sent", "送出", lambda synced: synced.sent, WHOLE),
    Column("tip", "提交", lambda synced: synced.tip),
    Column("tries", "次数", lambda synced: synced.tries, WHOLE),
)
_SYNCED_RECORDS = SYNCED.pick("remote branch received sent tip")
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


def synced_view(done: Synced, *, dry_run: bool = False) -> View:
    """Return the view of an exchange, or of one that would be."""
    if dry_run:
        texts = f"与 {done.remote} 同步会收到 {done.received} 次提交，送出 {done.sent} 次"
    elif done.received or done.sent:
        texts = f"已与 {done.remote} 同步：收到 {done.received} 次提交，送出 {done.sent} 次"
    else:
        texts = f"与 {done.remote} 一致，没有要同步的"
    data, records = SYNCED.data(done), _SYNCED_RECORDS.records([done])
    if dry_run:
        return View((lines(texts), PREVIEW), data, records)
    return View((lines(texts, f"  现在都到 {done.tip[:SHORT]}"),), data, records)


def examined_view(examined: Examined, *, dry_run: bool = False) -> View:
    """Return the view of an examination; of a preview, what would be mended stands as mended."""
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
