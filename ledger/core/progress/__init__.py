"""Pure arithmetic of progress: entries → aggregate → status → means and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.core.progress.aggregate import Aggregate
    from ledger.core.progress.amounts import rate_text, rate_used
    from ledger.core.progress.averages import (
        Mean,
        commitment_completion,
        commitment_light,
        department_completion,
    )
    from ledger.core.progress.entries import EntryLike, by_target, effective
    from ledger.core.progress.forecast import Forecast, forecast_target
    from ledger.core.progress.judge import assess, fold, fold_increments
    from ledger.core.progress.lights import Light, worst_light
    from ledger.core.progress.policy import Policy
    from ledger.core.progress.problem import problems, problems_of
    from ledger.core.progress.score import (
        RULES,
        RankedScore,
        Score,
        commitment_score,
        department_score,
        ranking,
    )
    from ledger.core.progress.status import TargetStatus, Tier
else:
    from ledger.core.lazy_exports import lazily

    # A status read from the cache needs the lights and the shape of a status, not the models behind the arithmetic.
    __getattr__ = lazily(
        __name__,
        {
            "amounts": ("rate_text", "rate_used"),
            "entries": ("EntryLike", "by_target", "effective"),
            "judge": ("assess", "fold", "fold_increments"),
            "lights": ("Light", "worst_light"),
            "averages": ("Mean", "commitment_completion", "commitment_light", "department_completion"),
            "forecast": ("Forecast", "forecast_target"),
            "policy": ("Policy",),
            "problem": ("problems", "problems_of"),
            "score": ("RULES", "RankedScore", "Score", "commitment_score", "department_score", "ranking"),
            "status": ("TargetStatus", "Tier"),
            "aggregate": ("Aggregate",),
        },
    )

__all__ = [
    "RULES",
    "Aggregate",
    "EntryLike",
    "Forecast",
    "Light",
    "Mean",
    "Policy",
    "RankedScore",
    "Score",
    "TargetStatus",
    "Tier",
    "assess",
    "by_target",
    "commitment_completion",
    "commitment_light",
    "commitment_score",
    "department_completion",
    "department_score",
    "effective",
    "fold",
    "fold_increments",
    "forecast_target",
    "problems",
    "problems_of",
    "ranking",
    "rate_text",
    "rate_used",
    "worst_light",
]
