"""`sync`: what was exchanged with the server."""

from __future__ import annotations

from ledger.commands.sync import Synced
from ledger.git import SHORT
from ledger.render.columns import WHOLE, Column, Columns
from ledger.render.view import PREVIEW, View, lines

SYNCED: Columns[Synced] = Columns(
    Column("remote", "服务器", lambda synced: synced.remote),
    Column("branch", "分支", lambda synced: synced.branch),
    Column("received", "收到", lambda synced: synced.received, WHOLE),
    Column("sent", "送出", lambda synced: synced.sent, WHOLE),
    Column("tip", "提交", lambda synced: synced.tip),
    Column("tries", "次数", lambda synced: synced.tries, WHOLE),
)
_SYNCED_RECORDS = SYNCED.pick("remote branch received sent tip")


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
