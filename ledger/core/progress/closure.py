"""Says that something was closed (销号)."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from ledger.core.evidence import evidence_text


class Closed(Protocol):
    """When, by whom and on what grounds: `ledger.core.models.revisions.Closing`, or the same read from a cache."""

    @property
    def on(self) -> date:
        """The day."""

    @property
    def by(self) -> str:
        """Who closed it."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """At least one."""

    @property
    def reason(self) -> str | None:
        """Why it was closed although the goal is not met."""


def closing_text(closed: Closed) -> str:
    """Return when and on what grounds something was closed."""
    reason = f"；未达标，理由：{closed.reason}" if closed.reason else ""
    return f"已于 {closed.on} 销号（{closed.by}；佐证：{'、'.join(map(evidence_text, closed.evidence))}{reason}）"
