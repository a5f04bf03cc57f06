"""A git that is killed, fails, stops half-way, answers rubbish or does not answer at its n-th call: never a clean bill.

Every scene is a command in a ledger of its own. The command is run with a sound git first; then once for every call that it made and
every way in which that call can break, and each time it must end with an error or with the right answer. `LEDGER_EXPLORE=1` breaks every call
in every way and prints the numbers for docs/reference/audit.md; otherwise each scene breaks some calls, all ways among them.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rules.audit.city import ADMIN, COMMERCE_FILE, FINANCE_FILE, ZHANG, City
from tests.rules.audit.conftest import copy_city, seed  # noqa: F401  the fixture

WRAPPER = f"""#!{sys.executable} -IS
import os, signal, sys, time
count = os.environ["CALLS"]
with open(count, "ab") as calls:
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
    time.sleep(60)
import subprocess
child = subprocess.Popen([real, *sys.argv[1:]], stdout=subprocess.PIPE)
answer = os.read(child.stdout.fileno(), 1 << 16)
os.write(1, answer[: len(answer) // 2])
child.kill()
"""
WAYS = ("killed", "failed", "half", "rubbish", "hung")
EXPLORE = bool(os.environ.get("LEDGER_EXPLORE"))
SAMPLES = 5
"""Runs of each scene where not every call is broken."""
SILENCE = "1"
"""Seconds after which a hung git is given up."""


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended, and how many calls of git it made."""

    code: int
    out: str
    err: str
    calls: int


@dataclass
class Stage:
    """A city whose programs meet a wrapper of git first on PATH."""

    city: City
    folder: Path

    @classmethod
    def build(cls, seed: City, folder: Path) -> Stage:  # noqa: F811
        programs = folder / "bin"
        programs.mkdir()
        wrapper = programs / "git"
        wrapper.write_text(WRAPPER, encoding="utf-8")
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        return cls(copy_city(seed, folder / "city"), programs)

    def copy(self, name: str) -> Stage:
        """Return the same with a city of its own."""
        return Stage(copy_city(self.city, self.folder.parent / name), self.folder)

    def run(self, words: tuple[str, ...], cwd: Path, nth: int = 0, how: str = "", stdin: str = "") -> Ended:
        """Run `ledger WORDS` with the n-th call of git broken; 0 breaks none."""
        count = self.folder / "count"
        count.unlink(missing_ok=True)
        environ = self.city.environ | {
            "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
            "REAL": str(shutil.which("git")),
            "CALLS": str(count),
            "BREAK_AT": str(nth),
            "HOW": how,
            **({"LEDGER_GIT_TIMEOUT": SILENCE} if how == "hung" else {}),
        }
        done = subprocess.run(
            [sys.executable, "-P", "-m", "ledger", *words],
            cwd=cwd,
            env=environ,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=50,
        )
        calls = count.stat().st_size if count.exists() else 0
        return Ended(done.returncode, done.stdout, done.stderr, calls)


@pytest.fixture
def stage(seed: City, tmp_path: Path) -> Stage:  # noqa: F811
    return Stage.build(seed, tmp_path)


def broken_calls(scene: str, total: int, samples: int = SAMPLES) -> Iterator[tuple[int, str]]:
    """Yield which calls to break, and how; print how many."""
    assert total
    every = [(nth, how) for nth in range(1, total + 1) for how in WAYS]
    chosen = every if EXPLORE else every[:: max(1, len(every) // samples + 1 | 1)]
    print(f"{scene}: {total} calls, {len(chosen)} runs")
    yield from chosen


def falsify(city: City) -> None:
    """Put an edited line, a foreign branch and a lost seal into the auditor's clone, of which every audit must tell."""
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    city.commit()
    city.git("push", "--quiet", "origin", "main", "main:refs/heads/真账")
    city.fetch()
    city.git("tag", "--delete", "seal/2023-02", cwd=city.auditor)


def test_audit_of_a_falsified_ledger_never_says_less(stage: Stage) -> None:
    """What the audit finds with a sound git is all found, or it ends with 3 and remembers nothing."""
    city = stage.city
    falsify(city)
    state = city.auditor / ".git" / "ledger" / "audit.json"
    before = state.read_bytes()
    words = ("audit", "--full", "--format", "json")
    sound = stage.run(words, city.auditor)
    findings = {(finding["rule"], finding["commit"]) for finding in json.loads(sound.out)["findings"]}
    assert sound.code == 1
    assert {"edited", "branch", "seal"} <= {rule for rule, _ in findings}
    for nth, how in broken_calls("audit, falsified", sound.calls):
        state.write_bytes(before)
        ended = stage.run(words, city.auditor, nth, how)
        where = (nth, how, ended.err)
        if ended.code == 1:
            named = {(finding["rule"], finding["commit"]) for finding in json.loads(ended.out)["findings"]}
            assert named >= findings, where
        else:
            assert ended.code == 3, where
            assert (ended.out, state.read_bytes()) == ("", before), where


def test_audit_of_a_sound_ledger_is_complete_or_fails(stage: Stage) -> None:
    words = ("audit", "--full", "--format", "json")
    state = stage.city.auditor / ".git" / "ledger" / "audit.json"
    sound = stage.run(words, stage.city.auditor)
    proved = json.loads(sound.out)["proved"]
    assert sound.code == 0
    for nth, how in broken_calls("audit, sound", sound.calls):
        state.unlink(missing_ok=True)
        ended = stage.run(words, stage.city.auditor, nth, how)
        if ended.code == 0:
            answer = json.loads(ended.out)["proved"]
            # The number of git's version may be cut; nothing is proven by it.
            assert {**answer, "git": ""} == {**proved, "git": ""}, (nth, how, ended.err)
        else:
            assert ended.code in {1, 3}, (nth, how, ended.err)
            assert ended.code == 1 or not state.exists(), (nth, how)


def test_guard_never_lets_a_falsified_push_through(stage: Stage) -> None:
    city = stage.city
    old = city.git("rev-parse", "main", cwd=city.server)
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    new = city.commit()
    city.git("fetch", "--quiet", str(city.clone), "main", cwd=city.server)
    city.guard()
    push = f"{old} {new} refs/heads/main\n"
    words = ("guard", "receive", str(city.server))
    sound = stage.run(words, city.server, stdin=push)
    assert sound.code == 1
    assert "[edited]" in sound.err
    for nth, how in broken_calls("guard, falsified", sound.calls):
        ended = stage.run(words, city.server, nth, how, push)
        assert ended.code in {1, 3}, (nth, how, ended.err)
        assert ended.code == 3 or "[edited]" in ended.err or "[ref]" in ended.err, (nth, how, ended.err)


def test_guard_prepares_right_receipts_or_refuses(stage: Stage) -> None:
    city = stage.city
    old = city.git("rev-parse", "main", cwd=city.server)
    city.entry(FINANCE_FILE)
    new = city.git("rev-parse", "main")
    city.git("fetch", "--quiet", str(city.clone), "main", cwd=city.server)
    city.guard()
    push = f"{old} {new} refs/heads/main\n"
    words = ("guard", "receive", str(city.server))
    sound = stage.run(words, city.server, stdin=push)
    assert sound.code == 0, sound.err
    for nth, how in broken_calls("guard, sound", sound.calls):
        ended = stage.run(words, city.server, nth, how, push)
        assert ended.code in {0, 1, 3}, (nth, how, ended.err)
        assert ended.code or not ended.err, (nth, how, ended.err)


def hide_a_file(city: City) -> None:
    (city.auditor / FINANCE_FILE).unlink()


def leave_uncommitted(city: City) -> None:
    file = city.auditor / COMMERCE_FILE
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"1亿美元"', '"5亿美元"'), encoding="utf-8")


def leave_alone(_: City) -> None:
    pass


READERS: dict[str, tuple[tuple[str, ...], Callable[[City], None], int]] = {
    "check, sound": (("check", "--format", "json"), leave_alone, 0),
    "check, file missing": (("check", "--format", "json"), hide_a_file, 1),
    "status, sound": (("status", "--no-cache", "--format", "json"), leave_alone, 0),
    "status, file missing": (("status", "--no-cache", "--format", "json"), hide_a_file, 1),
    "status, uncommitted": (("status", "--no-cache", "--format", "json"), leave_uncommitted, 0),
    "history, sound": (("history", "金融办-01", "--format", "json"), leave_alone, 0),
    "history, uncommitted": (("history", "商务局-01", "--format", "json"), leave_uncommitted, 0),
    "seal, dry run": (("seal", "2023-05", "--dry-run", "--format", "json"), leave_alone, 0),
}


@pytest.mark.parametrize("scene", READERS)
def test_reading_commands_say_what_they_say_or_fail(stage: Stage, scene: str) -> None:
    """The answer and what is said beside it are those of a sound git."""
    words, prepare, code = READERS[scene]
    for name, value in (("name", "管理员"), ("email", ADMIN)):
        stage.city.git("config", f"user.{name}", value, cwd=stage.city.auditor)
    prepare(stage.city)
    sound = stage.run(words, stage.city.auditor)
    assert sound.code == code, sound.err
    for nth, how in broken_calls(scene, sound.calls):
        ended = stage.run(words, stage.city.auditor, nth, how)
        if ended.code == 3:
            assert not ended.out, (nth, how, ended.out)
            assert "下一步" in ended.err, (nth, how, ended.err)
        else:
            assert (ended.code, ended.out, ended.err) == (sound.code, sound.out, sound.err), (nth, how)


def test_sync_never_says_what_is_not_so(stage: Stage) -> None:
    """With exit code 0 the server holds what was promised; after any other the next `sync` brings it there."""
    city = stage.city
    city.entry(FINANCE_FILE)
    entry = city.read(FINANCE_FILE).splitlines()[-1]
    be_ahead(city)
    sound = stage.copy("sound")
    total = sound.run(("sync",), sound.city.clone).calls
    for nth, how in broken_calls("sync", total, 3):
        trial = stage.copy("trial")
        here = trial.city
        ended = trial.run(("sync",), here.clone, nth, how)
        where = (nth, how, ended.err)
        assert ended.code in {0, 1, 3}, where
        if ended.code == 0:
            assert here.git("rev-parse", "main", cwd=here.server) == here.git("rev-parse", "main"), where
        again = trial.run(("sync",), here.clone)
        assert again.code == 0, (*where, again.err)
        lines = here.git("show", f"main:{FINANCE_FILE}", cwd=here.server).splitlines()
        assert lines.count(entry) == 1, where
        assert here.git("status", "--porcelain") == "", where
        shutil.rmtree(here.folder)


def be_ahead(city: City) -> None:
    """Let somebody else's entry be on the server."""
    other = City(city.folder, city.keys, city.environ)
    city.git("clone", "--quiet", str(city.server), "other", cwd=city.folder)
    file = city.folder / "other" / COMMERCE_FILE
    done = other.ledger(
        "log", "商务局", "overseas", "1亿美元", "--on", "2023-06-20", cwd=city.folder / "other", **LI
    )
    assert done.code == 0, done.err
    assert file.exists()
    city.git("push", "--quiet", "origin", "main", cwd=city.folder / "other")


LI = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "李四"), ("EMAIL", "li@example.gov.cn"))
}


def rewrite(city: City) -> None:
    """Let the server's history be another one than the clone saw last."""
    done = city.ledger("sync")
    assert done.code == 0, done.err
    city.git("switch", "--quiet", "--detach", "HEAD~1")
    city.entry(FINANCE_FILE)
    city.git("push", "--quiet", "--force", "origin", "HEAD:main")
    city.git("switch", "--quiet", "main")


@pytest.mark.parametrize("scene", ["sync, server rewritten", "seal, server ahead", "seal, month sealed"])
def test_what_is_refused_stays_refused(stage: Stage, scene: str) -> None:
    city = stage.city
    city.be(ADMIN, "管理员")
    command = scene.partition(",")[0]
    words: tuple[str, ...] = ("sync",)
    if command == "sync":
        rewrite(city)
    else:
        words = ("seal", "2023-05" if "ahead" in scene else "2023-02")
        be_ahead(city)
    refs = city.refs()
    sound = stage.run(words, city.clone)
    assert sound.code in {1, 3}, sound.err
    for nth, how in broken_calls(scene, sound.calls):
        ended = stage.run(words, city.clone, nth, how)
        assert ended.code in {1, 3}, (nth, how, ended.out, ended.err)
        assert city.refs() == refs, (nth, how)


def test_seal_never_says_what_is_not_so(stage: Stage) -> None:
    """With exit code 0 the server holds the right seal; after any other there is a whole one or none, and the next `seal` makes it."""
    words = ("seal", "2023-05")
    stage.city.be(ADMIN, "管理员")
    sound = stage.copy("sound")
    total = sound.run(words, sound.city.clone).calls
    for nth, how in broken_calls("seal", total, 3):
        trial = stage.copy("trial")
        here = trial.city
        ended = trial.run(words, here.clone, nth, how)
        where = (nth, how, ended.err)
        assert ended.code in {0, 1, 3}, where
        if ended.code:
            trial.run(("sync",), here.clone)
            again = trial.run(words, here.clone)
            assert again.code == 0 or "已经封到 2023-05" in again.err, (*where, again.err)
        tag = here.git("rev-parse", "seal/2023-05")
        assert here.git("rev-parse", "seal/2023-05", cwd=here.server) == tag, where
        facts = here.git("cat-file", "tag", tag) + "\n"
        assert "Ledger-Commits: 5\n" in facts, (*where, facts)
        assert "Ledger-Entries: 4\n" in facts, (*where, facts)
        shutil.rmtree(here.folder)


def test_log_records_once_or_not_at_all(stage: Stage) -> None:
    """Whatever git does, an entry is in the history or nowhere, and the next `log` works."""
    words = ("log", "金融办", "listed", "2家", "--on", "2023-06-20")
    stage.city.be(ZHANG, "张三")
    before = stage.city.read(FINANCE_FILE).splitlines()
    sound = stage.copy("sound")
    total = sound.run(words, sound.city.clone).calls
    for nth, how in broken_calls("log", total, 3):
        trial = stage.copy("trial")
        here = trial.city
        ended = trial.run(words, here.clone, nth, how)
        where = (nth, how, ended.out, ended.err)
        assert ended.code in {0, 1, 3}, where
        again = trial.run((*words[:3], "3家", *words[4:]), here.clone)
        assert again.code == 0, (*where, again.err)
        lines = here.git("show", f"HEAD:{FINANCE_FILE}").splitlines()[len(before) :]
        assert len(lines) == (2 if ended.code == 0 else 1), where
        assert here.git("status", "--porcelain") == "", where
        shutil.rmtree(here.folder)
