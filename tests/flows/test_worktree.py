"""What lies in the folder against what is committed: missing files stop every command that makes figures, others are named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ledger.files import worktree
from tests.conftest import Ran, World

EXPLORE = bool(os.environ.get("LEDGER_EXPLORE"))
FIGURES = [
    ["status"],
    ["status", "--no-cache"],
    ["status", "--score"],
    ["status", "--dept", "金融办"],
    ["due", "--month", "2023-06"],
    ["rank"],
    ["targets"],
    ["show", "金融办-01"],
    ["history", "金融办-01/listed"],
    ["report", "--output", "页.html"],
    ["bulletin", "--output", "通报.docx"],
    ["plot", "金融办-01/listed"],
    ["export", "--output", "导出"],
    ["sheet", "export", "--dept", "金融办", "--month", "2023-06", "-o", "表.xlsx", "--force"],
    ["log", "金融办", "新增上市公司", "1家", "--on", "2023-06-30", "--dry-run"],
]
MORE_FIGURES = [
    ["status", "--as-of", "2023-06-30"],
    ["status", "--format", "csv", "--output", "进度.csv"],
    ["why", "金融办-01/listed"],
    ["why", "金融办"],
    ["changes", "--from", "2023-05-31"],
    ["doubts"],
    ["lint"],
    ["rank", "--format", "json"],
    ["due", "--month", "2023-06", "--format", "json"],
    ["bulletin", "--output", "通报.md"],
    ["sheet", "export", "--all", "--month", "2023-06", "-o", "各部门", "--force"],
    ["rollup", "."],
    ["verify", "金融办", "--month", "2023-03", "--dry-run"],
    ["return", "金融办", "新增上市公司", "--month", "2023-03", "--reason", "佐证不符", "--dry-run"],
    ["remark", "金融办", "新增上市公司", "--cause", "申报退回", "--measure", "重报", "--dry-run"],
    ["amend", "金融办-01/listed", "--goal", "≥8家", "--reason", "会议纪要", "--dry-run"],
    ["close", "金融办-01/listed", "--evidence", "文号", "--reason", "并入明年", "--dry-run"],
]
FILES = [
    "data/targets/2023/金融办/01.yaml",
    "data/targets/2023/金融办/02.yaml",
    "data/progress/2023/金融办/01.yaml",
]


@pytest.fixture
def reported(world: World) -> World:
    """A ledger in which every file counts."""
    text = world.read(FILES[0])
    world.write(FILES[1], text.replace("金融办-01", "金融办-02").replace("name: ", "name: 另"))
    world.commit_all("再加一项")
    assert world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31").code == 0
    return world


def in_json(done: Ran) -> list[dict[str, object]]:
    return list(json.loads(done.out))


@pytest.mark.parametrize("command", FIGURES, ids=" ".join)
def test_every_command_works_on_a_whole_ledger(reported: World, command: list[str]) -> None:
    done = reported(*command)
    assert done.code == (1 if command[0] == "due" else 0), done.err  # 1: not all have reported
    assert done.out


@pytest.mark.parametrize("missing", FILES)
@pytest.mark.parametrize("command", FIGURES, ids=" ".join)
def test_no_figure_is_made_without_a_committed_file(
    reported: World, command: list[str], missing: str
) -> None:
    reported("status")  # so that there is a cache to be misled by
    (reported.root / missing).unlink()
    done = reported(*command)
    assert (done.code, done.out) == (1, "")
    assert missing in done.err
    assert "git restore" in done.err


def remove_in_turn(
    run: Callable[..., Ran], root: Path, commands: Sequence[list[str]], files: Sequence[str]
) -> None:
    """Remove each file under each command: an error that names it and not one figure; what asks of another department is answered as before."""
    answers = []
    for command in commands:
        done = run(*command)
        assert done.code in {0, 1}, (command, done.err)
        assert done.out, command
        answers.append(done.out)
    for path in files:
        content = (root / path).read_bytes()
        (root / path).unlink()
        for command, answer in zip(commands, answers, strict=True):
            done = run(*command)
            if done.out:
                assert "金融办" in " ".join(command), (path, command)
                assert "金融办" not in path, command
                assert done.out == answer
            else:
                assert done.code != 0, (path, command)
                assert path in done.err, (path, command, done.err)
        (root / path).write_bytes(content)


def committed(root: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "data"], cwd=root, capture_output=True, check=True, encoding="utf-8"
    ).stdout.split("\0")
    return [path for path in listed if path.endswith(".yaml") and path != "data/ledger.yaml"]


def test_every_file_of_a_ledger_removed_in_turn_under_every_command(reported: World) -> None:
    files = committed(reported.root)
    assert len(files) == 4
    remove_in_turn(reported, reported.root, MORE_FIGURES, files)


@pytest.mark.parametrize(
    "folder", ["data", "data/progress", "data/progress/2023", "data/targets/2023/金融办"]
)
def test_a_folder_that_is_a_symbolic_link(reported: World, tmp_path: Path, folder: str) -> None:
    shutil.move(reported.root / folder, tmp_path / "别处")
    (reported.root / folder).symlink_to(tmp_path / "别处")
    for command in [*FIGURES, *MORE_FIGURES]:
        done = reported(*command)
        assert (done.code in {1, 2, 3}, done.out) == (True, ""), command
        assert "符号链接" in done.err, (command, done.err)
    left = json.loads(reported("doctor", "--format", "json").out)["left"]
    assert [item["kind"] for item in left] == ["link"]


def test_every_file_of_a_city_removed_in_turn(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under three commands; with `LEDGER_EXPLORE` under all that make a figure of one ledger."""
    monkeypatch.chdir(tmp_path)  # some commands write papers beside them
    root = tmp_path / "演示"
    assert cli("demo", str(root)).code == 0
    files = committed(root)
    assert len(files) > 150
    commands = [["status"], ["due", "--month", "2023-05"], ["rank"]]
    if EXPLORE:
        named = [
            [word.replace("金融办-01", "金融办-03") for word in command]
            for command in [*FIGURES, *MORE_FIGURES]
        ]
        commands = [
            command for command in named if command[0] != "rollup" and cli("--root", str(root), *command).out
        ]
        assert len(commands) > 20
    remove_in_turn(lambda *command: cli("--root", str(root), *command), root, commands, files)


@pytest.mark.parametrize("missing", FILES)
def test_check_names_the_file(reported: World, missing: str) -> None:
    (reported.root / missing).unlink()
    found = {(item["rule"], item["path"]) for item in in_json(reported("check", "--format", "json"))}
    assert ("missing", missing) in found
    left = json.loads(reported("doctor", "--format", "json").out)["left"]
    assert missing in {item["path"] for item in left}


@pytest.mark.parametrize(
    "folder", ["data/progress/2023/金融办", "data/targets/2023/金融办", "data/targets", "data/progress"]
)
def test_a_whole_folder_removed(reported: World, folder: str) -> None:
    shutil.rmtree(reported.root / folder)
    for command in (["status"], ["due", "--month", "2023-06"], ["check"]):
        assert reported(*command).code != 0, command


def test_a_deletion_that_is_only_staged(reported: World) -> None:
    reported("status")
    reported.git("rm", "--quiet", FILES[2])
    assert reported("status").code == 1


def test_a_sparse_checkout(reported: World) -> None:
    reported("status")
    reported.git("sparse-checkout", "set", "--no-cone", "/data/*", "!/data/progress/")
    done = reported("status")
    assert done.code == 1
    assert "sparse-checkout disable" in done.err
    reported.git("sparse-checkout", "disable")
    assert reported("status").code == 0


def test_the_advice_brings_the_file_back(reported: World) -> None:
    expected = reported("status").out
    reported.git("rm", "--quiet", FILES[2])
    advice = reported("status").err.partition("取回：git ")[2].partition("；")[0]
    reported.git(*advice.split())
    assert reported("status").out == expected


def test_a_deletion_that_is_committed_is_an_act_of_somebody(reported: World) -> None:
    reported.git("rm", "--quiet", FILES[1])
    reported.git("commit", "--quiet", "--message", "撤销一项")
    assert reported("status").code == 0


def test_another_department_is_not_asked_for(reported: World) -> None:
    (reported.root / FILES[1]).unlink()
    assert reported("status", "--dept", "商务局").code == 0


def test_what_is_not_committed_is_named_beside_the_figures(reported: World) -> None:
    assert reported("status").err == ""
    reported.write(FILES[1], reported.read(FILES[1]).replace("150 亿元", "15 亿元"))
    reported.write("data/progress/2023/商务局/01.yaml", reported.read(FILES[2]).replace("listed", "overseas"))
    for command in (["status"], ["status"], ["status", "--no-cache"], ["rank"]):
        done = reported(*command)
        assert done.code == 0
        assert FILES[1] in done.err
        assert "data/progress/2023/商务局/01.yaml" in done.err
        assert FILES[0] not in done.err
    assert reported("status", "--dept", "商务局").err.count("data/") == 1


def test_line_endings_of_a_checkout_are_no_change(reported: World) -> None:
    file = reported.root / FILES[0]
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert reported("status").err == reported("status", "--no-cache").err == ""


def test_a_warm_status_starts_no_git(reported: World, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = reported("status").out
    reported("status")
    monkeypatch.setenv("PATH", "/nowhere")
    assert reported("status").out == expected


@pytest.mark.parametrize("packed", [True, False])
def test_head_is_read_as_git_reads_it(reported: World, packed: bool) -> None:
    if packed:
        reported.git("pack-refs", "--all")
    assert worktree.head_commit(reported.root) == reported.git("rev-parse", "HEAD").strip()
    reported.git("checkout", "--quiet", "--detach")
    assert worktree.head_commit(reported.root) == reported.git("rev-parse", "HEAD").strip()


def test_head_of_a_linked_work_tree(reported: World, tmp_path: Path) -> None:
    reported.git("worktree", "add", "--quiet", "-b", "另支", str(tmp_path / "另处"))
    assert worktree.head_commit(tmp_path / "另处") == reported.git("rev-parse", "另支").strip()


def test_no_department_is_listed(reported: World) -> None:
    text = reported.read("data/ledger.yaml")
    start, end = text.index("departments:"), text.index("lights:")
    reported.write("data/ledger.yaml", f"{text[:start]}departments: []\n{text[end:]}")
    reported.commit_all("清空部门")
    for command in (["status"], ["due", "--month", "2023-06"], ["rank"], ["export", "--output", "导出"]):
        done = reported(*command)
        assert (done.code, done.out) == (1, ""), command
    assert {item["rule"] for item in in_json(reported("check", "--format", "json"))} == {"department"}


def test_a_department_of_the_plan_that_no_list_names(reported: World) -> None:
    reported("status")
    text = reported.read("data/ledger.yaml")
    reported.write("data/ledger.yaml", text.replace("  - {name: 商务局, inferred: true}\n", ""))
    reported.commit_all("漏了一个")
    for command in (["status"], ["status", "--dept", "金融办"], ["due", "--month", "2023-06"], ["rank"]):
        done = reported(*command)
        assert (done.code, done.out) == (1, ""), command
        assert "商务局" in done.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("path", [FILES[0], FILES[2]])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(reported: World, path: str) -> None:
    (reported.root / path).unlink()
    os.mkfifo(reported.root / path)
    for command in [*FIGURES, *MORE_FIGURES, ["check"], ["doctor"]]:
        done = reported(*command)
        assert done.code != 0, command
        assert path in done.out + done.err, (command, done.err)
