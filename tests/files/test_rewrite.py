"""A goal amended by a process that is killed: at every point the next command finishes the work, or leaves a person's text alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.files import rewrite
from ledger.files.intent_log import IntentLog
from tests.files.conftest import Place, entry

GOAL = "data/targets/2023/金融办/01.yaml"
BEFORE, AFTER = "goal: {at_least: 6 家}\n", "goal: {at_least: 8 家}\n"
KILLED = """
import os, signal, sys
from pathlib import Path
from ledger.git import Repo
from ledger.files import rewrite

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

point, file = sys.argv[1], Path(sys.argv[2])
repo = Repo.open(file.parent)
if point == "noted":
    rewrite._replace = die
elif point == "replaced":
    Repo.commit = die
elif point == "committed":
    rewrite.IntentLog.end = die
rewrite.rewrite(repo, file, lambda text: (text.replace(b"6", b"8"), "amend(金融办-01/listed): 调高"))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9")


@pytest.fixture
def goal(place: Place) -> Path:
    file = place.root / GOAL
    file.parent.mkdir(parents=True)
    file.write_text(BEFORE, encoding="utf-8", newline="\n")
    place.git("add", "--all")
    place.git("commit", "--quiet", "--message", "目标")
    return file


def kill(goal: Path, point: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, point, str(goal)], capture_output=True, text=True)
    assert done.returncode == -9, done.stderr


def next_log(place: Place) -> list[str]:
    told: list[str] = []
    place.append(entry(), on_notice=lambda what: told.append(str(what)))
    assert not (place.root / ".git" / "ledger" / "note").exists()
    return told


def test_killed_before_the_file_changed_it_never_happened(place: Place, goal: Path) -> None:
    kill(goal, "noted")
    assert next_log(place) == []
    assert goal.read_text("utf-8") == BEFORE
    assert place.git("status", "--porcelain") == ""


def test_killed_before_the_commit_the_next_command_makes_it(place: Place, goal: Path) -> None:
    kill(goal, "replaced")
    assert goal.read_text("utf-8") == AFTER
    [told] = next_log(place)
    assert "已补记：amend(金融办-01/listed): 调高" in told
    assert goal.read_text("utf-8") == AFTER
    assert place.git("status", "--porcelain") == ""
    assert place.git("show", "--format=%an %s", "--name-only", "HEAD~1").split("\n") == [
        "张三 amend(金融办-01/listed): 调高",
        "",
        GOAL,
        "",
    ]


def test_killed_after_the_commit_nothing_is_left_to_do(place: Place, goal: Path) -> None:
    kill(goal, "committed")
    assert next_log(place) == []
    assert goal.read_text("utf-8") == AFTER
    assert place.git("log", "--format=%s", "-1", "--skip=1").strip() == "amend(金融办-01/listed): 调高"
    assert place.git("status", "--porcelain") == ""


def test_a_file_that_somebody_edited_since_is_left_alone(place: Place, goal: Path) -> None:
    kill(goal, "replaced")
    edited = "goal: {at_least: 9 家}  # 手改\n"
    goal.write_text(edited, encoding="utf-8", newline="\n")
    [told] = next_log(place)
    assert "没有自动补记" in told
    assert goal.read_text("utf-8") == edited
    [aside] = (place.root / ".git" / "ledger" / "set-aside").iterdir()
    work = IntentLog(aside).read()
    assert work is not None
    assert work.work is not None
    assert work.work.pieces[0].text == AFTER


def test_a_refused_commit_puts_the_file_back(place: Place, goal: Path) -> None:
    place.hook("pre-commit", "exit 1")
    with pytest.raises(Exception, match=r"pre-commit|钩子|没有"):
        rewrite.rewrite(place.repo, goal, lambda text: (text.replace(b"6", b"8"), "改"))
    assert goal.read_text("utf-8") == BEFORE
    assert place.git("status", "--porcelain") == ""
    assert not (place.root / ".git" / "ledger" / "note").exists()
