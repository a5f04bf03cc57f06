"""A reviewer walks through what is to be judged."""

from __future__ import annotations

import io
import json
from datetime import date

from ledger.cli.context import AppContext
from ledger.cli.guided.session import GuidedSession
from ledger.commands.log import EntryRequest
from ledger.commands.sheet.export import blank_sheet
from ledger.environment import Environment
from ledger.files.ledger import Ledger
from ledger.git import Repo
from tests.conftest import World

DAY = date(2023, 6, 30)


def walk(world: World, *answers: str) -> str:
    ledger, out = Ledger.open(world.root), io.StringIO()
    env = Environment(
        io.StringIO("".join(f"{answer}\n" for answer in answers)), out, out, {}, world.root, DAY
    )
    sheet = blank_sheet(ledger, 2023, "金融办", DAY, DAY, reviewer=True)
    terms = EntryRequest("金融办", "", on=DAY)
    GuidedSession(AppContext(env), ledger, Repo.open(world.root), sheet, terms).run()
    return out.getvalue()


def test_only_what_is_judged_is_asked_and_a_verdict_has_its_proof(world: World) -> None:
    said = walk(world, "达到", "?", "省考核通报", "")
    assert "改革走在前列" in said
    assert "新增上市公司" not in said
    assert "评定达到要有佐证" in said
    (line,) = world.read("data/progress/2023/金融办/01.yaml").splitlines()
    entry = json.loads(line[2:])
    assert (entry["verdict"], entry["evidence"]) == ("met", ["省考核通报"])
    assert world("check").code == 0


def test_an_unmet_verdict_has_its_reason(world: World) -> None:
    walk(world, "未达到", "没有列入试点", "")
    entry = json.loads(world.read("data/progress/2023/金融办/01.yaml").splitlines()[0][2:])
    assert (entry["verdict"], entry["reason"]) == ("unmet", "没有列入试点")


def test_without_a_terminal_a_verdict_is_needed(world: World) -> None:
    assert world("judge", "金融办").code == 2
