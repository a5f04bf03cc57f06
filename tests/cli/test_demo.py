"""The demonstration ledger: made by the real path, sound, showing every kind and light, and never to be taken for real."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.core.progress import Light
from tests.conftest import Ran, World


@pytest.fixture
def demo(cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("LEDGER_TODAY", "2024-01-15")
    root = tmp_path / "演示"
    made = cli("demo", str(root))
    assert made.code == 0, made.err
    assert "模拟数据" in made.out
    monkeypatch.chdir(root)
    return World(root, cli)


def test_a_year_of_simulated_entries(demo: World) -> None:
    report = json.loads(demo("status", "--format", "json", "--as-of", "2023-09-30").out)
    assert report["simulated"] is True
    assert len(report["commitments"]) == 80
    targets = [target for commitment in report["commitments"] for target in commitment["targets"]]
    assert {target["light"] for target in targets} == {light.value for light in Light}
    reported = {target["kind"] for target in targets if target["entries"]}
    assert reported == {"accumulate", "level", "change", "rank", "compare", "milestone", "judgement"}

    lines = [
        line
        for file in (demo.root / "data/progress").rglob("*.yaml")
        for line in file.read_text().splitlines()
    ]
    assert len(lines) > 2000
    assert all(json.loads(line[2:])["simulated"] == "模拟数据" for line in lines)
    subjects = demo.git("log", "--format=%s").splitlines()
    assert all("模拟数据" in subject for subject in subjects[:-1])
    for screen in (
        ("status",),
        ("status", "--dept", "国资委"),
        ("show", "国资委-01"),
        ("history", "国资委-01"),
    ):
        assert "模拟数据" in demo(*screen).out

    checked = demo("check")
    assert checked.code == 0, checked.out
    assert json.loads(demo("doubts", "--format", "json").out) == []
    logged = demo("log", "国资委", "新增混改企业", "1家", "--add", "--on", "2023-06-15")
    assert "模拟数据" in logged.out
    assert "模拟数据" in demo.git("log", "-1", "--format=%s")


def test_two_demonstrations_tell_the_same_story(cli: Callable[..., Ran], demo: World, tmp_path: Path) -> None:
    again = tmp_path / "又一个"
    assert cli("demo", str(again)).code == 0
    first, second = (
        cli("--root", str(root), "status", "--all", "--format", "csv").out for root in (demo.root, again)
    )
    assert first == second
