"""Checks one commitment, its file and its entries, independently of all others, so that several processes can share a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ledger.core.findings import Finding, Place
from ledger.core.models import Commitment, Target
from ledger.core.progress import Policy, fold_increments, problems
from ledger.files import layout
from ledger.files.assessment import Entries
from ledger.files.entryfile import check_canonical
from ledger.files.fast_lines import Grouped, read_entries
from ledger.files.ids import is_ahead
from ledger.files.ledger import Ledger, Source
from ledger.files.parallel import map_commitments
from ledger.rules.check import check_source, entries, plan


class CommitmentReport(NamedTuple):
    """The findings about one commitment, and the ids by which it could clash with others."""

    findings: Sequence[Finding]
    commitment: str = ""  # its id; empty where the file cannot be read
    progress: str = ""  # path of its progress file
    ids: str = ""  # of the entries, separated by spaces, which no id holds
    lines: Sequence[
        int
    ] = ()  # line numbers of the entries; empty where they stand on every line from the first
    change: Sequence[str] = ()  # what a comparison returned

    def to_json(self) -> list[Any]:
        """Return everything in JSON types."""
        return [list(self.findings), *self[1:]]

    @classmethod
    def from_json(cls, stored: list[Any]) -> CommitmentReport:
        """Read what `to_json` wrote."""
        findings, *fields = stored
        return cls([_finding(parts) for parts in findings], *fields)


def _finding(parts: list[Any]) -> Finding:
    code, message, hint, (path, line, column, *_), expected, excerpt, _ = parts
    return Finding(code, message, hint, Place(path, line, column), expected, excerpt)


Compare = Callable[[Source, Entries], Sequence[str]]
"""Returns how a commitment with these entries differs by two ways of judging; empty where it does not."""


def check_commitment(
    ledger: Ledger, path: str, today: date, policy: Policy, compare: Compare
) -> CommitmentReport:
    """Apply every rule to one commitment and its entries, except those that compare it with others."""
    source = ledger.read_commitment(PurePosixPath(path))
    if not isinstance(source, Source):
        return CommitmentReport(source)
    findings = list(check_source(source, ledger))
    commitment = source.commitment
    progress_path = str(layout.progress_file(commitment.year, commitment.id))
    file = ledger.root / progress_path
    if not file.is_file():
        return CommitmentReport(findings, commitment.id, change=compare(source, ()))
    progress = ledger.read_entries(commitment)
    if isinstance(progress, Grouped) and _is_faultless(progress, commitment, today, policy):
        change = compare(source, progress)
        return CommitmentReport(findings, commitment.id, progress_path, progress.joined_ids, change=change)
    raw = file.read_bytes()
    if isinstance(progress, Grouped):
        progress = read_entries(progress_path, raw, grouped=False)
    findings += progress.findings
    findings += entries.check_places(progress, commitment, today)
    findings += entries.figures_fit(progress, commitment, policy)
    findings += check_canonical(progress, raw)
    ids = " ".join(entry.id for entry in progress.entries)
    change = () if progress.findings else compare(source, progress.entries)
    return CommitmentReport(findings, commitment.id, progress_path, ids, progress.lines, change)


def _is_faultless(grouped: Grouped, commitment: Commitment, today: date, policy: Policy) -> bool:
    """Whether no rule over entries can find anything in a progress file except an id that another file has too.

    Checking the file as a whole takes a fraction of the time that the rules take line by line; they say what is wrong.
    """
    return (
        grouped.targets <= {target.key for target in commitment.targets}
        and commitment.start <= grouped.first
        and grouped.last <= min(commitment.end, today)
        and not is_ahead(grouped.last_id)
        and all(
            _fit(target, grouped, policy) for target in commitment.targets if target.key in grouped.targets
        )
    )


def _fit(target: Target, grouped: Grouped, policy: Policy) -> bool:
    texts = grouped.increments(target.key)
    if texts is not None and fold_increments(target, texts, grouped.last, policy) is not None:
        return True
    return not problems(target, grouped.lines(target.key), policy)


def first_change(reports: Iterable[CommitmentReport]) -> tuple[str, ...]:
    """Return the id of the first commitment that the comparison told apart, with what it returned; empty where there is none."""
    return next(((report.commitment, *report.change) for report in reports if report.change), ())


def find_duplicate_commitments(ledger: Ledger, reports: Mapping[str, CommitmentReport]) -> Iterator[Finding]:
    """Yield a finding for each file that claims the id of another one of its year; `reports` are by file path."""
    counts = Counter(report.commitment for report in reports.values() if report.commitment)
    claimed = [path for path, report in reports.items() if counts[report.commitment] > 1]
    sources = (ledger.read_commitment(PurePosixPath(path)) for path in claimed)
    yield from plan.commitment_ids_are_unique(
        tuple(source for source in sources if isinstance(source, Source))
    )


def find_duplicate_entries(reports: Sequence[CommitmentReport]) -> Iterator[Finding]:
    """Yield a finding for each entry id that stands twice in the whole ledger."""
    ids_of = {report.progress: report.ids for report in reports if report.ids}
    all_ids = " ".join(ids_of.values()).split(" ")
    if len(set(all_ids)) == len(all_ids):
        return
    seen = entries.SeenIds()
    for report in reports:
        ids = report.ids.split(" ") if report.ids else ()
        yield from seen.meet(report.progress, ids, report.lines or range(1, len(ids) + 1))


def check_year(
    ledger: Ledger, year: int, today: date, policy: Policy, compare: Compare
) -> dict[str, CommitmentReport]:
    """Check every commitment of a year, in the plan's order; large years in several processes."""

    def check_some(some: Sequence[str]) -> dict[str, Any]:
        return {path: check_commitment(ledger, path, today, policy, compare).to_json() for path in some}

    paths = [str(path) for path in ledger.target_files(year)]
    by_path = map_commitments(ledger.root, year, paths, check_some)
    return {
        path: CommitmentReport.from_json(by_path[path])
        if path in by_path
        else check_commitment(ledger, path, today, policy, compare)
        for path in paths
    }
