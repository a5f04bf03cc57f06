"""Account for every numeral that no target's quote holds, with a reason; must not decide what is a target."""

from __future__ import annotations

from ledger.core.quantity import numerals
from ledger.extract.model import ContextDraft, TargetDraft
from ledger.extract.source import Source


def account(
    source: Source, targets: list[TargetDraft], reasons: list[tuple[int, int, str]], *, in_title: bool
) -> list[ContextDraft]:
    """Context for the figures with a reason and for every other numeral of the raw text outside all quotes."""
    found: dict[tuple[int, int], str] = {}
    for start, end, reason in reasons:
        found[source.raw_span(start, end)] = reason
    covered = [t.span for t in targets] + list(found)
    for numeral in numerals(source.raw):
        if not any(low <= numeral.start and numeral.end <= high for low, high in covered):
            span = (numeral.start, numeral.end)
            found[span] = _reason(source, numeral.start)
    return [
        ContextDraft(source.raw[a:b], reason, (a, b), in_title) for (a, b), reason in sorted(found.items())
    ]


def _reason(source: Source, raw_start: int) -> str:
    place = next((i for i, p in enumerate(source.places) if p >= raw_start), len(source.clean))
    if source.within(source.titled, place, place + 1):
        return "文件名称中的数字"
    if source.within(source.quoted, place, place + 1):
        return "名称中的数字"
    return "惯用语或固定名称"
