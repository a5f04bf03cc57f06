"""Decide for each figure whether it states a goal or only describes something; the reasons are in `labels`, `qualifiers`.

The rules run in the order of `CONTEXT_RULES`; the first that matches gives the reason. A figure that none matches is a goal.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from ledger.extract import labels, qualifiers
from ledger.extract.figure_context import FigureContext, locate
from ledger.extract.model import Figure, Mention
from ledger.extract.source import SourceText
from ledger.extract.words import BOUND_AFTER, BOUND_BEFORE

CONTEXT_RULES: tuple[Callable[[FigureContext], str | None], ...] = (
    labels.titled, labels.dated, labels.ordinal, labels.glued, labels.numbered, labels.procedural, labels.per_basis,
    qualifiers.baseline, qualifiers.past, qualifiers.reference, qualifiers.heading_count, qualifiers.capacity,
    labels.idiom, qualifiers.duration, qualifiers.size_qualifier, qualifiers.noun_qualifier, qualifiers.project_profile,
    qualifiers.work_object, qualifiers.attribute, qualifiers.unread,
)  # fmt: skip


def assign(
    source: SourceText, figures: list[Figure], others: list[Mention], ends: list[int]
) -> tuple[list[Mention], list[tuple[int, int, str]]]:
    """Figures that are goals, as mentions, and the rest with reasons. Right to left: a qualifier needs the goal behind it."""
    targets: list[Mention] = []
    context: list[tuple[int, int, str]] = []
    stated = sorted(others, key=lambda mention: mention.start)
    starts = [mention.start for mention in stated]
    for figure in sorted(figures, key=lambda figure: -figure.start):
        before = bisect_right(starts, figure.start)
        if any(figure.start < mention.end for mention in stated[max(0, before - 4) : before]):
            continue
        sentence = bisect_left(ends, figure.end)
        limit = ends[sentence] if sentence < len(ends) else len(source.masked)
        following = bisect_left(starts, figure.end)
        behind = [
            start
            for start in (*starts[following : following + 1], *(target.start for target in targets[-2:]))
            if figure.end <= start <= limit
        ]
        place = locate(source, figure, min(behind, default=None))
        reason = next((r for r in (rule(place) for rule in CONTEXT_RULES) if r), None)
        if reason:
            context.append((figure.start, figure.end + len(place.bound_after), reason))
        else:
            targets.append(_mention(place))
    return sorted(targets, key=lambda m: m.start), context


def _mention(place: FigureContext) -> Mention:
    figure = place.figure
    op = BOUND_BEFORE.get(place.bound_before) or BOUND_AFTER.get(place.bound_after)
    if place.bound_before and place.bound_after and BOUND_AFTER[place.bound_after] != "about":
        op = (
            BOUND_BEFORE[place.bound_before]
            if BOUND_BEFORE[place.bound_before] != "about"
            else BOUND_AFTER[place.bound_after]
        )
    if op is None and figure.more:
        op = "more_than"
    if figure.value2 is not None:
        op = "between"
    start = figure.start - len(place.bound_before)
    end = figure.end + len(place.bound_after)
    return Mention(
        start, end, "figure", (figure.start, figure.end), op or "reach", figure.value, figure.value2, figure.unit,  # type: ignore[arg-type]
        bounded=op is not None, post=bool(place.bound_after), counted=figure.counted, word=place.bound_before,
    )  # fmt: skip
