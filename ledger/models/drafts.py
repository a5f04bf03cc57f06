"""A drafted commitment: a commitment that nobody has confirmed yet, with whatever the rules could not type."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from ledger.models.base import Line, Model
from ledger.models.targets import Commitment, Key, Target


class Unread(Model):
    """Words that state a goal which no rule could type: a person must."""

    quote: Line = Field(description="原文摘句，逐字")
    name: Line | None = Field(None, description="可能的目标名称")
    reason: Line = Field(description="为什么没有读懂")


class DraftCommitment(Commitment):
    """What `ledger draft` writes into `data/drafts`; confirmed, it becomes a Commitment in `data/targets`."""

    draft: Literal[True] = Field(description="草稿，未经确认")
    targets: tuple[Target, ...] = Field((), description="读出的目标，待确认")
    unknown: tuple[Unread, ...] = Field((), description="没有读懂的目标，要人来定")
    rules: dict[Key, Line] = Field(default_factory=dict, description="每个目标由哪条规则得出")
    reviewed: int = Field(0, ge=0, description="前几个目标已经人确认")

    @field_validator("draft")
    @classmethod
    def _confirmed(cls, draft: bool) -> bool:
        return draft
