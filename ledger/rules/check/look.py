"""Looks at one commitment, its file and its entries, apart from all others, so that several processes can share a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NamedTuple, cast

from ledger.core.findings import Finding, Place
from ledger.core.models import Commitment, Entry, Target
from ledger.core.progress import Policy, fold_increments, problems
from ledger.files import layout, listing
from ledger.files.entryfile import encode, style, unusual
from ledger.files.fast_lines import Grouped, read_grouped, read_quickly
from ledger.files.ledger import Ledger, ProgressFile, Source, read_journal
from ledger.files.parallel import shared
from ledger.rules.check import check_alone, check_source, entries, plan


class Look(NamedTuple):
    """What is wrong with a commitment by itself, and by what others could clash with it."""

    findings: Sequence[Finding]
    commitment: str = ""  # its id; empty where the file cannot be read
    journal: str = ""  # the path of its entries
    ids: str = ""  # of the entries, with a space between them, which none holds
    lines: Sequence[int] = ()  # where they stand; empty where they stand on every line from the first
    notices: Sequence[Finding] = ()  # of its entries' form: nothing wrong, but not as the program writes them

    def as_json(self) -> list[Any]:
        """Return everything in JSON types."""
        return [list(self.findings), *self[1:-1], list(self.notices)]

    @classmethod
    def of_json(cls, stored: list[Any]) -> Look:
        """Read what `as_json` wrote."""
        findings, *known, notices = stored
        made = cls([_finding(parts) for parts in findings], *known)
        return made._replace(notices=[_finding(parts) for parts in notices])


def _finding(parts: list[Any]) -> Finding:
    code, message, hint, (path, line, column, *_), expected, excerpt, _ = parts
    return Finding(code, message, hint, Place(path, line, column), expected, excerpt)


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
        return Look(found, commitment.id)
    raw = file.read_bytes()
    grouped = read_grouped(raw)
    if grouped is not None and _nothing_wrong(grouped, commitment, today, policy):
        return Look(found, commitment.id, place, " ".join(grouped.ids))
    journal, notices = _journal(place, raw)
    found += check_alone(journal, source, today)
    found += entries.entries_fit(journal, commitment, policy)
    ids = " ".join(one.id for one in journal.entries)
    return Look(found, commitment.id, place, ids, journal.lines, notices)


def _journal(path: str, raw: bytes) -> tuple[ProgressFile, Sequence[Finding]]:
    """Return the entries of a file and what is said of its form, in the quick way if nothing is wrong with it.

    The rules ask for no more than `Line` has, and a line that the pattern knows is as the program writes it.
    """
    quick = read_quickly(raw)
    if quick is None:
        return read_journal(path, raw), style(path, raw)
    rows = zip(quick, raw.decode("utf-8").split("\n"), strict=False)
    notices = [
        unusual(path, number, row)
        for number, (one, row) in enumerate(rows, start=1)
        if isinstance(one, Entry) and encode(one) != f"{row}\n"
    ]
    lines = tuple(range(1, len(quick) + 1))
    return ProgressFile(path, cast("tuple[Entry, ...]", tuple(quick)), lines, ()), notices


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
    journals = {one.journal: one.ids for one in looks if one.ids}
    every = " ".join(journals.values()).split(" ")
    if len(set(every)) == len(every):
        return
    seen = entries.Seen()
    for one in looks:
        ids = one.ids.split(" ") if one.ids else ()
        yield from seen.meet(one.journal, ids, one.lines or range(1, len(ids) + 1))


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
