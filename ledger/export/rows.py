"""A ledger as rows of tables: its plan, its status on a day and its entries, streamed; writes nothing and knows no format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.core.models import Commitment, CompareGoal, Entry, Goal, RankGoal, Target
from ledger.core.models.base import dump
from ledger.core.models.revisions import in_force
from ledger.core.progress import Policy, TargetStatus, effective
from ledger.core.progress.report import CommitmentStatus, Query
from ledger.core.quantity import Quantity, QuantityError, format_number, parse_amount
from ledger.export.exact import Row, figure
from ledger.export.header import Header
from ledger.export.place import Place
from ledger.files.assessment import assess_commitment

if TYPE_CHECKING:
    from ledger.core.units import UnitTable
    from ledger.files.ledger import Ledger

Rows = Iterator[tuple[str, Row]]
"""Rows, each with its table's name."""


def header(ledger: Ledger, query: Query, place: Place) -> Header:
    """Return what an export of `ledger` says of itself."""
    config = ledger.config
    rules = json.dumps(
        dump(config, defaults=True, only=("lights", "tolerance")), ensure_ascii=False, separators=(",", ":")
    )
    departments = tuple((one.name, one.inferred) for one in config.departments)
    return Header(config.name, place, query.year, query.as_of, config.simulated, departments, rules)


def extract(ledger: Ledger, query: Query, place: Place, *, entries: bool = True) -> Rows:
    """Yield every row of a year, commitment by commitment; without `entries`, only what a rollup adds up.

    Raises:
        InvalidLedgerError: when a file holds an error; nothing is exported of half a ledger.
    """
    policy = Policy.of(ledger.config, ledger.units)
    base: Row = {"year": query.year, "city": place.city, "county": place.county}
    for source in ledger.load_plan(query.year, query.departments):
        own: Row = {**base, "commitment": source.commitment.id}
        commitment = in_force(source.commitment, query.as_of)
        lines = ledger.load_progress(source.commitment).entries if entries else None
        status = assess_commitment(ledger, source, query.as_of, policy, lines)
        yield (
            "commitments",
            own | _commitment(commitment, status, query.as_of, ledger.config.simulated),
        )
        for target, found in zip(commitment.targets, status.targets, strict=True):
            if entries:
                yield "targets", own | _target(commitment, target)
            yield "status", own | _status(commitment, found, query.as_of)
        for entry, counts in _told(lines or (), query.as_of):
            yield "entries", own | _entry(commitment, entry, counts, ledger.units)


def _commitment(commitment: Commitment, status: CommitmentStatus, as_of: date, simulated: bool) -> Row:
    return {
        "department": commitment.department,
        "title": commitment.title,
        "goal_text": commitment.text,
        "difficulty": commitment.difficulty,
        "period_from": commitment.start.isoformat(),
        "period_to": commitment.end.isoformat(),
        "closed_on": commitment.closed.on.isoformat() if commitment.closed else None,
        "as_of": as_of.isoformat(),
        **figure("completion", status.completion.value),
        "counted": status.completion.counted,
        "uncounted": status.completion.uncounted,
        "light": status.light.value,
        "simulated": simulated,
    }


def _target(commitment: Commitment, target: Target) -> Row:
    goal: Goal | RankGoal | CompareGoal | None = getattr(target, "goal", None)
    low, high, operator = _bounds(goal)
    return {
        "target": target.key,
        "name": target.name,
        "kind": target.kind,
        "goal": goal.wording if goal else None,
        "goal_operator": operator,
        **figure("goal_figure", low),
        **figure("goal_upper", high),
        "unit": getattr(target, "unit", None),
        "stretch": "；".join(tier.wording for tier in getattr(target, "stretch", ())) or None,
        "quote": target.quote,
        "weight": format_number(target.weight),
        "due": commitment.due_of(target).isoformat(),
        "part_of": target.part_of,
        "any_of": target.any_of,
    }


def _bounds(
    goal: Goal | RankGoal | CompareGoal | None,
) -> tuple[Fraction | None, Fraction | None, str | None]:
    """Return a goal's figure, its upper bound and its operator."""
    if isinstance(goal, Goal):
        return goal.figure.value, goal.upper.value if goal.upper else None, goal.op
    if isinstance(goal, RankGoal):
        name = "within" if goal.up is None else "up"
        return Fraction(getattr(goal, name)), None, name
    return None, None, goal.op if goal else None


def _status(commitment: Commitment, found: TargetStatus, as_of: date) -> Row:
    return {
        "department": commitment.department,
        "target": found.key,
        "as_of": as_of.isoformat(),
        "actual": found.actual,
        **figure("figure", found.value),
        **figure("completion", found.completion),
        **figure("expected", found.expected),
        "light": found.light.value,
        "met": found.met,
        "entries": found.entries,
        "figure_date": found.on.isoformat() if found.on else None,
        "reason": found.reason,
        "notes": "；".join(found.notes) or None,
    }


def _told(entries: tuple[Entry, ...], as_of: date) -> Iterator[tuple[Entry, bool]]:
    """Yield the entries up to a day, each once, and whether it counts."""
    counting = {entry.id for entry in effective(entries)}
    seen: set[str] = set()
    for entry in entries:
        if entry.id not in seen and entry.on <= as_of:
            yield entry, entry.id in counting
        seen.add(entry.id)


def _entry(commitment: Commitment, entry: Entry, counts: bool, units: UnitTable) -> Row:
    stated = next((text for text in (entry.add, entry.total, entry.value) if text is not None), None)
    amount = _read(stated, units) if stated is not None else None
    return {
        "department": commitment.department,
        "target": entry.target,
        "entry": entry.id,
        "report_date": entry.on.isoformat(),
        "counts": counts,
        "added": entry.add,
        "running_total": entry.total,
        "reading": entry.value,
        **figure("amount", amount.value if amount else None),
        "amount_unit": amount.unit if amount else None,
        "current_period": entry.current,
        "base_period": entry.base,
        "benchmark": entry.benchmark,
        "place": entry.rank,
        "places": entry.of,
        "step": entry.step,
        "verdict": entry.verdict,
        "reporter": entry.by,
        "note": entry.note,
        "evidence": "；".join(entry.evidence) or None,
        "corrects": entry.corrects,
        "voids": entry.voids,
        "reason": entry.reason,
        "rate": entry.rate,
        "late": entry.late,
        "simulated": entry.simulated is not None,
    }


@lru_cache(maxsize=65536)
def _read(text: str, units: UnitTable) -> Quantity | None:
    """Return what a text states; None where it states no plain amount, which `check` reports."""
    try:
        return parse_amount(text, units)
    except QuantityError:
        return None
