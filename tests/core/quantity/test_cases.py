"""The hand-written readings of `cases.txt` and the refusals of `refusals.txt`, each a test of its own."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.core.quantity import Op, QuantityError, as_json, parse

CASES = Path(__file__).with_name("cases.txt")


class Expected(NamedTuple):
    op: Op | None
    value: Fraction
    value2: Fraction | None
    unit: str
    hedge: str | None


def read_cases(path: Path = CASES) -> list[tuple[str, str]]:
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, expected = line.partition(" →")
            text = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text)
            cases.append((text, expected.strip()))
    return cases


VALID = [case for case in read_cases() if not case[1].startswith("✗")]
REFUSED = [case for case in read_cases() if case[1].startswith("✗")]


def expectation(line: str) -> Expected:
    words = line.split()
    hedge = words.pop()[1:] if words[-1].startswith("!") else None
    op = Op(words.pop(0)) if words[0] in set(Op) else None
    low, _, high = words.pop(0).partition("..")
    unit = words.pop() if words else ""
    assert not words
    return Expected(op, Fraction(low), Fraction(high) if high else None, unit, hedge)


@pytest.mark.parametrize(("text", "line"), VALID)
def test_read(text: str, line: str) -> None:
    q = parse(text)
    assert Expected(q.op, q.value, q.value2, q.unit, q.hedge) == expectation(line)
    assert as_json(text)["valid"] is True


@pytest.mark.parametrize(("text", "line"), REFUSED)
def test_refused(text: str, line: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(text)
    error = caught.value
    readings = tuple(reading.strip() for reading in line[1:].split(" / ") if reading.strip())
    if readings:
        assert error.readings == readings
    # Chinese, and a remedy: a secretary must never be left with a bare refusal.
    assert re.search(r"[\u4e00-\u9fff]{4}", error.message)
    assert error.hint
    assert error.text == text
    assert as_json(text)["valid"] is False
    assert as_json(text)["value"] is None
    assert as_json(text)["error"]


WORDED = read_cases(Path(__file__).with_name("refusals.txt"))


@pytest.mark.parametrize(("text", "line"), WORDED)
def test_what_is_said_of_a_refusal(text: str, line: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(text)
    reason, _, hint = line.partition(" ｜ ")
    assert (caught.value.message, caught.value.hint) == (f"“{text}”不能读作一个数量：{reason}", hint)


def test_the_table_is_large_and_a_third_of_it_refusals() -> None:
    texts = [text for text, _ in VALID + REFUSED]
    assert len(texts) == len(set(texts))
    assert len(VALID) >= 200
    refused = {text for text, _ in REFUSED + WORDED}
    assert len(refused) * 3 >= len(refused) + len(VALID)
