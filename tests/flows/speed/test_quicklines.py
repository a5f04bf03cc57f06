"""The quick reader gives what the strict reader gives, or nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.models import Entry
from ledger.core.models.base import fields_of
from ledger.core.progress.entries import figures_of
from ledger.files.entryfile import encode, read_progress
from ledger.files.fast_lines import FastEntry, Grouped, read_grouped, read_quickly
from ledger.files.ids import new_id

IDS = [new_id() for _ in range(6)]
TEXT = st.one_of(
    st.sampled_from(
        [
            "2家",
            "1.5亿元",
            "",
            " ",
            '"',
            "\\",
            "a: b",
            '", "by": "x',
            "\u2028",
            "\x7f",
            "😀",
            "\t",
            "第3位",
            "\n",
        ]
    ),
    st.text(max_size=6).filter(lambda text: all(not 0xD800 <= ord(item) <= 0xDFFF for item in text)),
)
KEYS = st.sampled_from(["listed", "t1", "a-b", "目标", "T1"])


def optional(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


ENTRIES = st.builds(
    Entry,
    id=st.sampled_from(IDS),
    on=st.dates(date(2023, 1, 1), date(2023, 12, 31)),
    target=KEYS,
    add=optional(TEXT),
    total=st.none() | st.none() | TEXT,
    value=st.none() | st.none() | TEXT,
    benchmark=st.none() | TEXT,
    step=st.none() | TEXT,
    rank=optional(st.integers(1, 10**10)),
    of=optional(st.integers(1, 40)),
    verdict=st.none() | st.none() | st.sampled_from(["met", "unmet"]),
    by=TEXT.filter(bool),
    note=optional(TEXT),
    evidence=st.lists(TEXT, max_size=3).map(tuple),
    corrects=st.none() | st.none() | st.sampled_from(IDS),
    simulated=st.none() | st.just("模拟数据"),
)
SPOILS = [
    "",
    " ",
    "\r",
    "\0",
    "\ufeff",
    "- {}\n",
    "- [",
    "}",
    ",",
    '"',
    '"on": ',
    "2023-02-30",
    '"add": "9家", ',
    '"x": 1, ',
    "null",
    "\n",
    "{",
]


def compare(raw: bytes) -> bool:
    """Whether the quick reader took the file; where it did, what it read must be what the strict one reads."""
    quick = read_quickly(raw)
    if quick is None:
        assert read_grouped(raw) is None
        return False
    journal = read_progress("x.yaml", raw)
    compare_grouped(raw, journal.entries)
    assert not journal.findings
    assert len(quick) == len(journal.entries)
    for one, strict in zip(quick, journal.entries, strict=True):
        assert all(getattr(one, name) == getattr(strict, name) for name in FastEntry._fields), (one, strict)
    return True


def compare_grouped(raw: bytes, strict: Sequence[Entry]) -> None:
    """What is read target by target, where it is, must be the strict reader's entries of each target."""
    grouped = read_grouped(raw)
    if grouped is None:
        return
    assert grouped.joined_ids.split(" ") == [item.id for item in strict]
    assert grouped.last_id == max(item.id for item in strict)
    assert (grouped.first, grouped.last) == (min(item.on for item in strict), max(item.on for item in strict))
    compare_targets(grouped, strict)
    for day in {item.on for item in strict} | {date.min, date.max}:
        known, until = grouped.until(day), [item for item in strict if item.on <= day]
        assert (known is None) == (not until)
        if known is not None:
            assert known.joined_ids.split(" ") == [item.id for item in until]
            assert (known.first, known.last) == (
                min(item.on for item in until),
                max(item.on for item in until),
            )
            compare_targets(known, until)


def compare_targets(grouped: Grouped, strict: Sequence[Entry]) -> None:
    assert set(grouped.targets) == {item.target for item in strict}
    for target in grouped.targets:
        own = sorted((item for item in strict if item.target == target), key=lambda one: one.on)
        lines = grouped.lines(target)
        assert [[getattr(line, name) for name in FastEntry._fields] for line in lines] == [
            [getattr(item, name) for name in FastEntry._fields] for item in own
        ]
        assert all(item.corrects is None and item.voids is None for item in own)
        assert grouped.last_of(target) == max(item.on for item in own)
        only = all(item.add and figures_of(item) == {"add"} for item in own)
        assert grouped.increments(target) == ([item.add for item in own] if only else None)


@given(st.lists(ENTRIES, max_size=5))
@settings(max_examples=200, deadline=None)
def test_whatever_the_program_writes_is_read_quickly_and_alike(entries: list[Entry]) -> None:
    assert compare("".join(map(encode, entries)).encode())


@given(
    st.lists(ENTRIES, min_size=1, max_size=3), st.sampled_from(SPOILS), st.floats(0, 1), st.integers(0, 12)
)
@settings(max_examples=300, deadline=None)
def test_a_spoilt_file_is_read_alike_or_left_to_the_strict_reader(
    entries: list[Entry], spoil: str, where: float, cut: int
) -> None:
    text = "".join(map(encode, entries))
    place = int(where * len(text))
    compare((text[:place] + spoil + text[place + cut :]).encode())


def line(**fields: object) -> str:
    row = {"id": IDS[0], "on": "2023-03-31", "target": "listed", "add": "2家", "by": "张三", **fields}
    keys = [
        *(key for key in fields_of(Entry) if key in row),
        *(key for key in row if key not in fields_of(Entry)),
    ]
    kept = {key: row[key] for key in keys if row[key] is not None}
    return "- " + json.dumps(kept, ensure_ascii=False) + "\n"


def test_the_usual_lines_take_the_quick_way() -> None:
    usual = [
        line(),
        line(add=None, total="3家", note="上半年"),
        line(evidence=["文号〔2023〕1号", "https://example.gov.cn/1"], simulated="模拟数据"),
        line(add=None),
    ]
    found = read_quickly("".join(usual).encode())
    assert found is not None
    assert read_grouped("".join(usual).replace(IDS[0], IDS[1], 1).encode()) is None, "one id three times"
    assert {type(item) for item in found} == {FastEntry}
    assert [item.on for item in found] == [date(2023, 3, 31)] * 4


@pytest.mark.parametrize(
    "bad",
    [
        line(on="2023-02-30"),
        line(on="2023-2-3"),
        line(x="1"),
        line(add=2),
        line(by=""),
        line(id="123"),
        line(evidence="文号"),
        line(rank=0),
        line().replace('"by"', '"add": "3家", "by"'),
        line().replace('"by"', '"add" : "3家", "by"'),
        line().rstrip("\n"),
        line() + "\n" + line(),
        "\ufeff" + line(),
        line().replace("\n", "\r\n"),
        "# 手写\n" + line(),
        line()[:-2],
        '- {"id": 1}, {"id": 2}\n',
    ],
)
def test_whatever_is_wrong_or_unusual_is_left_to_the_strict_reader(bad: str) -> None:
    assert read_quickly(bad.encode()) is None
    assert read_grouped(bad.encode()) is None


def test_bytes_that_are_no_text_are_left_to_the_strict_reader() -> None:
    assert read_quickly(line().encode("gbk")) is None


def test_lines_of_different_ids_are_taken_target_by_target() -> None:
    rows = [
        line(),
        line(target="t2", add="3家", note="补报"),
        line(add="4家"),
        line(target="t3", total="5家"),
    ]
    text = "".join(row.replace(IDS[0], IDS[number]) for number, row in enumerate(rows))
    grouped = read_grouped(text.encode())
    assert grouped is not None
    assert {key: grouped.increments(key) for key in grouped.targets} == {
        "listed": ["2家", "4家"],
        "t2": ["3家"],
        "t3": None,
    }
    compare_grouped(text.encode(), read_progress("x.yaml", text.encode()).entries)
