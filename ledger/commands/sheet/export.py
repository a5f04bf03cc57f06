"""Content of an empty sheet: one line per open target of a department, its figures so far, and what to write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ledger.commands.due import due_of_plan
from ledger.commands.sheet.rows import ADD, TOTAL, SheetTerms, choices, expected_cell, second_of
from ledger.commands.sheet.stamp import SheetStamp
from ledger.core.models import Accumulate, Entry, Judgement, Milestone
from ledger.core.progress import Policy, TargetStatus, assess, by_target, fold
from ledger.core.progress.entries import reporting
from ledger.core.progress.lights import Light
from ledger.core.progress.percent import percent
from ledger.core.progress.reviews import Reviews, reviews_of
from ledger.core.progress.summary import subject_figures
from ledger.core.reading import unit_word
from ledger.files import lookup

if TYPE_CHECKING:
    from ledger.files.ledger import Ledger


@dataclass(frozen=True, slots=True)
class ReturnedFigure:
    """A figure that a reviewer sent back and nobody has corrected yet."""

    entry: Entry
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target on the sheet. Texts are as people read them; empty where there is nothing to say."""

    target_ref: lookup.TargetRef
    due: bool
    reported: bool
    goal: str
    unit: str
    last: str
    now: str
    pace: str
    basis: str
    """How the last figure was given; empty where none was, or the kind has no such thing."""
    has_basis: bool
    second: str
    choices: tuple[str, ...]
    left: tuple[str, ...]
    """Of a milestone, the choices that are not done yet."""
    expected: str
    behind: bool = False
    """Whether it was behind its pace by what was reported before."""
    remark: str = ""
    """What was said of it before: cause, measure, who, until when."""
    returned: tuple[ReturnedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class BlankSheet:
    """A whole sheet before it is filled in. `day` stands in it as the date of every figure."""

    stamp: SheetStamp
    day: date
    lines: tuple[TargetLine, ...]
    judged: int
    """How many open targets a reviewer judges: they are not on the sheet."""


def blank_sheet(
    ledger: Ledger, year: int, department: str, month: date, today: date, *, reviewer: bool = False
) -> BlankSheet:
    """Return the sheet of a department for the month that ends on `month`; for a reviewer what is to be judged instead.

    Raises:
        UnknownDepartmentError: with the nearest names.
        InvalidLedgerError: when a file it needs holds an error.
    """
    owner = lookup.department(ledger, department)
    policy = Policy.of(ledger.config, ledger.units)
    plan = [
        (source, ledger.load_progress(source.commitment).entries)
        for source in ledger.load_plan(year, {owner.name})
    ]
    missing = due_of_plan(ledger, [(source.commitment, lines) for source, lines in plan], month, today)
    due_refs = {
        item.ref for part in missing.departments for item in (part.reviews if reviewer else part.to_report)
    }
    lines, judged = [], 0
    for source, journal in plan:
        entries, reviews = by_target(journal), reviews_of(journal)
        for target in source.commitment.targets:
            target_ref = lookup.TargetRef(source, target)
            if not _open(target_ref, month):
                continue
            if isinstance(target, Judgement) != reviewer:
                judged += not reviewer
                continue
            reported = [entry for entry in entries.get(target.key, ()) if entry.on <= month]
            lines.append(_line(target_ref, reported, reviews, month, policy, due=target_ref.ref in due_refs))
    stamp = SheetStamp(ledger.config.name, ledger.config.simulated, year, month, owner.name)
    return BlankSheet(stamp, SheetTerms(month, today).usual_day, tuple(lines), judged)


def _open(target_ref: lookup.TargetRef, month: date) -> bool:
    """Whether a target is neither closed by the month's end nor of a plan that begins later."""
    closed = any(
        item.closed is not None and item.closed.on <= month
        for item in (target_ref.commitment, target_ref.target)
    )
    return not closed and target_ref.commitment.start <= month


def _line(
    target_ref: lookup.TargetRef,
    reported: Sequence[Entry],
    reviews: Reviews,
    month: date,
    policy: Policy,
    *,
    due: bool,
) -> TargetLine:
    target, commitment = target_ref.target, target_ref.commitment
    tally = fold(target, reported, as_of=month, policy=policy)
    status = assess(commitment, target, tally, as_of=month, policy=policy)
    remark = reviews.remark_on(target.key, month, status.light)
    returned = tuple(
        ReturnedFigure(entry, review.reason or "", review.by)
        for entry in reported
        if reviews.is_returned(entry) and (review := reviews.lines[entry.id])
    )
    figures = reporting(reported)
    last = figures[-1] if figures else None
    first = month.replace(day=1)
    adds = isinstance(target, Accumulate)
    basis = "" if last is None or not adds else TOTAL if last.total is not None else ADD
    completion = f"\n{percent(status.completion)}" if status.completion is not None else ""
    return TargetLine(
        target_ref=target_ref,
        due=due,
        reported=any(entry.on >= first for entry in reported if entry.unavailable or entry is last),
        goal=_goal(status),
        unit=unit_word(target),
        last="\n".join(
            [
                *filter(None, [_last(target_ref, last)]),
                *(f"{item.entry.on:%Y-%m} 已退回：{item.reason}" for item in returned),
            ]
        ),
        now=f"{status.actual}{completion}" if status.actual else "",
        pace=percent(status.expected) if status.expected is not None else "",
        basis=basis,
        has_basis=adds,
        second=second_of(target),
        choices=choices(target) if isinstance(target, Milestone) else (),
        left=_left(target, {key for key, _ in tally.steps}) if isinstance(target, Milestone) else (),
        expected=expected_cell(target),
        behind=status.light in (Light.BEHIND, Light.FAR_BEHIND),
        remark="" if remark is None else "；".join(filter(None, (remark.cause, remark.measure))),
        returned=returned,
    )


def _goal(status: TargetStatus) -> str:
    """Return the goal, and below it the stretch goals."""
    return "\n".join((status.goal, *(f"争取 {tier.goal}" for tier in status.tiers)))


def _left(target: Milestone, completed: Collection[str]) -> tuple[str, ...]:
    steps = zip(target.all_steps, choices(target), strict=True)
    return tuple(choice for step, choice in steps if step.key not in completed)


def _last(target_ref: lookup.TargetRef, last: Entry | None) -> str:
    if last is None:
        return ""
    return f"{subject_figures(last, target_ref.target).replace('+', '增', 1)}\n{last.on}"
