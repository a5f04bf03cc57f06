"""Findings: place, what is wrong, the line itself and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.core.findings import Finding
from ledger.render.columns import WHOLE, Column, Columns
from ledger.render.view import Block, View, lines

FINDING: Columns[Finding] = Columns(
    Column("path", "文件", lambda f: f.place.path),
    Column("line", "行", lambda f: f.place.line or None, WHOLE),
    Column("column", "列", lambda f: f.place.column or None, WHOLE),
    Column("rule", "规则", lambda f: f.code),
    Column("message", "问题", lambda f: f.message),
    Column("hint", "怎么办", lambda f: f.hint),
)


def findings_view(findings: Sequence[Finding], clean: str) -> View:
    """Return the view of all findings; `clean` is what to say when there are none."""
    blocks: list[Block] = []
    for one in findings:
        block = [f"{one.place}  [{one.code}]", f"  {one.message}"]
        if one.excerpt:
            block.append(f"  ｜ {one.excerpt if len(one.excerpt) <= 100 else one.excerpt[:100] + '…'}")
        if one.hint:
            block.append(f"  → {one.hint}")
        blocks.append(lines(*block))
    blocks.append(lines(f"共 {len(findings)} 处要改正", style="warning") if findings else lines(clean))
    return View(tuple(blocks), lambda: FINDING.all_data(findings), lambda: FINDING.records(findings))
