"""Every weak spot `ledger/rules/check/lint.py` asks about, with place, words, question and excerpt, and plans that leave nothing to ask.

A case is a title, a text and its targets, one a line; line 8 of the file is the first target.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.rules.check.lint import lint
from tests.rules.check.world import CONFIG, ledger, promise

Found = tuple[str, str, str]


def found(root: Path, *promises: str, config: str = CONFIG) -> list[Found]:
    """line:column of the file, code, excerpt."""
    built = ledger(root, *promises, config=config)
    plan = built.read_plan(2023)
    assert not plan.findings
    return [
        (
            f"{item.place.path.split('/')[3]}:{item.place.line}:{item.place.column}",
            item.code,
            item.excerpt,
        )
        for item in lint(plan.sources, built.config, built.units)
    ]


RATE = "key: rate, name: 办结率, kind: level, quote: 办结率达到95%"
PUMPS = "key: pumps, name: 新建泵站, kind: accumulate, goal: {reach: 5 座}, quote: 新建泵站5座"
GROWTH = "key: growth, name: 客流量增长, kind: change, goal: {reach: 12 %}, quote: 客流量增长12%"
OPINION = "key: opinion, name: 实施意见, kind: milestone, quote: 出台实施意见"
EAST = "key: east, name: 东区泵站, kind: accumulate, goal: {reach: 3 座}, quote: 东区3座, part_of: pumps"
WEST = "key: west, name: 西区泵站, kind: accumulate, goal: {reach: 3 座}, quote: 西区3座, part_of: pumps"
PARTS = "新建泵站5座，其中东区3座、西区3座。"
LAND = "key: land, name: 供地, kind: accumulate, goal: {reach: 100 亩}, quote: 供地100亩"
EASTERN = (
    "key: east, name: 东区供地, kind: accumulate, goal: {reach: 4 公顷}, quote: 东区4公顷, part_of: land"
)
WESTERN = "key: west, name: 西区供地, kind: accumulate, goal: {reach: 40 亩}, quote: 西区40亩, part_of: land"

GIANTS = "key: giants, name: 小巨人, kind: accumulate, goal: {reach: 5 家}, quote: 培育专精特新小巨人5家"
MONEY = "key: money, name: 投资, kind: accumulate, goal: {reach: 5 亿元}, quote: 投资5亿元"
ROAD = "key: road, name: 修路, kind: accumulate, goal: {reach: 7 公里}, quote: 修路7公里"
PART_OF_MONEY = (
    "key: works, name: 工业, kind: accumulate, goal: {reach: 3.5 亿元}, quote: 工业3.5亿元, part_of: money",
    "key: farms, name: 农业, kind: accumulate, goal: {reach: 2 亿元}, quote: 农业2亿元, part_of: money",
)

WEAK = {
    "没有基期数的水平": (
        promise("做好工作", "办结率达到95%。", f"{RATE}, goal: {{reach: 95 %}}"),
        ("金融办:8:23", "lint-baseline", "办结率达到95%"),
    ),
    "要降下来的水平": (
        promise("做好工作", "失业率降到5%。", "key: jobs, name: 失业率, kind: level, goal: {at_most: 5 %}, quote: 失业率降到5%"),
        ("金融办:8:23", "lint-baseline", "失业率降到5%"),
    ),
    "没有绝对数的增幅": (
        promise("做好工作", "客流量增长12%，新建泵站5座。", PUMPS, GROWTH),
        ("金融办:9:25", "lint-base", "客流量增长12%"),
    ),
    "名称只说增长的增幅": (
        promise("做好工作", "增长12%，新建泵站5座。", PUMPS, "key: up, name: 增长, kind: change, goal: {reach: 12 %}, quote: 增长12%"),
        ("金融办:9:21", "lint-base", "增长12%"),
    ),
    "没有名次的位置": (
        promise("做好工作", "新建泵站5座，改革走在全国前列。", PUMPS, "key: front, name: 改革, kind: judgement, quote: 改革走在全国前列"),
        ("金融办:9:24", "lint-standing", "改革走在全国前列"),
    ),
    "只在标题里": (
        promise("新建泵站5座", "推进工作。", PUMPS),
        ("金融办:8:24", "lint-title-only", "新建泵站5座"),
    ),
    "第二个只在标题里": (
        promise("新建泵站5座", "修路7公里。", ROAD, PUMPS),
        ("金融办:9:24", "lint-title-only", "新建泵站5座"),
    ),
    "标题与正文不一": (
        promise("新建泵站6座", "新建泵站5座。", PUMPS),
        ("金融办:3:8", "lint-disagree", "新建泵站6座"),
    ),
    "标题的名称更短": (
        promise("泵站6座", "新建泵站5座。", PUMPS),
        ("金融办:3:8", "lint-disagree", "泵站6座"),
    ),
    "标题的名称更长": (
        promise("再添东区新建泵站6座", "新建泵站5座。", PUMPS),
        ("金融办:3:8", "lint-disagree", "再添东区新建泵站6座"),
    ),
    "名称相近": (
        promise("培育专精特新企业6家", "培育专精特新小巨人5家。", GIANTS),
        ("金融办:3:8", "lint-disagree", "培育专精特新企业6家"),
    ),
    "名称正好有六成一样": (
        promise("培育小巨人6家", "培育小龙头5家。", GIANTS.replace("专精特新小巨人", "小龙头")),
        ("金融办:3:8", "lint-disagree", "培育小巨人6家"),
    ),
    "标题里头一个数一致，第二个不一致": (
        promise("新建泵站5座、修路8公里", "新建泵站5座，修路7公里。", PUMPS, ROAD),
        ("金融办:3:15", "lint-disagree", "新建泵站5座、修路8公里"),
    ),
    "标题用了另一个倍数": (
        promise("投资6万元", "投资5亿元。", MONEY),
        ("金融办:3:8", "lint-disagree", "投资6万元"),
    ),
    "没有单位": (
        promise("做好工作", "贷款突破2.5万。", "key: loans, name: 贷款, kind: accumulate, goal: {above: 2.5 万}, quote: 贷款突破2.5万"),
        ("金融办:8:24", "lint-unit", "贷款突破2.5万"),
    ),
    "没有容差的约数": (
        promise("做好工作", "贷款约2亿元。", "key: loans, name: 贷款, kind: accumulate, goal: {about: 2 亿元}, quote: 贷款约2亿元"),
        ("金融办:8:24", "lint-about", "贷款约2亿元"),
    ),
    "其中大于总数": (
        promise("做好工作", PARTS, PUMPS, EAST, WEST),
        ("金融办:8:24", "lint-parts", "新建泵站5座"),
    ),
    "换算了才看出其中大于总数": (
        promise("做好工作", "供地100亩，其中东区5公顷、西区40亩。", LAND, EASTERN.replace("4 公顷", "5 公顷"), WESTERN),
        ("金融办:8:23", "lint-parts", "供地100亩"),
    ),
    "其中大于总数，用原来的倍数说": (
        promise("做好工作", "投资5亿元，其中工业3.5亿元、农业2亿元。", MONEY, *PART_OF_MONEY),
        ("金融办:8:24", "lint-parts", "投资5亿元"),
    ),
    "标题说确保正文说力争": (
        promise("确保建好泵站", "力争新建泵站5座。", f"{PUMPS}, hedge: 力争"),
        ("金融办:8:24", "lint-hedge", "新建泵站5座"),
    ),
    "同一分句里又确保又力争": (
        promise("做好工作", "改革见效，确保力争新建泵站5座。", f"{PUMPS}, hedge: 力争"),
        ("金融办:8:24", "lint-hedge", "新建泵站5座"),
    ),
    "前一句后一句都不算，这一分句才算": (
        promise("做好工作", "改革，见效。确保力争新建泵站5座，按期完工。", f"{PUMPS}，按期完工, hedge: 力争"),
        ("金融办:8:24", "lint-hedge", "新建泵站5座，按期完工"),
    ),
    "先说力争再说确保": (
        promise("做好工作", "力争确保新建泵站5座。", f"{PUMPS}, hedge: 力争"),
        ("金融办:8:24", "lint-hedge", "新建泵站5座"),
    ),
    "没有日期的节点": (
        promise("做好工作", "6月底前调研。出台实施意见。", OPINION),
        ("金融办:8:26", "lint-due", "出台实施意见"),
    ),
    "没有一个可衡量": (
        promise("做好改革", "改革取得实效。", "key: reform, name: 改革, kind: judgement, quote: 改革取得实效"),
        ("金融办:5:7", "lint-measure", "做好改革"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_spot_and_its_question(tmp_path: Path, name: str) -> None:
    text, finding = WEAK[name]
    assert found(tmp_path, text) == [finding]


SOUND = {
    "有基期数": promise("做好工作", "办结率达到95%。", f"{RATE}, goal: {{reach: 95 %}}, baseline: 90 %"),
    "每次都要守住": promise("做好工作", "办结率达到95%。", f"{RATE}, goal: {{at_least: 95 %}}, hold: true"),
    "只要保持": promise("做好工作", "办结率保持95%。", "key: rate, name: 办结率, kind: level, goal: {reach: 95 %}, quote: 办结率保持95%"),
    "只是上限": promise("做好工作", "失业率5%以内。", "key: jobs, name: 失业率, kind: level, goal: {at_most: 5 %}, quote: 失业率5%以内"),
    "增幅旁有绝对数": promise(
        "做好工作", "客流量300万人次，客流量增长12%。",
        "key: flow, name: 客流量, kind: accumulate, goal: {reach: 300 万人次}, quote: 客流量300万人次", GROWTH,
    ),
    "绝对数的名称更长": promise(
        "做好工作", "旅游客流量300万人次，客流量增长12%。",
        "key: flow, name: 旅游客流量, kind: level, goal: {reach: 300 万人次}, baseline: 200 万人次, quote: 旅游客流量300万人次", GROWTH,
    ),
    "绝对数的名称更短": promise(
        "做好工作", "客流300万人次，客流量增长12%。",
        "key: flow, name: 客流, kind: accumulate, goal: {reach: 300 万人次}, quote: 客流300万人次", GROWTH,
    ),
    "评定而不排名": promise("做好工作", "新建泵站5座，改革取得实效。", PUMPS, "key: reform, name: 改革, kind: judgement, quote: 改革取得实效"),
    "标题和正文都有": promise("新建泵站5座", "新建泵站5座。", PUMPS),
    "标题和正文换算一致": promise(
        "供地15亩", "供地15亩。", "key: land, name: 供地, kind: accumulate, goal: {reach: 15 亩}, quote: 供地15亩"
    ),
    "标题里是另一个指标": promise("引进企业6家", "新建泵站5座。", PUMPS),
    "标题换了倍数而数一样": promise("投资0.5亿元", "投资5000万元。", MONEY.replace("5 亿元", "5000 万元").replace("5亿元", "5000万元")),
    "名称不够相近": promise(
        "引进企业6个", "引进项目5个。", "key: t, name: 项目, kind: accumulate, goal: {reach: 5 个}, quote: 引进项目5个"
    ),
    "标题和正文说的不是一种数": promise("泵站6台", "泵站5座。", PUMPS.replace("新建泵站5座", "泵站5座")),
    "其中不超过总数": promise("做好工作", PARTS.replace("东区3", "东区2"), PUMPS, EAST.replace("3", "2"), WEST),
    "只有一项其中": promise("做好工作", "新建泵站5座，其中东区9座。", PUMPS, EAST.replace("3", "9")),
    "其中换算了正好": promise("做好工作", "供地100亩，其中东区4公顷、西区40亩。", LAND, EASTERN, WESTERN),
    "其中是另一种数": promise(
        "做好工作", "供地100亩，其中东区300宗、西区40亩。", LAND, EASTERN.replace("4 公顷", "300 宗").replace("4公顷", "300宗"), WESTERN
    ),
    "其中不超过范围的上限": promise(
        "做好工作", "新建泵站5至6座，其中东区3座、西区3座。",
        PUMPS.replace("{reach: 5 座}", "{between: [5 座, 6 座]}").replace("泵站5座", "泵站5至6座"), EAST, WEST,
    ),
    "确保在更前的一句": promise("做好工作", "见效。确保安全。力争新建泵站5座。", f"{PUMPS}, hedge: 力争"),
    "确保在后一分句": promise("做好工作", "改革见效，力争新建泵站5座，确保质量。", f"{PUMPS.replace('5座', '5座，确保质量', 1)}, hedge: 力争"),
    "没有争取值的节点": promise("做好工作", "力争年内出台实施意见。", f"{OPINION}, hedge: 力争"),
    "确保在另一分句": promise("做好工作", "确保改革见效，力争新建泵站5座，确保质量。", f"{PUMPS}, hedge: 力争"),
    "力争的是更高的一档": promise(
        "确保建好泵站", "新建泵站5座、力争8座。",
        PUMPS.replace("泵站5座", "泵站5座、力争8座") + ", stretch: [{reach: 8 座}], hedge: 力争",
    ),
    "节点写了日期": promise("做好工作", "出台实施意见。", f"{OPINION}, due: 2023-06-30"),
    "步骤写了日期": promise(
        "做好工作", "出台实施意见。", f"{OPINION}, steps: [{{key: draft, name: 起草, due: 2023-03-31}}, {{key: out, name: 印发}}]"
    ),
    "原文这一句写了日期": promise("做好工作", "6月底前完成调研，出台实施意见。", OPINION),
    "全年都要做到": promise("做好工作", "不发生重大事故。", "key: safe, name: 安全, kind: milestone, quote: 不发生重大事故"),
    "名称说全年都要做到": promise("做好工作", "管好安全。", "key: safe, name: 零事故, kind: milestone, quote: 管好安全"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_nothing_to_ask(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, SOUND[name]) == []


def test_every_target_is_asked_whatever_stands_before_it(tmp_path: Path) -> None:
    text = (
        "出台实施意见；办结率保持90%；客流量300万人次，客流量增长12%；办结率达到95%；"
        "新建泵站5座，其中东区3座、西区3座；税收增长9%；公布名单；确保力争修路7公里。"
    )
    plan = promise(
        "做好工作", text,
        f"{OPINION}, due: 2023-06-30",
        "key: kept, name: 保持, kind: level, goal: {reach: 90 %}, quote: 办结率保持90%",
        "key: flow, name: 客流量, kind: accumulate, goal: {reach: 300 万人次}, quote: 客流量300万人次",
        GROWTH,
        f"{RATE}, goal: {{reach: 95 %}}",
        PUMPS, EAST, WEST,
        "key: tax, name: 税收增长, kind: change, goal: {reach: 9 %}, quote: 税收增长9%",
        "key: list, name: 名单, kind: milestone, quote: 公布名单",
        "key: road, name: 修路, kind: accumulate, goal: {reach: 7 公里}, quote: 修路7公里, hedge: 力争",
    )  # fmt: skip
    assert [(item[0], item[1]) for item in found(tmp_path, plan)] == [
        ("金融办:12:23", "lint-baseline"),
        ("金融办:13:24", "lint-parts"),
        ("金融办:16:22", "lint-base"),
        ("金融办:17:23", "lint-due"),
        ("金融办:18:23", "lint-hedge"),
    ]


def test_parts_in_a_ledgers_own_unit_are_added_up(tmp_path: Path) -> None:
    shows = "key: shows, name: 演出, kind: accumulate, goal: {reach: 10 场}, quote: 演出10场"
    parts = (
        f"key: {key}, name: {name}, kind: accumulate, goal: {{reach: 3 标准场}}, quote: {name}3标准场, part_of: shows"
        for key, name in (("east", "东区"), ("west", "西区"))
    )
    plan = promise("做好工作", "演出10场，其中东区3标准场、西区3标准场。", shows, *parts)
    [only] = found(tmp_path, plan, config=CONFIG + "units: {标准场: 2 场}\n")
    assert only[1] == "lint-parts"


def test_a_tolerance_answers_the_question(tmp_path: Path) -> None:
    assert found(tmp_path, WEAK["没有容差的约数"][0], config=CONFIG + "tolerance: 5\n") == []


def test_one_indicator_of_two_departments(tmp_path: Path) -> None:
    mine = promise("做好工作", "新建泵站5座。", PUMPS)
    theirs = promise(
        "做好工作",
        "全市新建泵站9座。",
        PUMPS.replace("5", "9").replace("name: ", "name: 全市"),
        dept="商务局",
    )
    assert found(tmp_path, mine, theirs) == [
        ("商务局:8:24", "lint-twice", "新建泵站9座")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"), [("座", "处"), ("accumulate", "level, baseline: 1 座"), ("新建泵站", "改建泵站")]
)
def test_what_only_looks_like_one_indicator(tmp_path: Path, old: str, new: str) -> None:
    mine = promise("做好工作", "新建泵站5座。", PUMPS)
    theirs = promise("做好工作", "新建泵站5座。", PUMPS, dept="商务局").replace(old, new)
    assert found(tmp_path, mine, theirs) == []
