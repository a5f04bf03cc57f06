"""Rules over the structure of a commitment: names that must agree and be unique, parts that must exist, dates, units."""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Goal, Level, PlanPoint, Rank, RankGoal
from ledger.core.models.revisions import original
from ledger.core.quantity import Quantity
from ledger.files.ledger import Source, unlisted_hint
from ledger.rules.check.registry import RuleContext, commitment_rule


@commitment_rule
def identity_agrees_with_place(source: Source, context: RuleContext) -> Iterator[Finding]:
    """Id, department and year agree with each other and with the folder; the department is one of the ledger's."""
    commitment = source.commitment
    path = PurePosixPath(unicodedata.normalize("NFC", source.path))  # macOS may give folder names decomposed
    expected = {
        "id": f"{path.parent.name}-{path.stem}",
        "department": path.parent.name,
        "year": path.parent.parent.name,
    }
    for field, by_place in expected.items():
        written = str(getattr(commitment, field))
        if written != by_place:
            yield source.finding(
                "identity",
                (field,),
                f"{field} 是 {written}，按文件位置应是 {by_place}",
                "改正，或把文件移到对应的文件夹",
            )
    if context.config is None:
        return
    departments = [department.name for department in context.config.departments]
    if commitment.department not in departments:
        yield source.finding(
            "department",
            ("department",),
            f"部门 {commitment.department} 不在 data/ledger.yaml 中",
            f"用其中之一：{'、'.join(departments)}；或{unlisted_hint(commitment.department)}"
            if departments
            else "先在 data/ledger.yaml 的 departments 里列出部门",
        )


@commitment_rule
def names_are_unique(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """No two targets of a commitment share a key or a name, so that a log line can only mean one."""
    for field, what in (("key", "代号"), ("name", "名称")):
        seen: set[str] = set()
        for number, target in enumerate(source.commitment.targets):
            value = getattr(target, field)
            if value in seen:
                yield source.finding(
                    "duplicate",
                    ("targets", number, field),
                    f"目标{what} {value} 重复",
                    f"给其中一个换个{what}",
                )
            seen.add(value)


@commitment_rule
def parents_exist(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """`part_of` names another target of the commitment, and no target is, through others, part of itself."""
    parents = {target.key: target.part_of for target in source.commitment.targets}
    for number, target in enumerate(source.commitment.targets):
        if target.part_of is None:
            continue
        if target.part_of not in parents:
            yield source.finding(
                "part_of",
                ("targets", number, "part_of"),
                f"没有代号为 {target.part_of} 的目标",
                f"用其中之一：{'、'.join(parents)}",
            )
            continue
        above: str | None = target.part_of
        passed: set[str] = set()
        while above is not None and above not in passed:
            passed.add(above)
            above = parents.get(above)
        if target.key in passed:
            yield source.finding(
                "part_of",
                ("targets", number, "part_of"),
                f"{target.name} 绕了一圈成了自己的“其中”",
                "改正 part_of",
            )


@commitment_rule
def alternatives_are_several(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """An `any_of` group has at least two members: an alternative to nothing is a misspelt group."""
    counts = Counter(target.any_of for target in source.commitment.targets if target.any_of)
    for number, target in enumerate(source.commitment.targets):
        if target.any_of and counts[target.any_of] == 1:
            yield source.finding(
                "any_of",
                ("targets", number, "any_of"),
                f"any_of 组 {target.any_of} 里只有这一个目标",
                "组名写成一样，或去掉 any_of",
            )


@commitment_rule
def stretch_goes_further(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """Each stretch goal asks for more than the goal as it was signed and than the stretch goals before it."""
    for number, target in enumerate(source.commitment.targets):
        if isinstance(target, Rank):
            ranks: tuple[RankGoal, ...] = (original(target, "goal"), *(original(target, "stretch") or ()))
            rising = [-(rank.within or -(rank.up or 0)) for rank in ranks]
        elif isinstance(target, (Accumulate, Level, Change)):
            tiers: tuple[Goal, ...] = (original(target, "goal"), *(original(target, "stretch") or ()))
            sign = -1 if tiers[0].descending else 1
            rising = [sign * tier.figure.value for tier in tiers] if len(tiers) > 1 else []  # type: ignore[misc]
        else:
            continue
        for tier, (before, after) in enumerate(itertools.pairwise(rising)):
            if after <= before:
                yield source.finding(
                    "stretch",
                    ("targets", number, "stretch", tier),
                    f"{target.name} 的争取目标没有比前一档更高",
                    "由近及远写；与目标一样的去掉",
                )


@commitment_rule
def units_agree(source: Source, context: RuleContext) -> Iterator[Finding]:
    """Baseline and plan points are in a unit that can be compared with the goal's."""
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, (Accumulate, Level, Change)):
            continue
        figures: list[tuple[tuple[str | int, ...], Quantity]] = []
        if isinstance(target, Level) and target.baseline is not None:
            figures.append((("baseline",), target.baseline))
        if isinstance(target, (Accumulate, Level)):
            figures += [(("plan", index, "value"), point.value) for index, point in enumerate(target.plan)]
        for loc, figure in figures:
            if figure.unit != target.unit and not context.units.comparable(figure.unit, target.unit):
                yield source.finding(
                    "unit",
                    ("targets", number, *loc),
                    f"单位 {figure.unit or '（无）'} 与目标的单位 {target.unit} 不能比较",
                    f"改用 {target.unit}",
                )


@commitment_rule
def plan_dates_fit(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """The period runs forward; due dates and plan points lie inside it, plan points in order and not falling."""
    commitment = source.commitment
    if commitment.start > commitment.end:
        yield source.finding(
            "date",
            ("to",),
            f"计划期止于 {commitment.end}，早于起日 {commitment.start}",
            "改正 from 或 to",
        )
        return
    for number, target in enumerate(commitment.targets):
        dated: list[tuple[tuple[str | int, ...], date]] = [(("due",), target.due)] if target.due else []
        points = getattr(target, "plan", ())
        dated += [(("plan", index, "on"), point.on) for index, point in enumerate(points)]
        dated += [
            (("steps", index, "due"), step.due)
            for index, step in enumerate(getattr(target, "steps", ()))
            if step.due
        ]
        for loc, day in dated:
            if not commitment.start <= day <= commitment.end:
                yield source.finding(
                    "date",
                    ("targets", number, *loc),
                    f"{day} 不在计划期 {commitment.start} 至 {commitment.end} 内",
                    "改正日期",
                )
        if points:
            yield from _points_run_on(source, number, points)


def _points_run_on(source: Source, number: int, points: tuple[PlanPoint, ...]) -> Iterator[Finding]:
    adds_up = isinstance(source.commitment.targets[number], Accumulate)
    for index, (before, after) in enumerate(itertools.pairwise(points), start=1):
        if before.on >= after.on:
            yield source.finding(
                "date",
                ("targets", number, "plan", index, "on"),
                "分时段计划的日期要从早到晚，不能重复",
                "调整顺序",
            )
        if adds_up and before.value.unit == after.value.unit and before.value.value > after.value.value:
            yield source.finding(
                "plan",
                ("targets", number, "plan", index, "value"),
                f"累计计划数从 {before.value.text} 降到了 {after.value.text}",
                "写到这一天为止的累计数，不是这一段的新增数",
            )


@commitment_rule
def rises_are_possible(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """Nobody rises above the first place: places to be gained are fewer than the places above the baseline."""
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, Rank) or target.baseline is None or target.goal.up is None:
            continue
        if target.baseline - target.goal.up < 1:
            yield source.finding(
                "rank-up",
                ("targets", number, "goal"),
                f"{target.name} 的基期是第{target.baseline}位，提升不了{target.goal.up}位",
                "核对 baseline 和 up；要保持第一的，写 within: 1",
            )


@commitment_rule
def plans_stay_within_the_goal(source: Source, context: RuleContext) -> Iterator[Finding]:
    """No plan point asks for more than the goal: what is due in the end is the goal."""
    for number, target in enumerate(source.commitment.targets):
        if not isinstance(target, (Accumulate, Level)) or target.goal.descending:
            continue
        limit = target.goal.upper or target.goal.figure
        for index, point in enumerate(target.plan):
            value = point.value
            if value.unit != limit.unit and not context.units.comparable(value.unit, limit.unit):
                continue
            if context.in_unit(value, limit.unit) > limit.value:
                yield source.finding(
                    "plan-above-goal",
                    ("targets", number, "plan", index, "value"),
                    f"{target.name} 的计划数 {value.text} 超过目标值 {limit.text}",
                    "核对计划数和目标值的数字、单位",
                )


@commitment_rule
def parts_fit_their_whole(source: Source, context: RuleContext) -> Iterator[Finding]:
    """What is 其中 is no more than its whole, where both are counted alike."""
    by_key = {target.key: target for target in source.commitment.targets}
    for number, part in enumerate(source.commitment.targets):
        whole = by_key.get(part.part_of or "")
        if not isinstance(part, (Accumulate, Level)) or not isinstance(whole, type(part)):
            continue
        value, limit = part.goal.figure, whole.goal.upper or whole.goal.figure
        if part.goal.descending != whole.goal.descending or not context.units.comparable(
            value.unit, limit.unit
        ):
            continue
        if context.in_unit(value, limit.unit) > limit.value:
            yield source.finding(
                "part-above-whole",
                ("targets", number, "goal"),
                f"其中项 {part.name} 的目标 {value.text} 大于整体 {whole.name} 的目标 {limit.text}",
                "核对两个目标的数字、单位，或去掉 part_of",
            )


@commitment_rule
def difficulty_is_known(source: Source, context: RuleContext) -> Iterator[Finding]:
    """A rated difficulty has a coefficient in the ledger's rules."""
    label = source.commitment.difficulty
    if label is not None and context.config is not None and label not in context.config.difficulty:
        known = "、".join(context.config.difficulty) or "（还没有定）"
        yield source.finding(
            "difficulty",
            ("difficulty",),
            f"评定难度 {label} 没有系数；已定的有：{known}",
            "在 data/ledger.yaml 的 difficulty 里加上它",
        )


def commitment_ids_are_unique(sources: tuple[Source, ...]) -> Iterator[Finding]:
    """No two files claim the same commitment."""
    seen: dict[str, str] = {}
    for source in sources:
        first = seen.setdefault(source.commitment.id, source.path)
        if first != source.path:
            yield source.finding(
                "duplicate",
                ("id",),
                f"编号 {source.commitment.id} 与 {first} 重复",
                "改正其中一个编号",
            )
