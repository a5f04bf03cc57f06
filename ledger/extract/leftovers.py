"""Account for every numeral that no target's quote holds, with a reason."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

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
    covered = _Spans([target.span for target in targets] + list(reason_of))
    for numeral in numerals(source.raw):
        if not covered.hold(numeral.start, numeral.end):
            span = (numeral.start, numeral.end)
            reason_of[span] = _reason(source, numeral.start)
    return [
        ContextDraft(source.raw[a:b], reason, (a, b), in_title)
        for (a, b), reason in sorted(reason_of.items())
    ]


class _Spans:
    """Spans of a text, for asking whether one of them holds a stretch in logarithmic time."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self.starts = [start for start, _ in ordered]
        self.furthest = list(accumulate((end for _, end in ordered), max))

    def hold(self, start: int, end: int) -> bool:
        """Return whether a span that begins at or before `start` reaches `end`."""
        before = bisect_right(self.starts, start)
        return before > 0 and self.furthest[before - 1] >= end


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
