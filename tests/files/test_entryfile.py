"""Entries as lines: what is written is read back the same by every reader, and every fault has its place."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.findings import Finding, Place
from ledger.core.models.entries import Entry
from ledger.files.entryfile import check_canonical, encode, read_line, read_progress
from ledger.files.fast_lines import read_quickly
from ledger.files.yaml_reader import Document, parse

A, B, C = ("01GWW01980" + "0" * 15 + digit for digit in "ABC")
ONE = f'- {{"id": "{A}", "on": "2023-03-31", "target": "listed", "add": "2 家", "by": "张三"}}\n'
TWO = f'- {{"id": "{B}", "on": "2023-04-30", "target": "listed", "total": "3 家", "by": "李四"}}\n'


def found(text: str | bytes) -> list[tuple[int, int, str]]:
    raw = text.encode() if isinstance(text, str) else text
    return [
        (finding.place.line, finding.place.column, finding.code)
        for finding in read_progress("p.yaml", raw).findings
    ]


def canonical(raw: bytes) -> list[tuple[int, str]]:
    return [(item.place.line, item.code) for item in check_canonical(read_progress("p", raw), raw)]


def test_one_entry_is_one_line_without_its_empty_fields() -> None:
    entry = Entry(id=A, on=date(2023, 3, 31), target="listed", add="2 家", by="张三")
    assert encode(entry) == ONE


def test_every_field_comes_back() -> None:
    entry = Entry(
        id=A, on=date(2023, 3, 31), target="listed", rank=3, of=11, by="张三", note="完成: 80%，[a] # b",
        evidence=("湖金办〔2023〕5号", "https://example.gov.cn/a?b#c"), corrects=B, reason="笔误", late=True,
        simulated="模拟数据",
    )  # fmt: skip
    journal = read_progress("p.yaml", encode(entry).encode())
    assert journal.entries == (entry,)
    assert journal.findings == ()


def test_lines_are_numbered() -> None:
    journal = read_progress("p.yaml", (ONE + TWO).encode())
    assert [entry.id for entry in journal.entries] == [A, B]
    assert journal.lines == (1, 2)


def test_two_files_put_together_are_a_file() -> None:
    assert read_progress("p", (ONE + "" + TWO).encode()).entries == (
        *read_progress("p", ONE.encode()).entries,
        *read_progress("p", TWO.encode()).entries,
    )


@pytest.mark.parametrize("text", ["", "# 还没有\n"])
def test_an_empty_file_has_no_entries_and_no_faults(text: str) -> None:
    journal = read_progress("p", text.encode())
    assert (journal.entries, journal.findings) == ((), ())


_hostile = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\x00\x7f\x85\x9f\u2028\u2029\ufeff\ufffe\uffff\n\r\t\"'\\:#-[]{}&*!|>%@`：，"),
    ),
    min_size=1,
    max_size=20,
)


@given(note=_hostile, by=_hostile, evidence=st.lists(_hostile, max_size=3))
@settings(max_examples=400, deadline=None)
def test_any_text_comes_back_from_json_and_from_yaml(note: str, by: str, evidence: list[str]) -> None:
    entry = Entry(
        id=A, on=date(2023, 3, 31), target="listed", add="1家", by=by, note=note, evidence=tuple(evidence)
    )
    line = encode(entry)
    assert line.count("\n") == 1
    assert len(line.splitlines()) == 1
    assert read_progress("p", line.encode()).entries == (entry,)
    document = parse(line.encode())
    assert isinstance(document, Document)
    assert document.data == [json.loads(line[2:])]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (ONE + TWO.replace('"2023-04-30"', '^"2023-02-30"'), "schema"),
        (ONE + TWO.replace('"2023-04-30"', '^"20230430"'), "schema"),
        (ONE + TWO.replace('"2023-04-30"', "^1680264000"), "schema"),
        (ONE + TWO.replace('"3 家"', "^3"), "schema"),
        (ONE + TWO.replace('"3 家"', "^NaN"), "schema"),
        (ONE + TWO.replace('"3 家"', "^1e3"), "schema"),
        (ONE + TWO.replace('"3 家"', '^{"a": 1}'), "schema"),
        (ONE + TWO.replace('"total": "3 家"', '"rank": ^"3"'), "schema"),
        (ONE + TWO.replace('"total": "3 家"', '"rank": ^true'), "schema"),
        (ONE + TWO.replace('"total": "3 家"', '"rank": ^2.0'), "schema"),
        (ONE + TWO.replace('"total"', '^"totl"'), "schema"),
        (ONE + TWO.replace('"total"', '^"target"'), "schema"),
        (ONE + TWO.replace(f'"{B}"', "^17"), "schema"),
        (ONE + TWO.replace('"by": "李四"', '"by": ^""'), "schema"),
        (ONE + TWO.replace("- {", "^- {").replace(', "by": "李四"', ""), "schema"),
        (ONE + "- ^3\n", "schema"),
        ("^a: 1\n", "schema"),
        (ONE + "^<<<<<<< HEAD\n" + TWO, "conflict"),
        (ONE + "^" + TWO[:60], "torn"),
        (ONE + "^- ", "torn"),
        ("^\ufeff" + ONE, "encoding"),
        (ONE + TWO.replace("\n", "^\r\n"), "encoding"),
        (ONE + TWO.replace("李", "^\0"), "encoding"),
    ],
)
def test_each_fault_has_its_place(text: str, rule: str) -> None:
    """The caret marks the place."""
    before = text.partition("^")[0]
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    assert found(text.replace("^", "")) == [(line, column, rule)]


@pytest.mark.parametrize("character", ["\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", r"\ud83d\ude00"])
def test_what_yaml_would_read_in_another_way_is_left_to_yaml(character: str) -> None:
    """The fast reader must not accept what other YAML readers refuse or fold: a file has one meaning."""
    text = TWO.replace("李四", f"李{character}四")
    assert read_line(text.rstrip("\n")) is None
    assert read_quickly((ONE + text).encode()) is None
    assert len(read_quickly((ONE + TWO).encode()) or ()) == 2


def test_an_unclosed_brace_is_found_before_the_end() -> None:
    assert [(line, rule) for line, _, rule in found(ONE + TWO[:-2] + "\n" + ONE)] == [(3, "yaml")]


def test_gbk_is_called_by_its_name() -> None:
    finding = read_progress("p", (ONE + TWO).encode("gb18030")).findings[0]
    assert (finding.place.line, finding.code) == (1, "encoding")
    assert "GBK" in finding.message


def test_sound_entries_beside_a_fault_are_still_read() -> None:
    journal = read_progress("p", (ONE + TWO.replace('"by"', '"bye"') + ONE.replace(A, C) + TWO[:50]).encode())
    assert [entry.id for entry in journal.entries] == [A, C]
    assert journal.lines == (1, 3)
    assert {finding.place.line for finding in journal.findings} == {2, 4}


@pytest.mark.parametrize(
    "text",
    [
        # Joined without care, each pair of lines would read as another pair of entries than YAML's.
        ONE[:-3].replace("2 家", "2 家}\n- {") + TWO,
        ONE[:-2] + ', "evidence": [{}\n- {}]}, ' + TWO[2:],
        "- {" + "[" * 100_000 + "}\n",
        "- {" + '"a":{' * 100_000 + "}\n",
        f'- {{"rank": {"9" * 10_000}}}\n',
    ],
)
def test_what_only_looks_canonical_is_refused(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (f"{ONE[:-1]}, {TWO[2:]}", 1, len(ONE)),
        (f"{ONE[:-1]},{TWO[2:]}", 1, len(ONE)),
        (f"{TWO}{ONE[:-1]}, {{}}\n", 2, len(ONE)),
        (ONE[:-2] + ', "evidence": [{}\n- {}]}\n', 2, 1),
    ],
    ids=["two entries", "two without a space", "an empty one behind", "one over two lines"],
)
def test_as_many_entries_as_lines_or_yaml_says_where_not(text: str, line: int, column: int) -> None:
    """Joined, the lines are sound JSON with more or fewer objects than lines: a number would not be that of its line."""
    progress = read_progress("p", text.encode())
    assert (progress.entries, progress.lines) == ((), ())
    assert found(text) == [(line, column, "yaml")]


def test_a_large_file_is_not_read_as_written_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.files.yaml_reader.MAX_BYTES", len(ONE))
    for odd in ("# 说明", "- 3", f"- id: {A}", "  x: 1", ONE[:-1].replace("2023-03-31", "2023-02-30")):
        text = f"{ONE}\n{odd}\n{TWO}"
        progress = read_progress("p", text.encode())
        message = (
            f"这一行不是程序写下的格式，而文件有 {len(text.encode())} 字节，太大，不能当作手写的文件来读"
        )
        hint = "git log -p -- p 查看是哪次提交改的这一行，恢复它原来的写法"
        assert progress.entries == ()
        assert progress.findings == (Finding("form", message, hint, Place("p", 3, 1), excerpt=odd[:120]),)


def test_a_text_over_two_lines_is_what_yaml_makes_of_it() -> None:
    text = ONE[:-2] + ', "note": "x}\n- {y"}\n' + TWO
    journal = read_progress("p", text.encode())
    assert [entry.note for entry in journal.entries] == ["x} - {y", None]
    assert journal.lines == (1, 3)


def test_hand_written_yaml_is_read_and_reported_as_such() -> None:
    text = f"- id: {A}\n  on: 2023-03-31\n  target: listed\n  add: 2 家\n  by: 张三\n" + TWO
    journal = read_progress("p", text.encode())
    assert [(entry.id, line) for entry, line in zip(journal.entries, journal.lines, strict=True)] == [
        (A, 1),
        (B, 6),
    ]
    assert journal.entries[0].on == date(2023, 3, 31)
    assert journal.findings == ()
    assert canonical(text.encode()) == [(1, "form")]


@pytest.mark.parametrize(
    ("text", "key", "line", "column"),
    [
        (f"- id: {A}\n  on: 2023-03-31\n  target: listed\n  ad: 2 家\n  by: 张三\n", "ad", 4, 3),
        (f"- id: {A}\n  on: 2023-03-31 10:00:00\n  target: listed\n  by: 张三\n", "on", 2, 7),
        (f"- id: {A}\n  on: 2023-03-31\n  target: listed\n  add: 2\n  by: 张三\n", "add", 4, 8),
    ],
)
def test_faults_in_hand_written_yaml_have_their_place(text: str, key: str, line: int, column: int) -> None:
    findings = read_progress("p", text.encode()).findings
    assert [(finding.place.line, finding.place.column) for finding in findings] == [(line, column)]
    assert key in findings[0].message


def test_a_missing_last_newline_is_readable_and_reported() -> None:
    journal = read_progress("p", (ONE + TWO[:-1]).encode())
    assert len(journal.entries) == 2
    assert journal.findings == ()
    assert canonical((ONE + TWO[:-1]).encode()) == [(2, "form")]


def test_the_program_s_own_lines_have_nothing_against_them() -> None:
    assert canonical((ONE + TWO).encode()) == []
    assert canonical(b"- {") == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (ONE + "\n" + TWO, [2]),
        ("# 说明\n" + ONE, [1]),
        (ONE + "# 说明\n# 又一行\n" + TWO, [2]),
        (ONE.replace(", ", ",") + TWO, []),
        (ONE + TWO + "\n", [3]),
        (f"- id: {A}\n  on: 2023-03-31\n  target: listed\n  add: 2 家\n  by: 张三\n" * 1 + "\n" + TWO, [1]),
    ],
)
def test_what_is_not_one_entry_a_line_is_reported_once(text: str, lines: list[int]) -> None:
    assert canonical(text.encode()) == [(line, "form") for line in lines]


@given(
    st.binary(max_size=80) | st.text(max_size=80).map(lambda tail: (ONE + tail).encode("utf-8", "replace"))
)
@settings(max_examples=500, deadline=None)
def test_no_bytes_raise(raw: bytes) -> None:
    read_progress("p", raw)
    canonical(raw)


@given(st.integers(0, len((ONE + TWO).encode()) - 1), st.binary(min_size=1, max_size=3))
@settings(max_examples=500, deadline=None)
def test_a_mutated_file_is_read_as_yaml_reads_it_or_refused(at: int, patch: bytes) -> None:
    """Property: whenever the fast reader accepts a file, the YAML reader sees the same ids in the same order."""
    raw = (ONE + TWO).encode()
    raw = raw[:at] + patch + raw[at + len(patch) :]
    journal = read_progress("p", raw)
    if journal.findings:
        return
    document = parse(raw)
    assert isinstance(document, Document)
    assert [row["id"] for row in document.data or []] == [entry.id for entry in journal.entries]
