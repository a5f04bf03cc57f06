"""The bundled Word template of a bulletin, in the layout of official papers; the office saves a copy and edits that.

Fonts are named as the office has them (方正小标宋简体, 仿宋_GB2312 …); beside each the file names the font to take where it is
missing. Knows the names in `views.bulletin`, no values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TITLE, BODY, HEAD, SUBHEAD = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
FALLBACKS = {
    TITLE: "小标宋,华文中宋,宋体,Noto Serif CJK SC",
    BODY: "仿宋,华文仿宋,Noto Serif CJK SC",
    HEAD: "SimHei,微软雅黑,Noto Sans CJK SC",
    SUBHEAD: "楷体,华文楷体,Noto Serif CJK SC",
}
RED = RGBColor(0xC0, 0x00, 0x00)
TWO, THREE, SMALL = Pt(22), Pt(16), Pt(9)
"""二号、三号 and the size of tables."""
LINE = Pt(28)
WIDE = 30
"""Millimetres from which a column holds running text, set to the left; narrower ones are centred."""

OVERVIEW = (
    ("位次", "位次", 11), ("部门", "名称", 23), ("承诺", "承诺", 11), ("目标", "目标", 11), ("完成率", "完成率", 16),
    ("已达标", "已达标", 14), ("正常", "正常", 12), ("滞后", "滞后", 12), ("严重滞后", "严重滞后", 17),
    ("未报", "未报", 12), ("无法判断", "无法判断", 17),
)  # fmt: skip
LAGGARDS = (
    ("亮灯", "亮灯", 16), ("编号", "编号", 25), ("目标", "目标", 32), ("目标值", "目标值", 20), ("现在", "现在", 20),
    ("完成", "完成", 15), ("序时", "序时", 15), ("{{ 差距名 }}", "差距", 13),
)  # fmt: skip
MISSING = (("部门", "部门", 24), ("应报", "应报", 12), ("未报", "未报", 12), ("目标", "目标", 108))
UNKNOWN = (("编号", "编号", 26), ("目标", "目标", 50), ("原因", "原因", 80))
REVIEWS = (("部门", "部门", 30), ("编号", "编号", 36), ("目标", "目标", 90))


def template_bytes() -> bytes:
    """Return the template as a .docx file."""
    document = Document()
    _page(document)
    _title(document)
    _paragraph(document, "各有关部门：", indent=False)
    _paragraph(document, "{{ 总述 }}现将有关情况通报如下。")
    _heading(document, "一、总体情况")
    _table(document, "部门们", OVERVIEW)
    _paragraph(
        document,
        "完成率为各承诺的平均，单个目标封顶100%；无法计算的不计入。没有数据不等于零。",
        size=Pt(10.5),
    )
    _heading(document, "二、各部门进展")
    _paragraph(document, "{%p for 行 in 部门们 %}")
    sentence = _paragraph(document, "{{ 行.名称 }}：", font=SUBHEAD)
    _run(sentence, "{{ 行.进展 }}", BODY, THREE)
    _paragraph(document, "{%p endfor %}")
    _heading(document, "三、落后于序时进度的目标")
    _listed(document, "滞后", LAGGARDS, "没有。")
    _heading(document, "四、未报和无法判断的目标")
    _paragraph(document, "（一）应于{{ 报送期限 }}前报送而未报的", font=SUBHEAD, keep=True)
    _listed(document, "未报", MISSING, "都已报齐。")
    _paragraph(document, "（二）待督查评定的", font=SUBHEAD, keep=True)
    _listed(document, "待评定", REVIEWS, "没有。")
    _paragraph(document, "（三）无法判断的及原因", font=SUBHEAD, keep=True)
    _listed(document, "无法判断", UNKNOWN, "没有。")
    _heading(document, "五、数据说明")
    _paragraph(
        document,
        "数据截至{{ 截至 }}（含当天）。封账：{{ 封账 }}。审计：{{ 审计 }}。依据提交：{{ 依据提交 }}。",
    )
    _paragraph(document, "{%p if 推断 %}")
    _paragraph(document, "以下部门由内容推断，待确认：{{ 推断|join('、') }}。")
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "（印发单位）", align=WD_ALIGN_PARAGRAPH.RIGHT, before=LINE)
    _paragraph(document, "{{ 印发日期 }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    _name_fallbacks(document)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _page(document: Any) -> None:
    """Set A4 with the margins of GB/T 9704, the header that marks simulated data, and page numbers."""
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.size = THREE
    _fonts(style.element.get_or_add_rPr(), BODY)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # or a program without these fonts picks Japanese shapes
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(header, "{% if 模拟 %}模拟数据，不是真实进度{% endif %}", HEAD, Pt(12)).font.color.rgb = RED
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(footer, "— ", BODY, Pt(14))
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = _run(footer, "", BODY, Pt(14))
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    _run(footer, " —", BODY, Pt(14))


def _title(document: Any) -> None:
    title = _paragraph(
        document, "{{ 标题 }}", font=TITLE, size=TWO, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False
    )
    title.paragraph_format.line_spacing = Pt(34)
    _paragraph(document, "{%p if 模拟 %}")
    mark = _paragraph(
        document, "（{{ 模拟说明 }}）", font=HEAD, size=Pt(12), align=WD_ALIGN_PARAGRAPH.CENTER, indent=False
    )
    mark.runs[0].font.color.rgb = RED
    _paragraph(document, "{%p endif %}")
    title.paragraph_format.space_after = Pt(14)


def _heading(document: Any, text: str) -> None:
    _paragraph(document, text, font=HEAD, keep=True, before=Pt(8))


def _paragraph(
    document: Any,
    text: str,
    *,
    font: str = BODY,
    size: Any = THREE,
    align: Any = None,
    indent: bool = True,
    keep: bool = False,
    before: Any = None,
) -> Any:
    made = document.add_paragraph()
    layout = made.paragraph_format
    layout.alignment = align
    layout.line_spacing, layout.space_after, layout.space_before = LINE, Pt(0), before or Pt(0)
    layout.keep_with_next = keep
    if indent and align is None:
        layout.first_line_indent = size * 2
    _run(made, text, font, size)
    return made


def _run(paragraph: Any, text: str, font: str, size: Any) -> Any:
    run = paragraph.add_run(text)
    run.font.size = size
    _fonts(run._r.get_or_add_rPr(), font)
    return run


def _fonts(properties: Any, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def _listed(document: Any, rows: str, columns: Sequence[tuple[str, str, int]], empty: str) -> None:
    _paragraph(document, f"{{%p if {rows} %}}")
    _table(document, rows, columns)
    _paragraph(document, "{%p else %}")
    _paragraph(document, empty)
    _paragraph(document, "{%p endif %}")


def _table(document: Any, rows: str, columns: Sequence[tuple[str, str, int]]) -> None:
    """Add a table with a heading that repeats on every page and a row that docxtpl repeats for each of `rows`."""
    table = document.add_table(rows=4, cols=len(columns))
    table.style = document.styles["Table Grid"]
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(table)
    head, begin, body, end = table.rows
    for row, flag in ((head, "w:tblHeader"), (head, "w:cantSplit"), (body, "w:cantSplit")):
        row._tr.get_or_add_trPr().append(OxmlElement(flag))
    _cell(begin.cells[0], f"{{%tr for 行 in {rows} %}}")
    _cell(end.cells[0], "{%tr endfor %}")
    for number, (title, name, width) in enumerate(columns):
        _cell(head.cells[number], title, HEAD)
        left = WD_ALIGN_PARAGRAPH.LEFT if width >= WIDE else WD_ALIGN_PARAGRAPH.CENTER
        _cell(body.cells[number], f"{{{{ 行.{name} }}}}", align=left)
        table.columns[number].width = Mm(width)
        for row in table.rows:
            row.cells[number].width = Mm(width)


def _narrow_margins(table: Any) -> None:
    """Leave 1 mm beside the text of a cell in place of 1.9: 严重滞后 then stands in one line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), "57")
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)  # the order that the schema wants


def _cell(cell: Any, text: str, font: str = BODY, align: Any = WD_ALIGN_PARAGRAPH.CENTER) -> None:
    paragraph = cell.paragraphs[0]
    layout = paragraph.paragraph_format
    layout.line_spacing, layout.alignment = Pt(14), align
    _run(paragraph, text, font, SMALL)


def _name_fallbacks(document: Any) -> None:
    """Name beside each font the one to take where it is missing (`w:altName`), in the file's font table."""
    part = next(one for one in document.part.package.iter_parts() if one.partname == "/word/fontTable.xml")
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    part._blob = re.sub(r"</w:fonts>\s*$", entries + "</w:fonts>", part.blob.decode("utf-8")).encode("utf-8")
