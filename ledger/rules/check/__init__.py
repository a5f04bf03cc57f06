"""The rules a ledger's files must keep: one named function per rule, each yielding findings; prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from ledger.core.findings import Finding
from ledger.files import layout
from ledger.files.ledger import Ledger, ProgressFile, Source
from ledger.rules.check import entries, files, plan, trace  # noqa: F401 - plan and trace register their rules
from ledger.rules.check.registry import COMMITMENT_RULES, RuleContext


def check_source(source: Source, ledger: Ledger) -> Iterator[Finding]:
    """Apply every rule that looks at one commitment alone."""
    context = RuleContext(ledger.units, ledger.config)
    for rule in COMMITMENT_RULES:
        yield from rule(source, context)


def check(
    ledger: Ledger, today: date, noticed: Callable[[Sequence[Finding]], None] = lambda _: None
) -> tuple[Finding, ...]:
    """Apply every rule to every year, and return all findings in the order of the files.

    `noticed` hears what is not wrong but not as the program writes it either: entries that a person typed.
    """
    # Imported here: a server's hook looks at no draft and judges no figure, and would load all that for nothing.
    from ledger.core.progress import Policy
    from ledger.rules.check import look

    found = set(files.strays(ledger))
    if (ledger.root / layout.DRAFTS).is_dir():
        from ledger.rules.check import drafts

        found.update(drafts.unconfirmed(ledger))
    policy = Policy.of(ledger.config, ledger.units)
    looks: list[look.Look] = []
    for year in ledger.years:
        of_year = look.look_at_all(ledger, year, today, policy)
        found.update(look.claimed_twice(ledger, of_year))
        looks += of_year.values()
    found.update(one for each in looks for one in each.findings)
    found.update(look.used_twice(looks))
    noticed(sorted(one for each in looks for one in each.notices))
    return tuple(sorted(found))


def check_journal(
    journal: ProgressFile, source: Source, today: date, seen: entries.Seen
) -> Iterator[Finding]:
    """Apply the rules that no honest entry ever breaks, whatever others report beside it: a server holds pushes to them."""
    yield from check_alone(journal, source, today)
    yield from entries.ids_are_unique(journal, seen)


def check_alone(journal: ProgressFile, source: Source, today: date) -> Iterator[Finding]:
    """Apply those of them that look at one progress file alone."""
    yield from journal.findings
    yield from entries.targets_exist(journal, source.commitment)
    yield from entries.dates_fit(journal, source.commitment, today)
