"""Entries that are not one canonical line are readable, but `check` reports them: a line below could change what they mean."""

from __future__ import annotations

import json

from tests.conftest import World

FILE = "data/progress/2023/金融办/01.yaml"
TYPED = """\
- id: 01GZ0000000000000000000001
  on: 2023-03-31
  target: listed
  add: 2 家
  by: 张三
"""
ODD = "- {target: listed, id: 01GZ0000000000000000000002, on: 2023-04-30, add: 1家, by: 张三}\n"


def findings(world: World, text: str) -> list[tuple[str, int]]:
    world.write(FILE, text)
    done = world("check", "--format", "json")
    found = [(row["rule"], row["line"]) for row in json.loads(done.out)]
    assert done.code == (1 if found else 0)
    return found


def test_an_entry_in_block_style_is_reported_once(world: World) -> None:
    assert findings(world, TYPED) == [("form", 1)]


def test_a_line_in_another_form_among_canonical_ones_is_reported(world: World) -> None:
    world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31")
    own = world.read(FILE)
    other = own.replace('"id": "01', '"id": "00')
    assert findings(world, own + ODD + other) == [("form", 2)]
    assert findings(world, own + other.rstrip("\n")) == [("form", 2)]


def test_what_the_program_wrote_is_canonical(world: World) -> None:
    world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31", "--note", '说明："引号"')
    identifier = world.read(FILE).split('"')[3]
    world("correct", identifier, "3家", "--reason", "漏报一家")
    assert findings(world, world.read(FILE)) == []


COMMENTED = f"# 一季度口径\n{TYPED}{ODD}"


def test_nothing_is_appended_below_such_an_entry(world: World) -> None:
    world.write(FILE, TYPED)
    world.commit_all("手写的记录")
    for command in (
        ["log", "金融办", "新增上市公司", "1家", "--on", "2023-05-31"],
        ["void", "01GZ0000000000000000000001", "--reason", "重复"],
        ["correct", "01GZ0000000000000000000001", "3家", "--reason", "漏报"],
    ):
        done = world(*command)
        assert (done.code, world.read(FILE)) == (1, TYPED), command
        assert "ledger doctor --fix" in done.err


def test_doctor_rewrites_the_file_as_a_commit_of_its_own(world: World) -> None:
    world.write(FILE, COMMENTED)
    world.commit_all("手写的记录")
    before = world("history", "金融办-01/listed", "--format", "json").out
    assert [item["kind"] for item in json.loads(world("doctor", "--format", "json").out)["left"]] == ["form"]
    commits = int(world.git("rev-list", "--count", "HEAD"))
    assert world("doctor", "--fix").code == 0
    assert int(world.git("rev-list", "--count", "HEAD")) == commits + 1
    assert world.git("show", "--name-only", "--format=", "HEAD").split() == [FILE]
    assert "一季度口径" in world.git("log", "-1", "--format=%B")
    assert findings(world, world.read(FILE)) == []
    assert [
        row["id"] for row in json.loads(world("history", "金融办-01/listed", "--format", "json").out)
    ] == [row["id"] for row in json.loads(before)]
    assert world("log", "金融办", "新增上市公司", "1家", "--on", "2023-05-31").code == 0
    assert world("doctor").code == 0


def test_a_dry_run_rewrites_nothing(world: World) -> None:
    world.write(FILE, TYPED)
    world.commit_all("手写的记录")
    assert FILE in world("doctor", "--fix", "--dry-run").out
    assert world.read(FILE) == TYPED
