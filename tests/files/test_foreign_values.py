"""Dates and numbers out of range, wherever they stand in a file: a finding with its place, never a crash and never a long wait."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.files.yaml_reader import Document, parse
from tests.conftest import FINANCE, World

PLAN = "data/targets/2023/金融办/01.yaml"
PROGRESS = "data/progress/2023/金融办/01.yaml"
VALUES = [
    "2023-02-30",
    "2023-13-01",
    "10000-01-01",
    "0000-01-01",
    "2023-01-01 00:00:00 +99:00",
    "2023-01-01T25:00:00Z",
    "1e999999999",
    "-1e-999999999",
    "9" * 5000,
    "0x" + "f" * 5000,
    "0o" + "7" * 9000,
    "-" + "9" * 5000,
    "1/0",
    "9" * 5000 + "/3",
]
FIELDS = ["year", "from", "due", "weight", "difficulty", "goal"]


def spoilt(field: str, value: str) -> str:
    """The plan with one of its values replaced."""
    if field in {"year", "difficulty"}:
        old = next(line for line in FINANCE.splitlines() if line.startswith(f"{field}:"))
        return FINANCE.replace(old, f"{field}: {value}", 1)
    if field == "from":
        return FINANCE.replace("year: 2023\n", f"year: 2023\nfrom: {value}\n", 1)
    if field == "goal":
        return FINANCE.replace("goal: {at_least: 6 家}", f"goal: {{at_least: {value}}}", 1)
    return FINANCE.replace("kind: accumulate\n", f"kind: accumulate\n    {field}: {value}\n", 1)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:20])
def test_a_document_is_read_whatever_a_value_is(value: str) -> None:
    document = parse(f"a: {value}\nb: 好\n".encode())
    assert isinstance(document, Document)
    assert document.data["b"] == "好"
    str(document.data["a"])  # nothing that cannot even be written


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:20])
def test_in_a_plan(world: World, field: str, value: str) -> None:
    text = spoilt(field, value)
    world.write(PLAN, text)
    line = text.splitlines().index(next(row for row in text.splitlines() if value in row)) + 1
    done = world("check", "--format", "json")
    found = json.loads(done.out)
    if field == "difficulty":  # any word may be a label; that it has no coefficient is a finding of its own
        assert (done.code, found[0]["line"]) == (1, line)
        return
    assert (done.code, {item["line"] for item in found}) == (1, {line})
    for command in (["status"], ["due"], ["show", "金融办-01"]):
        done = world(*command)
        assert done.code == 1
        assert f"{PLAN}:{line}:" in done.err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"on": "2023-03-31"', '"on": "10000-01-01"'),
        ('"on": "2023-03-31"', '"on": "2023-02-30"'),
        ('"on": "2023-03-31"', f'"on": {"9" * 5000}'),
        ('"add": "2家"', f'"rank": {"9" * 5000}'),
        ('"add": "2家"', '"rank": 1e999999999'),
        ('"add": "2家"', '"add": 1e999999999'),
    ],
    ids=lambda text: text[:24],
)
def test_in_an_entry(world: World, old: str, new: str) -> None:
    assert world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31").code == 0
    text = world.read(PROGRESS)
    assert old in text
    world.write(PROGRESS, text.replace(old, new))
    found = json.loads(world("check", "--format", "json").out)
    assert {(item["rule"], item["line"]) for item in found} == {("schema", 1)}
    for command in (["status"], ["history", "金融办-01"], ["due"]):
        done = world(*command)
        assert (done.code, f"{PROGRESS}:1:" in done.err) == (1, True), done.err


def test_an_id_of_the_year_10889(world: World) -> None:
    assert world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31").code == 0
    text = world.read(PROGRESS)
    world.write(PROGRESS, text.replace(text.split('"')[3], "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"))
    world.commit_all("改编号")
    assert {row["rule"] for row in json.loads(world("check", "--format", "json").out)} == {"id-ahead"}
    for command in (["status"], ["history", "金融办-01"], ["audit"]):
        assert "程序内部出错" not in world(*command).err


@pytest.mark.parametrize("folder", ["data", "data/targets", "data/progress"])
def test_a_folder_that_is_a_symbolic_link(world: World, folder: str, tmp_path: Path) -> None:
    assert world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31").code == 0
    world("status")
    elsewhere = tmp_path / "别处"
    (world.root / folder).rename(elsewhere)
    (world.root / folder).symlink_to(elsewhere)
    commit = world.git("rev-parse", "HEAD")
    for command in (
        ["status"],
        ["due"],
        ["doctor"],
        ["doctor", "--fix"],
        ["amend", "金融办-01/listed", "--goal", "7 家", "--reason", "纪要"],
        ["log", "金融办", "新增上市公司", "1家", "--on", "2023-04-30"],
    ):
        done = world(*command)
        assert done.code == 1, (command, done)
        assert "符号链接" in done.out + done.err, (command, done)
    assert "file" in {row["rule"] for row in json.loads(world("check", "--format", "json").out)}
    assert world.git("rev-parse", "HEAD") == commit
