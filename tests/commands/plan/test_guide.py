"""The afternoon of docs/guide/plan-import.md is played as the page tells it: its table, its commands, its order."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.documents.formats import formats_table
from tests.conftest import Ran, World
from tests.docs.runner import Player, steps
from tests.paths import REPOSITORY

FILE = re.compile(r"<!-- file (?P<name>\S+) -->\n```text\n(?P<text>.*?)```", re.DOTALL)
PAGE = REPOSITORY / "docs" / "guide" / "plan-import.md"


@pytest.fixture
def city(cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The real ledger of 2023 with the page's table beside its data."""
    root = tmp_path / "账本"
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)
    world = World(root, cli)
    config = world.read("data/ledger.yaml")
    world.write("data/ledger.yaml", config + "difficulty: {一般: 1, 较难: 1.2}\n")
    table = re.search(r"```csv\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert table is not None
    world.write("2024年计划.csv", table[1])
    return world


def test_next_years_plan_in_an_afternoon(
    city: World, scrub: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(words: list[str], day: str | None) -> tuple[int, str, str]:
        assert day is not None
        monkeypatch.setenv("LEDGER_TODAY", day)
        program, *arguments = words
        if program == "git":
            return 0, city.git(*arguments), ""
        assert program == "ledger"
        if arguments == ["check"]:  # the page says so in words
            config = city.read("data/ledger.yaml")
            assert "\nyear: 2023\n" in config
            city.write("data/ledger.yaml", config.replace("\nyear: 2023\n", "\nyear: 2024\n"))
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n" * 20))
        done = city(*arguments)
        return done.code, done.out, done.err

    said = Player(run, scrub).play(PAGE, "year")
    assert "这次确认了 2 项，还有 0 项草稿" in said["ledger draft --review --year 2024"]
    weak = said["ledger lint --year 2024"]
    assert "data/targets/2024/国资委/01.yaml:" in weak
    assert "前列" in weak
    assert "新增上市公司" in said["ledger plan diff 2023 2024 --dept 金融办"]
    assert "data/targets/2024/国资委/01.yaml" in city.git("show", "--name-only", "--format=", "HEAD", "--")
    assert city.git("status", "--porcelain", "--", "data").strip() == ""
    assert city("status", "--dept", "国资委").code == 0


def test_no_command_of_the_page_is_left_out() -> None:
    shown = re.findall(r"^\$ (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    played = [step.line for name in ("year", "county", "company", "school") for step in steps(PAGE, name)]
    assert shown == played


@pytest.mark.parametrize(("name", "keys"), [("county", "a\n"), ("company", "a\n"), ("school", "a\n")])
def test_a_ledger_from_an_offices_file(
    name: str,
    keys: str,
    cli: Callable[..., Ran],
    tmp_path: Path,
    scrub: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The paths of a county, a company and a school, each from its own file, with the keys the page names."""
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path, cli)
    for file in FILE.finditer(PAGE.read_text(encoding="utf-8")):
        world.write(file["name"], file["text"])

    def run(words: list[str], day: str | None) -> tuple[int, str, str]:
        assert day is not None
        monkeypatch.setenv("LEDGER_TODAY", day)
        program, *arguments = words
        if program == "git":
            return 0, world.git(*arguments), ""
        monkeypatch.setattr(sys, "stdin", io.StringIO(keys))
        done = world(*arguments)
        return done.code, done.out, done.err

    start = time.process_time()
    said = Player(run, scrub).play(PAGE, name)
    assert (
        time.process_time() - start < 15
    )  # about one second, as the page says, on a machine that does nothing else
    review = next(answer for line, answer in said.items() if line.endswith("draft --review"))
    assert "还有 0 项草稿" in review
    check = next(answer for line, answer in said.items() if line.endswith(" check"))
    assert "没有发现问题" in check


def test_the_table_of_formats_is_that_of_the_code() -> None:
    assert formats_table() in PAGE.read_text(encoding="utf-8")
