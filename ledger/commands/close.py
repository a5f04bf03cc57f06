"""Closes (销号) a commitment or a target that is met, or takes the closing back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.commands.amend import EXAMPLE_REASON, ChangeRequest, EditContext
from ledger.core.errors import LedgerError, UsageError
from ledger.core.models import Target
from ledger.core.progress import Light, Policy
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Source
from ledger.files.lookup import resolve
from ledger.rules.reasons import require_reason


class GoalNotMetError(LedgerError):
    """What is to be closed is not met, and no reason was given."""

    def __init__(self, ref: str, light: str) -> None:
        super().__init__(
            f"{ref} 还没有达标（{light}），不能直接销号",
            "确要销号，加上 --reason 写明依据，如 任务并入明年计划",
        )


def close(context: EditContext, ref: str, evidence: Sequence[str], reason: str | None) -> ChangeRequest:
    """Parse the closing (销号) of a commitment or a target: it must be met, or a reason given.

    Raises:
        UsageError: without evidence, or when it is closed already.
        GoalNotMetError: when it is not met and there is no reason.
    """
    source, target = resolve(context.ledger, context.year, ref)
    item = target or source.commitment
    name = source.commitment.id + (f"/{target.key}" if target else "")
    if item.closed is not None:
        raise UsageError(
            f"{name} 已于 {item.closed.on} 销号", f"要撤销：ledger close {name} --reopen --reason 理由"
        )
    proofs = tuple(" ".join(proof.split()) for proof in evidence if proof.strip())
    if not proofs:
        raise UsageError("销号要有佐证，没有写", "加上 --evidence，如 --evidence 湖政发〔2023〕9号，可写多次")
    light = _light_of(context, source, target)
    reason = " ".join((reason or "").split()) or None
    if light is not Light.MET and reason is None:
        raise GoalNotMetError(name, light.value)
    closed: dict[str, Any] = {"on": context.today, "by": context.who.name, "evidence": list(proofs)}
    if light is not Light.MET:
        closed["reason"] = reason
    return ChangeRequest(
        source.path,
        target.key if target else None,
        "close",
        {"closed": closed},
        context.who,
        context.today,
        reason,
        proofs,
        revises=False,
    )


def _light_of(context: EditContext, source: Source, target: Target | None) -> Light:
    """Return the light of a target, or of its whole commitment."""
    policy = Policy.of(context.ledger.config, context.ledger.units)
    status = assess_commitment(context.ledger, source, context.today, policy)
    if target is None:
        return status.light
    return next((item.light for item in status.targets if item.key == target.key), status.light)


def reopen(context: EditContext, ref: str, reason: str | None) -> ChangeRequest:
    """Parse the withdrawal of a closing; the closing stays in the file as a revision.

    Raises:
        MissingReasonError: without a reason.
        UsageError: when it is not closed.
    """
    reason = require_reason(reason, "撤销销号", EXAMPLE_REASON)
    source, target = resolve(context.ledger, context.year, ref)
    if (target or source.commitment).closed is None:
        raise UsageError(f"{ref} 没有销号", "ledger status 查看")
    key, who = target.key if target else None, context.who
    return ChangeRequest(source.path, key, "close", {}, who, context.today, reason, dropped=("closed",))
