"""Shows what was exchanged with the server, and what the doctor found and mended."""

from __future__ import annotations

from ledger.commands.doctor import Examined
from ledger.commands.sync import Synced
from ledger.files.repair import FIXABLE
from ledger.git.history import SHORT
from ledger.render.view import PREVIEW, Block, Column, Table, View, lines, strings


def synced_view(done: Synced, *, dry_run: bool = False) -> View:
    """Return the view of an exchange, or of one that would be."""
    if dry_run:
        said = f"与 {done.remote} 同步会收到 {done.received} 次提交，送出 {done.sent} 次"
    elif done.received or done.sent:
        said = f"已与 {done.remote} 同步：收到 {done.received} 次提交，送出 {done.sent} 次"
    else:
        said = f"与 {done.remote} 一致，没有要同步的"
    data = {
        "remote": done.remote,
        "branch": done.branch,
        "received": done.received,
        "sent": done.sent,
        "tip": done.tip,
        "tries": done.tries,
    }
    titles = ("服务器", "分支", "收到", "送出", "提交")
    row = strings((done.remote, done.branch, done.received, done.sent, done.tip))
    records = Table(tuple(map(Column, titles)), [row])
    if dry_run:
        return View((lines(said), PREVIEW), data, records)
    return View((lines(said, f"  现在都到 {done.tip[:SHORT]}"),), data, records)


def examined_view(found: Examined, *, dry_run: bool = False) -> View:
    """Return the view of an examination; of a preview, what would be mended stands as mended."""
    mark = "会处理：" if dry_run else "√ "
    blocks: list[Block] = [lines(f"{mark}{one}") for one in found.mended]
    for one in found.left:
        where = f"{one.place}  " if one.place.path else ""
        blocks.append(lines(f"{where}[{one.code}]", f"  {one.message}", f"  → {one.hint}"))
    if found.left:
        blocks.append(lines(f"共 {len(found.left)} 处", style="warning"))
    elif not (dry_run and found.mended):
        blocks.append(lines("账本可以正常读写，没有要处理的"))
    if dry_run:
        blocks.append(PREVIEW)
    data = {
        "mended": list(found.mended),
        "left": [
            {
                "kind": one.code,
                "path": one.place.path or None,
                "message": one.message,
                "hint": one.hint,
                "mendable": one.code in FIXABLE,
            }
            for one in found.left
        ],
    }
    titles = ("种类", "文件", "情况", "怎么办", "能否自动处理")
    rows = [
        strings((one.code, one.place.path, one.message, one.hint, "能" if one.code in FIXABLE else "不能"))
        for one in found.left
    ]
    return View(tuple(blocks), data, Table(tuple(map(Column, titles)), rows))
