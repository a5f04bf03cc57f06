"""Cut the words around each mention into lead, tail and separator."""

from __future__ import annotations

import re

from ledger.extract.model import Item, Mention
from ledger.extract.source import SourceText

_HARD = "，：（）"
_STOPS = re.compile(r"[，、；：（）。！？”\"]")
_JOIN = re.compile(r"以及|和|与|(?<![惠涉普触波危])及(?!时)|并|或者|或")


def build(source: SourceText, mentions: list[Mention], spans: list[tuple[int, int]]) -> list[Item]:
    """One item per mention, in order, with its sentence and clause numbers."""
    items: list[Item] = []
    clause = 0
    for number, (low, high) in enumerate(spans):
        inside = [m for m in mentions if low <= m.start < high]
        clause += 1
        position = low
        for mention in inside:
            previous = items[-1] if position > low else None
            item = _item(source.masked, position, mention, previous)
            item.sentence = number
            if previous is None or item.separator in _HARD:
                clause += 1
            item.clause = clause
            items.append(item)
            position = mention.end
        if inside:
            items[-1].tail = (inside[-1].end, _next_stop(source.masked, inside[-1].end, high))
    return items


def _item(text: str, start: int, mention: Mention, previous: Item | None) -> Item:
    """Return the lead of a mention, and the tail of the one before it."""
    gap = text[start : mention.start]
    hard = max(gap.rfind(c) for c in _HARD)
    if previous is None:
        lead = start + hard + 1
        # A remark in brackets inside the lead is part of it.
        if hard >= 0 and gap[hard] == "）":
            lead = start + max(gap.rfind(c, 0, max(gap.rfind("（"), 0)) for c in "，：") + 1
        return Item(mention, (lead, mention.start), (mention.end, mention.end), "", 0, 0)
    soft = gap.find("、")
    if hard >= 0:
        first = min(position for position in (gap.find(mark) for mark in _HARD + "、") if position >= 0)
        previous.tail = (start, start + first)
        separator, lead = gap[hard], start + hard + 1
        if separator == "）" and "（" in gap[:hard]:  # a remark in brackets, nothing more
            opened = gap.rfind("（", 0, hard)
            earlier = max((gap.rfind(c, 0, opened) for c in "，：、"), default=-1)
            separator, lead = (gap[earlier], start + earlier + 1) if earlier >= 0 else ("", start)
    elif soft >= 0:
        previous.tail, separator, lead = (start, start + soft), "、", start + soft + 1
    else:
        joins = list(_JOIN.finditer(gap))
        if joins:
            join = joins[0] if joins[0].start() == 0 else joins[-1]
            previous.tail, separator, lead = (start, start + join.start()), join[0], start + join.end()
        else:
            previous.tail, separator, lead = (start, start), "", start
    return Item(mention, (lead, mention.start), (mention.end, mention.end), separator, 0, 0)


def _next_stop(text: str, start: int, high: int) -> int:
    match = _STOPS.search(text, start, high)
    return match.start() if match else high
