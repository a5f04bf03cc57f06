"""Findings: place, what is wrong, the line itself and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.core.findings import Finding
from ledger.render.columns import WHOLE, Column, Columns
from ledger.render.view import Block, View, lines

FINDING: Columns[Finding] = Columns(
    Column("path", "文件", lambda finding: finding.place.path),
    Column("line", "行", lambda finding: finding.place.line or None, WHOLE),
    Column("column", "列", lambda finding: finding.place.column or None, WHOLE),
    Column("rule", "规则", lambda finding: finding.code),
    Column("message", "问题", lambda finding: finding.message),
    Column("hint", "怎么办", lambda finding: finding.hint),
)


def findings_view(findings: Sequence[Finding], clean: str) -> View:
    """Return the view of all findings; `clean` is what to say when there are none."""
    blocks: list[Block] = []
    for finding in findings:
        block = [f"{finding.place}  [{finding.code}]", f"  {finding.message}"]
        if finding.excerpt:
            block.append(
                f"  ｜ {finding.excerpt if len(finding.excerpt) <= 100 else finding.excerpt[:100] + '…'}"
            )
        if finding.hint:
            block.append(f"  → {finding.hint}")
        blocks.append(lines(*block))
    blocks.append(lines(f"共 {len(findings)} 处要改正", style="warning") if findings else lines(clean))
    return View(tuple(blocks), lambda: FINDING.all_data(findings), lambda: FINDING.records(findings))
