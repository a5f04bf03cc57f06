"""Tables as offices send them: each row is a target, a heading, or named as not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.core.errors import LedgerError
from ledger.documents import read_file
from ledger.documents.headings import find_headings
from ledger.documents.model import Grid, GridRow
from ledger.extract import draft

HEADINGS = [
    ("工作任务 牵头责任单位", "text department"),
    ("项目内容 责任单位", "text department"),
    ("重点工作 责任单位 完成时限", "text department due"),
    ("项目 目标任务 监考单位", "title text department"),
    ("目标与任务 牵头责任单位", "text department"),
    ("民生事项名称 年度任务目标", "title text"),
    ("重点工作任务 主要责任单位", "text department"),
    ("项目名称 具体任务及目标 牵头单位", "title text department"),
    ("一级指标 二级指标 三级指标 当年预期实现值", "indicator indicator indicator goal"),
    (
        "序号 指标名称 单位 上年完成 目标值 责任单位 完成时限",
        "number indicator unit baseline goal department due",
    ),
]


@pytest.mark.parametrize(("heading", "roles"), HEADINGS)
def test_headings_are_found_by_meaning(heading: str, roles: str) -> None:
    headings = find_headings(Grid("", (GridRow("1", tuple(heading.split())),)))
    assert headings is not None
    assert [column.role for column in headings.columns] == roles.split()


def rows(tmp_path: Path, text: str) -> list[tuple[str, str, str]]:
    path = tmp_path / "计划.txt"
    path.write_text(text, encoding="utf-8")
    return [(row.department, row.title, row.text) for row in read_file(path).rows]


def test_an_indicator_table_with_units_last_year_and_deadlines(tmp_path: Path) -> None:
    text = (
        "附件：2024年目标\n"
        "序号\t指标名称\t单位\t上年完成\t目标值\t责任单位\t完成时限\n"
        "1\t规上工业增加值增速\t%\t7.8\t9\t经信局、统计局\t12月底\n"
        "2\tPM2.5浓度\t微克/立方米\t33\t≤31\t\t9月底\n"
    )
    assert rows(tmp_path, text)[1:] == [
        ("经信局", "规上工业增加值增速", "规上工业增加值增速（%）：9（上年7.8%）\u3000完成时限：12月底"),
        ("经信局", "PM2.5浓度", "PM2.5浓度（微克/立方米）：≤31（上年33微克/立方米）\u3000完成时限：9月底"),
    ]
    (target,) = draft("PM2.5浓度（微克/立方米）：≤31（上年33微克/立方米）\u3000完成时限：9月底").targets
    assert (target.name, target.op, target.value, target.unit) == (
        "PM2.5浓度",
        "at_most",
        "31",
        "微克/立方米",
    )
    assert (target.baseline, target.due) == ("33", (9, 30))


def test_two_rows_of_headings_and_a_unit_over_the_table(tmp_path: Path) -> None:
    text = "重点指标\t\t\t单位：亿元\n指标\t2023年\t2024年\t责任单位\n地区生产总值\t512\t550\t发改局\n"
    assert rows(tmp_path, text)[-1:] == [
        ("发改局", "地区生产总值", "地区生产总值（亿元）：550（上年512亿元）")
    ]


def test_a_plan_of_five_years_is_no_goal_of_this_one(tmp_path: Path) -> None:
    ((_, _, text),) = rows(tmp_path, "指标\t2020年\t2025年\n常住人口城镇化率（%）\t60.5\t66\n")
    assert text.startswith("到2025年，")
    assert [target.kind for target in draft(text, year=2023).targets] == ["unknown"]


def test_what_has_no_goal_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "计划.csv"
    path.write_text("指标,目标值\n一、经济,\n新增规上企业,30家\n用电量,\n", encoding="utf-8")
    material = read_file(path)
    assert [row.text for row in material.rows] == ["新增规上企业30家"]
    assert [table.roles for table in material.tables] == [("indicator", "goal")]
    assert [notice[:5] for notice in material.notices] == ["第2行只有", "第4行只有"]


def test_columns_that_somebody_names(tmp_path: Path) -> None:
    path = tmp_path / "计划.csv"
    path.write_text("甲,乙,丙\n1,新增学位,2400个\n", encoding="utf-8")
    with pytest.raises(LedgerError) as refused:
        read_file(path)
    assert "--columns" in refused.value.hint
    material = read_file(path, ask=lambda _: {"indicator": 2, "goal": 3})
    assert [row.text for row in material.rows][-1:] == ["新增学位2400个"]
