"""The rules of history: one named function per rule, each given one commit and yielding breaches; `audit` and `guard` share them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.rules.audit.breach import Breach
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.commit_rules import files, goals, people, shape, times

RULES: tuple[Callable[[CommitContext], Iterator[Breach]], ...] = (
    files.lines_only_grow,
    files.files_stay,
    files.files_are_plain,
    goals.goals_change_with_a_reason,
    people.people_write_for_their_own,
    people.planners_plan_their_own,
    people.rules_are_changed_by_admins,
    people.signatures_bind,
    times.clock_runs_forward,
    times.ids_match_time,
    times.entries_come_in_time,
    times.sealed_months_stay,
    shape.history_is_linear,
    shape.trailers_tell_the_diff,
    shape.nobody_is_renamed,
)

__all__ = ["RULES"]
