"""The rules by which progress is judged, taken out of the configuration; knows no file and no target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ledger.core.models import LedgerConfig, Lights
from ledger.core.units import Rate, UnitTable, default_units


@dataclass(frozen=True, slots=True)
class Policy:
    """How gaps become lights, what 约 allows, which rates convert money, what a difficulty weighs.

    `tolerance` is in percent of the goal; `difficulty` maps a rating's label to its coefficient.
    """

    lights: Lights
    tolerance: Fraction | None = None
    rates: tuple[Rate, ...] = ()
    units: UnitTable = field(default_factory=default_units)
    difficulty: Mapping[str, Fraction] = field(default_factory=dict)
    scoring: str = "guiyang"

    @classmethod
    def of(cls, config: LedgerConfig, units: UnitTable | None = None) -> Policy:
        """Return the policy of a ledger. Currencies of its rates are taken by their conventional names."""
        table = units or default_units()

        def currency(name: str) -> str:
            unit = table.find(name)
            return unit.spelling if unit is not None else name

        rates = tuple(
            Rate(currency(one.source), currency(one.target), one.on, one.rate) for one in config.rates
        )
        return cls(config.lights, config.tolerance, rates, table, config.difficulty, config.scoring)
