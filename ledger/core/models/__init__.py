"""Models of the files, frozen and validated; the JSON schemas are generated from them."""

from ledger.core.models.config import Band, ExchangeRate, LedgerConfig, Lights
from ledger.core.models.departments import Department, DepartmentHistory, Reorganisation
from ledger.core.models.entries import Entry
from ledger.core.models.goals import CompareGoal, Goal, PlanPoint, RankGoal
from ledger.core.models.revisions import Closing
from ledger.core.models.targets import (
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
    "DepartmentHistory",
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
    "Reorganisation",
    "Step",
    "Target",
]
