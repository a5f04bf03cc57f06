"""Two years' plans side by side: which goals went up, down, away, came new, or changed beyond comparison. Figures are compared exactly.

Targets are matched inside a department: by name, then by a key both years gave one target only, then by names alike enough.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ledger.core.models import Accumulate, Change, Compare, Level, Rank, Target
from ledger.core.units import UnitTable, convert
from ledger.files.ledger import Source

SIMILAR = Fraction(3, 4)
"""Two names of one kind are taken for the same target when difflib finds them at least this much alike."""
_PLAIN = re.compile(r"[“”\"（）()《》、，\s]|20\d\d年")
_NUMBERED = re.compile(r"t\d+")


class GoalVerdict(StrEnum):
    """What became of a goal."""

    RAISED = "提高"
    LOWERED = "降低"
    CHANGED = "改变"
    DROPPED = "取消"
    NEW = "新增"
    SAME = "不变"


@dataclass(frozen=True, eq=False)
class PlanTarget:
    """A target of one of the two plans, and where it stands."""

    source: Source
    target: Target

    @property
    def ref(self) -> str:
        """`金融办-03/listed`."""
        return f"{self.source.commitment.id}/{self.target.key}"


@dataclass(frozen=True)
class Pair:
    """One line of the comparison. `change` is new minus old in the old unit, where both are figures of one dimension."""

    department: str
    verdict: GoalVerdict
    old: PlanTarget | None
    new: PlanTarget | None
    change: Fraction | None = None
    share: Fraction | None = None
    notes: tuple[str, ...] = ()

    @property
    def renamed(self) -> bool:
        """Whether the target goes by another name now."""
        return bool(self.old and self.new and self.old.target.name != self.new.target.name)


@dataclass(frozen=True)
class PlanDiff:
    """The whole comparison, by department in the new plan's order."""

    old_label: str
    new_label: str
    pairs: tuple[Pair, ...]

    def count(self, verdict: GoalVerdict) -> int:
        """Return how many goals have this verdict."""
        return sum(pair.verdict is verdict for pair in self.pairs)


def compare_plans(
    old: Sequence[Source],
    new: Sequence[Source],
    units: UnitTable,
    *,
    labels: tuple[str, str],
    same_department: Callable[[str], str] = lambda name: name,
) -> PlanDiff:
    """Compare two plans. `same_department` gives a department of the old plan the name that it has in the new one."""
    before = _by_department(old, same_department)
    after = _by_department(new, lambda name: name)
    pairs: list[Pair] = []
    for department in [*after, *(name for name in before if name not in after)]:
        old_sides, new_sides = before.get(department, []), after.get(department, [])
        matched = _match(old_sides, new_sides)
        partner = {id(new_side): old_side for old_side, new_side in matched}
        matched_ids = {id(old_side) for old_side, _ in matched}
        pairs += [
            _judge(department, partner[id(side)], side, units)
            if id(side) in partner
            else Pair(department, GoalVerdict.NEW, None, side)
            for side in new_sides
        ]
        pairs += [
            Pair(department, GoalVerdict.DROPPED, side, None)
            for side in old_sides
            if id(side) not in matched_ids
        ]
    return PlanDiff(*labels, tuple(pairs))


def _by_department(sources: Iterable[Source], name_of: Callable[[str], str]) -> dict[str, list[PlanTarget]]:
    sides: dict[str, list[PlanTarget]] = defaultdict(list)
    for source in sources:
        sides[name_of(source.commitment.department)] += [
            PlanTarget(source, target) for target in source.commitment.targets
        ]
    return dict(sides)


class _Matching:
    """Pairs of an old and a new target of one department; each target is in one pair at most."""

    def __init__(self, old: Sequence[PlanTarget], new: Sequence[PlanTarget]) -> None:
        self.old, self.new = list(old), list(new)
        """Targets without a pair yet."""
        self.pairs: list[tuple[PlanTarget, PlanTarget]] = []

    def match_names(self, *, kinds: bool) -> None:
        """Pair targets of the same name, with `kinds` only of the same kind."""
        self._match(
            lambda old, new: _name(old) == _name(new) and (not kinds or old.target.kind == new.target.kind)
        )

    def match_keys(self, keys: Collection[str]) -> None:
        """Pair targets that have one of `keys`, the same kind and names that are a little alike."""
        self._match(
            lambda old, new: (
                old.target.key == new.target.key
                and new.target.key in keys
                and old.target.kind == new.target.kind
                and _alike(old, new) >= Fraction(1, 3)
            )
        )

    def match_similar(self) -> None:
        """Pair targets of one kind whose names are alike, the most alike first."""
        scored = [
            (-_alike(old, new), i, j)
            for i, old in enumerate(self.old)
            for j, new in enumerate(self.new)
            if old.target.kind == new.target.kind
        ]
        candidates = [(self.old[i], self.new[j]) for score, i, j in sorted(scored) if -score >= SIMILAR]
        for old, new in candidates:
            if old in self.old and new in self.new:
                self._take(old, new)

    def _match(self, fits: Callable[[PlanTarget, PlanTarget], bool]) -> None:
        for new in list(self.new):
            old = next((old for old in self.old if fits(old, new)), None)
            if old is not None:
                self._take(old, new)

    def _take(self, old: PlanTarget, new: PlanTarget) -> None:
        self.pairs.append((old, new))
        self.old.remove(old)
        self.new.remove(new)


def _match(old_sides: list[PlanTarget], new_sides: list[PlanTarget]) -> list[tuple[PlanTarget, PlanTarget]]:
    matching = _Matching(old_sides, new_sides)
    matching.match_names(kinds=True)
    matching.match_names(kinds=False)
    matching.match_keys(_lone_keys(old_sides) & _lone_keys(new_sides))
    matching.match_similar()
    return matching.pairs


def _lone_keys(sides: list[PlanTarget]) -> set[str]:
    counts = Counter(side.target.key for side in sides)
    return {key for key, count in counts.items() if count == 1 and not _NUMBERED.fullmatch(key)}


def _name(side: PlanTarget) -> str:
    return _PLAIN.sub("", side.target.name)


def _alike(old: PlanTarget, new: PlanTarget) -> Fraction:
    old_name, new_name = _name(old), _name(new)
    blocks = SequenceMatcher(None, old_name, new_name, autojunk=False).get_matching_blocks()
    return Fraction(2 * sum(block.size for block in blocks), max(1, len(old_name) + len(new_name)))


def _judge(department: str, old: PlanTarget, new: PlanTarget, units: UnitTable) -> Pair:
    notes = _notes(old.target, new.target)
    verdict, change, share = _goals(old.target, new.target, units, notes)
    return Pair(department, verdict, old, new, change, share, tuple(notes))


def _goals(
    old: Any, new: Any, units: UnitTable, notes: list[str]
) -> tuple[GoalVerdict, Fraction | None, Fraction | None]:
    if old.kind != new.kind:
        notes.append("类别不同，不能比较")
        return GoalVerdict.CHANGED, None, None
    if isinstance(old, (Accumulate, Level, Change)):
        return _figures(old, new, units, notes)
    if isinstance(old, Rank):
        return _ranks(old, new, notes)
    if isinstance(old, Compare):
        return (GoalVerdict.SAME if old.goal == new.goal else GoalVerdict.CHANGED), None, None
    if getattr(old, "steps", ()) != getattr(new, "steps", ()):
        notes.append("步骤不同")
        return GoalVerdict.CHANGED, None, None
    return GoalVerdict.SAME, None, None


def _figures(
    old: Any, new: Any, units: UnitTable, notes: list[str]
) -> tuple[GoalVerdict, Fraction | None, Fraction | None]:
    unit = old.unit
    if new.unit != unit and not units.comparable(new.unit, unit):
        notes.append(f"单位由 {unit or '（无）'} 改为 {new.unit or '（无）'}，不能比较")
        return GoalVerdict.CHANGED, None, None
    facing = {goal.descending for goal in (old.goal, new.goal) if goal.op not in _EITHER_WAY}
    if getattr(old, "direction", "") != getattr(new, "direction", "") or len(facing) > 1:
        notes.append("方向相反，不能比较")
        return GoalVerdict.CHANGED, None, None
    descending = facing == {True}
    before, after = _bounds(old.goal, unit, units), _bounds(new.goal, unit, units)
    change = after[0] - before[0]
    share = change / abs(before[0]) if before[0] else None
    step = change or (after[1] - before[1])
    if step:
        harder = (step < 0) if descending else (step > 0)
        return (GoalVerdict.RAISED if harder else GoalVerdict.LOWERED), change, share
    if old.goal.op != new.goal.op:
        notes.append(f"比较词由“{old.goal.wording}”改为“{new.goal.wording}”")
        return _by_wording(old.goal.op, new.goal.op), change, share
    return GoalVerdict.SAME, change, share


_EITHER_WAY = frozenset({"about", "between"})
"""Operators without a direction: 约5.5% beside ≤5.5% is no reversal."""
_STRICT = {"about": 0, "reach": 1, "at_least": 1, "at_most": 1, "between": 1, "above": 2, "below": 2}


def _by_wording(old: str, new: str) -> GoalVerdict:
    """突破16亿 asks for more than 16亿, and 约16亿 for less."""
    if _STRICT[old] == _STRICT[new]:
        return GoalVerdict.SAME
    return GoalVerdict.RAISED if _STRICT[new] > _STRICT[old] else GoalVerdict.LOWERED


def _bounds(goal: Any, unit: str, units: UnitTable) -> tuple[Fraction, Fraction]:
    low, high = goal.figure, goal.upper or goal.figure
    return convert(low.value, low.unit, unit, units), convert(high.value, high.unit, unit, units)


def _ranks(old: Rank, new: Rank, notes: list[str]) -> tuple[GoalVerdict, Fraction | None, Fraction | None]:
    if (old.goal.up is None) != (new.goal.up is None):
        notes.append("一个说保持前几位，一个说提升几位，不能比较")
        return GoalVerdict.CHANGED, None, None
    if old.among and new.among and old.among != new.among:
        notes.append(f"排名范围由 {old.among} 改为 {new.among}，不能比较")
        return GoalVerdict.CHANGED, None, None
    change = Fraction((new.goal.within or new.goal.up or 0) - (old.goal.within or old.goal.up or 0))
    if not change:
        return GoalVerdict.SAME, change, None
    harder = change > 0 if old.goal.up is not None else change < 0
    return (GoalVerdict.RAISED if harder else GoalVerdict.LOWERED), change, None


def _notes(old: Target, new: Target) -> list[str]:
    notes = []
    if old.name != new.name:
        notes.append(f"原名 {old.name}")
    if (old.hedge or "") != (new.hedge or ""):
        notes.append(f"缓和语由 {old.hedge or '无'} 改为 {new.hedge or '无'}")
    if getattr(old, "stretch", ()) and not getattr(new, "stretch", ()):
        notes.append("不再有争取目标")
    return notes
