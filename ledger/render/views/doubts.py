"""`doubts`: figures that are doubtful, and whether they were confirmed when they were recorded."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.commands.doubts import DoubtfulEntry
from ledger.core.models.entries import short_id
from ledger.render.columns import DAY, FIGURE, FLAG, Column, Columns
from ledger.render.view import View, lines
from ledger.render.views.show import figure_text

DOUBT: Columns[DoubtfulEntry] = Columns(
    Column("id", "编号", lambda doubt: doubt.entry.id),
    Column("ref", "目标代号", lambda doubt: doubt.target_ref.ref),
    Column("name", "目标", lambda doubt: doubt.target_ref.target.name),
    Column("on", "数据日期", lambda doubt: doubt.entry.on, DAY),
    Column("figure", "上报", lambda doubt: figure_text(doubt.entry, doubt.target_ref.target), FIGURE),
    Column("by", "上报人", lambda doubt: doubt.entry.by),
    Column("rule", "规则", lambda doubt: doubt.doubt.rule),
    Column("confirmed", "已核对", lambda doubt: doubt.confirmed, FLAG),
    Column("reason", "疑点", lambda doubt: doubt.doubt.message),
    Column("_short", "编号", lambda doubt: short_id(doubt.entry.id), FIGURE),
    Column("_state", "", lambda doubt: "已核对" if doubt.confirmed else "未核对"),
)
_TABLE = DOUBT.pick("_short on figure _state name reason")
_RECORDS = DOUBT.pick("id ref name on figure by rule confirmed reason")


def doubts_view(doubts: Sequence[DoubtfulEntry]) -> View:
    """Return the view of doubtful figures, with how many of them nobody has confirmed."""
    open_ = sum(not doubt.confirmed for doubt in doubts)
    texts = f"{len(doubts)} 处可疑，其中 {open_} 处没有核对过" if doubts else "没有发现可疑的数"
    blocks = (*((_TABLE.table(doubts),) if doubts else ()), lines(texts))
    return View(blocks, lambda: [DOUBT.data(doubt) for doubt in doubts], lambda: _RECORDS.records(doubts))
