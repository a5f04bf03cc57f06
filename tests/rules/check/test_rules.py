"""One good and one bad file for each rule of `ledger/rules/check`: place, message and remedy as a person reads them.

`GOOD` breaks no rule and uses every kind of target. A case changes one thing in it and states every finding that follows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from ledger.core.findings import Finding, Place
from ledger.files.ledger import Ledger
from ledger.rules.check import check, entries, files, plan, trace

TODAY = date(2023, 6, 30)
TARGETS = "data/targets/2023/金融办/01.yaml"
PROGRESS = "data/progress/2023/金融办/01.yaml"

CONFIG = """\
name: 测试账本
year: 2023
departments:
  - {name: 金融办}
  - {name: 商务局}
lights:
  bands:
    - {light: 正常, to: 0}
    - {light: 严重滞后, from: 0}
difficulty: {一般: 1, 较难: 1.2}
"""

GOOD = """\
id: 金融办-01
department: 金融办
title: 做强“十大”平台
year: 2023
difficulty: 一般
text: >-
  力争全年引资16亿美元，新增上市公司“保6争8”，其中科创板2家。入驻率达70%以上（或引进项目20个），贷款增速快于全省平均，质量全省“保三争一”，成本下降1至2%，千人床位4.5张。
targets:
  - key: capital
    name: 引资
    kind: accumulate
    goal: {reach: 16 亿美元}
    plan:
      - {on: 2023-06-30, value: 6 亿美元}
      - {on: 2023-12-31, value: 16 亿美元}
    quote: 力争全年引资16亿美元
    hedge: 力争
    due: 2023-11-30
  - key: listed
    name: 新增上市公司
    kind: accumulate
    goal: {at_least: 6 家}
    stretch: [{at_least: 8 家}]
    quote: 新增上市公司“保6争8”
  - key: star
    name: 科创板
    kind: accumulate
    goal: {reach: 2 家}
    quote: 其中科创板2家
    part_of: listed
  - key: occupancy
    name: 入驻率
    kind: level
    goal: {at_least: 70 %}
    baseline: 60 %
    quote: 入驻率达70%以上
    any_of: centre
  - key: projects
    name: 引进项目
    kind: accumulate
    goal: {reach: 20 个}
    quote: 引进项目20个
    any_of: centre
  - key: growth
    name: 贷款增速
    kind: compare
    goal: {above: 全省平均}
    quote: 贷款增速快于全省平均
  - key: quality
    name: 质量
    kind: rank
    goal: {within: 3}
    stretch: [{within: 1}]
    quote: 质量全省“保三争一”
  - key: cost
    name: 成本
    kind: change
    direction: decrease
    goal: {between: [1 %, 2 %]}
    quote: 成本下降1至2%
  - key: beds
    name: 千人床位
    kind: level
    goal: {reach: 4.5 张/千人}
    quote: 千人床位4.5张
context:
  - {quote: “十大”, reason: 固定用语}
  - {quote: 千人床位, reason: 指标口径}
"""


def entry(number: int, fields: str, on: str = "2023-03-31", by: str = "张三") -> str:
    return f'- {{"id": "01GZ{number:022d}", "on": "{on}", {fields}, "by": "{by}"}}\n'


ENTRIES = entry(1, '"target": "listed", "add": "2 家"') + entry(2, '"target": "occupancy", "value": "65 %"')

Build = Callable[..., Ledger]
Found = tuple[str, str, str, str]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def made(commitment: str = GOOD, journal: str = ENTRIES, **others: str) -> Ledger:
        for path, text in {
            "data/ledger.yaml": CONFIG,
            TARGETS: commitment,
            PROGRESS: journal,
            **{name: text for name, text in others.items() if text},
        }.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        return Ledger.open(tmp_path)

    return made


def found(ledger: Ledger) -> list[Found]:
    return [(str(one.place), one.code, one.message, one.hint) for one in check(ledger, TODAY)]


def test_the_good_files_break_no_rule(build: Build) -> None:
    assert found(build()) == []


@dataclass(frozen=True)
class Case:
    """A rule, one change that breaks it, and all that is said of it. Places are in the changed file."""

    rule: Callable[..., object]
    old: str
    new: str
    said: tuple[tuple[str, str, str, str], ...]
    """line:column, rule, message, hint"""


def bad(rule: Callable[..., object], old: str, new: str, *said: tuple[str, str, str, str]) -> Case:
    return Case(rule, old, new, said)


KEYS = "capital、listed、star、occupancy、projects、growth、quality、cost、beds"
LOST = "给它立一个目标，或在 context 里写明它为什么不是目标"
MISTYPED = "改正数字，或把摘句取到含这个数字"

EAST = """\
  - key: east
    name: 东区
    kind: accumulate
    goal: {reach: 2 家}
    quote: 其中科创板2家
    part_of: west
  - key: west
    name: 西区
    kind: accumulate
    goal: {reach: 2 家}
    quote: 其中科创板2家
    part_of: east"""

PLAN = (
    bad(plan.identity_agrees_with_place, "id: 金融办-01", "id: 金融办-02",
        ("1:5", "identity", "id 是 金融办-02，按文件位置应是 金融办-01", "改正，或把文件移到对应的文件夹")),
    bad(plan.identity_agrees_with_place, "department: 金融办", "department: 商务局",
        ("2:13", "identity", "department 是 商务局，按文件位置应是 金融办", "改正，或把文件移到对应的文件夹")),
    bad(plan.identity_agrees_with_place, "department: 金融办", "department: 财政局",
        ("2:13", "department", "部门 财政局 不在 data/ledger.yaml 中", "用其中之一：金融办、商务局；或先在 data/ledger.yaml 里加上它"),
        ("2:13", "identity", "department 是 财政局，按文件位置应是 金融办", "改正，或把文件移到对应的文件夹")),
    bad(plan.identity_agrees_with_place, "year: 2023", "year: 2024",
        ("4:7", "identity", "year 是 2024，按文件位置应是 2023", "改正，或把文件移到对应的文件夹"),
        ("14:14", "date", "2023-06-30 不在计划期 2024-01-01 至 2024-12-31 内", "改正日期"),
        ("15:14", "date", "2023-12-31 不在计划期 2024-01-01 至 2024-12-31 内", "改正日期"),
        ("18:10", "date", "2023-11-30 不在计划期 2024-01-01 至 2024-12-31 内", "改正日期")),
    bad(plan.names_are_unique, "key: star", "key: capital",
        ("25:10", "duplicate", "目标代号 capital 重复", "给其中一个换个代号")),
    bad(plan.names_are_unique, "name: 科创板", "name: 引资",
        ("26:11", "duplicate", "目标名称 引资 重复", "给其中一个换个名称")),
    bad(plan.parents_exist, "part_of: listed", "part_of: listing",
        ("30:14", "part_of", "没有代号为 listing 的目标", f"用其中之一：{KEYS}")),
    bad(plan.parents_exist, "part_of: listed", "part_of: star",
        ("30:14", "part_of", "科创板 绕了一圈成了自己的“其中”", "改正 part_of")),
    bad(plan.parents_exist, "part_of: listed", f"part_of: east\n{EAST}",
        ("36:14", "part_of", "东区 绕了一圈成了自己的“其中”", "改正 part_of"),
        ("42:14", "part_of", "西区 绕了一圈成了自己的“其中”", "改正 part_of")),
    bad(plan.alternatives_are_several, "项目20个\n    any_of: centre", "项目20个",
        ("37:13", "any_of", "any_of 组 centre 里只有这一个目标", "组名写成一样，或去掉 any_of")),
    bad(plan.stretch_goes_further, "stretch: [{at_least: 8 家}]", "stretch: [{at_least: 8 家}, {at_least: 6 家}]",
        ("23:32", "stretch", "新增上市公司 的争取值没有比前一档更高", "由近及远写；与目标一样的去掉")),
    bad(plan.stretch_goes_further, "goal: {within: 3}\n    stretch: [{within: 1}]", "goal: {within: 1}\n    stretch: [{within: 3}]",
        ("53:15", "stretch", "质量 的争取值没有比前一档更高", "由近及远写；与目标一样的去掉")),
    bad(plan.stretch_goes_further, "goal: {at_least: 70 %}", "goal: {at_most: 70 %}\n    stretch: [{at_most: 70 %}, {at_most: 60 %}]",
        ("35:15", "stretch", "入驻率 的争取值没有比前一档更高", "由近及远写；与目标一样的去掉"),
        ("35:42", "figure", "入驻率 的数字 60 不在它的摘句里（摘句中有：70）", MISTYPED)),
    bad(plan.units_agree, "baseline: 60 %", "baseline: 60 家",
        ("35:15", "unit", "单位 家 与目标的单位 % 不能比较", "改用 %")),
    bad(plan.units_agree, "value: 6 亿美元", "value: 6 亿元",
        ("14:33", "unit", "单位 元 与目标的单位 美元 不能比较", "改用 美元")),
    bad(plan.dates_fit, "due: 2023-11-30", "due: 2024-01-31",
        ("18:10", "date", "2024-01-31 不在计划期 2023-01-01 至 2023-12-31 内", "改正日期")),
    bad(plan.dates_fit, "on: 2023-06-30", "on: 2023-12-31",
        ("15:14", "date", "分时段计划的日期要从早到晚，不能重复", "调整顺序")),
    bad(plan.dates_fit, "value: 6 亿美元", "value: 60 亿美元",
        ("14:33", "plan-above-goal", "引资 的计划数 60 亿美元 超过目标值 16 亿美元", "核对计划数和目标值的数字、单位"),
        ("15:33", "plan", "累计计划数从 60 亿美元 降到了 16 亿美元", "写到这一天为止的累计数，不是这一段的新增数")),
    bad(plan.dates_fit, "year: 2023", "year: 2023\nfrom: 2023-01-01\nto: 2022-12-31",
        ("6:5", "date", "计划期止于 2022-12-31，早于起日 2023-01-01", "改正 from 或 to")),
    bad(plan.rises_are_possible, "goal: {within: 3}\n    stretch: [{within: 1}]", "goal: {up: 3}\n    baseline: 1",
        ("7:75", "numeral", "原文中的数字 一 没有着落（……质量全省“保三争一”，成本下降1至……）", LOST),
        ("52:11", "rank-up", "质量 的基期是第1位，提升不了3位", "核对 baseline 和 up；要保持第一的，写 within: 1")),
    bad(plan.plans_stay_within_the_goal, "value: 16 亿美元", "value: 1.7 万亿美元",
        ("15:33", "plan-above-goal", "引资 的计划数 1.7 万亿美元 超过目标值 16 亿美元", "核对计划数和目标值的数字、单位")),
    bad(plan.parts_fit_their_whole, "goal: {at_least: 6 家}", "goal: {at_least: 1 家}",
        ("7:23", "numeral", "原文中的数字 6 没有着落（……新增上市公司“保6争8”，其中科创……）", LOST),
        ("22:22", "figure", "新增上市公司 的数字 1 不在它的摘句里（摘句中有：6、8）", MISTYPED),
        ("28:11", "part-above-whole", "其中项 科创板 的目标 2 家 大于整体 新增上市公司 的目标 1 家", "核对两个目标的数字、单位，或去掉 part_of")),
    bad(plan.difficulty_is_known, "difficulty: 一般", "difficulty: 很难",
        ("5:13", "difficulty", "评定难度 很难 没有系数；已定的有：一般、较难", "在 data/ledger.yaml 的 difficulty 里加上它")),
)  # fmt: skip

TRACE = (
    bad(trace.quotes_are_verbatim, "quote: 贷款增速快于全省平均", "quote: 贷款增速 快于全省平均",
        ("48:12", "quote", "摘句不在原文中：贷款增速 快于全省平均", "照 title 或 text 逐字抄录，标点也要一致")),
    bad(trace.quotes_are_verbatim, "quote: “十大”", "quote: “八大”",
        ("3:11", "numeral", "原文中的数字 十 没有着落（……做强“十大”平台……）", LOST),
        ("67:13", "quote", "摘句不在原文中：“八大”", "照 title 或 text 逐字抄录，标点也要一致")),
    bad(trace.figures_stand_in_their_quotes, "goal: {reach: 2 家}", "goal: {reach: 3 家}",
        ("7:33", "numeral", "原文中的数字 2 没有着落（……8”，其中科创板2家。入驻率达70……）", LOST),
        ("28:19", "figure", "科创板 的数字 3 不在它的摘句里（摘句中有：2）", MISTYPED)),
    bad(trace.figures_stand_in_their_quotes, "goal: {reach: 2 家}", "goal: {reach: 2 万家}",
        ("7:33", "numeral", "原文中的数字 2 没有着落（……8”，其中科创板2家。入驻率达70……）", LOST),
        ("28:11", "part-above-whole", "其中项 科创板 的目标 2 万家 大于整体 新增上市公司 的目标 6 家", "核对两个目标的数字、单位，或去掉 part_of"),
        ("28:19", "figure", "科创板 的数字 20000 不在它的摘句里（摘句中有：2）", MISTYPED)),
    bad(trace.figures_stand_in_their_quotes, "stretch: [{within: 1}]", "stretch: [{within: 2}]",
        ("7:75", "numeral", "原文中的数字 一 没有着落（……质量全省“保三争一”，成本下降1至……）", LOST),
        ("53:24", "figure", "质量 的数字 2 不在它的摘句里（摘句中有：3、1）", MISTYPED)),
    bad(trace.units_stand_in_their_quotes, "goal: {reach: 20 个}", "goal: {reach: 20 家}",
        ("41:19", "unit", "引进项目 的单位是 家，它的摘句里写的是 个", "照摘句改正单位")),
    bad(trace.units_stand_in_their_quotes, "4.5 张/千人", "4.5 个/千人",
        ("64:19", "unit", "千人床位 的单位是 个/千人，它的摘句里写的是 张", "照摘句改正单位")),
    bad(trace.benchmarks_stand_in_their_quotes, "{above: 全省平均}", "{above: 省均}",
        ("47:19", "benchmark", "贷款增速 的参照对象 省均 不在它的摘句里", "照摘句的原话写参照对象")),
    bad(trace.hedges_stand_before_their_figures, "hedge: 力争", "hedge: 争取",
        ("17:12", "hedge", "引资 写了缓和语 争取，原文这一句里没有", "照原文改正，或去掉 hedge")),
    bad(trace.hedges_stand_before_their_figures, "any_of: centre", "hedge: 力争\n    any_of: centre",
        ("37:12", "hedge", "入驻率 写了缓和语 力争，原文这一句里没有", "照原文改正，或去掉 hedge")),
    bad(trace.numerals_are_accounted_for, "  - {quote: 千人床位, reason: 指标口径}\n", "",
        ("7:87", "numeral", "原文中的数字 千 没有着落（……本下降1至2%，千人床位4.5张。……）", LOST)),
    bad(trace.numerals_are_accounted_for, "平台", "平台3个",
        ("3:16", "numeral", "原文中的数字 3 没有着落（……做强“十大”平台3个……）", LOST)),
    bad(trace.context_is_needed, "指标口径}\n", "指标口径}\n  - {quote: 入驻率达70%以上, reason: 比重}\n",
        ("69:13", "idle", "这一条说明没有用处：入驻率达70%以上 里没有数字，或数字已有着落", "删去这一条")),
    bad(trace.context_is_needed, "指标口径}\n", "指标口径}\n  - {quote: 平台, reason: 固定用语}\n",
        ("69:13", "idle", "这一条说明没有用处：平台 里没有数字，或数字已有着落", "删去这一条")),
    bad(trace.context_is_needed, "指标口径}\n", "指标口径}\n  - {quote: “十大”平台, reason: 平台数}\n",
        ("67:13", "idle", "这一条说明没有用处：“十大” 里没有数字，或数字已有着落", "删去这一条"),
        ("69:13", "idle", "这一条说明没有用处：“十大”平台 里没有数字，或数字已有着落", "删去这一条")),
)  # fmt: skip

ENTRY = (
    bad(entries.ids_are_not_ahead, f"01GZ{2:022d}", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        ("2:1", "id-ahead", "编号 7ZZZZZZZZZZZZZZZZZZZZZZZZZ 里的生成时间还没有到", "校准记账电脑的时钟，再作废这一条，重新记账")),
    bad(entries.targets_exist, '"target": "listed"', '"target": "list"',
        ("1:1", "target", "金融办-01 没有代号为 list 的目标", f"可用的代号：{KEYS}")),
    bad(entries.figures_fit, '"add": "2 家"', '"add": "2 亿元"',
        ("1:1", "unit", "“元”不能换算成“家”：两者量的不是同一种东西", "请按“家”填写")),
    bad(entries.dates_fit, "2023-03-31", "2022-12-31",
        ("1:1", "date", "日期 2022-12-31 不在计划期 2023-01-01 至 2023-12-31 内", "另记一条更正，写对日期")),
    bad(entries.dates_fit, "2023-03-31", "2023-07-01",
        ("1:1", "date", "日期 2023-07-01 还没有到（今天是 2023-06-30）", "另记一条更正，写对日期")),
    bad(entries.ids_are_unique, "0002", "0001",
        ("2:1", "duplicate", f"编号 01GZ0000000000000000000001 与 {PROGRESS}:1 重复",
         "检查是不是同一行被粘贴了两次；用 git log 看是哪次提交带入的")),
)  # fmt: skip


def named(case: Case) -> str:
    return f"{case.rule.__module__.rsplit('.', 1)[1]}.{case.rule.__name__}: {case.new.strip()[:30]}"


@pytest.mark.parametrize("case", [*PLAN, *TRACE], ids=named)
def test_a_bad_commitment(build: Build, case: Case) -> None:
    assert GOOD.count(case.old) >= 1
    text = GOOD.replace(case.old, case.new, 1)
    ledger = build(text, "")
    assert found(ledger) == [(f"{TARGETS}:{place}", *said) for place, *said in case.said]
    lines = text.splitlines()
    assert [one.excerpt for one in check(ledger, TODAY)] == [
        excerpt(one, lines) for one in check(ledger, TODAY)
    ]


def excerpt(one: Finding, lines: list[str]) -> str:
    """What stands at the place of a finding: its line, or the words around a numeral."""
    if one.code == "numeral":
        return one.message.partition("（……")[2].removesuffix("……）")
    return lines[one.place.line - 1].strip()


@pytest.mark.parametrize("case", ENTRY, ids=named)
def test_a_bad_entry(build: Build, case: Case) -> None:
    assert ENTRIES.count(case.old) >= 1
    ledger = build(journal=ENTRIES.replace(case.old, case.new, 1))
    assert found(ledger) == [(f"{PROGRESS}:{place}", *said) for place, *said in case.said]


def test_two_files_with_one_id(build: Build) -> None:
    twin = TARGETS.replace("01.yaml", "02.yaml")
    assert found(build(**{twin: GOOD})) == [
        (f"{twin}:1:5", "duplicate", f"编号 金融办-01 与 {TARGETS} 重复", "改正其中一个编号"),
        (
            f"{twin}:1:5",
            "identity",
            "id 是 金融办-01，按文件位置应是 金融办-02",
            "改正，或把文件移到对应的文件夹",
        ),
    ]


def test_one_entry_in_two_files(build: Build) -> None:
    twin = TARGETS.replace("01.yaml", "02.yaml")
    journal = PROGRESS.replace("01.yaml", "02.yaml")
    ledger = build(**{twin: GOOD.replace("id: 金融办-01", "id: 金融办-02"), journal: ENTRIES})
    hint = "检查是不是同一行被粘贴了两次；用 git log 看是哪次提交带入的"
    assert found(ledger) == [
        (f"{journal}:{n}:1", "duplicate", f"编号 01GZ000000000000000000000{n} 与 {PROGRESS}:{n} 重复", hint)
        for n in (1, 2)
    ]


def test_a_mended_entry_is_asked_nothing_more(build: Build) -> None:
    """A line is never taken out of the file, so a correction must be able to put `check` at rest."""
    wrong = entry(3, '"target": "list", "add": "2 家"', on="2022-12-31")
    right = entry(4, f'"target": "listed", "add": "2 家", "corrects": "01GZ{3:022d}", "reason": "写错了"')
    assert [one[1] for one in found(build(journal=ENTRIES + wrong))] == ["date", "target"]
    assert found(build(journal=ENTRIES + wrong + right)) == []


@pytest.mark.parametrize("on", ["2023-01-01", TODAY.isoformat()])
def test_an_entry_of_the_first_day_or_of_today_is_in_time(build: Build, on: str) -> None:
    assert found(build(journal=entry(1, '"target": "listed", "add": "2 家"', on=on))) == []


def test_an_entry_of_the_last_day_is_in_time(build: Build) -> None:
    ledger = build(journal=entry(1, '"target": "listed", "add": "2 家"', on="2023-12-31"))
    assert check(ledger, date(2024, 1, 31)) == ()


STRAY = "放到 data/targets/年/部门/两位序号.yaml 或 data/progress/年/部门/两位序号.yaml，或移出 data"


@pytest.mark.parametrize(
    "path", ["data/targets/2023/金融办/02.yml", "data/notes.txt", "data/progress/2023/01.yaml"]
)
def test_a_file_that_no_command_reads(build: Build, path: str) -> None:
    said = Finding("file", "没有命令会读这个文件：位置或名字不对", STRAY, place=Place(path))
    assert check(build(**{path: "x"}), TODAY) == (said,)


def test_entries_without_a_commitment(build: Build) -> None:
    path = PROGRESS.replace("01.yaml", "02.yaml")
    hint = "补上 data/targets/2023/金融办/02.yaml，或检查部门和序号"
    said = Finding("file", "有进度记录，却没有对应的承诺事项文件", hint, place=Place(path))
    assert check(build(**{path: ENTRIES}), TODAY) == (said,)


def test_a_link_in_place_of_a_file(build: Build) -> None:
    ledger = build()
    link = ledger.root / "data/targets/2023/商务局"
    link.symlink_to(ledger.root / "data/targets/2023/金融办")
    message = "这是一个符号链接，账本里只放普通文件"
    said = Finding("file", message, "把它换成文件本身", place=Place("data/targets/2023/商务局"))
    assert [one for one in check(ledger, TODAY) if one.code == "file"] == [said]


def test_files_that_explain_a_folder_are_no_strays(build: Build) -> None:
    assert found(build(**{"data/progress/README.md": "说明", "data/targets/2023/.gitkeep": "\n"})) == []


def rules_of(module: ModuleType) -> set[str]:
    return {
        name
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if one.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_rule_has_its_example() -> None:
    shown = {(case.rule.__module__, case.rule.__name__) for case in (*PLAN, *TRACE, *ENTRY)}
    shown |= {(plan.__name__, "ids_are_unique")}  # the tests above
    shown |= {(entries.__name__, name) for name in ("check_places", "check_values")}  # apply them
    shown |= {(files.__name__, "missing"), (files.__name__, "strays"), (files.__name__, "stray")}
    assert shown == {
        (module.__name__, name) for module in (plan, trace, entries, files) for name in rules_of(module)
    }
