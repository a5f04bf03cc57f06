"""The figure of a target after each of its entries, as a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.models import Accumulate, Change, Level, Target
from ledger.core.progress.amounts import read_figure
from ledger.core.progress.entries import EntryLike
from ledger.core.progress.explain.formula import Formula
from ledger.core.progress.kinds.change import rate
from ledger.core.progress.policy import Policy
from ledger.core.quantity import QuantityError, parse_amount


def running_figures(
    target: Target, lines: Sequence[EntryLike], policy: Policy
) -> Iterator[tuple[EntryLike, Formula | None]]:
    """Yield each effective entry of a target with the figure after it; None where it cannot be read or carries none."""
    total: Formula | None = Formula.of(0)
    for line in lines:
        total = _after(target, line, total, policy)
        yield line, total
        if total is not None:
            total = Formula.of(total.value)


def _after(target: Target, line: EntryLike, total: Formula | None, policy: Policy) -> Formula | None:
    if isinstance(target, Change):
        moved = rate(target, line, policy) if line.value or line.current else None
        return total if moved is None else _moved(target, line, _scaled(target, moved), policy)
    if not isinstance(target, (Accumulate, Level)):
        return None
    text = line.add or line.total or line.value
    if text is None:
        return total
    read = read_figure(text, target.unit, line, policy)
    figure = _converted(text, _scaled(target, read if isinstance(read, Finding) else Fraction(read)), policy)
    if line.add is None or figure is None or total is None:
        return None if figure is None or (line.add is not None and total is None) else figure
    return figure if total.value == 0 else total.plus(figure)


def _moved(target: Change, line: EntryLike, result: Formula | None, policy: Policy) -> Formula | None:
    """Return a rate with the two figures it was computed from, where the entry gives these."""
    if result is None or line.current is None or line.base is None:
        return result
    now, then = parse_amount(line.current, policy.units), parse_amount(line.base, policy.units)
    if now.unit != then.unit:
        return result
    current, base = Formula.of(now.value / now.scale), Formula.of(then.value / now.scale)
    difference = base.minus(current) if target.direction == "decrease" else current.minus(base)
    share = Formula(f"({difference.text})", difference.value).over(base).times(Formula.of(100))
    return next((formula for formula in (share, difference) if formula.value == result.value), result)


def _converted(text: str, figure: Formula | None, policy: Policy) -> Formula | None:
    """Return a figure as its amount times the rate or factor by which it was converted, where it was."""
    if figure is None:
        return None
    try:
        amount = parse_amount(text, policy.units)
    except QuantityError:
        return figure
    written = Formula.of(amount.value / amount.scale)
    if written.value in {0, figure.value}:
        return figure
    return written.times(Formula.of(figure.value / written.value))


def _scaled(target: Accumulate | Level | Change, value: Fraction | Finding | None) -> Formula | None:
    """Return a figure in the multiplier of the goal."""
    if value is None or isinstance(value, Finding):
        return None
    return Formula.of(value / target.scale)
