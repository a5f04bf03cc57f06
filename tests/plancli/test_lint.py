"""`ledger lint`: every weak spot with its place and its question, and beside each a plan that has no such spot."""

from __future__ import annotations

import json

import pytest

from tests.conftest import CONFIG, World

HEAD = "id: {dept}-0{number}\ndepartment: {dept}\ntitle: {title}\nyear: 2023\ndifficulty:\ntext: >-\n  {text}\ntargets:\n"


def promise(text: str, *targets: str, title: str = "做好工作", dept: str = "金融办", number: int = 1) -> str:
    """Return a commitment's file; each target is its lines, the first without its dash."""
    head = HEAD.format(text=text, title=title, dept=dept, number=number)
    return head + "".join("  - " + one.strip().replace("\n", "\n    ") + "\n" for one in targets)


def target(name: str, kind: str, quote: str, goal: str = "", **more: str) -> str:
    lines = [f"key: k{abs(hash((name, kind, quote))) % 10**6}", f"name: {name}", f"kind: {kind}"]
    lines += [f"goal: {{{goal}}}"] if goal else []
    lines += [f"{key}: {value}" for key, value in more.items()]
    return "\n".join([*lines, f"quote: {quote}"])


CASES: dict[str, tuple[str, str, str]] = {
    "lint-baseline": (
        promise("办结率达到95%。", target("办结率", "level", "办结率达到95%", "reach: 95 %")),
        promise(
            "办结率达到95%。",
            target("办结率", "level", "办结率达到95%", "reach: 95 %", baseline="90 %")
        ),
        "上年末（基期）是多少",
    ),
    "lint-base": (
        promise("客流量增长12%。", target("客流量增长", "change", "客流量增长12%", "reach: 12 %")),
        promise(
            "客流量300万人次，客流量增长12%。",
            target("客流量", "accumulate", "客流量300万人次", "reach: 300 万人次"),
            target("客流量增长", "change", "客流量增长12%", "reach: 12 %"),
        ),
        "上年的基数是多少",
    ),
    "lint-standing": (
        promise("改革走在全国前列。", target("改革走在前列", "judgement", "改革走在全国前列")),
        promise("改革取得实效。", target("改革取得实效", "judgement", "改革取得实效")),
        "由谁排、第几名算达到",
    ),
    "lint-title-only": (
        promise("推进工作。", target("新建泵站", "accumulate", "新建泵站5座", "reach: 5 座"), title="新建泵站5座"),
        promise("新建泵站5座。", target("新建泵站", "accumulate", "新建泵站5座", "reach: 5 座"), title="新建泵站"),
        "是不是今年的目标",
    ),
    "lint-disagree": (
        promise("新建泵站6座。", target("新建泵站", "accumulate", "新建泵站6座", "reach: 6 座"), title="新建泵站5座")
        + "context:\n  - {quote: 新建泵站5座, reason: 与正文不一致}\n",
        promise("新建泵站5座。", target("新建泵站", "accumulate", "新建泵站5座", "reach: 5 座"), title="新建泵站5座"),
        "以哪个为准",
    ),
    "lint-unit": (
        promise("贷款突破2000。", target("贷款", "accumulate", "贷款突破2000", "above: '2000'")),
        promise("贷款突破2000亿元。", target("贷款", "accumulate", "贷款突破2000亿元", "above: 2000 亿元")),
        "单位是什么",
    ),
    "lint-about": (
        promise("贷款约2000亿元。", target("贷款", "accumulate", "贷款约2000亿元", "about: 2000 亿元")),
        promise("贷款2000亿元。", target("贷款", "accumulate", "贷款2000亿元", "reach: 2000 亿元")),
        "差多少以内算达到",
    ),
    "lint-hedge": (
        promise("确保新建泵站力争5座。", target("新建泵站", "accumulate", "新建泵站力争5座", "reach: 5 座", hedge="力争")),
        promise("新建泵站力争5座。", target("新建泵站", "accumulate", "新建泵站力争5座", "reach: 5 座", hedge="力争")),
        "达不到算不算没完成",
    ),
    "lint-due": (
        promise("出台实施意见。", target("出台实施意见", "milestone", "出台实施意见")),
        promise("6月底前出台实施意见。", target("出台实施意见", "milestone", "6月底前出台实施意见")),
        "哪个月完成",
    ),
    "lint-measure": (
        promise("改革取得实效。", target("改革取得实效", "judgement", "改革取得实效")),
        promise(
            "出台实施意见，年内改革取得实效。",
            target("实施意见", "milestone", "出台实施意见"),
            target("改革取得实效", "judgement", "改革取得实效"),
        ),
        "做到什么数、什么节点算完成",
    ),
}  # fmt: skip


def found(world: World, *files: tuple[str, str]) -> list[dict[str, object]]:
    for old in (world.root / "data/targets").rglob("*.yaml"):
        old.unlink()
    for path, text in files:
        world.write(f"data/targets/2023/{path}.yaml", text)
    checked = world("check")
    assert checked.code == 0, checked.out + checked.err
    ran = world("lint", "--format", "json")
    assert ran.code == 0, ran.err
    listed: list[dict[str, object]] = json.loads(ran.out)
    return listed


@pytest.mark.parametrize("rule", CASES)
def test_a_weak_spot_and_its_question(world: World, rule: str) -> None:
    weak, _, question = CASES[rule]
    [spot] = [one for one in found(world, ("金融办/01", weak)) if one["rule"] == rule]
    assert question in str(spot["hint"])
    assert str(spot["path"] if "path" in spot else spot["file"]) == "data/targets/2023/金融办/01.yaml"
    lines = weak.splitlines()
    place = int(str(spot["line"]))
    assert "name:" in lines[place - 1] or lines[place - 1].startswith(("title:", "text:"))
    assert int(str(spot["column"])) >= 1


@pytest.mark.parametrize("rule", CASES)
def test_a_plan_without_it(world: World, rule: str) -> None:
    assert rule not in {one["rule"] for one in found(world, ("金融办/01", CASES[rule][1]))}


def parts(first: int) -> str:
    whole = target("新建泵站", "accumulate", "新建泵站5座", "reach: 5 座").replace(
        "key: k", "key: whole\n# k", 1
    )
    return promise(
        f"新建泵站5座，其中东区{first}座、西区3座。",
        whole,
        target("东区泵站", "accumulate", f"东区{first}座", f"reach: {first} 座", part_of="whole"),
        target("西区泵站", "accumulate", "西区3座", "reach: 3 座", part_of="whole"),
    )


@pytest.mark.parametrize(("first", "over"), [(2, False), (3, True)])
def test_parts_over_the_whole(world: World, first: int, over: bool) -> None:
    """`check` may call it an error already; lint says so of drafts too, so the rule is asked directly."""
    from ledger.checks.lint import lint
    from ledger.store.ledger import Ledger

    for old in (world.root / "data/targets").rglob("*.yaml"):
        old.unlink()
    world.write("data/targets/2023/金融办/01.yaml", parts(first))
    ledger = Ledger.open(world.root)
    rules = [
        one for one in lint(ledger.sound_plan(2023), ledger.config, ledger.units) if one.rule == "lint-parts"
    ]
    assert bool(rules) == over
    if over:
        assert "合计 6座，超过总数 5座" in rules[0].message


def test_one_indicator_of_two_departments(world: World) -> None:
    pump = target("新建泵站", "accumulate", "新建泵站5座", "reach: 5 座")
    mine = promise("新建泵站5座。", pump)
    theirs = promise("新建泵站5座。", pump, dept="商务局")
    [spot] = found(world, ("金融办/01", mine), ("商务局/01", theirs))
    assert spot["rule"] == "lint-twice"
    assert "由谁报" in str(spot["hint"])
    assert [one["rule"] for one in found(world, ("金融办/01", mine))] == []


def test_a_tolerance_answers_the_question(world: World) -> None:
    world.write("data/ledger.yaml", CONFIG + "tolerance: 5\n")
    assert "lint-about" not in {one["rule"] for one in found(world, ("金融办/01", CASES["lint-about"][0]))}


def test_strict_is_for_gates_and_departments_narrow(world: World) -> None:
    found(world, ("金融办/01", CASES["lint-due"][0]))
    assert world("lint", "--strict").code == 1
    assert world("lint", "--strict", "--dept", "商务局").code == 0
    ran = world("lint")
    assert ran.code == 0
    assert "都是建议，不是错误" in ran.out
    found(world, ("金融办/01", CASES["lint-unit"][1]))
    assert "没有发现要问的地方" in world("lint", "--strict").out


def test_drafts_are_looked_at_too(world: World) -> None:
    assert (
        world("draft", "改革走在全国前列。", "--title", "改革", "--department", "金融办", "--write").code == 0
    )
    ran = world("lint", "--drafts", "--format", "json")
    assert "lint-standing" in {one["rule"] for one in json.loads(ran.out)}
