"""The same 40 targets from every format that offices send."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ledger.documents import Material, bounds, read_file, word
from ledger.documents.pdf import plain_characters
from ledger.extract import draft

from . import makers

WORD = nsdecls("w")
OFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
BROWSER = pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")


def figures(material: Material) -> list[str]:
    targets = [target for row in material.rows for target in draft(row.text).targets]
    return sorted(f"{target.op} {target.value} {target.unit}" for target in targets if target.value)


def assert_whole(path: Path, *, tabled: bool = True) -> Material:
    material = read_file(path)
    assert figures(material) == sorted(makers.figures(makers.plan()))
    if tabled:
        assert [row.department for row in material.rows] == [department for department, _, _ in makers.plan()]
    return material


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (makers.docx, "计划.docx"), (makers.csv, "计划.csv"), (makers.text, "计划.txt"), (makers.html, "计划.xls"),
        (makers.sheetml, "计划.xls"), (makers.ofd, "计划.ofd"),
    ],
)  # fmt: skip
def test_formats_made_here(tmp_path: Path, make: Any, name: str) -> None:
    assert_whole(make(tmp_path / name))


def test_a_letter_and_a_page_of_markdown(tmp_path: Path) -> None:
    assert_whole(makers.letter(tmp_path / "计划.docx"), tabled=False)
    assert_whole(makers.markdown(tmp_path / "计划.md"), tabled=False)


def test_an_ofd_file_without_rules_is_read_as_text(tmp_path: Path) -> None:
    assert_whole(makers.ofd(tmp_path / "计划.ofd", ruled=False), tabled=False)


@pytest.mark.parametrize("layout", ["plain", "titled", "numbered", "turned", "hidden", "merged", "wrapped"])
def test_layouts_of_excel(tmp_path: Path, layout: str) -> None:
    material = assert_whole(makers.xlsx(tmp_path / "计划.xlsx", layout))
    assert bool(material.notices) == (layout == "hidden")


EVERY = pytest.mark.skipif(
    "LEDGER_ALL_FORMATS" not in os.environ, reason="LEDGER_ALL_FORMATS is not set: takes a minute"
)


@pytest.mark.slow
@OFFICE
def test_the_old_formats_of_an_office_program(tmp_path: Path) -> None:
    """A .doc, also as WPS writes it with a class id in its header, and an .xls with hidden columns, also as .et."""
    saved = makers.converted(makers.docx(tmp_path / "计划.docx"), "doc")
    assert_whole(saved)
    raw = bytearray(saved.read_bytes())
    raw[8:24] = bytes(range(1, 17))
    path = tmp_path / "计划.wps"
    path.write_bytes(bytes(raw))
    assert_whole(path)
    table = makers.converted(makers.xlsx(tmp_path / "表.xlsx", "hidden"), "xls")
    assert any("隐藏" in notice for notice in assert_whole(table).notices)
    assert assert_whole(
        table.rename(table.with_suffix(".et"))
    ).rows  # the first bytes tell, whatever the name


@pytest.mark.slow
@OFFICE
@EVERY
@pytest.mark.parametrize("ending", ["odt", "pdf"])
def test_word_formats_of_an_office_program(tmp_path: Path, ending: str) -> None:
    assert_whole(makers.converted(makers.docx(tmp_path / "计划.docx"), ending), tabled=ending != "pdf")


@pytest.mark.slow
@OFFICE
@EVERY
@pytest.mark.parametrize("ending", ["xls", "ods"])
@pytest.mark.parametrize("layout", ["merged", "hidden"])
def test_excel_formats_of_an_office_program(tmp_path: Path, ending: str, layout: str) -> None:
    material = assert_whole(makers.converted(makers.xlsx(tmp_path / "计划.xlsx", layout), ending))
    assert any("隐藏" in notice for notice in material.notices) == (layout == "hidden")


@pytest.mark.slow
@BROWSER
@EVERY
def test_a_pdf_of_chromium_has_its_radicals_mapped(tmp_path: Path) -> None:
    page = makers.html(tmp_path / "计划.html", "utf-8")
    assert_whole(makers.printed(page, tmp_path / "计划.pdf"), tabled=False)


def test_radicals_become_the_characters_they_stand_for() -> None:
    assert plain_characters("⼀⼆⼗⼯⾦⽤⽔⺠⻓⻔⼾⿈⾭㬵⺒ ①²㎡") == "一二十工金用水民长门户黄青胶巳 ①²㎡"


def document_of(tmp_path: Path, *parts: str) -> list[str]:
    """The paragraphs that are read of a Word file with these parts of XML in its body."""
    document = Document()
    for part in parts:
        document.element.body.insert(-1, parse_xml(part))
    path = tmp_path / "a.docx"
    document.save(str(path))
    parsed = word.read_docx(path.read_bytes(), "a.docx")
    return [*parsed.paragraphs, *parsed.notices]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_tracked_changes_are_read_as_they_were_meant(tmp_path: Path) -> None:
    part = (
        f"<w:p {WORD}>{run('新增上市公司')}<w:del w:id='1' w:author='a'><w:r><w:delText>5</w:delText></w:r></w:del>"
        f"<w:ins w:id='2' w:author='a'>{run('8')}</w:ins>{run('家')}</w:p>"
    )
    assert document_of(tmp_path, part) == ["新增上市公司8家"]


def test_hidden_and_struck_text_is_left_out_with_a_notice(tmp_path: Path) -> None:
    kept = run("20座", "<w:strike w:val='0'/>")
    words = run("新建") + run("50座，", "<w:vanish/>") + run("30座", "<w:strike/>") + kept
    hidden = f"<w:p {WORD}>{words}</w:p>"
    assert document_of(tmp_path, hidden) == [
        "新建20座",
        "有 1 处隐藏文字，没有读",
        "有 1 处划掉（删除线）的文字，没有读",
    ]


def test_content_controls_equations_and_ruby(tmp_path: Path) -> None:
    maths = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    control = f"<w:sdt {WORD}><w:sdtContent><w:p>{run('控件里的3个')}</w:p></w:sdtContent></w:sdt>"
    two_thirds = "<m:f><m:num><m:r><m:t>2</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den></m:f>"
    equation = f"<w:p {WORD} {maths}>{run('占比')}<m:oMath>{two_thirds}</m:oMath></w:p>"
    ruby = f"<w:p {WORD}><w:r><w:ruby><w:rt>{run('pin')}</w:rt><w:rubyBase>{run('拼')}</w:rubyBase></w:ruby></w:r></w:p>"
    assert document_of(tmp_path, control, equation, ruby) == ["控件里的3个", "占比2/3", "拼"]


def test_automatic_numbers_are_item_marks(tmp_path: Path) -> None:
    document = Document()
    for words in ("新建泵站5座", "清淤3公里"):
        document.add_paragraph(words, style="List Number")
    path = tmp_path / "a.docx"
    document.save(str(path))
    assert list(word.read_docx(path.read_bytes(), "a.docx").paragraphs) == ["1.新建泵站5座", "2.清淤3公里"]


def test_strict_open_xml_is_read_as_the_transitional(tmp_path: Path) -> None:
    import zipfile

    plain = makers.xlsx(tmp_path / "计划.xlsx")
    strict = tmp_path / "严格.xlsx"
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(strict, "w") as copy:
        for part in archive.infolist():
            words = archive.read(part)
            words = words.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/",
                b"http://purl.oclc.org/ooxml/spreadsheetml/",
            )
            words = words.replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/",
                b"http://purl.oclc.org/ooxml/officeDocument/",
            )
            copy.writestr(part.filename, words)
    assert b"purl.oclc.org" not in bounds.open_office_file(strict.read_bytes(), "a").getvalue()
    assert_whole(strict)


def test_escapes_that_openpyxl_leaves_in_texts(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(makers.HEADING))
    sheet.append(["水利局", "水利", "新建泵站5座_x000D_"])
    book.save(tmp_path / "a.xlsx")
    assert [row.text for row in read_file(tmp_path / "a.xlsx").rows] == ["新建泵站5座"]


def test_a_cell_with_a_line_separator_keeps_its_row_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("部门,承诺事项,年度目标\n水利局,水利,新建泵站5座\u2028清淤3公里\n", encoding="utf-8")
    (row,) = read_file(path).rows
    assert "清淤3公里" in row.text
