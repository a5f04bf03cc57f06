"""What docs/reference/audit.md tells an auditor to type is typed here: the program's commands, and the proof that needs git alone."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest

from ledger.commands.audit import MAX_REMEMBERED
from ledger.commands.guard import MAX_PUSH
from ledger.core.dates import FIRST_YEAR, LAST_YEAR
from ledger.files.entryfile import MAX_FAULTS
from ledger.git import blobs, commit_writer, pipes
from ledger.git.trees import list_files
from ledger.rules import sealed
from ledger.rules.audit import receipts, seals
from ledger.rules.audit.commit_rules import goals, times
from ledger.rules.audit.commit_rules.files import MAX_FINDINGS
from ledger.rules.audit.pushed import MAX_COMMITS, MAX_PATHS, MAX_TREES
from ledger.rules.paths import MAX_DEPTH, MAX_NAME
from tests.conftest import World
from tests.paths import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reference" / "audit.md").read_text(encoding="utf-8")
FILE = "data/progress/2023/金融办/01.yaml"


def proof(world: World) -> str:
    block = re.search(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    script = block[1].replace("/tmp/v", str(world.root.parent / "v"))  # two tests may run at once
    done = subprocess.run(
        ["bash", "-c", script], cwd=world.root, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout + done.stderr


def report(world: World) -> None:
    for day in ("2023-03-31", "2023-04-30", "2023-05-31"):
        assert world("log", "金融办", "新增上市公司", "1家", "--on", day).code == 0


def test_the_commands_of_the_page_find_nothing_in_a_sound_history(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(world)
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-10")
    world.write("../名单", "# nobody signs here\n")
    assert world("seal", "2023-06", "--local").code == 0
    block = re.search(r"^```\n(ledger audit .*?)```", PAGE, re.DOTALL | re.MULTILINE)
    assert block is not None
    lines = [shlex.split(re.split(r" {2,}", line)[0]) for line in block[1].splitlines()]
    assert len(lines) == 6
    for _, *words in lines:
        done = world(*(str(world.root.parent / one) if one == "名单" else one for one in words))
        assert done.code == 0, (words, done)


def test_git_alone_says_nothing_of_a_sound_history_and_names_an_edited_commit(world: World) -> None:
    report(world)
    assert proof(world) == ""
    sound = world.read(FILE)
    world.write(FILE, sound.replace("1家", "9家", 1))
    world.commit_all("改一个数")
    edited = world.git("rev-parse", "HEAD").strip()
    world.write(FILE, sound)
    world.commit_all("又改回来")
    assert proof(world) == f"不是开头一段：{edited}\n"


def test_the_limits_of_the_page_are_the_guards() -> None:
    shown = PAGE.replace(",", "")
    assert f"| 提交 | {MAX_COMMITS} 次 |" in shown
    assert f"| 一个版本里的路径 | {MAX_PATHS} 个 |" in shown
    assert f"| 各版本里不同的文件夹 | {MAX_TREES} 个 |" in shown
    assert f"| 文件夹套文件夹 | {MAX_DEPTH} 层；一个名字 {MAX_NAME} 字节 |" in shown
    assert f"| 全部对象 | {MAX_PUSH // 2**20} MiB |" in shown


def test_the_other_limits_of_the_page() -> None:
    shown = PAGE.replace(",", "")
    assert f"| 历史里读的一个对象 | {blobs.MAX_BYTES // 2**20} MiB |" in shown
    depth, count = (list_files.__kwdefaults__[name] for name in ("depth", "count"))
    assert f"| {depth} 层，{count} 个 |" in shown
    assert f"| 列 {MAX_FINDINGS} 处 |" in shown
    assert f"| 列 {MAX_FAULTS} 处 |" in shown
    assert f"| {MAX_REMEMBERED} 处 |" in shown
    assert f"| {pipes.DEFAULT_LIMIT} 秒；`LEDGER_GIT_TIMEOUT` 最长 {pipes._MAX_LIMIT} 秒 |" in shown
    assert f"| 等别的 git 放开锁 | {commit_writer._BUSY_SECONDS:.0f} 秒 |" in shown
    assert f"| 印通报时问服务器有哪些封账 | {sealed.PATIENCE} 秒 |" in shown
    assert times.SKEW == seals._SKEW == receipts.SKEW == 600
    assert (times._DAY, goals._DAY.days) == (86400, 1)
    assert f"印 {seals.HASH} 位" in shown
    assert f"| {FIRST_YEAR} 到 {LAST_YEAR} 年 |" in shown
