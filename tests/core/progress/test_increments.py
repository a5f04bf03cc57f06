"""Increments summed up at once give what folding them line by line gives, or nothing; then only could anything be wrong with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.models import Entry
from ledger.core.progress import fold, fold_increments, problems

from .world import POLICY, entries, policy, target

RATES: dict[str, Any] = {"rates": [{"from": "美元", "to": "元", "on": "2023-01-01", "rate": "6.9"}]}
PLAIN = ("1亿元", "0元", "三千万元", "1万亿元")
SPECIAL = {"-2万元", "约1亿元", "1亿美元", "1亿欧元", "3家", "一些"}
HONEST = st.integers(0, 3000).map(lambda n: f"{n}.{n % 7}万元")
TEXTS = HONEST | st.sampled_from(PLAIN) | st.sampled_from(sorted(SPECIAL))


def lines_of(texts: list[str], days: list[int]) -> list[Entry]:
    return entries(
        [
            {"id": number, "on": date(2023, 1, 1) + timedelta(days=day), "add": text}
            for number, (text, day) in enumerate(zip(texts, days, strict=False), start=1)
        ]
    )


@given(
    st.lists(HONEST | TEXTS, min_size=1, max_size=6), st.lists(st.integers(0, 364), min_size=6, max_size=6)
)
@settings(max_examples=300, deadline=None)
def test_at_once_or_line_by_line(texts: list[str], days: list[int]) -> None:
    one, lines, rule = (
        target("{kind: accumulate, goal: {reach: 16 亿元}}"),
        lines_of(texts, days),
        policy(**RATES),
    )
    at_once = fold_increments(one, texts, max(line.on for line in lines), rule)
    if at_once is None:
        assert set(texts) & SPECIAL
        return
    assert at_once == fold(one, lines, policy=rule)
    assert problems(one, lines, rule) == []


def test_only_what_adds_up_is_summed_up() -> None:
    level = target("{kind: level, goal: {reach: 16 亿元}}")
    assert fold_increments(level, ["1亿元"], date(2023, 3, 31), POLICY) is None
