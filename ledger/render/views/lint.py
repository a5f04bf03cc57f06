"""`lint`: the weak spots of a plan, each with its place, what is open, the words themselves and the question to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ledger.core.findings import Finding
from ledger.render.view import Block, View, lines
from ledger.render.views.findings import findings_view

NAMES = {
    "lint-baseline": "水平没有基期数",
    "lint-base": "增减没有绝对数",
    "lint-standing": "前列没有位次",
    "lint-title-only": "只在标题里",
    "lint-disagree": "标题与正文不一致",
    "lint-unit": "没有单位",
    "lint-about": "约数没有容差",
    "lint-parts": "分项合计超过总数",
    "lint-hedge": "确保又力争",
    "lint-due": "节点没有时间",
    "lint-measure": "没有可衡量的目标",
    "lint-twice": "两个部门同一指标",
}


def lint_view(findings: Sequence[Finding]) -> View:
    """Return the view of all weak spots, with a count of each kind at the end."""
    plain = findings_view(findings, "")
    counts = Counter(finding.code for finding in findings)
    texts = [f"{number:>4}  {NAMES[rule]}（{rule}）" for rule, number in counts.most_common()]
    blocks: tuple[Block, ...] = plain.blocks[:-1]
    ending = lines(
        f"共 {len(findings)} 处可以向部门问清；都是建议，不是错误" if findings else "没有发现要问的地方",
        *texts,
    )
    return View((*blocks, ending), plain.data, plain.records)
