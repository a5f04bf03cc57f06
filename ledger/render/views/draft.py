"""Shows what a paragraph was read as: the words with their spans, each target with its rule, each other numeral's reason."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.draft import Draft, TargetDraft, as_json
from ledger.render.view import Block, Column, Marked, Table, View, lines, strings
from ledger.render.views.targets import KIND_NAMES

OP_WORDS = {
    "reach": "",
    "at_least": "≥",
    "more_than": ">",
    "at_most": "≤",
    "less_than": "<",
    "about": "约",
    "between": "",
}
UNKNOWN = "没有读懂"
COLUMNS = ("类别", "目标值", "缓和语", "名称", "规则", "原文摘句")


def kind_name(kind: str) -> str:
    """Return the kind as people call it."""
    return KIND_NAMES.get(kind, UNKNOWN)


def goal_words(target: TargetDraft) -> str:
    """Return a drafted goal as people read it."""
    if target.value is None or target.op is None:
        return ""
    if target.op == "between":
        return f"{target.value}～{target.value2}{target.unit}"
    tiers = "、".join(target.stretch)
    said = f"{OP_WORDS[target.op]}{target.value}{target.unit}"
    return f"{said}（争取 {tiers}）" if tiers else said


def spans_of(result: Draft, *, in_title: bool) -> tuple[tuple[int, int], ...]:
    """Return the spans of the targets as pieces that do not overlap, for marking."""
    pieces: list[tuple[int, int]] = []
    for start, end in sorted(target.span for target in result.targets if target.in_title == in_title):
        begin = max(start, pieces[-1][1]) if pieces else start
        if begin < end:
            pieces.append((begin, end))
    return tuple(pieces)


def paragraph_view(text: str, title: str, result: Draft) -> View:
    """Return the view of one paragraph; its JSON is the published contract."""
    blocks: list[Block] = []
    if title:
        blocks.append(Marked(title, spans_of(result, in_title=True)))
    blocks.append(Marked(text, spans_of(result, in_title=False)))
    table = targets_table(result.targets)
    if result.targets:
        blocks.append(table)
    if result.context:
        blocks.append(
            lines(*(f"不是目标：{one.quote}（{one.reason}）" for one in result.context), style="faint")
        )
    unknown = sum(target.kind == "unknown" for target in result.targets)
    blocks.append(lines(summary(len(result.targets), unknown), style="warning" if unknown else "faint"))
    return View(tuple(blocks), as_json(result), table)


def summary(targets: int, unknown: int) -> str:
    """Return the closing line of a draft."""
    if not targets:
        return "没有找到可衡量的目标"
    return f"{targets} 个目标" + (f"，其中 {unknown} 个没有读懂，要人来定" if unknown else "")


def targets_table(targets: Sequence[TargetDraft]) -> Table:
    """Return drafted targets as a table."""
    columns = tuple(Column(title, "figure" if title == "目标值" else "text") for title in COLUMNS)
    rows = [
        strings((kind_name(one.kind), goal_words(one), one.hedge, one.name, one.rule, one.quote))
        for one in targets
    ]
    return Table(columns, rows)
