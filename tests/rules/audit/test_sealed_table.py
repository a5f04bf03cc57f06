"""Every kind of write against a sealed month, by every role: what passes, and the table of docs/reference/audit.md that says so."""

from __future__ import annotations

import os

import pytest

from ledger.cli.commands import NAMES, load_command
from tests.paths import REPOSITORY
from tests.rules.audit.city import ADMIN, FINANCE_FILE, LI, ZHANG, City

PAGE = REPOSITORY / "docs" / "reference" / "audit.md"
LATE = ("--late", "--reason", "漏报")
REMARK = ("--cause", "退回补正", "--measure", "重新申报")
ROLES = (("记账人", ZHANG), ("督查", LI), ("管理员", ADMIN))
WRITES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("报 5 月的数", ("log", "金融办", "listed", "4家", "--on", "2023-05-25")),
    ("补报 5 月的数，写 `--late --reason`", ("log", "金融办", "listed", "4家", "--on", "2023-05-25", *LATE)),
    ("报 6 月的数", ("log", "金融办", "listed", "3家", "--on", "2023-06-25")),
    ("写明 5 月无法统计", ("log", "金融办", "balance", "--none", "--on", "2023-05-31", "--reason", "统计口径调整")),
    ("写明 6 月无法统计", ("log", "金融办", "balance", "--none", "--on", "2023-06-30", "--reason", "统计口径调整")),
    ("导入 5 月的填报表", ("sheet", "import", "5月.xlsx")),
    ("导入 5 月的填报表，写 `--late --reason`", ("sheet", "import", "5月.xlsx", *LATE)),
    ("导入 6 月的填报表", ("sheet", "import", "6月.xlsx")),
    ("更正 5 月的数", ("correct", "{may}", "2家", "--reason", "漏报")),
    ("更正 5 月的数，写 `--late`", ("correct", "{may}", "2家", *LATE)),
    ("更正 5 月一条的说明，数不变", ("correct", "{may}", "--note", "附件补齐", "--reason", "漏报")),
    ("把 6 月的一条改到 5 月", ("correct", "{june}", "--on", "2023-05-30", "--reason", "漏报")),
    ("作废 5 月的一条", ("void", "{may}", "--reason", "重复")),
    ("作废 5 月的一条，写 `--late`", ("void", "{may}", *LATE)),
    ("作废 6 月的一条", ("void", "{june}", "--reason", "重复")),
    ("评定，日子在 5 月", ("judge", "金融办-01/front", "达到", "--evidence", "通报", "--on", "2023-05-31")),
    ("评定，日子在 6 月", ("judge", "金融办-01/front", "达到", "--evidence", "通报", "--on", "2023-06-30")),
    ("核定 5 月的数", ("verify", "{may}")),
    ("核定 5 月的数，写 `--late`", ("verify", "{may}", *LATE)),
    ("核定 6 月的数", ("verify", "{june}")),
    ("退回 5 月的一条", ("return", "{may}", "--reason", "佐证不符")),
    ("退回 5 月的一条，写 `--late`", ("return", "{may}", *LATE)),
    ("退回 6 月的一条", ("return", "{june}", "--reason", "佐证不符")),
    ("写 5 月落后的原因和措施", ("remark", "金融办", "listed", *REMARK, "--month", "2023-05")),
    ("写 5 月的原因和措施，写 `--late`", ("remark", "金融办", "listed", *REMARK, "--month", "2023-05", *LATE)),
    ("写 6 月落后的原因和措施", ("remark", "金融办", "listed", *REMARK, "--month", "2023-06")),
    ("改目标", ("amend", "金融办-01/listed", "--name", "新增上市企业", "--reason", "会议纪要")),
    ("改目标值，自 5 月起算", ("amend", "金融办-01/listed", "--goal", "不少于5家", "--from", "2023-05-15", "--reason", "会议纪要")),
    ("改目标值，自 7 月起算", ("amend", "金融办-01/listed", "--goal", "不少于5家", "--from", "2023-07-05", "--reason", "会议纪要")),
    ("评定难度，自 5 月起算", ("rate", "金融办-01", "难", "--from", "2023-05-15", "--reason", "评定会")),
    ("评定难度，自 7 月起算", ("rate", "金融办-01", "难", "--from", "2023-07-05", "--reason", "评定会")),
    ("销号", ("close", "金融办-01/opinion", "--evidence", "文号", "--reason", "并入新指标")),
    ("划转，自 5 月起", ("transfer", "金融办-01", "商务局", "--on", "2023-05-15", "--reason", "机构改革")),
    ("划转，自 7 月起", ("transfer", "金融办-01", "商务局", "--on", "2023-07-01", "--reason", "机构改革")),
    ("部门更名，自 5 月起", ("dept", "rename", "金融办", "金融局", "--on", "2023-05-15", "--reason", "机构改革")),
    ("部门更名，自 7 月起", ("dept", "rename", "金融办", "金融局", "--on", "2023-07-01", "--reason", "机构改革")),
    ("部门合并，自 5 月起", ("dept", "merge", "金融办", "--into", "商务局", "--on", "2023-05-15", "--reason", "机构改革")),
    ("部门合并，自 7 月起", ("dept", "merge", "金融办", "--into", "商务局", "--on", "2023-07-01", "--reason", "机构改革")),
    ("再封 5 月", ("seal", "2023-05")),
    ("重开 5 月", ("seal", "2023-05", "--reopen", "--reason", "金融办漏报")),
)  # fmt: skip
ANSWERS = {
    "在已封账的月份里": "日子要写在封账以后",
    "已封账": "要写 `--late --reason`",
    "不能再封": "已经封了",
}
APART = {
    "sync": "sends what the others wrote: test_closed_months.py",
    "redo": "makes the others' lines again: test_way_out.py",
    "doctor": "--mine passes the gate as log does: tests/commands/test_doctor.py",
    "init": "another ledger",
    "demo": "another ledger",
    "guard install": "the server's folder",
    "draft": "drafts of a plan, which count for nothing",
    "plan import": "drafts of a plan, which count for nothing",
    "plan carry": "the next year's plan",
    "due": "a file outside of the ledger",
    "report": "a file outside of the ledger",
    "bulletin": "a file outside of the ledger",
    "export": "files outside of the ledger",
    "sheet export": "a file outside of the ledger",
}
"""Commands that write and have no row, and why."""


def test_every_kind_of_write_is_tried() -> None:
    writing = {name for name in NAMES if "dry_run" in load_command(name).parameters}
    tried = {
        " ".join(words[:2]) if words[0] in {"sheet", "dept", "plan"} else words[0] for _, words in WRITES
    }
    assert tried | APART.keys() == writing
    assert not tried & APART.keys()


def table(city: City) -> str:
    """Try every write as every role and return the table."""
    may, june = (line.split('"')[3] for line in city.read(FINANCE_FILE).splitlines()[-2:])
    rows = ["| 5 月封账以后 | " + " | ".join(role for role, _ in ROLES) + " |", "|---|" + "---|" * len(ROLES)]
    for label, command in WRITES:
        words = [word.format(may=may, june=june) for word in command]
        cells = []
        for _, email in ROLES:
            city.be(email)
            done = city.ledger(*words, "--dry-run")
            cells.append(outcome(done.code, done.err))
            if "--late" in cells[-1]:  # what the refusal asks for passes
                done = city.ledger(*explained(words), "--dry-run")
                assert done.code == 0, (label, email, done.err)
        rows.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(rows)


def explained(words: list[str]) -> list[str]:
    """Return a command as a late one, with the reason for that in the place of another."""
    if "--reason" in words:
        at = words.index("--reason")
        words = words[:at] + words[at + 2 :]
    return [*words, *LATE]


def outcome(code: int, said: str) -> str:
    if code == 0:
        return "可以"
    for words, answer in ANSWERS.items():
        if words in said:
            return answer
    assert "不能为" in said or "不能重开" in said, said
    return "不归他"


@pytest.fixture
def sealed(city: City) -> City:
    city.be(ADMIN, "管理员")
    city.change("data/ledger.yaml", f"reporters: [{ZHANG}]", f"reporters: [{ZHANG}], reviewers: [{LI}]")
    city.change("data/ledger.yaml", "rules: 2026", "rules: 2026\ndifficulty: {一般: 1, 难: 1.5}")
    city.commit("定督查、定难度")
    city.guard()
    assert city.ledger("sync").code == 0
    assert city.ledger("seal", "2023-05").code == 0
    city.be(ZHANG, "张三")
    assert city.ledger("log", "金融办", "listed", "1家", "--on", "2023-06-20").code == 0
    assert city.ledger("sync").code == 0
    for month in ("5", "6"):
        fill_sheet(city, f"{month}月.xlsx", f"2023-{month:0>2}")
    return city


def fill_sheet(city: City, name: str, month: str) -> None:
    """Export a month's sheet and fill in one figure."""
    import openpyxl

    file = city.clone / name
    done = city.ledger("sheet", "export", "--dept", "金融办", "--month", month, "-o", str(file))
    assert done.code == 0, done.err
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(cell.value == "数量" for cell in row))
    column = next(cell.column for cell in head if cell.value == "数量")
    row = next(cells[0].row for cells in page.iter_rows() if any(cell.value == "贷款余额" for cell in cells))
    page.cell(row, column).value = "3600亿元"
    book.save(file)


def test_the_page_shows_what_passes(sealed: City) -> None:
    """With LEDGER_UPDATE the table is written into the page."""
    made, page = table(sealed), PAGE.read_text(encoding="utf-8")
    if os.environ.get("LEDGER_UPDATE"):
        before, _, rest = page.partition(made.partition("\n")[0])
        page = before + made + "\n\n" + rest.partition("\n\n")[2]
        PAGE.write_text(page, encoding="utf-8")
    assert made in page, made
