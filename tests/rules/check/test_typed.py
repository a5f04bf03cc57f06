"""Entries that a person typed are read, are no fault, and are told of."""

from __future__ import annotations

from tests.conftest import World

FILE = "data/progress/2023/金融办/01.yaml"
TYPED = """\
- id: 01GZ0000000000000000000001
  on: 2023-03-31
  target: listed
  add: 2 家
  by: 张三
"""
ODD = '- {"target":"listed", "id": "01GZ0000000000000000000002", "on": "2023-04-30", "add": "1家", "by": "张三"}\n'
SAYS = "行不是程序写下的格式（读得懂，但逐行追溯会不准）；今后用 ledger log 记数；已有的行不必改"


def told(world: World, text: str) -> str:
    world.write(FILE, text)
    done = world("check")
    assert (done.code, done.out) == (0, "没有发现问题\n")
    return done.err


def test_block_yaml_is_told_of_with_its_lines(world: World) -> None:
    assert told(world, TYPED) == f"提示：{FILE} 第 1～5 {SAYS}\n"


def test_a_line_in_another_form_among_the_programs_own_is_told_of(world: World) -> None:
    world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31")
    own = world.read(FILE)
    other = own.replace('"id": "0', '"id": "1')
    assert told(world, own + ODD + other) == f"提示：{FILE} 第 2 {SAYS}\n"
    assert told(world, own + other.rstrip("\n")) == f"提示：{FILE} 第 2 行末尾没有换行；在末行后加一个换行\n"


def test_nothing_is_told_of_what_the_program_wrote(world: World) -> None:
    world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31", "--note", '说明："引号"')
    identifier = world.read(FILE).split('"')[3]
    world("correct", identifier, "3家", "--reason", "漏报一家")
    assert told(world, world.read(FILE)) == ""


def test_what_is_told_is_no_finding_in_json(world: World) -> None:
    world.write(FILE, TYPED)
    done = world("check", "--format", "json")
    assert (done.code, done.out.strip()) == (0, "[]")
    assert done.err.startswith("提示：")
