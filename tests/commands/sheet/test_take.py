"""A filled sheet is taken whole or not at all: what rows mean, every bad cell named, the same file twice logged once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from ledger.commands import log
from ledger.commands.sheet import import_sheet as taking
from ledger.commands.sheet.table import FilledRow
from tests.commands.sheet.conftest import OF_JUNE, commits, entries
from tests.conftest import Ran, World

Filled = Callable[..., Path]
Take = Callable[..., Ran]
ON = "2023-06-30"


def test_a_row_of_every_kind_is_one_entry_and_all_are_one_commit(
    world: World, filled: Filled, take: Take
) -> None:
    before = commits(world)
    path = filled(
        ("listed", "家", "本期新增", "2家", None, date(2023, 6, 30), "含过会 1 家", "文1；文2\n文3"),
        ("loans", "亿元", "年初累计", "72.5亿元", None, "2023-06-29"),
        ("balance", "亿元", None, "3600亿元"),
        ("green", "%", None, "12.1%"),
        ("quality", None, None, "第3位", "11", "2023年6月30日"),
        ("faster", "%", None, "15.2%", "12.1%"),
        ("opinion", None, None, "完成"),
    )
    done = take(path)
    assert (done.code, done.err) == (0, "")
    assert entries(world) == [
        {
            "on": ON,
            "target": "listed",
            "add": "2家",
            "note": "含过会 1 家",
            "evidence": ["文1", "文2", "文3"],
        },
        {"on": "2023-06-29", "target": "loans", "total": "72.5亿元"},
        {"on": ON, "target": "balance", "value": "3600亿元"},
        {"on": ON, "target": "green", "value": "12.1%"},
        {"on": ON, "target": "quality", "rank": 3, "of": 11},
        {"on": ON, "target": "faster", "value": "15.2%", "benchmark": "12.1%"},
        {"on": ON, "target": "opinion", "step": "done"},
    ]
    assert commits(world) == before + 1
    assert world.git("log", "-1", "--format=%s").strip() == "log(金融办): 7 条记录"
    assert world.git("log", "-1", "--format=%b").count("Ledger-Entry: ") == 7
    assert not world.git("status", "--porcelain")
    assert world("check").code == 0


def test_the_sheet_ends_where_the_single_commands_end(world: World, filled: Filled, take: Take) -> None:
    """The same month by `log`, in a copy of the ledger: both stand alike."""
    other = world.root.parent / "另一本"
    shutil.copytree(world.root, other)
    assert take(filled(("listed", "家", "年初累计", 4), ("quality", None, None, 2, 11))).code == 0
    for words in (("listed", "4家", "--total"), ("quality", "第2位", "--of", "11")):
        assert world("log", "--root", str(other), "金融办", *words, "--on", ON).code == 0
    mine = json.loads(world("status", "--all", "--format", "json").out)
    assert json.loads(world("--root", str(other), "status", "--all", "--format", "json").out) == mine


@pytest.mark.parametrize(
    ("row", "figures"),
    [
        (("listed", "家", "本期新增", 2), {"add": "2家"}),
        (("listed", "家", "本期新增", 2.0), {"add": "2家"}),
        (("listed", "家", "本期新增", "2"), {"add": "2家"}),
        (("listed", "家", "本期新增", "２家"), {"add": "２家"}),
        (("loans", "亿元", "本期新增", "1,200万元"), {"add": "1,200万元"}),
        (("listed", "家", "本期新增", "两"), {"add": "两家"}),
        (("listed", None, "本期新增", 2), {"add": "2家"}),
        (("listed", "家", None, "累计 4家"), {"total": "4家"}),
        (("listed", "家", None, "累计4"), {"total": "4家"}),
        (("listed", "家", "年初累计", "累计 4家"), {"total": "4家"}),
        (("listed", "家", None, "增 2家"), {"add": "2家"}),
        (("loans", "亿元", "本期新增", 0.29), {"add": "0.29亿元"}),
        (("loans", "万元", "本期新增", 5000), {"add": "5000万元"}),
        (("loans", "亿元", "本期新增", "5000万元"), {"add": "5000万元"}),
        (("green", "%", None, "增长3"), {"value": "3%"}),
        (("green", "%", None, "3.2亿元", "3亿元"), {"current": "3.2亿元", "base": "3亿元"}),
        (("green", "%", None, 3.2, 3), {"current": "3.2", "base": "3"}),
        (("quality", None, None, 3), {"rank": 3}),
        (("quality", None, None, "3", "共11个"), {"rank": 3, "of": 11}),
        (("faster", "%", None, "15.2", "12.1"), {"value": "15.2%", "benchmark": "12.1%"}),
        (("faster", None, None, "15.2%", "12.1%"), {"value": "15.2%", "benchmark": "12.1%"}),
        (("opinion", None, None, "绿色金融实施意见"), {"step": "done"}),
    ],
)
def test_a_figure_is_read_however_it_was_typed(
    world: World, filled: Filled, take: Take, row: tuple[Any, ...], figures: dict[str, Any]
) -> None:
    done = take(filled(row))
    assert done.err == ""
    (entry,) = entries(world)
    assert {key: value for key, value in entry.items() if key not in {"on", "target"}} == figures
    assert entry["on"] == ON


@pytest.mark.parametrize(
    "day", ["2023/6/20", "2023.06.20", "20230620", 20230620, "2023年6月20日", "6月20日", "六月二十日"]
)
def test_a_date_is_read_as_people_write_it(world: World, filled: Filled, take: Take, day: object) -> None:
    done = take(filled(("listed", "家", "本期新增", "2家", None, day)))
    assert done.code == 0, done.out + done.err
    assert [entry["on"] for entry in entries(world)] == ["2023-06-20"]


@pytest.mark.parametrize("day", ["6月底", "月底", "本月底"])
def test_the_end_of_the_month_is_that_of_the_sheet(
    world: World, filled: Filled, take: Take, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    path = filled(("listed", "家", "本期新增", "2家", None, day))
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-04")
    assert take(path).code == 0
    assert [entry["on"] for entry in entries(world)] == ["2023-06-30"]


def test_a_share_shown_in_per_cent_is_what_the_sheet_shows(world: World, filled: Filled, take: Take) -> None:
    path = filled(("green", "%", None, 0.123))
    book = load_workbook(path)
    book.active["D2"].number_format = "0.0%"
    book.save(path)
    assert take(path).code == 0
    assert [entry["value"] for entry in entries(world)] == ["12.3%"]


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (("listed", "家", "本期新增", "abc"), "D2", "这个目标按“家”报"),
        (("listed", "家", "本期新增", "2亿元"), "D2", "家"),
        (("listed", "家", "本期新增", "6家以上"), "D2", "界限"),
        (("listed", "家", "本期新增", date(2023, 6, 2)), "D2", "是日期 2023-06-02"),
        (("listed", "家", "本期新增", 45107), "D2", "2023-06-30 在表格里的序号"),
        (("listed", "家", "本期新增", "6月30日"), "D2", "日期"),
        (("listed", "家", "本期新增", "=1+1"), "D2", "是公式"),
        (("listed", "家", "本期新增", "#N/A"), "D2", "错误值 #N/A"),
        (("listed", "家", "本期新增", True), "D2", "逻辑值"),
        (("listed", "家", "本期新增", 1 / 3), "D2", "除不尽"),
        (("listed", "家", "本期新增", "无"), "D2", "都空着"),
        (("listed", "家", "随便", "2家"), "C2", "不是口径"),
        (("listed", "家", "=A1", "2家"), "C2", "公式"),
        (("listed", "家", "本期新增", "累计 4家"), "D2", "不一致"),
        (("listed", "家", "本期新增", "2家", "11"), "E2", "没有对照数"),
        (("listed", "甲", "本期新增", 2), "B2", "“甲”不是单位"),
        (("listed", "家", "本期新增", "2家", None, "2023-05-31"), "F2", "不在这张表的 2023-06 里"),
        (("listed", "家", "本期新增", "2家", None, "2023-06-31"), "F2", "不是日期"),
        (("listed", "家", "本期新增", "2家", None, "6/7"), "F2", "两种读法"),
        (("listed", "家", "本期新增", "2家", None, 45107), "F2", "是数 45107"),
        (("listed", "家", "本期新增", "2家", None, "=TODAY()"), "F2", "公式"),
        (("listed", "家", "本期新增", "2家", None, None, "=A1"), "G2", "公式"),
        (("listed", "家", "本期新增", "2家", None, None, None, "=A1"), "H2", "公式"),
        (("listed", "家", None, None, None, None, "没有进展"), "D2", "没有填数量"),
        (("loans", None, "本期新增", 5), "D2", "5亿元"),
        (("green", "%", None, 12), "D2", "写成 12% 或 1200%"),
        (("loans", "亿元", "本期新增", "3万"), "D2", "没有写单位"),
        (("balance", "亿元", "年初累计", "3600亿元"), "C2", "只有累计类目标有口径"),
        (("green", "%", None, 0.12), "D2", "写成 0.12% 或 12%"),
        (("faster", "%", None, "15.2%", "0.121"), "E2", "写成 0.121% 或 12.1%"),
        (("green", "%", None, "12%", "10%"), "E2", "同期数不用填"),
        (("green", "%", None, "3亿元", "多少"), "E2", "上年同期数"),
        (("green", "%", None, "什么", "3亿元"), "D2", "什么"),
        (("quality", None, None, "前三"), "D2", "是一个范围"),
        (("quality", None, None, "第3位", "很多"), "E2", "不是参加排名的个数"),
        (("quality", None, None, "第3位", date(2023, 6, 2)), "E2", "是日期"),
        (("faster", "%", None, "15.2%"), "E2", "没有填对照数"),
        (("faster", "%", None, "15.2%", "多少"), "E2", "多少"),
        (("opinion", None, None, "快了"), "D2", "没有步骤“快了”"),
        (("opinion", None, None, 1), "D2", "没有步骤“1”"),
        (("front", None, None, "达到"), "D2", "由督查评定"),
        (("商务局-01/overseas", "亿美元", "本期新增", "1亿美元"), "A2", "商务局的目标，这张表是金融办的"),
        (("金融办-01/none", None, None, "1"), "A2", "找不到目标"),
        (("贷款余额是多少", None, None, "1"), "A2", "找不到目标"),
        (("余额", None, None, "1"), "A2", "不是目标代号"),
        (("贷款", None, None, "1"), "A2", "可以指"),
        ((None, None, None, "1"), "A2", "没有写是哪个目标"),
        (("=A1", None, None, "1"), "A2", "公式"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_written(
    world: World, filled: Filled, take: Take, row: tuple[Any, ...], cell: str, words: str
) -> None:
    before = commits(world)
    done = take(filled(row))
    assert (done.code, done.out) == (1, "")
    (line,) = (line for line in done.err.splitlines() if line.startswith("  "))
    assert line.startswith(f"  {cell}：")
    assert words in line
    assert "--total" not in line
    assert (entries(world), commits(world)) == ([], before)


def test_all_bad_cells_are_named_at_once_and_the_good_rows_wait(
    world: World, filled: Filled, take: Take
) -> None:
    done = take(
        filled(
            ("listed", "家", "本期新增", "2家", None, "昨天", "=A1"),
            ("loans", "亿元", "年初累计", "72.5亿元"),
            ("quality", None, None, "前三", "很多"),
            ("faster", "%", None, "15.2%"),
        )
    )
    named = [line.strip().partition("：")[0] for line in done.err.splitlines() if line.startswith("  ")]
    assert named == ["F2", "G2", "D4", "E5"]
    assert "4 处要改，一笔也未记入" in done.err
    assert entries(world) == []


def test_what_the_arithmetic_cannot_take_names_its_cell(world: World, filled: Filled, take: Take) -> None:
    done = take(filled(("listed", "家", "年初累计", "4家"), ("balance", "家", None, 5)))
    assert "D3：" in done.err
    assert "家" in done.err
    assert entries(world) == []


def test_a_long_list_of_faults_says_how_many_more(world: World, filled: Filled, take: Take) -> None:
    done = take(filled(*[("listed", "家", "本期新增", "x")] * 50))
    assert "有 50 处要改" in done.err
    assert "另有 10 处" in done.err


def test_the_same_file_twice_is_logged_once(world: World, filled: Filled, take: Take) -> None:
    path = filled(("listed", "家", "本期新增", "2家"), ("quality", None, None, 3, 11))
    assert take(path).code == 0
    once = commits(world)
    again = take(path)
    assert (again.code, again.err) == (0, "")
    assert "没有新的要记：表里的 2 笔都已经在账上" in again.out
    assert commits(world) == once
    assert len(entries(world)) == 2


def test_only_what_is_new_is_logged(world: World, filled: Filled, take: Take) -> None:
    assert world("log", "金融办", "listed", "两 家", "--on", ON).code == 0
    done = take(filled(("listed", "家", "本期新增", 2), ("quality", None, None, 3)), "--format", "json")
    said = json.loads(done.out)
    assert [entry["ref"] for entry in said["entries"]] == ["金融办-01/quality"]
    assert [(item["cell"], item["ref"]) for item in said["known"]] == [("D2", "金融办-01/listed")]
    assert said["commit"] == world.git("rev-parse", "HEAD").strip()
    assert world.git("log", "-1", "--format=%s").startswith("log(金融办): 信贷资产质量 第3位")


def test_another_figure_for_the_same_day_is_refused_and_says_how_to_correct(
    world: World, filled: Filled, take: Take
) -> None:
    assert take(filled(("listed", "家", "本期新增", "2家"))).code == 0
    done = take(filled(("listed", "家", "本期新增", "3家"), ("quality", None, None, 3)))
    assert done.code == 1
    assert "D2：新增上市公司 2023-06-30 已记 2家，和表里的 3家 不一样；要改：ledger correct 0" in done.err
    assert len(entries(world)) == 1
    second = filled(("listed", "家", "本期新增", "3家", None, "2023-06-29"))
    assert take(second).code == 0
    assert [entry["add"] for entry in entries(world)] == ["2家", "3家"]


def test_a_withdrawn_line_is_as_if_never_logged_and_a_corrected_one_counts(
    world: World, filled: Filled, take: Take
) -> None:
    path = filled(("listed", "家", "本期新增", "2家"))
    first = json.loads(take(path, "--format", "json").out)["entries"][0]["entry"]["id"]
    assert world("correct", first, "3家", "--reason", "漏计").code == 0
    assert take(path).code == 1
    assert take(filled(("listed", "家", "本期新增", "3家"))).code == 0
    assert len(entries(world)) == 2


def test_a_remark_that_was_changed_is_pointed_out(world: World, filled: Filled, take: Take) -> None:
    assert take(filled(("listed", "家", "本期新增", "2家", None, ON, "初稿"))).code == 0
    done = take(filled(("listed", "家", "本期新增", "2家", None, ON, "定稿")))
    assert done.code == 0
    assert "说明或佐证和已记的不同，没有改" in done.out


def test_steps_of_a_milestone_stand_beside_each_other(world: World, filled: Filled, take: Take) -> None:
    plan = "data/targets/2023/金融办/01.yaml"
    steps = "    steps: [{key: draft, name: 起草}, {key: issue, name: 印发}]\n"
    text = world.read(plan).replace(
        "    quote: 出台绿色金融实施意见\n", "    quote: 出台绿色金融实施意见\n" + steps
    )
    world.write(plan, text)
    world.commit_all("两步")
    assert take(filled(("opinion", None, None, "起草"), ("opinion", None, None, "印发"))).code == 0
    assert [entry["step"] for entry in entries(world)] == ["draft", "issue"]
    assert "没有步骤“完成”；写其中一步：起草" in take(filled(("opinion", None, None, "完成"))).err


def test_the_date_stands_in_the_title_or_with_each_figure(world: World, filled: Filled, take: Take) -> None:
    rows = [("listed", "家", "本期新增", "2家"), ("loans", "亿元", "本期新增", "5亿元")]
    assert "金融办 2023-06  数据日期 2023-06-30" in take(filled(*rows), "--dry-run").out
    rows[1] = (*rows[1], None, "2023-06-29")
    shown = take(filled(*rows), "--dry-run").out
    assert "单元格    数据日期" in shown
    assert "2023-06-29" in shown


def test_a_preview_writes_nothing(world: World, filled: Filled, take: Take) -> None:
    before = commits(world)
    done = take(filled(("listed", "家", "本期新增", "2家"), ("loans", "亿元")), "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert "只是预览，没有写入：会记 1 笔；1 行没有填" in done.out
    assert "新增 2家" in done.out
    assert "2家（33.3%）" in done.out
    assert (entries(world), commits(world)) == ([], before)
    rows = take(filled(("listed", "家", "本期新增", "2家")), "--dry-run", "--format", "csv").out.splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("D2,")
    assert rows[1].endswith(",预览")


def test_a_duplicate_row_is_refused(world: World, filled: Filled, take: Take) -> None:
    done = take(filled(("listed", "家", "本期新增", "2家"), ("listed", "家", "本期新增", "1家")))
    assert "D3：新增上市公司 2023-06-30 已经在 D2 填过" in done.err
    rows = (("listed", "家", "本期新增", "2家"), ("listed", "家", "本期新增", "1家", None, "2023-06-10"))
    assert take(filled(*rows)).code == 0


def test_headings_in_another_order_with_other_columns_and_lines_above(
    world: World, filled: Filled, take: Take
) -> None:
    book = Workbook()
    book.active.append(["金融办六月进度"])
    book.active.append([])
    book.active.append(["序号", "备注", "数 量\n（连单位）", "目标", "联系人", "目标代号"])
    book.active.append([1, "含过会", "增 2家", "新增上市公司", "李四", "市金融办-1/listed"])
    book.active.append(["序号", "备注", "数量", "目标", "联系人", "目标代号"])
    book.active.append([2, None, "第3位", "信贷资产质量", "李四", None])
    path = world.root.parent / "自制.xlsx"
    book.save(path)
    done = take(path)
    assert (done.code, done.err) == (0, "")
    assert "没有读的列：序号、联系人" in done.out
    assert [(entry["target"], entry.get("note")) for entry in entries(world)] == [
        ("listed", "含过会"),
        ("quality", None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_separated_text_is_taken_too(world: World, take: Take, encoding: str, separator: str) -> None:
    path = world.root.parent / "表.csv"
    rows = [("目标", "口径", "数量", "说明"), ("新增上市公司", "年初累计", "4家", "含“过会”")]
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    assert take(path).code == 0
    assert entries(world) == [{"on": ON, "target": "listed", "total": "4家", "note": "含“过会”"}]


def test_a_csv_of_formulas_is_text_and_refused_as_a_figure(world: World, take: Take) -> None:
    path = world.root.parent / "表.csv"
    path.write_text("目标,数量,说明\n贷款余额,=1+1,\n绿色贷款增幅,12%,=cmd|' /C calc'!A0\n", encoding="utf-8")
    done = take(path)
    assert "B2：" in done.err
    path.write_text("目标,数量,说明\n绿色贷款增幅,12%,=cmd|' /C calc'!A0\n", encoding="utf-8")
    assert take(path).code == 0
    assert entries(world)[0]["note"] == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (("目标代号", "完成情况"), "没有一行是表头"),
        (("目标代号", "口径"), "没有“数量”一列"),
        (("数量", "口径"), "没有“目标代号”一列"),
        (("目标代号", "编号", "数量"), "A1 和 B1 都是“目标代号”"),
    ],
)
def test_a_sheet_without_its_headings_is_refused(
    world: World, filled: Filled, take: Take, headings: tuple[str, ...], words: str
) -> None:
    done = take(filled(("listed", "2家"), headings=headings))
    assert (done.code, done.out) == (1, "")
    assert words in done.err
    assert "ledger sheet export" in done.err


def test_two_tables_in_a_book_are_refused(world: World, filled: Filled, take: Take) -> None:
    path = filled(("listed", "家", "本期新增", "2家"))
    book = load_workbook(path)
    book.copy_worksheet(book.active).title = "旧的"
    book.save(path)
    assert "只留一张" in take(path).err


def test_cells_merged_over_rows_are_refused(world: World, filled: Filled, take: Take) -> None:
    path = filled(("listed", "家", "本期新增", "2家"), ("loans", "亿元", "本期新增", None))
    book = load_workbook(path)
    book.active.merge_cells("D2:D3")
    book.save(path)
    assert "D2:D3：是跨行合并的单元格" in take(path).err


def test_a_code_beside_another_name_is_refused(world: World, filled: Filled, take: Take) -> None:
    done = take(filled(("listed", "贷款余额", "增 2家"), headings=("目标代号", "目标", "数量")))
    assert "B2：目标是“贷款余额”，而代号 金融办-01/listed 是“新增上市公司”" in done.err


def test_a_name_that_two_targets_have_is_refused(world: World, filled: Filled, take: Take) -> None:
    plan = "data/targets/2023/金融办/01.yaml"
    world.write(plan, world.read(plan).replace("name: 贷款余额", "name: 新增上市公司"))
    world.commit_all("同名")
    done = take(filled(("新增上市公司", "增 2家"), headings=("目标", "数量")))
    assert "写目标代号：金融办-01/listed、金融办-01/balance" in done.err
    assert "A2：找不到目标“没有的”" in take(filled(("没有的", "2家"), headings=("目标", "数量"))).err


def test_an_empty_sheet_is_refused(world: World, filled: Filled, take: Take) -> None:
    assert "一个数量也没有填" in take(filled(("listed", "家", "本期新增", None))).err
    Workbook().save(world.root.parent / "空.xlsx")
    assert "没有一行是表头，或表里是空的" in take(world.root.parent / "空.xlsx").err


def test_a_file_that_does_not_say_what_it_is_of_needs_to_be_told(world: World, filled: Filled) -> None:
    path = filled(("listed", "家", "本期新增", "2家"))
    done = world("sheet", "import", str(path))
    assert done.code == 2
    assert "不知道是哪个部门、哪个月的" in done.err
    assert "不知道是哪个月的" in world("sheet", "import", str(path), "--dept", "金融办").err
    assert world("sheet", "import", str(path), "--dept", "金融办", "--month", "2022-06").code == 1
    assert world("sheet", "import", str(path), "--dept", "金融半", "--month", "2023-06").code == 1
    assert world("sheet", "import", str(path), *OF_JUNE, "--late").code == 2


def test_a_file_that_is_not_there_is_said(world: World) -> None:
    done = world("sheet", "import", "没有.xlsx", *OF_JUNE)
    assert done.code == 1
    assert "没有.xlsx 读不出来：没有这个文件或文件夹" in done.err


def test_a_month_that_is_not_over_takes_todays_date(
    world: World, filled: Filled, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-06-28")
    assert "F2：2023-06-30 还没有到" in take(filled(("listed", "家", "本期新增", "2家", None, ON))).err
    assert take(filled(("listed", "家", "本期新增", "2家"))).code == 0
    assert [entry["on"] for entry in entries(world)] == ["2023-06-28"]


def test_a_day_outside_the_plan_is_refused(world: World, filled: Filled, take: Take) -> None:
    plan = "data/targets/2023/金融办/01.yaml"
    world.write(plan, world.read(plan).replace("year: 2023\n", "year: 2023\nto: 2023-06-15\n"))
    world.commit_all("半年的计划")
    assert (
        "F2：2023-06-30 不在 金融办-01 的计划期"
        in take(filled(("listed", "家", "本期新增", "2家", None, ON))).err
    )
    assert "D2：" in take(filled(("listed", "家", "本期新增", "2家"))).err


def test_others_may_not_import(world: World, filled: Filled, take: Take) -> None:
    config = world.read("data/ledger.yaml")
    world.write(
        "data/ledger.yaml",
        config.replace("aliases: [市金融办]", "aliases: [市金融办], reporters: [li@example.gov.cn]"),
    )
    world.commit_all("名单")
    path = filled(("listed", "家", "本期新增", "2家"))
    for options in ((), ("--dry-run",)):
        done = take(path, *options)
        assert done.code == 1
        assert "不能为 金融办 记账" in done.err
    assert entries(world) == []


def test_a_sealed_month_wants_a_reason(
    world: World, filled: Filled, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-05")
    assert world("seal", "2023-06", "--local").code == 0
    path = filled(("listed", "家", "本期新增", "2家"))
    assert "已封账" in take(path).err
    assert take(path, "--late", "--reason", "公章迟到", "--by", "李四").code == 0
    (entry,) = entries(world)
    assert (entry["late"], entry["reason"]) == (True, "公章迟到")
    assert '"by": "李四"' in world.read("data/progress/2023/金融办/01.yaml")


def test_entries_of_a_demonstration_ledger_say_so(world: World, filled: Filled, take: Take) -> None:
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + "simulated: true\n")
    world.commit_all("模拟")
    done = take(filled(("listed", "家", "本期新增", "2家")))
    assert "模拟数据" in done.out
    assert entries(world)[0]["simulated"] == "模拟数据"


def test_a_warning_about_a_later_report_names_its_row(world: World, filled: Filled, take: Take) -> None:
    assert world("log", "金融办", "listed", "1家", "--total", "--on", ON).code == 0
    done = take(filled(("listed", "家", "年初累计", "4家", None, "2023-06-10")))
    assert done.code == 0
    assert "注意：D2 新增上市公司：" in done.out


def test_what_another_logged_while_the_sheet_was_read_is_not_logged_twice(
    world: World, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other import comes between reading and writing, as the lock allows; ours then finds it there."""
    from ledger.documents.form import read_form
    from ledger.files.ledger import Ledger
    from ledger.git import Repo

    path = filled(("listed", "家", "本期新增", "2家"), ("quality", None, None, 3))
    form, repo = read_form(path), Repo.open(world.root)
    wish = taking.ImportOptions("金融办", date(2023, 6, 30))
    write, raced = log.write_entries, []

    def late(ledger: Any, understood: Any, **options: Any) -> Any:
        if not raced:
            raced.append(True)
            write(ledger, understood[:1], today=options["today"], repo=repo)
        return write(ledger, understood, **options)

    monkeypatch.setattr(taking, "write_entries", late)
    told: list[object] = []
    (taken,) = taking.import_sheets(
        Ledger.open(world.root), [form], wish, today=date(2023, 6, 30), repo=repo, notify=told.append
    )
    assert [item.target_ref.target.key for item in taken.known] == ["listed"]
    assert [entry["target"] for entry in entries(world)] == ["listed", "quality"]


def test_one_that_is_overtaken_again_and_again_gives_up(
    world: World, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger.documents.form import read_form
    from ledger.files.ledger import Ledger
    from ledger.git import Repo

    def never(*_: Any, **__: Any) -> Any:
        raise taking.OutdatedSheetError

    monkeypatch.setattr(taking, "write_entries", never)
    form, repo = read_form(filled(("listed", "家", "本期新增", "2家"))), Repo.open(world.root)
    wish = taking.ImportOptions("金融办", date(2023, 6, 30))
    with pytest.raises(taking.OutdatedSheetError):
        taking.import_sheets(Ledger.open(world.root), [form], wish, today=date(2023, 6, 30), repo=repo)


def test_a_place_is_a_cell_or_the_row_where_the_sheet_has_no_such_column() -> None:
    row = FilledRow(7, {"amount": 4, "second": 28}, {})
    assert [row.place(field) for field in ("amount", "second", "evidence")] == ["D7", "AB7", "第7行"]
