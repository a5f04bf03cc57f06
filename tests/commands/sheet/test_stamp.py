"""The hidden marks of an exported sheet, and the rate that an entry of another currency records."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from ledger.commands.log import rate_for
from ledger.commands.sheet.stamp import PAGE, SheetMismatchError, SheetStamp, stamp_of
from ledger.core.models import Commitment
from ledger.core.models.base import read_model
from ledger.core.progress import Policy
from ledger.files.yaml_reader import parse
from tests.conftest import COMMERCE, CONFIG
from tests.rules.audit.contexts import config

STAMP = SheetStamp("测试账本", False, 2023, date(2023, 6, 30), "金融办")


def form(facts: dict[str, str]) -> Any:
    rows = {
        number: {1: SimpleNamespace(text=key), 2: SimpleNamespace(text=value)}
        for number, (key, value) in enumerate(facts.items(), start=1)
    }
    return SimpleNamespace(name="表.xlsx", hidden={PAGE: SimpleNamespace(rows=rows)})


@pytest.mark.parametrize("simulated", [True, False])
def test_what_is_written_is_read(simulated: bool) -> None:
    stamp = SheetStamp("测试账本", simulated, 2023, date(2023, 6, 30), "金融办")
    assert stamp_of(form(stamp.facts)) == stamp
    assert stamp_of(SimpleNamespace(name="表.xlsx", hidden={})) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("key", list(STAMP.facts))
def test_marks_that_are_spoilt(key: str) -> None:
    facts = STAMP.facts
    with pytest.raises(SheetMismatchError) as stopped:
        stamp_of(form({name: value for name, value in facts.items() if name != key}))
    assert "表.xlsx" in stopped.value.message
    if key in {"format", "version", "year", "month"}:
        with pytest.raises(SheetMismatchError):
            stamp_of(form(facts | {key: "x"}))


def test_an_entry_of_another_currency_records_its_rate() -> None:
    rates = "rates: [{from: 元, to: 美元, on: 2023-01-01, rate: 0.14}]\n"
    policy, bare = (Policy.of(config(text)) for text in (CONFIG + rates, CONFIG))
    target = read_model(Commitment, parse(COMMERCE.encode()).data).targets[0]  # type: ignore[union-attr]
    day = date(2023, 6, 30)
    for key in ("add", "total", "value"):
        recorded = rate_for(target, {key: "7亿元"}, day, policy)
        assert recorded is not None
        assert "2023-01-01" in recorded
        assert rate_for(target, {key: "7亿元"}, day, bare) is None
        assert rate_for(target, {key: "1亿美元"}, day, policy) is None
    assert rate_for(target, {"rank": 3, "add": None}, day, policy) is None
