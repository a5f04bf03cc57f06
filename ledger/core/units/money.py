"""Money between currencies, by dated rates alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger.core.errors import LedgerError


class Rate(NamedTuple):
    """One `source` was worth `rate` of `target` from the day `on`, until a later rate says otherwise."""

    source: str
    target: str
    on: date
    rate: Fraction


class MissingRateError(LedgerError):
    """Money in one currency wanted in another, with no dated rate to do it by."""

    def __init__(self, source: str, target: str, on: date) -> None:
        super().__init__(
            f"没有{on:%Y-%m-%d}或更早的“{source}→{target}”汇率，不能折算",
            f"请在 data/ledger.yaml 的汇率表里写一条{source}兑{target}、日期不晚于{on:%Y-%m-%d}的汇率",
        )


def exchange(
    value: Fraction, rates: Iterable[Rate], source: str, target: str, on: date
) -> tuple[Fraction, Rate]:
    """The amount in `target` and the rate used: the latest `source`→`target` rate dated on or before `on`.

    Only a rate written in this very direction is used, by multiplication: buying and selling differ, and
    a quotient would be a rate nobody published. Two rates of the same day: the later in the list counts.
    Raises MissingRateError. Between equal currencies the rate is 1, dated `on`.
    """
    if source == target:
        return value, Rate(source, target, on, Fraction(1))
    best: Rate | None = None
    for rate in rates:
        if (
            rate.source == source
            and rate.target == target
            and rate.on <= on
            and (best is None or rate.on >= best.on)
        ):
            best = rate
    if best is None:
        raise MissingRateError(source, target, on)
    return value * best.rate, best
