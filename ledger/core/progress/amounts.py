"""A reported figure in the unit its target is judged in, or why it cannot be had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from ledger.core.findings import Finding
from ledger.core.progress.entries import EntryLike
from ledger.core.progress.policy import Policy
from ledger.core.quantity import (
    Quantity,
    QuantityError,
    format_amount,
    format_number,
    parse_amount,
    plain_amount,
    plain_sum,
)
from ledger.core.units import (
    MissingRateError,
    Rate,
    UnitMismatchError,
    UnitTable,
    both_money,
    convert,
    exchange,
)

Number = int | Fraction
"""Exact. Whole figures stay `int`: adding those costs a twentieth of adding fractions."""


_DECIMALS = 6
_REMEMBERED = 65536


class _Foreign(NamedTuple):
    value: Fraction
    source: str
    target: str


def read_figure(text: str, unit: str, entry: EntryLike, policy: Policy) -> Number | Finding:
    """Return a reported figure in `unit`, money by the rate the entry records or else the latest one of its date."""
    figure = _figures(unit, policy.units)[text]
    if type(figure) is _Foreign:
        return _exchanged(figure, entry, policy)
    return figure  # type: ignore[return-value]


def sum_of(texts: Sequence[str], unit: str, policy: Policy) -> Number | None:
    """Return the sum of figures reported in `unit`.

    None where one of them has to be looked at by itself: it cannot be read, is negative, or is money to be exchanged.
    """
    alike = plain_sum(texts, policy.units)
    if alike is not None and alike[1] == unit:
        return alike[0]
    try:
        # Without a step of our own for each: a million pass here.
        return sum(map(_addends(unit, policy.units).__getitem__, texts))
    except _NotAddableError:
        return None


def plan_figure(quantity: Quantity, unit: str, policy: Policy) -> Fraction | Finding:
    """Return a figure of the plan itself (baseline, due point) in `unit`. Money of two currencies is never mixed here."""
    try:
        return convert(quantity.value, quantity.unit, unit, policy.units)
    except UnitMismatchError as error:
        return Finding("unit", error.message, error.hint)


def rate_used(text: str, unit: str, on: date, policy: Policy) -> str | None:
    """Return what an entry must record as its `rate` when `text` is money of another currency than `unit`.

    None where no rate is needed or none can be had.
    """
    figure = _figures(unit, policy.units)[text]
    if not isinstance(figure, _Foreign):
        return None
    try:
        return rate_text(exchange(figure.value, policy.rates, figure.source, figure.target, on)[1])
    except MissingRateError:
        return None


def rate_text(rate: Rate) -> str:
    """Write a rate as entries record it: `美元/元 2023-06-30 7.2258`."""
    return f"{rate.source}/{rate.target} {rate.on.isoformat()} {format_number(rate.rate)}"


def format_figure(value: Fraction, unit: str, scale: int = 1) -> str:
    """Write a figure for people, in its unit and multiplier; one that no short decimal writes is rounded and says 约."""
    if (value * 10**_DECIMALS).denominator == 1:
        return format_amount(value, unit, scale)
    step = next((factor for factor in (scale, 10**4) if abs(value) >= factor), 1)  # 约3333.33万, not 约0.33亿
    rounded = round(value / step, 2) * step
    return "约" + format_amount(rounded, unit, step) if rounded else format_amount(value, unit, scale)


def format_move(moved: Fraction, unit: str, scale: int = 1) -> str:
    """Return by how much a figure moved: `+2家`; of percentages `-0.3个百分点`."""
    text = format_figure(moved, "个百分点" if unit == "%" else unit, scale)
    return f"+{text}" if moved > 0 else text


class _Figures(dict[str, Number | _Foreign | Finding]):
    """What texts say in one unit, remembered: reports repeat. A million look-ups pass here, each the cheapest there is."""

    def __init__(self, unit: str, table: UnitTable) -> None:
        super().__init__()
        self._unit, self._table = unit, table

    def __missing__(self, text: str) -> Number | _Foreign | Finding:
        if len(self) >= _REMEMBERED:
            self.clear()
        figure = self[text] = _in_unit(text, self._unit, self._table)
        return figure


class _NotAddableError(Exception):
    """A figure that has to be looked at by itself."""


class _Addends(dict[str, Number]):
    """What texts say in one unit, of those figures alone that can be added as they are; remembered as `_Figures` are.

    Raises:
        _NotAddableError: for a figure that cannot be read, is negative, or is money to be exchanged.
    """

    def __init__(self, unit: str, table: UnitTable) -> None:
        super().__init__()
        self._unit, self._table = unit, table

    def __missing__(self, text: str) -> Number:
        figure = _in_unit(text, self._unit, self._table)
        if not isinstance(figure, int | Fraction) or figure < 0:
            raise _NotAddableError
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = figure
        return figure


_figures = lru_cache(maxsize=16)(_Figures)
_addends = lru_cache(maxsize=16)(_Addends)


def _in_unit(text: str, unit: str, table: UnitTable) -> Number | _Foreign | Finding:
    plain = plain_amount(text, table)
    if plain is not None and plain[1] == unit:
        return plain[0]
    try:
        quantity = parse_amount(text, table)
    except QuantityError as error:
        return Finding("amount", error.message, error.hint)
    value = quantity.value
    if quantity.unit != unit:
        try:
            value = convert(value, quantity.unit, unit, table)
        except UnitMismatchError as error:
            if both_money(quantity.unit, unit, table):
                return _Foreign(value, quantity.unit, unit)
            return Finding("unit", error.message, error.hint)
    return value.numerator if value.denominator == 1 else value


def _exchanged(money: _Foreign, entry: EntryLike, policy: Policy) -> Number | Finding:
    if entry.rate is not None:
        recorded = next((rate for rate in policy.rates if rate_text(rate) == entry.rate), None)
        if recorded is None or (recorded.source, recorded.target) != (money.source, money.target):
            return Finding(
                "rate-unknown",
                f"所记汇率“{entry.rate}”不是汇率表里的“{money.source}→{money.target}”汇率",
                "请核对 data/ledger.yaml 里的汇率表",
            )
        if recorded.on > entry.on:
            return Finding(
                "rate-unknown", f"所记汇率“{entry.rate}”晚于数据日期 {entry.on}", "请改用当日或更早的汇率"
            )
        return money.value * recorded.rate
    try:
        return exchange(money.value, policy.rates, money.source, money.target, entry.on)[0]
    except MissingRateError as error:
        return Finding("no-rate", error.message, error.hint)
