"""The view of `plan carry`."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.commands.plan_carry import Carry
from ledger.render.columns import DAY, FIGURE, FLAG, Column, Columns
from ledger.render.view import PREVIEW, Block, View, lines

CARRY: Columns[Carry] = Columns(
    Column("department", "部门", lambda carry: carry.department),
    Column("target", "目标代号", lambda carry: carry.reference),
    Column("name", "目标", lambda carry: carry.name),
    Column("former", "上年目标", lambda carry: carry.former),
    Column("baseline", "基期数", lambda carry: carry.baseline, FIGURE, "—"),
    Column("on", "数据日期", lambda carry: carry.on, DAY, "—"),
    Column("entry", "记录编号", lambda carry: carry.entry),
    Column("carried", "结转", lambda carry: carry.amended is not None, FLAG),
    Column("reason", "不结转的原因", lambda carry: carry.left),
)
_TABLE = CARRY.pick("department baseline on target former name reason")


def carry_view(carries: Sequence[Carry], *, years: tuple[int, int], written: bool, dry_run: bool) -> View:
    """Return the view of what is carried from one year to the next, and of what is left."""
    carried = [carry for carry in carries if carry.amended is not None]
    blocks: list[Block] = [_TABLE.table(carries)] if carries else []
    words = f"{years[0]} 年 → {years[1]} 年：{len(carried)} 个目标以上年结果为基期数"
    blocks.append(
        lines(words + (f"，{len(carries) - len(carried)} 个没有结转" if len(carries) > len(carried) else ""))
    )
    if dry_run:
        blocks.append(PREVIEW)
    elif not written:
        blocks.append(lines("请核对；确认无误后加 --confirm 写入", style="warning"))
    return View(tuple(blocks), lambda: CARRY.all_data(carries), lambda: CARRY.records(carries))
