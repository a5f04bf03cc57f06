"""What the columns of a table are: shown before it is drafted, asked about at a terminal where not sure, remembered for the form."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.environment import Environment
from ledger.files.column_memory import ColumnMemory
from tests.conftest import Ran, World

DOUBTFUL = "指标\t规模数\t目标值\t责任单位\n工业投资\t12\t30亿元\t工信局\n技改投资\t3\t12亿元\t工信局\n"
Draft = Callable[..., Ran]


@pytest.fixture
def draft(empty_world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Draft:
    monkeypatch.setenv("LEDGER_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(empty_world.root)

    def run(text: str, *options: str, answers: str | None = None) -> Ran:
        (empty_world.root / "表.txt").write_text(text, encoding="utf-8")
        if answers is not None:
            monkeypatch.setattr(Environment, "interactive", property(lambda _: True))
            monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
        return empty_world("draft", "表.txt", *options)

    return run


def goals(ran: Ran) -> list[str]:
    return [
        f"{target['name']} {target['value']} {target['unit']}"
        for row in json.loads(ran.out[ran.out.index("[") :])
        for target in row["targets"]
    ]


def test_the_columns_are_shown_with_the_first_row_and_the_doubt(draft: Draft) -> None:
    ran = draft(DOUBTFUL)
    assert "1 指标→指标" in ran.out
    assert "3 目标值→目标" in ran.out
    assert "首行：工信局" in ran.out
    assert "第 2 列“规模数”有数，不知道是什么；用 --columns 指明" in ran.out
    assert ran.out.index("读作") < ran.out.index("累计")


def test_a_terminal_is_asked_once_and_the_form_remembered(draft: Draft) -> None:
    ran = draft(DOUBTFUL, answers="指标=9,目标=x\n指标=1,上年=2,目标=3,部门=4\n")
    assert "没有把握" in ran.out
    assert "写得不对" in ran.out
    assert "上年12" in ran.out
    again = draft(DOUBTFUL.replace("30亿元", "40亿元"), "--format", "json", answers="")
    assert "按上次指明的列读：指标=1,上年=2,目标=3,部门=4" in again.err
    assert goals(again) == ["工业投资 40 亿元", "技改投资 12 亿元"]
    forgotten = draft(DOUBTFUL, "--columns", "自动", "--format", "json", answers="\n")
    assert goals(forgotten) == ["工业投资 30 亿元", "技改投资 12 亿元"]


def test_an_empty_answer_keeps_what_was_understood_and_is_not_asked_again(draft: Draft) -> None:
    assert "没有把握" in draft(DOUBTFUL, answers="\n").out
    ran = draft(DOUBTFUL, "--format", "json", answers="")
    assert "照此读" not in ran.out
    assert goals(ran) == ["工业投资 30 亿元", "技改投资 12 亿元"]


def test_given_columns_are_remembered(draft: Draft) -> None:
    table = "甲\t乙\t丙\n新建泵站\t5座\t水利局\n清淤河道\t3公里\t水利局\n"
    draft(table, "--columns", "指标=1,目标=2,部门=3")
    assert goals(draft(table, "--format", "json")) == ["新建泵站 5 座", "清淤河道 3 公里"]


def test_columns_that_cannot_be_read_are_refused(draft: Draft) -> None:
    ran = draft(DOUBTFUL, "--columns", "甲=1")
    assert ran.code == 2
    assert "甲=1" in ran.err


@pytest.mark.parametrize("content", ["", "[]", '{"x": 3}', "\x00"])
def test_a_damaged_memory_is_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "columns.json").write_text(content, encoding="utf-8")
    memory = ColumnMemory({"LEDGER_CACHE": str(tmp_path)})
    assert memory.find(["指标"]) is None
    memory.keep(["指标"], {"goal": 1})
    assert memory.find(["指标"]) == {"goal": 1}
    memory.keep(["指标"], None)
    assert memory.find(["指标"]) is None


@pytest.mark.parametrize(
    ("kept", "sound"),
    [
        ({"goal": 1, "name": 2}, True),
        ({"goal": 2}, True),
        ({}, True),
        ({"goal": 0}, False),
        ({"goal": -1}, False),
        ({"goal": 3}, False),
        ({"name": 1, "goal": 3}, False),
        ({"goal": "1"}, False),
        ({"goal": 1.0}, False),
        ({"goal": None}, False),
        ([1], False),
        (1, False),
    ],
    ids=range(12),
)
def test_columns_that_the_table_does_not_have_are_not_remembered(
    tmp_path: Path, kept: object, sound: bool
) -> None:
    memory = ColumnMemory({"LEDGER_CACHE": str(tmp_path)})
    memory.keep(["指标", "目标"], {"goal": 1})
    file = tmp_path / "columns.json"
    [key] = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({key: kept}), encoding="utf-8")
    assert memory.find(["指标", "目标"]) == (kept if sound else None)
    assert memory.find(["目标", "指标"]) is None
