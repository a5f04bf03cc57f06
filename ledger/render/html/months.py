"""The table of months of a target: what was reported in each month, its increment and its total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from ledger.commands.history import LoggedEntry
from ledger.core.dates import month_end
from ledger.core.models import Accumulate, Commitment, Target
from ledger.core.progress.amounts import format_figure, format_move
from ledger.core.progress.burnup import BurnUp
from ledger.core.progress.percent import percent
from ledger.core.structs import FrozenStruct
from ledger.render.views.show import VERDICTS, entry_remarks, figure_text

NOTHING = "—"

Month = tuple[int, int]
"""Year and month."""


class EntryRow(FrozenStruct):
    """One entry as the page lists it; of a month's entries only the last has an increment and a total."""

    figure: str
    increment: str
    total: str
    by: str
    commit: str
    remarks: str
    evidence: tuple[str, ...] = ()
    counts: bool = True


class MonthRows(FrozenStruct):
    """A month with its entries, in the order of their days; without any nothing was reported for it."""

    label: str
    rows: tuple[EntryRow, ...]


def months_of(
    commitment: Commitment, target: Target, entries: Sequence[LoggedEntry], curve: BurnUp | None
) -> Iterator[MonthRows]:
    """Yield every month of the commitment's period, and months outside it that have entries.

    A month without entries has no rows: its total is unknown and not that of the month before.
    """
    by_month: dict[Month, list[LoggedEntry]] = {
        month: [] for month in _period(commitment.start, commitment.end)
    }
    for logged in sorted(entries, key=lambda logged: logged.entry.on):
        by_month.setdefault((logged.entry.on.year, logged.entry.on.month), []).append(logged)
    values = _values(curve, entries)
    before = Fraction(0) if isinstance(target, Accumulate) else None
    for (year, month), logged_entries in sorted(by_month.items()):
        value = values.get((year, month))
        increment = NOTHING
        if value is not None and curve is not None and not curve.stepped:
            if before is not None:
                increment = _increment(value - before, curve, target)
            before = value
        total = _total(value, curve, logged_entries)
        last = len(logged_entries) - 1
        label = f"{month}月" if year == commitment.end.year else f"{year}年{month}月"
        yield MonthRows(
            label,
            tuple(
                _row(logged, increment, total) if number == last else _row(logged, "", "")
                for number, logged in enumerate(logged_entries)
            ),
        )


@lru_cache(maxsize=16)
def _period(start: date, end: date) -> Sequence[Month]:
    """Return the months from a day to another, asked for each target of a year."""
    months, day = [], start
    while day <= end:
        months.append((day.year, day.month))
        day = month_end(day) + timedelta(days=1)
    return months


def _values(curve: BurnUp | None, entries: Sequence[LoggedEntry]) -> dict[Month, Fraction]:
    """Return the last reported value of each month, without withdrawn reports.

    On the day of a withdrawn report, or of one that says that there are no figures, the curve only carries the value before it.
    """
    reported = {logged.entry.on for logged in entries if logged.counts and not logged.entry.unavailable}
    values: dict[Month, Fraction] = {}
    for on, value in curve.actual if curve is not None else ():
        if value is not None and on in reported:
            values[on.year, on.month] = value
    return values


def _increment(moved: Fraction, curve: BurnUp, target: Target) -> str:
    """Return what a month added to a sum (2家), or by how much a level or a rate moved (+0.3个百分点)."""
    if isinstance(target, Accumulate):
        return format_figure(moved, curve.unit, curve.scale)
    return format_move(moved, curve.unit, curve.scale)


def _total(value: Fraction | None, curve: BurnUp | None, entries: Sequence[LoggedEntry]) -> str:
    """Return the sum, level or rate at the end of a month, the share of steps done, or the last place or verdict."""
    if curve is not None:
        if value is None:
            return NOTHING
        return percent(value) if curve.stepped else format_figure(value, curve.unit, curve.scale)
    counting = [logged.entry for logged in entries if logged.counts]
    if not counting:
        return NOTHING
    entry = counting[-1]
    if entry.rank is not None:
        return f"第{entry.rank}位"
    if entry.verdict is not None:
        return VERDICTS[entry.verdict]
    return str(entry.value) if entry.value is not None else NOTHING


def _row(logged: LoggedEntry, increment: str, total: str) -> EntryRow:
    entry, commit = logged.entry, logged.commit
    author = f"提交人 {commit.author}" if commit and commit.author != entry.by else ""
    return EntryRow(
        figure=figure_text(entry, logged.target),
        increment=increment,
        total=total,
        by=entry.by,
        commit=commit.short if commit else "较早" if logged.earlier else "未提交",
        remarks="；".join(filter(None, (entry_remarks(logged, evidence=False), author))),
        evidence=entry.evidence,
        counts=logged.counts,
    )
