"""A ledger to complete in, and the questions as the scripts of the shells put them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.conftest import World

STATE = """\
id: 国资委-01
department: 国资委
title: 国有企业改革
year: 2023
difficulty:
text: >-
  新增混改企业10家，年末资产总额突破3650亿元，入驻率70%，完成改制和挂牌，改革走在全省前列，综合评价前三。
targets:
  - {key: mixed, name: 新增混改企业, kind: accumulate, goal: {at_least: 10 家}, quote: 新增混改企业10家}
  - {key: assets, name: 资产总额, kind: level, goal: {above: 3650 亿元}, quote: 年末资产总额突破3650亿元}
  - {key: occupancy, name: 入驻率, kind: level, goal: {at_least: 70 %}, quote: 入驻率70%}
  - key: reform
    name: 改制挂牌
    kind: milestone
    steps: [{key: reform, name: 完成改制}, {key: sign, name: 挂牌}]
    quote: 完成改制和挂牌
  - {key: front, name: 改革走在全省前列, kind: judgement, quote: 改革走在全省前列}
  - {key: place, name: 综合评价, kind: rank, goal: {within: 3}, quote: 综合评价前三}
"""

Offers = Callable[..., list[str]]


@pytest.fixture
def world(world: World) -> World:
    """With a department whose names have initials, and an alias."""
    config = world.read("data/ledger.yaml").replace(
        "  - {name: 商务局", "  - {name: 国资委, aliases: [市国资委]}\n  - {name: 商务局"
    )
    world.write("data/ledger.yaml", config + "difficulty: {一般: 1, 较难: 1.2}\n")
    world.write("data/targets/2023/国资委/01.yaml", STATE)
    world.commit_all("加一个部门")
    assert world("check").code == 0
    return world


@pytest.fixture
def offers(world: World) -> Offers:
    """Ask the real program what could stand in place of a word; what each offer is, is left out unless asked for."""

    def ask(word: str, *before: str, about: bool = False) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "ledger", *before],
            env=os.environ | {"LEDGER_COMPLETE": f"={word}", "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stderr == ""
        lines = done.stdout.splitlines()
        return lines if about else [line.partition("\t")[0] for line in lines]

    return ask
