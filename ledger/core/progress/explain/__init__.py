"""Explains how a figure came about: each step as a formula with its numbers, to be checked with a pocket calculator.

A formula carries its value, and is shown only where that value equals the one that `assess` gave, so that an explanation cannot
differ from the judgement. Figures are in the target's unit and multiplier, shares are fractions (1 = 100 %).
"""

from __future__ import annotations

from ledger.core.models import Commitment, Target
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.explain.completion import explain_completion
from ledger.core.progress.explain.expected import explain_expected
from ledger.core.progress.explain.gap import explain_gap, explain_light
from ledger.core.progress.explain.steps import WhyStep
from ledger.core.progress.policy import Policy
from ledger.core.progress.status import TargetStatus


def explain_target(
    commitment: Commitment,
    target: Target,
    aggregate: Aggregate,
    status: TargetStatus,
    policy: Policy,
) -> tuple[WhyStep, ...]:
    """Return the steps from the figure of a target to its light. `target` is the one in force on the day of `status`."""
    return (
        *explain_completion(target, aggregate, status, policy),
        *explain_expected(commitment, target, status, policy),
        *explain_gap(commitment, target, aggregate, status, policy),
        explain_light(status, policy.lights),
    )
