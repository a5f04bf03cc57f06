"""Kill -9 and SIGTERM at every call of git: nothing acknowledged is lost, nothing goes under another's name, no git is needed after.

By default one call of two commands is taken; with LEDGER_EXPLORE set, every call of all of them, which takes half an hour.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.flows.kills.world import COMMANDS, calls, copy, prepare, recover, start, start_under_strace
from tests.rules.audit.city import RULES, City
from tests.rules.audit.conftest import environ, seed_city

EXPLORE = bool(os.environ.get("LEDGER_EXPLORE"))
CHANGES = 15
WAYS = (("KILL", "before"), ("KILL", "after"), ("TERM", "before"))


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
    cases = [(at, *way) for at in range(1, most + 1) for way in WAYS]
    if not EXPLORE:
        cases = [cases[len(cases) * 4 // 5]]
    kept = 0
    for number, (at, signal, when) in enumerate(cases):
        one = copy(city, tmp_path / str(number))
        code = start(one, command, at=at, signal=signal, when=when)
        try:
            kept += recover(one, command, code).kept
        except AssertionError as error:
            raise AssertionError(f"{command} killed with {signal} {when} call {at} of {most}") from error
    print(f"\n{command}: {most} calls of git, {len(cases)} kills, {kept} kept")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_command_killed_at_any_change_of_the_disk(prepared: tuple[str, City], tmp_path: Path) -> None:
    """At each rename, removal and flush, of the program or of a git that it started."""
    command, city = prepared
    kept = 0
    for number in range(1, CHANGES + 1) if EXPLORE else (3,):
        one = copy(city, tmp_path / str(number))
        code = start_under_strace(one, command, at=number)
        try:
            kept += recover(one, command, code).kept
        except AssertionError as error:
            raise AssertionError(f"{command} killed at change {number} of the disk") from error
    print(f"\n{command}: killed at changes of the disk, {kept} kept")
