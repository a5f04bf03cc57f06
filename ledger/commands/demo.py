"""Makes a demonstration ledger: the bundled plan and a generated year of entries, every one marked 模拟数据.

The entries go through the same path as a secretary's. The entries of each target depend only on its id, so that
all demonstration ledgers hold the same figures.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from ledger.commands.init import LedgerSetup, NewLedger, init
from ledger.commands.log import Batch, EntryRequest, write_entries
from ledger.core.models import Accumulate, Change, Compare, Judgement, Level, Milestone, Rank
from ledger.core.quantity import format_amount
from ledger.files.ledger import Ledger
from ledger.files.lookup import TargetRef
from ledger.git import Identity

YEAR = 2023
"""The year of the bundled plan."""
CLERK = "模拟文书"
AUTHOR = Identity(CLERK, "simulated@example.invalid")
PACES = tuple(Fraction(n, 20) for n in (23, 21, 20, 20, 17, 14, 9, 4))
"""How much of its goal a target reaches by the year's end; one is picked by its id."""


@dataclass(frozen=True)
class Demo:
    """The ledger made, how many entries it holds, and a day on which every light shows."""

    new: NewLedger
    entries: int
    until: date


def demo(folder: Path) -> Demo:
    """Make a demonstration ledger in `folder`, which must not exist or be empty.

    Raises:
        FolderInUseError: when the folder holds something.
        ExternalError: when git or the disk refuses.
    """
    new = init(
        folder,
        LedgerSetup(empty=False, year=YEAR, simulated=True),
        committed=f"{YEAR}-01-01T09:00:00+08:00",
        author=AUTHOR,
    )
    ledger = Ledger.open(folder)
    year = ledger.config.year
    entries = 0
    plan: dict[str, list[TargetRef]] = {}
    for source in ledger.load_plan(year):
        plan.setdefault(source.commitment.department, []).extend(
            TargetRef(source, target) for target in source.commitment.targets
        )
    for month in range(1, 13):
        on = date(year, month, monthrange(year, month)[1])
        for department, target_refs in plan.items():
            batch = Batch.open(ledger, on, AUTHOR)
            for target_ref in target_refs:
                for request in _reports(department, target_ref, on):
                    batch.add_request(target_ref, request)
            if batch.pending:
                write_entries(
                    ledger, batch.pending, today=on, author=AUTHOR, committed=f"{on}T17:00:00+08:00"
                )
                entries += len(batch.pending)
    return Demo(new, entries, date(year, 9, 30))


def _reports(department: str, target_ref: TargetRef, on: date) -> Iterator[EntryRequest]:
    """Yield what a department reports of one target for the month ending `on`: at most one report."""
    chance = _Chance(target_ref.ref)
    if chance.below(16, "silent") == 0:
        return
    amount = _amount(target_ref, on.month, chance)
    if amount is None:
        return
    text, figures, total = amount
    yield EntryRequest(
        department=department,
        target=target_ref.ref,
        amount=text,
        figures=figures,
        on=on,
        basis=("total" if total else "add") if isinstance(target_ref.target, Accumulate) else None,
        by=CLERK,
        note="模拟数据",
        evidence=("模拟佐证",) if isinstance(target_ref.target, (Judgement, Milestone)) else (),
        simulated=True,
    )


def _amount(target_ref: TargetRef, month: int, chance: _Chance) -> tuple[str, dict[str, str], bool] | None:
    target = target_ref.target
    pace = PACES[chance.below(len(PACES), "pace")]
    if isinstance(target, Accumulate):
        return _accumulated(target, month, pace, total=chance.below(3, "total") == 0)
    if isinstance(target, (Level, Change)):
        goal = target.goal.figure
        drift = pace * (2 - pace if target.goal.descending else 1)
        start = drift * Fraction(17 + chance.below(3, f"wave{month}"), 20)
        reached = goal.value * (start + (drift - start) * month / 12)
        return _written(_possible(target, reached), goal.unit, goal.scale), {}, False
    if isinstance(target, Rank):
        place = (target.goal.within or 5) + chance.below(3, f"place{month // 4}")
        return f"第{place}位", {"of": str(max(11, place))}, False
    if isinstance(target, Compare):
        margin = chance.below(9, f"margin{month // 3}") - 3
        return f"{50 + margin}%", {"benchmark": "50%"}, False
    if isinstance(target, Milestone):
        return _stepped(target, month, chance)
    if isinstance(target, Judgement) and month in {6, 12}:
        return ("达到" if chance.below(3, "verdict") else "未达到"), {}, False
    return None


def _possible(target: Level | Change, value: Fraction) -> Fraction:
    """Keep a level what its unit allows: whole things, and a share of at most 100 % where the goal is one."""
    goal = target.goal.figure
    if not isinstance(target, Level):
        return value
    if goal.unit == "%" and goal.value <= 100:
        return min(value, Fraction(100))
    return Fraction(int(value)) if goal.scale == 1 and goal.value.denominator == 1 else value


def _accumulated(
    target: Accumulate, month: int, pace: Fraction, *, total: bool
) -> tuple[str, dict[str, str], bool] | None:
    goal = target.goal.figure
    scaled_goal = goal.value / goal.scale
    grain = (
        Fraction(goal.scale)
        if scaled_goal.denominator == 1 and goal.scale == 1
        else Fraction(goal.scale, 100)
    )

    def by(end: int) -> Fraction:
        return (goal.value * pace * end / 12 // grain) * grain

    amount = by(month) if total else by(month) - by(month - 1)
    return (_written(amount, goal.unit, goal.scale), {}, total) if amount else None


def _stepped(target: Milestone, month: int, chance: _Chance) -> tuple[str, dict[str, str], bool] | None:
    steps = target.all_steps
    for number, step in enumerate(steps, start=1):
        due = (
            12 * number // len(steps) - chance.below(4, step.key) + (2 if chance.below(4, "late") == 0 else 0)
        )
        if max(1, due) == month:
            return step.key, {}, False
    return None


def _written(value: Fraction, unit: str, scale: int) -> str:
    """Return an amount with at most two decimals in the target's own multiplier, as a clerk would write it."""
    rounded = Fraction(int(value / scale * 100), 100) * scale if unit != "位" else value
    if scale == 1 and value >= 100:
        rounded = Fraction(int(value))
    return format_amount(rounded, unit, scale)


@dataclass(frozen=True)
class _Chance:
    """Choices that look random and depend only on a target's id."""

    seed: str

    def below(self, bound: int, purpose: str) -> int:
        digest = sha256(f"{self.seed}|{purpose}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % bound
