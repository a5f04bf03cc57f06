"""`ledger bulletin`: the month in the words of a 通报, as Word by a template and as Markdown, with nothing left unsaid."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from tests.conftest import World

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture
def reported(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-12")
    for report in (
        ("金融办", "listed", "1家", "--on", "2023-06-30"),
        ("金融办", "green", "3%", "--on", "2023-06-30"),
        ("金融办", "quality", "第5位", "--of", "11", "--on", "2023-06-30"),
        ("商务局", "overseas", "3亿美元", "--on", "2023-06-30"),
    ):
        done = world("log", *report)
        assert done.code == 0, done.err
    return world


def markdown(world: World, *arguments: str) -> str:
    done = world("bulletin", "--month", "2023-06", "-o", "通报.md", *arguments)
    assert (done.code, done.err) == (0, ""), done.err
    return world.read("通报.md")


def words_of(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def word(world: World, *arguments: str) -> str:
    done = world("bulletin", "--month", "2023-06", "-o", "通报.docx", *arguments)
    assert (done.code, done.err) == (0, ""), done.err
    return words_of(world.root / "通报.docx")


def test_the_sentences_name_the_laggards_and_what_is_missing(reported: World) -> None:
    text = markdown(reported)
    assert text.startswith("# 关于2023年6月份承诺事项进展情况的通报\n")
    assert "截至2023年6月30日，2个部门的2项承诺事项共10个目标中，已达标1个" in text
    assert "落后于序时进度的有：绿色贷款增幅（落后75.0个百分点）、新增上市公司（落后32.9个百分点）" in text
    missing = text.partition("### 应报未报")[2].partition("###")[0]
    assert "新增制造业中长期贷款" in missing
    assert "实到外资" in missing
    assert "新增上市公司" not in missing
    unknown = text.partition("### 无法判断")[2].partition("## 五")[0]
    assert "信贷资产质量" in unknown
    assert "差2位" in unknown
    assert "未封账，数字还可能改动" in text
    assert "商务局" in text.partition("由内容推断，待确认：")[2].partition("\n")[0]


def test_word_and_markdown_tell_the_same(reported: World) -> None:
    in_word, in_markdown = word(reported), markdown(reported)
    for sentence in re.findall(r"^\*\*.+?\*\*：(.+)$", in_markdown, re.MULTILINE):
        assert sentence.replace("\\", "") in in_word
    rows = [line.strip("| ").split(" | ") for line in in_markdown.splitlines() if line.startswith("| ")]
    cells = {cell.strip().replace("\\", "") for row in rows for cell in row}
    left_out = {cell for cell in cells if cell and cell not in in_word}
    assert left_out <= {"未计入"}


def test_no_tag_of_the_template_is_left_and_fonts_are_the_offices(reported: World) -> None:
    assert "{" not in word(reported)
    with ZipFile(reported.root / "通报.docx") as file:
        body, fonts = file.read("word/document.xml").decode(), file.read("word/fontTable.xml").decode()
    for name in ("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"):
        assert f'w:eastAsia="{name}"' in body
        assert re.search(rf'w:name="{name}"><w:altName w:val="[^"]+', fonts)


def test_the_seal_of_the_month_is_printed_in_full_view(reported: World) -> None:
    reported("seal", "2023-05", "--local")
    assert "未封账" in markdown(reported), "May's seal says nothing of June"
    done = reported("seal", "2023-06", "--local")
    assert done.code == 0, done.err
    tag = reported.git("rev-parse", "refs/tags/seal/2023-06").strip()
    assert f"2023-06 封账号 {tag[:12]}" in markdown(reported)
    assert f"2023-06 封账号 {tag[:12]}" in word(reported)


def test_simulated_data_is_marked_on_every_page(reported: World) -> None:
    assert "模拟数据" not in word(reported)
    reported.write("data/ledger.yaml", reported.read("data/ledger.yaml") + "simulated: true\n")
    assert "模拟数据" in word(reported)
    header = Document(str(reported.root / "通报.docx")).sections[0].header.paragraphs[0].text
    assert header == "模拟数据，不是真实进度"
    assert "> **模拟数据" in markdown(reported)


def test_the_office_edits_a_copy_of_the_template(reported: World) -> None:
    assert reported("bulletin", "--save-template", "模板.docx").code == 0
    document = Document(str(reported.root / "模板.docx"))
    document.add_paragraph("抄送：{{ 部门数 }} 个部门")
    document.save(str(reported.root / "模板.docx"))
    assert "抄送：2 个部门" in word(reported, "--template", "模板.docx")
    assert "抄送" not in word(reported)
    (reported.root / "templates").mkdir()
    shutil.copy(reported.root / "模板.docx", reported.root / "templates/通报.docx")
    assert "抄送：2 个部门" in word(reported), "the ledger's own template is taken by itself"


@pytest.mark.parametrize("spoil", ["unknown", "syntax", "no word", "absent"])
def test_a_template_that_cannot_be_filled_is_refused(reported: World, spoil: str) -> None:
    path = reported.root / "模板.docx"
    document = Document()
    document.add_paragraph("{{ 不认得的名字 }}" if spoil == "unknown" else "{% for %}")
    document.save(str(path))
    if spoil == "no word":
        path.write_text("不是文档", encoding="utf-8")
    elif spoil == "absent":
        path.unlink()
    done = reported("bulletin", "--month", "2023-06", "-o", "通报.docx", "--template", "模板.docx")
    assert done.code == 1
    assert "模板.docx 用不了" in done.err
    assert "--save-template" in done.err
    assert not (reported.root / "通报.docx").exists()


def test_hostile_names_stay_text(reported: World) -> None:
    path = "data/targets/2023/金融办/01.yaml"
    name = "a|b <w:t> & {{ 年 }} *c*"
    reported.write(path, reported.read(path).replace("name: 新增上市公司", f"name: '{name}'"))
    reported.commit_all("改名")
    assert name in word(reported)
    assert r"a\|b \<w:t\> \& \{\{ 年 \}\} \*c\*" in markdown(reported)


def test_a_month_ahead_is_refused_and_a_running_one_ends_today(
    reported: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-06-15")
    assert "截至2023年6月15日" in markdown(reported)
    done = reported("bulletin", "--month", "2023-07", "-o", "通报.md")
    assert done.code == 2
    assert "还没有开始" in done.err


@pytest.mark.parametrize("arguments", [(), ("-o", "通报.pdf"), ("-o", "通报")])
def test_only_word_and_markdown(reported: World, arguments: tuple[str, ...]) -> None:
    done = reported("bulletin", "--month", "2023-06", *arguments)
    assert done.code == 2
    assert ".docx" in done.err


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed on this machine")
def test_libreoffice_opens_it(reported: World, tmp_path: Path) -> None:
    word(reported)
    assert SOFFICE is not None
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(reported.root / "通报.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pdf = tmp_path / "通报.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-")
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("it was converted, but pdftotext is not installed to read it")
    text = subprocess.run([reader, "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    assert "关于2023年6月份承诺事项进展情况的通报" in re.sub(r"\s", "", text)
    assert "绿色贷款增幅" in text
