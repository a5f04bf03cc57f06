"""Units of a plan: the table, exact conversion, dated exchange, percentages; pint is imported only by `convert`."""

from __future__ import annotations

from ledger.core.units.convert import UnitMismatchError, both_money, convert
from ledger.core.units.money import MissingRateError, Rate, exchange
from ledger.core.units.table import Unit, UnitDefinitionError, UnitTable, default_units

__all__ = [
    "MissingRateError",
    "Rate",
    "Unit",
    "UnitDefinitionError",
    "UnitMismatchError",
    "UnitTable",
    "both_money",
    "convert",
    "default_units",
    "exchange",
]
