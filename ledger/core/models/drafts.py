"""Drafted commitments: not confirmed yet, with the parts of the text that extraction could not turn into targets."""

from typing import Annotated

from ledger.core.models.base import Model, OneLine, Unconfirmed, doc
from ledger.core.models.targets import Commitment, Key, Target
from ledger.core.structs import field


class Unread(Model):
    """Words that state a goal which no rule could type: a person must."""

    quote: Annotated[OneLine, doc("原文摘句，逐字")]
    name: Annotated[OneLine | None, doc("可能的目标名称")] = None
    reason: Annotated[OneLine, doc("为什么未能识别")]


class DraftCommitment(Commitment):
    """What `ledger draft` writes into `data/drafts`; confirmed, it becomes a Commitment in `data/targets`."""

    draft: Annotated[Unconfirmed, doc("草稿，未经确认")]
    targets: Annotated[tuple[Target, ...], doc("读出的目标，待确认")] = ()
    unknown: Annotated[tuple[Unread, ...], doc("未能识别的目标，要人来定")] = ()
    rules: Annotated[dict[Key, OneLine], doc("每个目标由哪条规则得出")] = field(default_factory=dict)
    reviewed: Annotated[int, doc("前几个目标已经人确认", ge=0)] = 0
