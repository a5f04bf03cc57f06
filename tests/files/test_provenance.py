"""Who committed an entry: named by a trailer wherever it stands, else by blame; a shallow clone says that it is one."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ledger.git.process import Git
from tests.conftest import World

FILE = "data/progress/2023/金融办/01.yaml"
BY_HAND = '- {"id": "01GZ000000000000000000000A", "on": "2023-04-30", "target": "listed", "add": "1家", "by": "李四"}\n'


def commits(world: World, reference: str = "金融办-01") -> list[str | None]:
    return [
        row["commit"] and row["commit"]["id"]
        for row in json.loads(world("history", reference, "--format", "json").out)
    ]


def head(world: World) -> str:
    return world.git("rev-parse", "HEAD").strip()


@pytest.fixture
def reported(world: World) -> World:
    assert world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31").code == 0
    return world


def test_an_entry_committed_by_hand(reported: World) -> None:
    first = head(reported)
    reported.write(FILE, reported.read(FILE) + BY_HAND)
    assert commits(reported) == [first, None]
    reported.commit_all("手工补记")
    second = head(reported)
    assert commits(reported) == [first, second]
    assert reported("log", "金融办", "新增上市公司", "1家", "--on", "2023-05-31").code == 0
    assert commits(reported) == [first, second, head(reported)]
    reported("report", "--output", "页.html")
    assert reported.read("页.html").count("未提交") == reported.read("页.html").count(second[:8]) - 1 == 0


def test_the_commits_of_entries_by_hand_are_read_at_once(
    reported: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, real = [], Git._start
    for number in range(3):
        entry = BY_HAND.replace("0A", f"0{number}")
        reported.write(FILE, reported.read(FILE) + entry)
        reported.commit_all(f"手工补记 {number}")
        started: list[tuple[str, ...]] = []

        def start(self: Git, args: tuple[str, ...], *rest: Any, log: list[tuple[str, ...]] = started) -> Any:
            log.append(args)
            return real(self, args, *rest)

        with monkeypatch.context() as patch:
            patch.setattr(Git, "_start", start)
            assert len(commits(reported)) == number + 2
        counts.append(len(started))
    assert counts == [counts[0]] * 3


def test_a_hook_that_appends_a_paragraph(reported: World) -> None:
    hook = reported.root / ".git/hooks/commit-msg"
    hook.write_text(
        '#!/bin/sh\nprintf "\\n单位文号：无\\n\\nReviewed-by: 李四\\n" >> "$1"\n', encoding="utf-8"
    )
    hook.chmod(0o755)
    first = head(reported)
    assert reported("log", "金融办", "新增上市公司", "1家", "--on", "2023-05-31").code == 0
    assert "Reviewed-by" in reported.git("log", "-1", "--format=%B")
    assert commits(reported) == [first, head(reported)]
    assert json.loads(reported("audit", "--format", "json").out)["findings"] == []


def test_an_entry_that_doctor_rewrote_stays_with_whoever_committed_it(reported: World) -> None:
    first = head(reported)
    reported.write(FILE, reported.read(FILE) + "# 一季度\n")
    reported.commit_all("加注释")
    assert reported("doctor", "--fix").code == 0
    assert commits(reported) == [first]


def test_a_shallow_clone_says_that_it_is_one(
    reported: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reported("log", "金融办", "新增上市公司", "1家", "--on", "2023-05-31").code == 0
    last = head(reported)
    assert reported("log", "商务局", "实到外资", "1亿美元", "--on", "2023-05-31").code == 0
    clone = tmp_path / "浅"
    command = ["git", "clone", "--quiet", "--depth", "2", reported.root.as_uri(), str(clone)]
    subprocess.run(command, check=True, env=os.environ)
    monkeypatch.chdir(clone)
    done = reported("history", "金融办-01")
    assert "浅克隆" in done.err
    assert "未提交" not in done.out
    assert commits(reported) == [None, last]
    assert "浅克隆" not in reported("history", "商务局-01").err
    assert "浅克隆" in reported("show", "金融办-01").err
    (clone / FILE).write_text((clone / FILE).read_text(encoding="utf-8") + BY_HAND, encoding="utf-8")
    assert "未提交" in reported("history", "金融办-01").out
