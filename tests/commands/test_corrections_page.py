"""Every command of docs/reference/corrections.md is run in one ledger, in order, and what it prints is what the page shows."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, World
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "corrections.md"
_COMMIT = re.compile(r"(?<=提交 )[0-9a-f]{8}|(?<=都到 )[0-9a-f]{8}")
_ULID = re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b")


def sessions() -> list[tuple[str, str]]:
    """Each command with the lines printed below it."""
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found = []
    for part in "".join(blocks).split("$ ")[1:]:
        command, _, printed = part.partition("\n")
        found.append((command, printed.rstrip()))
    return found


def plain(text: str) -> str:
    """Leave out ids and commits, which differ with every run, blank lines and the padding of columns."""
    text = _ULID.sub("…", _COMMIT.sub("…", text))
    return "\n".join(re.sub(r"  +|-+", " ", line).strip() for line in text.splitlines() if line.strip())


def test_the_page_shows_what_the_program_prints(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "账本"
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)
    world = World(root, cli)
    rules = world.read("data/ledger.yaml")
    world.write(
        "data/ledger.yaml", re.sub(r"(?m)^difficulty:.*$", "", rules) + "\ndifficulty: {一般: 1, 难: 1.5}\n"
    )
    world.commit_all("定难度系数")
    shown = sessions()
    assert len(shown) >= 8
    last = ""
    for command, printed in shown:
        words = [last if word == "记录编号" else word for word in shlex.split(command)]
        assert words[0] == "ledger"
        done = world(*words[1:])
        assert plain(done.out + done.err) == plain(printed), command
        lines = world.read("data/progress/2023/金融办/03.yaml").splitlines()
        last = str(json.loads(lines[-1][2:])["id"])
