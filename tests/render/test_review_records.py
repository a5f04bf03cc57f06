"""CSV and xlsx tell verified figures, returned ones and causes in columns of their own, and only where there are any."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from tests.conftest import World

ANSWERS: dict[str, tuple[str, ...]] = {
    "status": ("status", "--all", "--as-of", "2023-06-30"),
    "due": ("due", "--month", "2023-05"),
    "history": ("history", "金融办-01"),
    "show": ("show", "金融办-01", "--as-of", "2023-06-30"),
    "rank": ("rank", "--as-of", "2023-06-30"),
    "changes": ("changes", "--from", "2023-04-30", "--to", "2023-06-30"),
}
XLSX = {"status", "due", "history", "rank", "changes"}


@pytest.fixture
def reported(world: World) -> World:
    for target, amount, day in (
        ("listed", "2家", "2023-04-30"),
        ("listed", "1家", "2023-05-31"),
        ("loans", "12亿元", "2023-05-31"),
    ):
        assert world("log", "金融办", target, amount, "--on", day).code == 0
    return world


@pytest.fixture
def reviewed(reported: World) -> World:
    for command in (
        ("verify", "金融办-01/listed", "--month", "2023-04"),
        ("return", "金融办", "loans", "--reason", "=佐证不符"),
        (
            "remark",
            "金融办",
            "loans",
            "--cause",
            "放款慢",
            "--measure",
            "专班",
            "--month",
            "2023-05",
            "--until",
            "2023-06-20",
        ),
    ):
        done = reported(*command)
        assert done.code == 0, done.err
    return reported


def records(world: World, *command: str) -> list[dict[str, str]]:
    done = world(*command, "--format", "csv")
    assert done.code in {0, 1}, done.err
    return list(csv.DictReader(io.StringIO(done.out)))


def test_status_tells_both_figures_and_what_waits(reviewed: World) -> None:
    rows = {row["代号"]: row for row in records(reviewed, *ANSWERS["status"])}
    listed, loans, green = rows["listed"], rows["loans"], rows["green"]
    assert (listed["完成率"], listed["核定数"], listed["核定完成率"], listed["待核定"]) == (
        "0.5",
        "2家",
        "0.333333",
        "是",
    )
    assert listed["核定完成率（精确分数）"] == "3分之1"
    assert (loans["核定数"], loans["核定完成率"], loans["待核定"], loans["退回理由"]) == (
        "",
        "",
        "是",
        "'=佐证不符",
    )
    assert (loans["原因"], loans["措施"], loans["时限"], loans["时限已过"]) == (
        "放款慢",
        "专班",
        "2023-06-20",
        "是",
    )
    assert (green["待核定"], green["原因"], green["时限已过"]) == ("否", "", ""), (
        "never reported: nothing waits"
    )


def test_due_lists_what_was_sent_back_with_its_reason(reviewed: World) -> None:
    rows = records(reviewed, *ANSWERS["due"])
    (returned,) = (row for row in rows if row["事由"] == "退回待更正")
    assert (returned["目标代号"], returned["退回的数据日期"]) == ("金融办-01/loans", "2023-05-31")
    assert returned["退回理由"].endswith("佐证不符")
    assert len(returned["退回的记录"]) == 26
    assert {row["退回理由"] for row in rows if row is not returned} == {""}


@pytest.mark.parametrize("command", ["history", "show"])
def test_entries_say_how_they_were_reviewed(reviewed: World, command: str) -> None:
    reviews = {row["上报"]: row["核定"] for row in records(reviewed, *ANSWERS[command])}
    assert reviews["新增 2家"] == "已核定"
    assert reviews["新增 1家"] == ""
    assert reviews["新增 12亿元"].startswith("已退回")


def test_changes_tell_reviews_since_a_seal(reported: World) -> None:
    assert reported("seal", "2023-04", "--local").code == 0
    assert reported("return", "金融办", "loans", "--reason", "佐证不符").code == 0
    rows = records(reported, "changes", "--from", "2023-04", "--to", "2023-06-30")
    (returned,) = (row for row in rows if row["变化"] == "退回")
    assert (returned["原为"], returned["理由"]) == ("2023-05-31 12亿元", "佐证不符")


def test_rank_says_that_it_uses_verified_figures(reviewed: World) -> None:
    assert "所用的数" not in records(reviewed, *ANSWERS["rank"])[0]
    reviewed.write("data/ledger.yaml", reviewed.read("data/ledger.yaml") + "figures: verified\n")
    reviewed.commit_all("只用核定数")
    assert {row["所用的数"] for row in records(reviewed, *ANSWERS["rank"])} == {"核定数"}


@pytest.mark.parametrize("command", sorted(XLSX))
def test_a_workbook_has_the_same_columns_and_numbers_in_them(reviewed: World, command: str) -> None:
    done = reviewed(*ANSWERS[command], "--format", "xlsx", "-o", "表.xlsx")
    assert done.code in {0, 1}, done.err
    sheet = openpyxl.load_workbook(reviewed.root / "表.xlsx").active
    heads = [cell.value for cell in sheet[1]]
    titles = list(records(reviewed, *ANSWERS[command])[0])
    assert heads == [title for title in titles if not title.endswith("（精确分数）")]
    if command == "status":
        column = heads.index("核定完成率")
        listed = next(row for row in sheet.iter_rows(min_row=2) if row[heads.index("代号")].value == "listed")
        assert (listed[column].value, listed[column].number_format) == (0.333333, "0.0%")
        assert listed[heads.index("退回理由")].value is None
        loans = next(row for row in sheet.iter_rows(min_row=2) if row[heads.index("代号")].value == "loans")
        reason = loans[heads.index("退回理由")]
        assert (reason.value, reason.data_type) == ("=佐证不符", "s")
        assert loans[heads.index("时限")].is_date


@pytest.mark.parametrize("command", sorted(ANSWERS))
def test_without_reviews_the_columns_are_what_they_were(reported: World, command: str) -> None:
    words = {"核定数", "核定完成率", "待核定", "退回理由", "原因", "时限", "核定", "退回的记录", "所用的数"}
    assert not words & set(records(reported, *ANSWERS[command])[0])


def test_an_export_holds_what_was_reported_and_no_reviews(reviewed: World) -> None:
    done = reviewed("export", "-o", "导出", "--as-of", "2023-06-30")
    assert done.code == 0, done.err
    with (reviewed.root / "导出" / "entries.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3, "two reports of companies and one of loans"


def test_a_workbook_too_wide_for_a_page_is_printed_on_several(reviewed: World) -> None:
    wide, narrow = (
        openpyxl.load_workbook(reviewed.root / file).active
        for command, file in (("status", "宽.xlsx"), ("rank", "窄.xlsx"))
        if reviewed(*ANSWERS[command], "-o", file).code == 0
    )
    assert (narrow.page_setup.fitToWidth, narrow.print_title_cols) == (1, None)
    assert wide.page_setup.fitToWidth == 2
    assert (wide.print_title_cols, wide.print_title_rows) == ("$A:$A", "$1:$1")
