"""A git that is killed, fails, stops half-way, answers rubbish or does not answer at its n-th call: never a clean bill.

For every call that a command makes, the command must end with an error or with the right answer. What is right is what the command
says with a sound git; for `audit` that includes every finding.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rules.audit.city import ADMIN, FINANCE_FILE, City
from tests.rules.audit.conftest import copy_city, seed  # noqa: F401  the fixture

WRAPPER = f"""#!{sys.executable}
import os, subprocess, sys, time
count = os.environ["CALLS"]
with open(count, "a+b") as calls:
    calls.write(b".")
    calls.flush()
    number = os.fstat(calls.fileno()).st_size
real, how = os.environ["REAL"], os.environ["HOW"]
if number != int(os.environ["BREAK_AT"]):
    os.execv(real, [real, *sys.argv[1:]])
if how == "killed":
    os.kill(os.getpid(), 9)
if how == "failed":
    print("fatal: broken", file=sys.stderr)
    sys.exit(128)
if how == "rubbish":
    print("zzz 0 \\x01 rubbish")
    sys.exit(0)
if how == "hung":
    time.sleep(0.3)
    os.kill(os.getpid(), 15)
child = subprocess.Popen([real, *sys.argv[1:]], stdout=subprocess.PIPE)
answer = os.read(child.stdout.fileno(), 1 << 16)
os.write(1, answer[: len(answer) // 2])
child.kill()
"""
HOW = ("killed", "failed", "half", "rubbish", "hung")
MANY = bool(os.environ.get("LEDGER_EVERY_CALL"))
"""Whether to break every call; otherwise some of each command, in turn."""


@dataclass
class Broken:
    """A city whose programs meet a wrapper of git first on PATH."""

    city: City
    folder: Path

    def run(
        self, *words: str, nth: int = 0, how: str = "", cwd: Path | None = None, stdin: str = ""
    ) -> tuple[int, str, str, int]:
        """Run `ledger WORDS` with the n-th call of git broken; return its code, what it printed and how many calls it made."""
        count = self.folder / "count"
        count.unlink(missing_ok=True)
        environ = self.city.environ | {
            "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
            "REAL": str(shutil.which("git")),
            "CALLS": str(count),
            "BREAK_AT": str(nth),
            "HOW": how,
        }
        done = subprocess.run(
            [sys.executable, "-P", "-m", "ledger", *words],
            cwd=cwd or self.city.auditor,
            env=environ,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=20,
        )
        calls = count.stat().st_size if count.exists() else 0
        return done.returncode, done.stdout, done.stderr, calls


@pytest.fixture
def broken(seed: City, tmp_path: Path) -> Broken:  # noqa: F811
    folder = tmp_path / "bin"
    folder.mkdir()
    wrapper = folder / "git"
    wrapper.write_text(WRAPPER, encoding="utf-8")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    return Broken(copy_city(seed, tmp_path / "city"), folder)


def calls_to_break(total: int) -> list[tuple[int, str]]:
    """Return which calls to break, and how; their number is printed for docs/reference/audit.md."""
    every = [(nth, how) for nth in range(1, total + 1) for how in HOW]
    print(f"{total} calls, broken in {len(HOW)} ways: {len(every)} runs")
    return every if MANY else every[:: max(1, len(every) // 12)]


def falsify(city: City) -> None:
    """Put an edited line, a foreign branch and a lost seal into the auditor's clone, of which every audit must tell."""
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    city.commit()
    city.git("push", "--quiet", "origin", "main", "main:refs/heads/真账")
    city.fetch()
    city.git("tag", "--delete", "seal/2023-02", cwd=city.auditor)


def test_audit_of_a_falsified_ledger_never_says_less(broken: Broken) -> None:
    """Rules named by the audit with a sound git are all named, or it ends with 3."""
    falsify(broken.city)
    state = broken.city.auditor / ".git" / "ledger" / "audit.json"
    before = state.read_bytes()
    words = ("audit", "--full", "--format", "json")
    code, out, _, total = broken.run(*words)
    rules = {(one["rule"], one["commit"]) for one in json.loads(out)["findings"]}
    assert code == 1
    assert {"edited", "branch", "seal"} <= {rule for rule, _ in rules}
    assert total > 10
    for nth, how in calls_to_break(total):
        state.write_bytes(before)
        code, out, err, _ = broken.run(*words, nth=nth, how=how)
        where = (nth, how, err)
        if code == 1:
            assert {(one["rule"], one["commit"]) for one in json.loads(out)["findings"]} >= rules, where
        else:
            assert code == 3, where
            assert (out, state.read_bytes()) == ("", before), where


def test_audit_of_a_sound_ledger_is_complete_or_fails(broken: Broken) -> None:
    words = ("audit", "--full", "--format", "json")
    state = broken.city.auditor / ".git" / "ledger" / "audit.json"
    code, out, _, total = broken.run(*words)
    proved = json.loads(out)["proved"]
    assert code == 0
    for nth, how in calls_to_break(total):
        state.unlink(missing_ok=True)
        code, out, err, _ = broken.run(*words, nth=nth, how=how)
        if code == 0:
            answer = json.loads(out)["proved"]
            # The number of git's version may be cut; nothing is proven by it.
            assert {**answer, "git": ""} == {**proved, "git": ""}, (nth, how, err)
        else:
            assert code in {1, 3}, (nth, how, err)
            assert code == 1 or not state.exists(), (nth, how)


def test_guard_never_lets_a_falsified_push_through(broken: Broken) -> None:
    city = broken.city
    old = city.git("rev-parse", "main", cwd=city.server)
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    new = city.commit()
    city.git("fetch", "--quiet", str(city.clone), "main", cwd=city.server)
    city.guard()
    push = f"{old} {new} refs/heads/main\n"
    words = ("guard", "receive", str(city.server))
    code, _, err, total = broken.run(*words, cwd=city.server, stdin=push)
    assert code == 1
    assert "[edited]" in err
    for nth, how in calls_to_break(total):
        code, _, err, _ = broken.run(*words, nth=nth, how=how, cwd=city.server, stdin=push)
        assert code in {1, 3}, (nth, how, err)
        assert code == 3 or "[edited]" in err or "[ref]" in err, (nth, how, err)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--format", "json"),
        ("status", "--no-cache", "--format", "json"),
        ("history", "金融办-01", "--format", "json"),
        ("seal", "2023-05", "--dry-run", "--format", "json"),
    ],
    ids=lambda words: words[0],
)
def test_reading_commands_say_what_they_say_or_fail(broken: Broken, words: tuple[str, ...]) -> None:
    code, out, _, total = broken.run(*words)
    assert total
    for nth, how in calls_to_break(total):
        found, said, err, _ = broken.run(*words, nth=nth, how=how)
        if found == code:
            assert said == out, (nth, how, err)
        else:
            assert found in {1, 3}, (nth, how, err)


@pytest.mark.parametrize("words", [("seal", "2023-05"), ("sync",)], ids=lambda words: words[0])
def test_writing_commands_never_say_what_is_not_so(broken: Broken, words: tuple[str, ...]) -> None:
    """With exit code 0 the server holds what was promised."""
    city = broken.city
    city.be(ADMIN, "管理员")
    if words[0] == "sync":
        city.entry(FINANCE_FILE)
    _, _, _, total = Broken(copy_city(city, broken.folder.parent / "dry"), broken.folder).run(
        *words, cwd=broken.folder.parent / "dry" / "clone"
    )
    assert total
    for number, (nth, how) in enumerate(calls_to_break(total)):
        here = copy_city(city, broken.folder.parent / f"city-{number}")
        code, _, err, _ = Broken(here, broken.folder).run(*words, nth=nth, how=how, cwd=here.clone)
        assert code in {0, 1, 3}, (nth, how, err)
        if code == 0 and words[0] == "sync":
            assert here.git("rev-parse", "main", cwd=here.server) == here.git("rev-parse", "main"), (nth, how)
        elif code == 0:
            tag = here.git("rev-parse", "seal/2023-05")
            assert here.git("rev-parse", "seal/2023-05", cwd=here.server) == tag, (nth, how)
            facts = here.git("cat-file", "tag", tag) + "\n"
            assert "Ledger-Commits: 5\n" in facts, (nth, how, facts)
            assert "Ledger-Entries: 4\n" in facts, (nth, how, facts)
        shutil.rmtree(here.folder)
