"""Finds what a row of a sheet repeats: the line that counts for the same target, date and step."""

from __future__ import annotations

from ledger.commands.log import Batch
from ledger.core.models import Entry, Milestone
from ledger.core.models.entries import FIGURE_KEYS
from ledger.core.progress import by_target
from ledger.core.quantity import QuantityError, parse_amount
from ledger.core.units import UnitTable
from ledger.files import lookup


def recorded_entry(batch: Batch, target_ref: lookup.TargetRef, entry: Entry) -> Entry | None:
    """Return the line that counts for a target on an entry's date, and for its step; the same one before any other."""
    lines = by_target(batch.lines(target_ref.commitment)).get(target_ref.target.key, ())
    candidates = [
        line
        for line in lines
        if line.on == entry.on and any(getattr(line, key) is not None for key in FIGURE_KEYS)
    ]
    if isinstance(target_ref.target, Milestone):
        candidates = [line for line in candidates if line.step == entry.step]
    return next(
        (line for line in candidates if same_figures(line, entry, batch.policy.units)),
        candidates[-1] if candidates else None,
    )


def same_figures(entry: Entry, other: Entry, units: UnitTable) -> bool:
    """Whether two entries report the same figures, however they are written."""
    return all(_read(getattr(entry, key), units) == _read(getattr(other, key), units) for key in FIGURE_KEYS)


def _read(value: object, units: UnitTable) -> object:
    """Return a figure for comparison: 2家 and 两 家 are the same."""
    if not isinstance(value, str):
        return value
    try:
        amount = parse_amount(value, units)
    except QuantityError:
        return value
    return amount.value, amount.unit
