"""Rules over drafts: each unconfirmed draft is a finding, and so are the faults of one that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.core.findings import Finding, Place
from ledger.files import drafts
from ledger.files.ledger import Ledger


def unconfirmed(ledger: Ledger) -> Iterator[Finding]:
    """No draft is left: a plan is complete when a person has confirmed all of it."""
    for path in drafts.paths(ledger.root):
        source = drafts.read_draft(ledger, path)
        if not isinstance(source, drafts.DraftSource):
            yield from source
            continue
        commitment = source.commitment
        line, column = source.document.locate(("draft",))
        unreviewed = len(commitment.targets) - min(commitment.reviewed, len(commitment.targets))
        unknown = f"，{len(commitment.unknown)} 处未能识别" if commitment.unknown else ""
        yield Finding(
            "draft",
            f"草稿没有确认，不算承诺：{unreviewed} 个目标待确认{unknown}",
            f"ledger draft --review {commitment.id}",
            place=Place(str(path), line, column),
            excerpt=commitment.title,
        )
