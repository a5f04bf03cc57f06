"""`ledger bulletin`: the month in the words of a 通报, as Word by a template and as Markdown, with nothing left unsaid."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from ledger.commands.bulletin import bulletin
from ledger.core.progress.report import Query
from ledger.files.ledger import Ledger
from ledger.render.docx import docx
from ledger.render.views.bulletin import content
from tests.conftest import World
from tests.paths import REPOSITORY

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
    assert done.code == 0, done.err
    return world.read("通报.md")


def words_of(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def word(world: World, *arguments: str) -> str:
    done = world("bulletin", "--month", "2023-06", "-o", "通报.docx", *arguments)
    assert done.code == 0, done.err
    return words_of(world.root / "通报.docx")


def test_the_sentences_name_the_laggards_and_what_is_missing(reported: World) -> None:
    text = markdown(reported)
    assert text.startswith("# 关于2023年6月份承诺事项进展情况的通报\n")
    assert "截至2023年6月30日，2个部门共承担承诺事项2项、目标10项" in text
    assert "已达标1项" in text
    assert (
        "落后于序时进度的目标是“绿色贷款增幅”（落后75.0个百分点）、“新增上市公司”（落后16.7个百分点）" in text
    )
    assert "1\\. 金融办“绿色贷款增幅”。目标值" in text
    tables = dict(re.findall(r"## 附件\d　(.+)\n\n((?:\|.*\n)+)", text))
    assert "新增制造业中长期贷款" in tables["未报送目标明细表"]
    assert "实到外资" in tables["未报送目标明细表"]
    assert "新增上市公司" not in tables["未报送目标明细表"]
    assert "信贷资产质量" in tables["暂无法判断的目标及原因"]
    assert "差2位" in tables["暂无法判断的目标及原因"]
    assert "数据尚未封账，以封账数为准" in text
    assert "商务局" in text.partition("责任单位系初步认定，待核实：")[2].partition("\n")[0]


def test_the_change_since_the_month_before_is_told(reported: World) -> None:
    reported("log", "金融办", "listed", "3家", "--on", "2023-07-10")
    done = reported("bulletin", "--month", "2023-07", "-o", "七月.md")
    assert done.code == 0, done.err
    text = reported.read("七月.md")
    assert "与上月底相比，1项目标改善" in text
    assert "没有转差的目标。" in text
    assert not re.search("(?<!\\d)0项", text)
    assert re.search(
        r"金融办。\*\*承担承诺事项1项、目标\d+项，完成率[0-9.]+%，较上月提高[0-9.]+个百分点", text
    )


@pytest.mark.parametrize("form", ["md", "docx"])
def test_no_command_file_commit_english_or_iso_date_stands_in_it(reported: World, form: str) -> None:
    text = markdown(reported) if form == "md" else word(reported)
    assert not re.search(r"ledger|data/|[0-9a-f]{8,}|\d{4}-\d\d|--", text.replace("---", ""))
    assert not re.findall(r"[A-Za-z]{2,}", text)


def test_word_and_markdown_tell_the_same(reported: World) -> None:
    in_word, in_markdown = word(reported), markdown(reported).replace("\\", "")
    for sentence in re.findall(r"^\*\*.+?\*\*(.+)$", in_markdown, re.MULTILINE):
        assert sentence in in_word
    rows = [line.strip("| ").split(" | ") for line in in_markdown.splitlines() if line.startswith("| ")]
    assert not {cell.strip() for row in rows for cell in row if cell.strip() not in in_word}


def test_head_and_foot_are_of_the_ledger_or_the_options(reported: World) -> None:
    assert "文件" not in word(reported)
    config = "bulletin: {issuer: 湖州市督查室, number: 湖督〔2023〕6号, copies: 市委办公室}\n"
    reported.write("data/ledger.yaml", reported.read("data/ledger.yaml") + config)
    text = word(reported, "--number", "湖督〔2023〕7号", "--signer", "张三")
    for part in (
        "湖州市督查室文件",
        "湖督〔2023〕7号",
        "签发人：张三",
        "抄送：市委办公室。",
        "2023年7月12日印发",
    ):
        assert part in text
    assert "湖州市督查室\n关于2023年6月份承诺事项进展情况的通报" in text


def test_no_tag_of_the_template_is_left_and_fonts_are_the_offices(reported: World) -> None:
    assert "{" not in word(reported)
    with ZipFile(reported.root / "通报.docx") as file:
        body, fonts = file.read("word/styles.xml").decode(), file.read("word/fontTable.xml").decode()
    for name in ("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"):
        assert f'w:eastAsia="{name}"' in body
        assert re.search(rf'w:name="{name}"><w:altName w:val="[^"]+', fonts)


def test_the_seal_of_the_month_is_printed_in_full_view(reported: World) -> None:
    reported("seal", "2023-05", "--local")
    assert "尚未封账" in markdown(reported), "May's seal says nothing of June"
    done = reported("seal", "2023-06", "--local")
    assert done.code == 0, done.err
    tag = reported.git("rev-parse", "refs/tags/seal/2023-06").strip()
    assert f"核验码：{tag[:12]}" in markdown(reported)
    assert f"核验码：{tag[:12]}" in word(reported)


def test_simulated_data_is_marked_on_every_page(reported: World) -> None:
    assert "模拟数据" not in word(reported)
    reported.write("data/ledger.yaml", reported.read("data/ledger.yaml") + "simulated: true\n")
    assert "模拟数据" in word(reported)
    header = Document(str(reported.root / "通报.docx")).sections[0].header.paragraphs[0].text
    assert header == "模拟数据，不是真实进度"
    assert "> **本通报全部进度均为演示而生成的模拟数据" in markdown(reported)


def test_the_office_edits_a_copy_of_the_template(reported: World) -> None:
    assert reported("bulletin", "--save-template", "模板.docx").code == 0
    document = Document(str(reported.root / "模板.docx"))
    document.add_paragraph("共通报 {{ 部门数 }} 个部门")
    document.save(str(reported.root / "模板.docx"))
    assert "共通报 2 个部门" in word(reported, "--template", "模板.docx")
    assert "共通报" not in word(reported)
    (reported.root / "templates").mkdir()
    shutil.copy(reported.root / "模板.docx", reported.root / "templates/通报.docx")
    assert "共通报 2 个部门" in word(reported), "the ledger's own template is taken by itself"


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
    assert "模板.docx 无法使用" in done.err
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


def pages_of(document: bytes, folder: Path) -> list[list[str]]:
    """The lines of each page, as LibreOffice sets them."""
    if SOFFICE is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice (soffice) or pdftotext is not installed on this machine")
    (folder / "通报.docx").write_bytes(document)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    subprocess.run(
        [
            SOFFICE,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(folder / "通报.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    read = ["pdftotext", "-layout", str(folder / "通报.pdf"), "-"]
    text = subprocess.run(read, check=True, capture_output=True).stdout.decode()
    return [[line.strip() for line in page.splitlines() if line.strip()] for page in text.split("\f")]


@pytest.mark.slow
def test_a_page_holds_22_lines_of_28_characters(tmp_path: Path) -> None:
    empty: dict[str, object] = dict.fromkeys(
        (
            "发文机关",
            "发文字号",
            "签发",
            "主送",
            "抄送",
            "印发机关",
            "核验码",
            "标题",
            "印发日期",
            "其余滞后",
            "差距名",
        ),
        "",
    )
    empty |= {
        key: []
        for key in (
            "总体情况",
            "部门们",
            "重点滞后",
            "滞后",
            "未报",
            "措施",
            "退回",
            "待评定",
            "无法判断",
            "附件",
            "报送情况",
            "说明",
        )
    }
    empty |= {"模拟": False, "附件号": {}, "附件名": {}}
    page = pages_of(docx({**empty, "总述": "国" * 28 * 60}), tmp_path)[1]
    *lines, number = page
    assert [len(line) for line in lines] == [28] * 22
    assert re.sub(r"\s", "", number) == "—2—"


@pytest.mark.slow
def test_libreoffice_sets_the_head_the_text_and_the_foot(reported: World, tmp_path: Path) -> None:
    word(reported, "--issuer", "湖州市督查室", "--number", "湖督〔2023〕6号", "--copies", "市委办公室")
    pages = pages_of((reported.root / "通报.docx").read_bytes(), tmp_path)
    first = [re.sub(r"\s", "", line) for line in pages[0]]
    assert first[:2] == ["湖州市督查室文件", "湖督〔2023〕6号"]
    assert first[2:4] == ["湖州市督查室", "关于2023年6月份承诺事项进展情况的通报"], "no word broken"
    assert first[-1] == "—1—"
    last = [re.sub(r"\s", "", line) for page in pages for line in page]
    assert "抄送：市委办公室。" in last
    assert "湖州市督查室2023年7月12日印发" in last
    assert "附件1" in last
    assert "100.0%" in "".join(last), "of the growth rate, which is due whole on every day"
    assert not [line for line in last if line in {"%", "元", "个", "号"}], "no figure broken within its cell"


def test_turns_are_counted_as_changes_and_the_page_count_them(reported: World) -> None:
    for day, amount in (("2023-05-31", "15%"), ("2023-06-30", "10%")):
        assert reported("log", "金融办", "faster", amount, "--benchmark", "12%", "--on", day).code == 0
    assert reported("log", "金融办", "loans", "70亿元", "--on", "2023-05-31").code == 0
    options = ("--from", "2023-05-31", "--to", "2023-06-30", "--format", "json")
    kinds = [change["kind"] for change in json.loads(reported("changes", *options).out)["changes"]]
    worse, better = kinds.count("worse"), kinds.count("better")
    assert worse >= 1, "met in May, not to be judged in June"
    assert f"，{better}项目标改善，{worse}项目标转差" in markdown(reported)
    assert reported("report", "--as-of", "2023-06-30", "-o", "报告.html").code == 0
    assert f"较上月转差 {worse} 项" in reported.read("报告.html")


def test_a_completion_that_is_not_known_is_said_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-12")
    text = markdown(world)
    assert "平均完成率暂无法计算" in text
    assert re.search("目标8项，完成率暂无法计算[，。]", text)
    assert "率—" not in text


def test_every_name_of_a_template_is_documented(reported: World) -> None:
    page = (REPOSITORY / "docs/guide/bulletin.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([^`{ ]+)`", page.partition("可用的名字：")[2]))
    ledger = Ledger.open(reported.root)
    query, today = Query(2023, date(2023, 6, 30)), date(2023, 7, 12)
    names = content(bulletin(ledger, query, date(2023, 6, 30), today))
    assert names.keys() <= documented
    assert {
        name
        for rows in names.values()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, dict)
        for name in row
    } <= documented
