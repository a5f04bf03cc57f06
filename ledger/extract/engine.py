"""Draft a commitment: run the rooms in order and put their findings into one answer; must not know any rule itself."""

from __future__ import annotations

from dataclasses import replace

from ledger.extract import (
    figures,
    grouping,
    items,
    kinds,
    leftovers,
    milestones,
    naming,
    patterns,
    roles,
    titles,
)
from ledger.extract.grouping import Statement
from ledger.extract.model import Draft, TargetDraft
from ledger.extract.source import Source, read, sentences

_FIGURED = ("figure", "tier", "rank", "rise", "cover", "compare")


def draft(text: str, title: str = "", department: str = "") -> Draft:  # noqa: ARG001 - a department says nothing yet
    """The typed targets of a goal paragraph and its other numerals with reasons.

    Pure and deterministic. Figures the rules cannot type come as kind `unknown`; no numeral is dropped: each lies in
    a target's quote or in the context. A figure of the title counts only where the text does not hold it.
    """
    source, heading = read(text), read(title)
    found, reasons = _analyse(source, in_title=False, known=[])
    more, title_reasons = _analyse(heading, in_title=True, known=found)
    targets, more = titles.join(found, more)
    context = leftovers.account(source, targets, reasons, in_title=False)
    title_context = leftovers.account(heading, more, title_reasons, in_title=True)
    offset = len(targets)
    shifted = [t if t.part_of is None else replace(t, part_of=t.part_of + offset) for t in more]
    return Draft((*targets, *shifted), (*context, *title_context))


def _analyse(
    source: Source, *, in_title: bool, known: list[TargetDraft]
) -> tuple[list[TargetDraft], list[tuple[int, int, str]]]:
    spans = sentences(source)
    others = patterns.find(source)
    scanned = figures.scan(source.masked)
    found, context = roles.assign(source, scanned, others, [end for _, end in spans])
    mentions = sorted([*others, *found], key=lambda m: m.start)
    listed = items.build(source, mentions, spans)
    for item in listed:
        naming.describe(source, item)
    statements = grouping.Grouper(source, listed).run()
    repeated = [s for s in statements if in_title and titles.repeats(s.mention, known)]
    kept = [s for s in statements if s not in repeated]
    drafts = [_target(source, s, kept, in_title=in_title) for s in kept]
    drafts += _steps(source, spans, statements, in_title=in_title)
    again = [(*s.mention.core, "与正文目标同一数字") for s in repeated if s.mention.value]
    return _in_order(drafts), [*context, *again]


def _target(source: Source, s: Statement, kept: list[Statement], *, in_title: bool) -> TargetDraft:
    kind = kinds.kind_of(s)
    mention = s.mention
    figured = mention.form in _FIGURED and mention.value is not None
    unit = mention.unit
    if mention.form == "tier" and not unit:
        unit = patterns.measure_for(naming.objects_of(s.name))
    start, end = min(s.quote[0], mention.start), max(s.quote[1], mention.end)
    start, end = _closed(source.clean, start, end)
    stretch = mention.stretch
    return TargetDraft(
        quote=source.quote(start, end),
        name=_full_name(s),
        kind=kind,
        op=mention.op if figured else None,
        value=mention.value if figured else None,
        value2=mention.value2 if figured else None,
        unit=unit if figured else None,
        hedge=s.hedge,
        rule=_rule(s),
        span=source.raw_span(start, end),
        stretch=stretch,
        part_of=kept.index(kept_parent) if (kept_parent := _parent(s, kept)) is not None else None,
        any_of=s.choice,
        in_title=in_title,
        form=mention.form,
        word=mention.word,
        falling=kind == "change" and kinds.falls(s),
    )


def _rule(s: Statement) -> str:
    """The grouping rule where it says more than the form: shared_figure, respectively …; otherwise the form's own."""
    plain = s.rule in {"named_figure", "continued"} and s.mention.form != "figure"
    return s.mention.form if plain else s.rule


def _parent(s: Statement, kept: list[Statement]) -> Statement | None:
    return (
        kept[s.parent] if s.parent is not None and s.parent < len(kept) and kept[s.parent] is not s else None
    )


def _full_name(s: Statement) -> str:
    if s.mention.form in {"zero", "streak", "judgement"}:
        return s.name + s.mention.word
    return s.name


def _closed(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in a closing mark whose opening one the quote holds, and drop punctuation at the ends."""
    while start < end and text[start] in "，、；。：）” ":
        start += 1
    piece = text[start:end]
    for opening, closing in ("“”", "（）", "《》"):
        if piece.count(opening) > piece.count(closing) and text[end : end + 1] == closing:
            end += 1
        if piece.count(closing) > piece.count(opening) and text[start - 1 : start] == opening:
            start -= 1
    return start, end


def _steps(
    source: Source, spans: list[tuple[int, int]], statements: list[Statement], *, in_title: bool
) -> list[TargetDraft]:
    drafts = []
    taken = [(min(s.item.lead[0], s.mention.start), max(s.item.tail[1], s.mention.end)) for s in statements]
    for low, high in spans:
        for start, end in _free(source.masked, low, high, taken):
            found = milestones.find(source, start, end)
            drafts += [_step_target(source, step, in_title=in_title) for step in found]
    return drafts


def _step_target(source: Source, step: milestones.Step, *, in_title: bool) -> TargetDraft:
    return TargetDraft(
        quote=source.quote(step.start, step.end),
        name=step.name,
        kind="milestone",
        op=None,
        value=None,
        value2=None,
        unit=None,
        hedge=step.hedge,
        rule=step.rule,
        span=source.raw_span(step.start, step.end),
        steps=(step.name,),
        in_title=in_title,
        form="milestone",
    )


def _free(text: str, low: int, high: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The comma clauses of a sentence that hold no statement."""
    free, start = [], low
    for i in range(low, high + 1):
        if i == high or text[i] in "，：":
            if i > start and not any(a < i and start < b for a, b in taken):
                free.append((start, i))
            start = i + 1
    return free


def _in_order(drafts: list[TargetDraft]) -> list[TargetDraft]:
    """By place in the text; parents are found again after sorting."""
    order = sorted(range(len(drafts)), key=lambda i: (_figure_end(drafts[i]), i))
    new_place = {old: new for new, old in enumerate(order)}
    return [
        replace(drafts[i], part_of=new_place[parent])
        if (parent := drafts[i].part_of) is not None
        else drafts[i]
        for i in order
    ]


def _figure_end(target: TargetDraft) -> int:
    return target.span[1]
