"""The real plan in a ledger with a server, in which the commands of a page are done."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, World
from tests.docs.runner import Run


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
