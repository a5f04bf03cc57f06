"""One value of a plan file changes, and not another character: over every file of the real plan, and at the edges."""

from __future__ import annotations

import difflib
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.files.yaml_editor import Editor, Plain, flow_line
from ledger.files.yaml_reader import Document, parse
from tests.paths import REPOSITORY

PLAN = sorted((REPOSITORY / "data" / "targets").rglob("*.yaml"))
LAST = ("closed", "revisions")
REASON = "专题会议纪要〔2023〕5号: 第3条, #附件"
REVISION = {"on": date(2023, 6, 30), "by": "张三", "reason": REASON}


def data(text: str) -> dict[str, object]:
    document = parse(text.encode("utf-8"))
    assert isinstance(document, Document), document
    found = deepcopy(document.data)  # a document that was read is kept, and read again as it is
    assert isinstance(found, dict)
    return found


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    lines = list(difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


def test_the_whole_plan_is_here() -> None:
    assert len(PLAN) == 80


@pytest.mark.parametrize("file", PLAN, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_an_amendment_of_every_target_is_minimal(file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    for number, target in enumerate(data(before)["targets"]):  # type: ignore[arg-type,var-annotated]
        loc = ("targets", number)
        editor = Editor(before, last=LAST)
        was = {"name": editor.value(loc, "name"), "baseline": editor.value(loc, "baseline")}
        editor.put(loc, "name", "新名称")
        editor.append(loc, "revisions", REVISION | {"was": was})
        removed, added = changed(before, editor.text)
        assert removed == [f"    name: {target['name']}\n"]
        assert added == [
            "    name: 新名称\n",
            "    revisions:\n",
            "      - on: 2023-06-30\n",
            "        by: 张三\n",
            f'        reason: "{REASON}"\n',
            f"        was: {{name: {target['name']}, baseline: {was['baseline'] or 'null'}}}\n",
        ]
        revision = {"on": date(2023, 6, 30), "by": "张三", "reason": REASON}
        kept = {"name": target["name"], "baseline": target.get("baseline")}
        expected = data(before)
        expected["targets"][number] |= {"name": "新名称", "revisions": [revision | {"was": kept}]}  # type: ignore[index]
        assert data(editor.text) == expected


@pytest.mark.parametrize("file", PLAN, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_rating_touches_its_line_and_keeps_the_remark_on_it(file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    editor = Editor(before, last=LAST)
    editor.put((), "difficulty", "较难")
    removed, added = changed(before, editor.text)
    assert (len(removed), len(added)) == (1, 1)
    assert added[0].startswith("difficulty: 较难 ")
    assert added[0].partition("#")[2] == removed[0].partition("#")[2]
    assert data(editor.text) == data(before) | {"difficulty": "较难"}


HARD = """\
# 抬头
targets:
  # 第一组
  - key: a   # 代号
    plan:   # 分季
      - {on: 2023-03-31, value: 1.50 亿元}
      # 二季度
      - on: 2023-06-30
        value: "3 亿元"   # 半年

    # 尾注
  # 第二组
  - {key: b, goal: {at_least: 6 家}}
  - key: c
    note: >-
      第一行
      第二行

    # 属于 c
# 结尾
context: []"""


@pytest.mark.parametrize(
    ("loc", "key", "value", "expected"),
    [
        (("targets", 0), "due", date(2023, 9, 30), [('        value: "3 亿元"   # 半年\n', "    due: 2023-09-30\n")]),
        (("targets", 1), "due", date(2023, 9, 30), [("  - {key: b, goal: {at_least: 6 家}", ", due: 2023-09-30}\n")]),
        (("targets", 1), "goal", {"at_least": "8 家"}, [("  - {key: b, goal: {at_least: ", "8 家}}\n")]),
        (("targets", 2), "name", "丙", [("      第二行\n", "    name: 丙\n")]),
        ((), "note", "完", [("context: []\n", "note: 完\n")]),
        (("targets", 0), "plan", [{"on": date(2023, 6, 30), "value": "4 亿元"}],
         [("  - key: a   # 代号\n", "    plan: [{on: 2023-06-30, value: 4 亿元}]   # 半年\n")]),
    ],
)  # fmt: skip
def test_remarks_stay_where_they_are(
    loc: tuple[str | int, ...], key: str, value: object, expected: list[tuple[str, str]]
) -> None:
    editor = Editor(HARD)
    editor.put(loc, key, value)
    for before, after in expected:
        assert before + after in editor.text
    whole = data(HARD)
    part = whole
    for step in loc:
        part = part[step]  # type: ignore[index]
    part[key] = value
    assert data(editor.text) == whole


def test_dropping_takes_the_lines_of_one_key_alone() -> None:
    editor = Editor(HARD)
    editor.drop(("targets", 0), "plan")
    removed, added = changed(HARD, editor.text)
    assert added == []
    assert len(removed) == 5
    assert data(editor.text)["targets"][0] == {"key": "a"}  # type: ignore[index]


def test_carriage_returns_of_a_foreign_editor_are_kept() -> None:
    editor = Editor("a: 1\r\nb: 2\r\n")
    editor.put((), "c", "三")
    assert editor.text == "a: 1\r\nb: 2\r\nc: 三\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "市委〔2023〕5号", "a: b", "x, y", "# 号", "5 %", "yes", "null", "1.50", "2023-06-30", "[甲]", "{乙}", "- 丙",
        "*星", "&锚", "'单'", '"双"', "a\"b'c", "http://x/a#b", "：全角", " 首空", "=cmd|x", "\u2028", "\x85", "\ufeff",
        "\x1b[31m", "!tag", "%x", "@x", "`x`", "? x", "~", "😀", "反\\斜", "|", ">", "0x1f", "1:30", "010",
    ],
)  # fmt: skip
def test_any_text_comes_back_the_same(text: str) -> None:
    line = f"a: {{b: [{flow_line(text)}, 末]}}\n"
    assert "\n" not in line[:-1]
    assert data(line) == {"a": {"b": [text, "末"]}}


@given(st.text(max_size=30))
@settings(max_examples=400, deadline=None)
def test_any_text_whatever_comes_back_the_same(text: str) -> None:
    assert data(f"a: {{b: [{flow_line(text)}, 末]}}\n") == {"a": {"b": [text, "末"]}}


def test_a_value_is_taken_over_as_it_stood() -> None:
    editor = Editor("w: 1.50\ng: {at_least: 6 家}\ne:\nl:\n  - {on: 2023-06-30, value: 1 家}\n")
    assert [editor.value((), key) for key in "wge"] == ["1.50", "{at_least: 6 家}", None]
    assert editor.value((), "absent") is None
    assert editor.value((), "l") == "[{on: 2023-06-30, value: 1 家}]"
    assert flow_line(Plain("1.50")) == "1.50"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "departments: [{name: 甲}, {name: 乙}]\nlights: 1\n",
            "departments: [{name: 甲}, {name: 丙}, {name: 乙}]",
        ),
        ("departments:\n  - name: 甲   # 注\n    aliases: [a]\n  # 乙\n  - name: 乙\n", "  - {name: 丙}"),
        ("departments:\n- {name: 甲} # 注\n- {name: 乙}\n", "- {name: 丙}"),
        ("departments:\r\n  - {name: 甲}\r\n  - {name: 乙}\r\n", "  - {name: 丙}\r"),
    ],
    ids=["flow", "block", "dashes at the margin", "crlf"],
)
def test_an_item_is_put_behind_another(text: str, line: str) -> None:
    editor = Editor(text)
    editor.insert(("departments",), 1, {"name": "丙"})
    assert line in editor.text.split("\n")
    document = parse(editor.text.encode())
    assert isinstance(document, Document)
    assert [row["name"] for row in document.data["departments"]] == ["甲", "丙", "乙"]
    kept = editor.text.replace(f"{line}\n", "", 1) if "[{name" not in text else text
    assert kept == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("l: []\n", "l: [{a: 1}]\n"),
        ("l: [ ]\nm: 2\n", "l: [ {a: 1}]\nm: 2\n"),
        ("l: [{a: 0}]\nm: 2\n", "l: [{a: 0}, {a: 1}]\nm: 2\n"),
        ("l: [{a: 0}, {b: []}]   # 注\n", "l: [{a: 0}, {b: []}, {a: 1}]   # 注\n"),
        ("l: []   # 注\nm: 2\n", "l: [{a: 1}]   # 注\nm: 2\n"),
        ("l:\n  - {a: 0}\nm: 2\n", "l:\n  - {a: 0}\n  - a: 1\nm: 2\n"),
        ("m: 2\n", "m: 2\nl:\n  - a: 1\n"),
    ],
    ids=["empty", "blank", "one", "nested", "remark", "block", "absent"],
)
def test_an_item_is_added_to_a_list_of_any_length(before: str, after: str) -> None:
    editor = Editor(before)
    editor.append((), "l", {"a": 1})
    assert editor.text == after
    old = data(before)
    assert data(after) == old | {"l": [*old.get("l", []), {"a": 1}]}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("t: {l: [], m: 2}\n", "t: {l: [{a: 1}], m: 2}\n"),
        ("t: {m: 2, l: [{a: 0}]}\n", "t: {m: 2, l: [{a: 0}, {a: 1}]}\n"),
        ("t: {m: 2}\n", "t: {m: 2, l: [{a: 1}]}\n"),
    ],
    ids=["empty", "last", "absent"],
)
def test_an_item_is_added_to_a_list_in_braces(before: str, after: str) -> None:
    editor = Editor(before)
    editor.append(("t",), "l", {"a": 1})
    assert editor.text == after
