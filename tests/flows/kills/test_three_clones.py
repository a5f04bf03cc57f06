"""Three clones that log, sync, seal, reopen, redo and lose power at random against one guarded server.

In the end the server's chains of seals and receipts are whole, every acknowledged entry is there once, the audit of a fresh clone is
clean, and nobody is stuck. One round by default; LEDGER_EXPLORE=200 makes so many.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.flows.kills.world import WRAPPER, assert_mended
from tests.rules.audit.city import ADMIN, LI, RULES, ZHANG, City
from tests.rules.audit.conftest import copy_city, environ, seed_city

ROUNDS = int(os.environ.get("LEDGER_EXPLORE") or 1)
STEPS = 12
MONTHS = ("2023-03", "2023-04", "2023-05", "2023-06")


@dataclass
class Clerk:
    """One clone, its user, and the notes of the entries that were acknowledged to them."""

    city: City
    root: Path
    email: str
    target: tuple[str, str, str]
    acknowledged: list[str] = field(default_factory=list)

    def __call__(self, *command: str) -> int:
        return self.city.ledger(*command, cwd=self.root).code

    def log(self, chance: random.Random, note: str, *, killed: bool = False) -> None:
        day = f"{chance.choice(MONTHS)}-{chance.randint(1, 28):02}"
        late = ("--late", "--reason", "漏报") if chance.random() < 0.3 else ()
        words = ("log", *self.target, "--on", day, "--note", note, "--confirm", *late)
        if (self.lose_power(chance, *words) if killed else self(*words)) == 0:
            self.acknowledged.append(note)

    def lose_power(self, chance: random.Random, *command: str) -> int:
        """Run a command that is killed at one of its first calls of git, or ends before."""
        tools = self.city.folder / "tools"
        tools.mkdir(exist_ok=True)
        (tools / "git").write_text(WRAPPER, encoding="utf-8")
        (tools / "git").chmod(0o755)
        count = self.city.folder / "count"
        count.unlink(missing_ok=True)
        settings = {
            "PATH": f"{tools}{os.pathsep}{self.city.environ['PATH']}",
            "REAL_GIT": shutil.which("git") or "git",
            "KILL_AT": str(chance.randint(1, 24)),
            "KILL_SIGNAL": "KILL",
            "KILL_WHEN": chance.choice(["before", "after"]),
            "KILL_COUNT": str(count),
        }
        return self.city.run(sys.executable, "-m", "ledger", *command, cwd=self.root, **settings).code

    def settle(self) -> None:
        """Do what the messages say until all is sent."""
        assert_mended(self.city, self.root)
        for _ in range(3):
            done = self.city.ledger("sync", cwd=self.root)
            if done.code == 0:
                return
            assert "ledger redo" in done.err, done.err
            again = self.city.ledger("redo", "--late", "--reason", "漏报", cwd=self.root)
            assert again.code == 0, again.err
        raise AssertionError(done.err)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("clones")
    city = seed_city(City(folder / "city", folder / "home", environ(folder / "home")), RULES)
    city.guard()
    return city


def clerks(city: City) -> list[Clerk]:
    finance, commerce = ("金融办", "listed", "1家"), ("商务局", "overseas", "1亿美元")
    people = (("甲", "张三", ZHANG, finance), ("乙", "李四", LI, commerce), ("丙", "管理员", ADMIN, finance))
    made = []
    for folder, name, email, target in people:
        root = city.folder / folder
        city.git("clone", "--quiet", str(city.server), str(root), cwd=city.folder)
        for setting, value in (("user.name", name), ("user.email", email)):
            city.git("config", setting, value, cwd=root)
        made.append(Clerk(city, root, email, target))
    return made


def lose_power(chance: random.Random, clerk: Clerk, admin: Clerk, note: str) -> None:
    """Kill one of the commands at random; a seal is the admin's."""
    month = chance.choice(MONTHS)
    act = chance.choice(["log", "log", "sync", "sync", "redo", "seal", "reopen"])
    if act == "log":
        clerk.log(chance, note, killed=True)
    elif act == "sync":
        clerk.lose_power(chance, "sync")
    elif act == "redo":
        clerk.lose_power(chance, "redo", "--late", "--reason", "漏报")
    else:
        reopen = ("--reopen", "--reason", "封错") if act == "reopen" else ()
        admin.lose_power(chance, "seal", month, *reopen)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_three_clones_at_random(guarded: City, tmp_path: Path, number: int) -> None:
    city = copy_city(guarded, tmp_path / "city")
    city.git("config", "core.hooksPath", str(city.server / "hooks"), cwd=city.server)
    chance = random.Random(number)
    people = clerks(city)
    admin = people[2]
    for step in range(STEPS):
        clerk = chance.choice(people)
        note = f"{number}-{step}"
        act = chance.choice(["log", "log", "sync", "seal", "reopen", "redo", "power", "power"])
        if act == "log":
            clerk.log(chance, note)
        elif act == "sync":
            clerk("sync")
        elif act == "seal":
            admin("seal", chance.choice(MONTHS))
        elif act == "reopen":
            admin("seal", chance.choice(MONTHS), "--reopen", "--reason", "封错")
        elif act == "redo":
            clerk("redo", "--late", "--reason", "漏报")
        else:
            lose_power(chance, clerk, admin, note)
    for clerk in (*people, *people):
        clerk.settle()
    fresh = city.folder / "fresh"
    city.git("clone", "--quiet", str(city.server), str(fresh), cwd=city.folder)
    assert city.ledger("sync", cwd=fresh).code == 0
    audited = json.loads(city.ledger("audit", "--full", "--format", "json", cwd=fresh).out)
    assert audited["findings"] == []
    assert audited["complete"]
    lines = [
        json.loads(line[2:])
        for file in sorted((fresh / "data" / "progress").rglob("*.yaml"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    notes = [line.get("note") for line in lines]
    for clerk in people:
        assert [notes.count(note) for note in clerk.acknowledged] == [1] * len(clerk.acknowledged)
    assert len({line["id"] for line in lines}) == len(lines)
