"""What the rules on doubtful figures look at: a figure, the target's past, its whole and its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Compare, Entry, Level, Rank, Target
from ledger.core.progress import Policy, fold
from ledger.core.progress.amounts import format_figure, read_figure
from ledger.core.progress.kinds.change import rate
from ledger.core.structs import FrozenStruct


class ReportedFigure(FrozenStruct):
    """One reported figure in the target's unit; `total` is the running total after it, for accumulated targets."""

    entry: Entry
    value: Fraction
    total: Fraction = Fraction(0)

    @property
    def increment(self) -> bool:
        """Whether it was reported as an increment."""
        return self.entry.add is not None


class Relative(FrozenStruct):
    """The running total of a target's whole or part: the day of its last figure, the total, and the total at the last entry."""

    name: str
    whole: bool
    on: date
    total: Fraction
    before: Fraction | None


class Case(FrozenStruct, dict=True):
    """A figure before the rules: the target, what was reported up to its date, the figure itself, wholes and parts."""

    target: Target
    entry: Entry
    past: tuple[ReportedFigure, ...]
    figure: ReportedFigure | None
    policy: Policy
    relatives: tuple[Relative, ...] = ()

    @cached_property
    def goal(self) -> Fraction:
        """The goal's figure; 0 for kinds without one."""
        return (
            Fraction(self.target.goal.figure.value)
            if isinstance(self.target, (Accumulate, Level, Change))
            else Fraction(0)
        )

    @cached_property
    def ceiling(self) -> bool:
        """Whether less is better."""
        return isinstance(self.target, (Accumulate, Level, Change)) and self.target.goal.descending

    @property
    def value(self) -> Fraction:
        """The figure reported."""
        return self.figure.value if self.figure else Fraction(0)

    @cached_property
    def before(self) -> Fraction:
        """The running total before this entry."""
        return self.past[-1].total if self.past else Fraction(0)

    @cached_property
    def month(self) -> Fraction:
        """What this entry adds to the running total."""
        return self.value if self.figure and self.figure.increment else self.value - self.before

    @cached_property
    def months(self) -> list[Fraction]:
        """What earlier entries added, where they added anything."""
        increases, total = [], Fraction(0)
        for figure in self.past:
            increases.append(figure.total - total)
            total = figure.total
        return [increase for increase in increases if increase > 0]

    @cached_property
    def counted(self) -> bool:
        """Whether the target counts whole things: 家, 人, 人次."""
        unit = self.policy.units.find(getattr(self.target, "unit", None) or "")
        return unit is not None and unit.counted and unit.spelling not in {"%", "‰", "百分点"}

    def words(self, value: Fraction) -> str:
        """Write a figure in the target's unit and multiplier."""
        target = self.target
        if isinstance(target, Compare):
            return format_figure(value, target.unit or "%")
        return (
            format_figure(value, target.unit, target.scale)
            if isinstance(target, (Accumulate, Level, Change))
            else str(value)
        )


def figures_of(target: Target, lines: Sequence[Entry], policy: Policy) -> list[ReportedFigure]:
    """Return the figures of reporting lines; unreadable ones are left out."""
    figures: list[ReportedFigure] = []
    total = Fraction(0)
    for line in lines:
        value = _value(target, line, policy)
        if value is None:
            continue
        total = total + value if line.add is not None else value
        figures.append(ReportedFigure(line, value, total))
    return figures


def _value(target: Target, line: Entry, policy: Policy) -> Fraction | None:
    if isinstance(target, Rank):
        return Fraction(line.rank) if line.rank else None
    if isinstance(target, Change):
        value = rate(target, line, policy)
        return None if isinstance(value, Finding) else Fraction(value)
    text = line.add or line.total or line.value
    if text is None or not isinstance(target, (Accumulate, Level, Compare)):
        return None
    unit = target.unit or "%" if isinstance(target, Compare) else target.unit
    number = read_figure(text, unit, line, policy)
    return None if isinstance(number, Finding) else Fraction(number)


def relatives_of(
    target: Target,
    counting: Sequence[Entry],
    days: tuple[date | None, date],
    policy: Policy,
    family: Mapping[str, Target],
) -> tuple[Relative, ...]:
    """Return the running totals of the target's whole and of its parts, as of this entry's day and of the one before."""
    if not isinstance(target, Accumulate):
        return ()
    relatives = []
    for relative in family.values():
        is_whole = relative.key == target.part_of
        if (
            not (is_whole or relative.part_of == target.key)
            or not isinstance(relative, Accumulate)
            or relative.unit != target.unit
        ):
            continue
        before, now = (fold(relative, counting, as_of=day, policy=policy) if day else None for day in days)
        if now is not None and now.figure is not None and now.on is not None:
            earlier = before.figure if before is not None and before.figure is not None else None
            relatives.append(Relative(relative.name, is_whole, now.on, now.figure, earlier))
    return tuple(relatives)
