"""Whether lines change what a sealed month says, judged by their effect on the entries that count and not by the dates on the lines.

A sealed day answers by the entries that count up to it. A line changes that when it adds an entry dated on or before the day, or
when it corrects or withdraws, over any number of links, so that another entry counts up to the day than before, and when an entry
of such a day becomes verified or returned that was not. Such a line must say `late` and give a reason. A correction that leaves
date, figures and review as they are changes nothing.

The one rule of `log` and its kin, `audit` and `guard`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from ledger.core.models.base import fields_of
from ledger.core.models.entries import Entry
from ledger.core.progress.entries import effective, named_by
from ledger.core.progress.reviews import reviews_of
from ledger.core.texts import has_words

_WORDS = frozenset(
    (
        *("id", "by", "note", "evidence", "corrects", "voids", "reason", "late", "simulated", "confirmed"),
        *("verifies", "returns", "cause", "measure", "owner", "until"),
    )
)
"""Fields that say who, why and on what evidence; every other one bears on a figure or on whether there is one."""
_substance = attrgetter(*(name for name in fields_of(Entry) if name not in _WORDS))


def explains_late_change(entry: Entry) -> bool:
    """Whether a line says that it changes a sealed month, and why."""
    return entry.late and has_words(entry.reason)


def changes_sealed(lines: Sequence[Entry], entry: Entry, until: date) -> bool:
    """Whether appending `entry` to the `lines` of a progress file changes what counts up to the sealed day `until`."""
    if named_by(entry) is None:
        return entry.on <= until
    return _state(lines, until) != _state([*lines, entry], until)


def unexplained_changes(lines: Sequence[Entry], added: Sequence[Entry], until: date) -> Iterator[Entry]:
    """Yield those of the `added` lines that change what counts up to `until` without saying `late` and why, in their order."""
    known = list(lines)
    for entry in added:
        if not explains_late_change(entry) and changes_sealed(known, entry, until):
            yield entry
        known.append(entry)


def _state(lines: Sequence[Entry], until: date) -> list[tuple[object, ...]]:
    reviews = reviews_of(lines)
    return [
        (_substance(entry), reviews.is_verified(entry), reviews.is_returned(entry))
        for entry in effective(lines)
        if entry.on <= until
    ]
