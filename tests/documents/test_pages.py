"""What is no part of a plan on its pages: headers, footers, addresses, annotations, hidden styles, reviews of the year before."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from docx import Document
from docx.oxml import parse_xml

from ledger.commands.plan_import import year_of
from ledger.core.quantity import numerals
from ledger.documents import Material, Row, pages, pdf, read_file, word
from ledger.documents.read import read_text
from ledger.extract import draft

from . import makers
from .test_formats import BROWSER, WORD, figures, run


def test_running_titles_numbers_and_addresses_are_left_out() -> None:
    bodies = ["一、经济\n1.新建道路3公里", "2.新建桥梁5座\n30套保障房", "3.改造小区8个"]
    printed = [
        f"2025/1/{number} 14:0{number} 某县2025年计划\n{body}\nfile:///D:/%E8%AE%A1%88%.html {number}/3"
        for number, body in enumerate(bodies, start=1)
    ]
    kept, dropped = pages.without_furniture(printed)
    assert kept == bodies
    assert len(dropped) == 6
    titled = [f"某县2025年目标任务\n{body}\n- {number} -" for number, body in enumerate(bodies, start=1)]
    assert pages.without_furniture(titled)[0] == bodies


def test_a_single_page_keeps_its_lines() -> None:
    page = "某县2025年目标任务\n新建道路\n3\n公里"
    assert pages.without_furniture([page]) == ([page], [])


@pytest.mark.slow
@BROWSER
def test_a_page_printed_with_header_and_footer(tmp_path: Path) -> None:
    page = makers.html(tmp_path / "计划%88%.html", "utf-8")
    material = read_file(makers.printed(page, tmp_path / "计划.pdf", furniture=True))
    assert figures(material) == sorted(makers.figures(makers.plan()))
    assert any("页眉" in notice for notice in material.notices)


def test_an_address_holds_no_figures() -> None:
    text = "详见 http://www.x.gov.cn/a?q=%E4%88%25&n=30家 新建道路3公里。"
    result = draft(text)
    assert [(target.value, target.unit) for target in result.targets] == [("3", "公里")]
    spans = [part.span for part in (*result.targets, *result.context)]
    assert all(any(a <= n.start and n.end <= b for a, b in spans) for n in numerals(text))


def test_two_readings_of_a_page_that_differ_are_told() -> None:
    class Page:
        def extract_text(self, *, extraction_mode: str = "plain") -> str:
            return "同比下降 5％， “四上”" if extraction_mode == "layout" else "下降5“四上”％"

    (notice,) = pdf._second_reading(SimpleNamespace(pages=[Page()]), ["下降5“四上”％"])
    assert "5%" in notice


def test_text_hidden_by_its_style_is_left_out(tmp_path: Path) -> None:
    document = Document()
    styles = document.styles.element
    styles.append(
        parse_xml(
            f"<w:style {WORD} w:type='character' w:styleId='Gone'><w:name w:val='Gone'/><w:rPr><w:vanish/></w:rPr></w:style>"
        )
    )
    styles.append(
        parse_xml(
            f"<w:style {WORD} w:type='character' w:styleId='Heir'><w:name w:val='Heir'/><w:basedOn w:val='Gone'/></w:style>"
        )
    )
    words = run("新建") + run("50座，", "<w:rStyle w:val='Heir'/>") + run("20座", "<w:vanish w:val='0'/>")
    document.element.body.insert(-1, parse_xml(f"<w:p {WORD}>{words}</w:p>"))
    document.save(str(tmp_path / "a.docx"))
    parsed = word.read_docx((tmp_path / "a.docx").read_bytes(), "a.docx")
    assert parsed.paragraphs == ("新建20座",)
    assert parsed.notices == ("有 1 处隐藏文字，没有读",)


def test_annotations_of_an_ofd_file_are_kept_and_told_watermarks_are_not(tmp_path: Path) -> None:
    path = makers.ofd(tmp_path / "a.ofd", ruled=False)
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    notes = "".join(
        f'<ofd:Annot Type="{kind}"><ofd:Appearance><ofd:TextObject><ofd:TextCode>{words}</ofd:TextCode></ofd:TextObject>'
        "</ofd:Appearance></ofd:Annot>"
        for kind, words in (("Watermark", "内部资料99份"), ("Highlight", "新增托位77个。"))
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "Doc_0/Annots/Page_0/Annotation.xml", f"<ofd:PageAnnot {space}>{notes}</ofd:PageAnnot>"
        )
    material = read_file(path)
    words = "".join(row.text for row in material.rows)
    assert "77个" in words
    assert "99份" not in words
    assert any("批注" in notice for notice in material.notices)


REPORT = """某县2025年政府工作报告

一、2024年工作回顾
2024年，全县生产总值402亿元，增长6.1%。
（一）产业升级取得成效。新增规上企业45家。
二、2025年工作安排
地区生产总值增长6.5%左右。
（一）做强实体经济。新增规上企业50家。
"""


def test_the_review_of_the_year_before_states_no_goals() -> None:
    material = read_text(REPORT, "报告.txt")
    assert figures_of(material) == ["about 6.5 %", "reach 50 家"]
    assert any("回顾上年" in notice for notice in material.notices)
    listed = [item.quote for row in material.rows if row.past for item in draft(row.text, past=True).context]
    assert {"402亿元", "6.1%", "45家"} <= set(listed)


def figures_of(material: Material) -> list[str]:
    return [
        f"{target.op} {target.value} {target.unit}"
        for row in material.rows
        for target in draft(row.text, year=2025, past=row.past).targets
        if target.value
    ]


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("2024年工作总结和2025年工作计划", 2025), ("2025年目标责任书", 2025), ("2024年完成情况及2025年目标", 2025),
        ("指标\t2024年基数\t2025年目标", 2025), ("到2027年，森林覆盖率达到60%", None), ("某局2023年度工作要点", 2023),
    ],
)  # fmt: skip
def test_the_year_of_a_plan_is_the_one_it_is_for(words: str, year: int | None) -> None:
    assert year_of(Material("计划.txt", (Row("第1段", words),))) == year


def test_a_unit_above_a_table_in_text_is_its_unit() -> None:
    material = read_text("工业目标任务表\n单位：亿元\n指标\t目标值\n工业投资\t30\n技改投资\t12\n", "a.txt")
    assert figures_of(material) == ["reach 30 亿元", "reach 12 亿元"]


def test_a_row_without_its_goal_is_named_and_the_rest_read() -> None:
    text = "项目名称\t目标任务\t责任单位\n道路\t新建道路3公里\t交通局\n桥梁\t\t交通局\n"
    material = read_text(text, "a.txt")
    assert figures_of(material) == ["reach 3 公里"]
    assert any("桥梁" in notice and "没有读" in notice for notice in material.notices)


def test_the_review_in_one_text_states_no_goals_either() -> None:
    result = draft(REPORT, year=2025)
    assert [f"{target.op} {target.value} {target.unit}" for target in result.targets] == [
        "about 6.5 %",
        "reach 50 家",
    ]
    left_out = {item.quote: item.span for item in result.context}
    assert {"402亿元", "6.1%", "45家"} <= set(left_out)
    assert all(REPORT[a:b] == quote for quote, (a, b) in left_out.items())


def test_words_before_a_colon_are_no_heading() -> None:
    assert draft("工作情况：\n新建道路3公里。\n工作成效：新建桥梁2座。").targets[0].value == "3"
