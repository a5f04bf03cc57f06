"""The shapes of the files, frozen and validated; the JSON schemas are generated from here. Knows no disk and no YAML."""

from ledger.models.config import Band, Department, ExchangeRate, LedgerConfig, Lights
from ledger.models.entries import Entry
from ledger.models.targets import (
    Accumulate,
    Change,
    Commitment,
    Compare,
    CompareGoal,
    Context,
    Goal,
    Judgement,
    Level,
    Milestone,
    PlanPoint,
    Rank,
    RankGoal,
    Step,
    Target,
)

__all__ = [
    "Accumulate",
    "Band",
    "Change",
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
