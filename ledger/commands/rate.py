"""Rates the difficulty of a commitment."""

from __future__ import annotations

from ledger.commands.amend import EXAMPLE_REASON, ChangeRequest, EditContext
from ledger.core.errors import UsageError
from ledger.files.lookup import resolve
from ledger.rules.reasons import require_reason


def rate(context: EditContext, ref: str, label: str, reason: str | None) -> ChangeRequest:
    """Parse a rating of a commitment's difficulty.

    Raises:
        MissingReasonError: without a reason.
        UsageError: for a label that has no coefficient in data/ledger.yaml, or for a single target.
    """
    reason = require_reason(reason, "评定难度", EXAMPLE_REASON)
    source, target = resolve(context.ledger, context.year, ref)
    if target is not None:
        raise UsageError(
            "难度按承诺事项评定，不按单个目标", f"ledger rate {source.commitment.id} {label} --reason 理由"
        )
    known = context.ledger.config.difficulty
    if label not in known:
        hint = (
            f"可选：{'、'.join(known)}"
            if known
            else "请管理员在 data/ledger.yaml 写上，如 difficulty: {一般: 1, 较难: 1.2, 难: 1.5}"
        )
        raise UsageError(f"评定难度 {label} 没有系数", hint)
    return ChangeRequest(source.path, None, "rate", {"difficulty": label}, context.who, context.today, reason)
