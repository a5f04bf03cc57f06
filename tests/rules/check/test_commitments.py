"""The quick look at a progress file and its quick reading change no finding: what is said is the same without them, word for word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.findings import Finding
from ledger.files import entryfile, fast_lines, parallel
from ledger.files.ledger import Ledger
from ledger.rules.check import check
from tests.rules.check.test_rules import CONFIG, GOOD, PROGRESS, TARGETS, TODAY

IDS = [f"01GZ{number:022d}" for number in range(12)]
FIGURES = st.sampled_from(
    ["2家", "3 家", "1.5亿美元", "2000万美元", "1亿元", "65 %", "0", "-2家", "约2家", "70%", "4.5 张/千人", "二十个", "", "x"]
)  # fmt: skip
TARGET_KEYS = st.sampled_from(
    ["capital", "listed", "listed", "star", "occupancy", "projects", "growth", "quality", "cost", "gone"]
)
SPOILS = st.sampled_from(
    ["", " ", "\r", "\n", '"', "}", "- {}\n", "2023-02-30", '"add": "9家", ', "null", "\ufeff"]
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, object]:
    """One line as the program writes it, honest or not."""
    row: dict[str, object] = {
        "id": draw(st.sampled_from(IDS)),
        "on": str(draw(st.dates(date(2022, 12, 20), date(2024, 1, 10)) | st.just(date(2023, 3, 31)))),
        "target": draw(TARGET_KEYS),
    }
    for name in draw(
        st.lists(st.sampled_from(["add", "add", "add", "total", "value", "benchmark", "step"]), max_size=2)
    ):
        row[name] = draw(FIGURES)
    if draw(st.integers(0, 5)) == 0:
        row["rank"] = draw(st.integers(1, 20))
        row |= {"of": 11} if draw(st.booleans()) else {}
    row["by"] = "张三"
    if draw(st.integers(0, 3)) == 0:
        row["note"] = draw(st.sampled_from(["核减", "说明：有", '引"号', "😀"]))
    for name in ("corrects", "voids"):
        if draw(st.integers(0, 12)) == 0:
            row |= {name: draw(st.sampled_from(IDS)), "reason": "笔误"}
    return row


HONEST = st.builds(
    lambda number, on, figure: {"id": IDS[number], "on": str(on), "target": "listed", "add": figure, "by": "张三"},
    st.integers(0, 11),
    st.dates(date(2023, 1, 1), TODAY),
    st.sampled_from(["2家", "3 家", "1000家", "0家"]),
)  # fmt: skip


def text_of(lines: list[dict[str, object]]) -> str:
    return "".join(f"- {json.dumps(line, ensure_ascii=False)}\n" for line in lines)


class Files:
    """A ledger with two commitments whose entries a test writes again and again."""

    other = PROGRESS.replace("01.yaml", "02.yaml")

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("data/ledger.yaml", CONFIG)
        self.write(TARGETS, GOOD)
        self.write(TARGETS.replace("01.yaml", "02.yaml"), GOOD.replace("金融办-01", "金融办-02"))
        self.ledger = Ledger.open(root)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def all_ways(self) -> list[tuple[Finding, ...]]:
        """Return the findings with the quick look, with the lines of the quick reader, and with those of the strict one."""
        with patch.object(fast_lines, "read_grouped", return_value=None):
            lines = check(self.ledger, TODAY)
            with patch.object(fast_lines, "read_quickly", return_value=None):
                strict = check(self.ledger, TODAY)
        return [check(self.ledger, TODAY), lines, strict]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("账本"))


@given(st.lists(rows(), max_size=7), st.lists(HONEST, max_size=5), SPOILS, st.floats(0, 1), st.integers(0, 9))
@settings(max_examples=150, deadline=None)
def test_what_is_quick_changes_no_finding(
    files: Files,
    any_lines: list[dict[str, object]],
    honest: list[dict[str, object]],
    spoil: str,
    where: float,
    cut: int,
) -> None:
    text = text_of(any_lines)
    place = int(where * len(text))
    files.write(PROGRESS, text[:place] + spoil + text[place + cut if spoil else place :])
    files.write(files.other, text_of(honest))
    quick, lines, strict = files.all_ways()
    assert quick == strict
    assert lines == strict


@given(st.lists(HONEST, min_size=1, max_size=8, unique_by=lambda one: one["id"]))
@settings(max_examples=50, deadline=None)
def test_an_honest_file_is_never_read_line_by_line(files: Files, lines: list[dict[str, object]]) -> None:
    files.write(PROGRESS, text_of(lines))
    files.write(files.other, text_of([lines[0] | {"id": "01GZ9999999999999999999999"}]))
    with (
        patch.object(fast_lines, "read_quickly", side_effect=AssertionError),
        patch.object(entryfile, "_validated", side_effect=AssertionError),
    ):
        assert check(files.ledger, TODAY) == ()


@contextmanager
def in_several_processes() -> Iterator[None]:
    with patch.object(parallel, "MIN_BYTES", 0):
        yield


def test_several_processes_find_the_same(files: Files) -> None:
    line = {"id": IDS[0], "on": "2023-03-31", "target": "listed", "add": "2家", "by": "张三"}
    files.write(PROGRESS, text_of([line, line | {"id": IDS[1], "target": "gone"}]))
    files.write(
        files.other, text_of([line | {"id": IDS[2]}, line, line | {"on": "2024-03-31", "id": IDS[3]}])
    )
    alone = check(files.ledger, TODAY)
    with in_several_processes():
        assert check(files.ledger, TODAY) == alone
    assert [(str(item.place), item.code) for item in alone] == [
        (f"{PROGRESS}:2:1", "target"),
        (f"{files.other}:2:1", "duplicate"),
        (f"{files.other}:3:1", "date"),
    ]


def test_two_files_that_claim_one_id_and_its_entries(tmp_path: Path) -> None:
    own = Files(tmp_path)
    own.write(TARGETS.replace("01.yaml", "02.yaml"), GOOD)
    own.write(
        PROGRESS,
        text_of([{"id": IDS[0], "on": "2023-03-31", "target": "listed", "add": "2家", "by": "张三"}]),
    )
    found = [(item.place.path, item.place.line, item.code) for item in check(own.ledger, TODAY)]
    second = TARGETS.replace("01.yaml", "02.yaml")
    assert found == [(second, 1, "duplicate"), (second, 1, "identity")]
    with in_several_processes():
        assert [(item.place.path, item.place.line, item.code) for item in check(own.ledger, TODAY)] == found
