"""The month of every role is played as its page tells it, one after the other, in one ledger with a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import World
from tests.docs.runner import Player, Run, steps
from tests.paths import REPOSITORY

GUIDE = REPOSITORY / "docs" / "guide"
ROLES = ("secretary", "reviewer", "auditor")


@pytest.mark.slow
def test_the_month_of_every_role(
    served: World, run: Run, scrub: Callable[[str], str], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """`pytest --snapshot-update` puts what came out into the pages."""
    player = Player(run, scrub, update=bool(pytestconfig.getoption("update_snapshots")))
    said: dict[str, str] = {}
    for role in ROLES:
        said |= player.play(GUIDE / f"{role}.md", "month")
    logged = served.git("log", "--format=%s", "--", "data/progress").splitlines()
    assert len(logged) == 13
    assert served.git("rev-parse", "origin/main") == served.git("rev-parse", "main")
    seal = said["git rev-parse seal/2023-06"][:12]
    assert seal in (tmp_path / "6月通报.md").read_text(encoding="utf-8")
    assert (tmp_path / "6月通报.docx").stat().st_size > 10_000
    assert "6月" in (tmp_path / "6月进度.html").read_text(encoding="utf-8")
    assert "未发现问题" in said["ledger audit"]


@pytest.mark.parametrize("role", ROLES)
def test_no_command_of_a_guide_is_left_out(role: str) -> None:
    text = (GUIDE / f"{role}.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ (.*)$", text, re.MULTILINE)
    page = GUIDE / f"{role}.md"  # the walks are played in tests/flows/month
    assert sorted(shown) == sorted(step.line for name in ("month", "walk") for step in steps(page, name))
    assert len(shown) > 5
