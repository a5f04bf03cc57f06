"""Account for every numeral that no target's quote holds, with a reason."""

from __future__ import annotations

from ledger.core.quantity import numerals
from ledger.extract.model import ContextDraft, TargetDraft
from ledger.extract.source import SourceText


def collect_context(
    source: SourceText, targets: list[TargetDraft], reasons: list[tuple[int, int, str]], *, in_title: bool
) -> list[ContextDraft]:
    """Context for the figures with a reason and for every other numeral of the raw text outside all quotes."""
    reason_of: dict[tuple[int, int], str] = {}
    for start, end, reason in reasons:
        reason_of[source.raw_span(start, end)] = reason
    covered = [target.span for target in targets] + list(reason_of)
    for numeral in numerals(source.raw):
        if not any(low <= numeral.start and numeral.end <= high for low, high in covered):
            span = (numeral.start, numeral.end)
            reason_of[span] = _reason(source, numeral.start)
    return [
        ContextDraft(source.raw[a:b], reason, (a, b), in_title)
        for (a, b), reason in sorted(reason_of.items())
    ]


def _reason(source: SourceText, raw_start: int) -> str:
    if any(low <= raw_start < high for low, high in source.marks):
        return "序号"
    if any(c in source.raw[raw_start : raw_start + 4] for c in "月季日年") and raw_start not in source.places:
        return "日期"
    place = source.clean_place(raw_start)
    if source.within(source.titled, place, place + 1):
        return "文件名称中的数字"
    if source.within(source.quoted, place, place + 1):
        return "名称中的数字"
    return "惯用语或固定名称"
