"""The first page as the meeting needs it: what changed since the seal, causes beside laggards, returned and doubtful figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import World

AS_OF = ("--as-of", "2023-06-30", "-o", "报告.html")


def meeting(world: World) -> str:
    """The text of the first part of the page, without markup."""
    ran = world("report", *AS_OF)
    assert ran.code == 0, ran.err
    page = (Path(world.root) / "报告.html").read_text(encoding="utf-8")
    part = page.partition('<section id="meeting"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


@pytest.fixture
def spring(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """May is reported and sealed; in June one figure got no better."""
    monkeypatch.setenv("LEDGER_TODAY", "2023-06-30")
    for words in (("listed", "3家"), ("loans", "70亿元")):
        assert world("log", "金融办", *words, "--on", "2023-05-31", "--confirm").code == 0
    assert world("seal", "2023-05", "--local").code == 0
    return world


def test_what_changed_since_the_seal_is_what_changes_tells(spring: World) -> None:
    assert spring("log", "金融办", "loans", "1亿元", "--add", "--on", "2023-06-30", "--confirm").code == 0
    late = ("--late", "--reason", "漏报一家")
    assert spring("correct", "金融办", "listed", "1家", "--month", "2023-05", *late).code == 0
    text = meeting(spring)
    assert "各项变化与 2023-05-31（2023-05 封账）时比较。" in text
    assert "上次封账以来转差（ 2 ）" in text
    assert "上次封账以来转差 2 项" in text, "the headline counts what the list below shows"
    worse = spring("changes", "--from", "2023-05", "--to", "2023-06-30", "--format", "csv").out
    told = [line.split(",")[3] for line in worse.splitlines() if line.startswith("亮灯变差")]
    assert told
    for name in told:
        assert name in text.partition("落后最多")[0]
    assert "更正（1）： 金融办 新增上市公司 （2023-05-31 3家 → 2023-05-31 1家，漏报一家）" in text


def test_without_a_seal_it_is_compared_with_the_month_before(world: World) -> None:
    for words in (("3家", "2023-05-31"), ("3家", "2023-06-30")):
        assert world("log", "金融办", "listed", words[0], "--on", words[1], "--confirm").code == 0
    text = meeting(world)
    assert "较上月改善（1）： 金融办 新增上市公司" in text
    assert "封账" not in text


def test_causes_stand_beside_laggards_and_promises_past_their_day_are_overdue(spring: World) -> None:
    before = meeting(spring)
    assert "原因" not in before
    assert "退回和存疑" not in before
    words = (
        "--cause",
        "两家退回补正",
        "--measure",
        "重新申报",
        "--owner",
        "李四",
        "--until",
        "2023-06-20",
        "--month",
        "2023-06",
    )
    assert spring("log", "商务局", "overseas", "0.1亿美元", "--on", "2023-06-30").code == 0
    assert spring("remark", "商务局", "overseas", *words).code == 1, "a promise is not past when it is made"
    late = ("--cause", "项目延期", "--measure", "加快备案", "--until", "2023-06-25", "--month", "2023-05")
    assert spring("remark", "商务局", "overseas", *late, "--late", "--reason", "会后补写").code == 0
    text = meeting(spring)
    assert "商务局 境外中方投资额 ：原因：项目延期；措施：加快备案（时限 2023-06-25，已逾期）" in text


def test_a_promise_on_a_target_never_reported_is_overdue_too(spring: World) -> None:
    remark = ("--cause", "尚未立项", "--measure", "专班推进", "--month", "2023-05", "--until", "2023-06-25")
    late = ("--late", "--reason", "会后补写")
    assert spring("remark", "商务局", "overseas", *remark, *late).code == 0
    assert "（时限 2023-06-25，已逾期）" in meeting(spring), "nothing says that it was kept"


def test_returned_and_doubtful_figures_and_how_much_is_verified(spring: World) -> None:
    assert spring("log", "金融办", "loans", "1亿元", "--total", "--on", "2023-06-30", "--confirm").code == 0
    assert spring("return", "金融办", "loans", "--month", "2023-06", "--reason", "佐证不符").code == 0
    text = meeting(spring)
    assert "退回 金融办 新增制造业中长期贷款 ：6 月的数，佐证不符" in text
    assert "存疑 金融办 新增制造业中长期贷款 ：累计 1亿元：" in text
    assert "项目标的数待核定" in text
    assert "退回（1）" in text, "since the seal"


def test_the_contents_tell_how_many_targets_each_list_has(world: World) -> None:
    assert world("log", "金融办", "listed", "3家", "--on", "2023-05-31").code == 0
    assert world("report", *AS_OF).code == 0
    page = (Path(world.root) / "报告.html").read_text(encoding="utf-8")
    for anchor in ("behind", "unreported", "unknown"):
        linked = re.search(rf'href="#{anchor}">[^<（]*（(\d+)）', page)
        headed = re.search(rf'<h2 id="{anchor}-h">[^<]*<span class="count">(\d+)', page)
        assert linked
        assert headed
        assert linked[1] == headed[1]
