"""Every kind of write against a sealed month, by every role: what passes, and the table of docs/reference/audit.md that says so."""

from __future__ import annotations

import pytest

from tests.paths import REPOSITORY
from tests.rules.audit.city import ADMIN, FINANCE_FILE, LI, ZHANG, City

PAGE = REPOSITORY / "docs" / "reference" / "audit.md"
LATE = ("--late", "--reason", "漏报")
ROLES = (("记账人", ZHANG), ("督查", LI), ("管理员", ADMIN))
WRITES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("报 5 月的数", ("log", "金融办", "listed", "4家", "--on", "2023-05-25")),
    ("补报 5 月的数，写 `--late --reason`", ("log", "金融办", "listed", "4家", "--on", "2023-05-25", *LATE)),
    ("报 6 月的数", ("log", "金融办", "listed", "3家", "--on", "2023-06-25")),
    ("更正 5 月的数", ("correct", "{may}", "2家", "--reason", "漏报")),
    ("更正 5 月的数，写 `--late`", ("correct", "{may}", "2家", *LATE)),
    ("更正 5 月一条的说明，数不变", ("correct", "{may}", "--note", "附件补齐", "--reason", "漏报")),
    ("把 6 月的一条改到 5 月", ("correct", "{june}", "--on", "2023-05-30", "--reason", "漏报")),
    ("作废 5 月的一条", ("void", "{may}", "--reason", "重复")),
    ("作废 5 月的一条，写 `--late`", ("void", "{may}", *LATE)),
    ("作废 6 月的一条", ("void", "{june}", "--reason", "重复")),
    ("改目标", ("amend", "金融办-01/listed", "--name", "新增上市企业", "--reason", "会议纪要")),
    ("重开 5 月", ("seal", "2023-05", "--reopen", "--reason", "金融办漏报")),
)


def table(city: City) -> str:
    """Try every write as every role and return the table."""
    may, june = (line.split('"')[3] for line in city.read(FINANCE_FILE).splitlines()[-2:])
    rows = ["| 5 月封账以后 | " + " | ".join(role for role, _ in ROLES) + " |", "|---|" + "---|" * len(ROLES)]
    for label, command in WRITES:
        words = [word.format(may=may, june=june) for word in command]
        cells = []
        for _, email in ROLES:
            city.be(email)
            # Only the server knows its admins: what opens a month again is really sent, and taken by the last who tries.
            dry = () if command[0] == "seal" else ("--dry-run",)
            done = city.ledger(*words, *dry)
            cells.append(outcome(done.code, done.err))
        rows.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(rows)


def outcome(code: int, said: str) -> str:
    if code == 0:
        return "可以"
    if "已封账" in said:
        return "要写 `--late --reason`"
    assert "不能为" in said or "只有管理员可以" in said, said
    return "不归他"


@pytest.fixture
def sealed(city: City) -> City:
    city.be(ADMIN, "管理员")
    city.change("data/ledger.yaml", f"reporters: [{ZHANG}]", f"reporters: [{ZHANG}], reviewers: [{LI}]")
    city.commit("定督查")
    city.guard()
    assert city.ledger("sync").code == 0
    assert city.ledger("seal", "2023-05").code == 0
    city.be(ZHANG, "张三")
    assert city.ledger("log", "金融办", "listed", "1家", "--on", "2023-06-20").code == 0
    assert city.ledger("sync").code == 0
    return city


def test_the_page_shows_what_passes(sealed: City) -> None:
    made = table(sealed)
    assert made in PAGE.read_text(encoding="utf-8"), made
