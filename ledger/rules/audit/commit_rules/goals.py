"""What was promised stays promised: a goal changes with a reason, and not downwards late in the year. Rules over one commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ledger.core.findings import Finding
from ledger.core.models import Commitment
from ledger.core.models.base import ValidationError
from ledger.core.models.base import read as read_model
from ledger.core.models.goals import Goal, RankGoal
from ledger.core.units import default_units
from ledger.files.yaml_reader import Document, parse
from ledger.rules.audit.breach import Breach, breach
from ledger.rules.audit.commit_context import TARGETS, CommitContext

REASON = "Ledger-Reason"
"""The trailer that gives the reason of a change made without `ledger amend`."""
_PROMISED = (
    "kind",
    "name",
    "goal",
    "unit",
    "direction",
    "hold",
    "due",
    "plan",
    "steps",
    "weight",
    "part_of",
    "any_of",
    "among",
)
_WORDS = {
    "kind": "类型", "name": "名称", "goal": "目标值", "unit": "单位", "direction": "方向", "hold": "每次达标的要求",
    "due": "期限", "plan": "分时段计划", "steps": "步骤", "weight": "权重", "part_of": "“其中”关系", "any_of": "“其一”关系",
    "among": "排名范围", "baseline": "基期数", "title": "承诺事项", "text": "年度目标原文", "from": "计划期起", "to": "计划期止",
}  # fmt: skip

Raw = Mapping[str, Any]


def goals_change_with_a_reason(context: CommitContext) -> Iterator[Breach]:
    """What a commitment promises changes only with a reason, in the file's revision or the commit; lowered late, never unseen."""
    for change in context.changes:
        found = TARGETS.fullmatch(change.path)
        if not found or change.added or change.removed:
            continue
        old, new = _parse(context.blob(change.old)), _parse(context.blob(change.new))
        if old is None or new is None:
            if old is not None:
                yield breach(
                    context.step, "goal", change.path, 0, "改后的承诺事项读不出来", "ledger check 看错在哪里"
                )
            continue
        said = bool("".join(context.step.trailer(REASON)).strip())
        yield from _commitment(context, change.path, old, new, said)
        yield from _targets(context, change.path, int(found["year"]), old, new, said)


def _commitment(
    context: CommitContext, path: str, old: Document, new: Document, said: bool
) -> Iterator[Breach]:
    given = said or bool(_revisions(old.data, new.data))
    for key in ("title", "text", "from", "to"):
        if old.data.get(key) != new.data.get(key) and not given:
            yield _unexplained(context, path, new.locate((key,))[0], _WORDS[key])


def _targets(
    context: CommitContext, path: str, year: int, old: Document, new: Document, said: bool
) -> Iterator[Breach]:
    models_old, models_new = _models(old), _models(new)
    if _cut(old.data, new.data):
        yield breach(
            context.step, "goal", path, 0, "以前的改动记录（revisions）被改或被删", "恢复原来的 revisions"
        )
    after = {one.get("key"): (number, one) for number, one in _raw_targets(new)}
    for _, before in _raw_targets(old):
        key = before.get("key")
        if key in after and _cut(before, after[key][1]):
            message = f"{before.get('name')}以前的改动记录（revisions）被改或被删"
            yield breach(
                context.step,
                "goal",
                path,
                new.locate(("targets", after[key][0], "revisions"))[0],
                message,
                "恢复原来的 revisions",
            )
        if key not in after:
            if not said:
                yield breach(
                    context.step,
                    "goal",
                    path,
                    0,
                    f"目标 {before.get('name')}（{key}）被删去，没有写理由",
                    _hint(path, key),
                )
            continue
        number, now = after[key]
        changed = [field for field in _PROMISED if before.get(field) != now.get(field)]
        if before.get("baseline") is not None and before.get("baseline") != now.get("baseline"):
            changed.append("baseline")
        if not changed:
            continue
        line = new.locate(("targets", number, changed[0]))[0]
        fresh = _revisions(before, now)
        name = str(key)
        kept = _former(models_new.get(name), models_old.get(name), fresh, before)
        bare = [field for field in changed if field not in kept]
        if bare and not said:
            words = "、".join(_WORDS[field] for field in bare)
            yield _unexplained(
                context, path, line, f"{now.get('name')}的{words}", name, _from_to(before, now)
            )
        if name in models_old and name in models_new and _lower(models_old[name], models_new[name]):
            yield from _lowered_late(context, path, line, year, (before, now), fresh)


def _lowered_late(
    context: CommitContext, path: str, line: int, year: int, change: tuple[Raw, Raw], fresh: list[Raw]
) -> Iterator[Breach]:
    day = _day(context, fresh)
    if (day.year, day.month, day.day) >= (year, *context.policy.lowering_from):
        limit = "{:02d}-{:02d}".format(*context.policy.lowering_from)
        message = f"{change[1].get('name')}的目标在 {day} 被调低{_from_to(*change)}"
        yield breach(context.step, "goal-lowered", path, line, message, f"{limit} 起调低目标，请督查核实")


def _former(new: Any, old: Any, fresh: list[Raw], before: Raw) -> set[str]:
    """Return the fields whose former value a fresh revision keeps, as it truly was."""
    kept = set()
    for number, revision in enumerate(reversed(fresh), start=1):
        was = revision.get("was")
        for field, value in was.items() if isinstance(was, dict) else ():
            model = getattr(new.revisions[-number].was, field, None) if new else None
            if value == before.get(field) or (
                old is not None and new is not None and model == getattr(old, field, None)
            ):
                kept.add(field)
    return kept


def _unexplained(
    context: CommitContext, path: str, line: int, what: str, key: object = None, change: str = ""
) -> Breach:
    return breach(context.step, "goal", path, line, f"{what}被改{change}，没有写理由", _hint(path, key))


def _hint(path: str, key: object) -> str:
    department, _, number = path.removesuffix(".yaml").rpartition("/")
    ref = f"{department.rpartition('/')[2]}-{number}" + (f"/{key}" if key else "")
    return f"用 ledger amend {ref} --reason 理由 修改，原来的目标会留在文件里"


def _from_to(before: Raw, now: Raw) -> str:
    if before.get("goal") == now.get("goal"):
        return ""
    return f"（{_goal(before)} → {_goal(now)}）"


def _goal(raw: Raw) -> str:
    goal = raw.get("goal")
    return " ".join(f"{key} {value}" for key, value in goal.items()) if isinstance(goal, dict) else str(goal)


def _parse(raw: bytes) -> Document | None:
    document = parse(raw)
    return None if isinstance(document, Finding) or not isinstance(document.data, dict) else document


def _raw_targets(document: Document) -> list[tuple[int, Raw]]:
    listed = document.data.get("targets")
    return (
        [(n, one) for n, one in enumerate(listed) if isinstance(one, dict)]
        if isinstance(listed, list)
        else []
    )


def _revisions(before: Raw, now: Raw) -> list[Raw]:
    """Return the revisions, each with a reason, that the file holds now and did not hold before."""
    old, new = (one.get("revisions") or [] for one in (before, now))
    if not isinstance(old, list) or not isinstance(new, list) or new[: len(old)] != old:
        return []
    return [one for one in new[len(old) :] if isinstance(one, dict) and str(one.get("reason") or "").strip()]


def _cut(before: Raw, now: Raw) -> bool:
    """Whether a revision that was there is not there any more, or not as it was."""
    old, new = before.get("revisions") or [], now.get("revisions") or []
    return bool(old) and (not isinstance(new, list) or list(new[: len(old)]) != list(old))


def _day(context: CommitContext, revisions: list[Raw]) -> date:
    """Return the day of a change: its revision's own date, else the commit's."""
    days = [one.get("on") for one in revisions]
    return next((day for day in days if isinstance(day, date)), context.logged)


def _models(document: Document) -> dict[str, Any]:
    try:
        commitment = read_model(Commitment, document.data, default_units())
    except ValidationError:
        return {}
    return {target.key: target for target in commitment.targets}


def _lower(old: Any, new: Any) -> bool:
    """Whether a goal is easier than it was; what cannot be compared is not."""
    before, now = getattr(old, "goal", None), getattr(new, "goal", None)
    if isinstance(before, Goal) and isinstance(now, Goal):
        if before.figure.unit != now.figure.unit or before.descending != now.descending:
            return False
        less = now.figure.value < before.figure.value
        return less if not before.descending else now.figure.value > before.figure.value
    if isinstance(before, RankGoal) and isinstance(now, RankGoal):
        if before.within and now.within:
            return now.within > before.within
        if before.up and now.up:
            return now.up < before.up
    return False
