"""One good and one bad file for each rule of `ledger/rules/check`: code and place. The wording stands in `tests/test_messages.py`.

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

from ledger.core.findings import Finding
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
Found = tuple[str, str]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return builder(tmp_path)


def builder(root: Path) -> Build:
    """Return what makes a ledger of the good files in a folder, or of others in their place."""

    def made(commitment: str = GOOD, journal: str = ENTRIES, **others: str) -> Ledger:
        for path, text in {
            "data/ledger.yaml": CONFIG,
            TARGETS: commitment,
            PROGRESS: journal,
            **{name: text for name, text in others.items() if text},
        }.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        return Ledger.open(root)

    return made


def found(ledger: Ledger) -> list[Found]:
    return [(str(item.place), item.code) for item in check(ledger, TODAY)]


def test_the_good_files_break_no_rule(build: Build) -> None:
    assert found(build()) == []


@dataclass(frozen=True)
class Case:
    """A rule, one change that breaks it, and the findings that follow. Places are in the changed file."""

    rule: Callable[..., object]
    old: str
    new: str
    findings: tuple[tuple[str, str], ...]
    """line:column, code"""


def bad(rule: Callable[..., object], old: str, new: str, *findings: tuple[str, str]) -> Case:
    return Case(rule, old, new, findings)


KEYS = "capital、listed、star、occupancy、projects、growth、quality、cost、beds"

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
        ("1:5", "identity")),
    bad(plan.identity_agrees_with_place, "department: 金融办", "department: 商务局",
        ("2:13", "identity")),
    bad(plan.identity_agrees_with_place, "department: 金融办", "department: 财政局",
        ("2:13", "department"),
        ("2:13", "identity")),
    bad(plan.identity_agrees_with_place, "year: 2023", "year: 2024",
        ("4:7", "identity"),
        ("14:14", "date"),
        ("15:14", "date"),
        ("18:10", "date")),
    bad(plan.names_are_unique, "key: star", "key: capital",
        ("25:10", "duplicate")),
    bad(plan.names_are_unique, "name: 科创板", "name: 引资",
        ("26:11", "duplicate")),
    bad(plan.parents_exist, "part_of: listed", "part_of: listing",
        ("30:14", "part_of")),
    bad(plan.parents_exist, "part_of: listed", "part_of: star",
        ("30:14", "part_of")),
    bad(plan.parents_exist, "part_of: listed", f"part_of: east\n{EAST}",
        ("36:14", "part_of"),
        ("42:14", "part_of")),
    bad(plan.alternatives_are_several, "项目20个\n    any_of: centre", "项目20个",
        ("37:13", "any_of")),
    bad(plan.stretch_goes_further, "stretch: [{at_least: 8 家}]", "stretch: [{at_least: 8 家}, {at_least: 6 家}]",
        ("23:32", "stretch")),
    bad(plan.stretch_goes_further, "goal: {within: 3}\n    stretch: [{within: 1}]", "goal: {within: 1}\n    stretch: [{within: 3}]",
        ("53:15", "stretch")),
    bad(plan.stretch_goes_further, "goal: {at_least: 70 %}", "goal: {at_most: 70 %}\n    stretch: [{at_most: 70 %}, {at_most: 60 %}]",
        ("35:15", "stretch"),
        ("35:42", "figure"),
        ("36:15", "direction")),
    bad(plan.units_agree, "baseline: 60 %", "baseline: 60 家",
        ("35:15", "unit")),
    bad(plan.units_agree, "value: 6 亿美元", "value: 6 亿元",
        ("14:33", "unit")),
    bad(plan.plan_dates_fit, "due: 2023-11-30", "due: 2024-01-31",
        ("18:10", "date")),
    bad(plan.plan_dates_fit, "on: 2023-06-30", "on: 2023-12-31",
        ("15:14", "date")),
    bad(plan.plan_dates_fit, "value: 6 亿美元", "value: 60 亿美元",
        ("14:33", "plan-above-goal"),
        ("15:33", "plan")),
    bad(plan.plan_dates_fit, "year: 2023", "year: 2023\nfrom: 2023-01-01\nto: 2022-12-31",
        ("6:5", "date")),
    bad(plan.rises_are_possible, "goal: {within: 3}\n    stretch: [{within: 1}]", "goal: {up: 3}\n    baseline: 1",
        ("7:75", "numeral"),
        ("52:11", "rank-up")),
    bad(plan.plans_stay_within_the_goal, "value: 16 亿美元", "value: 1.7 万亿美元",
        ("15:33", "plan-above-goal")),
    bad(plan.parts_fit_their_whole, "goal: {at_least: 6 家}", "goal: {at_least: 1 家}",
        ("7:23", "numeral"),
        ("22:22", "figure"),
        ("28:11", "part-above-whole")),
    bad(plan.difficulty_is_known, "difficulty: 一般", "difficulty: 很难",
        ("5:13", "difficulty")),
)  # fmt: skip

TRACE = (
    bad(trace.quotes_are_verbatim, "quote: 贷款增速快于全省平均", "quote: 贷款增速 快于全省平均",
        ("48:12", "quote")),
    bad(trace.quotes_are_verbatim, "quote: “十大”", "quote: “八大”",
        ("3:11", "numeral"),
        ("67:13", "quote")),
    bad(trace.figures_stand_in_their_quotes, "goal: {reach: 2 家}", "goal: {reach: 3 家}",
        ("7:33", "numeral"),
        ("28:19", "figure")),
    bad(trace.figures_stand_in_their_quotes, "goal: {reach: 2 家}", "goal: {reach: 2 万家}",
        ("7:33", "numeral"),
        ("28:11", "part-above-whole"),
        ("28:19", "figure")),
    bad(trace.figures_stand_in_their_quotes, "stretch: [{within: 1}]", "stretch: [{within: 2}]",
        ("7:75", "numeral"),
        ("53:24", "figure")),
    bad(trace.units_stand_in_their_quotes, "goal: {reach: 20 个}", "goal: {reach: 20 家}",
        ("41:19", "unit")),
    bad(trace.units_stand_in_their_quotes, "4.5 张/千人", "4.5 个/千人",
        ("64:19", "unit")),
    bad(trace.benchmarks_stand_in_their_quotes, "{above: 全省平均}", "{above: 省均}",
        ("47:19", "benchmark")),
    bad(trace.hedges_stand_before_their_figures, "hedge: 力争", "hedge: 争取",
        ("17:12", "hedge")),
    bad(trace.hedges_stand_before_their_figures, "any_of: centre", "hedge: 力争\n    any_of: centre",
        ("37:12", "hedge")),
    bad(trace.numerals_are_accounted_for, "  - {quote: 千人床位, reason: 指标口径}\n", "",
        ("7:87", "numeral")),
    bad(trace.numerals_are_accounted_for, "平台", "平台3个",
        ("3:16", "numeral")),
    bad(trace.context_is_needed, "指标口径}\n", "指标口径}\n  - {quote: 入驻率达70%以上, reason: 比重}\n",
        ("69:13", "idle")),
    bad(trace.context_is_needed, "指标口径}\n", "指标口径}\n  - {quote: 平台, reason: 固定用语}\n",
        ("69:13", "idle")),
    bad(trace.context_is_needed, "指标口径}\n", "指标口径}\n  - {quote: “十大”平台, reason: 平台数}\n",
        ("67:13", "idle"),
        ("69:13", "idle")),
)  # fmt: skip

ENTRY = (
    bad(entries.ids_are_not_ahead, f"01GZ{2:022d}", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        ("2:1", "id-ahead")),
    bad(entries.targets_exist, '"target": "listed"', '"target": "list"',
        ("1:1", "target")),
    bad(entries.figures_fit, '"add": "2 家"', '"add": "2 亿元"',
        ("1:1", "unit")),
    bad(entries.entry_dates_fit, "2023-03-31", "2022-12-31",
        ("1:1", "date")),
    bad(entries.entry_dates_fit, "2023-03-31", "2023-07-01",
        ("1:1", "date")),
    bad(entries.entry_ids_are_unique, "0002", "0001",
        ("2:1", "duplicate")),
)  # fmt: skip


def named(case: Case) -> str:
    return f"{case.rule.__module__.rsplit('.', 1)[1]}.{case.rule.__name__}: {case.new.strip()[:30]}"


@pytest.mark.parametrize("case", [*PLAN, *TRACE], ids=named)
def test_a_bad_commitment(build: Build, case: Case) -> None:
    assert GOOD.count(case.old) >= 1
    text = GOOD.replace(case.old, case.new, 1)
    ledger = build(text, "")
    assert found(ledger) == [(f"{TARGETS}:{place}", code) for place, code in case.findings]
    lines = text.splitlines()
    assert [item.excerpt for item in check(ledger, TODAY)] == [
        excerpt(item, lines) for item in check(ledger, TODAY)
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
    assert found(ledger) == [(f"{PROGRESS}:{place}", code) for place, code in case.findings]


def test_two_files_with_one_id(build: Build) -> None:
    twin = TARGETS.replace("01.yaml", "02.yaml")
    assert found(build(**{twin: GOOD})) == [
        (f"{twin}:1:5", "duplicate"),
        (f"{twin}:1:5", "identity"),
    ]


def test_one_entry_in_two_files(build: Build) -> None:
    twin = TARGETS.replace("01.yaml", "02.yaml")
    journal = PROGRESS.replace("01.yaml", "02.yaml")
    ledger = build(**{twin: GOOD.replace("id: 金融办-01", "id: 金融办-02"), journal: ENTRIES})
    assert found(ledger) == [(f"{journal}:{n}:1", "duplicate") for n in (1, 2)]


def test_a_mended_entry_is_asked_nothing_more(build: Build) -> None:
    """A line is never taken out of the file, so a correction must be able to put `check` at rest."""
    wrong = entry(3, '"target": "list", "add": "2 家"', on="2022-12-31")
    right = entry(4, f'"target": "listed", "add": "2 家", "corrects": "01GZ{3:022d}", "reason": "写错了"')
    assert [item[1] for item in found(build(journal=ENTRIES + wrong))] == ["date", "target"]
    assert found(build(journal=ENTRIES + wrong + right)) == []


@pytest.mark.parametrize("on", ["2023-01-01", TODAY.isoformat()])
def test_an_entry_of_the_first_day_or_of_today_is_in_time(build: Build, on: str) -> None:
    assert found(build(journal=entry(1, '"target": "listed", "add": "2 家"', on=on))) == []


def test_an_entry_of_the_last_day_is_in_time(build: Build) -> None:
    ledger = build(journal=entry(1, '"target": "listed", "add": "2 家"', on="2023-12-31"))
    assert check(ledger, date(2024, 1, 31)) == ()


@pytest.mark.parametrize(
    "path", ["data/targets/2023/金融办/02.yml", "data/notes.txt", "data/progress/2023/01.yaml"]
)
def test_a_file_that_no_command_reads(build: Build, path: str) -> None:
    assert found(build(**{path: "x"})) == [(path, "file")]


def test_entries_without_a_commitment(build: Build) -> None:
    path = PROGRESS.replace("01.yaml", "02.yaml")
    assert found(build(**{path: ENTRIES})) == [(path, "file")]


def test_a_link_in_place_of_a_file(build: Build) -> None:
    ledger = build()
    link = ledger.root / "data/targets/2023/商务局"
    link.symlink_to(ledger.root / "data/targets/2023/金融办")
    assert ("data/targets/2023/商务局", "file") in found(ledger)


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
    shown |= {(plan.__name__, "commitment_ids_are_unique")}  # the tests above
    shown |= {
        (entries.__name__, name) for name in ("check_places", "check_progress", "check_values")
    }  # apply them
    shown |= {(files.__name__, "missing"), (files.__name__, "strays"), (files.__name__, "stray")}
    assert shown == {
        (module.__name__, name) for module in (plan, trace, entries, files) for name in rules_of(module)
    }
