"""What `check` says of small plans: where numerals, units, hedges, dates and parts only look wrong, and where they only look right.

A case is a title, a text and its targets. A finding is told by the words at its place. `test_rules.py` has each rule's own example.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ledger.core.findings import Finding, Place
from ledger.rules.check import check
from tests.rules.check.world import CONFIG, ledger, promise

TODAY = date(2024, 6, 30)
PUMPS = "key: pumps, name: 泵站, kind: accumulate, goal: {reach: 5 座}, quote: 新建泵站5座"
LAND = "key: land, name: 供地, kind: level, goal: {reach: 100 亩}, quote: 供地100亩"
RATE = "key: rate, name: 办结率, kind: level, goal: {at_least: 90 %}, quote: 办结率达"
OUTPUT = "key: output, name: 产值, kind: change, quote: 产值翻"
OPENED = "key: opened, name: 开工, kind: milestone, quote: 全面开工"
PLACE = "key: place, name: 排名, kind: rank, quote: 排名提升2位, baseline: 5"


def found(root: Path, *promises: str, config: str = CONFIG) -> list[tuple[str, str]]:
    """What stands at the place, and the code."""
    built = ledger(root, *promises, config=config)

    def place(one: Finding) -> str:
        line = (root / one.place.path).read_text(encoding="utf-8").splitlines()[one.place.line - 1]
        return re.split("[],}，。、]", line[one.place.column - 1 :])[0]

    return [(place(item), item.code) for item in check(built, TODAY)]


SOUND = {
    "范围的低端借高端的倍数": promise(
        "投资", "投资15至20亿元。", "key: t, name: 投资, kind: accumulate, goal: {between: [15 亿元, 20 亿元]}, quote: 投资15至20亿元"
    ),
    "九成是百分之九十": promise("办结", "办结率达九成。", f"{RATE}九成"),
    "百分之九十": promise("办结", "办结率达百分之九十。", f"{RATE}百分之九十"),
    "全覆盖是百分之百": promise("入村", "实现入村全覆盖。", "key: t, name: 入村, kind: level, goal: {reach: 100 %}, quote: 入村全覆盖"),
    "翻一番是增长百分之百": promise("产值", "产值翻一番。", f"{OUTPUT}一番, goal: {{reach: 100 %}}"),
    "翻两番是增长百分之三百": promise("产值", "产值翻两番。", f"{OUTPUT}两番, goal: {{reach: 300 %}}"),
    "翻三番是增长百分之七百": promise("产值", "产值翻三番。", f"{OUTPUT}三番, goal: {{reach: 700 %}}"),
    "原文说了两遍": promise("新建泵站5座", "新建泵站5座；东区新建泵站5座。", PUMPS),
    "同一个数各有各的目标": promise(
        "获批", "获批3个以上，居全省前三。", "key: a, name: 获批, kind: accumulate, goal: {at_least: 3 个}, quote: 获批3个以上",
        "key: b, name: 位次, kind: rank, goal: {within: 3}, quote: 获批3个以上，居全省前三",
    ),
    "节点的摘句里的数都算它的": promise("出台", "第3批5县出台意见。", "key: t, name: 意见, kind: milestone, quote: 第3批5县出台意见"),
    "位次提升": promise("排名", "排名提升2位。", f"{PLACE}, goal: {{up: 2}}"),
    "位次提升，再争取多": promise("排名", "排名提升2位、争取4位。", PLACE.replace("2位", "2位、争取4位") + ", goal: {up: 2}, stretch: [{up: 4}]"),
    "摘句没有单位": promise("产量", "产量达5。", "key: t, name: 产量, kind: accumulate, goal: {reach: 5 吨}, quote: 产量达5"),
    "单位的大小写": promise("箱量", "箱量12万teu。", "key: t, name: 箱量, kind: accumulate, goal: {reach: 12 万TEU}, quote: 箱量12万teu"),
    "单位的别名": promise("引才", "引才5人。", "key: t, name: 引才, kind: accumulate, goal: {reach: 5 名}, quote: 引才5人"),
    "几处单位里有一处对": promise("泵站", "泵站5处新建泵站5座。", PUMPS.replace("quote: 新建", "quote: 泵站5处新建")
                           + ", note: 一处一座", context="quote: 泵站5处, reason: 选址"),
    "缓和语在这一句的前面": promise("泵站", "见效。力争年内新建泵站5座。", f"{PUMPS}。, hedge: 力争"),
    "缓和语只在其中一处": promise("新建泵站5座", "力争新建泵站5座。", f"{PUMPS}, hedge: 力争"),
    "改过的目标以原来的为准": promise(
        "泵站", "新建泵站5座。",
        PUMPS.replace("5 座", "8 座") + ", revisions: [{on: 2023-06-30, by: 张三, reason: 纪要, was: {goal: {reach: 5 座}}}]",
    ),
    "能换算的单位": promise("供地", "供地100亩。", f"{LAND}, baseline: 2 公顷, plan: [{{on: 2023-06-30, value: 5 公顷}}]"),
    "水平的计划可以降": promise(
        "供地", "供地100亩。", f"{LAND}, plan: [{{on: 2023-03-31, value: 90 亩}}, {{on: 2023-06-30, value: 80 亩}}]"
    ),
    "累计的计划可以不动": promise(
        "泵站", "新建泵站5座。", f"{PUMPS}, plan: [{{on: 2023-03-31, value: 2 座}}, {{on: 2023-06-30, value: 2 座}}]"
    ),
    "头一天和最后一天": promise(
        "开工", "全面开工。", f"{OPENED}, due: 2023-12-31, steps: [{{key: a, name: 立项, due: 2023-01-01}}, {{key: b, name: 开工, due: 2023-12-31}}]"
    ),
    "摘句从数字开始": promise("泵站", "建成5座泵站。", PUMPS.replace("新建泵站5座", "5座泵站")),
    "说明到数字为止": promise("开工", "第3批全面开工。", OPENED, context="quote: 第3, reason: 批次"),
    "计划期只有一天": promise("开工", "全面开工。", OPENED).replace(
        "year: 2023\n", "year: 2023\nfrom: 2023-06-30\nto: 2023-06-30\n"
    ),
    "三选一": promise(
        "开工", "全面开工。",
        *(f"{OPENED.replace('opened', f'k{n}').replace('name: ', f'name: {n}')}, any_of: one" for n in (1, 2, 3)),
    ),
    "说明了的数": promise("“十大”平台", "新建泵站5座。", PUMPS, context="quote: “十大”, reason: 固定用语"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_wrong(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, SOUND[name]) == []


WRONG = {
    "摘句没有数字": (
        promise("泵站", "新建若干泵站。", PUMPS.replace("新建泵站5座", "新建若干泵站")),
        [("5 座", "figure")],
    ),
    "范围的低端写错": (
        promise("投资", "投资15至20亿元。", "key: t, name: 投资, kind: accumulate, goal: {between: [14 亿元, 20 亿元]}, quote: 投资15至20亿元"),
        [
            ("15至20亿元", "numeral"),
            ("14 亿元", "figure"),
        ],
    ),
    "高端不借倍数": (
        promise("投资", "投资15至20。", "key: t, name: 投资, kind: accumulate, goal: {between: [15 亿, 20 亿]}, quote: 投资15至20"),
        [
            ("20", "numeral"),
            ("20 亿", "figure"),
        ],
    ),
    "翻四番没有现成的说法": (
        promise("产值", "产值翻四番。", f"{OUTPUT}四番, goal: {{reach: 1500 %}}"),
        [
            ("四番", "numeral"),
            ("1500 %", "figure"),
        ],
    ),
    "位次提升写错": (
        promise("排名", "排名提升2位。", f"{PLACE}, goal: {{up: 3}}"),
        [
            ("2位", "numeral"),
            ("3", "figure"),
        ],
    ),
    "位次争取的反而少": (
        promise("排名", "排名提升2位、争取4位。", PLACE.replace("2位", "2位、争取4位") + ", goal: {up: 4}, stretch: [{up: 2}]"),
        [("{up: 2", "stretch")],
    ),
    "一个目标只认一个数": (
        promise("获批", "获批3个以上，居全省前三。", "key: a, name: 获批, kind: accumulate, goal: {at_least: 3 个}, quote: 获批3个以上，居全省前三"),
        [("3个以上", "numeral")],
    ),
    "改之前的目标写错": (
        promise(
            "泵站", "新建泵站5座。",
            PUMPS + ", revisions: [{on: 2023-06-30, by: 张三, reason: 纪要, was: {goal: {reach: 6 座}}}]",
        ),
        [
            ("5座", "numeral"),
            ("6 座", "figure"),
        ],
    ),
    "缓和语在摘句的后面": (
        promise("泵站", "新建泵站5座，力争提前。", f"{PUMPS}, hedge: 力争"),
        [("力争", "hedge")],
    ),
    "缓和语在前一句": (
        promise("泵站", "力争见效！新建泵站5座。", f"{PUMPS}, hedge: 力争"),
        [("力争", "hedge")],
    ),
    "基期数没有单位，计划数另一种单位": (
        promise(
            "供地", "全面开工，供地100亩。", OPENED,
            f"{LAND}, baseline: '60', plan: [{{on: 2023-06-30, value: 5 亩}}, {{on: 2023-09-30, value: 5 家}}]",
        ),
        [
            ("'60'", "unit"),
            ("5 家", "unit"),
        ],
    ),
    "步骤的日期": (
        promise("开工", "全面开工。", f"{OPENED}, steps: [{{key: a, name: 立项, due: 2022-12-31}}, {{key: b, name: 开工, due: 2024-01-01}}]"),
        [
            ("2022-12-31", "date"),
            ("2024-01-01", "date"),
        ],
    ),
    "同名三次": (
        promise("同名", "全面开工。", *(OPENED.replace("opened", f"k{n}") for n in (1, 2, 3))),
        [("开工", "duplicate"), ("开工", "duplicate")],
    ),
    "还没有定系数": (
        promise("开工", "全面开工。", OPENED).replace("year: 2023\n", "year: 2023\ndifficulty: 较难\n"),
        [("较难", "difficulty")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong(tmp_path: Path, name: str) -> None:
    text, findings = WRONG[name]
    assert found(tmp_path, text) == findings


def test_a_plan_of_departments_that_no_list_names(tmp_path: Path) -> None:
    config = CONFIG.replace("departments: [{name: 金融办}, {name: 商务局}]\n", "")
    assert found(tmp_path, promise("开工", "全面开工。", OPENED), config=config) == [("金融办", "department")]


def test_every_year_is_looked_at(tmp_path: Path) -> None:
    wrong = promise("开工", "全面开工。", f"{OPENED}, due: 2024-01-01")
    built = ledger(tmp_path, wrong)
    for year in (2022, 2024):
        path = tmp_path / f"data/targets/{year}/金融办/01.yaml"
        path.parent.mkdir(parents=True)
        text = wrong.replace("year: 2023", f"year: {year}").replace("2024-01-01", f"{year + 1}-01-01")
        path.write_text(text, encoding="utf-8", newline="\n")
    assert [(item.place.path[13:17], item.code) for item in check(built, TODAY)] == [
        (str(year), "date") for year in (2022, 2023, 2024)
    ]


def test_what_hangs_on_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Both files are looked at: the one that is broken says so, and the sound one is judged all the same."""
    broken = promise("开工", "全面开工。", "key: [", dept="商务局")
    wrong = promise("开工", "全面开工。", f"{OPENED}, due: 2024-01-01")
    assert found(tmp_path, broken, wrong)[-1] == (
        "2024-01-01",
        "date",
    )
    assert len(found(tmp_path, broken, wrong)) == 2


DRAFT = promise("建好泵站", "新建泵站5座，全面开工。", PUMPS, OPENED).replace("text:", "draft: true\ntext:")
UNREAD = "unknown: [{quote: 全面开工, reason: 没有数字}, {quote: 新建泵站5座, reason: 不像}]\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (DRAFT, "2 个目标待确认"),
        (DRAFT + "reviewed: 1\n", "1 个目标待确认"),
        (DRAFT + "reviewed: 9\n", "0 个目标待确认"),
        (DRAFT + UNREAD, "2 个目标待确认，2 处未能识别"),
    ],
)
def test_a_draft_is_no_commitment(tmp_path: Path, text: str, left: str) -> None:
    built = ledger(tmp_path, promise("开工", "全面开工。", OPENED))
    path = tmp_path / "data/drafts/2023/金融办/02.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace("金融办-01", "金融办-02"), encoding="utf-8", newline="\n")
    message = f"草稿没有确认，不算承诺：{left}"
    assert check(built, TODAY) == (
        Finding("draft", message, "ledger draft --review 金融办-02", place=Place("data/drafts/2023/金融办/02.yaml", 5, 8), excerpt="建好泵站"),
    )  # fmt: skip


def test_a_draft_that_cannot_be_read_is_found_as_any_file(tmp_path: Path) -> None:
    built = ledger(tmp_path, promise("开工", "全面开工。", OPENED))
    for number, text in enumerate(("key: [", DRAFT.replace("金融办-01", "金融办-02")), start=1):
        path = tmp_path / f"data/drafts/2023/金融办/0{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert [(item.place.path[-7:], item.code) for item in check(built, TODAY)] == [
        ("01.yaml", "yaml"),
        ("02.yaml", "draft"),
    ]


def test_a_ledgers_own_unit_is_known_where_entries_are_judged(tmp_path: Path) -> None:
    config = CONFIG + "units: {标准场: 2 场}\n"
    text = promise(
        "办好演出",
        "演出10场。",
        "key: shows, name: 演出, kind: accumulate, goal: {reach: 10 场}, quote: 演出10场",
    )
    built = ledger(tmp_path, text, config=config)
    journal = tmp_path / "data/progress/2023/金融办/01.yaml"
    journal.parent.mkdir(parents=True)
    line = '- {"id": "01GZ0000000000000000000001", "on": "2023-03-31", "target": "shows", "add": "%s", "by": "张三"}\n'
    journal.write_text(line % "2 标准场", encoding="utf-8", newline="\n")
    assert check(built, TODAY) == ()
    journal.write_text(line % "2 标准厂", encoding="utf-8", newline="\n")
    assert [item.code for item in check(ledger(tmp_path, text, config=config), TODAY)] == ["amount"]
