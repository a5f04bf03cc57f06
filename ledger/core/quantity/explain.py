"""Telling a user how a text was read, line by line."""

from __future__ import annotations

from ledger.core.decimals import format_number
from ledger.core.quantity.format import format_amount
from ledger.core.quantity.model import Op, Quantity
from ledger.core.quantity.normalize import normalize_width
from ledger.core.quantity.words import NAMES


def explain(q: Quantity) -> list[str]:
    """How the text was read, in Chinese, one step a line."""
    lines = [f"原文：{q.text}"]
    folded = normalize_width(q.text)
    if folded != q.text:
        lines.append(f"整理：{folded}")
    if q.hedge:
        lines.append(f"语气：{q.hedge}（不改变数量）")
    if q.op:
        lines.append(f"界限：{NAMES[q.op]}")
    if q.value2 is not None:
        low, high = (format_amount(v, q.unit, q.scale) for v in (q.value, q.value2))
        lines.append(f"两端：{low} 至 {high}")
    elif q.scale != 1:
        number, word = format_number(q.value / q.scale), format_amount(q.value, "", q.scale)
        lines.append(f"数字：{number}，倍数：{word.removeprefix(number) or q.scale}")
    if q.op is not Op.RANK:
        lines.append(f"单位：{q.unit or '（无单位）'}")
    value = " 至 ".join(format_number(v) for v in (q.value, q.value2) if v is not None)
    lines.append(f"准确值：{value}{'' if q.unit in ('%', '‰') else ' '}{q.unit}".rstrip())
    return lines
