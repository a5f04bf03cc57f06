"""Rules over one commit: named functions that yield findings; `audit` and `guard` apply the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ledger.core.findings import Finding
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.commit_rules import departments, evidence, files, goals, people, shape, times

RULES: tuple[Callable[[CommitContext], Iterator[Finding]], ...] = (
    files.check_append_only,
    files.check_files_stay,
    files.check_modes,
    files.check_paths,
    evidence.check_evidence,
    evidence.check_named_evidence,
    goals.check_commitment_changes,
    people.check_reporters,
    people.check_planners,
    people.check_drafters,
    people.check_rule_changes,
    departments.check_reorganisations,
    people.check_simulation_stays,
    people.check_signature,
    times.check_clock,
    times.check_id_times,
    times.check_late,
    times.check_sealed_months,
    shape.check_linear,
    shape.check_trailers,
    shape.check_mailmap,
)

_RULES_ON_FILES = frozenset(
    {
        files.check_files_stay,
        files.check_modes,
        files.check_paths,
        evidence.check_evidence,
        goals.check_commitment_changes,
        people.check_planners,
        people.check_drafters,
        people.check_rule_changes,
        departments.check_reorganisations,
        people.check_simulation_stays,
        shape.check_mailmap,
    }
)
"""Rules that look only at files that are added, removed or no progress files."""
_RULES_ON_ENTRIES = tuple(rule for rule in RULES if rule not in _RULES_ON_FILES)


def rules_for(context: CommitContext) -> Sequence[Callable[[CommitContext], Iterator[Finding]]]:
    """Return the rules that can find something in a commit. Most commits of a long history only add entries to files that are there."""
    return _RULES_ON_ENTRIES if context.only_edits_entries else RULES


__all__ = ["RULES", "rules_for"]
