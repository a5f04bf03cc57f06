"""The promise itself, on the real command line: parallel writers lose nothing, and neither does `kill -9` at any moment.

The counts are those of the promise; a killed run is repeated with another seed by setting LEDGER_KILL_SEED.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping

import pytest

from tests.conftest import World

WRITERS, EACH, KILLS = 16, 10, 200
SEED = int(
    os.environ.get("LEDGER_KILL_SEED", "20230630")
)  # here: tests run without the variables of the outside
PATH = "data/progress/2023/金融办/01.yaml"
OTHER = "data/progress/2023/商务局/01.yaml"
REPORTS = (("金融办", "listed", "1家"), ("金融办", "loans", "1亿元"), ("商务局", "overseas", "0.01亿美元"))


def start(
    world: World, report: tuple[str, ...], environ: Mapping[str, str] = os.environ
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "ledger",
            "log",
            *report,
            "--confirm",
            "--format",
            "json",
            "--root",
            str(world.root),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        start_new_session=True,
    )


def acknowledged(out: bytes) -> dict[str, str]:
    """Return the entry acknowledged and its commit; nothing when the answer is not whole."""
    try:
        answer = json.loads(out)
    except ValueError:
        return {}
    return {answer["entry"]["id"]: answer["commit"]}


def entries_on_disk(world: World) -> list[str]:
    ids = []
    for file in sorted((world.root / "data/progress").rglob("*.yaml")):
        raw = file.read_bytes()
        assert raw.endswith(b"\n")
        ids += [json.loads(line[2:])["id"] for line in raw.decode("utf-8").splitlines()]
    return ids


def history(world: World) -> dict[str, tuple[str, str]]:
    """Return commit and author of each entry by the trailers, having checked that each commit adds just what it names."""
    found: dict[str, tuple[str, str]] = {}
    shown = world.git(
        "log",
        "--reverse",
        "-p",
        "-U0",
        "--format=%x01%H%x02%an%x02%(trailers:key=Ledger-Entry,valueonly)%x02",
    )
    for part in shown.split("\x01")[1:]:
        commit, author, trailers, diff = part.split("\x02")
        if not trailers.split():
            continue
        changed = [
            line for line in diff.splitlines() if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}
        ]
        assert [json.loads(line[3:])["id"] for line in changed] == trailers.split()
        assert all(line.startswith("+- {") for line in changed)
        found |= dict.fromkeys(trailers.split(), (commit, author))
    return found


def sound(world: World) -> None:
    fsck = subprocess.run(
        ["git", "fsck", "--full", "--strict"], cwd=world.root, capture_output=True, text=True, check=True
    )
    assert "error" not in fsck.stderr
    assert world.git("status", "--porcelain") == ""
    assert list((world.root / ".git").glob("**/*.lock")) == []


@pytest.mark.slow
def test_sixteen_writers_at_once(world: World) -> None:
    """16 processes × 10 logs in one clone: 160 acknowledged, 160 commits, each author right, 0 failures."""
    code = (
        "import sys\nfrom ledger.__main__ import run\n"
        f"for number in range({EACH}):\n"
        # What another writer added after the preview is doubted anew: the same figure for the same day is then typed once more.
        "    words = ['log', *sys.argv[2:], '--confirm', '--format', 'json', '--root', sys.argv[1]]\n"
        "    assert any(run(words) == 0 for attempt in range(3))\n"
        "    print('\\0', flush=True)\n"
    )
    processes = []
    for number in range(WRITERS):
        who = {
            f"GIT_{role}_{part}": f"文书{number}"
            for role in ("AUTHOR", "COMMITTER")
            for part in ("NAME", "EMAIL")
        }
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", code, str(world.root), *REPORTS[number % 3]],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=os.environ | who,
            )
        )
    by_writer: dict[str, str] = {}
    commits: dict[str, str] = {}
    for number, process in enumerate(processes):
        out, err = process.communicate()
        assert process.returncode == 0, err.decode()
        for answer in out.split(b"\0\n")[:-1]:
            commits |= acknowledged(answer)
            by_writer |= dict.fromkeys(acknowledged(answer), f"文书{number}")
    assert len(commits) == WRITERS * EACH
    assert history(world) == {commit: (commits[commit], by_writer[commit]) for commit in commits}
    assert sorted(entries_on_disk(world)) == sorted(commits)
    assert int(world.git("rev-list", "--count", "HEAD")) == 1 + WRITERS * EACH
    sound(world)


def kill_at_random(process: subprocess.Popen[bytes], world: World, rng: random.Random, usual: float) -> None:
    """Kill a command, or it and its git: at any moment of its life, or in the thick of its transaction."""
    until = time.monotonic() + rng.uniform(0, usual)
    if rng.random() < 0.75:
        note = world.root / ".git" / "ledger" / "note"
        while not note.exists() and process.poll() is None:
            os.sched_yield()
        until = time.monotonic() + rng.uniform(0, 0.02)
    while time.monotonic() < until:
        os.sched_yield()
    if process.poll() is None:
        (os.killpg if rng.random() < 0.5 else os.kill)(process.pid, signal.SIGKILL)


@pytest.mark.slow
def test_killed_at_random_moments(world: World) -> None:
    """200 × kill -9: 0 acknowledged entries lost, 0 torn lines after the next command, which works without help."""
    rng = random.Random(SEED)
    safe: dict[str, str] = {}
    began = time.monotonic()
    out, _ = start(world, REPORTS[0]).communicate()
    usual = time.monotonic() - began
    safe |= acknowledged(out)
    killed = interrupted = 0
    for number in range(KILLS):
        process = start(world, rng.choice(REPORTS))
        kill_at_random(process, world, rng, usual)
        out, _ = process.communicate()
        killed += process.returncode == -signal.SIGKILL
        interrupted += (world.root / ".git" / "ledger" / "note").exists()
        safe |= acknowledged(out)
        # Every second time the next command is itself the next victim: a recovery, too, can be killed.
        if number % 2:
            after = start(world, rng.choice(REPORTS))
            out, err = after.communicate()
            assert after.returncode == 0, err.decode()
            assert acknowledged(out)
            safe |= acknowledged(out)
            assert set(safe) <= set(entries_on_disk(world))
    assert killed > KILLS / 2
    assert interrupted > KILLS / 10
    on_disk = entries_on_disk(world)
    assert len(on_disk) == len(set(on_disk))
    recorded = history(world)
    assert set(recorded) == set(on_disk)
    assert {item: recorded[item][0] for item in safe} == safe
    sound(world)
    print(
        f"killed {killed}, in mid-transaction {interrupted}, acknowledged {len(safe)}, recorded {len(on_disk)}"
    )
