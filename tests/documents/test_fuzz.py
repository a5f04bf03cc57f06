"""Whatever the file: rows or a refusal, never a crash, and every numeral of every row in a target's quote or in the context.

LEDGER_FUZZ sets how many files are made; about a hundred by default.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

from docx import Document
from openpyxl import Workbook

from ledger.core.errors import LedgerError
from ledger.core.quantity import numerals
from ledger.documents import Material, read_file
from ledger.extract import draft

from . import makers

COUNT = int(os.environ.get("LEDGER_FUZZ", "120"))
HEADINGS = [
    "序号", "部门", "责任单位", "牵头领导", "承诺事项", "年度目标", "指标", "指标名称", "单位", "目标值", "上年完成",
    "2023年", "2024年", "完成时限", "一级指标", "工作任务", "备注", "单位：亿元",
]  # fmt: skip
CELLS = [
    "1", "2", "3.5", "-3", "≥95%", "≤4.5", "增长8%", "下降5%", "30家", "12万人", "亿元", "%", "公里", "个", "微克/立方米",
    "发改局", "教育局、财政局", "6月底前", "2024年12月", "新建泵站5座", "一、经济", "（二）民生",
    "1.新增学位500个2.招聘教师20名", "降至8.5%", "由10天压缩至3天", "逐步提高", "全覆盖", "零事故", "—", "/",
    "（亿元）：162", "②", "3万5", "１２％", "到2027年达到60%", "分别增长15%、25%", "“保6争8”", "一季度30亿元、全年162亿元",
    "（责任单位：民政局）", "±5", "1,2,3", "0.00", "百分之五", "两千余",
]  # fmt: skip


def test_files_of_every_format_are_read_or_refused(tmp_path: Path) -> None:
    rng = random.Random(20240601)
    seeds = [
        makers.docx(tmp_path / "a.docx"), makers.xlsx(tmp_path / "a.xlsx", "merged"), makers.csv(tmp_path / "a.csv"),
        makers.markdown(tmp_path / "a.md"), makers.html(tmp_path / "a.xls"), makers.sheetml(tmp_path / "b.xls"),
        makers.ofd(tmp_path / "a.ofd"), makers.text(tmp_path / "a.txt"),
    ]  # fmt: skip
    if COUNT > 1000 and shutil.which("soffice"):
        seeds += [makers.converted(seeds[0], ending) for ending in ("doc", "odt", "pdf")]
        seeds += [makers.converted(seeds[1], ending) for ending in ("xls", "ods")]
    refusals: list[tuple[int, str, str]] = []
    slowest = 0.0
    for number in range(COUNT):
        path = _broken(rng, rng.choice(seeds), tmp_path) if number % 3 == 0 else _made(rng, tmp_path)
        start = time.process_time()
        try:
            material = read_file(path)
        except LedgerError as error:
            refusals.append((number, error.message, error.hint))
            continue
        _assert_accounted(material, number)
        slowest = max(slowest, time.process_time() - start)
    print(f"\n{COUNT} files, {len(refusals)} refused, the slowest read took {slowest:.1f} s")
    assert slowest < 30
    assert all(message and hint for _, message, hint in refusals)


def _assert_accounted(material: Material, number: int) -> None:
    for row in (*material.rows, *material.beside):
        result = draft(row.text)
        spans = [part.span for part in (*result.targets, *result.context)]
        for numeral in numerals(row.text):
            assert any(a <= numeral.start and numeral.end <= b for a, b in spans), (number, row.text, numeral)


def _broken(rng: random.Random, seed: Path, folder: Path) -> Path:
    """A file with bytes changed, lost or added, sometimes under another ending."""
    raw = bytearray(seed.read_bytes())
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(raw) or 1)
        match rng.randrange(3):
            case 0:
                raw[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del raw[at : at + rng.randint(1, 40)]
            case _:
                raw[at:at] = rng.randbytes(rng.randint(1, 20))
    ending = rng.choice(
        [seed.suffix, seed.suffix, ".doc", ".wps", ".xls", ".et", ".ods", ".odt", ".pdf", ".ofd"]
    )
    path = folder / f"坏{ending}"
    path.write_bytes(bytes(raw))
    return path


def _made(rng: random.Random, folder: Path) -> Path:
    """A table of random headings and cells, in a random format."""
    width, height = rng.randint(1, 7), rng.randint(1, 8)
    rows = [rng.choices(HEADINGS, k=width)] + [
        ["".join(rng.choices(CELLS, k=rng.randint(0, 2))) for _ in range(width)] for _ in range(height)
    ]
    ending = rng.choice([".csv", ".txt", ".md", ".xlsx", ".docx", ".html"])
    path = folder / f"表{ending}"
    if ending == ".xlsx":
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        if height > 1 and width > 1:
            column, first = rng.randint(1, width), rng.randint(1, height)
            sheet.merge_cells(start_row=first, end_row=first + 1, start_column=column, end_column=column)
        book.save(path)
    elif ending == ".docx":
        document = Document()
        document.add_paragraph("".join(rng.choices(CELLS, k=4)))
        table = document.add_table(rows=0, cols=width)
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
        document.save(str(path))
    elif ending == ".html":
        lines = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows)
        path.write_text(f"<html><table>{lines}</table>", encoding="utf-8")
    else:
        separator = {".csv": ",", ".txt": rng.choice(["\t", " ", "  ", "\n"]), ".md": " | "}[ending]
        lines = [separator.join(row) for row in rows]
        path.write_text(
            "\n".join(f"| {line} |" if ending == ".md" else line for line in lines), encoding="utf-8"
        )
    return path
