"""What is timed is what people write: the generators of `benchmarks` give the lines that `ledger log` gives."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from benchmarks import generate, history, totals
from benchmarks.generate import Account, Size
from benchmarks.generate import Line as Generated
from ledger.files.fast_lines import FastEntry, read_quickly
from tests.conftest import World


def entry_lines(root: Path) -> list[str]:
    files = sorted((root / "data" / "progress").rglob("*.yaml"))
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines(keepends=True)]


def quick(lines: list[str]) -> list[type]:
    """Say how the quick reader takes each line: by its pattern (`FastEntry`) or through the model."""
    found = read_quickly("".join(lines).encode())
    assert found is not None
    return [type(item) for item in found]


def test_a_generated_line_is_byte_for_byte_what_log_writes(world: World) -> None:
    config = (world.root / "data/ledger.yaml").read_text(encoding="utf-8")
    world.write("data/ledger.yaml", config.replace("year: 2023", "year: 2023\nsimulated: true"))
    assert world("log", "金融办", "新增制造业中长期贷款", "1.5亿元", "--on", "2023-06-30").code == 0
    (logged,) = entry_lines(world.root)
    row = json.loads(logged.removeprefix("- "))
    made = generate._entry(Generated(row["id"], date(2023, 6, 30), Account(1, 1, 1, 10), "5"))
    made = made.replace("5万元", row["add"]).replace("模拟文书", row["by"])
    assert made == logged.replace('"loans"', '"t1"')
    assert quick([logged, made]) == [FastEntry, FastEntry]


def test_every_generated_line_takes_the_quick_way(tmp_path: Path) -> None:
    generate.write(tmp_path, Size(300, 30))
    lines = entry_lines(tmp_path / "city")
    assert quick(lines) == [FastEntry] * 300
    again = [generate.renumbered(line, f"01J{number:023d}") for number, line in enumerate(lines)]
    assert quick(again) == [FastEntry] * 300
    assert [line[:10] + line[36:] for line in again] == [line[:10] + line[36:] for line in lines]


def test_the_totals_that_all_programs_must_agree_on_are_read_from_what_status_prints(
    world: World, tmp_path: Path
) -> None:
    size = Size(300, 30)
    generate.write(tmp_path, size)
    root = str(tmp_path / "city")
    printed = world("status", "--root", root, "--as-of", "2023-12-31", "--all", "--format", "csv").out
    assert totals.ours(printed, size) == totals.truth(size)


def test_a_generated_history_holds_such_lines_too(tmp_path: Path) -> None:
    root = history.make(tmp_path / "账本", 120)
    assert quick(entry_lines(root)) == [FastEntry] * 120
