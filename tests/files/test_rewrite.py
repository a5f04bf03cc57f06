"""A goal amended by a process that is killed: at every point the next command finishes the work, or leaves a person's text alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
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


def _commit_by_another(place: Place, *arguments: str) -> None:
    author = "--author=李四 <li@example.gov.cn>"
    place.git("commit", "--quiet", "--message", "手工", author, *arguments)


def _another_file(place: Place, goal: Path) -> None:
    (place.root / "说明.txt").write_text("二\n", encoding="utf-8")
    _commit_by_another(place, "--", "说明.txt")


def _everything(place: Place, goal: Path) -> None:
    _commit_by_another(place, "--all")


def _another_goal(place: Place, goal: Path) -> None:
    """Commit another text of the same file, and leave the file itself as it is."""
    now = goal.read_bytes()
    goal.write_text(BEFORE.replace("6", "7"), encoding="utf-8", newline="\n")
    _commit_by_another(place, "--", GOAL)
    goal.write_bytes(now)


def _another_goal_in_its_place(place: Place, goal: Path) -> None:
    _another_goal(place, goal)
    place.git("checkout", "--quiet", "HEAD", "--", GOAL)


def _removal(place: Place, goal: Path) -> None:
    place.git("rm", "--quiet", "--force", "--", GOAL)
    _commit_by_another(place)


@pytest.mark.parametrize(
    ("point", "commit", "told", "text", "subjects"),
    [
        ("noted", _another_file, "", BEFORE, ["目标"]),
        ("replaced", _another_file, "已补记", AFTER, ["amend(金融办-01/listed): 调高", "目标"]),
        ("committed", _another_file, "", AFTER, ["amend(金融办-01/listed): 调高", "目标"]),
        ("replaced", _everything, "", AFTER, ["手工", "目标"]),
        ("noted", _another_goal_in_its_place, "", BEFORE.replace("6", "7"), ["手工", "目标"]),
        ("replaced", _another_goal, "没有自动补记", AFTER, ["手工", "目标"]),
        ("replaced", _another_goal_in_its_place, "", BEFORE.replace("6", "7"), ["手工", "目标"]),
        ("replaced", _removal, "", None, ["手工", "目标"]),
    ],
)  # fmt: skip
def test_killed_and_somebody_else_commits_before_the_next_command(
    place: Place,
    goal: Path,
    point: str,
    commit: Callable[[Place, Path], None],
    told: str,
    text: str | None,
    subjects: list[str],
) -> None:
    """What was not committed is made good under its own author's name; another's commit of the file is never written over."""
    kill(goal, point)
    commit(place, goal)
    foreign = place.git("rev-parse", "HEAD").strip()
    notices = next_log(place)
    assert len(notices) == bool(told)
    assert all(told in notice for notice in notices)
    assert (goal.read_text("utf-8") if goal.exists() else None) == text
    history = place.git("log", "--format=%an %s", "--", GOAL).splitlines()
    assert history == [f"{'李四' if subject == '手工' else '张三'} {subject}" for subject in subjects]
    assert foreign in place.git("rev-list", "HEAD").split()
    aside = place.root / ".git" / "ledger" / "set-aside"
    assert len(list(aside.iterdir()) if aside.exists() else []) == (told == "没有自动补记")
    assert bool(place.git("status", "--porcelain")) == (told == "没有自动补记")


def test_the_next_change_tells_what_it_finished(place: Place, goal: Path) -> None:
    kill(goal, "replaced")
    told: list[str] = []
    commit = rewrite.rewrite(
        place.repo,
        goal,
        lambda text: (text.replace(b"8", b"9"), "再调高"),
        on_notice=lambda notice: told.append(str(notice)),
    )
    assert [("已补记" in message) for message in told] == [True]
    assert place.git("log", "--format=%s", "-2").splitlines() == ["再调高", "amend(金融办-01/listed): 调高"]
    assert place.git("rev-parse", "HEAD").startswith(commit.id)


def test_a_refused_commit_puts_the_file_back(place: Place, goal: Path) -> None:
    place.hook("pre-commit", "exit 1")
    with pytest.raises(Exception, match=r"pre-commit|钩子|没有"):
        rewrite.rewrite(place.repo, goal, lambda text: (text.replace(b"6", b"8"), "改"))
    assert goal.read_text("utf-8") == BEFORE
    assert place.git("status", "--porcelain") == ""
    assert not (place.root / ".git" / "ledger" / "note").exists()


TWO_KILLED = """
import os, signal, sys
from pathlib import Path
from ledger.git import Repo
from ledger.files import rewrite

replace, done = rewrite._replace, []

def once(*arguments):
    if done:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(replace(*arguments))

rewrite._replace = once
files = [Path(name) for name in sys.argv[1:]]
repo = Repo.open(files[0].parent)
rewrite.rewrite_files(repo, files, lambda texts: ([text.replace(b"6", b"8") for text in texts], "carry(2024): 两个"))
"""


def second_of(place: Place, goal: Path) -> Path:
    second = goal.with_name("02.yaml")
    second.write_text(BEFORE, encoding="utf-8", newline="\n")
    place.git("add", "--all")
    place.git("commit", "--quiet", "--message", "第二个目标")
    return second


def test_killed_between_two_files_the_next_command_changes_both(place: Place, goal: Path) -> None:
    second = second_of(place, goal)
    done = subprocess.run(
        [sys.executable, "-c", TWO_KILLED, str(goal), str(second)], capture_output=True, text=True
    )
    assert done.returncode == -9, done.stderr
    assert (goal.read_text("utf-8"), second.read_text("utf-8")) == (AFTER, BEFORE)
    assert "已补记：carry(2024): 两个" in next_log(place)[0]
    assert (goal.read_text("utf-8"), second.read_text("utf-8")) == (AFTER, AFTER)
    assert place.git("status", "--porcelain") == ""
    names = place.git("-c", "core.quotePath=false", "show", "--format=", "--name-only", "HEAD~1").split()
    assert names == [GOAL, GOAL.replace("01", "02")]


def test_a_file_changed_meanwhile_is_left_alone(place: Place, goal: Path) -> None:
    second = second_of(place, goal)
    subprocess.run(
        [sys.executable, "-c", TWO_KILLED, str(goal), str(second)], capture_output=True, check=False
    )
    second.write_text("goal: {at_least: 7 家}\n", encoding="utf-8", newline="\n")
    place.git("commit", "--quiet", "--message", "别人改的", "--", str(second))
    assert "放在" in next_log(place)[0]
    assert "7 家" in second.read_text("utf-8")


def test_two_files_that_cannot_be_committed_are_put_back(place: Place, goal: Path) -> None:
    second = second_of(place, goal)
    hook = place.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    from ledger.core.errors import LedgerError
    from ledger.git import Repo

    with pytest.raises(LedgerError):
        rewrite.rewrite_files(
            Repo.open(place.root),
            [goal, second],
            lambda texts: ([b"x\n" for _ in texts], "carry(2024): 两个"),
        )
    assert (goal.read_text("utf-8"), second.read_text("utf-8")) == (BEFORE, BEFORE)
    assert place.git("status", "--porcelain") == ""
