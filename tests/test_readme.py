"""The README's blocks are run: each role's month in a new ledger, and the picture against what the demo prints."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, World
from tests.docs.runner import Player
from tests.paths import REPOSITORY

README = REPOSITORY / "README.md"


def block(mark: str) -> str:
    found = re.search(rf"<!-- {mark} -->\n```\w*\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None, f"README.md has no block marked {mark}"
    return found[1]


@pytest.fixture
def real_ledger(cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    root = tmp_path / "账本"
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)
    return World(root, cli)


def test_a_month_of_every_role(real_ledger: World, scrub: Callable[[str], str]) -> None:
    def run(words: list[str], _: str | None) -> tuple[int, str, str]:
        if words[0] == "git":
            return 0, real_ledger.git(*words[1:]), ""
        assert words[0] == "ledger"
        done = real_ledger(*words[1:])
        return done.code, done.out, done.err

    player = Player(run, scrub)
    said = {role: player.play(README, role) for role in ("secretary", "reviewer", "auditor")}
    assert all(answer for answers in said.values() for answer in answers.values())
    logged = sum(line.startswith("ledger log ") for line in said["secretary"])
    assert logged > 1
    assert real_ledger.git("rev-list", "--count", "HEAD").strip() == str(1 + logged)


def test_the_picture_is_what_the_demo_prints(cli: Callable[..., Ran], tmp_path: Path) -> None:
    command = block("demo").strip().partition("ledger --root demo ")[2]
    assert cli("demo", str(tmp_path / "demo")).code == 0
    done = cli("--root", str(tmp_path / "demo"), *shlex.split(command))
    assert done.out == block("picture")


def test_ci_runs_both_commands() -> None:
    script = (README.parent / ".ci" / "run").read_text(encoding="utf-8")
    assert 'eval "$(block test)"' in script
    assert 'eval "$(block demo)"' in script
    assert "pytest" in block("test")
