"""Shows what a paragraph was read as: the words with their spans, each target with its rule, each other numeral's reason."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.commands.draft import Paragraph, Plan
from ledger.extract import Draft, TargetDraft, as_json
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


def paragraph_view(read: Paragraph) -> View:
    """Return the view of one paragraph; its JSON is the published contract."""
    text, title, result = read.row.text, read.row.title, read.result
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


def material_view(read: Sequence[Paragraph], notices: Sequence[str]) -> View:
    """Return the view of a plan that was read and not written."""
    blocks: list[Block] = []
    rows: list[tuple[str, ...]] = []
    for one in read:
        head = "  ".join(filter(None, (one.row.place, one.row.department, one.row.title)))
        blocks += [lines(head, style="heading"), Marked(one.row.text, spans_of(one.result, in_title=False))]
        table = targets_table(one.result.targets)
        blocks.append(table if one.result.targets else lines(summary(0, 0), style="warning"))
        rows += [strings((one.row.department, one.row.title, *row)) for row in table.rows]
    targets = [target for one in read for target in one.result.targets]
    unknown = sum(target.kind == "unknown" for target in targets)
    blocks += [lines(*(f"注意：{one}" for one in notices), style="warning")] if notices else []
    blocks.append(
        lines(
            f"{len(read)} 项承诺，{summary(len(targets), unknown)}", "只是预览，没有写入；加 --write 写成草稿"
        )
    )
    data = [
        {
            "place": one.row.place,
            "department": one.row.department,
            "title": one.row.title,
            "text": one.row.text,
            "difficulty": one.row.difficulty or None,
            "targets": as_json(one.result),
            "context": [{"quote": other.quote, "reason": other.reason} for other in one.result.context],
        }
        for one in read
    ]
    columns = tuple(map(Column, ("部门", "承诺事项", *COLUMNS)))
    return View(tuple(blocks), data, Table(columns, rows))


def written_view(plan: Plan, *, dry_run: bool) -> View:
    """Return the view of the draft files that were written, or would be."""
    columns = (
        Column("编号", "figure"),
        Column("目标", "figure"),
        Column("没读懂", "figure"),
        Column("承诺事项"),
    )
    rows = [
        strings(
            (
                one.commitment.id,
                len(one.commitment.targets),
                len(one.commitment.unknown) or "",
                one.commitment.title,
            )
        )
        for one in plan.written
    ]
    blocks: list[Block] = [Table(columns, rows)] if rows else []
    blocks += (
        [lines(*(f"注意：{one}" for one in plan.material.notices), style="warning")]
        if plan.material.notices
        else []
    )
    if plan.known:
        blocks.append(
            lines(*(f"已有，没有再写：{row.place} {same}" for row, same in plan.known), style="faint")
        )
    targets = sum(len(one.commitment.targets) for one in plan.written)
    unknown = sum(len(one.commitment.unknown) for one in plan.written)
    said = f"{len(plan.written)} 项草稿，{targets} 个目标，{unknown} 处没有读懂"
    blocks.append(
        lines(f"{said}；只是预览，没有写入", style="warning")
        if dry_run
        else lines(
            f"已写入 {said}（data/drafts）", "下一步：ledger draft --review 逐项确认；确认之前不算承诺"
        )
    )
    data = [
        {
            "id": one.commitment.id,
            "path": str(one.path),
            "title": one.commitment.title,
            "targets": len(one.commitment.targets),
            "unknown": [{"quote": other.quote, "reason": other.reason} for other in one.commitment.unknown],
        }
        for one in plan.written
    ]
    return View(tuple(blocks), data, Table(columns, rows))
