"""`verify`, `return` and `remark`: reviewed figures, causes and measures."""

from __future__ import annotations

from ledger.commands.log import PendingEntry
from ledger.commands.verify import Reviewed, ReviewResult, Skipped
from ledger.core.models.base import dump_model, to_json
from ledger.core.models.entries import short_id
from ledger.git import Commit
from ledger.render.columns import DATA, DAY, FIGURE, Column, Columns
from ledger.render.view import PREVIEW, Block, View, lines
from ledger.render.views.show import figure_text, remark_text

REVIEWED: Columns[Reviewed] = Columns(
    Column("ref", "目标代号", lambda item: item.pending.target_ref.ref),
    Column("reviewed", "记录", lambda item: item.figure.id),
    Column("on", "数据日期", lambda item: item.figure.on, DAY),
    Column("figure", "上报", lambda item: figure_text(item.figure, item.pending.target_ref.target), FIGURE),
    Column("doubts", "", lambda item: [doubt.rule for doubt in item.doubts], DATA),
    Column("entry", "", lambda item: to_json(dump_model(item.pending.entry)), DATA),
    Column("_short", "记录", lambda item: short_id(item.figure.id), FIGURE),
    Column("_by", "上报人", lambda item: item.figure.by),
    Column("_doubts", "疑点", lambda item: "；".join(doubt.message for doubt in item.doubts)),
    Column("_name", "目标", lambda item: item.pending.target_ref.target.name),
)
_REVIEWED_TABLE = REVIEWED.pick("_short on figure _by _name")
_RECORDS = REVIEWED.pick("reviewed ref _name on figure _by _doubts")
SKIPPED: Columns[Skipped] = Columns(
    Column("ref", "目标代号", lambda item: item.target_ref.ref),
    Column("reviewed", "记录", lambda item: item.entry.id),
    Column("on", "数据日期", lambda item: item.entry.on, DAY),
    Column("figure", "上报", lambda item: figure_text(item.entry, item.target_ref.target), FIGURE),
    Column("why", "原因", lambda item: item.why),
    Column("_short", "记录", lambda item: short_id(item.entry.id), FIGURE),
    Column("_name", "目标", lambda item: item.target_ref.target.name),
)
_SKIPPED_TABLE = SKIPPED.pick("_short on figure _name why")


def review_view(result: ReviewResult) -> View:
    """Return the view of figures that were verified or returned, or would be, with those left out."""
    first = result.reviewed[0].pending.entry
    word = "退回" if first.returns else "核定"
    blocks: list[Block] = [
        lines(f"{word} {len(result.reviewed)} 条", style="heading"),
        _REVIEWED_TABLE.table(result.reviewed),
    ]
    if first.reason:
        blocks.append(lines(f"理由：{first.reason}"))
    if first.returns:
        blocks.append(lines("仍算已报，不算核定；更正之前，催报和填报表都会列出"))
    if result.skipped:
        blocks.append(
            lines(
                f"没有核定的 {len(result.skipped)} 条：核对无误的，加上 --confirm 或写记录编号核定",
                style="warning",
            )
        )
        blocks.append(_SKIPPED_TABLE.table(result.skipped))
    blocks.append(lines(f"已记录，提交 {result.commit.short}") if result.commit else PREVIEW)
    return View(
        tuple(blocks),
        lambda: {
            "reviewed": REVIEWED.all_data(result.reviewed),
            "skipped": SKIPPED.all_data(result.skipped),
            "commit": result.commit.id if result.commit else None,
        },
        lambda: _RECORDS.records(result.reviewed),
    )


def remark_view(pending: PendingEntry, commit: Commit | None) -> View:
    """Return the view of a remark that was written, or would be."""
    entry, target_ref = pending.entry, pending.target_ref
    texts = [
        f"{target_ref.ref}  {target_ref.target.name}",
        *(f"  {part}" for part in remark_text(entry).split("；")),
    ]
    done = lines(f"已记录，提交 {commit.short}", f"  编号 {entry.id}") if commit else PREVIEW
    return View(
        (lines(*texts), done),
        {"ref": target_ref.ref, "entry": to_json(dump_model(entry)), "commit": commit.id if commit else None},
        lambda: _REMARKS.records([pending]),
    )


_REMARKS: Columns[PendingEntry] = Columns(
    Column("ref", "目标代号", lambda pending: pending.target_ref.ref),
    Column("name", "目标", lambda pending: pending.target_ref.target.name),
    Column("cause", "原因", lambda pending: pending.entry.cause),
    Column("measure", "措施", lambda pending: pending.entry.measure),
    Column("owner", "责任人", lambda pending: pending.entry.owner),
    Column("until", "时限", lambda pending: pending.entry.until, DAY),
)
