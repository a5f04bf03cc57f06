"""The quick way through a progress file for whoever only adds up: the lines that the program itself writes most, by one pattern.

It gives what `entryfile.read` gives, or nothing: the pattern admits only texts that the model admits too, a line that it
does not know goes through the model alone, and whatever the model refuses leaves the whole file to `read`, which says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ledger.models.entries import Entry
from ledger.store.entryfile import read_line, too_large

_TEXT = r'[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]+'  # JSON's texts without escapes that YAML reads too
_FIGURES = ("add", "total", "value", "benchmark", "step")
_LINE = (
    r'- \{"id": "([0-7][0-9A-HJKMNP-TV-Z]{25})", "on": "([0-9]{4}-[0-9]{2}-[0-9]{2})", "target": "([a-z][a-z0-9-]*)"'
    rf'(?:, "({"|".join(_FIGURES)})": "({_TEXT})")?'
    r'(?:, "rank": ([1-9][0-9]{0,8})(?:, "of": ([1-9][0-9]{0,8}))?)?'
    rf', "by": "{_TEXT}"(?:, "note": "({_TEXT})")?'
    rf'(?:, "evidence": \["({_TEXT}(?:", "{_TEXT})*)"\])?(?:, "simulated": "模拟数据")?\}}\n'
)
"""One line with at most one figure in words, in the order in which the program writes the keys. No text in it is empty."""
_ALL = re.compile("^" + _LINE, re.MULTILINE)


class Line(NamedTuple):
    """What the arithmetic reads of an entry."""

    id: str
    on: date
    target: str
    add: str | None = None
    total: str | None = None
    value: str | None = None
    benchmark: str | None = None
    step: str | None = None
    rank: int | None = None
    of: int | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    current: str | None = None
    base: str | None = None
    verdict: str | None = None
    reason: str | None = None
    corrects: str | None = None
    voids: str | None = None
    rate: str | None = None


_PLACE = {name: index for index, name in enumerate(_FIGURES)}
_NONE: tuple[str | None, ...] = (None,) * len(_FIGURES)
_REST = (None,) * 7
_AFTER_ADD: tuple[object, ...] = (None,) * 7 + ((),) + _REST


def read_quickly(raw: bytes) -> list[Line | Entry] | None:
    """Return the entries of a progress file in its order; None for any file with something to complain of or not canonical."""
    if too_large("", len(raw)) or b"\r" in raw or b"\0" in raw:
        return None  # JSON passes over them between two words; the strict reader says where they are
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if text and not text.endswith("\n"):
        return None
    known = _ALL.findall(text)
    try:
        if len(known) == text.count("\n"):  # a match is one whole line, so there is no line without one
            return [_line(*groups) for groups in known]
        return _one_by_one(text)
    except ValueError:  # 2023-02-30
        return None


def _one_by_one(text: str) -> list[Line | Entry] | None:
    """Read a file that has lines which the pattern does not know."""
    found: list[Line | Entry] = []
    for row in text.split("\n")[:-1]:
        known = _ALL.findall(row + "\n")
        entry = _line(*known[0]) if known else read_line(row)
        if entry is None:
            return None
        found.append(entry)
    return found


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    return date.fromisoformat(text)


def _line(
    key: str,
    on: str,
    target: str,
    figure: str,
    text: str,
    rank: str,
    of: str,
    note: str,
    evidence: str,
    _make: Callable[
        ..., Line
    ] = tuple.__new__,  # a million lines pass here: a look-up and a call of `Line` cost a third more
) -> Line:
    """Build an entry, in the order of the fields; what the line does not have is empty here."""
    if figure == "add" and not (rank or note or evidence):
        return _make(Line, (key, _day(on), target, text, *_AFTER_ADD))
    place = _PLACE[figure] if figure else 0
    return _make(
        Line,
        (
            key,
            _day(on),
            target,
            *_NONE[:place],
            text or None,
            *_NONE[place + 1 :],
            int(rank) if rank else None,
            int(of) if of else None,
            note or None,
            tuple(evidence.split('", "')) if evidence else (),
            *_REST,
        ),
    )
