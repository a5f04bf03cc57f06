"""Which lines of a progress file count: corrections and withdrawals applied.

Lines that review a figure (核定、退回) or state a cause and measures are not reports and never count; `core.progress.reviews` reads them.
"""

# ruff: noqa: D102 - the fields of EntryLike are described once, in ledger.core.models.Entry
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, TypeVar


class EntryLike(Protocol):
    """What the arithmetic reads of an entry: `ledger.core.models.Entry`, or anything lighter of the same shape."""

    @property
    def id(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def target(self) -> str: ...
    @property
    def add(self) -> str | None: ...
    @property
    def total(self) -> str | None: ...
    @property
    def value(self) -> str | None: ...
    @property
    def current(self) -> str | None: ...
    @property
    def base(self) -> str | None: ...
    @property
    def rank(self) -> int | None: ...
    @property
    def of(self) -> int | None: ...
    @property
    def benchmark(self) -> str | None: ...
    @property
    def step(self) -> str | None: ...
    @property
    def verdict(self) -> str | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def evidence(self) -> tuple[str, ...]: ...
    @property
    def corrects(self) -> str | None: ...
    @property
    def voids(self) -> str | None: ...
    @property
    def rate(self) -> str | None: ...
    @property
    def unavailable(self) -> bool: ...
    @property
    def confirmed(self) -> tuple[str, ...]: ...
    @property
    def verifies(self) -> str | None: ...
    @property
    def returns(self) -> str | None: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def measure(self) -> str | None: ...
    @property
    def owner(self) -> str | None: ...
    @property
    def until(self) -> date | None: ...
    @property
    def by(self) -> str: ...


E = TypeVar("E", bound=EntryLike)

FIGURES = ("add", "total", "value", "current", "base", "rank", "of", "benchmark", "step", "verdict")
LINKS = ("corrects", "voids", "verifies", "returns")
"""The fields in which a line names another."""
_by_date = attrgetter("on")
_figures = attrgetter(*FIGURES)
_NO_FIGURES = (None,) * len(FIGURES)  # compared whole: a hundred thousand lines pass here
_id = attrgetter("id")
_links = attrgetter(*LINKS, "cause")
_NO_LINKS = (None,) * 5


def figures_of(entry: EntryLike) -> frozenset[str]:
    """Return the names of the figures an entry carries; a remark carries none."""
    values = zip(FIGURES, _figures(entry), strict=True)
    return frozenset(name for name, value in values if value is not None)


def reporting(entries: Sequence[E]) -> list[E]:
    """Return the entries that carry a figure, leaving out remarks."""
    return [entry for entry in entries if _figures(entry) != _NO_FIGURES]


class Effective(tuple[E, ...]):
    """Entries that count, in order: what `effective` returns, and gives back as it is."""

    __slots__ = ()


def effective(entries: Sequence[E]) -> Effective[E]:
    """Return the entries that count, ordered by (date, place in the file).

    Lines that correct one another, directly or in a chain, are versions of one entry: the last that is not withdrawn
    counts, at the first one's place. A withdrawn line is as if it had never been logged, so withdrawing a
    correction brings back what it replaced, and withdrawing a withdrawal brings back the entry. A line names only lines
    before it in the file; an unknown id has no effect here (`problems` reports it).
    """
    if isinstance(entries, Effective):
        return entries
    if unlinked(entries):
        return Effective(sorted(entries, key=_by_date))
    firsts, survivors, _ = versions(entries)
    standing = {firsts[entry.id]: entry for entry in survivors}
    ordered = [standing[first] for first in dict.fromkeys(firsts.values()) if first in standing]
    return Effective(
        sorted((entry for entry in ordered if entry.voids is None and is_report(entry)), key=_by_date)
    )


def is_report(entry: EntryLike) -> bool:
    """Whether a line is what a department or a reviewer reports of a target, and not a review of such a line or a cause."""
    return entry.verifies is None and entry.returns is None and entry.cause is None


def named_by(entry: EntryLike) -> str | None:
    """Return the id of the line that a line corrects, withdraws, verifies or returns; None where it names none."""
    return entry.corrects or entry.voids or entry.verifies or entry.returns


def unlinked(entries: Sequence[EntryLike]) -> bool:
    """Whether every line is a report that counts as it stands: none names another and no id is used twice."""
    # Sets of what a hundred thousand lines have: without a step of our own for each.
    return {_NO_LINKS}.issuperset(map(_links, entries)) and len(set(map(_id, entries))) == len(entries)


class Versions(NamedTuple):
    """How the lines of a file hang together."""

    firsts: dict[str, str]  # line → the first line of which it is a version
    survivors: list[Any]  # the last line of each that is not withdrawn, withdrawals included
    withdrawn: set[str]


def versions(entries: Iterable[EntryLike]) -> Versions:
    """Follow corrections and withdrawals.

    A second line with an id already used is ignored: the same line twice is one entry.
    """
    firsts: dict[str, str] = {}
    lines: list[EntryLike] = []
    position: dict[str, int] = {}
    for entry in entries:
        if entry.id in firsts:
            continue
        firsts[entry.id] = firsts.get(entry.corrects, entry.id) if entry.corrects else entry.id
        position[entry.id] = len(lines)
        lines.append(entry)
    withdrawn: set[str] = set()
    survivors: dict[str, EntryLike] = {}
    for index in range(len(lines) - 1, -1, -1):
        entry = lines[index]
        first = firsts[entry.id]
        if entry.id in withdrawn or first in survivors:
            continue
        survivors[first] = entry
        if entry.voids is not None and position.get(entry.voids, index) < index:
            withdrawn.add(entry.voids)
    return Versions(firsts, list(survivors.values()), withdrawn)


def by_target(entries: Sequence[E]) -> dict[str, Effective[E]]:
    """Return the effective entries of a whole file, by target key. The quick way to fold many targets of one file."""
    grouped: dict[str, list[E]] = {}
    for entry in effective(entries):
        grouped.setdefault(entry.target, []).append(entry)
    return {key: Effective(lines) for key, lines in grouped.items()}
