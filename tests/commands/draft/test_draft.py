"""`ledger draft`: the published JSON, and plan tables that become draft files and never anything else."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from ledger.commands.draft.compose import CommitmentHead, build, source_of
from ledger.core.models.base import read_model
from ledger.core.models.drafts import DraftCommitment
from ledger.core.structs import replace
from ledger.core.units import default_units
from ledger.files.commitmentfile import encode
from ledger.files.yaml_reader import Document, parse
from ledger.rules.check.trace import numerals_are_accounted_for
from tests.conftest import World
from tests.extract.labels import half
from tests.plan import real

KEYS = [
    "quote",
    "name",
    "kind",
    "op",
    "value",
    "value2",
    "unit",
    "hedge",
    "rule",
    "due",
    "plan",
    "baseline",
    "owners",
]
TABLE = """\
评定难度,年度目标,承诺事项,部门
,"全年实到外资18亿美元，
境外中方投资额3.5亿美元。",有序扩大双向投资,商务局
,力争新增上市公司“保6争8”；用电量翻一番。,企业上市扩容,市金融办
,办结率九成以上，社区消防站全覆盖。,其他,
"""


def feed(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="ascii"))


def test_the_contract(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, "力争新引进项目300个以上，投诉下降15%，漏损率控制在8%～10%，用电量翻一番。".encode())
    ran = world("draft", "--format", "json", "-")
    found = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert all(list(item) == KEYS for item in found)
    assert [
        (item["kind"], item["op"], item["value"], item["value2"], item["unit"], item["hedge"])
        for item in found
    ] == [
        ("accumulate", "at_least", "300", None, "个", "力争"),
        ("change", "reach", "15", None, "%", "力争"),
        ("level", "between", "8", "10", "%", "力争"),
        ("unknown", None, None, None, None, "力争"),
    ]


def test_title_and_department_belong_to_the_paragraph(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, "全面开工。".encode("gb18030"))
    ran = world("draft", "-", "--title", "完成投资40亿元", "--department", "交通局", "--format", "json")
    assert [(row["name"], row["value"]) for row in json.loads(ran.out)][-1] == ("完成投资", "40")


def test_no_words_are_no_targets(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"\n")
    ran = world("draft", "-", "--format", "json")
    assert (ran.code, json.loads(ran.out)) == (0, [])


def test_a_paragraph_is_drafted_outside_any_ledger(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = world("draft", "建成水库3座。")
    assert ran.code == 0
    assert "【建成水库3座】" in ran.out


@pytest.mark.parametrize("raw", [b"\x00\x01\x02", b"\xff\xff\xff\xff", "完成\0投资".encode()])
def test_what_is_no_text_is_refused(world: World, monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    feed(monkeypatch, raw)
    ran = world("draft", "-", "--format", "json")
    assert (ran.code, ran.out) == (1, "")
    assert "标准输入 不是文字" in ran.err


def test_a_missing_file_is_not_taken_for_a_paragraph(world: World) -> None:
    ran = world("draft", "计划.xlsx")
    assert ran.code == 2
    assert "没有文件 计划.xlsx" in ran.err


def test_without_write_a_table_is_only_shown(world: World) -> None:
    world.write("计划.csv", TABLE)
    ran = world("draft", "计划.csv", "--format", "json")
    found = json.loads(ran.out)
    assert [(item["department"], item["title"], len(item["targets"])) for item in found] == [
        ("商务局", "有序扩大双向投资", 2), ("市金融办", "企业上市扩容", 2), ("市金融办", "其他", 2),
    ]  # fmt: skip
    assert "只是预览" in world("draft", "计划.csv").out
    assert not (world.root / "data/drafts").exists()


def test_a_table_becomes_draft_files(world: World) -> None:
    world.write("计划.csv", TABLE)
    ran = world("--year", "2024", "draft", "计划.csv", "--write")
    assert ran.code == 0, ran.err
    assert (
        world.read("data/drafts/2024/金融办/01.yaml")
        == """\
# yaml-language-server: $schema=../../../../schemas/draft.schema.json
# 草稿：数字和名称由规则读出，经 ledger draft --review 确认后才成为承诺。
id: 金融办-01
department: 金融办
title: 企业上市扩容
year: 2024
difficulty:
draft: true
text: >-
  力争新增上市公司“保6争8”；用电量翻一番。
targets:
  - key: t1
    name: 新增上市公司
    kind: accumulate
    goal: {reach: 6 家}
    stretch: [{reach: 8 家}]
    quote: 新增上市公司“保6争8”
    hedge: 力争
unknown:
  - {quote: 用电量翻一番, name: 用电量, reason: 未能识别它的数量}
rules: {t1: tier}
"""
    )
    assert "goal: {at_least: 9 成}" in world.read("data/drafts/2024/金融办/02.yaml")
    assert "实到外资18亿美元，境外中方投资额3.5亿美元。" in world.read("data/drafts/2024/商务局/01.yaml")


def test_a_plan_read_again_adds_only_what_is_new(world: World) -> None:
    world.write("计划.csv", TABLE)
    world("draft", "计划.csv", "--write")
    before = {file: file.read_bytes() for file in (world.root / "data").rglob("*.yaml")}
    world.write("计划.csv", TABLE + "商务局,,,\n,新建供销社5家。,扩面,商务局\n".replace("商务局,,,\n", ""))
    ran = world("draft", "计划.csv", "--write")
    assert "已有，没有再写：第3行 商务局-02" in ran.out or "已有，没有再写" in ran.out
    after = {file: file.read_bytes() for file in (world.root / "data").rglob("*.yaml")}
    assert {file.relative_to(world.root).as_posix() for file in after.keys() - before.keys()} == {
        "data/drafts/2023/商务局/03.yaml"
    }
    assert all(after[file] == raw for file, raw in before.items())


def test_numbers_go_on_behind_the_plan_and_never_overwrite(world: World) -> None:
    world("draft", "新建水库3座。", "--department", "商务局", "--write")
    assert (world.root / "data/drafts/2023/商务局/02.yaml").is_file()
    ran = world("draft", "新建水闸2座。", "--department", "商务局", "--number", "1")
    assert ran.code == 1
    assert "data/drafts/2023/商务局/01.yaml 已经有了，没有覆盖" in ran.err
    assert not (world.root / "data/drafts/2023/商务局/01.yaml").exists()


def test_dry_run_lists_and_writes_nothing(world: World) -> None:
    ran = world(
        "draft", "新建水库3座。", "--department", "商务局", "--write", "--dry-run", "--format", "json"
    )
    assert [(row["id"], row["path"], row["targets"]) for row in json.loads(ran.out)] == [
        ("商务局-02", "data/drafts/2023/商务局/02.yaml", 1)
    ]
    assert not (world.root / "data/drafts").exists()


def test_an_unknown_department_stops_the_whole_table(world: World) -> None:
    world.write("计划.csv", TABLE.replace("市金融办", "水利局"))
    ran = world("draft", "计划.csv", "--write")
    assert ran.code == 1
    assert "第4行：水利局\n  第5行：水利局" in ran.err
    assert not (world.root / "data/drafts").exists()


def test_without_a_department_nothing_is_written(world: World) -> None:
    ran = world("draft", "新建水库3座。", "--write")
    assert ran.code == 2
    assert "没有部门" in ran.err


@pytest.mark.parametrize("name", ["..", ".git", "a/b", "金 融", "C:"])
def test_a_department_never_leads_out_of_the_ledger(empty_world: World, name: str) -> None:
    empty_world.write("data/ledger.yaml", "name: 空\nyear: 2023\nlights: {bands: [{light: 正常}]}\n")
    ran = empty_world("draft", "新建水库3座。", "--department", name, "--write")
    assert ran.code in {1, 2}
    assert "不能作部门名称" in ran.err
    assert {file.name for file in empty_world.root.rglob("*.yaml")} == {"ledger.yaml"}


def test_a_draft_is_no_promise_to_any_other_command(world: World) -> None:
    world("draft", "新建水库3座。", "--department", "商务局", "--write")
    check = world("check")
    assert check.code == 1
    assert (
        "data/drafts/2023/商务局/02.yaml:8:8  [draft]\n  草稿没有确认，不算承诺：1 个目标待确认" in check.out
    )
    assert "共 1 处" in check.out
    status = world("status")
    assert "水库" not in world("status", "--all").out
    assert "另有 1 项草稿没有确认" in status.err
    log = world("log", "商务局", "水库", "1座")
    assert log.code == 1
    assert "商务局还有 1 项草稿没有确认，草稿不能记账" in log.err


def test_a_draft_moved_by_hand_is_refused(world: World) -> None:
    world("draft", "新建水库3座。", "--department", "商务局", "--write")
    draft = world.read("data/drafts/2023/商务局/02.yaml")
    world.write("data/targets/2023/商务局/02.yaml", draft)
    ran = world("status")
    assert ran.code == 1
    assert "02.yaml:8:8  draft：这是没有确认的草稿" in ran.err


def test_no_figure_of_any_corpus_is_lost_or_bent_on_the_way_to_a_file() -> None:
    """Every drafted file reads back as itself, accounts for all numerals, and breaks no rule of the plan."""
    units = default_units()
    unread = targets = 0
    paragraphs = [(p.title, p.text) for p in half("dev") + half("held")]
    paragraphs += [(commitment.title, commitment.text) for commitment in real.commitments()]
    for title, text in paragraphs:
        head = CommitmentHead("水利局-01", "水利局", title.replace("\n", ""), 2024, text.replace("\n", ""))
        made = build(head, units).commitment
        parsed = parse(encode(made).encode())
        assert isinstance(parsed, Document), parsed
        assert read_model(DraftCommitment, parsed.data) == made
        covered = replace(made, context=(*made.context, *map(as_context, made.unknown)))
        assert list(numerals_are_accounted_for(source_of("x", covered), None)) == []  # type: ignore[arg-type]
        unread, targets = unread + len(made.unknown), targets + len(made.targets)
    assert targets > 850
    assert unread <= 5


def as_context(unknown: object) -> object:
    from ledger.core.models import Context

    return Context(quote=unknown.quote, reason="未能识别")  # type: ignore[attr-defined]


def test_hand_typed_files_and_written_files_have_one_layout() -> None:
    import re

    for source in real.sources():
        assert encode(source.commitment) == re.sub(r" +#.*", "", real.text_of(source)), source.path
