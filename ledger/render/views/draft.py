"""`draft`: what a paragraph was read as, each target with its rule and each other numeral with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.commands.draft.material import DraftPlan, Paragraph, WrittenDraft
from ledger.commands.draft.review import figures_left_out, is_figure_left_out
from ledger.commands.draft.sheet import DraftRow, SheetOutcome
from ledger.commands.plan_import import ImportedPlan
from ledger.documents.heading_roles import ROLE_NAMES
from ledger.documents.model import TableReading
from ledger.extract import Draft, TargetDraft, as_json
from ledger.extract.rule_words import rule_words
from ledger.render.columns import COUNT, DATA, FIGURE, KIND_NAMES, WHOLE, Column, Columns
from ledger.render.view import Block, Marked, View, lines

OP_WORDS = {
    "reach": "",
    "at_least": "≥",
    "more_than": ">",
    "at_most": "≤",
    "less_than": "<",
    "about": "约",
    "between": "",
}
UNKNOWN = "未能识别"


class _Drafted(NamedTuple):
    paragraph: Paragraph
    target: TargetDraft


TARGET: Columns[TargetDraft] = Columns(
    Column("kind", "类别", lambda target: kind_name(target.kind)),
    Column("goal", "目标值", lambda target: drafted_goal(target), FIGURE),
    Column("hedge", "缓和语", lambda target: target.hedge),
    Column("name", "名称", lambda target: target.name),
    Column("rule", "规则", lambda target: rule_words(target.rule)),
    Column("quote", "原文摘句", lambda target: target.quote),
)
PARAGRAPH: Columns[Paragraph] = Columns(
    Column("place", "位置", lambda paragraph: paragraph.row.place),
    Column("department", "部门", lambda paragraph: paragraph.row.department),
    Column("title", "承诺事项", lambda paragraph: paragraph.row.title),
    Column("text", "年度目标", lambda paragraph: paragraph.row.text),
    Column("difficulty", "评定难度", lambda paragraph: paragraph.row.difficulty or None),
    Column("targets", "", lambda paragraph: as_json(paragraph.result), DATA),
    Column(
        "context",
        "",
        lambda paragraph: [
            {"quote": left_out.quote, "reason": left_out.reason} for left_out in paragraph.result.context
        ],
        DATA,
    ),
)
_RECORDS: Columns[_Drafted] = PARAGRAPH.pick("department title").within(
    lambda drafted: drafted.paragraph
) + TARGET.within(lambda drafted: drafted.target)
WRITTEN: Columns[WrittenDraft] = Columns(
    Column("id", "编号", lambda written: written.commitment.id, FIGURE),
    Column("path", "文件", lambda written: str(written.path)),
    Column("title", "承诺事项", lambda written: written.commitment.title),
    Column("targets", "目标", lambda written: len(written.commitment.targets), WHOLE),
    Column(
        "unknown",
        "",
        lambda written: [
            {"quote": unread.quote, "reason": unread.reason} for unread in written.commitment.unknown
        ],
        DATA,
    ),
    Column("_unknown", "未能识别", lambda written: len(written.commitment.unknown), COUNT),
)
_WRITTEN_TABLE = WRITTEN.pick("id targets _unknown title")


def kind_name(kind: str) -> str:
    """Return the kind as people call it."""
    return KIND_NAMES.get(kind, UNKNOWN)


def drafted_goal(target: TargetDraft) -> str:
    """Return a drafted goal as people read it."""
    if target.value is None or target.op is None:
        return ""
    if target.op == "between":
        return f"{target.value}～{target.value2}{target.unit}"
    tiers = "、".join(target.stretch)
    texts = f"{OP_WORDS[target.op]}{target.value}{target.unit}"
    return f"{texts}（争取 {tiers}）" if tiers else texts


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
    if result.targets:
        blocks.append(TARGET.table(result.targets))
    if result.context:
        blocks.append(
            lines(
                *(f"不是目标：{left_out.quote}（{left_out.reason}）" for left_out in result.context),
                style="faint",
            )
        )
    unknown = sum(target.kind == "unknown" for target in result.targets)
    blocks.append(lines(summary(len(result.targets), unknown), style="warning" if unknown else "faint"))
    return View(tuple(blocks), as_json(result), TARGET.records(result.targets))


def summary(targets: int, unknown: int) -> str:
    """Return the closing line of a draft."""
    if not targets:
        return "没有找到可衡量的目标"
    return f"{targets} 个目标" + (f"，其中 {unknown} 个未能识别，需人工认定" if unknown else "")


def table_view(reading: TableReading) -> View:
    """Return the view of a table whose columns are doubtful: its headings with what they were taken for, its first rows, the doubts."""
    columns = [
        f"{at}　{' / '.join(filter(None, (words.replace(chr(10), ''), '、'.join(row[at - 1][:14] for row in reading.rows if at <= len(row)))))}"
        f"　→ {_role_word(role)}"
        for at, (words, role) in enumerate(zip(reading.headings, reading.roles, strict=True), start=1)
    ]
    return View(
        (
            lines(f"{reading.name or '表'}：各列读作", style="heading"),
            lines(*columns),
            lines(*(f"没有把握：{doubt}" for doubt in reading.doubts), style="warning"),
        ),
        {},
    )


def _role_word(role: str) -> str:
    return next((word for word, known in ROLE_NAMES.items() if known == role), "不读") if role else "？"


def _table_blocks(tables: Sequence[TableReading]) -> list[Block]:
    """Return how the columns of the tables were understood, with the first row as it was read."""
    blocks: list[Block] = []
    for reading in tables:
        columns = [
            f"{at} {words.replace(chr(10), '')}→{_role_word(role)}"
            for at, (words, role) in enumerate(zip(reading.headings, reading.roles, strict=True), start=1)
            if role
        ]
        blocks.append(
            lines(
                f"{reading.name or '表'}读作：{'　'.join(columns)}",
                f"首行：{reading.example[:60]}",
                style="faint",
            )
        )
        if reading.doubts:
            blocks.append(
                lines(*(f"没有把握：{doubt}；用 --columns 指明" for doubt in reading.doubts), style="warning")
            )
    return blocks


def material_view(
    read: Sequence[Paragraph], notices: Sequence[str], tables: Sequence[TableReading] = ()
) -> View:
    """Return the view of a plan that was read and not written."""
    blocks: list[Block] = _table_blocks(tables)
    for paragraph in read:
        head = "  ".join(filter(None, (paragraph.row.place, paragraph.row.department, paragraph.row.title)))
        blocks += [
            lines(head, style="heading"),
            Marked(paragraph.row.text, spans_of(paragraph.result, in_title=False)),
        ]
        drafted = paragraph.result.targets
        blocks.append(TARGET.table(drafted) if drafted else lines(summary(0, 0), style="warning"))
        left_out = [
            f"{item.quote}（{item.reason}）"
            for item in paragraph.result.context
            if is_figure_left_out(item.quote, item.reason)
        ]
        blocks += [lines(f"未列为目标的数：{'、'.join(left_out)}", style="faint")] if left_out else []
    targets = [target for paragraph in read for target in paragraph.result.targets]
    unknown = sum(target.kind == "unknown" for target in targets)
    blocks += [lines(*(f"注意：{notice}" for notice in notices), style="warning")] if notices else []
    blocks.append(
        lines(
            f"{len(read)} 项承诺，{summary(len(targets), unknown)}", "只是预览，没有写入；加 --write 写成草稿"
        )
    )
    return View(
        tuple(blocks),
        lambda: PARAGRAPH.all_data(read),
        lambda: _RECORDS.records(
            _Drafted(paragraph, target) for paragraph in read for target in paragraph.result.targets
        ),
    )


def drafts_written_view(plan: DraftPlan, *, dry_run: bool) -> View:
    """Return the view of the draft files that were written, or would be."""
    blocks: list[Block] = _table_blocks(plan.material.tables)
    blocks += [_WRITTEN_TABLE.table(plan.written)] if plan.written else []
    blocks += (
        [lines(*(f"注意：{notice}" for notice in plan.material.notices), style="warning")]
        if plan.material.notices
        else []
    )
    if plan.known:
        blocks.append(
            lines(*(f"已有，没有再写：{row.place} {same}" for row, same in plan.known), style="faint")
        )
    targets = sum(len(draft.commitment.targets) for draft in plan.written)
    unknown = sum(len(draft.commitment.unknown) for draft in plan.written)
    texts = f"{len(plan.written)} 项草稿，{targets} 个目标，{unknown} 处未能识别"
    blocks.append(
        lines(f"{texts}；只是预览，没有写入", style="warning")
        if dry_run
        else lines(
            f"已写入 {texts}（data/drafts）", "下一步：ledger draft --review 逐项确认；确认之前不算承诺"
        )
    )
    return View(
        tuple(blocks), lambda: WRITTEN.all_data(plan.written), lambda: _WRITTEN_TABLE.records(plan.written)
    )


def sheet_written_view(path: str, rows: Sequence[DraftRow]) -> View:
    """Return the view of a table of drafts that was written."""
    doubtful = sum(bool(row.doubts) for row in rows)
    return View(
        (
            lines(
                f"已写出 {path}：{len(rows)} 行，{doubtful} 行有疑点",
                f"改好“处理”一列后读回：ledger draft --from {path}",
            ),
        )
    )


def sheet_read_view(outcome: SheetOutcome, *, dry_run: bool) -> View:
    """Return the view of what came of a table that was read back."""
    changes = f"{'会改' if dry_run else '已改'} {outcome.changed} 项草稿"
    confirmed = f"{'会确认' if dry_run else '已确认'} {len(outcome.confirmed)} 项，还有 {outcome.left} 项待定"
    texts = [f"{changes}，{confirmed}"]
    blocks: list[Block] = [lines(*texts)]
    if outcome.refused:
        blocks.append(lines(*(f"未读入：{message}" for message in outcome.refused), style="warning"))
    data = {
        "changed": outcome.changed,
        "confirmed": outcome.confirmed,
        "left": outcome.left,
        "refused": outcome.refused,
    }
    return View(tuple(blocks), data)


def plan_imported_view(imported: ImportedPlan, *, dry_run: bool) -> View:
    """Return the view of a plan that was imported: the drafts, the departments added, and what states no goal."""
    view = drafts_written_view(imported.plan, dry_run=dry_run)
    blocks = list(view.blocks)
    if imported.departments:
        blocks.insert(
            0,
            lines(
                f"{'会加入' if dry_run else '已加入'} {len(imported.departments)} 个部门：{'、'.join(imported.departments)}",
                "谁可以记账、评定还没有限定：在 data/ledger.yaml 各部门下写 reporters、reviewers",
            ),
        )
    if imported.without_goals:
        shown = [f"没有可衡量的目标，未写入：{row.place} {row.text[:30]}" for row in imported.without_goals]
        blocks.insert(-1, lines(*shown, style="faint"))
    left_out = [
        (draft.commitment.id, item)
        for draft in imported.plan.written
        for item in figures_left_out(draft.commitment)
    ]
    if left_out:
        shown = [f"未列为目标的数：{name} {item.quote}（{item.reason}）" for name, item in left_out]
        blocks.insert(-1, lines(*shown, style="faint"))
    return View(tuple(blocks), lambda: view.data, lambda: view.records)
