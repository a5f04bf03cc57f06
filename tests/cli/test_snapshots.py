"""What every command prints, in every format, under a fixed clock and identity. `pytest --snapshot-update` accepts a change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.conftest import World

Scrub = Callable[[str], str]

MONTH = (
    ("金融办", "listed", "2家", "--on", "2023-03-31"),
    ("金融办", "listed", "4家", "--total", "--on", "2023-05-31", "--note", "含过会 1 家"),
    ("金融办", "制造业中长期贷款", "20亿元", "--on", "2023-06-30"),
    ("金融办", "贷款余额", "3600.5亿元", "--on", "2023-06-30"),
    ("金融办", "green", "--current", "112亿元", "--base", "100亿元", "--on", "2023-06-30"),
    ("金融办", "quality", "第4位", "--of", "11", "--on", "2023-06-30"),
    ("金融办", "faster", "15.2%", "--benchmark", "12.1%", "--on", "2023-06-30"),
    ("金融办", "opinion", "完成", "--on", "2023-06-20", "--evidence", "湖政办发〔2023〕12号"),
)

READING = {
    "status": ("status",),
    "status-dept": ("status", "--dept", "金融办"),
    "status-light": ("status", "--light", "未报", "--light", "无法判断"),
    "status-all-as-of": ("status", "--all", "--as-of", "2023-03-31"),
    "show": ("show", "金融办-01"),
    "show-target": ("show", "金融办-01/listed"),
    "history": ("history", "金融办-01"),
    "history-target": ("history", "新增上市公司"),
    "targets": ("targets", "贷款"),
    "check": ("check",),
    "quantity": ("quantity", "16亿美元", "不少于80个", "3万5", "三分之一"),
}


@pytest.fixture
def reported(world: World) -> World:
    for report in MONTH:
        done = world("log", *report)
        assert done.code == 0, done.err
    return world


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("name", READING)
def test_reading_commands(
    reported: World, snapshot: SnapshotAssertion, scrub: Scrub, name: str, form: str
) -> None:
    done = reported(*READING[name], "--format", form)
    assert (done.code, done.err) == (0, "")
    assert scrub(done.out) == snapshot


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("dry", [False, True])
def test_log(world: World, snapshot: SnapshotAssertion, scrub: Scrub, dry: bool, form: str) -> None:
    done = world("log", *MONTH[0], "--format", form, *(["--dry-run"] if dry else []))
    assert (done.code, done.err) == (0, "")
    assert scrub(done.out) == snapshot


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_check_of_a_broken_ledger(world: World, snapshot: SnapshotAssertion, form: str) -> None:
    path = "data/targets/2023/金融办/01.yaml"
    world.write(
        path,
        world.read(path).replace("{at_least: 6 家}", "{at_least: 7 家}").replace("kind: rank", "kind: rnak"),
    )
    other = "data/targets/2023/商务局/01.yaml"
    world.write(
        other, world.read(other).replace("quote: 境外中方投资额3亿美元", "quote: 境外中方投资额4亿美元")
    )
    done = world("check", "--format", form)
    assert done.code == 1
    assert done.out == snapshot


def test_git_log_reads_well(reported: World, snapshot: SnapshotAssertion, scrub: Scrub) -> None:
    assert scrub(reported.git("log", "--reverse", "--format=%an <%ae>%n%n%B----")) == snapshot


def test_blame_gives_one_line_per_entry(reported: World) -> None:
    blamed = reported.git("blame", "data/progress/2023/金融办/01.yaml").splitlines()
    assert len(blamed) == len(MONTH)
    assert len({line.split()[0] for line in blamed}) == len(MONTH)
