"""What is typed for a field of a target, and what the file gets: both sides of every bound, by kind of target."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.core.models import Commitment
from ledger.core.models.base import read_model
from ledger.core.reading import UnreadableFigureError
from ledger.core.units import default_units
from ledger.files.fieldtext import read_field
from ledger.files.yaml_reader import Document, parse
from ledger.rules.audit.policy import AccessPolicy
from tests.conftest import CONFIG, FINANCE
from tests.rules.audit.contexts import config

TODAY = date(2023, 6, 30)
_document = parse(FINANCE.encode())
assert isinstance(_document, Document)
TARGETS = {target.key: target for target in read_model(Commitment, _document.data).targets}


def value_of(key: str, field: str, text: Any) -> Any:
    return read_field(TARGETS[key], field, text, default_units(), TODAY)


@pytest.mark.parametrize(
    ("key", "field", "text", "expected"),
    [
        ("listed", "goal", "≥8家", {"at_least": "8 家"}),
        ("listed", "goal", "8家", {"at_least": "8 家"}),
        ("listed", "goal", " above 8 家 ", {"above": "8 家"}),
        ("listed", "goal", "8家以内", {"at_most": "8 家"}),
        ("listed", "goal", "15-20家", {"between": ["15 家", "20 家"]}),
        ("listed", "goal", "between 15-20家", {"between": ["15 家", "20 家"]}),
        ("loans", "goal", "160亿元", {"reach": "160 亿元"}),
        ("balance", "goal", "超过3700亿元", {"above": "3700 亿元"}),
        ("quality", "goal", "前三", {"within": 3}),
        ("quality", "goal", "第1位", {"within": 1}),
        ("quality", "goal", "within 2", {"within": 2}),
        ("quality", "goal", "前2名", {"within": 2}),
        ("quality", "goal", "提升2位", {"up": 2}),
        ("quality", "goal", "up 3", {"up": 3}),
        ("quality", "goal", "上升 1", {"up": 1}),
        ("faster", "goal", "高于全省平均", {"above": "全省平均"}),
        ("faster", "goal", "不高于全省平均", {"at_most": "全省平均"}),
        ("faster", "goal", "below 全国平均", {"below": "全国平均"}),
        ("listed", "stretch", ["≥9家", "≥10家"], [{"at_least": "9 家"}, {"at_least": "10 家"}]),
        ("balance", "baseline", " 3500亿元", "3500 亿元"),
        ("quality", "baseline", "第5位", 5),
        ("quality", "baseline", "5名", 5),
        ("listed", "due", "11月30日", None),
        ("listed", "due", "2023-11-30", date(2023, 11, 30)),
        ("loans", "plan", ["2023-09-30=110亿元", "2023-06-30=80亿元"],
         [{"on": date(2023, 6, 30), "value": "80 亿元"}, {"on": date(2023, 9, 30), "value": "110 亿元"}]),
        ("listed", "weight", " 1/3 ", "1/3"),
        ("listed", "weight", "0.5", "0.5"),
        ("listed", "name", "  新增  上市公司 ", "新增 上市公司"),
        ("faster", "unit", " 百分点 ", "百分点"),
    ],
)  # fmt: skip
def test_what_the_file_gets(key: str, field: str, text: Any, expected: Any) -> None:
    if expected is None:
        with pytest.raises(UnreadableFigureError):  # this year's or last year's
            value_of(key, field, text)
    else:
        value = value_of(key, field, text)
        assert (str(value) if field == "weight" else value) == expected


@pytest.mark.parametrize(
    ("key", "field", "text", "words"),
    [
        ("listed", "baseline", "5家", "这类目标没有"),
        ("opinion", "goal", "≥8家", "这类目标没有"),
        ("listed", "goal", "8", "不能作目标值"),
        ("listed", "goal", "第3位", "不能作目标值"),
        ("listed", "goal", "力争8家", "不能作目标值"),
        ("listed", "goal", "between 8家", "不能作目标值"),
        ("listed", "goal", "很多", "很多"),
        ("quality", "goal", "前0位", ""),
        ("quality", "goal", "0", "不是位次目标"),
        ("quality", "goal", "3家", "不是位次目标"),
        ("quality", "goal", "1.5", "不是位次目标"),
        ("quality", "goal", "2-3位", ""),
        ("faster", "goal", "全省平均", "没有写在哪一侧"),
        ("faster", "goal", "高于", "没有写在哪一侧"),
        ("balance", "baseline", "3500", "没有写单位"),
        ("balance", "baseline", "很多", "很多"),
        ("quality", "baseline", "5家", "不是位次"),
        ("loans", "plan", ["80亿元"], "不是计划数"),
        ("loans", "plan", ["昨天=80亿元"], "不是日期"),
        ("listed", "weight", "0", "不能作权重"),
        ("listed", "weight", "-1", "不能作权重"),
        ("listed", "weight", "1/0", "不能作权重"),
        ("listed", "weight", "1e1", "不能作权重"),
        ("listed", "weight", "重", "不能作权重"),
        ("listed", "name", "  ", "是空的"),
    ],
)
def test_what_is_no_value(key: str, field: str, text: Any, words: str) -> None:
    with pytest.raises(UnreadableFigureError) as caught:
        value_of(key, field, text)
    assert words in caught.value.message
    assert caught.value.hint


def test_a_unit_of_the_ledgers_own() -> None:
    units = AccessPolicy(config(f"{CONFIG}units: {{打: 12 家}}\n")).units
    assert read_field(TARGETS["listed"], "goal", "≥1打", units, TODAY) == {"at_least": "1 打"}
    assert read_field(TARGETS["balance"], "baseline", "2打", units, TODAY) == "2 打"
