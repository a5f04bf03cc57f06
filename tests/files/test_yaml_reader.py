"""Whatever bytes a file holds, reading it gives a document or a located problem, quickly."""

from __future__ import annotations

import gc
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.findings import Finding, Place
from ledger.files.yaml_loader import Loader, UnusualYamlError
from ledger.files.yaml_reader import MAX_BYTES, Document, parse


def read(text: str) -> Document:
    document = parse(text.encode())
    assert isinstance(document, Document), document
    return document


def refused(raw: bytes) -> Finding:
    problem = parse(raw)
    assert isinstance(problem, Finding), problem
    return problem


def test_words_that_other_readers_change_stay_words() -> None:
    assert read("on: yes\nt: 1:30\nn: 010\nd: 1.50\nx: 2023-06-30\n").data["on"] == "yes"
    assert read("t: 1:30\n").data["t"] == "1:30"
    assert read("d: 1.50\n").data["d"] == Decimal("1.50")
    assert str(read("d: 1.50\n").data["d"]) == "1.50"
    assert read("d: .inf\n").data["d"] == ".inf"


@pytest.mark.parametrize(
    ("raw", "line", "column", "said"),
    [
        ("名: 甲\n".encode("gbk"), 1, 1, "像是 GBK"),
        (b"a: \xff\xfe\xff", 1, 4, "不是 UTF-8"),
        ("\ufeffa: 1\n".encode(), 1, 1, "BOM"),
        (b"a: 1\na: 2\n", 2, 1, "键 a 写了两次"),
        (b"a: b: c\n", 1, 5, "冒号"),
        (b"a: [1, 2\nb: 3\n", 2, 2, "没有配对"),
        (b"a:\n\t- 1\n", 2, 1, "制表符"),
        (b"a: &x [1]\nb: *x\n", 1, 4, "锚点"),
        (b"a: " + b"[" * 100 + b"]" * 100, 1, 1, "层"),
        (b"a: \x00\n", 1, 4, "控制字符"),
    ],
)
def test_faults_are_located(raw: bytes, line: int, column: int, said: str) -> None:
    problem = refused(raw)
    assert said in problem.message
    assert (problem.place.line, problem.place.column) == (line, column)
    assert problem.hint


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("a: b: c\n", 1, 5, "这里不该有冒号（值里有冒号时要加引号）"),
        ("a: [b::, c]\n", 1, 6, "这里不该有冒号（值里有冒号时要加引号）"),
        ("a: 1\nb\nc: 2\n", 3, 1, "缺少冒号"),
        ("a: 'x' y\n", 1, 8, "缩进不一致，或上一行的引号、括号没有配对"),
        ("a: [1, 2\nb: 3\n", 2, 2, "方括号没有配对，或缺少逗号"),
        ("a: {b: 1\nc: 2\n", 2, 2, "花括号没有配对，或缺少逗号"),
        ("- 1\nb: 2\n", 2, 1, "列表项的缩进不一致"),
        ("a:\n\t- 1\n", 2, 1, "有不能这样用的字符（如制表符），缩进只能用空格"),
        ("a: %x\n", 1, 4, "有不能这样用的字符（如制表符），缩进只能用空格"),
        ('a:\n  - k: b\n \tt  "q"\n', 3, 2, "缩进只能用空格，不能用制表符"),
        ('a: "x\nb: 1\n', 3, 1, "引号没有配对"),
        ('a: "x\n--- y\n', 2, 1, "引号没有配对"),
        ("a: [1, }]\n", 1, 8, "这里缺一个值，或值的开头不能这样写（加上引号）"),
        ("  a: 1\nb: 2\n", 2, 1, "缩进不一致：这一行与前面的不在一层"),
        ("a: 1\n--- \nb: 1\n", 2, 1, "一个文件里只能有一份内容，不能用 --- 隔成几份"),
        ("a: - b\n", 1, 4, "这里不能用“- ”起一项"),
        ('a: "\\q"\n', 1, 5, "双引号里的反斜杠要写两个"),
        ("a: !甲\n", 1, 5, "值以叹号开头时要加引号"),
        ("a: !!x y\n", 1, 4, "值以叹号开头时要加引号"),
        ("a: |x\n  y\n", 1, 5, "不合 YAML 的格式（did not find expected comment or line break）"),
    ],
)  # fmt: skip
def test_each_fault_is_said_in_plain_words(text: str, line: int, column: int, said: str) -> None:
    problem = refused(text.encode())
    assert (problem.message, problem.place.line, problem.place.column) == (
        f"YAML 写法有误：{said}",
        line,
        column,
    )


def test_a_bomb_of_aliases_is_refused_before_it_unfolds() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    assert "锚点" in refused(f"l0: &l0 [x]\n{levels}".encode()).message


def test_a_huge_file_is_refused_unread() -> None:
    assert "超过上限" in refused(b"a" * (MAX_BYTES + 1)).message


def test_an_ampersand_in_prose_is_no_anchor() -> None:
    assert read("a: 研发&服务\nb: 'A &B'\nc: 2 * 3\n").data["a"] == "研发&服务"


def test_positions_of_values_keys_and_what_is_missing() -> None:
    document = read("a:\n  - {k: 1, w: 2}\n  - k: 3\n")
    assert document.locate(("a", 0, "w")) == (2, 15)
    assert document.locate(("a", 0, "w"), key=True) == (2, 12)
    assert document.locate(("a", 1, "accumulate", "missing")) == (3, 5)
    assert document.excerpt(3) == "- k: 3"
    assert document.excerpt(99) == ""


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("t: >-\n  全年新增2家\n", 2, 7), ("t: 全年新增2家\n", 1, 8), ("t: '全年新增2家'\n", 1, 9)],
)
def test_a_place_inside_a_text(text: str, line: int, column: int) -> None:
    assert read(text).locate_in_text(("t",), 4) == (line, column)


@given(st.binary(max_size=200) | st.text(alphabet="a:-[]{}\n &*'\"|>#%\t中，0.", max_size=80).map(str.encode))
def test_no_bytes_whatever_raise(raw: bytes) -> None:
    assert isinstance(parse(raw), (Document, Finding))


VALUES = st.recursive(
    st.sampled_from(
        ["词", "16 亿美元", "yes", "true", "null", "~", "", "3", "0o17", "0x1F", "1_000", "1.50", "1e3", ".inf", "2023-06-30",
         "2023-06-30T10:00:00Z", "'3'", '"a\\u4e2d"', "!!str 3", "!!int '3'", "!!set {a}", "!own x", "on", "<<", "=", "1:30"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(one or '词' for one in some)}]"),
        st.lists(st.tuples(st.sampled_from(["a", "乙", "'a'", "1", "~", "<<", "true"]), inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "乙", "1", "<<"]), VALUES), min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_data_are_those_that_ruamel_makes(pairs: list[tuple[str, str]]) -> None:
    raw = "".join(f"{key}: {value}\n" for key, value in pairs).encode()
    with patch.object(Loader, "_plain", side_effect=UnusualYamlError):
        slow = parse(raw)
    quick = parse(raw)
    assert repr(quick) == repr(slow)


def test_a_reader_is_let_go_as_soon_as_it_has_read() -> None:
    """What refers to itself stays until the collector runs: memory would grow with the number of plan files."""
    gc.collect()
    gc.disable()
    try:
        parse(b"a: {b: [1, 2]}", "x.yaml")
        parse(b"a: 1\na: 2", "x.yaml")
        assert not [item for item in gc.get_objects() if isinstance(item, Loader)]
    finally:
        gc.enable()


def test_a_file_that_is_too_large_has_no_line() -> None:
    assert refused(b"x: 1\n" + b"#" * MAX_BYTES).place == Place()
    assert refused(b"x: 1\n" + b"#" * MAX_BYTES).code == "yaml"
