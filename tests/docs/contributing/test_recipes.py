"""Each recipe of CONTRIBUTING.md is followed to the letter in a copy of the repository, and its commands are run there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.paths import REPOSITORY

PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"""
    ^\*\*`(?P<path>[^`]+)`\*\*\ \((?P<where>new\ file|at\ the\ end|(?:above|below|instead\ of)\ `(?P<anchor>.+?)`)\)[^\n]*\n
    \n```\w+\n(?P<text>.*?)^```$
    | ^```sh\n(?P<commands>.*?)^```$
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


class Step(NamedTuple):
    path: str | None
    where: str
    anchor: str | None
    text: str
    commands: str | None


def recipes() -> dict[str, list[Step]]:
    chapter = PAGE.partition("\n## Recipes\n")[2].partition("\n## ")[0]
    found = {}
    for part in chapter.split("\n### ")[1:]:
        title, _, body = part.partition("\n")
        found[title] = [Step(**match.groupdict()) for match in STEP.finditer(body)]
    return found


def test_the_table_says_what_each_recipe_takes() -> None:
    rows = re.findall(r"^\| (Add .+?) \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
    taken = {
        title: [step.path for step in steps if step.path is not None] for title, steps in recipes().items()
    }
    assert {title: (int(edits), int(files)) for title, edits, files in rows} == {
        title: (len(paths), len(set(paths))) for title, paths in taken.items()
    }


def follow(step: Step, root: Path) -> None:
    """Do what the heading of a block says, and nothing cleverer."""
    assert step.path is not None
    file = root / step.path
    if step.where == "new file":
        assert not file.exists(), step.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step.text, encoding="utf-8", newline="\n")
        return
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    if step.where == "at the end":
        place = len(lines)
    else:
        found = [number for number, line in enumerate(lines) if line == f"{step.anchor}\n"]
        assert len(found) == 1, f"{step.path} has {len(found)} lines {step.anchor!r}"
        place = found[0]
        if step.where.startswith("instead"):
            del lines[place]
        elif step.where.startswith("below"):
            place += 1
    lines[place:place] = step.text.splitlines(keepends=True)
    file.write_text("".join(lines), encoding="utf-8", newline="\n")


def run(commands: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run as in a shell with the copy's own environment active."""
    shell = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("COV_", "COVERAGE_", "PYTEST_"))
    }
    shell["PATH"] = os.pathsep.join([str(root / "bin"), str(Path(sys.executable).parent), shell["PATH"]])
    shell["PYTHONPATH"] = os.pathsep.join([str(root), shell.get("PYTHONPATH", "")])
    shell["PYTEST_ADDOPTS"] = "-p no:cacheprovider"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=root,
        env=shell,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def copy(identity: None, tmp_path: Path) -> Path:
    """The repository's files as they are now, whose `ledger` is its own."""
    root = tmp_path / "copy"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (REPOSITORY / name).is_file() and not name.startswith(".coverage"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, root / name)
    (root / "bin").mkdir()
    program = root / "bin" / "ledger"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ledger "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return root


def test_there_is_a_recipe_for_each_of_the_five() -> None:
    wanted = [
        "Add a unit",
        "Add a check rule",
        "Add a report format",
        "Add a kind of target",
        "Add a year's plan",
    ]
    assert sorted(recipes()) == sorted(wanted)


def test_no_block_of_a_recipe_is_left_out() -> None:
    chapter = PAGE.partition("\n## Recipes\n")[2].partition("\n## ")[0]
    assert chapter.count("\n```") == 2 * sum(len(steps) for steps in recipes().values())


@pytest.mark.slow
@pytest.mark.parametrize("title", recipes())
def test_a_recipe_works_as_written(title: str, copy: Path) -> None:
    steps = recipes()[title]
    assert [step.commands is not None for step in steps].count(True) == 1, "one block of commands, at the end"
    for step in steps[:-1]:
        follow(step, copy)
    commands = steps[-1].commands
    assert commands is not None
    done = run(commands, copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_rule_made_by_the_recipe_is_not_there_without_it(copy: Path) -> None:
    """The test of the recipe fails when the rule is left out, so it proves the rule and not only itself."""
    steps = recipes()["Add a check rule"]
    for step in steps[:-1]:
        follow(step._replace(text=step.text.replace("@commitment_rule\n", "")), copy)
    done = run("pytest -q tests/rules/check", copy)
    assert done.returncode == 1
    assert "names_are_short" in done.stdout
