"""Fast reader of progress lines: one pattern for the lines that the program writes most.

It gives what `entryfile.read_progress` gives, or nothing: the pattern admits only texts that the model admits too, a line that it does not
know goes through the model alone, and whatever the model refuses leaves the whole file to `entryfile.read_progress`, which says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import compress
from operator import itemgetter
from typing import Any, Literal, NamedTuple, cast, overload

from ledger.core.models.entries import Entry
from ledger.files import entryfile
from ledger.files.entryfile import read_line, too_large
from ledger.files.ledger import ProgressFile


def _maybe(part: str) -> str:
    """Return a pattern for a part or nothing. An empty branch costs half of what `?` behind a group does."""
    return f"(?:{part}|)"


_TEXT = r'[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]++'  # JSON's texts without escapes that YAML reads too
_COUNT = "([1-9][0-9]{0,8})"
_FIGURES = _maybe(
    rf', "(total|value|benchmark|step)": "({_TEXT})"|, "rank": {_COUNT}' + _maybe(f', "of": {_COUNT}')
)
_WORDS = _maybe(rf', "note": "({_TEXT})"') + _maybe(rf', "evidence": \["({_TEXT}(?:", "{_TEXT})*)"\]')
_ID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_KEY = "[a-z][a-z0-9-]*+"
_TAIL = _FIGURES + f', "by": "({_TEXT})"' + _WORDS + _maybe(', "simulated": "模拟数据"') + r"\}"
"""The end of a line: its other figures, who reports it and its words."""


def _line(day: str, key: str, text: str, tail: str) -> str:
    """Return a pattern of one line, in the order in which the program writes the keys, in five groups. No text in it is empty."""
    parts = rf'- \{{"id": "({_ID})", "on": "({day})", "target": "({key})"' + _maybe(f', "add": "({text})"')
    return rf"^{parts}({tail})\n"


_LINE = re.compile(_line(_DAY, _KEY, _TEXT, re.sub(r"\((?!\?)", "(?:", _TAIL)), re.MULTILINE)
_OUTLINE = re.compile(_line('[^"]*+', '[^"]*+', '[^"]++', "[^\n]*+").encode(), re.MULTILINE)
"""What `_LINE` admits and more: what the groups hold has to be looked at by itself, a text that stands in many lines only once."""
_tail, _day_text, _key = re.compile(_TAIL).fullmatch, re.compile(_DAY).fullmatch, re.compile(_KEY).fullmatch
_texts = re.compile(rf"(?:{_TEXT}|)(?:\n(?:{_TEXT}|))*+").fullmatch

Groups = tuple[str, str, str, str, str]
"""Of one line: id, date, target, increment (empty for none) and the end of the line."""


class FastEntry(NamedTuple):
    """What the arithmetic reads of an entry."""

    id: str
    on: date
    target: str
    add: str | None
    by: str
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
    unavailable: bool = False
    confirmed: tuple[str, ...] = ()
    verifies: str | None = None
    returns: str | None = None
    cause: str | None = None
    measure: str | None = None
    owner: str | None = None
    until: date | None = None


class LineColumns(NamedTuple):
    """The lines of a file, part by part, in the order of the file."""

    ids: Sequence[bytes]
    days: Sequence[bytes]
    targets: Sequence[bytes]
    increments: Sequence[str]  # empty for none
    tails: Sequence[bytes]


_NO_FIGURES = (None,) * 6  # total, value, benchmark, step, rank, of


class Grouped:
    """A file all of whose lines the pattern knows, none twice: no line corrects or withdraws another, so every line counts.

    `columns` are the ids, dates, targets, increments and ends of its lines.
    """

    def __init__(self, columns: LineColumns, days: Mapping[bytes, date]) -> None:
        self._columns = columns
        self._days = days
        self.first, self.last = min(days.values()), max(days.values())
        self.targets = frozenset(key.decode() for key in set(columns.targets))

    @property
    def joined_ids(self) -> str:
        """The ids, in the order of the file, separated by spaces, which no id holds."""
        return b" ".join(self._columns.ids).decode()

    @property
    def last_id(self) -> str:
        """The id that was made last."""
        return max(self._columns.ids).decode()

    def increments(self, target: str) -> list[str] | None:
        """Return a target's increments as they are written; None where one of its lines gives anything else."""
        return self._increments.get(target)

    @cached_property
    def _increments(self) -> dict[str, list[str]]:
        """The increments of each target whose lines give nothing else."""
        columns = self._columns
        grouped: dict[bytes, list[str]] = {key: [] for key in set(columns.targets)}
        for key, text in zip(columns.targets, columns.increments, strict=True):
            grouped[key].append(text)
        mixed = {tail for tail in set(columns.tails) if _rest(tail)[1:7] != _NO_FIGURES}
        others = (
            {key for key, tail in zip(columns.targets, columns.tails, strict=True) if tail in mixed}
            if mixed
            else ()
        )
        return {key.decode(): texts for key, texts in grouped.items() if key not in others and all(texts)}

    def until(self, day: date) -> Grouped | None:
        """Return the lines dated up to a day, inclusive; None where there are none."""
        if self.last <= day:
            return self
        days = {text: on for text, on in self._days.items() if on <= day}
        if not days:
            return None
        kept = list(map(days.__contains__, self._columns.days))
        columns: Any = (list(compress(column, kept)) for column in self._columns)
        return Grouped(LineColumns(*columns), days)

    def last_of(self, target: str) -> date:
        """Return the latest date reported for a target."""
        return self._last[target]

    @cached_property
    def _last(self) -> dict[str, date]:
        days, targets = list(self._columns.days), self._columns.targets
        if days != sorted(days):
            last: dict[str, date] = {}
            for key, day in zip(targets, days, strict=True):
                name, on = key.decode(), self._days[day]
                last[name] = max(on, last.get(name, on))
            return last
        days.reverse()
        backwards = targets[::-1]
        return {key.decode(): self._days[days[backwards.index(key)]] for key in set(targets)}

    def lines(self, target: str) -> list[FastEntry]:
        """Return the lines of a target by date, those of one date in the order of the file."""
        return self._lines.get(target, [])

    @cached_property
    def _lines(self) -> dict[str, list[FastEntry]]:
        lines: dict[str, list[FastEntry]] = {key: [] for key in self.targets}
        for key, day, target, add, tail in sorted(zip(*self._columns, strict=True), key=itemgetter(1)):
            entry = FastEntry(key.decode(), self._days[day], target.decode(), add or None, *_rest(tail))
            lines[entry.target].append(entry)
        return lines


@overload
def read_entries(path: str, raw: bytes, *, grouped: Literal[False]) -> ProgressFile: ...
@overload
def read_entries(path: str, raw: bytes, *, grouped: bool = True) -> Grouped | ProgressFile: ...
def read_entries(path: str, raw: bytes, *, grouped: bool = True) -> Grouped | ProgressFile:
    """Read a progress file by the fastest reader that knows every line of it.

    A file without corrections is grouped by target (from some 20 lines on this takes a tenth of the time of the strict reader),
    unless `grouped` is False; one that the pattern knows only in part is read line by line; anything else by `entryfile.read_progress`.
    """
    if grouped and (whole := read_grouped(raw)) is not None:
        return whole
    lines = read_quickly(raw)
    if lines is None:
        return entryfile.read_progress(path, raw)
    numbers = tuple(range(1, len(lines) + 1))
    return ProgressFile(path, cast("tuple[Entry, ...]", tuple(lines)), numbers, ())


def read_grouped(raw: bytes) -> Grouped | None:
    """Return the lines of a progress file target by target; None for a file that has a line unknown to the pattern, or none.

    The file is not decoded: the dates, targets and ends of lines are looked at once each, however many lines have them.
    """
    if not raw or not _is_whole(raw):
        return None
    parts = _OUTLINE.split(raw)
    before, ids, days, keys, adds, tails = (parts[place :: _OUTLINE.groups + 1] for place in range(6))
    if any(before):  # something stands between or behind the lines
        return None
    if None in adds:
        adds = [add or b"" for add in adds]
    try:
        joined = b"\n".join(adds).decode()
        by_text = {day: _day(day.decode()) for day in set(days)}
        known = all(_key(key.decode()) for key in set(keys)) and all(map(_rest, set(tails)))
    except ValueError:  # no text, or 2023-02-30
        return None
    texts = joined.split("\n")
    if not known or len(texts) != len(adds) or not _texts(joined) or len(set(ids)) != len(ids):
        return None
    return Grouped(LineColumns(ids, days, keys, texts, tails), by_text)


def read_quickly(raw: bytes) -> list[FastEntry | Entry] | None:
    """Return the entries of a progress file in its order; None for any file with something to complain of or not canonical."""
    if not _is_whole(raw):
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    entries: list[FastEntry | Entry | None] = []
    end = 0
    try:
        for match in _LINE.finditer(text):
            entries += map(read_line, text[end : match.start()].split("\n")[:-1])
            key, day, target, add, tail = match.groups()
            entries.append(FastEntry(key, _day(day), target, add, *_rest(tail.encode())))
            end = match.end()
    except ValueError:  # 2023-02-30
        return None
    entries += map(read_line, text[end:].split("\n")[:-1])
    return None if None in entries else entries  # type: ignore[return-value]


def _is_whole(raw: bytes) -> bool:
    """Whether a file may hold nothing but whole lines of a readable kind."""
    if too_large("", len(raw)) or b"\r" in raw or b"\0" in raw:
        return False  # JSON passes over them between two words; the strict reader says where they are
    return not raw or raw.endswith(b"\n")


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    """Return a date; raises ValueError for 2023-02-30 and for any other form."""
    if _day_text(text) is None:
        raise ValueError(text)
    return date.fromisoformat(text)


@lru_cache(maxsize=4096)
def _rest(tail: bytes) -> tuple[Any, ...]:
    """Return the fields of an entry from `by` to `evidence` from the end of its line; empty where the pattern does not know it."""
    match = _tail(tail.decode())
    if match is None:
        return ()
    name, text, rank, of, by, note, evidence = match.groups()
    figures = (text if name == field else None for field in ("total", "value", "benchmark", "step"))
    places = (int(count) if count else None for count in (rank, of))
    return (by, *figures, *places, note, tuple(evidence.split('", "')) if evidence else ())
