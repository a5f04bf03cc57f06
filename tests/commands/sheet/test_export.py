"""The exported sheet: what stands on it, what a clerk can do with it, and that office programs give back what was filled in."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.commands.sheet.conftest import commits, entries
from tests.conftest import World

SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice (soffice) is not installed on this machine"
)
JUNE = ("--dept", "金融办", "--month", "2023-06")


def exported(world: World, *options: str) -> Path:
    path = world.root.parent / "填报.xlsx"
    done = world("sheet", "export", *JUNE, "-o", str(path), *options)
    assert (done.code, done.err) == (0, "")
    return path


def table(path: Path) -> dict[str, dict[str, Any]]:
    """The cells of each row, by target key and heading."""
    sheet = load_workbook(path)["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    return {
        sheet.cell(row, 1).value.partition("/")[2]: {
            head: sheet.cell(row, column) for head, column in heads.items()
        }
        for row in range(5, sheet.max_row + 1)
    }


def fill(path: Path, figures: Mapping[str, Mapping[str, Any]]) -> Path:
    """Type into the sheet, as a clerk does: only where it is open."""
    book = load_workbook(path)
    sheet = book["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    for row in range(5, sheet.max_row + 1):
        for head, value in figures.get(sheet.cell(row, 1).value.partition("/")[2], {}).items():
            cell = sheet.cell(row, heads[head])
            assert not cell.protection.locked, (cell.coordinate, head)
            cell.value = value
    book.save(path)
    return path


def office(path: Path, ending: str) -> Path:
    """The file as LibreOffice saves it."""
    out = path.parent / "另存"
    home = (path.parent / "office").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={home}", "--headless", "--convert-to", ending, "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return out / f"{path.stem}.{ending.partition(':')[0]}"


MONTH = {
    "listed": {"口径": "本期新增", "数量": "2家", "说明": "含过会 1 家", "佐证": "文1；文2"},
    "loans": {"口径": "年初累计", "数量": 72.5, "数据日期": date(2023, 6, 29)},
    "green": {"数量": "12.1%"},
    "quality": {"数量": "第3位", "对照数": 11},
    "faster": {"数量": "15.2%", "对照数": "12.1%"},
    "opinion": {"数量": "完成"},
}


def test_a_line_for_every_target_but_the_reviewers(world: World) -> None:
    assert world("log", "金融办", "listed", "2家", "--on", "2023-05-31").code == 0
    assert world("log", "金融办", "loans", "60亿元", "--total", "--on", "2023-06-10").code == 0
    rows = table(exported(world))
    assert list(rows) == ["listed", "loans", "balance", "green", "quality", "faster", "opinion"]
    assert [rows["listed"][head].value for head in list(rows["listed"])[:12]] == [
        "金融办-01/listed",
        "新增上市公司",
        "企业上市板块扩容提质",
        "累计",
        "≥6家\n争取 ≥8家",
        "家",
        "应报",
        "增2家\n2023-05-31",
        "2家\n33.3%",
        "33.3%",
        "本期新增",
        None,
    ]
    assert rows["listed"]["数据日期"].value.date() == date(2023, 6, 30)
    assert (rows["loans"]["本月应报"].value, rows["loans"]["口径"].value) == ("已报", "年初累计")
    assert rows["loans"]["单位"].value == "亿元"
    assert [rows[key]["单位"].value for key in ("green", "quality", "faster", "opinion")] == [
        "%",
        None,
        "%",
        None,
    ]
    assert rows["opinion"]["本月应报"].value is None


def test_only_what_is_to_be_filled_in_is_open(world: World) -> None:
    path = exported(world)
    sheet = load_workbook(path)["填报"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    rows = table(path)
    opened = {
        key: "".join(head[0] for head, cell in row.items() if not cell.protection.locked)
        for key, row in rows.items()
    }
    assert opened == {
        "listed": "口数数说佐",
        "loans": "口数数说佐",
        "balance": "数数说佐",
        "green": "数对数说佐",
        "quality": "数对数说佐",
        "faster": "数对数说佐",
        "opinion": "数数说佐",
    }
    assert {row["数量"].number_format for row in rows.values()} == {"@"}
    assert sheet["A4"].protection.locked


def test_lists_limits_and_hints_stand_on_the_cells(world: World) -> None:
    path = exported(world)
    book = load_workbook(path)
    rows = table(path)

    def rule(key: str, head: str) -> Any:
        place = rows[key][head].coordinate
        (found,) = (item for item in book["填报"].data_validations.dataValidation if place in item.sqref)
        return found

    assert rule("listed", "口径").formula1 == '"本期新增,年初累计"'
    step = rule("opinion", "数量")
    assert (step.type, step.formula1) == ("list", "'_选项'!$A$1:$A$1")
    assert book["_选项"]["A1"].value == "完成"
    assert "1家" in rule("listed", "数量").prompt
    assert "全部贷款增速" in rule("faster", "对照数").prompt
    day = rule("listed", "数据日期")
    assert (day.type, day.formula1, day.formula2) == ("date", "DATE(2023,6,1)", "DATE(2023,6,30)")
    assert "2023-06-01 至 2023-06-30" in day.error
    for item in book["填报"].data_validations.dataValidation:
        assert len(item.prompt) <= 255
        assert len(item.promptTitle) <= 32


def test_it_is_laid_out_for_screen_and_paper(world: World) -> None:
    book = load_workbook(exported(world))
    sheet = book["填报"]
    assert sheet.freeze_panes == "C5"
    assert sheet.sheet_view.selection[-1].activeCell == "L5"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$4:$4"
    assert sheet["A1"].value == "金融办 2023年6月 进度填报表"
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible", "hidden", "veryHidden"]


def test_a_filled_sheet_comes_back_as_one_commit(world: World) -> None:
    path = fill(exported(world), MONTH)
    before = commits(world)
    done = world("sheet", "import", str(path))
    assert (done.code, done.err) == (0, "")
    assert entries(world) == WRITTEN
    assert commits(world) == before + 1
    again = world("sheet", "import", str(path))
    assert (again.code, commits(world)) == (0, before + 1)
    assert "都已经在账上" in again.out
    assert table(exported(world, "--force"))["listed"]["本月应报"].value == "已报"


WRITTEN = [
    {"on": "2023-06-30", "target": "listed", "add": "2家", "note": "含过会 1 家", "evidence": ["文1", "文2"]},
    {"on": "2023-06-29", "target": "loans", "total": "72.5亿元"},
    {"on": "2023-06-30", "target": "green", "value": "12.1%"},
    {"on": "2023-06-30", "target": "quality", "rank": 3, "of": 11},
    {"on": "2023-06-30", "target": "faster", "value": "15.2%", "benchmark": "12.1%"},
    {"on": "2023-06-30", "target": "opinion", "step": "done"},
]


@needs_office
@pytest.mark.slow
def test_what_libreoffice_saved_is_taken_and_what_it_prints_is_all_there(world: World) -> None:
    path = fill(exported(world), MONTH)
    saved = office(path, "xlsx")
    assert load_workbook(saved)["填报"].protection.sheet
    done = world("sheet", "import", str(saved))
    assert (done.code, done.err) == (0, "")
    assert entries(world) == WRITTEN
    again = office(path, "csv:Text - txt - csv (StarCalc):44,34,76")
    done = world("sheet", "import", str(again), *JUNE)
    assert (done.code, done.err) == (0, "")
    assert "表里的 6 笔都已经在账上" in done.out
    if shutil.which("pdftotext"):
        printed = office(path, "pdf")
        words = subprocess.run(["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True)
        text = words.stdout.decode("utf-8")
        assert text.count("\f") == 1
        assert "金融办-01/opinion" in text


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","点我")'])
def test_a_name_that_begins_like_a_formula_is_written_as_a_text(world: World, word: str) -> None:
    plan = "data/targets/2023/金融办/01.yaml"
    named = world.read(plan).replace("name: 新增上市公司", f"name: '{word}'")
    world.write(plan, named.replace("title: 企业上市板块扩容提质", f"title: '{word}'"))
    world.commit_all("公式样的名字")
    row = table(exported(world))["listed"]
    assert [(row[head].value, row[head].data_type) for head in ("目标", "承诺事项")] == [(word, "s")] * 2
    assert row["目标"].quotePrefix


def test_a_closed_target_is_not_on_the_sheet(world: World) -> None:
    closed = world("close", "金融办-01/opinion", "--evidence", "湖政办发〔2023〕9号", "--reason", "已印发")
    assert (closed.code, closed.err) == (0, "")
    assert "opinion" not in table(exported(world))


def test_steps_of_a_milestone_can_be_chosen(world: World) -> None:
    plan = "data/targets/2023/金融办/01.yaml"
    steps = "    steps: [{key: draft, name: '起草, 征求意见'}, {key: issue, name: =印发}]\n"
    text = world.read(plan).replace(
        "    quote: 出台绿色金融实施意见\n", "    quote: 出台绿色金融实施意见\n" + steps
    )
    world.write(plan, text)
    world.commit_all("两步")
    path = exported(world)
    page = load_workbook(path)["_选项"]
    assert [(cell.value, cell.data_type) for cell in page["A"]] == [("起草, 征求意见", "s"), ("=印发", "s")]
    assert world("sheet", "import", str(fill(path, {"opinion": {"数量": "起草, 征求意见"}}))).code == 0
    assert [entry["step"] for entry in entries(world)] == ["draft"]


@pytest.mark.parametrize("unit", ["公里", "千米", "万人次", "个/千人", "百分点", "米", "起"])
def test_a_bare_number_takes_the_unit_that_stands_beside_it(world: World, unit: str) -> None:
    plan = "data/targets/2023/金融办/01.yaml"
    world.write(
        plan,
        world.read(plan)
        .replace("{at_least: 6 家}", f"{{at_least: 6 {unit}}}")
        .replace("    stretch: [{at_least: 8 家}]\n", ""),
    )
    world.commit_all("单位")
    path = exported(world)
    assert table(path)["listed"]["单位"].value == unit
    done = world("sheet", "import", str(fill(path, {"listed": {"口径": "本期新增", "数量": 2}})))
    assert (done.code, done.err) == (0, "")
    assert [entry["add"] for entry in entries(world)] == [f"2{unit}"]


def test_a_sheet_that_is_there_is_not_written_over(world: World) -> None:
    assert world("sheet", "export", *JUNE).code == 0
    path = world.root / "金融办-2023-06.xlsx"
    before = path.read_bytes()
    done = world("sheet", "export", *JUNE)
    assert (done.code, path.read_bytes() == before) == (2, True)
    assert "--force" in done.err
    assert world("sheet", "export", *JUNE, "--force").code == 0
    assert world("sheet", "export", *JUNE, "-o", "表.xls").code == 2
    assert world("sheet", "export", "--dept", "金融半").code == 1


def test_a_sheet_of_a_month_that_is_not_over_has_todays_date(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-06-28")
    assert table(exported(world))["listed"]["数据日期"].value.date() == date(2023, 6, 28)


def test_a_sheet_of_another_ledger_month_or_department_is_refused(world: World) -> None:
    path = fill(exported(world), {"listed": {"口径": "本期新增", "数量": "2家"}})
    for options, words in (
        (("--dept", "商务局"), "部门是 金融办，不是 商务局"),
        (("--month", "2023-05"), "月份是 2023-06，不是 2023-05"),
    ):
        done = world("sheet", "import", str(path), *options)
        assert (done.code, words in done.err) == (1, True), done.err
    assert world("sheet", "import", str(path), *JUNE, "--dry-run").code == 0
    config = world.read("data/ledger.yaml")
    for changed, words in (
        (config.replace("name: 测试账本", "name: 另一本账"), "是从账本“测试账本”导出的，这一本是“另一本账”"),
        (config + "simulated: true\n", "是从真账导出的，这一本是模拟数据的演示账本"),
    ):
        world.write("data/ledger.yaml", changed)
        done = world("sheet", "import", str(path))
        assert (done.code, words in done.err) == (1, True), done.err
    assert entries(world) == []


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("version", "9", "升级 ledger"),
        ("format", "别的", "读不了"),
        ("month", "六月", "隐藏标记被改坏了"),
        ("year", "2019", "没有这一年的计划"),
        ("department", "没有的局", "没有叫"),
    ],
)
def test_marks_that_do_not_fit_are_refused(world: World, key: str, value: str, words: str) -> None:
    path = exported(world)
    book = load_workbook(path)
    for row in book["_ledger"].iter_rows():
        if row[0].value == key:
            row[1].value = value
    book.save(path)
    done = world("sheet", "import", str(path))
    assert (done.code, words in done.err) == (1, True), done.err


def test_the_marks_are_read_though_the_clerk_moved_the_page(world: World) -> None:
    """Columns in another order, a row sorted away, another sheet beside it."""
    path = fill(exported(world), {"listed": {"口径": "本期新增", "数量": "2家"}})
    book = load_workbook(path)
    sheet = book["填报"]
    sheet.protection.sheet = False
    sheet.insert_cols(3)
    sheet.insert_rows(1)
    book.create_sheet("草稿")["A1"] = "随手记"
    book.save(path)
    assert world("sheet", "import", str(path)).code == 0
    assert [entry["add"] for entry in entries(world)] == ["2家"]
