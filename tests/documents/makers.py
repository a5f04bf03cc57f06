"""One plan of 40 targets, written in every format that offices send."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from html import escape
from pathlib import Path

from docx import Document
from openpyxl import Workbook

DEPARTMENTS = ("发改局", "经信局", "教育局", "民政局")
HEADING = ("部门", "承诺事项", "年度目标")


def plan() -> list[tuple[str, str, str]]:
    """The rows: department, title, text with two targets each."""
    rows = []
    for number in range(20):
        department = DEPARTMENTS[number // 5]
        rise, fall = 120 + number, 30 - number
        text = f"新建改造管网{rise}公里；投诉办理时限压缩至{fall + 1}天以内。"
        rows.append((department, f"第{'一二三四五六七八九十'[number % 10]}项民生工程", text))
    return rows


def figures(rows: list[tuple[str, str, str]]) -> list[str]:
    """The figures a reader has to find, as they stand in the rows."""
    expected = []
    for number in range(len(rows)):
        expected += [f"reach {120 + number} 公里", f"at_most {30 - number + 1} 天"]
    return expected


def docx(path: Path) -> Path:
    document = Document()
    document.add_heading("年度承诺", 1)
    table = document.add_table(rows=1, cols=3)
    for cell, words in zip(table.rows[0].cells, HEADING, strict=True):
        cell.text = words
    for row in plan():
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.save(str(path))
    return path


def letter(path: Path) -> Path:
    """The plan in paragraphs."""
    document = Document()
    for _, title, text in plan():
        document.add_paragraph(f"{title}：{text}")
    document.save(str(path))
    return path


_LAYOUTS = {
    "numbered": (
        ["序号", "责任单位", "民生事项名称", "年度任务目标", "备注"],
        lambda n, d, t, x: [n, d, t, x, ""],
    ),
    "turned": (["年度目标", "承诺事项", "部门"], lambda n, d, t, x: [x, t, d]),
    "merged": (list(HEADING), lambda n, d, t, x: ["" if (n - 1) % 5 else d, t, x]),
    "hidden": ([*HEADING, "旧稿"], lambda n, d, t, x: [d, t, x, "旧目标999公里"]),
    "wrapped": (list(HEADING), lambda n, d, t, x: [d, t, x.replace("；", "；\n")]),
}


def xlsx(path: Path, layout: str = "plain") -> Path:
    """The plan in one of the layouts of Excel: plain, titled, or of `_LAYOUTS`."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    heading, row_of = _LAYOUTS.get(layout, (list(HEADING), lambda n, d, t, x: [d, t, x]))
    if layout == "titled":
        sheet.append(["2024年度承诺事项汇总表"])
        sheet.merge_cells("A1:C1")
    sheet.append(heading)
    first = sheet.max_row + 1
    for number, row in enumerate(plan(), start=1):
        sheet.append(row_of(number, *row))
    if layout == "hidden":
        sheet.column_dimensions["D"].hidden = True
    if layout == "merged":
        for start in range(first, first + 20, 5):
            sheet.merge_cells(start_row=start, end_row=start + 4, start_column=1, end_column=1)
    book.save(path)
    return path


def csv(path: Path) -> Path:
    lines = [",".join(HEADING), *(",".join(f'"{cell}"' for cell in row) for row in plan())]
    path.write_text("\r\n".join(lines), encoding="gb18030")
    return path


def text(path: Path) -> Path:
    path.write_text("\n".join("\t".join(row) for row in [HEADING, *plan()]), encoding="utf-8")
    return path


def markdown(path: Path) -> Path:
    lines = ["| " + " | ".join(row) + " |" for row in [HEADING, ("---", "---", "---"), *plan()]]
    path.write_text("# 计划\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def html(path: Path, encoding: str = "gb18030") -> Path:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in [HEADING, *plan()]
    )
    path.write_bytes(f"<html><body><table>{rows}</table></body></html>".encode(encoding))
    return path


def sheetml(path: Path) -> Path:
    rows = "".join(
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{escape(cell)}</Data></Cell>' for cell in row)
        + "</Row>"
        for row in [HEADING, *plan()]
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="计划"><Table>{rows}</Table>'
        "</Worksheet></Workbook>",
        encoding="utf-8",
    )
    return path


def ofd(path: Path, *, ruled: bool = True) -> Path:
    """The plan as a page of OFD: one text object for each cell, and the rules of the table as paths."""
    widths, height = (30.0, 40.0, 130.0), 8.0
    objects, number = [], 10
    rows = [HEADING, *plan()]
    for at, row in enumerate(rows):
        left, top = 5.0, 5.0 + at * height
        for cell, width in zip(row, widths, strict=True):
            number += 1
            objects.append(
                f'<ofd:TextObject ID="{number}" Boundary="{left + 1} {top + 1} {width - 2} 6" Font="1" Size="3">'
                f'<ofd:TextCode X="0" Y="4" DeltaX="g {max(len(cell) - 1, 1)} 3">{escape(cell)}</ofd:TextCode></ofd:TextObject>'
            )
            left += width
    lines = []
    if ruled:
        total, depth = sum(widths), height * len(rows)
        lines += [(5.0, 5.0 + at * height, 5.0 + total, 5.0 + at * height) for at in range(len(rows) + 1)]
        edges = [5.0, 35.0, 75.0, 205.0]
        lines += [(edge, 5.0, edge, 5.0 + depth) for edge in edges]
    for x0, y0, x1, y1 in lines:
        number += 1
        objects.append(
            f'<ofd:PathObject ID="{number}" Boundary="0 0 210 297" LineWidth="0.3">'
            f"<ofd:AbbreviatedData>M {x0} {y0} L {x1} {y1}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "OFD.xml": f'<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>a</ofd:DocID></ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="2">{"".join(objects)}</ofd:Layer>'
        "</ofd:Content></ofd:Page>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, words in parts.items():
            archive.writestr(part, f'<?xml version="1.0" encoding="UTF-8"?>{words}')
    return path


def converted(source: Path, ending: str, *, export: str = "") -> Path:
    """The file as LibreOffice saves it, in a folder beside it."""
    out = source.parent / "另存"
    home = f"-env:UserInstallation=file://{source.parent}/profile"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", export or ending, "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    saved = out / f"{source.stem}.{ending}"
    assert saved.exists(), f"LibreOffice made no {saved.name}"
    return saved


def printed(source: Path, target: Path, *, furniture: bool = False) -> Path:
    """An HTML page as Chromium prints it to PDF; with `furniture`, it has the header and footer of a browser."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    assert browser is not None
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            *([] if furniture else ["--no-pdf-header-footer"]),
            f"--print-to-pdf={target}",
            source.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return target
