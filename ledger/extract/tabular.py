"""Targets of the tables that a text holds: each row is put into words and drafted; its quote is the row as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from ledger.core.errors import LedgerError
from ledger.core.quantity import numerals
from ledger.documents.columns import rows_of
from ledger.documents.prose import looking_back
from ledger.documents.text_tables import TextTable, tables_in
from ledger.extract.model import ContextDraft, Draft, TargetDraft


@dataclass(frozen=True, slots=True)
class Tabular:
    """What the tables of a text give, and the text with the tables blanked out, of the same length."""

    targets: tuple[TargetDraft, ...]
    context: tuple[ContextDraft, ...]
    rest: str


def read_tables(text: str, year: int | None, draft: Callable[[str, bool], Draft]) -> Tabular:
    """Draft the rows of a text's tables, and take out the sections that look back.

    `draft` drafts one row put into words, or (True) a section of results.
    """
    if "\n" not in text:
        return Tabular((), (), text)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    targets: list[TargetDraft] = []
    context: list[ContextDraft] = []
    rest = text
    for table in tables_in(text):
        low, high = starts[table.start], starts[table.end] if table.end < len(starts) else len(text)
        drafted = _targets(text, table, starts, year, lambda words: draft(words, False))
        if not drafted:
            continue
        targets += drafted
        context += _left(text, low, high, [target.span for target in drafted])
        rest = rest[:low] + re.sub(r"[^\n]", " ", rest[low:high]) + rest[high:]
    for low, high in _sections_of_results(rest, starts):
        for item in draft(rest[low:high], True).context:
            span = (item.span[0] + low, item.span[1] + low)
            context.append(replace(item, span=span))
        rest = rest[:low] + re.sub(r"[^\n]", " ", rest[low:high]) + rest[high:]
    return Tabular(tuple(targets), tuple(context), rest)


def _sections_of_results(text: str, starts: list[int]) -> list[tuple[int, int]]:
    """Return the spans of the lines under headings that look back: 一、2024年工作回顾."""
    past = looking_back([line.strip() for line in text.split("\n")])
    spans: list[tuple[int, int]] = []
    for number, is_past in enumerate(past):
        if not is_past:
            continue
        low, high = starts[number], starts[number + 1] if number + 1 < len(starts) else len(text)
        if spans and spans[-1][1] == low:
            spans[-1] = (spans[-1][0], high)
        else:
            spans.append((low, high))
    return spans


def _targets(
    text: str, table: TextTable, starts: list[int], year: int | None, draft: Callable[[str], Draft]
) -> list[TargetDraft]:
    try:
        rows = rows_of("", (table.grid,), year=year).rows
    except LedgerError:
        return []
    firsts = [_line_of(line.place) for line in table.grid.lines]
    targets: list[TargetDraft] = []
    for row in rows:
        first = _line_of(row.place)
        following = next((line for line in firsts if line > first), table.end)
        low, high = _trimmed(text, starts[first], starts[following] if following < len(starts) else len(text))
        owners = tuple(filter(None, (row.department, *row.partners)))
        offset = len(targets)
        for target in draft(row.text).targets:
            parent = None if target.part_of is None else target.part_of + offset
            target_owners = owners or target.owners
            targets.append(
                replace(target, quote=text[low:high], span=(low, high), owners=target_owners, part_of=parent)
            )
    return targets


def _line_of(place: str) -> int:
    match = re.search(r"\d+", place)
    return int(match[0]) - 1 if match else 0


def _trimmed(text: str, low: int, high: int) -> tuple[int, int]:
    while low < high and text[low].isspace():
        low += 1
    while low < high and text[high - 1].isspace():
        high -= 1
    return low, high


def _left(text: str, low: int, high: int, spans: list[tuple[int, int]]) -> list[ContextDraft]:
    """Context for the numerals of headings and of rows that gave no target."""
    return [
        ContextDraft(text[start:end], "表格中未作为目标的数字", (start, end))
        for numeral in numerals(text)
        if low <= (start := numeral.start) and (end := numeral.end) <= high
        if not any(first <= start and end <= last for first, last in spans)
    ]
