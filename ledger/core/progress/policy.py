"""The rules by which progress is judged, as the configuration states them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.core.models import LedgerConfig
from ledger.core.progress.lights import LightRule
from ledger.core.structs import FrozenStruct, field, replace
from ledger.core.units import Rate, UnitTable, default_units


class Policy(FrozenStruct):
    """How gaps become lights, what 约 allows, which rates convert money, what a difficulty weighs.

    `tolerance` is in percent of the goal; `difficulty` maps a rating's label to its coefficient. `rules` is the version of
    the rules, 2023 or 2026; `pace` says whether pace is judged at the last month that was due or at the very day; `due_day`
    is the day of the next month up to which a month is reported. `coverage` is in percent. `frequencies` says how often the
    departments report that do not report monthly. `verified_only` says that ranking and bulletin count verified figures alone.
    """

    lights: LightRule
    tolerance: Fraction | None = None
    rates: tuple[Rate, ...] = ()
    units: UnitTable = field(default_factory=default_units)
    difficulty: Mapping[str, Fraction] = field(default_factory=dict)
    scoring: str = "ratio"
    rules: int = 2026
    pace: str = "month"
    due_day: int = 5
    basis: str = "all"
    coverage: Fraction = Fraction(0)
    deduction: str = "none"
    frequencies: Mapping[str, str] = field(default_factory=dict)
    verified_only: bool = False

    @property
    def of_2023(self) -> bool:
        """Whether the rules of 2023 apply."""
        return self.rules == 2023

    @property
    def by_day(self) -> Policy:
        """The same policy with pace judged at the very day, as a curve is drawn."""
        return replace(self, pace="day")

    @classmethod
    def of(cls, config: LedgerConfig, units: UnitTable | None = None) -> Policy:
        """Return the policy of a ledger. Currencies of its rates are taken by their conventional names."""
        table = units or default_units()

        def currency(name: str) -> str:
            unit = table.find(name)
            return unit.spelling if unit is not None else name

        rates = tuple(
            Rate(currency(rate.source), currency(rate.target), rate.on, rate.rate) for rate in config.rates
        )
        rules = config.rules or 2026
        return cls(
            lights=LightRule.of(config.lights),
            tolerance=config.tolerance,
            rates=rates,
            units=table,
            difficulty=config.difficulty,
            scoring=config.scoring,
            rules=rules,
            pace=config.pace or ("day" if rules == 2023 else "month"),
            due_day=config.due_day,
            basis="reported" if rules == 2023 else config.ranking.basis,
            coverage=config.ranking.coverage,
            deduction=config.ranking.deduction,
            frequencies={row.name: row.frequency for row in config.departments if row.frequency},
            verified_only=config.figures == "verified",
        )
