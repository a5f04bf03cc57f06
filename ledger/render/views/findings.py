"""Shows findings: place, what is wrong, the line itself and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.findings import Finding
from ledger.render.view import Block, Column, Table, View, lines, strings


def findings_view(findings: Sequence[Finding], clean: str) -> View:
    """Return the view of all findings; `clean` is what to say when there are none."""
    blocks: list[Block] = []
    for one in findings:
        block = [f"{one.place}  [{one.rule}]", f"  {one.message}"]
        if one.excerpt:
            block.append(f"  ｜ {one.excerpt if len(one.excerpt) <= 100 else one.excerpt[:100] + '…'}")
        if one.hint:
            block.append(f"  → {one.hint}")
        blocks.append(lines(*block))
    blocks.append(lines(f"共 {len(findings)} 处要改正", style="warning") if findings else lines(clean))
    titles = ("文件", "行", "列", "规则", "问题", "怎么办")
    rows = [strings((f.path, f.line or "", f.column or "", f.rule, f.message, f.hint)) for f in findings]
    return View(tuple(blocks), [data(one) for one in findings], Table(tuple(map(Column, titles)), rows))


def data(finding: Finding) -> dict[str, object]:
    """Return a finding as JSON; a line or column of 0 is null."""
    return {
        "path": finding.path,
        "line": finding.line or None,
        "column": finding.column or None,
        "rule": finding.rule,
        "message": finding.message,
        "hint": finding.hint,
    }
