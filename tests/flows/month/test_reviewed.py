"""The clerk's month after the reviewer's: returned figures corrected in the walk, causes and measures by walk and sheet."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import openpyxl
import pexpect
import pytest

from ledger.commands.sheet.table import TITLES
from tests.conftest import World
from tests.flows.month.test_guided import EFFECT, FIGURE, ended
from tests.render.terminal.conftest import spawn as spawn  # the program on a terminal of its own

Spawn = Callable[..., "pexpect.spawn[str]"]
FILE = "data/progress/2023/金融办/01.yaml"


@pytest.fixture(autouse=True)
def july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-03")


@pytest.fixture
def returned(world: World) -> World:
    assert world("log", "金融办", "loans", "12亿元", "--on", "2023-05-31").code == 0
    assert world("return", "金融办", "loans", "--reason", "佐证不符").code == 0
    return world


def lines(world: World) -> list[dict[str, str]]:
    return [json.loads(line[2:]) for line in world.read(FILE).splitlines()]


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_the_walk_begins_with_what_was_returned_and_takes_causes(returned: World, spawn: Spawn) -> None:
    running = spawn("log", "金融办")
    running.expect_exact("督查退回 1 项，先更正：")
    running.expect_exact("理由：佐证不符（张三）")
    running.expect_exact("q 暂停） > ")
    running.sendline("11亿元")
    running.expect_exact("回车 记下　- 不改 > ")
    running.sendline("")
    running.expect_exact(FIGURE)
    running.sendline("增 1家")
    running.expect_exact("写 ! 补写原因、措施、责任人和时限")
    running.expect_exact(EFFECT)
    running.sendline("!")
    for prompt, typed in (
        ("原因（回车不写） > ", "两家退回补正"), ("措施 > ", "重新申报"), ("责任人（可不写） > ", "李四"), ("（可不写） > ", "9月30日"),
    ):  # fmt: skip
        running.expect_exact(prompt)
        running.sendline(typed)
    running.expect_exact(EFFECT)
    running.sendline("")
    running.expect_exact(FIGURE)
    running.sendline("q")
    code, said = ended(running)
    assert (code, "本次记入 1 条" in said) == (0, True)
    rows = lines(returned)
    assert rows[2]["corrects"] == rows[0]["id"]
    assert "佐证不符" in rows[2]["reason"]
    figure, remark = rows[3:]
    assert (figure["target"], figure["add"]) == ("listed", "1家")
    assert (remark["target"], remark["cause"], remark["until"], remark["owner"]) == (
        "listed", "两家退回补正", "2023-09-30", "李四",
    )  # fmt: skip
    assert returned("check").code == 0
    assert returned("audit").code == 0


def test_the_sheet_shows_what_was_returned_and_takes_causes(returned: World) -> None:
    assert returned("sheet", "export", "--dept", "金融办", "--month", "2023-06", "-o", "表.xlsx").code == 0
    file = returned.root / "表.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    assert [heads[TITLES[name]] for name in ("cause", "measure", "owner", "until")] == [17, 18, 19, 20]
    row = next(row for row in range(5, 20) if sheet.cell(row, 2).value == "新增制造业中长期贷款")
    assert "2023-05 已退回：佐证不符" in sheet.cell(row, heads["上次数据"]).value
    assert not sheet.cell(row, heads["原因"]).protection.locked
    sheet.cell(row, heads["原因"]).value = "项目延期"
    book.save(file)
    refused = returned("sheet", "import", str(file))
    assert refused.code == 1
    assert "没有填措施" in refused.err
    sheet.cell(row, heads["措施"]).value = "加快备案"
    sheet.cell(row, heads["时限"]).value = "9月30日"
    book.save(file)
    assert returned("sheet", "import", str(file)).code == 0, returned("sheet", "import", str(file)).err
    remark = lines(returned)[-1]
    assert (remark["cause"], remark["measure"], remark["until"], remark["on"]) == (
        "项目延期", "加快备案", "2023-09-30", "2023-06-30",
    )  # fmt: skip
    before = returned.read(FILE)
    assert returned("sheet", "import", str(file)).code == 0
    assert returned.read(FILE) == before, "the same sheet twice says nothing new"
    assert returned("check").code == 0


def test_a_sheet_without_laggards_has_no_columns_for_causes(world: World) -> None:
    assert world("sheet", "export", "--dept", "商务局", "--month", "2023-06", "-o", "表.xlsx").code == 0
    sheet = openpyxl.load_workbook(world.root / "表.xlsx")["填报"]
    assert "原因" not in [cell.value for cell in sheet[4]]
