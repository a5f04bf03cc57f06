"""Looks a plan over for what should be asked before it is signed; reads, and judges by the rules of `ledger.rules.check.lint`."""

from __future__ import annotations

from collections.abc import Collection

from ledger.core.findings import Finding
from ledger.files import drafts
from ledger.files.ledger import InvalidLedgerError, Ledger, Source
from ledger.rules.check.lint import lint as apply_rules


def lint(
    ledger: Ledger, year: int, departments: Collection[str] | None = None, *, drafted: bool = False
) -> tuple[Finding, ...]:
    """Return the weak spots of a year's plan, or with `drafted` of its drafts.

    An indicator is looked for in all departments, whichever are asked for.

    Raises:
        InvalidLedgerError: when a file holds an error.
    """
    sources = _drafts(ledger, year) if drafted else ledger.load_plan(year)
    wanted = {one.path for one in sources if departments is None or one.commitment.department in departments}
    found = apply_rules(sources, ledger.config, ledger.units)
    return tuple(one for one in found if one.place.path in wanted)


def _drafts(ledger: Ledger, year: int) -> tuple[Source, ...]:
    sources: list[Source] = []
    for path in drafts.paths(ledger.root, year):
        found = drafts.read(ledger, path)
        if not isinstance(found, drafts.DraftSource):
            raise InvalidLedgerError(found)
        if found.commitment.targets:
            sources.append(Source(str(path), found.document, found.commitment))
    return tuple(sources)
