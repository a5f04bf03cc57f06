"""The same text is read or refused alike by `log`, the walk, the sheet and `correct`; docs/reference/figures.md is made from it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import Workbook

from ledger.cli.context import AppContext
from ledger.cli.guided.session import GuidedSession
from ledger.commands.log import EntryRequest
from ledger.commands.sheet.export import blank_sheet
from ledger.environment import Environment
from ledger.files.ledger import Ledger
from ledger.git import Repo
from tests.conftest import World
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "figures.md"
DAY = date(2023, 6, 30)
WORDS = {
    "add": "增 ", "total": "累计 ", "value": "", "current": "本期 ", "base": "同期 ", "rank": "第 ", "of": "共 ", "benchmark": "参照 ",
}  # fmt: skip
NAMES = {
    "listed": "新增上市公司（≥6家）", "loans": "新增贷款（150亿元）", "balance": "贷款余额（>3650亿元）", "green": "贷款增幅（12%）",
    "quality": "位次（前3位）", "faster": "与参照值比较",
}  # fmt: skip
PROGRESS = "data/progress/2023/金融办/01.yaml"
FIRST = {
    "listed": "1家", "loans": "1亿元", "balance": "3000亿元", "green": "10%", "quality": "第1位", "faster": "5% 参照 4%",
}  # fmt: skip
TEXTS: tuple[tuple[str, str], ...] = (
    ("listed", "2家"), ("listed", "2 家"), ("listed", "２家"), ("listed", "两家"), ("listed", "2"), ("listed", "增2家"),
    ("listed", "新增 2家"), ("listed", "本月新增2家"), ("listed", "累计 4家"), ("listed", "累计4"), ("listed", "总计4家"),
    ("listed", "2个"), ("listed", "2亿元"), ("listed", "2-3家"), ("listed", "2家以上"), ("listed", "约2家"),
    ("listed", "2.5家"), ("listed", "0家"), ("listed", "无"), ("listed", "二十"),
    ("loans", "2亿元"), ("loans", "20000万元"), ("loans", "2"), ("loans", "2亿"), ("loans", "增2.5亿元"),
    ("loans", "累计3亿元"), ("loans", "1,200万元"), ("loans", "3亿5千万元"), ("loans", "2美元"), ("loans", "3万5"),
    ("balance", "3100亿元"), ("balance", "3100"), ("balance", "0.31万亿元"), ("balance", "3100亿"), ("balance", "31000000"),
    ("balance", "累计3100亿元"), ("balance", "310%"), ("balance", "三千一百亿元"),
    ("green", "12%"), ("green", "12"), ("green", "0.12"), ("green", "百分之十二"), ("green", "增长12%"), ("green", "下降2%"),
    ("green", "负2%"), ("green", "-2%"), ("green", "12个百分点"), ("green", "本期112亿元 同期100亿元"), ("green", "一成二"),
    ("green", "增长-2%"),
    ("quality", "第3位"), ("quality", "3"), ("quality", "第三"), ("quality", "第3位/11"), ("quality", "第3位，共11个"),
    ("quality", "前三"), ("quality", "0.5"), ("quality", "3家"),
    ("faster", "5.2% 参照 4.8%"), ("faster", "5.2%，参照值4.8%"), ("faster", "5.2 参照 4.8"), ("faster", "5.2% 参照 约5%"),
)  # fmt: skip


def recorded(world: World) -> str:
    """Return the figures of the last line as they were recorded."""
    entry = json.loads(world.read(PROGRESS).splitlines()[-1][2:])
    keys = ("add", "total", "value", "current", "base", "rank", "of", "benchmark")
    return "，".join(f"{WORDS[key]}{entry[key]}" for key in keys if key in entry)


def refusal(message: str) -> str:
    """Return a refusal without what each route puts around it."""
    for word in ("错误：", "未记入：", "D2：", "未记入，请核对。", "请核对。", "请核对："):
        message = message.strip().removeprefix(word)
    message = message.partition("；")[0].partition("，是哪一个")[0]
    return "拒绝：" + re.sub(r"^(?:新增|贷款|绿色|信贷)[^：“]*：", "", message)


def outcome(world: World, code: int, err: str) -> str:
    if code == 0:
        return recorded(world)
    assert code == 1, err
    return refusal(next(line for line in err.splitlines() if "处要改" not in line))


def by_log(world: World, key: str, text: str) -> str:
    done = world("log", "--on", "2023-06-30", "--", "金融办", key, text)
    return outcome(world, done.code, done.err)


def by_correct(world: World, key: str, text: str) -> str:
    assert world("log", "金融办", key, FIRST[key], "--on", "2023-06-29", "--confirm").code == 0
    words = ("--month", "2023-06", "--on", "2023-06-30", "--reason", "核对")
    done = world("correct", *words, "--", "金融办", key, text)
    return outcome(world, done.code, done.err)


def by_sheet(world: World, key: str, text: str) -> str:
    path = world.root.parent / "表.xlsx"
    book = Workbook()
    book.active.append(["目标代号", "口径", "单位", "数量", "对照数"])
    book.active.append([key, None, None, None, None])
    book.active["D2"].value = text
    book.active["D2"].data_type = "s"
    book.save(path)
    done = world("sheet", "import", str(path), "--dept", "金融办", "--month", "2023-06")
    return outcome(world, done.code, done.err)


def by_walk(world: World, key: str, text: str) -> str:
    ledger, out = Ledger.open(world.root), io.StringIO()
    answers = io.StringIO(f"{text}\n\n\n")
    env = Environment(answers, out, out, {}, world.root, DAY)
    sheet = blank_sheet(ledger, 2023, "金融办", DAY, DAY)
    sheet = replace(sheet, lines=tuple(line for line in sheet.lines if line.target_ref.target.key == key))
    session = GuidedSession(
        AppContext(env), ledger, Repo.open(world.root), sheet, EntryRequest("金融办", "", on=DAY)
    )
    session.run()
    if session.written:
        return recorded(world)
    said = re.search(r"(?:未记入|请核对)：(.+)|> +(.+，是哪一个？)", out.getvalue())
    assert said, (key, text, out.getvalue())
    return refusal(said[1] or said[2])


@pytest.mark.slow
def test_sixty_texts_are_read_alike_by_every_route(world: World, pytestconfig: pytest.Config) -> None:
    start = world.git("rev-parse", "HEAD").strip()
    rows = []
    for key, text in TEXTS:
        outcomes = {}
        for name, route in (("log", by_log), ("walk", by_walk), ("sheet", by_sheet), ("correct", by_correct)):
            outcomes[name] = route(world, key, text)
            world.git("reset", "-q", "--hard", start)
        assert len(set(outcomes.values())) == 1, (key, text, outcomes)
        rows.append(f"| {NAMES[key]} | `{text}` | {outcomes['log']} |\n")
    table = "".join(rows)
    page = PAGE.read_text("utf-8")
    if table not in page:
        assert pytestconfig.getoption("update_snapshots"), table
        head = "| 目标 | 写的 | 记成什么 |\n|---|---|---|\n"
        before, _, after = page.partition(head)
        rest = after.partition("\n\n")[2]
        PAGE.write_text(f"{before}{head}{table}\n{rest}", "utf-8", newline="\n")
