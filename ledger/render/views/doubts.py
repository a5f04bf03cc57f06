"""`doubts`: figures that are doubtful, and whether they were confirmed when they were recorded."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.commands.correct import short_id
from ledger.commands.doubts import DoubtfulEntry
from ledger.render.columns import DAY, FIGURE, FLAG, Column, Columns
from ledger.render.view import View, lines
from ledger.render.views.show import figure_text

DOUBT: Columns[DoubtfulEntry] = Columns(
    Column("id", "编号", lambda d: d.entry.id),
    Column("ref", "目标代号", lambda d: d.target_ref.ref),
    Column("name", "目标", lambda d: d.target_ref.target.name),
    Column("on", "数据日期", lambda d: d.entry.on, DAY),
    Column("figure", "上报", lambda d: figure_text(d.entry, d.target_ref.target), FIGURE),
    Column("by", "上报人", lambda d: d.entry.by),
    Column("rule", "规则", lambda d: d.doubt.rule),
    Column("confirmed", "已核对", lambda d: d.confirmed, FLAG),
    Column("reason", "疑点", lambda d: d.doubt.message),
    Column("_short", "编号", lambda d: short_id(d.entry), FIGURE),
    Column("_state", "", lambda d: "已核对" if d.confirmed else "未核对"),
)
_TABLE = DOUBT.pick("_short on figure _state name reason")
_RECORDS = DOUBT.pick("id ref name on figure by rule confirmed reason")


def doubts_view(doubts: Sequence[DoubtfulEntry]) -> View:
    """Return the view of doubtful figures, with how many of them nobody has confirmed."""
    open_ = sum(not doubt.confirmed for doubt in doubts)
    texts = f"{len(doubts)} 处可疑，其中 {open_} 处没有核对过" if doubts else "没有发现可疑的数"
    blocks = (*((_TABLE.table(doubts),) if doubts else ()), lines(texts))
    return View(blocks, lambda: [DOUBT.data(doubt) for doubt in doubts], lambda: _RECORDS.records(doubts))
