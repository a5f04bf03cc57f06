"""Commands that write: the entry, its effect and the commit; new ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.commands.log import LogResult, PendingEntry
from ledger.core.evidence import evidence_text
from ledger.core.models.base import dump_model, to_json
from ledger.render.columns import DATA, DAY, FIGURE, Column, Columns
from ledger.render.view import PREVIEW, Lines, View, day, lines
from ledger.render.views.show import figure_text
from ledger.render.views.status import SIMULATED, TARGET, status_words

if TYPE_CHECKING:
    from ledger.commands.demo import Demo
    from ledger.commands.init import NewLedger


class _Entry(NamedTuple):
    """An entry and the commit that holds it; None while it is not written."""

    pending: PendingEntry
    commit: str | None


ENTRY: Columns[_Entry] = Columns(
    Column("ref", "目标代号", lambda written: written.pending.target_ref.ref),
    Column("entry", "", lambda written: to_json(dump_model(written.pending.entry)), DATA),
    Column("before", "", lambda written: TARGET.data(written.pending.before), DATA),
    Column("after", "", lambda written: TARGET.data(written.pending.after), DATA),
    Column("warnings", "", lambda written: list(written.pending.warnings), DATA),
    Column("commit", "提交", lambda written: written.commit),
    Column("_id", "编号", lambda written: written.pending.entry.id),
    Column("_name", "目标", lambda written: written.pending.target_ref.target.name),
    Column("_on", "数据日期", lambda written: written.pending.entry.on, DAY),
    Column(
        "_figure",
        "上报",
        lambda written: figure_text(written.pending.entry, written.pending.target_ref.target),
        FIGURE,
    ),
    Column("_now", "当前值", lambda written: written.pending.after.actual, FIGURE),
)
_RECORDS = ENTRY.pick("_id ref _name _on _figure _now commit")


def preview_view(pending: PendingEntry, *, default_day: bool = False) -> View:
    """Return the view of an entry that was checked but not written; `default_day` says that nobody gave its date."""
    return _entry_view(pending, None, PREVIEW, default_day=default_day)


def effect_view(pending: PendingEntry) -> View:
    """Return the view of what an entry would change, for a person to say yes to."""
    return _entry_view(pending, None)


def logged_view(logged: LogResult, *, default_day: bool = False) -> View:
    """Return the view of an entry that was written; `default_day` says that nobody gave its date."""
    (pending,) = logged.pending
    done = lines(f"已记录，提交 {logged.commit.short}", f"  编号 {pending.entry.id}")
    return _entry_view(pending, logged.commit.id, done, default_day=default_day)


def _entry_view(pending: PendingEntry, commit: str | None, *ending: Lines, default_day: bool = False) -> View:
    row = _Entry(pending, commit)
    on = pending.entry.on
    month = f"报 {on.year} 年 {on.month} 月的数，数据日期 {day(on)}；别的日期用 --on 写明"
    beginning = (lines(month),) if default_day else ()
    return View(
        lambda: (*beginning, _effect(pending), *ending),
        lambda: ENTRY.data(row),
        lambda: _RECORDS.records([row]),
    )


def made_view(new_ledger: NewLedger, *, dry_run: bool = False) -> View:
    """Return the view of a new ledger, or of one that would be made."""
    what = f"{new_ledger.commitments} 项承诺" if new_ledger.commitments else "还没有承诺事项"
    start = (
        "ledger status"
        if new_ledger.commitments
        else "从计划原件导入：ledger plan import 计划文件 --year 年度"
    )
    if dry_run:
        return View(
            (lines(f"会建账本：{new_ledger.root}（{what}）"), PREVIEW),
            {"root": str(new_ledger.root), "commitments": new_ledger.commitments},
        )
    words = lines(
        f"账本已建好：{new_ledger.root}（{what}，提交 {new_ledger.commit}）",
        f"下一步：cd {new_ledger.root}，然后 {start}",
    )
    return View(
        (words,),
        {"root": str(new_ledger.root), "commit": new_ledger.commit, "commitments": new_ledger.commitments},
    )


def demo_view(demo: Demo, *, dry_run: bool = False) -> View:
    """Return the view of a demonstration ledger, or of one that would be made."""
    data = {"root": str(demo.new.root), "entries": demo.entries}
    if dry_run:
        would = f"会建演示账本：{demo.new.root}（{demo.new.commitments} 项承诺，{demo.entries} 条模拟记录）"
        return View((lines(SIMULATED, style="warning"), lines(would), PREVIEW), data)
    words = lines(
        f"演示账本已建好：{demo.new.root}（{demo.new.commitments} 项承诺，{demo.entries} 条模拟记录）",
        f"下一步：cd {demo.new.root}，然后 ledger status --as-of {day(demo.until)}",
    )
    return View((lines(SIMULATED, style="warning"), words), data)


def _effect(pending: PendingEntry) -> Lines:
    target, entry = pending.target_ref.target, pending.entry
    reported = "本月" if entry.add is not None else "上报："
    texts = [
        f"{pending.target_ref.ref}  {target.name}",
        f"  {reported}{figure_text(entry, target)}（数据日期 {day(entry.on)}，上报人 {entry.by}）",
        *([f"  佐证：{'；'.join(map(evidence_text, entry.evidence))}"] if entry.evidence else []),
        *([f"  说明：{entry.note}"] if entry.note else []),
        f"  此前：{status_words(pending.before)}  {pending.before.light.value}",
        f"  现在：{status_words(pending.after)}  {pending.after.light.value}",
    ]
    texts += [
        f"  注意：{note}" for note in (pending.after.reason, *pending.after.notes, *pending.warnings) if note
    ]
    if entry.simulated:
        texts.append("  模拟数据")
    return lines(*texts)
