"""Tables pasted into a text, with tabs, bars, blanks or one cell a line: each row is a target that quotes its row."""

from __future__ import annotations

import pytest

from ledger.extract import draft

TABLES = [
    (
        "序号 指标 单位 目标值 属性\n1 地区生产总值增长 % 6.5 预期性\n2 耕地保有量 万亩 56.8 约束性",
        "地区生产总值 reach 6.5 %; 耕地保有量 reach 56.8 万亩",
    ),
    (
        "1 地区生产总值增长 % 6.5 发改局\n2 城镇登记失业率 % ≤4 人社局",
        "地区生产总值 reach 6.5 % 发改局; 城镇登记失业率 at_most 4 % 人社局",
    ),
    (
        "民生实事 建设规模 责任单位\n新建幼儿园 3所 教育局\n改造农村厕所 3000座 农业农村局",
        "新建幼儿园 reach 3 所 教育局; 改造农村厕所 reach 3000 座 农业农村局",
    ),
    (
        "序号\n目标任务\n责任单位\n1\n新增市场主体8000户\n市场监管局\n2\n改造农村公路60公里\n交通局",
        "新增市场主体 reach 8000 户 市场监管局; 改造农村公路 reach 60 公里 交通局",
    ),
    (
        "| 工作内容 | 目标 | 时限 |\n|---|---|---|\n| 招商引资 | 到位资金10亿元，签约项目8个 | 12月底 |",
        "到位资金 reach 10 亿元; 签约项目 reach 8 个",
    ),
    (
        "类别\t指标\t2024年目标\t属性\n经济\t地区生产总值增长率\t6%左右\t预期性\n\t单位GDP能耗下降率\t3%\t约束性",
        "地区生产总值 about 6 %; 单位GDP能耗 reach 3 %",
    ),
    (
        "序号\t项目名称\t建设内容\t年度目标\t责任单位\n1\t停车场\t新建停车场5处\t新增停车位800个\t住建局",
        "新建停车场 reach 5 处 住建局; 新增停车位 reach 800 个 住建局",
    ),
    (
        "工作任务\t目标要求\t牵头领导\t责任单位\n招商引资\t引进亿元以上项目10个\t张三\t商务局",
        "引进亿元以上项目 reach 10 个 商务局",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TABLES, ids=[text[:12] for text, _ in TABLES])
def test_pasted_tables(text: str, expected: str) -> None:
    result = draft(text)
    shown = [f"{t.name} {t.op} {t.value} {t.unit} {'、'.join(t.owners)}".strip() for t in result.targets]
    assert "; ".join(shown) == expected
    for target in result.targets:
        assert target.quote == text[slice(*target.span)]


def test_words_around_a_table_are_read_too() -> None:
    text = "今年新建泵站5座。\n指标\t目标值\n新增规上企业\t30家\n另完成清淤3公里。"
    assert [(t.value, t.unit) for t in draft(text).targets] == [("5", "座"), ("3", "公里"), ("30", "家")]
