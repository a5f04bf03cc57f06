"""Conversion between units of one dimension: the only place that imports pint, and only when it must."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ledger.core.errors import LedgerError
from ledger.core.units.table import Unit, UnitTable, default_units

_registries: dict[int, tuple[UnitTable, Any]] = {}


class UnitMismatchError(LedgerError):
    """Two units that measure different things, or one that is no unit."""

    def __init__(self, source: str, target: str, reason: str, hint: str) -> None:
        super().__init__(f"“{source or '（无单位）'}”不能换算成“{target or '（无单位）'}”：{reason}", hint)
        self.source = source
        self.target = target


def convert(value: Fraction, source: str, target: str, table: UnitTable | None = None) -> Fraction:
    """`value` of `source` expressed in `target`, exactly. Raises UnitMismatchError where they measure different things."""
    if source == target:
        return value
    table = table or default_units()
    first, second = table.find(source), table.find(target)
    if first is None or second is None:
        raise _no_unit(source, target, first is None)
    if table.same(source, target):
        return value
    if not table.comparable(source, target):
        raise _mismatch(table, first, second)
    registry = _registry(table)
    quantity = registry.Quantity(value, _name(registry, table, first))
    return Fraction(quantity.to(_name(registry, table, second)).magnitude)


def _no_unit(source: str, target: str, first: bool) -> UnitMismatchError:
    name = source if first else target
    reason = f"没有“{name}”这个单位" if name else "一边有单位、一边没有"
    return UnitMismatchError(source, target, reason, f"请写上单位，与目标一致：{target or source}")


def _mismatch(table: UnitTable, first: Unit, second: Unit) -> UnitMismatchError:
    if _is_money(table, first) and _is_money(table, second):
        return UnitMismatchError(
            first.spelling,
            second.spelling,
            "币种不同，须按注明日期的汇率折算",
            "请在 data/ledger.yaml 的汇率表里写明汇率及日期",
        )
    pair = {first.name, second.name}
    if pair == {"%", "百分点"}:
        reason = "% 是比例，百分点是两个比例之差"
    elif pair == {"人", "人次"}:
        reason = "人次按次数计，一人可以多次"
    else:
        reason = "两者量的不是同一种东西"
    return UnitMismatchError(first.spelling, second.spelling, reason, f"请按“{second.spelling}”填写")


_CURRENCIES = ("人民币", "美元", "港元", "澳门元", "新台币", "欧元", "日元", "英镑", "韩元", "澳元", "加元", "新加坡元",
               "瑞士法郎", "卢布", "泰铢")  # fmt: skip
_MONEY = frozenset(f"[{currency}]" for currency in _CURRENCIES)


def both_money(a: str, b: str, table: UnitTable | None = None) -> bool:
    """Whether two units are sums of money, so that a dated rate can tell one in the other."""
    table = table or default_units()
    units = [table.find(a), table.find(b)]
    return all(unit is not None and _is_money(table, unit) for unit in units)


def _is_money(table: UnitTable, unit: Unit) -> bool:
    dimension = table.measure(unit)[1]
    return len(dimension) == 1 and dimension[0][0] in _MONEY


def _registry(table: UnitTable) -> Any:
    """A pint registry for this table, empty: units are defined in it as they are first needed."""
    known = _registries.get(id(table))
    if known is None:
        import pint

        registry: Any = pint.UnitRegistry(None, non_int_type=Fraction, cache_folder=None)
        known = _registries[id(table)] = (table, registry)
    return known[1]


def _name(registry: Any, table: UnitTable, unit: Unit) -> str:
    """The pint name of a unit, defined on first need. Names are built here: pint's grammar never sees a user's text."""
    from pint.facets.plain import ScaleConverter
    from pint.facets.plain.definitions import UnitDefinition
    from pint.util import UnitsContainer

    name = _ascii("u", unit.spelling)
    if name in registry._units:
        return name
    factor, terms = table.definition(unit)
    exponents: dict[str, Fraction] = {}
    for other, power in terms:
        is_base = other.startswith("[")
        key = f"[{_ascii('d', other)}]" if is_base else _name(registry, table, table.named(other))
        exponents[key] = exponents.get(key, Fraction(0)) + power
    reference = UnitsContainer(exponents, non_int_type=Fraction)
    registry.define(UnitDefinition(name, None, (), ScaleConverter(factor), reference))  # type: ignore[arg-type]
    return name


def _ascii(prefix: str, text: str) -> str:
    return prefix + "_".join(f"{ord(c):x}" for c in text) + "_"
