"""Units of a plan: the table, exact conversion, dated exchange, percentages; pint is imported only by `convert`."""

from __future__ import annotations

from ledger.units.convert import UnitMismatch, both_money, convert
from ledger.units.money import NoRate, Rate, exchange
from ledger.units.percent import difference, shift
from ledger.units.table import Unit, UnitDefinitionError, UnitTable, default_units

__all__ = [
    "NoRate",
    "Rate",
    "Unit",
    "UnitDefinitionError",
    "UnitMismatch",
    "UnitTable",
    "both_money",
    "convert",
    "default_units",
    "difference",
    "exchange",
    "shift",
]
