"""Checks a plan for what should be asked before it is signed, by the rules of `ledger.rules.check.lint`."""

from __future__ import annotations

from collections.abc import Collection

from ledger.core.findings import Finding
from ledger.files import drafts
from ledger.files.ledger import InvalidLedgerError, Ledger, Source
from ledger.rules.check.lint import lint as apply_rules


def weak_spots(
    ledger: Ledger, year: int, departments: Collection[str] | None = None, *, drafted: bool = False
) -> tuple[Finding, ...]:
    """Return the weak spots of a year's plan, or with `drafted` of its drafts.

    An indicator is looked for in all departments, whichever are asked for.

    Raises:
        InvalidLedgerError: when a file holds an error.
    """
    sources = _drafts(ledger, year) if drafted else ledger.load_plan(year)
    paths = {
        source.path
        for source in sources
        if departments is None or source.commitment.department in departments
    }
    findings = apply_rules(sources, ledger.config, ledger.units)
    return tuple(finding for finding in findings if finding.place.path in paths)


def _drafts(ledger: Ledger, year: int) -> tuple[Source, ...]:
    sources: list[Source] = []
    for path in drafts.paths(ledger.root, year):
        source = drafts.read_draft(ledger, path)
        if not isinstance(source, drafts.DraftSource):
            raise InvalidLedgerError(source)
        if source.commitment.targets:
            sources.append(Source(str(path), source.document, source.commitment))
    return tuple(sources)
