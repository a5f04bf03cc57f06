"""Listings written to files: xlsx with numbers as numbers, CSV that Excel reads as UTF-8."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger.render.outfile import OutputFileError, write_file
from tests.conftest import World

LISTINGS = (("status",), ("rank",), ("due", "--month", "2023-06"), ("history", "金融办-01"))


@pytest.fixture
def reported(world: World) -> World:
    world("log", "金融办", "listed", "2家", "--on", "2023-06-30")
    world("log", "金融办", "loans", "50亿元", "--on", "2023-06-30", "--note", "=1+1")
    return world


@pytest.mark.parametrize("words", LISTINGS)
def test_every_listing_is_a_workbook_with_frozen_filtered_and_printed_headings(
    reported: World, words: tuple[str, ...]
) -> None:
    done = reported(*words, "--format", "xlsx", "-o", "表.xlsx")
    assert (reported.root / "表.xlsx").is_file(), done.err
    sheet = load_workbook(reported.root / "表.xlsx").active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.print_title_rows == "$1:$1"
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]


def test_numbers_are_numbers_with_their_formats(reported: World) -> None:
    reported("status", "--as-of", "2023-06-30", "-o", "进度.xlsx")
    rows = list(load_workbook(reported.root / "进度.xlsx").active.iter_rows())
    titles = [cell.value for cell in rows[0]]
    row = next(row for row in rows if row[titles.index("代号")].value == "listed")
    share = row[titles.index("完成率")]
    assert (share.value, share.number_format) == (0.333333, "0.0%")
    assert row[titles.index("记录数")].value == 1
    assert row[titles.index("类别")].value == "累计"


def test_dates_are_dates_and_formulas_stay_text(reported: World) -> None:
    reported("history", "金融办-01", "-o", "记录.xlsx")
    rows = list(load_workbook(reported.root / "记录.xlsx").active.iter_rows(values_only=True))
    assert rows[1][rows[0].index("数据日期")].date() == date(2023, 6, 30)
    assert "=1+1" in [row[rows[0].index("说明")] for row in rows]


def test_csv_in_a_file_begins_with_a_byte_order_mark_and_holds_decimals(reported: World) -> None:
    reported("status", "--as-of", "2023-06-30", "-o", "进度.csv")
    text = (reported.root / "进度.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    row = next(
        row for row in csv.DictReader(io.StringIO(text.decode("utf-8-sig"))) if row["代号"] == "listed"
    )
    assert (row["完成率"], row["完成率（精确分数）"]) == ("0.333333", "3分之1")


def test_csv_on_the_standard_output_has_a_byte_order_mark_on_request(reported: World) -> None:
    assert not reported("status", "--format", "csv").out.startswith("\ufeff")
    assert reported("status", "--format", "csv", "--bom").out.startswith("\ufeff")


@pytest.mark.parametrize(
    "options", [("--format", "xlsx"), ("--format", "xlsx", "-o", "表.csv"), ("-o", "表.pdf")]
)
def test_a_format_without_its_file_is_refused(reported: World, options: tuple[str, ...]) -> None:
    assert reported("status", *options).code == 2


def test_a_failed_write_leaves_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "进度.xlsx").mkdir()
    with pytest.raises(OutputFileError):
        write_file(tmp_path / "进度.xlsx", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["进度.xlsx"]
