"""What the table of cases does not say: amounts for entries, formatting, explaining, finding numerals, importing lightly."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction

import pytest

from ledger.core.quantity import (
    Op,
    QuantityError,
    as_json,
    explain,
    format_amount,
    format_number,
    numerals,
    parse,
    parse_amount,
)
from ledger.core.units import default_units

BOUNDED = "填报的数应是一个确定的数，不能带“{}”一类的界限"


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("20家以上", BOUNDED.format("至少（含本数）"), "请只写实际的数，例如“20家”"),
        ("超1.6亿元", BOUNDED.format("超过（不含本数）"), "请只写实际的数，例如“1.6亿元”"),
        ("约20家", BOUNDED.format("约"), "请只写实际的数，例如“20家”"),
        ("≤5%", BOUNDED.format("至多（含本数）"), "请只写实际的数，例如“5%”"),
        ("第一", BOUNDED.format("位次"), "请只写实际的数，例如“1位”"),
        ("15-20亿元", "填报的数应是一个确定的数，不能是范围", "请只写实际完成的数"),
        ("力争20万家", "填报的数不能带“力争”", "请只写实际的数，例如“20万家”"),
    ],
)
def test_an_entry_takes_plain_amounts_only(text: str, reason: str, hint: str) -> None:
    parse(text)
    with pytest.raises(QuantityError) as caught:
        parse_amount(text)
    assert caught.value.message == f"“{text}”不能读作一个数量：{reason}"
    assert caught.value.hint == hint


def test_a_refusal_quotes_no_more_than_forty_characters() -> None:
    for text, shown in (("家" * 40, "家" * 40), ("家" * 41, "家" * 40 + "…")):
        with pytest.raises(QuantityError) as caught:
            parse(text)
        assert caught.value.message.startswith(f"“{shown}”不能读作一个数量：")
    with pytest.raises(QuantityError) as caught:
        parse("5" * 161)
    assert caught.value.message == f"“{'5' * 40}…”不能读作一个数量：太长，一个数量用不了这么多字"
    assert caught.value.hint == "这里只写一个数量，例如“16亿美元”"


def test_an_entry_takes_an_amount_or_a_bare_number() -> None:
    assert parse_amount("2 家").value == 2
    assert parse_amount("2").unit == ""
    assert parse_amount("-3%").value == -3


@pytest.mark.parametrize(
    ("value", "unit", "scale", "text"),
    [
        (Fraction(1_600_000_000), "美元", 10**8, "16亿美元"),
        (Fraction(28_000), "吨", 10**4, "2.8万吨"),
        (Fraction("4.3"), "%", 1, "4.3%"),
        (Fraction("4.5"), "个/千人", 1, "4.5个/千人"),
        (Fraction(-3), "%", 1, "-3%"),
        (Fraction(0), "家", 1, "0家"),
        (Fraction(1, 3), "亩", 1, "3分之1亩"),
        (Fraction(-10**8, 3), "元", 10**8, "负3分之100000000元"),
        (Fraction(1_600_000_001), "元", 10**8, "160000.0001万元"),
        (Fraction(3000), "米", 1000, "3000米"),
        (Fraction(2023), "年", 1, "2,023年"),
        (Fraction(999), "年", 1, "999年"),
        (Fraction(1000), "年", 1, "1,000年"),
        (Fraction(9999), "年", 1, "9,999年"),
        (Fraction(10_000), "年", 1, "10000年"),
        (Fraction("1500.5"), "年", 1, "1500.5年"),
        (Fraction(1500), "家", 1, "1500家"),
        (Fraction(5000), "克/立方米", 1000, "5000克/立方米"),
        (Fraction(5000), "户", 1000, "5千户"),
        (Fraction(30_000), "米", 10**4, "3万米"),
        (Fraction(500_000), "起", 10**4, "500000起"),
        (Fraction(1_234_567_890_000), "元", 10**12, "12345.6789亿元"),
        (Fraction(1_234_567_000_000), "元", 10**12, "1.234567万亿元"),
        (Fraction(7_000), "元", 10**5, "0.7万元"),
    ],
)  # fmt: skip
def test_formatting(value: Fraction, unit: str, scale: int, text: str) -> None:
    assert format_amount(value, unit, scale) == text
    assert parse(text).value == value


def test_numbers_are_exact_strings() -> None:
    assert format_number(Fraction(160_000_000)) == "160000000"
    assert format_number(Fraction("4.30")) == "4.3"
    assert format_number(Fraction("-0.05")) == "-0.05"
    assert format_number(Fraction(1, 3)) == "1/3"
    assert format_number(Fraction(1, 5**30)) == "0.000000000000000000001073741824"
    assert format_number(Fraction(1, 2**40)) == "0.0000000000009094947017729282379150390625"


def test_the_contract_of_json() -> None:
    assert as_json("1.6亿元以上") == {
        "text": "1.6亿元以上", "valid": True, "op": "at_least", "value": "160000000", "value2": None, "unit": "元",
        "error": None,
    }  # fmt: skip
    assert as_json("三分之一")["value"] == "1/3"
    assert as_json("1至2家")["value2"] == "2"
    assert as_json("家") == {
        "text": "家", "valid": False, "op": None, "value": None, "value2": None, "unit": None,
        "error": "“家”不能读作一个数量：只有单位，没有数字。例如“6家”",
    }  # fmt: skip


def test_explaining() -> None:
    assert explain(parse("力争超 １６ 亿美元")) == [
        "原文：力争超 １６ 亿美元",
        "整理：力争超16亿美元",
        "语气：力争（不改变数量）",
        "界限：超过（不含本数）",
        "数字：16，倍数：亿",
        "单位：美元",
        "准确值：1600000000 美元",
    ]
    assert explain(parse("15-20亿元")) == [
        "原文：15-20亿元",
        "界限：范围（含两端）",
        "两端：15亿元 至 20亿元",
        "单位：元",
        "准确值：1500000000 至 2000000000 元",
    ]
    assert explain(parse("3.2‰")) == ["原文：3.2‰", "单位：‰", "准确值：3.2‰"]
    assert explain(parse("3万")) == ["原文：3万", "数字：3，倍数：万", "单位：（无单位）", "准确值：30000"]
    assert explain(parse("前三")) == ["原文：前三", "界限：位次", "准确值：3 位"]
    assert explain(parse("5%")) == ["原文：5%", "单位：%", "准确值：5%"]


def test_a_ledgers_own_units_are_read_and_stand_apart() -> None:
    table = default_units().extended({"实践园": "", "标准场": "2 场"})
    assert parse("80实践园", table).unit == "实践园"
    assert as_json("80实践园", table)["unit"] == "实践园"
    with pytest.raises(QuantityError):
        parse("80实践园")
    assert table.comparable("标准场", "场")


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("16亿美元", 10**8),
        ("3000万元", 10**4),
        ("1.2万亿元", 10**12),
        ("6家", 1),
        ("1,200户", 1),
        ("2亿3000万元", 10**8),
        ("二亿三千万元", 10**8),
        ("三千万元", 10**4),
        ("三万二千五百元", 10**4),
        ("一万零五", 10**4),
        ("一亿零五十元", 10**8),
        ("一万亿元", 10**12),
        ("一万一千亿元", 10**8),
        ("一点五万亿元", 10**12),
        ("零点五", 1),
        ("九千家", 1),
        ("百万元以上", 10**6),
        ("十五至二十亿元", 10**8),
        ("前三", 1),
        ("提升2位", 1),
    ],
)
def test_the_scale_is_the_multiplier_as_written(text: str, scale: int) -> None:
    assert parse(text).scale == scale


def test_finding_numerals_in_prose() -> None:
    text = (
        "全年实到外资16亿美元；上市公司“保6争8”，近视率下降一个百分点，余额破万亿；第5次普查，占比4.3%以上，"
        "户籍1,200户，２０家，百分之五，②，12 万 TEU"
    )
    found = [(n.text, n.value) for n in numerals(text)]
    assert found == [
        ("16亿", 16 * 10**8), ("6", 6), ("8", 8), ("一", 1), ("万亿", 10**12), ("5", 5), ("4.3", Fraction("4.3")),
        ("1,200", 1200), ("２０", 20), ("百分之五", Fraction(1, 20)), ("②", None), ("12 万", 120_000),
    ]  # fmt: skip


def test_figures_inside_ordinary_words_are_none() -> None:
    assert numerals("参加，北京，大陆，“陆改水”，队伍，放肆，收拾，零工市场，零售额，零部件，百分点") == []


def test_capitals_in_the_company_of_figures_count() -> None:
    text = "壹佰零伍万陆仟元；肆元；叁家；伍佰户；百分之伍；大陆百分之五；登陆3次，队伍百人；销量零突破，投诉清零"
    assert [(n.text, n.value) for n in numerals(text)] == [
        ("壹佰零伍万陆仟", 1_056_000), ("肆", 4), ("叁", 3), ("伍佰", 500), ("百分之伍", Fraction(1, 20)),
        ("百分之五", Fraction(1, 20)),        ("3", 3), ("百", 100), ("零", 0), ("零", 0),
    ]  # fmt: skip


def test_a_long_run_of_capitals_is_read_in_reasonable_work() -> None:
    assert [n.text for n in numerals("壹" * 20_000)] == ["壹" * 20_000]


def test_a_numeral_without_one_value_is_found_all_the_same() -> None:
    assert [(n.text, n.value) for n in numerals("三四家，3万5")] == [("三四", None), ("3万5", None)]


def test_reading_and_formatting_never_import_pint() -> None:
    code = (
        "import sys\n"
        "from ledger.core.quantity import parse, format_amount, as_json\n"
        "from ledger.core.units import convert, default_units\n"
        "q = parse('不少于16亿美元'); format_amount(q.value, q.unit, q.scale); as_json('5公理')\n"
        "assert convert(q.value, '人', '名') == q.value\n"
        "assert default_units().comparable('亩', '公顷')\n"
        "assert 'pint' not in sys.modules\n"
        "convert(q.value, '亩', '公顷')\n"
        "assert 'pint' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_op_values_are_the_contract() -> None:
    assert {op.value for op in Op} == {
        "at_least",
        "more_than",
        "at_most",
        "less_than",
        "about",
        "between",
        "rank",
    }


def test_a_unit_that_begins_with_thousand_is_no_part_of_the_numeral() -> None:
    text = "用电量380亿千瓦时，装机50万千瓦，贮存3千克，新增3千户、三千米"
    found = [(n.text, n.value) for n in numerals(text)]
    assert found == [("380亿", 380 * 10**8), ("50万", 500_000), ("3", 3), ("3千", 3000), ("三千", 3000)]


@pytest.mark.parametrize("name", sorted(default_units()._exact))
def test_words_behind_any_name_of_a_unit_are_quoted_as_they_were_written(name: str) -> None:
    """The name as written may be shorter than the unit's own spelling: $ is 美元."""
    for behind in ("/起", "/月亮", "瓜", "、瓜", "三瓜"):
        text = f"4.5{name}{behind}"
        for words in re.findall("多了“(.*?)”", as_json(text)["error"] or ""):
            assert text.endswith(words)
