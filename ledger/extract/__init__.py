"""Goal paragraph → typed target drafts, by rules that say their name; pure: knows no file, clock or terminal."""

from __future__ import annotations

from ledger.extract.engine import draft
from ledger.extract.model import ContextDraft, Draft, Kind, Op, TargetDraft

__all__ = ["ContextDraft", "Draft", "Kind", "Op", "TargetDraft", "as_json", "draft"]


def as_json(result: Draft) -> list[dict[str, str | None]]:
    """The contract of `ledger draft --format json`: one object per target, numbers as exact strings."""
    keys = ("quote", "name", "kind", "op", "value", "value2", "unit", "hedge", "rule")
    return [{key: getattr(target, key) for key in keys} for target in result.targets]
