"""Decide for each figure whether it states a goal or only describes something; the reasons live in `labels`, `qualifiers`.

The rules run in the order of `CONTEXT_RULES`; the first that speaks gives the reason. A figure no rule claims is a goal.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.extract import labels, qualifiers
from ledger.extract.model import Figure, Mention
from ledger.extract.place import Place, place
from ledger.extract.source import Source
from ledger.extract.words import BOUND_AFTER, BOUND_BEFORE

CONTEXT_RULES: tuple[Callable[[Place], str | None], ...] = (
    labels.titled, labels.dated, labels.ordinal, labels.glued, labels.numbered, labels.per_basis,
    qualifiers.baseline, qualifiers.past, qualifiers.reference, qualifiers.heading_count, qualifiers.capacity,
    labels.idiom, qualifiers.duration, qualifiers.size_qualifier, qualifiers.noun_qualifier, qualifiers.project_profile,
    qualifiers.work_object, qualifiers.attribute, qualifiers.unread,
)  # fmt: skip


def assign(
    source: Source, figures: list[Figure], others: list[Mention], ends: list[int]
) -> tuple[list[Mention], list[tuple[int, int, str]]]:
    """Figures that are goals, as mentions, and the rest with reasons. Right to left: a qualifier needs the goal behind it."""
    targets: list[Mention] = []
    context: list[tuple[int, int, str]] = []
    starts = sorted(m.start for m in others)
    for figure in sorted(figures, key=lambda f: -f.start):
        if any(m.start <= figure.start < m.end for m in others):
            continue
        limit = next((e for e in ends if e >= figure.end), len(source.masked))
        behind = [s for s in [*starts, *(t.start for t in targets)] if figure.end <= s <= limit]
        here = place(source, figure, min(behind, default=None))
        reason = next((r for r in (rule(here) for rule in CONTEXT_RULES) if r), None)
        if reason:
            context.append((figure.start, figure.end + len(here.bound_after), reason))
        else:
            targets.append(_mention(here))
    return sorted(targets, key=lambda m: m.start), context


def _mention(p: Place) -> Mention:
    f = p.figure
    op = BOUND_BEFORE.get(p.bound_before) or BOUND_AFTER.get(p.bound_after)
    if p.bound_before and p.bound_after and BOUND_AFTER[p.bound_after] != "about":
        op = (
            BOUND_BEFORE[p.bound_before]
            if BOUND_BEFORE[p.bound_before] != "about"
            else BOUND_AFTER[p.bound_after]
        )
    if op is None and f.more:
        op = "more_than"
    if f.value2 is not None:
        op = "between"
    start = f.start - len(p.bound_before)
    end = f.end + len(p.bound_after)
    return Mention(
        start, end, "figure", (f.start, f.end), op or "reach", f.value, f.value2, f.unit,  # type: ignore[arg-type]
        bounded=op is not None, post=bool(p.bound_after), counted=f.counted, word=p.bound_before,
    )  # fmt: skip
