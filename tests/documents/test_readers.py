"""Plans as offices send them: Word, Excel, PDF, text; columns in any order; and files that nobody should open."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter

from ledger.core.errors import LedgerError
from ledger.documents import bounds, read_file

HEAD = ("评定难度", "年度目标", "部门", "承诺事项")
ROWS = [("", "新建泵站5座。", "水利局", "水利建设"), ("难", "清淤3公里，\n办结率95%。", "水利局", "河道清淤")]


def word(path: Path, *, table: bool = True) -> Path:
    document = Document()
    document.add_heading("年度承诺", 1)
    if table:
        grid = document.add_table(rows=1, cols=4)
        for cell, text in zip(grid.rows[0].cells, HEAD, strict=True):
            cell.text = text
        for row in ROWS:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
        grid.cell(1, 2).merge(grid.cell(2, 2)).text = "水利局"
    else:
        for _, text, *_ in ROWS:
            document.add_paragraph(text)
    document.save(str(path))
    return path


def excel(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2023年度承诺"])
    sheet.merge_cells("A1:D1")
    sheet.append(HEAD)
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("C3:C4")
    hidden = book.create_sheet("旧稿")
    hidden.sheet_state = "hidden"
    hidden.append(["不要读"])
    book.save(path)
    return path


def rows_of(path: Path) -> list[tuple[str, str, str]]:
    return [(row.department, row.title, row.text.replace("\n", "")) for row in read_file(path).rows]


TABLED = [("水利局", "水利建设", "新建泵站5座。"), ("水利局", "河道清淤", "清淤3公里，办结率95%。")]


def test_a_word_table_with_merged_cells(tmp_path: Path) -> None:
    assert rows_of(word(tmp_path / "计划.docx")) == TABLED


def test_word_paragraphs(tmp_path: Path) -> None:
    rows = read_file(word(tmp_path / "计划.docx", table=False)).rows
    assert [row.text.replace("\n", "") for row in rows][-2:] == ["新建泵站5座。", "清淤3公里，办结率95%。"]


def test_an_excel_sheet_with_merged_cells_and_a_hidden_one(tmp_path: Path) -> None:
    path = excel(tmp_path / "计划.xlsx")
    assert rows_of(path) == TABLED
    assert any("“旧稿”是隐藏的，没有读" in notice for notice in read_file(path).notices)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "计划.csv"
    lines = [",".join(HEAD), ",新建泵站5座。,水利局,水利建设"]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    assert rows_of(path) == TABLED[:1]


def test_text_in_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "计划.txt"
    path.write_bytes("新建泵站5座。\n\n清淤3公里。\n".encode("gb18030"))
    assert [row.text for row in read_file(path).rows] == ["新建泵站5座。", "清淤3公里。"]


def converted(source: Path, ending: str) -> Path:
    """The file as LibreOffice saves it, in a folder beside it."""
    out = source.parent / "另存"
    home = f"-env:UserInstallation=file://{source.parent}/profile"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", ending, "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out / f"{source.stem}.{ending}"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_pdf_made_by_an_office_program(tmp_path: Path) -> None:
    source = word(tmp_path / "计划.docx", table=False)
    material = read_file(converted(source, "pdf"))
    assert "新建泵站5座。" in "".join(row.text for row in material.rows).replace(" ", "")
    assert any("请逐段对照原件" in notice for notice in material.notices)


def test_numbers_come_as_people_see_them(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append(["", 0.125, "水利局", 1.1])
    sheet["B2"].number_format = "0.0%"
    sheet.append(["", date(2023, 6, 30), "水利局", 3.0])
    book.save(tmp_path / "计划.xlsx")
    assert rows_of(tmp_path / "计划.xlsx") == [("水利局", "1.1", "12.5%"), ("水利局", "3", "2023-06-30")]


def refused(path: Path) -> str:
    with pytest.raises(LedgerError) as caught:
        read_file(path)
    assert caught.value.hint
    return caught.value.message


def archive(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as stream:
        for name, content in parts.items():
            stream.writestr(name.replace("__", "/") + ".xml", content)
    return path


def formula(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append(["", '="新建泵站"&(2+3)&"座。"', "水利局", "水利建设"])
    book.save(path)
    return path


def test_a_formula_nobody_worked_out_is_not_taken_for_an_empty_plan(tmp_path: Path) -> None:
    assert "第2行：没有年度目标" in refused(formula(tmp_path / "计划.xlsx"))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_formula_that_an_office_program_worked_out_is_read_by_its_value(tmp_path: Path) -> None:
    saved = converted(formula(tmp_path / "计划.xlsx"), "xlsx")
    assert rows_of(saved) == [("水利局", "水利建设", "新建泵站5座。")]


def test_rubbish_under_every_name(tmp_path: Path) -> None:
    for ending in (".docx", ".xlsx", ".pdf"):
        path = tmp_path / f"计划{ending}"
        path.write_bytes(b"\x00\x01rubbish" * 50)
        assert "不是完好的" in refused(path) or "损坏" in refused(path)


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_a_file_cut_short(tmp_path: Path, ending: str) -> None:
    whole = (word if ending == ".docx" else excel)(tmp_path / f"整{ending}")
    half = tmp_path / f"半{ending}"
    half.write_bytes(whole.read_bytes()[:-200])
    assert "损坏" in refused(half)


def test_an_archive_that_unpacks_without_end(tmp_path: Path) -> None:
    path = archive(tmp_path / "炸弹.docx", word__document=b" " * (bounds.MAX_PART + 1))
    assert path.stat().st_size < 100_000
    assert "超过上限" in refused(path)


def test_xml_that_grows(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert "含有文档类型声明" in refused(archive(tmp_path / "炸弹.xlsx", xl__workbook=bomb))


def test_too_many_parts(tmp_path: Path) -> None:
    parts = {f"p{number}": b"" for number in range(bounds.MAX_PARTS + 1)}
    assert "超过上限" in refused(archive(tmp_path / "碎.docx", **parts))


def test_an_archive_that_is_no_office_file(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", a=b"<a/>")
    for ending in (".docx", ".xlsx"):
        assert "不是完好的" in refused(path.rename(tmp_path / f"a{ending}"))
        path = tmp_path / f"a{ending}"
    assert "是压缩包" in refused(path.rename(tmp_path / "a.txt"))


@pytest.mark.parametrize(
    ("name", "raw", "way_out"),
    [
        ("计划.rtf", b"{\\rtf1\\ansi }", ".docx"),
        ("计划.doc", b"{\\rtf1\\ansi }", ".docx"),
        ("计划.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related;", ".xlsx"),
        ("计划.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related;", ".xlsx"),
        (
            "计划.uof",
            b"<?xml version='1.0'?><uof:UOF xmlns:uof='http://schemas.uof.org/cn/2003/uof'/>",
            ".docx",
        ),
        ("计划.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "文字识别"),
        ("计划.docx", b"\xff\xd8\xff\xe0" + b"0" * 50, "文字识别"),
    ],
)
def test_what_is_not_read_says_what_to_do(tmp_path: Path, name: str, raw: bytes, way_out: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(LedgerError) as caught:
        read_file(path)
    assert way_out in caught.value.hint


def test_a_binary_workbook_is_known_by_its_parts(tmp_path: Path) -> None:
    path = tmp_path / "计划.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
    assert "是 .xlsb" in refused(path)


@pytest.mark.parametrize("ending", [".doc", ".xls", ".et", ".wps", ".ods", ".odt", ".ofd"])
def test_an_empty_file_under_any_name_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"计划{ending}"
    path.write_bytes(b"")
    assert refused(path)


def test_an_office_file_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "计划.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert "加了密码" in refused(path)


def test_pdfs_with_a_password_without_words_or_too_long(tmp_path: Path) -> None:
    def pdf(pages: int, password: str = "") -> Path:
        writer = PdfWriter()
        for _ in range(pages):
            writer.add_blank_page(72, 72)
        if password:
            writer.encrypt(password, algorithm="RC4-128")
        path = tmp_path / "计划.pdf"
        with path.open("wb") as stream:
            writer.write(stream)
        return path

    assert "加了密码" in refused(pdf(1, "秘密"))
    assert "没有文字" in refused(pdf(1))
    assert "超过 200 页" in refused(pdf(201))
    assert len(PdfReader(io.BytesIO(pdf(2).read_bytes())).pages) == 2


def test_a_file_of_a_hundred_megabytes_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "大.docx"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    assert "超过上限" in refused(path)


def test_nothing_in_it(tmp_path: Path) -> None:
    path = tmp_path / "空.txt"
    path.write_text(" \n\n", encoding="utf-8")
    assert "一个字也没有" in refused(path)
    assert refused(tmp_path / "没有.docx")


def test_a_sheet_of_too_many_rows(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("表")
    sheet.append(HEAD)
    for _ in range(bounds.MAX_ROWS + 1):
        sheet.append(ROWS[0])
    book.save(tmp_path / "长.xlsx")
    assert f"超过 {bounds.MAX_ROWS} 行" in refused(tmp_path / "长.xlsx")
