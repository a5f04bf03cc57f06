"""The unit table, conversion, money and percentages."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.core.units import (
    MissingRateError,
    Rate,
    UnitDefinitionError,
    UnitMismatchError,
    UnitTable,
    convert,
    default_units,
    exchange,
)

TABLE = default_units()


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("3", "亩", "公顷", "1/5"),
        ("1", "平方公里", "亩", "1500"),
        ("1", "公里", "米", "1000"),
        ("2.8", "吨", "公斤", "2800"),
        ("1", "MWh", "度", "1000"),
        ("1", "千瓦时", "兆焦", "3.6"),
        ("36", "km/h", "米/秒", "10"),
        ("4.5", "个/千人", "个/万人", "45"),
        ("1", "元/平方米", "元/亩", "2000/3"),
        ("35", "微克/立方米", "mg/m³", "0.035"),
        ("1.5", "年", "个月", "18"),
        ("2", "小时", "分钟", "120"),
        ("7", "人", "名", "7"),
        ("7", "TEU", "标箱", "7"),
        ("1", "千分点", "百分点", "0.1"),
    ],
)
def test_conversion(value: str, source: str, target: str, expected: str) -> None:
    assert convert(Fraction(value), source, target) == Fraction(expected)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("%", "百分点"), ("%", "‰"), ("人次", "人"), ("家", "户"), ("家次", "家"), ("个", "家"), ("吨", "吨标准煤"),
        ("kWh", "吨标准煤"), ("立方米", "标准立方米"), ("工作日", "天"), ("个月", "天"), ("场次", "场"), ("", "家"),
        ("哈", "家"), ("个/千人", "个"), ("倍", "%"), ("课时", "小时"), ("床位", "张"),
    ],
)  # fmt: skip
def test_what_must_not_be_converted(source: str, target: str) -> None:
    assert not TABLE.comparable(source, target)
    with pytest.raises(UnitMismatchError) as caught:
        convert(Fraction(1), source, target)
    assert caught.value.hint


def test_money_is_never_converted_without_a_dated_rate() -> None:
    with pytest.raises(UnitMismatchError, match="汇率"):
        convert(Fraction(1), "美元", "元")


def test_pint_agrees_with_the_tables_own_factors_on_every_comparable_pair() -> None:
    by_dimension: dict[object, list[str]] = {}
    for unit in TABLE:
        if not unit.per_only:
            by_dimension.setdefault(TABLE.measure(unit)[1], []).append(unit.spelling)
    pairs = 0
    for names in by_dimension.values():
        for name in names[1:]:
            first, second = TABLE.find(names[0]), TABLE.find(name)
            assert first is not None
            assert second is not None
            factor = TABLE.measure(first)[0] / TABLE.measure(second)[0]
            assert convert(Fraction(7, 3), names[0], name) == Fraction(7, 3) * factor
            pairs += 1
    assert pairs > 100


def test_each_count_word_has_its_own_dimension() -> None:
    words = [u for u in TABLE if u.counted]
    assert len(words) > 120
    assert len({TABLE.measure(u)[1] for u in words}) == len({u.name for u in words})


def test_case_is_forgiven_unless_it_means_something_else() -> None:
    found = {
        name: TABLE.find(name)
        for name in ("mwh", "MWH", "Kw", "teu", "KM", "gb", "MW", "mw", "Mw", "mWh", "Gb")
    }
    spelled = {name: unit.spelling if unit else None for name, unit in found.items()}
    assert spelled == {
        "mwh": "MWh", "MWH": "MWh", "Kw": "kW", "teu": "TEU", "KM": "km", "gb": "GB", "MW": "MW",
        "mw": None, "Mw": None, "mWh": None, "Gb": None,
    }  # fmt: skip


def test_rates_are_any_unit_over_any_other() -> None:
    assert TABLE.same("个/千人", "个/1000人")
    assert TABLE.same("元/人·月", "元/月/人")
    assert TABLE.find("个/千哈") is None
    assert TABLE.find("月") is None


def test_suggestions() -> None:
    assert TABLE.suggest("TUE") == ["TEU"]
    assert TABLE.suggest("忆美元") == ["亿美元"]
    assert TABLE.suggest("平方公理") == ["平方公里"]
    assert TABLE.suggest("量子纠缠态") == []


def test_a_ledger_extends_the_table_without_changing_it() -> None:
    table = TABLE.extended({"示范点": "| 示范点位", "大亩": "2 亩", "工坊": "量词"})
    assert not table.comparable("工坊", "示范点")
    assert table.same("示范点", "示范点位")
    assert convert(Fraction(1), "大亩", "亩", table) == 2
    assert TABLE.find("示范点") is None


@pytest.mark.parametrize(
    "definitions",
    [{"家": ""}, {"甲": "2 没有的单位"}, {"甲": "2 乙", "乙": "2 甲"}, {"甲": "二 亩"}, {"甲": "= | {"}],
)
def test_a_bad_definition_is_refused(definitions: dict[str, str]) -> None:
    with pytest.raises(UnitDefinitionError) as caught:
        TABLE.extended(definitions)
    assert caught.value.hint


def test_a_table_of_its_own() -> None:
    assert UnitTable([("甲", "")]).find("甲") is not None


RATES = [
    Rate("美元", "元", date(2023, 1, 3), Fraction("6.9475")),
    Rate("美元", "元", date(2023, 6, 30), Fraction("7.2258")),
    Rate("港元", "元", date(2023, 1, 3), Fraction("0.8904")),
]


def test_exchange_takes_the_latest_rate_of_the_day_or_before() -> None:
    assert exchange(Fraction(100), RATES, "美元", "元", date(2023, 3, 31)) == (Fraction("694.75"), RATES[0])
    assert exchange(Fraction(100), RATES, "美元", "元", date(2023, 6, 30)) == (Fraction("722.58"), RATES[1])


@pytest.mark.parametrize(
    ("source", "target", "on"),
    [("美元", "元", date(2023, 1, 2)), ("元", "美元", date(2023, 6, 30)), ("欧元", "元", date(2023, 6, 30))],
)
def test_exchange_refuses_where_no_rate_is_written(source: str, target: str, on: date) -> None:
    with pytest.raises(MissingRateError) as caught:
        exchange(Fraction(1), RATES, source, target, on)
    assert f"{on:%Y-%m-%d}" in caught.value.hint
