"""What was known: sealed days answer as they were sealed, and a ledger is read as it stood at a seal, a day or a commit."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Ran, World


def status(world: World, *options: str) -> dict[str, Any]:
    done = world("status", "--format", "json", *options)
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def listed(answer: dict[str, Any]) -> dict[str, Any]:
    """The target 金融办-01/listed in the answer of status."""
    targets = next(commitment for commitment in answer["commitments"] if commitment["id"] == "金融办-01")[
        "targets"
    ]
    return dict(next(target for target in targets if target["key"] == "listed"))


@pytest.fixture
def sealed(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """June is sealed with 2 of 6; in July come a late report, a correction and a lower goal."""
    world("log", "金融办", "listed", "2家", "--on", "2023-05-31")
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-05")
    assert world("seal", "2023-06", "--local").code == 0
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-31")
    entry = world.git("log", "-1", "--format=%(trailers:key=Ledger-Entry,valueonly)").strip()
    assert (
        world("log", "金融办", "listed", "1家", "--on", "2023-06-20", "--late", "--reason", "漏报").code == 0
    )
    assert world("correct", entry, "3家", "--reason", "漏计一家", "--late").code == 0
    assert world("amend", "金融办-01/listed", "--goal", "≥4家", "--reason", "调整").code == 0
    return world


def test_a_sealed_day_is_answered_as_sealed_and_says_what_came_later(sealed: World) -> None:
    done = sealed("status", "--as-of", "2023-06-30", "--format", "json")
    answer = json.loads(done.out)
    assert answer["known"] == sealed.git("rev-parse", "seal/2023-06^{commit}").strip()
    assert (listed(answer)["actual"], listed(answer)["goal"]) == ("2家", "≥6家")
    assert "按 2023-06 封账时的账；封账后另有补报 1 笔、更正 1 笔，--known 今天 计入" in done.err
    now = status(sealed, "--as-of", "2023-06-30", "--known", "今天")
    assert (now["known"], listed(now)["actual"], listed(now)["goal"]) == (None, "4家", "≥6家")
    july = status(sealed, "--as-of", "2023-07-31")
    assert (july["known"], listed(july)["goal"], listed(july)["met"]) == (None, "≥4家（原≥6家）", True)


@pytest.mark.parametrize(
    "line",
    [
        "show 金融办-01",
        "plot 金融办-01/listed",
        "rank",
        "status --no-cache",
        "status --score",
        "history 金融办-01",
        "targets",
        "due --month 2023-06",
    ],
)
def test_every_reading_command_takes_known(sealed: World, line: str) -> None:
    then = sealed(*line.split(), "--known", "2023-06", "--format", "json")
    copy = sealed.root.parent / "当时"
    sealed.git("worktree", "add", "--quiet", "--detach", str(copy), "seal/2023-06^{commit}")
    there = sealed("--root", str(copy), *line.split(), "--known", "今天", "--format", "json")
    assert then.code == there.code
    assert without_known(then.out) == without_known(there.out)
    assert then.out != sealed(*line.split(), "--known", "今天", "--format", "json").out or "targets" in line


def test_documents_are_made_as_sealed(sealed: World, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        assert sealed("bulletin", "--month", "2023-06", "-o", str(tmp_path / f"{name}.md")).code == 0
        if name == "甲":
            sealed("log", "金融办", "listed", "1家", "--on", "2023-06-21", "--late", "--reason", "又漏报")
    first, second = ((tmp_path / f"{name}.md").read_text("utf-8") for name in ("甲", "乙"))
    assert re.sub(r"[0-9a-f]{12}", "", first) == re.sub(r"[0-9a-f]{12}", "", second)
    assert sealed("report", "--as-of", "2023-06-30", "-o", str(tmp_path / "网页.html")).code == 0
    done = sealed("export", "--as-of", "2023-06-30", "-o", str(tmp_path / "表"), "--format", "jsonl")
    assert done.code == 0
    assert "≥4家" not in (tmp_path / "表" / "targets.jsonl").read_text("utf-8")


def test_a_copy_is_made_once_and_the_work_tree_is_left_alone(sealed: World) -> None:
    before = sealed.git("status", "--porcelain"), sealed.git("stash", "list")
    sealed("status", "--as-of", "2023-06-30")
    copies = list((Path.home() / "cache").rglob("commits/*"))
    assert len(copies) == 1
    changed = copies[0].stat().st_ctime_ns, [path.stat().st_mtime_ns for path in copies[0].rglob("*.yaml")]
    sealed("status", "--as-of", "2023-06-30")
    assert [path.stat().st_mtime_ns for path in copies[0].rglob("*.yaml")] == changed[1]
    assert (sealed.git("status", "--porcelain"), sealed.git("stash", "list")) == before


def test_without_a_cache_nothing_is_left_behind(
    sealed: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    assert listed(status(sealed, "--as-of", "2023-06-30"))["actual"] == "2家"
    assert set(tmp_path.iterdir()) == before


def test_a_day_is_the_last_commit_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, amount in (("2023-03-31", "1家"), ("2023-04-30", "2家")):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T23:00:00")
        monkeypatch.setenv("GIT_AUTHOR_DATE", f"{day}T23:00:00")
        if day == "2023-03-31":
            world.git("commit", "--quiet", "--amend", "--no-edit", "--date", f"{day}T08:00:00")
        assert world("log", "金融办", "listed", amount, "--on", day).code == 0
    assert listed(status(world, "--known", "2023-04-29"))["actual"] == "1家"
    assert listed(status(world, "--known", "2023年4月30日"))["actual"] == "3家"
    done = world("status", "--known", "2023-03-30")
    assert (done.code, "还没有这个账本" in done.err, "2023-03-31" in done.err) == (1, True, True)


@pytest.mark.parametrize(
    ("known", "words"),
    [("2023-05", "没有 2023-05 的封账"), ("deadbeef", "--known 写得不对"), ("去年", "--known 写得不对")],
)
def test_a_time_that_is_none_is_refused(sealed: World, known: str, words: str) -> None:
    done = sealed("status", "--known", known)
    assert (done.code, done.out) == (1, "")
    assert words in done.err
    assert "2023-06" in done.err


def test_a_commit_of_another_ledger_is_refused(sealed: World) -> None:
    tree = sealed.git("rev-parse", "HEAD^{tree}").strip()
    other = sealed.git("commit-tree", tree, "-m", "别的账本").strip()
    assert "不在这个账本的历史里" in sealed("status", "--known", other).err


def test_a_shallow_clone_says_what_it_lacks(sealed: World) -> None:
    shallow = sealed.root.parent / "浅"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth", "1", f"file://{sealed.root}", str(shallow)], check=True
    )
    for known in ("2023-06", "2023-03-31", sealed.git("rev-parse", "HEAD~1").strip()):
        done = sealed("--root", str(shallow), "status", "--known", known)
        assert done.code in {1, 3}
        assert "Traceback" not in done.err
        assert ("--unshallow" in done.err) == (known != "2023-06")


def without_known(text: str) -> Any:
    data = json.loads(text)
    return {key: value for key, value in data.items() if key != "known"} if isinstance(data, dict) else data


ACTS = st.lists(
    st.sampled_from(
        [
            "log",
            "late",
            "correct",
            "void",
            "goal",
            "weight",
            "rate",
            "close",
            "rename",
            "merge",
            "transfer",
            "seal",
        ]
    ),
    min_size=6,
    max_size=9,
)
NAMES = ("金融办", "商务局", "金融局", "经济局")


def write(world: World, act: str, day: str, data: st.DataObject) -> None:
    """Write something into the ledger; what is refused changes nothing."""
    late = ("--late", "--reason", "补报")
    entries = world.git("log", "--format=%(trailers:key=Ledger-Entry,valueonly)").split()
    entry = data.draw(st.sampled_from(entries)) if entries else "没有"
    number = str(data.draw(st.integers(2, 9)))
    first, second = (data.draw(st.sampled_from(NAMES)) for _ in range(2))
    commitment = data.draw(st.sampled_from(["金融办-01", "商务局-01"]))
    reform = ("--on", f"{day[:8]}{data.draw(st.integers(1, 28)):02}", "--reason", "机构改革")
    world(
        *{
            "log": ("log", "金融办", "listed", "1家", "--on", day),
            "late": ("log", "金融办", "listed", "2家", "--on", "2023-01-10", *late),
            "correct": ("correct", entry, f"{number}家", *late),
            "void": ("void", entry, *late),
            "goal": ("amend", "金融办-01/listed", "--goal", f"≥{number}家", "--reason", "调整"),
            "weight": ("amend", "金融办-01/loans", "--weight", number, "--reason", "调整"),
            "rate": ("rate", "金融办-01", data.draw(st.sampled_from(["一般", "较难"])), "--reason", "会议"),
            "close": ("close", "金融办-01/listed", "--evidence", "文件", "--reason", "合并办理"),
            "rename": ("dept", "rename", first, second, *reform),
            "merge": ("dept", "merge", first, "--into", second, *reform),
            "transfer": ("transfer", commitment, first, *reform),
        }[act]
    )


@pytest.mark.slow
@settings(
    max_examples=40 if os.environ.get("LEDGER_EXPLORE") else 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS, data=st.data())
def test_sealed_days_never_change_and_known_is_a_checkout(
    acts: list[str],
    data: st.DataObject,
    cli: Callable[..., Ran],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Any sequence of writes: what was printed when a month was sealed is printed ever after, byte for byte."""
    from tests.conftest import COMMERCE, CONFIG, FINANCE

    root = tmp_path_factory.mktemp("账本")
    monkeypatch.chdir(root)
    world = World(root, cli)
    world.git("init", "--quiet", "--initial-branch", "main")
    world.write("data/ledger.yaml", CONFIG + "difficulty: {一般: 1, 较难: 1.2}\n")
    world.write("data/targets/2023/金融办/01.yaml", FINANCE)
    world.write("data/targets/2023/商务局/01.yaml", COMMERCE)
    world.commit_all("建立账本")
    printed: dict[str, str] = {}
    month = 1
    for act in acts:
        monkeypatch.setenv("LEDGER_TODAY", f"2023-{month + 1:02}-05")
        if act != "seal":
            write(world, act, f"2023-{month:02}-15", data)
        elif month < 11:
            assert world("seal", f"2023-{month:02}", "--local").code == 0
            as_of = data.draw(st.sampled_from([f"2023-{month:02}-28", f"2023-{month:02}-02"]))
            printed[as_of] = world("status", "--as-of", as_of, "--format", "json").out
            month += 1
    for as_of, text in printed.items():
        assert world("status", "--as-of", as_of, "--format", "json").out == text
        assert world("status", "--as-of", as_of, "--format", "json", "--no-cache").out == text
    commits = world.git("rev-list", "HEAD").split()
    commit = data.draw(st.sampled_from(commits))
    as_of = data.draw(st.sampled_from(["2023-01-31", "2023-03-31", "2023-12-31"]))
    known = world("status", "--known", commit, "--as-of", as_of, "--format", "json")
    copy = tmp_path_factory.mktemp("当时") / "账本"
    world.git("worktree", "add", "--quiet", "--detach", str(copy), commit)
    there = world("--root", str(copy), "status", "--known", "今天", "--as-of", as_of, "--format", "json")
    assert without_known(known.out) == without_known(there.out)
