"""Applies every rule: to a whole ledger, or to one commitment. Importing it loads them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.findings import Finding
from ledger.core.progress import Policy
from ledger.files import layout
from ledger.files.ledger import Ledger, Source
from ledger.rules.check import (  # plan, trace and directions register their rules
    directions,  # noqa: F401
    evidence,
    files,
    lost_words,  # noqa: F401
    plan,  # noqa: F401
    region,
    trace,  # noqa: F401
)
from ledger.rules.check.registry import COMMITMENT_RULES, RuleContext

if TYPE_CHECKING:
    from ledger.files.assessment import Entries
    from ledger.rules.check.commitments import Compare


def _nothing(_source: Source, _entries: Entries) -> Sequence[str]:
    return ()


class LedgerReport(NamedTuple):
    """The findings about a ledger, in the order of its files, and the first commitment of its year that a comparison told apart."""

    findings: tuple[Finding, ...]
    change: tuple[
        str, ...
    ] = ()  # its id and what the comparison returned; empty where a commitment cannot be read


def check(ledger: Ledger, today: date) -> tuple[Finding, ...]:
    """Apply every rule to every year, and return all findings in the order of the files."""
    return check_and_compare(ledger, today, _nothing).findings


def check_and_compare(ledger: Ledger, today: date, compare: Compare) -> LedgerReport:
    """Apply every rule to every year; `compare` is asked about every commitment of the ledger's year that can be read."""
    ledger = ledger.as_signed()
    from ledger.rules.check import commitments  # which applies the rules of this module, too

    absent = evidence.check_references(ledger)
    findings = {*files.strays(ledger), *files.missing(ledger, absent), *region.check_region(ledger)}
    findings.update(evidence.check_evidence_files(ledger), *absent.values())
    if (ledger.root / layout.DRAFTS).is_dir():
        from ledger.rules.check import drafts

        findings.update(drafts.unconfirmed(ledger))
    policy = Policy.of(ledger.config, ledger.units)
    reports: list[commitments.CommitmentReport] = []
    change: tuple[str, ...] = ()
    for year in ledger.years:
        of_ledger = year == ledger.config.year
        reports_of_year = commitments.check_year(
            ledger, year, today, policy, compare if of_ledger else _nothing
        )
        if of_ledger and all(report.commitment for report in reports_of_year.values()):
            change = commitments.first_change(reports_of_year.values())
        findings.update(commitments.find_duplicate_commitments(ledger, reports_of_year))
        reports += reports_of_year.values()
    findings.update(finding for report in reports for finding in report.findings)
    findings.update(commitments.find_duplicate_entries(reports))
    return LedgerReport(tuple(sorted(findings)), change)


def check_source(source: Source, ledger: Ledger) -> Iterator[Finding]:
    """Apply every rule that needs one commitment file only."""
    context = RuleContext(ledger.units, ledger.config)
    for rule in COMMITMENT_RULES:
        yield from rule(source, context)
