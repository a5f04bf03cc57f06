"""A filled form is read cell by cell: exact figures, what no figure can be taken from, and files that are none."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ledger.documents.form import Form, FormCell, address, read_form
from ledger.documents.model import UnreadableFileError


@pytest.fixture
def one(tmp_path: Path) -> Callable[..., FormCell]:
    """The cell B7 of a workbook with this value and number format, after a way through the file."""

    def read(value: Any, form: str = "General") -> FormCell:
        book = Workbook()
        book.active["B7"] = value
        book.active["B7"].number_format = form
        path = tmp_path / "表.xlsx"
        book.save(path)
        (page,) = read_form(path).pages
        return page.rows[7][2]

    return read


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (2, "General", "2"),
        (2.0, "0.00", "2"),
        (0.1 + 0.2, "General", "0.3"),  # as openpyxl writes it
        (0.29, "General", "0.29"),
        (123456789.12, "#,##0.00", "123456789.12"),
        (0.12, "0%", "12%"),
        (0.123, "0.0%", "12.3%"),
        (1e-7, "General", "0.0000001"),
        (-3.5, "General", "-3.5"),
        (10**18, "General", "1000000000000000000"),
        (5, "[DBNum2][$-804]G/通用格式", "5"),
    ],
)
def test_a_number_keeps_its_digits(one: Callable[..., FormCell], value: float, form: str, text: str) -> None:
    assert one(value, form) == FormCell("B7", "number", text)


@pytest.mark.parametrize("value", ["2家", "２家", "＝1+1", "+3", "-3%", "@SUM"])
def test_a_text_stays_a_text(one: Callable[..., FormCell], value: str) -> None:
    assert one(f" {value}\n") == FormCell("B7", "text", value)


def test_a_text_that_looks_like_a_formula_is_none(tmp_path: Path) -> None:
    book = Workbook()
    book.active["B7"] = "=1+1"
    book.active["B7"].data_type = "s"
    book.save(tmp_path / "表.xlsx")
    assert read_form(tmp_path / "表.xlsx").pages[0].rows[7][2] == FormCell("B7", "text", "=1+1")


@pytest.mark.parametrize("value", [date(2023, 6, 30), datetime(2023, 6, 30)])  # noqa: DTZ001
def test_a_date_is_a_date(one: Callable[..., FormCell], value: date) -> None:
    assert one(value, "yyyy-mm-dd") == FormCell("B7", "date", "2023-06-30", date(2023, 6, 30))


@pytest.mark.parametrize(
    ("value", "form", "found"),
    [
        ("=1+1", "General", "公式"),
        ('=HYPERLINK("http://x","2家")', "General", "公式"),
        ("#REF!", "General", "错误值"),
        (True, "General", "逻辑值真"),
        (time(9, 30), "h:mm", "时间"),
        (datetime(2023, 6, 30, 9), "yyyy-mm-dd h:mm", "带钟点"),  # noqa: DTZ001
        (1 / 3, "General", "除不尽"),
        (23000, "0.0,", "存的是"),
        ("长" * 20_001, "General", "20001 字"),
    ],
)
def test_what_no_figure_can_be_taken_from(
    one: Callable[..., FormCell], value: Any, form: str, found: str
) -> None:
    cell = one(value, form)
    assert (cell.kind, cell.place) == ("unfit", "B7")
    assert found in cell.text
    assert cell.mend


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_separated_text_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "表.csv").write_bytes('目标,数量\n\n"上市，公司",2家\n'.encode(encoding))
    (page,) = read_form(tmp_path / "表.csv").pages
    assert page.rows[1][2] == FormCell("B1", "text", "数量")
    assert page.rows[3] == {1: FormCell("A3", "text", "上市，公司"), 2: FormCell("B3", "text", "2家")}


def test_hidden_sheets_are_apart_and_joined_rows_are_named(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "看得见"
    book.active.merge_cells("A1:C2")
    book.active.merge_cells("A4:C4")
    hidden = book.create_sheet("_x")
    hidden["A1"] = "k"
    hidden.sheet_state = "veryHidden"
    book.save(tmp_path / "表.xlsx")
    form = read_form(tmp_path / "表.xlsx")
    assert [page.joined for page in form.pages] == [(("A1:C2", 1, 2, 1, 3),)]
    assert form.hidden["_x"].rows[1][1].text == "k"


def _zip(**parts: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "."), content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("表.xls", b"x", "这种格式读不了"),
        ("表.pdf", b"x", "不是表格文件"),
        ("表", b"x", "没有扩展名"),
        ("表.xlsx", b"", "空文件"),
        ("表.csv", b"", "空文件"),
        ("表.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "加了密码"),
        ("表.xlsx", "目标,数量".encode(), "损坏"),
        ("表.xlsx", _zip(a__xml=b"<a/>"), "不是完好的"),
        ("表.xlsx", _zip(a__xml=b"<!DOCTYPE a>"), "文档类型声明"),
        ("表.xlsx", _zip(a__xml=b" " * (41 * 1024 * 1024)), "超过上限"),
    ],
)
def test_a_file_that_is_no_form_is_refused(tmp_path: Path, name: str, raw: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(UnreadableFileError, match=why):
        read_form(tmp_path / name)


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    book = Workbook()
    for _ in range(5001):
        book.active.append(["x"])
    book.save(tmp_path / "表.xlsx")
    with pytest.raises(UnreadableFileError, match="5000 行"):
        read_form(tmp_path / "表.xlsx")


def test_a_page_without_anything_has_no_rows(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "表.xlsx")
    assert read_form(tmp_path / "表.xlsx") == Form("表.xlsx", read_form(tmp_path / "表.xlsx").pages)
    assert read_form(tmp_path / "表.xlsx").pages[0].rows == {}


@pytest.mark.parametrize(("column", "name"), [(1, "A1"), (26, "Z1"), (27, "AA1"), (703, "AAA1")])
def test_cells_are_named_as_office_programs_do(column: int, name: str) -> None:
    assert address(1, column) == name
