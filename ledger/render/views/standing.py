"""Says in words what a target's status holds beside its figures; the same on the page and in the bulletin."""

from __future__ import annotations

from ledger.core.progress import TargetStatus
from ledger.core.progress.percent import percent


def remarks_of(status: TargetStatus) -> tuple[str, ...]:
    """Return everything a status says beside its figures, each once."""
    tiers = [
        f"争取值 {one.goal}：" + {True: "已达到", False: "未达到", None: "还不能判断"}[one.reached]
        for one in status.tiers
    ]
    standing = (
        None if status.reason and status.standing and status.standing in status.reason else status.standing
    )
    return tuple(dict.fromkeys(filter(None, (standing, status.reason, *tiers, *status.notes))))


def gap_text(status: TargetStatus, points: bool) -> str:
    """Return how far a target is behind its pace, in the ledger's rule; empty where it is not, or cannot be said."""
    if status.gap is None or status.gap <= 0:
        return ""
    behind = percent(status.gap)
    return f"落后 {behind.removesuffix('%')} 个百分点" if points else f"比计划少 {behind}"


def gap_number(status: TargetStatus) -> str:
    """Return the bare figure of `gap_text`, for a column whose heading is `gap_name`."""
    behind = status.gap is not None and status.gap > 0
    return percent(status.gap).removesuffix("%") if behind else "—"


def gap_name(points: bool) -> str:
    """Return the heading of a column of gaps."""
    return "落后（百分点）" if points else "比计划少（%）"
