"""Doubts about a figure: not wrong by any rule of the ledger, but unlike the target's own past, its goal or its pace.

A doubt is asked about before the entry is written; an entry recorded all the same keeps the names of the rules that were
confirmed (`Entry.confirmed`). Thresholds were set on simulated years of the real plan: tests/rules/doubts measures how often
honest figures are asked about, and how many typing errors are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.core.models import Entry, Milestone, Target
from ledger.core.progress import Policy, effective
from ledger.core.progress.entries import reporting
from ledger.core.structs import FrozenStruct
from ledger.rules.doubts.cases import Case, figures_of, relatives_of
from ledger.rules.doubts.rules import RULES


class Doubt(FrozenStruct):
    """What is doubtful about an entry: the rule, and the reason in words."""

    rule: str
    message: str


def find_doubts(
    target: Target,
    entries: Sequence[Entry],
    entry: Entry,
    policy: Policy,
    family: Mapping[str, Target] | None = None,
) -> tuple[Doubt, ...]:
    """Return what is doubtful about `entry`, one of `entries`, the lines of its commitment's file.

    It is compared with what counts and is dated up to its own day, itself and what it corrects left out. `family` holds the
    targets of the commitment by key, for parts and wholes.
    """
    counting = effective(entries)
    if entry.voids is not None or entry.unavailable or all(line.id != entry.id for line in counting):
        return ()
    earlier = [
        line for line in counting if line.target == target.key and line.id != entry.id and line.on <= entry.on
    ]
    figures = figures_of(target, [*reporting(earlier), entry], policy)
    figure = figures.pop() if figures and figures[-1].entry.id == entry.id else None
    if figure is None and not isinstance(target, Milestone):
        return ()
    days = (figures[-1].entry.on if figures else None, entry.on)
    case = Case(
        target,
        entry,
        tuple(figures),
        figure,
        policy,
        relatives_of(target, counting, days, policy, family or {}),
    )
    messages = ((name, rule(case)) for name, rule in RULES.items())
    return tuple(Doubt(name, message) for name, message in messages if message)
