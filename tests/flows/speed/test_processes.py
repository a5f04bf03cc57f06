"""Which git commands a command starts, in order: a process more is two milliseconds more, whatever the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.commands.clones import City, found_city
from tests.conftest import World

WATCH = """
import json, sys
started = []
def hook(event, arguments):
    if event == "subprocess.Popen":
        from ledger.git.process import command_of
        started.append(command_of(tuple(arguments[1][1:])))
sys.addaudithook(hook)
from ledger.__main__ import run
code = run(sys.argv[1:])
sys.stdout.flush()
print("\\n" + json.dumps([code, started]), file=sys.stderr)
"""

Started = Callable[..., list[str]]


def started_by(folder: Path, environ: Mapping[str, str], *arguments: str) -> list[str]:
    """Run the program and return the git commands that it started."""
    done = subprocess.run(
        [sys.executable, "-c", WATCH, *arguments],
        cwd=folder,
        env={name: value for name, value in environ.items() if not name.startswith("COV")},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    code, started = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return list(started)


@pytest.fixture
def started(world: World) -> Started:
    return lambda *arguments: started_by(world.root, os.environ, *arguments)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return found_city(tmp_path)


def test_sync_of_one_new_entry_on_each_side(city: City) -> None:
    here, there = city.clone("甲"), city.clone("乙")
    for clone in (here, there):
        clone.log()
        clone.sync()
    here.sync()
    there.log()
    there.sync()
    here.log()
    assert started_by(here.root, here.environ, "sync") == [
        "config",
        "fetch",
        "merge-base",
        "update-ref",
        "rev-list",
        "worktree",
        "read-tree",
        "rebase",
        "cat-file",
        "checkout",
        "push",
        "update-ref",
    ]


def test_sync_with_nothing_new(city: City) -> None:
    here = city.clone("甲")
    here.log()
    here.sync()
    assert started_by(here.root, here.environ, "sync") == ["config", "fetch"]


def test_a_sheet_asks_git_once(started: Started) -> None:
    assert started("sheet", "export", "--dept", "金融办", "--month", "2023-05") == ["ls-tree"]


def test_a_check_asks_git_once(started: Started) -> None:
    assert started("check", "--no-cache") == ["ls-tree"]


def test_log_starts_four(started: Started) -> None:
    """The first two while the program is still loading, in any order."""
    started("log", "金融办", "新增上市公司", "1家", "--on", "2023-05-31")
    *first, status, commit = started("log", "金融办", "新增上市公司", "2家", "--on", "2023-06-30")
    assert (sorted(first), status, commit) == (["ls-tree", "var"], "status", "commit")
