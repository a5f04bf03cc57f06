"""Rules for changes of commitments: every field is protected, a change is recorded with a reason, and goals do not sink late in the year.

Compared are the values that the files mean, read in the units of the ledger in force; what cannot be read or compared is a finding.
The time of a change is the server's where there is one, else the commit's, but never that which the file claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ledger.core.findings import Finding
from ledger.core.models.base import ABSENT, fields_of
from ledger.core.models.revisions import (
    DATED,
    former,
    value_on,
)
from ledger.core.texts import has_words
from ledger.core.units import UnitTable
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.commit_rules.goal_ease import EASING_FIELDS, is_harder, is_not_easier
from ledger.rules.audit.commit_rules.goal_items import (
    CommitmentVersion,
    GoalChange,
    GoalItem,
    items_of,
    key_of,
    read_version,
    same_values,
    value_of,
    written_name,
)
from ledger.rules.paths import TARGETS
from ledger.rules.permissions import Action

REASON = "Ledger-Reason"
"""The trailer that gives the reason of a change made without `ledger amend`."""

WORDS = {
    "id": "编号", "department": "责任部门", "title": "承诺事项", "year": "年度", "period_from": "计划期起", "period_to": "计划期止",
    "difficulty": "评定难度", "draft": "草稿标记", "text": "年度目标原文", "context": "不作目标的数字", "closed": "销号",
    "key": "代号", "name": "名称", "quote": "原文摘句", "hedge": "缓和语", "due": "期限", "weight": "权重", "part_of": "“其中”关系",
    "any_of": "“其一”关系", "note": "编录说明", "kind": "类型", "goal": "目标值", "stretch": "争取目标", "plan": "分时段计划",
    "baseline": "基期数", "hold": "每次达标的要求", "direction": "方向", "among": "排名范围", "unit": "单位", "steps": "步骤",
    "review": "评定日期", "partners": "配合单位", "frequency": "报送周期",
}  # fmt: skip

_DAY = timedelta(days=1)
"""How far the day of a record may lie from that of its commit: midnight passes, and zones differ."""


def check_commitment_changes(context: CommitContext) -> Iterator[Finding]:
    """Yield what is wrong with the commit's changes of commitment files."""
    for change in context.changes:
        match = TARGETS.fullmatch(change.path)
        if not match or change.removed or not context.started:
            continue
        late = _late_day(context, int(match["year"]))
        if change.added:
            if late is not None:
                message = f"{late} 才新增承诺事项：{_limit(context)} 起增加的目标会抬高完成率"
                yield context.finding("goal-lowered", message, change.path, 0, "请督查核实")
            continue
        versions = [read_version(context.blob(blob), context.units) for blob in (change.old, change.new)]
        old, new = versions
        if isinstance(new, Finding):
            yield context.finding(
                "goal", "改后的承诺事项读不出来", change.path, new.place.line, "ledger check 看错在哪里"
            )
        elif isinstance(old, Finding):
            message = "改之前的承诺事项读不出来，无法核对改了什么"
            yield context.finding(
                "goal", message, change.path, 0, f"git show {context.commit.short} 逐项核对"
            )
        else:
            reason = has_words("".join(context.commit.trailer(REASON)))
            yield from _compare(GoalChange(context, change.path, old, new, reason, late))


def actions_of(before: bytes | None, after: bytes, units: UnitTable) -> frozenset[Action]:
    """Return which actions a change of a commitment file amounts to, by the fields that differ; `amend` where that cannot be told."""
    old = read_version(before, units) if before is not None else None
    new = read_version(after, units)
    if not isinstance(old, CommitmentVersion) or not isinstance(new, CommitmentVersion):
        return frozenset({"amend"})
    actions: set[Action] = set()
    for item in items_of(old, new):
        names = set(item.changed) or ({"revisions"} if item.fresh else set())
        if "closed" in names:
            actions.add("close")
        if "difficulty" in names:
            actions.add("rate")
        if names - {"closed", "difficulty"}:
            actions.add("amend")
    keys = [{target.key for target in version.commitment.targets} for version in (old, new)]
    if keys[0] != keys[1]:
        actions.add("amend")
    return frozenset(actions)


def closing_evidence(raw: bytes, units: UnitTable) -> Iterator[tuple[int, str]]:
    """Yield the evidence of the closings in a commitment file, with the line of each; nothing where the file cannot be read."""
    version = read_version(raw, units)
    if isinstance(version, Finding):
        return
    items: list[tuple[tuple[str | int, ...], Any]] = [((), version.commitment)]
    items += [(("targets", number), target) for number, target in enumerate(version.commitment.targets)]
    for loc, item in items:
        if item.closed is not None:
            line = version.document.locate((*loc, "closed"))[0]
            for name in item.closed.evidence:
                yield line, name


def _compare(change: GoalChange) -> Iterator[Finding]:
    old, new = change.old.commitment, change.new.commitment
    for item in items_of(change.old, change.new):
        yield from _check_record(change, item)
        yield from _check_signed(change, item)
        yield from _check_reasons(change, item)
        yield from _check_sealed(change, item)
        if change.late is not None:
            yield from _check_ease(change, item)
    kept = {target.key for target in new.targets}
    known = {target.key for target in old.targets}
    for target in old.targets:
        if target.key not in kept:
            yield from _moved(change, f"目标 {target.name}（{target.key}）被删去", 0, target.key)
    for number, target in enumerate(new.targets):
        if target.key not in known:
            line = change.new.document.locate(("targets", number))[0]
            yield from _moved(change, f"新增了目标 {target.name}（{target.key}）", line, target.key)


def _check_sealed(change: GoalChange, item: GoalItem) -> Iterator[Finding]:
    """What held on a sealed day goes on holding on it; fields that describe the whole year show as a change and are not looked at."""
    sealed = change.context.sealed
    if sealed is None:
        return
    for field in DATED:
        if not all(field in fields_of(type(version)) for version in (item.before, item.after)):
            continue
        before, after = (value_on(version, field, sealed) for version in (item.before, item.after))
        if same_values(before, after):
            continue
        line = change.new.document.locate((*item.loc, field))[0]
        message = f"{item.name}{WORDS[field]}的改动自封过的日子起算：{sealed:%Y-%m} 及以前各月已封账"
        verb = {"difficulty": "rate", "closed": "close"}.get(field, "amend")
        again = _command(change.path, key_of(item)).replace("amend", verb)
        since = "" if field == "closed" else f" … --from {sealed + timedelta(days=1)}"
        hint = f"自封账以后起算：ledger redo --drop {change.context.commit.short}，再 {again}{since}"
        yield change.finding("sealed", message, line, hint)


def _moved(change: GoalChange, what: str, line: int, key: str) -> Iterator[Finding]:
    """Yield what is said of a target that came or went."""
    if not change.reason:
        hint = f"提交说明里写上 {REASON}: 理由；改目标用 {_command(change.path, key)}"
        yield change.finding("goal", f"{what}，没有写理由", line, hint)
    if change.late is not None:
        yield change.finding("goal-lowered", f"{change.late} {what}", line, _verify(change.context))


def _check_record(change: GoalChange, item: GoalItem) -> Iterator[Finding]:
    """Revisions are never cut, and each new one keeps what the file truly said before."""
    line = change.new.document.locate((*item.loc, "revisions"))[0]
    restore = "恢复原来的 revisions"
    if item.after.revisions[: len(item.before.revisions)] != item.before.revisions:
        yield change.finding("goal", f"{item.name}以前的改动记录（revisions）被改或被删", line, restore)
        return
    named = dict.fromkeys(field for revision in item.fresh for field in fields_of(type(revision.was)))
    for field in named:
        kept = [value for revision in item.fresh if (value := _kept(item, revision, field)) is not ABSENT]
        if not kept:
            continue
        before, after = value_of(item.before, field), value_of(item.after, field)
        word = WORDS.get(field, field)
        if not same_values(kept[0], before):
            message = f"{item.name}的改动记录写的原{word}，与改之前的文件不符"
        elif len(kept) > 1:
            message = f"{item.name}的{word}在一次提交里写了 {len(kept)} 步改动，中间的值账本里从来没有过"
        elif same_values(before, after):
            message = f"{item.name}的改动记录说改了{word}，其实没有改"
        else:
            continue
        yield change.finding(
            "goal", message, line, f"用 {_command(change.path, key_of(item))} 改，记录由程序写下"
        )


def _check_signed(change: GoalChange, item: GoalItem) -> Iterator[Finding]:
    """Each new record of a change, and a new closing, names its commit's author and day."""
    count = len(item.before.revisions)
    records: list[tuple[str, Any, tuple[str | int, ...]]] = [
        ("改动记录", revision, ("revisions", count + number)) for number, revision in enumerate(item.fresh)
    ]
    if item.after.closed is not None and "closed" in item.changed:
        records.append(("销号", item.after.closed, ("closed",)))
    context = change.context
    day = context.commit.when.date()
    for what, record, loc in records:
        line = change.new.document.locate((*item.loc, *loc))[0]
        again = f"ledger redo --drop {context.commit.short}，再 {_command(change.path, key_of(item))}，记录由程序写下"
        if not context.is_author(record.by):
            message = f"{item.name}的{what}写的是 {record.by}，提交的作者却是 {context.commit.author}"
            yield change.finding("goal", message, line, f"谁改的写谁：{again}")
        if abs(record.on - day) > _DAY and not context.policy.simulated:
            message = f"{item.name}的{what}写的日子是 {record.on}，提交的日子却是 {day}"
            yield change.finding("goal", message, line, f"自别的日子起算的写在 from 里：{again} --from 日期")


def _kept(item: GoalItem, revision: Any, field: str) -> Any:
    """Return what a revision says that a field was; `ABSENT` where it says nothing of it."""
    value = getattr(revision.was, field)
    return value if value is ABSENT else former(item.before, revision, field)


def _check_reasons(change: GoalChange, item: GoalItem) -> Iterator[Finding]:
    """Yield the changed fields for which neither a revision nor the commit gives a reason."""
    recorded = {
        field
        for revision in item.fresh
        for field in fields_of(type(revision.was))
        if has_words(revision.reason)
        and same_values(_kept(item, revision, field), value_of(item.before, field))
    }
    bare = []
    for field in item.changed:
        before = value_of(item.before, field)
        closing = field == "closed" and before is None  # says itself who closed it and on what evidence
        losing = field in item.holdable and before not in (None, ())
        if not (field in recorded or closing or (change.reason and not losing)):
            bare.append(field)
    if not bare:
        return
    line = change.new.document.locate((*item.loc, written_name(bare[0])))[0]
    words = "、".join(WORDS.get(field, field) for field in bare)
    what = f"{item.name}的{words}" if item.name else words
    yield change.finding(
        "goal",
        f"{what}被改{_from_to(item)}，没有写理由",
        line,
        f"用 {_command(change.path, key_of(item))} --reason 理由 修改，原来的值会留在文件里",
    )


def _check_ease(change: GoalChange, item: GoalItem) -> Iterator[Finding]:
    """Yield the changes late in the year that make a target easier, or that cannot be shown not to."""
    fields = [
        field
        for field in item.changed
        if field in EASING_FIELDS and not is_not_easier(field, item, change.context.units)
    ]
    if not fields:
        return
    line = change.new.document.locate((*item.loc, written_name(fields[0])))[0]
    what = f"{item.name}的" if item.name else ""
    words = "、".join(WORDS.get(field, field) for field in fields)
    message = f"{what}{words}在 {change.late} 被改，比原来容易或无法比较{_from_to(item)}"
    if fields == ["goal"] and is_harder(item.after.goal, item.before.goal, change.context.units):
        message = f"{item.name}的目标在 {change.late} 被调低{_from_to(item)}"
    yield change.finding("goal-lowered", message, line, _verify(change.context))


def _late_day(context: CommitContext, year: int) -> date | None:
    """Return the day of a commit made so late in the plan's year that its goals must not sink any more."""
    day = context.known_day
    return day if (day.year, day.month, day.day) >= (year, *context.policy.lowering_from) else None


def _limit(context: CommitContext) -> str:
    return "{:02d}-{:02d}".format(*context.policy.lowering_from)


def _verify(context: CommitContext) -> str:
    return f"{_limit(context)} 起不能降低要求，请督查核实"


def _command(path: str, key: str) -> str:
    match = TARGETS.fullmatch(path)
    assert match
    return f"ledger amend {match['department']}-{match['number']}" + (f"/{key}" if key else "")


def _from_to(item: GoalItem) -> str:
    before, after = getattr(item.before, "goal", None), getattr(item.after, "goal", None)
    if before is None or after is None or before == after:
        return ""
    return f"（{before.wording} → {after.wording}）"
