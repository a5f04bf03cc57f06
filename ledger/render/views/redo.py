"""`redo`: what is made again, and how."""

from __future__ import annotations

from pathlib import Path

from ledger.commands.redo import Redone, RedoneEntry, RedoPlan
from ledger.core.models.entries import FIGURE_KEYS
from ledger.git.commits import SHORT
from ledger.render.columns import Column, Columns
from ledger.render.view import PREVIEW, Block, View, lines

_ACTIONS = {"kept": "照原样", "late": "改成补报", "dropped": "丢下"}

ENTRY: Columns[RedoneEntry] = Columns(
    Column("id", "编号", lambda entry: entry.old.id),
    Column("new_id", "新编号", lambda entry: entry.new.id if entry.new else None),
    Column("commitment", "事项", lambda entry: _commitment(entry.path)),
    Column("target", "目标", lambda entry: entry.old.target),
    Column("on", "数据日期", lambda entry: entry.old.on.isoformat()),
    Column("figure", "数", lambda entry: _figure(entry)),
    Column("action", "做法", lambda entry: entry.action),
    Column("problem", "服务器会说", lambda entry: entry.problem or None),
)


def redo_view(plan: RedoPlan) -> View:
    """Return the view of what would be made again."""
    blocks: list[Block] = [lines(f"没有送出的提交 {len(plan.commits)} 次，会这样重做：", *_described(plan))]
    if plan.problems:
        hint = "  → 补报：--late --reason 理由；姓名邮箱改对了：--as-me；不要的：--drop 编号"
        blocks.append(lines(f"还有 {len(plan.problems)} 条服务器不会接受", hint, style="warning"))
    blocks.append(PREVIEW)
    return View(tuple(blocks), _data(plan, None, None), ENTRY.records(plan.entries))


def redone_view(done: Redone) -> View:
    """Return the view of what was made again."""
    sent = "与服务器一致" if done.tip == done.plan.tip else "还没有送出：ledger sync"
    texts = lines(
        "已重做：",
        *_described(done.plan),
        f"  现在到 {done.tip[:SHORT]}，{sent}",
        f"  原来的提交留在 {done.kept}；不用了：ledger redo --forget",
    )
    return View((texts,), _data(done.plan, done.tip, done.kept), ENTRY.records(done.plan.entries))


def forgotten_view(count: int) -> View:
    """Return the view of old commits that are kept no longer."""
    return View((lines(f"不再保留重做以前的提交：{count} 份"),), {"forgotten": count})


def _described(plan: RedoPlan) -> list[str]:
    shown = []
    for commit in plan.commits:
        if commit.whole:
            shown.append(
                f"  {'丢下' if commit.dropped else '照原样'}  {commit.commit.short}  {commit.commit.subject}"
            )
        for entry in commit.entries:
            problem = f"  ← {entry.problem}" if entry.problem else ""
            where = f"{_commitment(entry.path)}/{entry.old.target}"
            shown.append(
                f"  {_ACTIONS[entry.action]}  {entry.old.id}  {where}  {entry.old.on}  {_figure(entry)}{problem}"
            )
    return shown


def _commitment(path: str) -> str:
    return f"{Path(path).parent.name}-{Path(path).stem}"


def _figure(entry: RedoneEntry) -> str:
    old = entry.old
    if old.voids:
        return f"作废 {old.voids}"
    figures = [str(value) for key in FIGURE_KEYS if (value := getattr(old, key)) is not None]
    return " ".join(figures) or (old.note or "")


def _data(plan: RedoPlan, tip: str | None, kept: str | None) -> dict[str, object]:
    commits = [
        {
            "commit": commit.commit.id,
            "subject": commit.commit.subject,
            "dropped": commit.dropped,
            "whole": commit.whole,
        }
        for commit in plan.commits
    ]
    return {"commits": commits, "entries": ENTRY.all_data(plan.entries), "tip": tip, "kept": kept}
