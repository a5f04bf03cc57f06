"""Properties that hold for every text and every figure, searched by hypothesis."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.core.quantity import (
    Quantity,
    QuantityError,
    as_json,
    explain,
    format_amount,
    format_number,
    numerals,
    parse,
    parse_amount,
)
from ledger.core.units import convert, default_units

UNITS = sorted({unit.spelling for unit in default_units() if not unit.per_only})
RATES = ["个/千人", "元/人", "元/人/月", "微克/立方米", "吨标准煤/万元", "张/千人", "元/平方米", "吨/日"]
SCALES = [1, 100, 10**3, 10**4, 10**6, 10**7, 10**8, 10**11, 10**12]

figures = st.one_of(
    st.integers(-(10**15), 10**15).map(Fraction),
    st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 8)).map(lambda p: Fraction(p[0], 10 ** p[1])),
    st.tuples(st.integers(-(10**6), 10**6), st.integers(1, 999)).map(lambda p: Fraction(p[0], p[1])),
)
written = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "0123456789.,万亿千百十零一二两三半成分之点负-+至到~～—％%家户人次元美公里吨 　第前位以上内约超不少于低半個每/年月日"
        ),
        st.characters(),
    ),
    max_size=24,
)
seeds = st.sampled_from(
    ["16亿美元", "15-20亿元", "不少于80个", "百分之十二点五", "4.5个/千人", "一个半小时", "前三名", "壹佰贰拾叁万元整",
     "力争突破1.2万亿元", "每千人4.5个", "1,200.5 万元", "三分之一", "￥100万元", "5%以下（不含）", "3分之1亩"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A readable text with a few characters dropped, doubled, swapped or put in."""
    text = list(draw(seeds))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        kind = draw(st.sampled_from(["drop", "double", "insert", "swap"]))
        if kind == "drop" and text:
            del text[at]
        elif kind == "double" and text:
            text.insert(at, text[at])
        elif kind == "swap" and at + 1 < len(text):
            text[at], text[at + 1] = text[at + 1], text[at]
        else:
            text.insert(at, draw(st.one_of(st.sampled_from("万亿零半两之%./-年月"), st.characters())))
    return "".join(text)


def read_or_refuse(text: str) -> Quantity | QuantityError:
    try:
        return parse(text)
    except QuantityError as error:
        return error


@settings(max_examples=1500, deadline=None)
@given(st.one_of(st.text(max_size=40), written, mutated()))
def test_no_text_raises_anything_but_the_parsers_own_error(text: str) -> None:
    shown = as_json(text)
    numerals(text)
    q = read_or_refuse(text)
    if isinstance(q, QuantityError):
        assert (q.text, bool(q.hint), shown["valid"]) == (text, True, False)
        return
    assert shown["value"] == format_number(q.value)
    assert explain(q)
    assert q.text == text


@settings(max_examples=800, deadline=None)
@example(Fraction(500_000), "起", 10_000)
@given(figures, st.sampled_from([*UNITS, *RATES, ""]), st.sampled_from(SCALES))
def test_what_is_formatted_reads_back(value: Fraction, unit: str, scale: int) -> None:
    text = format_amount(value, unit, scale)
    q = parse_amount(text)
    assert (q.value, q.unit, q.op, q.value2) == (value, unit, None, None)


@settings(max_examples=500, deadline=None)
@given(mutated())
def test_a_reading_survives_being_written_and_read_again(text: str) -> None:
    q = read_or_refuse(text)
    if isinstance(q, QuantityError):
        return
    again = parse(format_amount(q.value, q.unit, q.scale))
    assert (again.value, again.unit) == (q.value, q.unit)


@settings(max_examples=300, deadline=None)
@given(figures, st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_conversion_there_and_back_is_exact(value: Fraction, source: str, target: str) -> None:
    if default_units().comparable(source, target):
        assert convert(convert(value, source, target), target, source) == value


@given(st.integers(1, 10**6))
def test_a_long_text_is_refused_at_once(length: int) -> None:
    text = "亿" * max(length, 161)
    shown = as_json(text)
    assert shown["valid"] is False
    assert "太长" in str(shown["error"])


@given(st.text(max_size=60))
def test_no_figure_of_a_prose_is_missed(text: str) -> None:
    covered = {i for n in numerals(text) for i in range(n.start, n.end)}
    assert all(i in covered for i, c in enumerate(text) if c.isdigit())
    assert all(text[n.start : n.end] == n.text for n in numerals(text))


def test_equal_quantities_are_equal() -> None:
    assert parse("2 家") == parse("2 家")
    assert isinstance(parse("2家"), Quantity)


@settings(max_examples=150)
@given(
    st.integers(1, 99999),
    st.lists(st.sampled_from("百千万亿"), min_size=1, max_size=4),
    st.sampled_from(["次", "元", "户", ""]),
    st.sampled_from(["", "-"]),
)
@example(10, ["亿", "亿"], "次", "")
def test_running_multipliers_are_multiplied_exactly_or_refused_with_readings_to_type(
    figure: int, multipliers: list[str], unit: str, sign: str
) -> None:
    product = Fraction(int(f"{sign}{figure}"))
    for multiplier in multipliers:
        product *= {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}[multiplier]
    text = f"{sign}{figure}{''.join(multipliers)}{unit}"
    value, readings = _read(text)
    if value is not None:
        assert value == product
        return
    assert not readings or (len(readings) > 1 and product in {parse(reading).value for reading in readings})
    assert all(parse(reading).unit == unit for reading in readings)


def _read(text: str) -> tuple[Fraction | None, tuple[str, ...]]:
    try:
        return parse(text).value, ()
    except QuantityError as error:
        return None, error.readings
