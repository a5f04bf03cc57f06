"""Registries of rules: a rule is a function with a decorator, and is applied from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from ledger.core.findings import Finding
from ledger.core.models import LedgerConfig
from ledger.core.quantity import Quantity
from ledger.core.units import UnitTable
from ledger.files.ledger import Source


class RuleContext(NamedTuple):
    """What rules need besides the commitment; `config` is None for a draft that is looked at outside of a ledger."""

    units: UnitTable
    config: LedgerConfig | None = None

    def in_unit(self, figure: Quantity, unit: str) -> Fraction:
        """Return a figure's exact value in a unit that it can be compared with."""
        if figure.unit == unit:
            return figure.value
        from ledger.core.units.convert import convert  # pint is loaded only where two units differ

        return convert(figure.value, figure.unit, unit, self.units)


Rule = Callable[[Source, RuleContext], Iterator[Finding]]

COMMITMENT_RULES: list[Rule] = []
"""Rules of `ledger check` over one commitment, in the order of their definition."""
LINT_RULES: list[Rule] = []
"""Rules of `ledger lint` over one commitment: what is not wrong, but leaves something open."""


def commitment_rule(rule: Rule) -> Rule:
    """Register a rule of `ledger check`; its docstring says what holds in a good file."""
    COMMITMENT_RULES.append(rule)
    return rule


def lint_rule(rule: Rule) -> Rule:
    """Register a rule of `ledger lint`; the hint of its findings is the question to ask the department."""
    LINT_RULES.append(rule)
    return rule
