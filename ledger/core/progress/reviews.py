"""Reviews of reported figures (核定、退回) and remarks on what is behind (原因、措施), as the lines of a progress file state them.

A review is of one line. It holds while that line counts: a corrected figure is a new line and has not been reviewed, and a withdrawn
correction brings the former line back with its review. Of several reviews of a line the last that is not withdrawn holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger.core.progress.entries import (
    Effective,
    EntryLike,
    figures_of,
    is_report,
    unlinked,
    versions,
)
from ledger.core.progress.lights import Light
from ledger.core.progress.status import CauseAndMeasure, Returned, ReviewStatus


class Reviews(NamedTuple):
    """The reviews and remarks of a progress file."""

    lines: Mapping[str, EntryLike]
    """The review that holds of each line, by the id of the line reviewed."""
    remarks: Mapping[str, tuple[EntryLike, ...]]
    """The remarks on each target by its key, in order of date and place in the file."""

    def is_verified(self, entry: EntryLike) -> bool:
        """Whether a line is verified. A verdict is a reviewer's own act and needs no other."""
        review = self.lines.get(entry.id)
        return entry.verdict is not None or (review is not None and review.verifies is not None)

    def is_returned(self, entry: EntryLike) -> bool:
        """Whether a line was sent back."""
        review = self.lines.get(entry.id)
        return review is not None and review.returns is not None

    def returned(self, entries: Sequence[EntryLike]) -> tuple[Returned, ...]:
        """Return those of effective entries that were sent back, in their order."""
        lines = (self.lines[entry.id] for entry in entries if self.is_returned(entry))
        return tuple(Returned(line.returns or "", line.on, line.reason or "", line.by) for line in lines)

    def remark_on(self, target: str, as_of: date, light: Light) -> CauseAndMeasure | None:
        """Return the latest remark on a target that is dated up to a day; `light` is the target's on that day."""
        lines = [line for line in self.remarks.get(target, ()) if line.on <= as_of]
        if not lines:
            return None
        last = lines[-1]
        overdue = last.until is not None and last.until < as_of and light in _BEHIND
        return CauseAndMeasure(
            last.on, last.cause or "", last.measure, last.owner, last.until, last.by, overdue
        )


_BEHIND = (Light.BEHIND, Light.FAR_BEHIND, Light.UNREPORTED)
"""Lights with which a promise whose day is over is overdue: of a target never reported nothing says that it was kept."""
NO_REVIEWS = Reviews({}, {})


def reviews_of(entries: Sequence[EntryLike]) -> Reviews:
    """Return the reviews and remarks among the lines of a progress file that are not withdrawn."""
    if isinstance(entries, Effective) or unlinked(entries):
        return NO_REVIEWS
    withdrawn = versions(entries).withdrawn
    lines: dict[str, EntryLike] = {}
    remarks: dict[str, list[EntryLike]] = {}
    for line in entries:
        if line.id in withdrawn or is_report(line):
            continue
        if named := line.verifies or line.returns:
            lines[named] = line
        else:
            remarks.setdefault(line.target, []).append(line)
    if not lines and not remarks:
        return NO_REVIEWS
    return Reviews(
        lines,
        {
            key: tuple(sorted(remarks_of_key, key=lambda line: line.on))
            for key, remarks_of_key in remarks.items()
        },
    )


def review_status(entries: Sequence[EntryLike], reviews: Reviews) -> ReviewStatus:
    """Return how far a target's effective entries are verified; where it stands by the verified ones is left open."""
    figures = [entry for entry in entries if figures_of(entry)]
    verified = sum(map(reviews.is_verified, figures))
    return ReviewStatus(verified, len(figures) - verified, reviews.returned(entries))
