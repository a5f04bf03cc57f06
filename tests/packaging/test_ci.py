"""The CI files call the one script, and the two for ledger repositories find what they are there for: run here step by step."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import World
from tests.paths import REPOSITORY

EXAMPLES = REPOSITORY / "docs" / "examples"


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def test_both_servers_run_the_same_script_and_nothing_else() -> None:
    github = load(REPOSITORY / ".github" / "workflows" / "ci.yml")["jobs"]["gates"]["steps"]
    assert [step["run"] for step in github if "run" in step] == [".ci/run"]
    assert load(REPOSITORY / ".gitlab-ci.yml")["gates"]["script"] == [".ci/run"]
    assert (REPOSITORY / ".ci" / "run").stat().st_mode & 0o111


def commands(name: str) -> list[str]:
    content = load(EXAMPLES / name)
    if "jobs" in content:
        return [step["run"] for step in content["jobs"]["check"]["steps"] if "run" in step]
    return content["check"]["script"]


def whole_history(name: str) -> bool:
    content = load(EXAMPLES / name)
    if "jobs" in content:
        return content["jobs"]["check"]["steps"][0]["with"]["fetch-depth"] == 0
    return content["check"]["variables"]["GIT_DEPTH"] == "0"


def verdicts(name: str, world: World) -> list[int]:
    install, *rest = commands(name)
    assert install == 'pip install "$LEDGER_SOURCE"'
    assert whole_history(name)
    lines = [shlex.split(line) for line in rest]
    assert all(words[0] == "ledger" for words in lines)
    return [world(*words[1:]).code for words in lines]


@pytest.mark.parametrize("name", ["github-ledger.yml", "gitlab-ledger.yml"])
def test_the_example_guards_a_ledger(name: str, world: World) -> None:
    assert world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31").code == 0
    assert verdicts(name, world) == [0, 0]

    path = "data/progress/2023/金融办/01.yaml"
    honest = world.read(path)
    world.write(path, honest.replace("2家", "3家"))
    world.commit_all("悄悄改数")
    assert verdicts(name, world) == [0, 1], "the file reads well; only its history shows the change"

    world.write(path, honest + '- {"id": "x"}\n')
    world.commit_all("写坏一行")
    assert verdicts(name, world)[0] == 1
