"""Many clerks at once: whatever the order of their logs and syncs, the server holds exactly what was acknowledged.

`LEDGER_ROUNDS` sets the number of random rounds.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.clones import City, Clone, found_city

ROUNDS = int(os.environ.get("LEDGER_ROUNDS", "60"))
PLACES = (("金融办/01", "listed"), ("金融办/01", "loans"), ("商务局/01", "overseas"))


def ids(city: City) -> list[str]:
    return [json.loads(line[2:])["id"] for line in city.lines()]


@pytest.mark.slow
def test_any_interleaving_of_three_clones(tmp_path: Path) -> None:
    """A round is two logs and two syncs of clones drawn at random, in an order drawn at random."""
    chance = random.Random(20230630)
    city = found_city(tmp_path)
    clones = [city.clone(name) for name in "甲乙丙"]
    acknowledged: list[str] = []
    rebased = 0

    def log(clone: Clone) -> None:
        acknowledged.append(clone.log(*chance.choice(PLACES)))

    def sync(clone: Clone) -> None:
        nonlocal rebased
        done = clone.sync()
        rebased += bool(done.received and done.sent)

    for _ in range(ROUNDS):
        steps = [log, log, sync, sync]
        chance.shuffle(steps)
        for step in steps:
            step(chance.choice(clones))
    for clone in (*clones, *clones):
        sync(clone)
    found = ids(city)
    assert len(found) == len(set(found)) == 2 * ROUNDS
    assert set(found) == set(acknowledged)
    assert city.at_server("rev-list", "--merges", "--count", "main").strip() == "0"
    assert int(city.at_server("rev-list", "--count", "main")) == 1 + 2 * ROUNDS
    assert len({clone.git("rev-parse", "HEAD") for clone in clones}) == 1
    assert rebased > ROUNDS // 4, "the rounds hardly ever met: the test would prove nothing"


@pytest.mark.slow
def test_sixteen_clones_five_entries_each(tmp_path: Path) -> None:
    """Real processes of the real command, all against one bare server."""
    city = found_city(tmp_path)
    clones = [city.clone(f"文书{number:02d}") for number in range(16)]
    program = (
        "import sys\nfrom ledger.__main__ import run\n"
        "for n in range(5):\n"
        "    code = run(['log', '金融办', 'listed', '1家', '--confirm']) or run(['sync'])\n"
        "    if code: sys.exit(code)\n"
    )
    at_work = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=clone.root,
            env=dict(clone.environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for clone in clones
    ]
    said = [process.communicate()[1].decode() for process in at_work]
    assert [process.returncode for process in at_work] == [0] * 16, "\n".join(said)
    found = ids(city)
    assert len(found) == len(set(found)) == 80
    assert city.at_server("rev-list", "--merges", "--count", "main").strip() == "0"
    authors = city.at_server("log", "--format=%an", "main").split()
    assert {clone.environ["GIT_AUTHOR_NAME"]: 5 for clone in clones} | {"founder": 1} == {
        name: authors.count(name) for name in set(authors)
    }
