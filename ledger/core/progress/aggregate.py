"""Aggregate of one target's entries: small enough to be cached, and independent of the day asked for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ledger.core.findings import Finding
from ledger.core.structs import FrozenStruct


class Aggregate(FrozenStruct):
    """The summary of one target's effective entries up to a date.

    An aggregate of all entries is right for every day from `last_on` on. It depends on the target and on the ledger's
    rates and tolerance: whoever stores it keeps it only as long as these stay the same.
    """

    entries: int = 0  # effective entries, remarks included
    reports: int = 0  # those that carry a figure
    last_on: date | None = None  # date of the latest entry
    on: date | None = None  # date of the figure
    figure: Fraction | None = None  # the total, the latest value or the rate, in the target's unit
    benchmark: Fraction | None = None
    rank: int | None = None
    of: int | None = None
    steps: tuple[tuple[str, date], ...] = ()  # steps done, each with the first date it was reported
    strange: int = 0  # reports of a step the target does not have
    verdict: str | None = None
    evidenced: bool = False
    covered: int = 0  # increments superseded by a later running total
    fell: date | None = None  # when a running total was less than what had been reached
    breach: tuple[date, Fraction] | None = None  # the first report that broke a goal to be held
    worst: Fraction | None = None  # the report of a held goal that was furthest from it
    months: tuple[
        tuple[date, bool], ...
    ] = ()  # of a goal to be held: each month reported, and whether it held
    fault: Finding | None = None  # why the figure cannot be computed
