"""`ledger plan diff`: what became of each goal between two years, in exact figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import CONFIG, World

TARGET = "  - key: {key}\n    name: {name}\n    kind: {kind}\n    goal: {goal}\n    quote: {quote}\n"


def plan(
    world: World, year: int, *targets: tuple[str, str, str, str], dept: str = "金融办", more: str = ""
) -> None:
    """Write one commitment: each target its name, kind, goal and quote."""
    text = "，".join(quote for *_, quote in targets) + "。"
    body = "".join(
        TARGET.format(key=f"k{number}", name=name, kind=kind, goal=goal, quote=quote)
        for number, (name, kind, goal, quote) in enumerate(targets)
    )
    head = f"id: {dept}-01\ndepartment: {dept}\ntitle: 题目\nyear: {year}\ndifficulty:\ntext: >-\n  {text}\ntargets:\n"
    world.write(f"data/targets/{year}/{dept}/01.yaml", head + body + more)


def verdicts(world: World) -> list[str]:
    ran = world("plan", "diff", "2022", "2023", "--format", "json")
    assert ran.code == 0, ran.err
    return [row["verdict"] for row in json.loads(ran.out)]


@pytest.fixture
def bare(world: World) -> World:
    for old in (world.root / "data/targets").rglob("*.yaml"):
        old.unlink()
    world.commit_all("清空")
    return world


FIGURES = [
    ("accumulate", "{reach: 5 座}", "5座", "{reach: 6 座}", "6座", "raised"),
    ("accumulate", "{reach: 5 座}", "5座", "{reach: 4 座}", "4座", "lowered"),
    ("accumulate", "{reach: 5 座}", "5座", "{at_least: 5 座}", "不少于5座", "same"),
    ("accumulate", "{reach: 5 座}", "5座", "{above: 5 座}", "超过5座", "raised"),
    ("accumulate", "{above: 5 座}", "超过5座", "{about: 5 座}", "约5座", "lowered"),
    ("accumulate", "{reach: 1.5 亿元}", "1.5亿元", "{reach: 15000 万元}", "15000万元", "same"),
    ("accumulate", "{reach: 1 亿元}", "1亿元", "{reach: 10000.1 万元}", "10000.1万元", "raised"),
    ("accumulate", "{reach: 5 座}", "5座", "{reach: 5 家}", "5家", "changed"),
    ("level", "{at_most: 5 %}", "不超过5%", "{at_most: 4.9 %}", "不超过4.9%", "raised"),
    ("level", "{at_most: 5 %}", "不超过5%", "{at_most: 6 %}", "不超过6%", "lowered"),
    ("level", "{at_most: 5 %}", "不超过5%", "{at_least: 6 %}", "不少于6%", "changed"),
    ("level", "{between: [5 %, 8 %]}", "5%-8%", "{between: [5 %, 9 %]}", "5%-9%", "raised"),
    ("rank", "{within: 3}", "前3", "{within: 2}", "前2", "raised"),
    ("rank", "{within: 3}", "前3", "{within: 5}", "前5", "lowered"),
    ("rank", "{within: 3}", "前3", "{within: 3}", "前3", "same"),
    ("rank", "{within: 3}", "前3", "{up: 2}", "提升2位", "changed"),
    ("rank", "{up: 1}", "提升1位", "{up: 2}", "提升2位", "raised"),
    ("compare", "{above: 全省平均}", "高于全省平均", "{above: 全国平均}", "高于全国平均", "changed"),
    ("compare", "{above: 全省平均}", "高于全省平均", "{above: 全省平均}", "高于全省平均", "same"),
]


@pytest.mark.parametrize(("kind", "old", "said", "new", "says", "verdict"), FIGURES)
def test_a_goal(bare: World, kind: str, old: str, said: str, new: str, says: str, verdict: str) -> None:
    plan(bare, 2022, ("泵站", kind, old, f"泵站{said}"))
    plan(bare, 2023, ("泵站", kind, new, f"泵站{says}"))
    assert verdicts(bare) == [verdict]


def test_dropped_new_renamed_and_another_kind(bare: World) -> None:
    plan(
        bare,
        2022,
        ("老旧泵站改造", "accumulate", "{reach: 5 座}", "老旧泵站改造5座"),
        ("清淤里程", "accumulate", "{reach: 5 公里}", "清淤里程5公里"),
        ("供水普及率", "level", "{reach: 95 %}", "供水普及率95%"),
    )
    plan(
        bare,
        2023,
        ("新老旧泵站改造", "accumulate", "{reach: 6 座}", "新老旧泵站改造6座"),
        ("供水普及率", "change", "{reach: 2 %}", "供水普及率2%"),
        ("水源地", "accumulate", "{reach: 2 个}", "水源地2个"),
    )
    ran = bare("plan", "diff", "2022", "2023", "--format", "csv")
    rows = [line.split(",") for line in ran.out.removeprefix("\ufeff").splitlines()[1:]]
    assert {(row[1], row[5]) for row in rows} == {
        ("提高", "新老旧泵站改造"),
        ("改变", "供水普及率"),
        ("新增", "水源地"),
        ("取消", "清淤里程"),
    }
    assert "原名 老旧泵站改造" in ran.out
    assert "类别不同，不能比较" in ran.out


def test_milestones_hedges_and_tiers(bare: World) -> None:
    plan(
        bare,
        2022,
        ("上市", "accumulate", "{reach: 6 家}", "上市力争6家"),
        more="    hedge: 力争\n    stretch: [{reach: 8 家}]\n",
    )
    plan(bare, 2023, ("上市", "accumulate", "{reach: 6 家}", "上市6家"))
    ran = bare("plan", "diff", "2022", "2023", "--all")
    assert "缓和语由 力争 改为 无" in ran.out
    assert "不再有争取目标" in ran.out


def test_two_ledgers_and_departments(bare: World, tmp_path: Path) -> None:
    plan(bare, 2023, ("泵站", "accumulate", "{reach: 5 座}", "泵站5座"))
    other = World(tmp_path / "去年", bare.call)
    other.write("data/ledger.yaml", CONFIG)
    plan(other, 2023, ("泵站", "accumulate", "{reach: 4 座}", "泵站4座"))
    ran = bare("plan", "diff", f"{other.root}@2023", "2023")
    assert ran.code == 0, ran.err
    assert "提高" in ran.out
    assert "旧" in ran.out
    assert "提高 0" in bare("plan", "diff", str(other.root), "2023", "--dept", "商务局").out


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("2020", "2020"),
        ("没有这个文件夹", "没有这个文件夹"),
        (".@二〇二三", "里的年度不是数字"),
        (".@2019", "没有 2019 年的计划"),
    ],
)
def test_what_cannot_be_compared(bare: World, old: str, said: str) -> None:
    plan(bare, 2023, ("泵站", "accumulate", "{reach: 5 座}", "泵站5座"))
    ran = bare("plan", "diff", old, "2023")
    assert ran.code in (1, 2, 3)
    assert said in ran.err
    assert "程序内部出错" not in ran.err
