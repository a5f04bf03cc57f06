"""Rules over one commit: named functions that yield findings; `audit` and `guard` apply the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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

__all__ = ["RULES"]
