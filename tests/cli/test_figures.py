"""What each kind of target takes as its figure, and what it answers to anything else."""

from __future__ import annotations

import json

import pytest

from tests.conftest import World

PROGRESS = "data/progress/2023/金融办/01.yaml"


@pytest.mark.parametrize(
    ("arguments", "figures"),
    [
        (("listed", "2家"), {"add": "2家"}),
        (("listed", "新增2家"), {"add": "2家"}),
        (("listed", "增 2 家"), {"add": "2 家"}),
        (("listed", "累计4家"), {"total": "4家"}),
        (("listed", "4家", "--total"), {"total": "4家"}),
        (("loans", "3.5亿元"), {"add": "3.5亿元"}),
        (("loans", "35000万元"), {"add": "35000万元"}),
        (("balance", "3600亿元"), {"value": "3600亿元"}),
        (("green", "12.5%"), {"value": "12.5%"}),
        (("green", "--current", "112亿元", "--base", "100亿元"), {"current": "112亿元", "base": "100亿元"}),
        (("quality", "第3位"), {"rank": 3}),
        (("quality", "3"), {"rank": 3}),
        (("quality", "第一", "--of", "11"), {"rank": 1, "of": 11}),
        (("faster", "5%", "--benchmark", "4.9%"), {"value": "5%", "benchmark": "4.9%"}),
        (("opinion", "完成"), {"step": "done"}),
        (("opinion", "done"), {"step": "done"}),
        (("front", "达到", "--evidence", "省考核通报"), {"verdict": "met"}),
        (("front", "未达到", "--evidence", "省考核通报"), {"verdict": "unmet"}),
    ],
)
def test_a_figure_is_kept_as_it_was_typed(world: World, arguments: tuple[str, ...], figures: object) -> None:
    done = world("log", "金融办", *arguments)
    assert done.code == 0, done.err
    entry = json.loads(world.read(PROGRESS)[2:])
    plain = {"id", "on", "target", "by", "evidence"}
    assert {key: value for key, value in entry.items() if key not in plain} == figures
    assert world("check").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("green", "12%", "--current", "112亿元", "--base", "100亿元"), "只能写一样"),
        (("green", "--current", "112亿元"), "要一起写"),
        (("green", "--current", "很多", "--base", "100亿元"), "很多"),
        (("quality", "第三名半"), "第三名半"),
        (("quality", "0.5"), "不是位次"),
        (("quality", "第3位", "--of", "很多"), "不是参加排名的个数"),
        (("quality", "第3位", "--of", "2"), "2"),
        (("faster", "5%", "--benchmark", "约5%"), "约5%"),
        (("front", "达到了"), "是不是 达到？"),
        (("front", "达到"), "佐证"),
        (("balance", "3600亿"), "没有写单位"),
        (("balance", "3600亿美元"), "汇率"),
        (("loans", "2家"), "家"),
    ],
)
def test_what_a_target_cannot_take(world: World, arguments: tuple[str, ...], said: str) -> None:
    done = world("log", "金融办", *arguments)
    assert done.code == 1
    assert said in done.err
    assert not (world.root / PROGRESS).exists()


def test_a_milestone_of_several_steps(world: World) -> None:
    path = "data/targets/2023/金融办/01.yaml"
    steps = "    kind: milestone\n    steps:\n      - {key: draft, name: 起草}\n      - {key: issue, name: 印发}\n"
    world.write(path, world.read(path).replace("    kind: milestone\n", steps))
    world.commit_all("分步")
    refused = world("log", "金融办", "opinion", "完成")
    assert refused.code == 1
    assert "起草（draft）、印发（issue）" in refused.err
    done = world("log", "金融办", "opinion", "起草")
    assert done.code == 0, done.err
    assert "50.0%" in done.out
    assert "完成起草" in world.git("log", "-1", "--format=%s")
    assert "已完成：起草" in world("history", "金融办-01").out


def test_money_in_another_currency_records_its_dated_rate(world: World) -> None:
    rates = """rates:
  - {from: 美元, to: 元, on: 2023-03-31, rate: 6.8717}
  - {from: 美元, to: 元, on: 2023-06-30, rate: 7.2258}
"""
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + rates)
    world.commit_all("汇率")
    done = world("log", "金融办", "loans", "2亿美元", "--on", "2023-05-31")
    assert done.code == 0, done.err
    entry = json.loads(world.read(PROGRESS)[2:])
    assert (entry["add"], entry["rate"]) == ("2亿美元", "美元/元 2023-03-31 6.8717")
    assert "13.7434亿元" in done.out
    assert world("check").code == 0
