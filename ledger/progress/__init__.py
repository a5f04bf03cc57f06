"""Pure arithmetic of progress: entries → tally → status → means and scores; knows no disk, clock, git or terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.progress.amounts import rate_text, rate_used
    from ledger.progress.entries import EntryLike, by_target, effective
    from ledger.progress.judge import assess, fold, fold_increments
    from ledger.progress.lights import Light, together
    from ledger.progress.means import (
        Mean,
        commitment_completion,
        commitment_light,
        department_completion,
    )
    from ledger.progress.outlooks import Outlook, outlook
    from ledger.progress.policy import Policy
    from ledger.progress.problem import Problem, problems, problems_of
    from ledger.progress.score import RULES, Place, Score, commitment_score, department_score, ranking
    from ledger.progress.status import TargetStatus, Tier
    from ledger.progress.tally import Tally
else:
    from ledger.lazily import lazily

    # A status read from the cache needs the lights and the shape of a status, not the models behind the arithmetic.
    __getattr__ = lazily(
        __name__,
        {
            "amounts": ("rate_text", "rate_used"),
            "entries": ("EntryLike", "by_target", "effective"),
            "judge": ("assess", "fold", "fold_increments"),
            "lights": ("Light", "together"),
            "means": ("Mean", "commitment_completion", "commitment_light", "department_completion"),
            "outlooks": ("Outlook", "outlook"),
            "policy": ("Policy",),
            "problem": ("Problem", "problems", "problems_of"),
            "score": ("RULES", "Place", "Score", "commitment_score", "department_score", "ranking"),
            "status": ("TargetStatus", "Tier"),
            "tally": ("Tally",),
        },
    )

__all__ = [
    "RULES",
    "EntryLike",
    "Light",
    "Mean",
    "Outlook",
    "Place",
    "Policy",
    "Problem",
    "Score",
    "Tally",
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
    "outlook",
    "problems",
    "problems_of",
    "ranking",
    "rate_text",
    "rate_used",
    "together",
]
