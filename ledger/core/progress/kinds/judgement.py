"""Targets with nothing countable (走在全省前列): a reviewer's verdict, which needs evidence to count as met."""

# ruff: noqa: ARG001 - the functions of all kinds have one shape, whether or not they need all of it
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ledger.core.findings import Finding
from ledger.core.models import Commitment, Judgement
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.entries import EntryLike, reporting
from ledger.core.progress.kinds.common import shape_fault, unmeasured_light
from ledger.core.progress.lights import Light
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import JudgedDay
from ledger.core.progress.status import TargetStatus

MONTHLY = False
WANTED = "评定"
ALLOWED = (frozenset({"verdict"}),)
_NO_EVIDENCE = "缺佐证，评定不能算达到；请补报佐证材料（文号、网址或文件）"


def fold(target: Judgement, lines: Sequence[EntryLike], policy: Policy) -> Aggregate:
    """Take the latest verdict by (date, place in the file)."""
    reports = reporting(lines)
    if not reports:
        return Aggregate(entries=len(lines), last_on=lines[-1].on if lines else None)
    latest = reports[-1]
    wrong = shape_fault(latest, WANTED, ALLOWED)
    return Aggregate(
        entries=len(lines),
        reports=len(reports),
        last_on=lines[-1].on,
        on=latest.on,
        verdict=None if wrong else latest.verdict,
        evidenced=bool(latest.evidence),
        fault=wrong,
    )


def assess(
    commitment: Commitment,
    target: Judgement,
    aggregate: Aggregate,
    day: JudgedDay,
    policy: Policy,
) -> TargetStatus:
    """Met when judged met, with evidence. There is no completion."""
    due = commitment.due_of(target)
    met: bool | None = None
    actual = reason = None
    if aggregate.fault is not None:
        reason = f"无法计算：{aggregate.fault.text}"
    elif aggregate.verdict is not None:
        actual = "评定达到" if aggregate.verdict == "met" else "评定未达到"
        met = aggregate.verdict == "met"
        if met and not aggregate.evidenced:
            met, reason = None, f"无法判断：{_NO_EVIDENCE}"
    verdict = unmeasured_light(reported=aggregate.reports > 0, met=met, overdue=day.on >= due)
    if verdict is Light.UNKNOWN and reason is None:
        reason = f"{aggregate.on} 评定未达到，待 {due} 期满认定"
    missing = unanswered_reviews(commitment, target, aggregate.on, day.on)
    return TargetStatus(
        key=target.key,
        name=target.name,
        kind=target.kind,
        goal="由督查评定",
        light=verdict,
        actual=actual,
        met=met,
        reason=reason,
        notes=tuple(f"{review} 应评定，尚无评定" for review in missing),
        entries=aggregate.entries,
        on=aggregate.on,
        due=due,
        completes=False,
        paced_on=day.on,
    )


def unanswered_reviews(
    commitment: Commitment, target: Judgement, judged_on: date | None, until: date
) -> list[date]:
    """Return the review dates up to `until` that no verdict answers; the due date where the plan names none.

    A review is answered by a verdict of its month or later: `judged_on` is the date of the latest one.
    """
    reviews = target.review or (commitment.due_of(target),)
    return sorted(
        day for day in reviews if day <= until and (judged_on is None or judged_on < day.replace(day=1))
    )


def faults(
    target: Judgement, lines: Sequence[EntryLike], policy: Policy
) -> Iterator[tuple[EntryLike, Finding]]:
    """Find verdicts that do not count."""
    for line in lines:
        wrong = shape_fault(line, WANTED, ALLOWED)
        if wrong is not None:
            yield line, wrong
        elif line.verdict == "met" and not line.evidence:
            yield line, Finding("no-evidence", "评定达到而没有佐证", "请更正这一条，补上佐证材料")
