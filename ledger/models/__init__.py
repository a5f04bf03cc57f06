"""The shapes of the files, frozen and validated; the JSON schemas are generated from here. Knows no disk and no YAML."""

from ledger.models.config import Band, Department, ExchangeRate, LedgerConfig, Lights
from ledger.models.entries import Entry
from ledger.models.goals import CompareGoal, Goal, PlanPoint, RankGoal
from ledger.models.revisions import Closing
from ledger.models.targets import (
    Accumulate,
    Change,
    Commitment,
    Compare,
    Context,
    Judgement,
    Level,
    Milestone,
    Rank,
    Step,
    Target,
)

__all__ = [
    "Accumulate",
    "Band",
    "Change",
    "Closing",
    "Commitment",
    "Compare",
    "CompareGoal",
    "Context",
    "Department",
    "Entry",
    "ExchangeRate",
    "Goal",
    "Judgement",
    "LedgerConfig",
    "Level",
    "Lights",
    "Milestone",
    "PlanPoint",
    "Rank",
    "RankGoal",
    "Step",
    "Target",
]
