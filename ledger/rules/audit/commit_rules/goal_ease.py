"""Whether a change makes a goal easier to meet."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ledger.core.models.goals import Goal, RankGoal
from ledger.core.units import UnitMismatchError, UnitTable, convert
from ledger.rules.audit.commit_rules.goal_items import GoalItem, value_of

EASING_FIELDS = (
    "kind", "goal", "stretch", "unit", "direction", "hold", "due", "plan", "steps", "weight", "part_of", "any_of", "among", "baseline",
    "period_from", "period_to", "year", "difficulty",
)  # fmt: skip
"""Fields by which a target can be made easier to meet, or count for more or less."""


def is_not_easier(field: str, item: GoalItem, units: UnitTable) -> bool:
    """Return whether a changed field is certain to make nothing easier."""
    before, after = value_of(item.before, field), value_of(item.after, field)
    if field == "goal":
        return is_harder(before, after, units)
    if field == "stretch":
        return len(after) >= len(before) and all(
            is_harder(old, new, units) for old, new in zip(before, after, strict=False)
        )
    if field == "unit":
        # Otherwise it follows from the goal, which is compared with its unit.
        return bool(item.before.kind == item.after.kind != "compare")
    if field == "due":
        return after is not None and (before is None or after <= before)
    if field == "hold":
        return bool(after)
    return field in {"baseline", "difficulty"} and before is None  # was missing and is supplied


def is_harder(before: Any, after: Any, units: UnitTable) -> bool:
    """Return whether every figure that meets the goal `after` meets `before` too; False where that is not certain."""
    if isinstance(before, Goal) and isinstance(after, Goal):
        if (before.op == "about") or (after.op == "about"):
            return before == after
        try:
            old, new = _range(before, units, before.figure.unit), _range(after, units, before.figure.unit)
        except UnitMismatchError:
            return False
        return new[0] >= old[0] and new[1] <= old[1]
    if isinstance(before, RankGoal) and isinstance(after, RankGoal):
        if before.within and after.within:
            return bool(after.within <= before.within)
        return bool(before.up and after.up and after.up >= before.up)
    return bool(before == after)


_Bound = tuple[int, Fraction, int]
"""A bound that can be compared: -1, 0 or 1 for minus infinity, a number, infinity; the number; 1 where the number is left out."""


def _range(goal: Goal, units: UnitTable, unit: str) -> tuple[_Bound, _Bound]:
    figures = [
        convert(figure.value, figure.unit, unit, units) for figure in (goal.figure, goal.upper or goal.figure)
    ]
    low, high = (0, figures[0], 0), (0, figures[1], 0)
    nothing = Fraction(0)
    if goal.op == "between":
        return low, high
    if goal.descending:
        return (-1, nothing, 0), (0, figures[0], -1 if goal.op == "below" else 0)
    return (0, figures[0], 1 if goal.op == "above" else 0), (1, nothing, 0)
