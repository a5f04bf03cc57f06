"""Everything about one commitment or one target: text, targets, entries, commits, and what is still possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ledger.commands.history import LoggedEntry, history
from ledger.core.models import Target
from ledger.core.models.revisions import in_force
from ledger.core.progress import Forecast, Policy, TargetStatus, fold, forecast_target
from ledger.core.progress.report import CommitmentStatus
from ledger.core.progress.reporting import pace_day
from ledger.core.progress.revisions import department_notes
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Ledger, Source
from ledger.files.lookup import resolve


@dataclass(frozen=True)
class Detail:
    """One commitment as of a day; `focus` is the target asked for, if only one was, `later` how many entries are of later days."""

    source: Source
    status: CommitmentStatus
    outlooks: Mapping[str, Forecast]
    entries: tuple[LoggedEntry, ...]
    later: int
    spans: tuple[tuple[int, int], ...]
    as_of: date
    pace_on: date
    focus: Target | None
    simulated: bool
    departments: tuple[str, ...]
    """The changes of the department in charge, in words."""
    former: Mapping[str, TargetStatus]
    """Where the matching targets of the plan of the year before stood at its end, by this plan's keys."""


def show(ledger: Ledger, year: int, ref: str, as_of: date) -> Detail:
    """Return all about the commitment or target that `ref` names (`金融办-03`, `金融办-03/listed`, a target's name).

    Raises:
        NotACommitmentError: when it names a whole department.
        UnknownDepartmentError, UnknownCommitmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        InvalidLedgerError: when a file it needs holds an error.
    """
    source, focus = resolve(ledger, year, ref)
    on_day = in_force(source.commitment, as_of)
    policy = Policy.of(ledger.config, ledger.units)
    entries = ledger.load_progress(source.commitment).entries
    outlooks = {
        target.key: forecast_target(
            on_day,
            target,
            entries,
            fold(target, entries, as_of=as_of, policy=policy),
            as_of=as_of,
            policy=policy,
        )
        for target in on_day.targets
    }
    logged_entries = history(ledger, source, focus)
    # What was entered later is not listed, though it counts: a correction says what the figure of that day really was.
    known = tuple(logged for logged in logged_entries if logged.entry.on <= as_of)
    return Detail(
        source=source,
        status=assess_commitment(ledger, source, as_of, policy),
        outlooks=outlooks,
        entries=known,
        later=len(logged_entries) - len(known),
        spans=quoted_spans(source, focus),
        as_of=as_of,
        pace_on=pace_day(as_of, policy),
        focus=focus,
        simulated=ledger.config.simulated,
        departments=department_notes(source.commitment, ledger.history),
        former=_former_results(ledger, source),
    )


def _former_results(ledger: Ledger, source: Source) -> dict[str, TargetStatus]:
    """Match a commitment's targets with those of the year before, as `plan diff` does, and return where these ended."""
    commitment = source.commitment
    if commitment.year - 1 not in ledger.years:
        return {}
    from ledger.commands.plan_diff import compare_plans

    departments = {commitment.department}
    before, after = (ledger.load_plan(year, departments) for year in (commitment.year - 1, commitment.year))
    policy = Policy.of(ledger.config, ledger.units)
    results = {}
    for pair in compare_plans(before, after, ledger.units, labels=("", "")).pairs:
        if pair.old is None or pair.new is None or pair.new.source.commitment.id != commitment.id:
            continue
        end = pair.old.source.commitment.end
        statuses = assess_commitment(ledger, pair.old.source, end, policy).targets
        results[pair.new.target.key] = next(
            status for status in statuses if status.key == pair.old.target.key
        )
    return results


def quoted_spans(source: Source, focus: Target | None) -> tuple[tuple[int, int], ...]:
    """Return the spans of the text that the targets quote, merged and in order."""
    text = source.commitment.text
    spans = []
    for target in source.commitment.targets if focus is None else (focus,):
        at = text.find(target.quote)
        if at >= 0:
            spans.append((at, at + len(target.quote)))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
