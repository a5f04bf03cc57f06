"""Draft a commitment: run the stages of extraction in order and put their results into one answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.extract import (
    figures,
    grouping,
    items,
    kinds,
    leftovers,
    milestones,
    naming,
    patterns,
    periods,
    roles,
    schedules,
    tabular,
    titles,
    verbs,
)
from ledger.extract import source as sources
from ledger.extract.grouping import Statement
from ledger.extract.model import Draft, TargetDraft
from ledger.extract.source import SourceText

_FIGURED = ("figure", "tier", "rank", "rise", "cover", "compare")
_RATE_NAME = re.compile(r"(?<=.{2})(?:的)?(?:增速|增长率|增长|增幅)$")
_FALL_NAME = re.compile(r"(?<=.{2})(?:的)?(?:下降率|降低率|压降率|降幅|下降|降低|减少)$")

_REACH = 300
"""Characters in front of a figure in which its time is looked for: longer sentences are lists of many goals."""

Reasons = list[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class _TextReading:
    """One text (the paragraph or its title) on its way to targets."""

    source: SourceText
    spans: list[tuple[int, int]]
    in_title: bool
    year: int | None
    baselines: Reasons


def draft(
    text: str,
    title: str = "",
    department: str = "",  # noqa: ARG001 - a department says nothing yet
    year: int | None = None,
    *,
    past: bool = False,
) -> Draft:
    """Return the typed targets of a goal paragraph, and its other numerals with reasons.

    Pure and deterministic. Figures the rules cannot type come as kind `unknown`; no numeral is dropped: each lies in
    a target's quote or in the context. A figure of the title counts only where the text does not hold it.
    Goals of other years than `year` are `unknown`; without it, what is due 到20××年 is taken for another year's. A text that is
    `past` tells of results, and has no targets.
    """
    tables = tabular.read_tables(
        "" if past else text, year, lambda words, past: draft(words, year=year, past=past)
    )
    source, heading = (
        sources.read_source(text if past else tables.rest),
        sources.read_source("" if past else title),
    )
    targets, reasons = _analyse(source, in_title=False, known=[], year=year, past=past)
    title_targets, title_reasons = _analyse(heading, in_title=True, known=targets, year=year)
    targets, title_targets = titles.join(targets, title_targets)
    context = leftovers.collect_context(source, targets, reasons, in_title=False)
    title_context = leftovers.collect_context(heading, title_targets, title_reasons, in_title=True)
    offset = len(targets)
    title_targets = _shift_parents(title_targets, offset)
    table_targets = _shift_parents(tables.targets, offset + len(title_targets))
    return Draft((*targets, *title_targets, *table_targets), (*context, *tables.context, *title_context))


def _shift_parents(targets: Sequence[TargetDraft], offset: int) -> list[TargetDraft]:
    return [
        target if target.part_of is None else replace(target, part_of=target.part_of + offset)
        for target in targets
    ]


def _analyse(
    source: SourceText, *, in_title: bool, known: list[TargetDraft], year: int | None, past: bool = False
) -> tuple[list[TargetDraft], Reasons]:
    spans = sources.sentences(source)
    others = patterns.find(source)
    scanned = figures.scan(source.masked, source.units)
    mentions, context = roles.assign(source, scanned, others, [end for _, end in spans])
    mentions = sorted([*others, *mentions], key=lambda m: m.start)
    listed = items.build(source, mentions, spans)
    for item in listed:
        naming.describe(source, item)
    statements = schedules.merge_schedules(source, grouping.Grouper(source, listed).run())
    gone = [statement for statement in statements if past or _is_past(source, statement, year)]
    context = [
        *context,
        *((*statement.mention.core, "往年数") for statement in gone if statement.mention.value),
    ]
    if gone:
        statements = _without(statements, gone)
    repeated = [
        statement for statement in statements if in_title and titles.repeats(statement.mention, known)
    ]
    kept = [statement for statement in statements if statement not in repeated]
    reading = _TextReading(
        source, spans, in_title, year, [entry for entry in context if entry[2] == "基期数"]
    )
    drafts = [_target(reading, statement, kept) for statement in kept]
    drafts += [] if past else _steps(reading, statements)
    repeated_context = [
        (*statement.mention.core, "与正文目标同一数字") for statement in repeated if statement.mention.value
    ]
    return _in_order(drafts), [*context, *repeated_context]


def _is_past(source: SourceText, statement: Statement, year: int | None) -> bool:
    """Return whether a statement's words, from the last full stop on, begin with a year gone."""
    start = max(source.masked.rfind("。", 0, statement.mention.start) + 1, statement.mention.start - _REACH)
    return periods.past_year(source.clean[start : statement.mention.start], year)


def _without(statements: list[Statement], dropped: list[Statement]) -> list[Statement]:
    """Return the statements that are not dropped, with their parents where they then stand; a dropped parent is none."""
    left_out = {id(statement) for statement in dropped}
    kept = [statement for statement in statements if id(statement) not in left_out]
    place = {id(statement): number for number, statement in enumerate(kept)}
    return [
        replace(
            statement,
            parent=None if statement.parent is None else place.get(id(statements[statement.parent])),
        )
        for statement in kept
    ]


def _target(reading: _TextReading, statement: Statement, kept: list[Statement]) -> TargetDraft:
    source = reading.source
    other_year = periods.other_year(
        _words_before(reading, statement),
        source.clean[slice(*reading.spans[statement.item.sentence])],
        reading.year,
    )
    kind = "unknown" if other_year else kinds.kind_of(statement)
    mention = statement.mention
    figured = mention.form in _FIGURED and mention.value is not None
    unit = mention.unit
    if mention.form == "tier" and not unit:
        unit = patterns.measure_for(verbs.objects_of(statement.name))
    start, end = min(statement.quote[0], mention.start), max(statement.quote[1], mention.end)
    start, end = _balance_quote(source.clean, start, end)
    parent = _parent(statement, kept)
    return TargetDraft(
        quote=source.quote(start, end),
        name=_full_name(statement, kind),
        kind=kind,
        op=mention.op if figured else None,
        value=mention.value if figured else None,
        value2=mention.value2 if figured else None,
        unit=unit if figured else None,
        hedge=statement.hedge,
        rule="other_year" if other_year else _rule(statement),
        span=source.raw_span(start, end),
        stretch=mention.stretch,
        part_of=kept.index(parent) if parent is not None else None,
        any_of=statement.choice,
        in_title=reading.in_title,
        form=mention.form,
        word=mention.word,
        falling=kind == "change" and kinds.is_decline(statement),
        due=None if statement.plan else _due(reading, statement.item.sentence, mention.start),
        plan=statement.plan,
        baseline=_baseline(reading, statement) if kind == "level" else None,
        owners=_owners(reading, statement.item.sentence),
    )


def _words_before(reading: _TextReading, statement: Statement) -> str:
    low = max(reading.spans[statement.item.sentence][0], statement.mention.start - _REACH)
    words = reading.source.clean[low : statement.mention.start]
    return re.sub(r"《[^》]*》?", "", words)


def _due(reading: _TextReading, sentence: int, end: int) -> periods.MonthDay | None:
    """Return the deadline named in front of a goal in its sentence, or in a remark behind the sentence."""
    low, _ = reading.spans[sentence]
    day = periods.deadline(reading.source.masked[max(low, end - _REACH) : end])
    if day:
        return day
    remarks = [note.words for note in _notes(reading, sentence) if sources.is_deadline(note.words)]
    return next((day for words in remarks if (day := periods.deadline(words, bare=True))), None)


def _owners(reading: _TextReading, sentence: int) -> tuple[str, ...]:
    """Return the units that a remark behind the sentence makes responsible, the leading one first."""
    owners: list[str] = []
    for note in _notes(reading, sentence):
        owners += sources.units_of_note(note.words)
    return tuple(dict.fromkeys(owners))


def _notes(reading: _TextReading, sentence: int) -> list[sources.TextNote]:
    """Return the remarks that belong to a sentence: those in brackets behind it, else the next standalone ones."""
    low = reading.spans[sentence][0]
    following = (
        reading.spans[sentence + 1][0] if sentence + 1 < len(reading.spans) else len(reading.source.clean) + 1
    )
    notes = reading.source.notes
    following_notes = [note for note in notes if low < note.at <= following]
    if following_notes:
        return following_notes
    alone = [note for note in notes if note.alone and note.at > low and _same_item(reading.source, low, note)]
    first = [note for note in notes if note.alone and note.at == 0]
    return [note for note in alone if note.at == alone[0].at] or first


def _same_item(source: SourceText, low: int, note: sources.TextNote) -> bool:
    """Return whether a standalone note belongs to a sentence before it: no item begins between, or it closes a whole cell."""
    if note.closes_cell:
        return True
    return not any(low < source.clean_place(start) <= note.at for start, _ in source.marks)


def _baseline(reading: _TextReading, statement: Statement) -> str | None:
    """Return the figure a level starts from (由85%提高到90%, 90%（上年85%）), where it is in the goal's unit."""
    source, mention = reading.source, statement.mention
    for start, end, _ in reading.baselines:
        near = (
            source.clean[end : mention.start] if end <= mention.start else source.clean[mention.end : start]
        )
        if len(near) > 14 or re.search(r"[；。！？]|\d", near):
            continue
        figure = figures.at(source.masked, start)
        if figure is not None and figure.unit == mention.unit and figure.value2 is None:
            return figure.value
    return None


def _rule(statement: Statement) -> str:
    """Return the grouping rule where it says more than the form: shared_figure, respectively …; otherwise the form's own."""
    plain = statement.rule in {"named_figure", "continued"} and statement.mention.form != "figure"
    return statement.mention.form if plain else statement.rule


def _parent(statement: Statement, kept: list[Statement]) -> Statement | None:
    return (
        kept[statement.parent]
        if statement.parent is not None
        and statement.parent < len(kept)
        and kept[statement.parent] is not statement
        else None
    )


def _full_name(statement: Statement, kind: str) -> str:
    if statement.mention.form in {"zero", "streak", "judgement"}:
        return statement.name + statement.mention.word
    if kind == "change":
        return (_FALL_NAME if kinds.is_decline(statement) else _RATE_NAME).sub("", statement.name)
    return statement.name


def _balance_quote(text: str, start: int, end: int) -> tuple[int, int]:
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


def _steps(reading: _TextReading, statements: list[Statement]) -> list[TargetDraft]:
    drafts = []
    taken = [
        (
            min(statement.item.lead[0], statement.mention.start, statement.quote[0]),
            max(statement.item.tail[1], statement.mention.end, statement.quote[1]),
        )
        for statement in statements
    ]
    for number, (low, high) in enumerate(reading.spans):
        for start, end in _uncovered_clauses(reading.source.masked, low, high, taken):
            steps = milestones.find(reading.source, start, end)
            drafts += [_step_target(reading, step, number) for step in steps]
    return drafts


def _step_target(reading: _TextReading, step: milestones.StepClause, sentence: int) -> TargetDraft:
    source = reading.source
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
        in_title=reading.in_title,
        form="milestone",
        due=_due(reading, sentence, step.end),
        owners=_owners(reading, sentence),
    )


def _uncovered_clauses(text: str, low: int, high: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the comma clauses of a sentence that hold no statement."""
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
