"""What a filled sheet's numbers are recorded as, by their number formats; a table of docs/reference/figures.md is made from it."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from ledger.documents.numberformat import read_number
from tests.conftest import World
from tests.documents.makers import converted
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "figures.md"
HEAD = "| 存的数 | 数字格式 | 显示 | 目标的单位 | 记成什么 |\n|---|---|---|---|---|\n"
FORMATS: tuple[tuple[float, str, str], ...] = (
    (2, "General", "家"), (2, "@", "家"), (2, "0", "家"), (2.4, "0", "家"), (2, "0.00", "家"), (12, "0000", "家"), (12, "0.##", "家"),
    (1234, "#,##0", "家"), (1234567, "#,##0,", "家"), (3, '0"家"', "家"), (3, '0"家"', "亿元"), (3, '0"家以上"', "家"), (3, '"约"0', "家"),
    (3, '0"亿元"', "亿元"), (3, 'General"亿元"', "亿元"), (3, '0"万元"', "亿元"), (50, '[>=100]0"亿元";0"万元"', "亿元"),
    (150, '[>=100]0"亿元";0"万元"', "亿元"), (123456, "0!.0000", "万元"), (123456, r"0\.0000", "万元"), (35900000, '0!.0,"万元"', "亿元"),
    (1234.5, "#,##0.0_);(#,##0.0)", "万元"), (35, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', "万元"), (12.345, "0.00", "亿元"),
    (50, "[$$-409]#,##0.00", "亿元"), (50, "¥#,##0.00", "亿元"), (50, '"-"0', "亿元"), (5, '0"00"', "亿元"), (3500, "0.00E+00", "亿元"),
    (-3, "0;(0)", "亿元"), (-3, "0_ ;[Red]-0", "亿元"), (-3, "0;0", "亿元"), (0, '0;-0;"无"', "亿元"), (5, ";;;", "亿元"),
    (7.5, '0.0"%"', "%"), (0.075, "0.0%", "%"), (0.1234, "0%", "%"), (75, '0"‰"', "%"), (5, "General", "%"), (12, "0.0%", "%"),
    (0.5, "# ?/?", "%"), (45107, "yyyy-mm-dd", "家"), (45107, 'yyyy"年"m"月"', "家"), (0.75, "h:mm", "家"),
)  # fmt: skip
GOALS = {"家": "100 家", "亿元": "100 亿元", "万元": "100 万元", "%": "50 %"}


def plan() -> str:
    """A commitment with one target for each format."""
    words = "，".join(f"第{number:02d}项{GOALS[unit]}" for number, (_, _, unit) in enumerate(FORMATS))
    targets = "".join(
        f"  - key: t{number:02d}\n    name: 第{number:02d}项\n    kind: level\n    goal: {{reach: {GOALS[unit]}}}\n"
        f"    quote: 第{number:02d}项{GOALS[unit]}\n"
        for number, (_, _, unit) in enumerate(FORMATS)
    )
    return f"id: 金融办-02\ndepartment: 金融办\ntitle: 各种格式\nyear: 2023\ndifficulty:\ntext: >-\n  {words}。\ntargets:\n{targets}"


def write_book(path: Path, rows: Sequence[int]) -> Path:
    """Write a sheet with the formatted numbers of these rows of `FORMATS`."""
    book = Workbook()
    book.active.append(["目标代号", "数量"])
    for place, number in enumerate(rows, start=2):
        value, number_format, _ = FORMATS[number]
        book.active.cell(place, 1, f"t{number:02d}")
        book.active.cell(place, 2, value).number_format = number_format
    book.save(path)
    return path


def import_rows(world: World, rows: Sequence[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Import rows of `FORMATS` as a sheet; return what was recorded, and the refusals, by row."""
    path = write_book(world.root.parent / "表.xlsx", rows)
    done = world("sheet", "import", str(path), "--dept", "金融办", "--month", "2023-06", "--confirm")
    if done.code:
        cells = re.findall(r"^\s*B(\d+)：(.*)$", done.err, re.MULTILINE)
        return {}, {rows[int(row) - 2]: why for row, why in cells}
    lines = world.read("data/progress/2023/金融办/02.yaml").splitlines()
    entries = [json.loads(line[2:]) for line in lines]
    return {int(entry["target"][1:]): entry["value"] for entry in entries}, {}


def first_words(refusal: str) -> str:
    """Return a refusal without its advice and the name of the target."""
    return re.sub(r"^(?:第\d+项：|是(?=显示|日期|时间))", "", refusal).partition("；")[0]


def test_what_each_number_format_is_recorded_as(world: World, pytestconfig: pytest.Config) -> None:
    assert len(FORMATS) >= 40
    world.write("data/targets/2023/金融办/02.yaml", plan())
    world.commit_all("各种格式的目标")
    _, refused = import_rows(world, range(len(FORMATS)))
    assert refused
    recorded, refused_again = import_rows(
        world, [number for number in range(len(FORMATS)) if number not in refused]
    )
    assert not refused_again
    assert len(recorded) + len(refused) == len(FORMATS)
    table = ""
    for number, (value, number_format, unit) in enumerate(FORMATS):
        shown = read_number(Decimal(repr(value)), number_format).shown.strip()
        outcome = recorded.get(number) or f"拒绝：{first_words(refused[number])}"
        table += f"| {value} | `{number_format}` | {shown} | {unit} | {outcome} |\n"
    page = PAGE.read_text("utf-8")
    if table not in page:
        assert pytestconfig.getoption("update_snapshots"), table
        before, _, after = page.partition(HEAD)
        PAGE.write_text(f"{before}{HEAD}{table}\n{after.partition(chr(10) * 2)[2]}", "utf-8", newline="\n")


UNLIKE_EXCEL = {"0.##", "0!.0000", '0!.0,"万元"'}
"""LibreOffice 7.4 shows these otherwise than Excel and WPS: `!` does not escape there, and a point without digits is left out."""


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed on this machine"
)
def test_libreoffice_shows_what_the_table_says(tmp_path: Path) -> None:
    path = write_book(tmp_path / "表.xlsx", range(len(FORMATS)))
    page = converted(path, "html")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page.read_text("utf-8"), re.DOTALL)
    shown = [html.unescape(re.sub("<[^>]*>", "", cell)).strip() for cell in cells][3::2]
    for (value, number_format, _), text in zip(FORMATS, shown, strict=True):
        if number_format not in UNLIKE_EXCEL:
            assert read_number(Decimal(repr(value)), number_format).shown.strip() == text, number_format
