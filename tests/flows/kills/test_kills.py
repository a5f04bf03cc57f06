"""Kill -9 and SIGTERM at every call of git: nothing acknowledged is lost, nothing goes under another's name, no git is needed after.

By default one call of two commands is taken; with LEDGER_EXPLORE set, every call of all of them, which takes hours.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from tests.flows.kills.world import (
    COMMANDS,
    Ending,
    build_power,
    calls,
    changes,
    copy,
    prepare,
    recover,
    start,
    start_under_strace,
    start_without_power,
)
from tests.rules.audit.city import ADMIN, LI, RULES, City
from tests.rules.audit.conftest import environ, seed_city

EXPLORE = bool(os.environ.get("LEDGER_EXPLORE"))
WAYS = (("KILL", "before"), ("KILL", "after"), ("TERM", "before"))

PROCESS_CHANGES = 12
"""How many changes of the disk one process of them makes at most, its removals of temporary objects apart."""

T = TypeVar("T")


class DiskCall(NamedTuple):
    """The `number`-th change of the disk."""

    number: int

    def __str__(self) -> str:
        return f"change {self.number} of the disk"


class GitCall(NamedTuple):
    """The `number`-th call of git, and with what the program is killed there."""

    number: int
    signal: str
    when: str

    def __str__(self) -> str:
        return f"git call {self.number} by {self.signal} {self.when} it"


@pytest.fixture(scope="module", params=COMMANDS if EXPLORE else ("sync", "redo"))
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, City]:
    command: str = request.param
    folder = tmp_path_factory.mktemp("kills")
    city = seed_city(City(folder / "city", folder / "home", environ(folder / "home")), RULES)
    prepare(city, command)
    return command, city


def test_a_command_killed_at_any_call_of_git(prepared: tuple[str, City], tmp_path: Path) -> None:
    command, city = prepared
    most = calls(copy(city, tmp_path / "count"), command)
    assert most >= 3
    kills = [GitCall(at, *way) for at in range(1, most + 1) for way in WAYS]
    chosen = kills if EXPLORE else [kills[len(kills) * 4 // 5]]

    def kill(trial: City, at: GitCall) -> int:
        return start(trial, command, at=at.number, signal=at.signal, when=at.when)

    _kill_at_each(prepared, tmp_path, chosen, kill, f"{most} calls of git")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_process_killed_at_a_change_of_the_disk(prepared: tuple[str, City], tmp_path: Path) -> None:
    """Whichever process comes to its n-th rename, removal or flush, of the program or of a git that it started; the others go on."""
    command, _ = prepared

    def kill(trial: City, at: DiskCall) -> int:
        return start_under_strace(trial, command, at=at.number)

    points = [DiskCall(number) for number in (range(1, PROCESS_CHANGES + 1) if EXPLORE else (3,))]
    _kill_at_each(prepared, tmp_path, points, kill, "changes of the disk of one process")


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_the_power_lost_at_any_change_of_the_disk(prepared: tuple[str, City], tmp_path: Path) -> None:
    """At each rename, link, removal and flush, everything dies at once: the program, its git, the server's side of a push."""
    command, city = prepared
    library = build_power(tmp_path)
    most = changes(copy(city, tmp_path / "count"), command, library)
    assert most >= 3
    points = [DiskCall(number) for number in (range(1, most + 1) if EXPLORE else (most * 3 // 4,))]

    def kill(trial: City, at: DiskCall) -> int:
        return start_without_power(trial, command, library, at=at.number)

    _kill_at_each(prepared, tmp_path, points, kill, f"{most} changes of the disk")


def _kill_at_each(
    prepared: tuple[str, City], tmp_path: Path, points: Sequence[T], kill: Callable[[City, T], int], what: str
) -> None:
    """Kill the command at each point, in a city of its own, and check that it recovers; tell of all points where it does not."""
    command, city = prepared
    endings: list[Ending] = []
    failures: list[str] = []
    for number, point in enumerate(points):
        trial = copy(city, tmp_path / str(number))
        code = kill(trial, point)
        try:
            endings.append(recover(trial, command, code))
        except Exception as error:
            failures.append(f"{command} killed at {point}: {error}")
        else:
            shutil.rmtree(trial.folder)
    codes = Counter(ending.code for ending in endings)
    kinds = Counter(kind for ending in endings for kind in ending.kinds)
    kept = sum(ending.kept for ending in endings)
    print(f"\n{command}: {what}, {len(points)} kills, exit {dict(codes)}, doctor {dict(kinds)}, {kept} kept")
    assert not failures, "\n".join(failures)


def test_amend_killed_and_somebody_commits_by_hand_before_the_next_command(tmp_path: Path) -> None:
    """Both stand in the history afterwards, each under its own author, and the audit is clean."""
    city = seed_city(City(tmp_path / "city", tmp_path / "home", environ(tmp_path / "home")), RULES)
    prepare(city, "amend")
    before = city.git("rev-parse", "HEAD")
    most = calls(copy(city, tmp_path / "count"), "amend")
    cases = [(at, *way) for at in range(1, most + 1) for way in WAYS]
    if not EXPLORE:
        cases = cases[-3:-1]  # killed around the commit itself
    for number, (at, signal, when) in enumerate(cases):
        one = copy(city, tmp_path / str(number))
        code = start(one, "amend", at=at, signal=signal, when=when)
        one.git(
            "commit",
            "--quiet",
            "--allow-empty",
            "--message",
            "手工",
            GIT_AUTHOR_NAME="李四",
            GIT_AUTHOR_EMAIL=LI,
        )
        try:
            recover(one, "amend", code)
        except AssertionError as error:
            raise AssertionError(f"amend killed with {signal} {when} call {at} of {most}") from error
        history = one.git("log", "--format=%ae %s", f"{before}..HEAD").splitlines()
        assert [line for line in history if line.endswith("手工")] == [f"{LI} 手工"]
        amended = [line for line in history if "amend(" in line]
        changed = "新增上市企业" in one.read("data/targets/2023/金融办/01.yaml")
        assert len(amended) == changed
        assert all(line.startswith(ADMIN) for line in amended)
