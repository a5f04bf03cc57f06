"""`?` is answered and `q` stops at every question of the walk."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest

from ledger.cli.context import AppContext
from ledger.cli.guided.session import GuidedSession
from ledger.commands.log import EntryRequest
from ledger.commands.sheet.export import blank_sheet
from ledger.environment import Environment
from ledger.files.ledger import Ledger
from ledger.git import Repo
from tests.conftest import World

DAY = date(2023, 6, 30)
QUESTIONS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "figure": ("listed", (), "原文："),
    "effect": ("listed", ("2家",), "是加佐证"),
    "unit": ("loans", ("2",), "写序号选一个"),
    "doubt": ("listed", ("20家",), "账上会注明已核对"),
    "second figure": ("faster", ("5.2%",), "单位和本地的数一样"),
    "reason": ("green", ("无法统计",), "为什么这个月没有数"),
    "verdict": ("front", ("达到",), "评定达到要有佐证"),
}
"""By question: the target, what is typed before it, and what its help says."""


def walk(world: World, key: str, *answers: str, batch: bool = False) -> tuple[GuidedSession, str]:
    ledger, screen = Ledger.open(world.root), io.StringIO()
    env = Environment(
        io.StringIO("".join(f"{answer}\n" for answer in answers)), screen, screen, {}, world.root, DAY
    )
    sheet = blank_sheet(ledger, 2023, "金融办", DAY, DAY, reviewer=key == "front")
    sheet = replace(sheet, lines=tuple(line for line in sheet.lines if line.target_ref.target.key == key))
    repo = Repo.open(world.root)
    session = GuidedSession(
        AppContext(env), ledger, repo, sheet, EntryRequest("金融办", "", on=DAY), batch=batch
    )
    session.run()
    return session, screen.getvalue()


@pytest.mark.parametrize("question", QUESTIONS)
def test_help_at_every_question(world: World, question: str) -> None:
    key, before, words = QUESTIONS[question]
    _, without = walk(world, key, *before, "q")
    session, screen = walk(world, key, *before, "?", "？", "q")
    assert screen.count(words) == without.count(words) + 2
    assert not session.written
    assert world.git("status", "--porcelain") == ""


def test_help_before_a_batch_is_written(world: World) -> None:
    session, screen = walk(world, "listed", "2家", "", "?", "q", batch=True)
    assert "回车就一次写入" in screen
    assert not session.written
    session, _ = walk(world, "listed", "", batch=True)
    assert len(session.written) == 1
