"""The month of every role is played as its page tells it, one after the other, in one ledger with a server."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, World
from tests.docs.runner import Player, Run, steps
from tests.paths import REPOSITORY

GUIDE = REPOSITORY / "docs" / "guide"
ROLES = ("secretary", "reviewer", "auditor")


@pytest.fixture
def served(cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The real plan in a ledger whose server is a bare repository beside it."""
    root = tmp_path / "账本"
    monkeypatch.setenv("LEDGER_TODAY", "2023-01-05")
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)
    world = World(root, cli)
    config = world.read("data/ledger.yaml")
    world.write("data/ledger.yaml", config + "difficulty: {一般: 1, 较难: 1.2, 难: 1.5}\n")
    world.commit_all("定下难度系数")
    server = tmp_path / "服务器.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(server)], check=True)
    world.git("remote", "add", "origin", str(server))
    world.git("push", "--quiet", "--set-upstream", "origin", "main")
    return world


@pytest.fixture
def run(served: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Do a command of a page in the ledger: the program in this process, git as itself."""

    def do(words: list[str], day: str | None) -> tuple[int, str, str]:
        if day is not None:
            monkeypatch.setenv("LEDGER_TODAY", day)
        program, *arguments = words
        if program == "git":
            return 0, served.git(*arguments), ""
        assert program == "ledger"
        done = served(*arguments)
        return done.code, done.out, done.err

    return do


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
    assert len(logged) == 10
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
