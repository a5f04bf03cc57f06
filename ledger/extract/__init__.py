"""Extraction of typed target drafts from a goal paragraph, by named rules. Pure: no file, clock or network."""

from __future__ import annotations

from ledger.extract.engine import draft
from ledger.extract.model import ContextDraft, Draft, DraftKind, Op, TargetDraft

__all__ = ["ContextDraft", "Draft", "DraftKind", "Op", "TargetDraft", "as_json", "draft"]


def as_json(result: Draft) -> list[dict[str, object]]:
    """Return the contract of `ledger draft --format json`: one object per target, numbers as exact strings.

    `due` is `MM-DD`, `plan` lists amounts due by a day, `owners` are the responsible units that the text names.
    """
    keys = ("quote", "name", "kind", "op", "value", "value2", "unit", "hedge", "rule")
    return [
        {key: getattr(target, key) for key in keys}
        | {
            "due": _month_day(target.due),
            "plan": [{"on": _month_day(point.day), "value": point.value} for point in target.plan],
            "baseline": target.baseline,
            "owners": list(target.owners),
        }
        for target in result.targets
    ]


def _month_day(day: tuple[int, int] | None) -> str | None:
    return f"{day[0]:02d}-{day[1]:02d}" if day else None
