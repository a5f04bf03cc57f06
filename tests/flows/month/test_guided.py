"""`ledger log 部门` at a real terminal: the walk through a month, and the same month by the sheet."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pexpect
import pytest

from tests.conftest import World
from tests.render.terminal.conftest import spawn as spawn  # the program on a terminal of its own

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")

Spawn = Callable[..., "pexpect.spawn[str]"]
FIGURE, EFFECT = "暂停） > ", "不记 > "
TYPED = {
    "listed": ("增 2家",),
    "loans": ("累计 72.5亿元",),
    "balance": ("3580亿元",),
    "green": ("本期112亿元 同期100亿元",),
    "quality": ("第4位/11",),
    "faster": ("15.2%", "12.1%"),
    "opinion": ("完成",),
}
"""What the secretary of 金融办 has for June, in the words of the walk."""


def walk(running: pexpect.spawn[str], keys: tuple[str, ...] = tuple(TYPED)) -> int:
    """Type figures for the targets in their order and return how many keys it took."""
    count = 0
    for key in keys:
        first, *second = TYPED[key]
        running.expect_exact(FIGURE)
        running.sendline(first)
        for item in second:
            running.expect_exact("（< 重填） > ")
            running.sendline(item)
        running.expect_exact(EFFECT)
        running.sendline("")
        count += sum(len(item) + 1 for item in TYPED[key]) + 1
    return count


def ended(running: pexpect.spawn[str]) -> tuple[int, str]:
    running.expect(pexpect.EOF)
    running.close()
    return int(running.exitstatus or 0), running.before or ""


def commits(world: World) -> int:
    return int(world.git("rev-list", "--count", "HEAD"))


def june(world: World) -> str:
    return world("status", "--dept", "金融办", "--all", "--as-of", "2023-06-30", "--format", "csv").out


@pytest.fixture(autouse=True)
def july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-03")


def test_a_month_one_commit_each(world: World, spawn: Spawn) -> None:
    before = commits(world)
    running = spawn("log", "金融办")
    running.expect_exact("金融办 2023-06：应报 6 项，选报 1 项；已报 0 项；数据日期 2023-06-30")
    assert walk(running) == 67
    code, said = ended(running)
    assert (code, commits(world) - before) == (0, 7)
    assert "本次记入 7 条，本月应报目标尚有 0 项未报送" in said
    assert "log(金融办): 新增上市公司 +2家 → 2家/≥6家 (33.3%)" in world.git("log", "--format=%s")
    assert world("check").code == 0


def test_a_month_in_one_commit_survives_ctrl_c(world: World, spawn: Spawn) -> None:
    """What was said yes to is kept out of the working tree, and the next walk goes on there."""
    before, keys = commits(world), tuple(TYPED)
    running = spawn("log", "金融办", "--batch")
    walk(running, keys[:3])
    running.expect_exact(FIGURE)
    running.sendintr()
    code, said = ended(running)
    assert code == 130
    assert "已填的 3 条还没有写入" in said
    assert (commits(world), world.git("status", "--porcelain")) == (before, "")
    running = spawn("log", "金融办", "--batch")
    running.expect_exact("接着上次：已填 3 条")
    walk(running, keys[3:])
    running.expect_exact("7 条，一次写入？")
    running.sendline("")
    code, said = ended(running)
    assert (code, commits(world) - before) == (0, 1)
    assert not list((world.root / ".git").glob("ledger-answers-*"))
    assert "log(金融办): 7 条记录" in world.git("log", "-1", "--format=%s")


def test_by_the_walk_and_by_the_sheet_the_month_is_the_same(world: World, spawn: Spawn) -> None:
    """Both ways from the same ledger, undone in between: the same status to the last character."""
    start = world.git("rev-parse", "HEAD").strip()
    running = spawn("log", "金融办")
    walk(running)
    ended(running)
    walked = june(world)
    world.git("reset", "-q", "--hard", start)
    assert june(world) != walked

    file = Path(world.root.parent, "金融办.xlsx")
    assert world("sheet", "export", "--dept", "金融办", "--month", "2023-06", "-o", str(file)).code == 0
    fill(file)
    ran = world("sheet", "import", str(file))
    assert ran.code == 0, ran.err
    assert june(world) == walked


def fill(file: Path) -> None:
    """Type the same month into the sheet."""
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(cell.value == "数量" for cell in row))
    column = {str(cell.value): cell.column for cell in head if cell.value}
    code = next(title for title in column if "代号" in title)
    cells = {
        "listed": {"数量": "2家", "口径": "本期新增"},
        "loans": {"数量": "72.5亿元", "口径": "年初累计"},
        "balance": {"数量": "3580亿元"},
        "green": {"数量": "112亿元", "对照数": "100亿元"},
        "quality": {"数量": "第4位", "对照数": "11"},
        "faster": {"数量": "15.2%", "对照数": "12.1%"},
        "opinion": {"数量": "完成"},
    }
    for row in range(head[0].row + 1, page.max_row + 1):
        key = str(page.cell(row, column[code]).value or "").rpartition("/")[2]
        for title, text in cells.pop(key, {}).items():
            page.cell(row, column[title]).value = text
    assert not cells
    book.save(file)


def test_skip_back_help_and_what_cannot_be_read(world: World, spawn: Spawn) -> None:
    before = commits(world)
    running = spawn("log", "金融办")
    running.expect_exact(FIGURE)
    running.sendline("<")
    running.expect_exact("已经是第一个")
    running.expect_exact(FIGURE)
    running.sendline("?")
    running.expect_exact("累计 4家 是年初至今")
    running.expect_exact(FIGURE)
    running.sendline("许多")
    running.expect_exact("未记入：")
    running.expect_exact(FIGURE)
    running.sendline("")
    running.expect_exact("[2/7] 金融办-01/loans")
    running.expect_exact(FIGURE)
    running.sendline("<")
    running.expect_exact("[1/7] 金融办-01/listed")
    running.expect_exact(FIGURE)
    running.sendline("3家")
    running.expect_exact(EFFECT)
    running.sendline("<")
    running.expect_exact(FIGURE)
    running.sendline("2家")
    running.expect_exact(EFFECT)
    running.sendline("+浙证监函〔2023〕15号")
    running.expect_exact(EFFECT)
    running.sendline("")
    running.expect_exact("已记录，提交")
    running.expect_exact(FIGURE)
    running.sendline("<")
    running.expect_exact("上一个已经写入，要改：ledger correct")
    running.expect_exact(FIGURE)
    running.sendline("q")
    code, said = ended(running)
    assert (code, commits(world) - before) == (0, 1)
    assert "本月应报目标尚有 5 项未报送" in said
    assert "浙证监函〔2023〕15号" in world.read("data/progress/2023/金融办/01.yaml")
    again = spawn("log", "金融办")
    again.expect_exact("已报 1 项")
    again.expect_exact("[1/6] 金融办-01/loans")
    again.sendeof()
    assert ended(again)[0] == 0


STEPS = """\
  - key: reform
    name: 国企改制
    kind: milestone
    steps: [{key: plan, name: 定方案, due: 2023-03-31}, {key: vote, name: 职代会, due: 2023-06-30}, {key: sign, name: 挂牌}]
    quote: 改革走在全国前列
"""


@pytest.fixture
def stepped(world: World) -> World:
    """A milestone of three steps, of which one was done in March."""
    world.write("data/targets/2023/金融办/01.yaml", world.read("data/targets/2023/金融办/01.yaml") + STEPS)
    world.commit_all("加一项")
    assert world("log", "金融办", "reform", "定方案", "--on", "2023-03-31").code == 0
    return world


@pytest.mark.parametrize("option", [(), ("--batch",)])
def test_several_steps_of_one_milestone(stepped: World, spawn: Spawn, option: tuple[str, ...]) -> None:
    """After a step the steps left are asked for, by name or number; a step done before is not offered."""
    running = spawn("log", "金融办", *option)
    for _ in range(6):
        running.expect_exact(FIGURE)
        running.sendline("")
    running.expect_exact("金融办-01/reform")
    running.expect_exact("1 职代会　2 挂牌")
    running.expect_exact(FIGURE)
    running.sendline("职代")
    running.expect_exact(EFFECT)
    running.sendline("+纪要")
    running.expect_exact(EFFECT)
    running.sendline("")
    running.expect_exact("1 挂牌")
    running.expect_exact(FIGURE)
    running.sendline("1")
    running.expect_exact(EFFECT)
    running.sendline("")
    running.expect_exact("金融办-01/opinion")
    running.expect_exact(FIGURE)
    running.sendline("")
    if option:
        running.expect_exact("2 条，一次写入？")
        running.sendline("<")
        running.expect_exact("金融办-01/opinion")
        running.expect_exact(FIGURE)
        running.sendline("")
        running.expect_exact("2 条，一次写入？")
        running.sendline("")
    assert ended(running)[0] == 0
    written = stepped.read("data/progress/2023/金融办/01.yaml").splitlines()
    assert [word for line in written for word in ("plan", "vote", "sign") if f'"step": "{word}"' in line] == [
        "plan", "vote", "sign",
    ]  # fmt: skip
    assert stepped("check").code == 0
    running = spawn("log", "金融办")
    running.expect_exact("选报 1 项；已报 1 项")
    running.sendeof()
    ended(running)


def test_a_step_is_taken_back_and_a_batch_goes_on_at_the_next_step(stepped: World, spawn: Spawn) -> None:
    running = spawn("log", "金融办", "--batch")
    for _ in range(6):
        running.expect_exact(FIGURE)
        running.sendline("")
    for typed in ("2", "<", "1"):
        running.expect_exact(FIGURE)
        running.sendline(typed)
        if typed != "<":
            running.expect_exact(EFFECT)
            running.sendline("")
    running.expect_exact("1 挂牌")
    running.expect_exact(FIGURE)
    running.sendintr()
    assert "已填的 1 条还没有写入" in ended(running)[1]
    running = spawn("log", "金融办", "--batch")
    running.expect_exact("接着上次：已填 1 条")
    for _ in range(6):
        running.expect_exact(FIGURE)
        running.sendline("")
    running.expect_exact("1 挂牌")
    running.sendeof()
    ended(running)


def test_a_bare_number_is_taken_in_a_plain_unit_and_asked_about_otherwise(world: World, spawn: Spawn) -> None:
    """What could mean two things is never taken silently: one of the full spellings is chosen."""
    running = spawn("log", "金融办")
    running.expect_exact(FIGURE)
    running.sendline("累计 2")
    running.expect_exact("上报：累计 2家（")
    running.expect_exact(EFFECT)
    running.sendline("")
    running.expect_exact(FIGURE)
    running.sendline("72.5亿")
    running.expect_exact("没有写单位")
    running.expect_exact(FIGURE)
    running.sendline("72.5")
    running.expect_exact("1 72.5亿元（目标的 48.3%）")
    running.expect_exact("2 72.5万元")
    running.sendline("1")
    running.expect_exact("本月新增 72.5亿元（")
    running.expect_exact(EFFECT)
    running.sendline("")
    running.expect_exact(FIGURE)
    running.sendline("q")
    assert ended(running)[0] == 0


def test_help_shows_the_words_of_the_plan(world: World, spawn: Spawn) -> None:
    running = spawn("log", "金融办")
    running.expect_exact(FIGURE)
    running.sendline("?")
    running.expect_exact("原文：全年新增上市公司“保6争8”")
    running.expect_exact("只写数字的，单位按 家 算")
    running.expect_exact(FIGURE)
    running.sendintr()
    code, said = ended(running)
    assert code == 130
    assert "写入的不再问，跳过的还会问" in said


def test_on_a_chinese_console(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """GBK both ways: every glyph shows, and what is typed arrives; other bytes are refused, not written."""
    monkeypatch.setenv("PYTHONIOENCODING", "gbk")
    monkeypatch.setenv(
        "DEPARTMENT", "金融办"
    )  # the arguments of a Linux process are bytes, which pexpect would write in GBK
    spell = f'exec {sys.executable} -m ledger log "$DEPARTMENT"'
    running = pexpect.spawn(
        "sh", ["-c", spell], encoding="gbk", codec_errors="replace", timeout=30, env=dict(os.environ)
    )
    running.expect_exact(FIGURE)
    assert "?" not in (running.before or "").replace("? 帮助", "")
    running.sendline("增 2家")
    running.expect_exact(EFFECT)
    running.sendline("+浙证监函〔2023〕15号")
    running.expect_exact(EFFECT)
    running.sendline("")
    running.expect_exact("已记录，提交")
    running.expect_exact(FIGURE)
    os.write(running.child_fd, b"\xff\xff\n")
    running.expect_exact("有的字认不出来，没有采用")
    running.expect_exact(FIGURE)
    running.sendline("q")
    assert ended(running)[0] == 0
    assert "浙证监函〔2023〕15号" in world.read("data/progress/2023/金融办/01.yaml")


def test_a_preview_writes_nothing(world: World, spawn: Spawn) -> None:
    before = commits(world)
    running = spawn("log", "金融办", "--dry-run")
    walk(running)
    code, said = ended(running)
    assert (code, commits(world), world.git("status", "--porcelain")) == (0, before, "")
    assert "只是预览，没有写入（看过 7 条）" in said


def test_options_that_do_not_fit_a_walk(world: World, spawn: Spawn) -> None:
    """And without a terminal nobody can be asked."""
    assert "只有在终端上才逐个问" in world("log", "金融办").err
    assert "问到时再写" in world("log", "金融办", "--total").err
    assert "--month 只在逐个问时用" in world("log", "金融办", "listed", "2家", "--batch").err
    running = spawn("log", "金融办", "--on", "2023-05-31", "--month", "2023-06")
    code, said = ended(running)
    assert code == 2
    assert "不在 --month 2023-06 里" in said
