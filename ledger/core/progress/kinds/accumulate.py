"""Targets whose entries add up over the year (全年实到外资16亿美元): increments and running totals mixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from operator import attrgetter

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Commitment
from ledger.core.progress.aggregate import Aggregate
from ledger.core.progress.amounts import Number, format_figure, read_figure, sum_of
from ledger.core.progress.bounds import ONE, Bounds
from ledger.core.progress.entries import FIGURES, EntryLike
from ledger.core.progress.kinds.common import (
    NO_TOLERANCE,
    FigureVerdict,
    Pace,
    figured_status,
    shape_fault,
    whole_units,
)
from ledger.core.progress.pace import curve, elapsed, eve, points
from ledger.core.progress.policy import Policy
from ledger.core.progress.reporting import JudgedDay
from ledger.core.progress.status import TargetStatus

MONTHLY = True
WANTED = "本期新增或累计其中一个"
ALLOWED = (frozenset({"add"}), frozenset({"total"}))
_foreign = attrgetter(*(name for name in FIGURES if name not in {"add", "total"}))
_NOTHING = (None,) * (len(FIGURES) - 2)  # compared whole: a hundred thousand lines pass here


def fold(target: Accumulate, lines: Sequence[EntryLike], policy: Policy) -> Aggregate:
    """Add up. A running total supersedes everything before it in (date, place in the file); increments after it add on.

    An unusable figure makes the sum unknown until a later running total says where it stands.
    """
    return next(folds(target, lines, (len(lines),), policy))


def folds(
    target: Accumulate, lines: Sequence[EntryLike], ends: Iterable[int], policy: Policy
) -> Iterator[Aggregate]:
    """Yield what `fold` gives for the lines up to each of `ends`, which ascend, going through the lines once."""
    unit = target.unit
    total: Number = 0
    fault: Finding | None = None
    on = fell = None
    reports = covered = pending = start = 0
    for end in ends:
        for line in lines[start:end]:
            text, wrong = _one_figure(line)
            if text is None:
                if wrong is not None:
                    reports, on, fault = reports + 1, line.on, fault or wrong
                continue
            adds = line.add is not None
            reports, on = reports + 1, line.on
            figure = read_figure(text, unit, line, policy)
            if isinstance(figure, Finding):
                fault = fault or figure
            elif adds:
                total, pending = total + figure, pending + 1
            else:
                if figure < total and fault is None:
                    fell = on
                total, fault = figure, None
                covered, pending = covered + pending, 0
        start = end
        known = reports > 0 and fault is None
        yield Aggregate(
            entries=end,
            reports=reports,
            last_on=lines[end - 1].on if end else None,
            on=on,
            figure=Fraction(total) if known else None,
            covered=covered,
            fell=fell,
            fault=fault,
        )


def _one_figure(line: EntryLike) -> tuple[str | None, Finding | None]:
    """Return the increment or the running total of a line, or else what is wrong with its figures; a remark has neither."""
    given = [text for text in (line.add, line.total) if text is not None]
    if len(given) != 1 or _foreign(line) != _NOTHING:
        return None, shape_fault(line, WANTED, ALLOWED)
    return given[0], None


def fold_increments(
    target: Accumulate, texts: Sequence[str], last_on: date, policy: Policy
) -> Aggregate | None:
    """Return what `fold` gives for lines of which each is one increment and nothing else; `texts` are as written, in any order.

    None where one of them has to be looked at by itself, and only then could `faults` find anything.
    """
    total = sum_of(texts, target.unit, policy)
    if total is None:
        return None
    count = len(texts)
    return Aggregate(entries=count, reports=count, last_on=last_on, on=last_on, figure=Fraction(total))


def assess(
    commitment: Commitment, target: Accumulate, aggregate: Aggregate, day: JudgedDay, policy: Policy
) -> TargetStatus:
    """Completion is total/T, uncapped; expected is the plan's curve, else the part of the period gone by."""
    due = commitment.due_of(target)
    bounds = Bounds.of(target.goal, policy.tolerance)
    x = aggregate.figure
    completion = met = None
    if bounds is not None and x is not None:
        completion, met = bounds.completion(x), bounds.meets(x)
    over = x is not None and bounds is not None and not bounds.within(x)
    expected = ONE if over else _expected(commitment, target, bounds, day.on, policy)
    why = None
    if isinstance(expected, Finding):
        why, expected = f"无法判断：计划数有误，{expected.text}", None
    verdict = FigureVerdict(
        pace=Pace(expected, completion, why),
        completion=completion,
        met=met,
        final=over,  # what has been added up does not shrink again
        expected=expected,
        reason=NO_TOLERANCE if bounds is None else None,
        notes=_notes(target, aggregate, bounds, met, day.on, due),
    )
    return figured_status(target, aggregate, verdict, due=due, as_of=day.on, policy=policy)


def expected(commitment: Commitment, target: Accumulate, on: date, policy: Policy) -> Fraction | None:
    """Return the completion that `assess` expects at the end of a day where nothing is reported."""
    share = _expected(commitment, target, Bounds.of(target.goal, policy.tolerance), on, policy)
    return None if isinstance(share, Finding) else share


def _expected(
    commitment: Commitment, target: Accumulate, bounds: Bounds | None, as_of: date, policy: Policy
) -> Fraction | Finding | None:
    if bounds is not None and bounds.ceiling:
        return ONE  # a ceiling is to be kept on every day: using it up evenly is no achievement
    due = commitment.due_of(target)
    share = elapsed(commitment.start, due, as_of)
    goal = Fraction(0) if bounds is None else bounds.aim(Fraction(0))
    if goal <= 0 or share in (0, 1):
        return share
    expected = goal * share
    if target.plan:
        line = points(target.plan, target.unit, (eve(commitment.start), Fraction(0)), (due, goal), policy)
        if isinstance(line, Finding):
            return line
        planned = curve(line, as_of)
        assert planned is not None  # the line starts on the eve of the period
        expected = planned
    return min(ONE, whole_units(expected, (goal,), target.unit, policy, up=False) / goal)


def _notes(
    target: Accumulate, aggregate: Aggregate, bounds: Bounds | None, met: bool | None, as_of: date, due: date
) -> tuple[str, ...]:
    notes = []
    if aggregate.covered:
        notes.append(f"{aggregate.covered} 条增量已被后来的累计数覆盖")
    if aggregate.fell is not None:
        notes.append(f"{aggregate.fell} 报的累计数比之前的小")
    if bounds is not None and bounds.high is not None and met and as_of < due:
        notes.append(f"上限 {format_figure(bounds.high, target.unit, target.scale)} 要守到 {due}")
    return tuple(notes)


def faults(
    target: Accumulate, lines: Sequence[EntryLike], policy: Policy
) -> Iterator[tuple[EntryLike, Finding]]:
    """Find figures that cannot be added, totals that fall, and increments whose place beside a total is doubtful."""
    total: Number = 0
    last_total: date | None = None
    sure = True
    unit = target.unit
    for line in lines:
        text, wrong = _one_figure(line)
        if text is None:
            if wrong is not None:
                sure = False
                yield line, wrong
            continue
        figure = read_figure(text, unit, line, policy)
        if isinstance(figure, Finding):
            sure = False
            yield line, figure
        elif line.add is not None:
            total += figure
            if figure < 0 and not (line.note or line.reason):
                yield (
                    line,
                    Finding("negative-add", f"增量“{text}”是负数而没有说明", "请在说明里写明核减的原因"),
                )
            if last_total == line.on:
                yield (
                    line,
                    Finding(
                        "same-day",
                        f"{line.on} 先报了累计数，又报增量“{text}”，增量已加在累计数之上",
                        "如累计数已含这一笔，请作废这条增量",
                    ),
                )
        else:
            if figure < total and sure and "falling-total" not in line.confirmed:
                before = format_figure(Fraction(total), unit, target.scale)
                yield (
                    line,
                    Finding(
                        "falling-total",
                        f"累计数“{text}”比此前的 {before} 小，按后一次计",
                        "请核对；若此前多报，请更正此前那一条",
                    ),
                )
            total, sure, last_total = figure, True, line.on
