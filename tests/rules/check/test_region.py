"""City, county and code of `data/ledger.yaml` agree with each other and with the list."""

from __future__ import annotations

import json

import pytest

from tests.conftest import CONFIG, World

GOOD = [
    "city: 湖州市",
    "city: 湖州\ncode: '330500'",
    "city: 湖州市\ncounty: 安吉\ncode: '330523'",
    "city: 湖州市\ncounty: 南太湖新区",
    "code: '330523'",
]
BAD = [
    ("county: 安吉县", 1),
    ("code: '330599'", 1),
    ("city: 湖州\ncounty: 安吉\ncode: '330522'", 3),
    ("city: 嘉兴\ncode: '330500'", 2),
]


@pytest.mark.parametrize("lines", GOOD)
def test_agrees(world: World, lines: str) -> None:
    world.write("data/ledger.yaml", f"{lines}\n{CONFIG}")
    assert world("check").code == 0


@pytest.mark.parametrize(("lines", "line"), BAD)
def test_disagrees(world: World, lines: str, line: int) -> None:
    world.write("data/ledger.yaml", f"{lines}\n{CONFIG}")
    answer = world("check", "--format", "json")
    assert answer.code == 1
    assert [(row["path"], row["line"], row["rule"]) for row in json.loads(answer.out)] == [
        ("data/ledger.yaml", line, "region")
    ]
