"""Looks at one commitment, its file and its entries, apart from all others, so that several processes can share a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ledger.checks import check_alone, check_source, entries, plan
from ledger.findings import Finding
from ledger.models import Commitment, Target
from ledger.progress import Policy, fold_increments, problems
from ledger.store import layout, listing
from ledger.store.ledger import Ledger, Source, read_journal
from ledger.store.quicklines import Grouped, read_grouped
from ledger.store.sidebyside import shared

_parts = attrgetter("path", "line", "column", "rule", "message", "hint", "excerpt")


class Look(NamedTuple):
    """What is wrong with a commitment by itself, and by what others could clash with it."""

    findings: tuple[Finding, ...]
    commitment: str = ""  # its id; empty where the file cannot be read
    journal: str = ""  # the path of its entries
    ids: Sequence[str] = ()  # of the entries
    lines: Sequence[int] = ()  # where they stand

    def as_json(self) -> list[Any]:
        """Return everything in JSON types. Ids hold no space; lines that are just counted are not listed."""
        lines = None if isinstance(self.lines, range) else self.lines
        return [list(map(_parts, self.findings)), self.commitment, self.journal, " ".join(self.ids), lines]

    @classmethod
    def of_json(cls, stored: list[Any]) -> Look:
        """Read what `as_json` wrote."""
        findings, commitment, journal, ids, lines = stored
        keys = ids.split()
        lines = range(1, len(keys) + 1) if lines is None else lines
        return cls(tuple(Finding(*one) for one in findings), commitment, journal, keys, lines)


def look(ledger: Ledger, path: str, today: date, policy: Policy) -> Look:
    """Apply every rule to one commitment and its entries, but for those that compare it with others."""
    source = ledger.read_commitment(PurePosixPath(path))
    if not isinstance(source, Source):
        return Look(source)
    found = list(check_source(source, ledger))
    commitment = source.commitment
    place = str(layout.progress_file(commitment.year, commitment.id))
    file = ledger.root / place
    if not file.is_file():
        return Look(tuple(found), commitment.id)
    raw = file.read_bytes()
    grouped = read_grouped(raw)
    if grouped is not None and _nothing_wrong(grouped, commitment, today, policy):
        return Look(tuple(found), commitment.id, place, grouped.ids, range(1, len(grouped.ids) + 1))
    journal = read_journal(place, raw)
    found += check_alone(journal, source, today)
    found += entries.entries_fit(journal, commitment, policy)
    return Look(tuple(found), commitment.id, place, [one.id for one in journal.entries], journal.lines)


def _nothing_wrong(grouped: Grouped, commitment: Commitment, today: date, policy: Policy) -> bool:
    """Whether none of the rules over entries can find anything in a progress file but an id that another file has too.

    A look at the whole takes a fraction of the time that all rules take line by line; what is wrong they say.
    """
    return (
        grouped.targets.keys() <= {target.key for target in commitment.targets}
        and commitment.start <= grouped.first
        and grouped.last <= min(commitment.end, today)
        and all(
            _fit(target, grouped, policy) for target in commitment.targets if target.key in grouped.targets
        )
    )


def _fit(target: Target, grouped: Grouped, policy: Policy) -> bool:
    texts = grouped.increments(target.key)
    if texts is not None and fold_increments(target, texts, grouped.last, policy) is not None:
        return True
    return not problems(target, grouped.lines(target.key), policy)


def claimed_twice(ledger: Ledger, looks: Mapping[str, Look]) -> Iterator[Finding]:
    """Yield what is wrong where two files of a year claim one id; `looks` are by the path of the file."""
    counts = Counter(one.commitment for one in looks.values() if one.commitment)
    again = [path for path, one in looks.items() if counts[one.commitment] > 1]
    sources = (ledger.read_commitment(PurePosixPath(path)) for path in again)
    yield from plan.ids_are_unique(tuple(one for one in sources if isinstance(one, Source)))


def used_twice(looks: Sequence[Look]) -> Iterator[Finding]:
    """Yield a finding for each entry id that was met before, anywhere in the ledger."""
    journals = {one.journal: one.ids for one in looks}
    if len(set().union(*journals.values())) == sum(map(len, journals.values())):
        return
    seen = entries.Seen()
    for one in looks:
        yield from seen.meet(one.journal, one.ids, one.lines)


def look_at_all(ledger: Ledger, year: int, today: date, policy: Policy) -> dict[str, Look]:
    """Look at every commitment of a year, in the plan's order; much of it in several processes."""

    def work(some: Sequence[str]) -> dict[str, Any]:
        return {path: look(ledger, path, today, policy).as_json() for path in some}

    paths = [str(path) for path in ledger.target_files(year)]
    done = shared(paths, work) if listing.worth_sharing(ledger.root, year, paths) else {}
    return {
        path: Look.of_json(done[path]) if path in done else look(ledger, path, today, policy)
        for path in paths
    }
