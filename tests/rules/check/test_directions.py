"""A goal faces the way of its verb and lies beyond its baseline; a sign belongs to its figure."""

from __future__ import annotations

import pytest

from tests.conftest import World

TARGET = """\
id: 金融办-01
department: 金融办
title: 甲
year: 2023
text: {text}
targets:
  - {{key: a, name: 甲率, kind: level, goal: {{{op}: {value}}}, {more}quote: {text}}}
"""


def codes(world: World, text: str, op: str, value: str, more: str = "") -> list[str]:
    import json

    world.write("data/targets/2023/金融办/01.yaml", TARGET.format(text=text, op=op, value=value, more=more))
    findings = json.loads(world("check", "--format", "json").out)
    return [
        finding["code"] if "code" in finding else finding["rule"]
        for finding in findings
        if "金融办/01" in str(finding)
    ]


@pytest.mark.parametrize(
    ("text", "op", "value", "wrong"),
    [
        ("漏损率降至8.5%", "reach", "8.5 %", True),
        ("漏损率降至8.5%", "at_least", "8.5 %", True),
        ("漏损率降至8.5%", "at_most", "8.5 %", False),
        ("时限压缩到3天", "above", "3 天", True),
        ("普及率提高到60%", "at_most", "60 %", True),
        ("普及率提高到60%", "at_least", "60 %", False),
        ("发病率下降5%", "at_least", "5 %", False),
        ("利润率不低于-3%", "at_least", "3 %", True),
        ("利润率不低于-3%", "at_least", "-3 %", False),
        ("减负2亿元", "at_least", "2 亿元", False),
    ],
)
def test_direction_and_sign(world: World, text: str, op: str, value: str, wrong: bool) -> None:
    assert bool(codes(world, text, op, value)) == wrong


@pytest.mark.parametrize(
    ("text", "op", "baseline", "wrong"),
    [
        ("占比达到60%", "reach", "70 %", True),
        ("占比达到60%", "reach", "50 %", False),
        ("占比达到60%", "at_least", "70 %", True),
        ("占比达到60%以上", "at_least", "70 %", False),
        ("占比60%", "at_most", "50 %", True),
        ("占比60%", "at_most", "70 %", False),
        ("占比控制在60%以内", "at_most", "50 %", False),
    ],
)
def test_a_goal_lies_beyond_its_baseline_unless_the_words_say_its_bound(
    world: World, text: str, op: str, baseline: str, wrong: bool
) -> None:
    assert codes(world, text, op, "60 %", f"baseline: {baseline}, ") == ["direction"] * wrong


def test_words_behind_a_hash_are_missed(world: World) -> None:
    text = TARGET.format(text="占比达到60%", op="reach", value="60 %", more="").replace(
        "title: 甲", "title: 盘活 #3 地块"
    )
    world.write("data/targets/2023/金融办/01.yaml", text)
    ran = world("check")
    assert "“#3 地块”被当作注释" in ran.out
    world.write("data/targets/2023/金融办/01.yaml", text.replace("盘活 #3 地块", '"盘活 #3 地块"'))
    assert "被当作注释" not in world("check").out
