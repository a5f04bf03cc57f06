"""A ledger as rows of tables: its plan, its status on a day and its entries, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.core.models import Commitment, CompareGoal, Entry, Goal, LedgerConfig, RankGoal, Target
from ledger.core.models.base import dump_model
from ledger.core.models.revisions import in_force
from ledger.core.progress import Policy, TargetStatus, effective
from ledger.core.progress.entries import is_report
from ledger.core.progress.report import (
    CommitmentStatus,
    DepartmentStatus,
    Query,
    StatusReport,
)
from ledger.core.quantity import Quantity, QuantityError, format_number, parse_amount
from ledger.export.exact import ExportRow, figure
from ledger.export.header import Header
from ledger.files.assessment import assess_commitment, report_on

if TYPE_CHECKING:
    from ledger.core.units import UnitTable
    from ledger.files.ledger import Ledger

Rows = Iterator[tuple[str, ExportRow]]
"""Rows, each with its table's name."""


def rules_of(config: LedgerConfig) -> str:
    """Return as JSON the rules by which a ledger judges; ledgers with the same text judge alike."""
    rules = dump_model(config, defaults=True, only=("lights", "rules", "pace", "due_day", "tolerance"))
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"))


def make_rows(ledger: Ledger, query: Query, header: Header) -> Rows:
    """Yield every row of a year, commitment by commitment, then its departments.

    Raises:
        InvalidLedgerError: when a file holds an error; nothing is exported of half a ledger.
    """
    policy = Policy.of(ledger.config, ledger.units)
    origin = header.columns()
    assessed: list[CommitmentStatus] = []
    for source in ledger.load_plan(query.year, query.departments):
        commitment = in_force(source.commitment, query.as_of)
        entries = ledger.load_progress(source.commitment).entries
        status = assess_commitment(ledger, source, query.as_of, policy, entries)
        assessed.append(status)
        shared: ExportRow = {**origin, "commitment": commitment.id}
        yield "commitments", shared | _commitment(commitment, status)
        for target, target_status in zip(commitment.targets, status.targets, strict=True):
            yield "targets", shared | _target(commitment, target)
            yield "status", shared | _status(commitment, target, target_status)
        for entry, counts in _entries_up_to(entries, query.as_of):
            yield "entries", shared | _entry(commitment, entry, counts, ledger.units)
    report = report_on(ledger, query, assessed, policy)
    for number, department in enumerate(report.departments, start=1):
        yield "departments", origin | _department(number, department, report)


def _department(number: int, status: DepartmentStatus, report: StatusReport) -> ExportRow:
    name = status.department.name
    targets = [
        target
        for commitment in report.commitments
        if commitment.commitment.department == name
        for target in commitment.targets
    ]
    return {
        "department": name,
        "number": number,
        "inferred": status.department.inferred,
        "commitments": status.commitments,
        **figure("completion", status.completion.value),
        "counted": status.completion.counted,
        "uncounted": status.completion.uncounted,
        "targets": len(targets),
        "targets_uncounted": sum(target.completion is None for target in targets),
    }


def _commitment(commitment: Commitment, status: CommitmentStatus) -> ExportRow:
    return {
        "department": commitment.department,
        "title": commitment.title,
        "goal_text": commitment.text,
        "difficulty": commitment.difficulty,
        "period_from": commitment.start.isoformat(),
        "period_to": commitment.end.isoformat(),
        "closed_on": commitment.closed.on.isoformat() if commitment.closed else None,
        **figure("completion", status.completion.value),
        "counted": status.completion.counted,
        "uncounted": status.completion.uncounted,
        "light": status.light.value,
    }


def _target(commitment: Commitment, target: Target) -> ExportRow:
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


def _status(commitment: Commitment, target: Target, status: TargetStatus) -> ExportRow:
    goal: Goal | RankGoal | CompareGoal | None = getattr(target, "goal", None)
    return {
        "title": commitment.title,
        "department": commitment.department,
        "difficulty": commitment.difficulty,
        "target": target.key,
        "name": target.name,
        "kind": target.kind,
        "goal": goal.wording if goal else None,
        "unit": getattr(target, "unit", None),
        "weight": format_number(target.weight),
        "actual": status.actual,
        **figure("figure", status.value),
        **figure("completion", status.completion),
        **figure("expected", status.expected),
        "light": status.light.value,
        "met": status.met,
        "entries": status.entries,
        "figure_date": status.on.isoformat() if status.on else None,
        "reason": status.reason,
        "notes": "；".join(status.notes) or None,
    }


def _entries_up_to(entries: tuple[Entry, ...], as_of: date) -> Iterator[tuple[Entry, bool]]:
    """Yield the reports up to a day, each once, and whether it counts; reviews and remarks are not exported."""
    counting = {entry.id for entry in effective(entries)}
    seen: set[str] = set()
    for entry in entries:
        if entry.id not in seen and entry.on <= as_of and is_report(entry):
            yield entry, entry.id in counting
        seen.add(entry.id)


def _entry(commitment: Commitment, entry: Entry, counts: bool, units: UnitTable) -> ExportRow:
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
        "entry_simulated": entry.simulated is not None,
    }


@lru_cache(maxsize=65536)
def _read(text: str, units: UnitTable) -> Quantity | None:
    """Return what a text states; None where it states no plain amount, which `check` reports."""
    try:
        return parse_amount(text, units)
    except QuantityError:
        return None
