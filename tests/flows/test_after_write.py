"""After a commit nothing turns into an error code: what fails from then on is a notice, for the entry is written.

A command either fails and has written nothing, or ends with 0 and has written: held for an output that takes nothing, for each step
of tidying up, and (with LEDGER_EXPLORE) for every rename, removal and flush of every command.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.cli.commands import NAMES, load_command
from ledger.git import GitFailedError
from tests.flows.kills.world import COMMANDS, DISK_CALLS, assert_mended, copy, prepare
from tests.rules.audit.city import ADMIN, RULES, ZHANG, City
from tests.rules.audit.conftest import copy_city, environ, seed_city

EXPLORE = bool(os.environ.get("LEDGER_EXPLORE"))
RECORDED = "已经记下，不用重做"


@pytest.fixture(scope="module", params=COMMANDS)
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, City]:
    command: str = request.param
    folder = tmp_path_factory.mktemp("after")
    city = seed_city(City(folder / "city", folder / "home", environ(folder / "home")), RULES)
    prepare(city, command)
    return command, city


@pytest.fixture
def ready(prepared: tuple[str, City], tmp_path: Path) -> tuple[str, City]:
    command, city = prepared
    return command, copy(city, tmp_path / "city")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    return seed_city(City(folder / "city", folder / "home", environ(folder / "home")), RULES)


@pytest.fixture
def city(seeded: City, tmp_path: Path) -> City:
    return copy_city(seeded, tmp_path / "city")


def written(city: City, command: str) -> str:
    """What the command changes once and for all: the server for those that send, else the branch here."""
    return city.refs() if command in {"sync", "seal"} else city.git("rev-parse", "HEAD")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_an_output_that_takes_nothing(ready: tuple[str, City]) -> None:
    command, city = ready
    before = written(city, command)
    program = f"{sys.executable} -m ledger {' '.join(COMMANDS[command])} > /dev/full"
    done = city.run("sh", "-c", program)
    assert done.code == 0, done.err
    assert RECORDED in done.err
    assert written(city, command) != before


OTHERS: tuple[tuple[str, str], ...] = (
    (ADMIN, "judge 金融办-01/front 达到 --evidence 通报"),
    (ADMIN, "rate 金融办-01 难 --reason 评定会"),
    (ADMIN, "close 金融办-01/opinion --evidence 文号 --reason 并入新指标"),
    (ZHANG, "correct 金融办 listed 3家 --month 2023-05 --reason 漏报"),
    (ZHANG, "void 金融办 listed --month 2023-05 --reason 重复"),
    (ADMIN, "verify 金融办 --month 2023-05"),
    (ADMIN, "return 金融办 listed --month 2023-05 --reason 佐证不符"),
    (ZHANG, "remark 金融办 listed --month 2023-05 --cause 退回补正 --measure 重新申报"),
    (ADMIN, "transfer 金融办-01 商务局 --on 2023-07-01 --reason 机构改革"),
    (ADMIN, "dept rename 金融办 金融局 --on 2023-07-01 --reason 机构改革"),
    (ZHANG, "doctor --fix"),
    (ADMIN, "redo --forget"),
)


APART = {
    "draft", "plan import", "plan carry", "init", "demo", "guard install", "due", "report", "bulletin", "export", "sheet export",
    "dept merge",
}  # fmt: skip
"""Commands that commit nothing to this ledger, and two that end as others do: `dept merge` as `dept rename`, `plan carry` as `amend`."""


def test_every_command_that_commits_is_tried() -> None:
    writing = {name for name in NAMES if "dry_run" in load_command(name).parameters}
    words = [line.split() for _, line in OTHERS]
    tried = {" ".join(line[:2]) if line[0] == "dept" else line[0] for line in words}
    assert tried | COMMANDS.keys() | APART == writing


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(("email", "line"), OTHERS, ids=[line.partition(" ")[0] for _, line in OTHERS])
def test_an_output_that_takes_nothing_of_the_other_commands(city: City, email: str, line: str) -> None:
    city.be(email)
    if line.startswith("doctor"):
        city.write(".gitattributes", "* text=auto\n")
        city.commit("改属性")
    if line.startswith("rate"):
        city.change("data/ledger.yaml", "rules: 2026", "rules: 2026\ndifficulty: {一般: 1, 难: 1.5}")
        city.commit("定难度")
    if line.startswith("redo"):
        city.git("update-ref", "refs/ledger/redone/x", "HEAD")
    before = city.git("for-each-ref", "refs/heads", "refs/ledger")
    done = city.run("sh", "-c", f"{sys.executable} -m ledger {line} > /dev/full")
    assert done.code == 0, done.err
    assert RECORDED in done.err
    assert city.git("for-each-ref", "refs/heads", "refs/ledger") != before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_preview_that_cannot_be_shown_is_an_error(city: City) -> None:
    city.be(ZHANG)
    line = "log 金融办 listed 1家 --on 2023-06-20 --dry-run"
    done = city.run("sh", "-c", f"{sys.executable} -m ledger {line} > /dev/full")
    assert done.code == 3
    assert RECORDED not in done.err


def test_neither_output_takes_anything(city: City) -> None:
    city.be(ZHANG)
    before = city.git("rev-parse", "HEAD")
    full = "/dev/full" if Path("/dev/full").exists() else os.devnull
    line = "log 金融办 listed 1家 --on 2023-06-20"
    assert city.run("sh", "-c", f"{sys.executable} -m ledger {line} > {full} 2> {full}").code == 0
    assert city.git("rev-parse", "HEAD") != before
    refused = city.run(
        "sh", "-c", f"{sys.executable} -m ledger log 金融办 listed 1米 --on 2023-06-20 2> {full}"
    )
    assert refused.code == 1


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.EACCES, "Permission denied", ".git/ledger/x")


def fail(*_: object, **__: object) -> None:
    raise GitFailedError("update-ref", "cannot lock ref")


def fail_later() -> Callable[..., None]:
    """Return a step that fails from its second time on: the first is before anything is sent."""
    calls: list[object] = []

    def step(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) > 1:
            fail()

    return step


TIDYING: tuple[tuple[str, str, Callable[..., None]], ...] = (
    ("log", "ledger.files.intent_log.IntentLog.end", refuse),
    ("log", "ledger.git.Repo.auto_gc", fail),
    ("sheet import", "ledger.files.intent_log.IntentLog.end", refuse),
    ("amend", "ledger.files.intent_log.IntentLog.end", refuse),
    ("sync", "ledger.git.remote.Remote.pin", fail_later()),
    ("seal", "ledger.commands.seal.end_seal", refuse),
    ("seal", "ledger.git.remote.Remote.note_seal", fail),
    ("redo", "ledger.commands.redo.forget_proof", fail),
)


@pytest.fixture
def tidying(request: pytest.FixtureRequest) -> tuple[str, str, Callable[..., None]]:
    value: tuple[str, str, Callable[..., None]] = request.param
    return value


@pytest.mark.parametrize(
    ("command", "step", "failure"), TIDYING, ids=[f"{command}-{step.rpartition('.')[2]}" for command, step, _ in TIDYING]
)  # fmt: skip
def test_tidying_up_that_fails_is_a_notice(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    step: str,
    failure: Callable[..., None],
) -> None:
    folder = tmp_path_factory.mktemp("tidy")
    city = seed_city(City(folder / "city", folder / "home", environ(folder / "home")), RULES)
    prepare(city, command)
    before = written(city, command)
    with monkeypatch.context() as patched:
        patched.setattr(step, failure)
        done = city.ledger(*COMMANDS[command])
    assert done.code == 0, done.err
    assert RECORDED in done.err
    assert written(city, command) != before
    assert city.ledger("doctor", "--fix").code == 0
    assert city.ledger("sync").code == 0
    assert city.ledger("doctor").code == 0
    assert city.git("status", "--porcelain", "--untracked-files=no") == ""


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("prepared", COMMANDS if EXPLORE else ("log", "amend"), indirect=True)
def test_a_disk_that_refuses_once_leaves_an_error_and_nothing_or_no_error(
    prepared: tuple[str, City], tmp_path: Path
) -> None:
    """Each rename, removal and flush of the program in turn is refused."""
    command, city = prepared
    notices = 0
    count = 0
    for number in refusals():
        trial = copy(city, tmp_path / str(number))
        before = written(trial, command)
        log = trial.folder / "trace"
        inject = ("-e", f"trace={DISK_CALLS}", "-e", f"inject={DISK_CALLS}:error=EIO:when={number}")
        done = trial.run(
            "strace", "-qq", "-o", str(log), *inject, sys.executable, "-m", "ledger", *COMMANDS[command]
        )
        if "INJECTED" not in log.read_text():
            break
        count += 1
        assert (done.code == 0) == (written(trial, command) != before), (number, done.code, done.err)
        notices += RECORDED in done.err
        assert_mended(trial, trial.clone)
        assert trial.git("status", "--porcelain", "--untracked-files=no") == ""
    assert count
    print(f"\n{command}: {count} refusals of the disk, {notices} notices")


def refusals() -> Iterator[int]:
    yield from range(1, 100 if EXPLORE else 4)
