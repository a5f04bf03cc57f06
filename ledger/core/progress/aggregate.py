"""What one target's entries come to: small enough to be cached, the same whatever day it is asked for; knows no rule of pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.core.progress.amounts import Fault


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The summary of one target's effective entries up to a date.

    A tally of all entries is right for every day from `last_on` on. It depends on the target and on the ledger's
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
    fault: Fault | None = None  # why the figure cannot be computed

    def as_json(self) -> dict[str, Any]:
        """Return what differs from an empty tally, in JSON types: exact figures as text."""
        return {
            name: _plain(value)
            for name in _NAMES
            if (value := getattr(self, name)) is not None and value != _DEFAULTS[name]
        }

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Aggregate:
        """Read what `as_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(**{name: _READ[name](value) for name, value in stored.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, (Fraction, date)):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _same(value: Any) -> Any:
    return value


_NAMES = tuple(field.name for field in fields(Aggregate))
_DEFAULTS = {field.name: field.default for field in fields(Aggregate)}
_READ: dict[str, Any] = {
    **dict.fromkeys(
        ("entries", "reports", "rank", "of", "strange", "verdict", "evidenced", "covered"), _same
    ),
    **dict.fromkeys(("last_on", "on", "fell"), date.fromisoformat),
    **dict.fromkeys(("figure", "benchmark", "worst"), Fraction),
    "steps": lambda pairs: tuple((key, date.fromisoformat(on)) for key, on in pairs),
    "breach": lambda pair: (date.fromisoformat(pair[0]), Fraction(pair[1])),
    "fault": lambda parts: Fault(*parts),
}
