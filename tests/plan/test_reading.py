"""Two readers of one shape: the quick one takes data exactly when the walk that explains finds nothing wrong with it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from inspect import get_annotations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.models import Commitment, Entry, LedgerConfig
from ledger.core.models.base import ValidationError, dump_model, read_model
from ledger.core.models.drafts import DraftCommitment
from ledger.core.models.guard import GuardConfig
from ledger.core.models.revisions import changes, original
from ledger.core.models.revisions import given as given_fields
from ledger.core.models.shapes import shape_of
from ledger.core.models.validation import _Validation, check_data
from ledger.core.structs import replace
from ledger.core.units import default_units
from ledger.files.commitmentfile import encode
from ledger.files.yaml_reader import Document, parse

WHOLE = """\
id: 金融办-01
department: 金融办
title: 题
year: 2023
from: 2023-01-01
to: 2023-12-31
difficulty: 一般
text: 文
targets:
  - key: a
    name: 甲
    kind: accumulate
    goal: {reach: 16 亿美元}
    stretch: [{at_least: 18 亿美元}]
    plan: [{on: 2023-06-30, value: 6 亿美元}]
    quote: 引
    hedge: 力争
    due: 2023-11-30
    weight: 2
    revisions: [{on: 2023-05-05, by: 张, reason: 由, was: {goal: {reach: 20 亿美元}, due: null, weight: 1/2}}]
    closed: {on: 2023-12-01, by: 李, evidence: [文], reason: 由}
  - {key: b, name: 乙, kind: level, goal: {between: [1 %, 2 %]}, baseline: 1 %, hold: true, quote: 引, part_of: a, any_of: c}
  - {key: c, name: 丙, kind: change, goal: {at_most: 3 %}, direction: decrease, quote: 引, note: 注}
  - {key: d, name: 丁, kind: rank, goal: {within: 3}, stretch: [{up: 1}], among: 全省, baseline: 5, quote: 引}
  - {key: e, name: 戊, kind: compare, goal: {above: 全省平均}, unit: '%', quote: 引}
  - {key: f, name: 己, kind: milestone, steps: [{key: s1, name: 一, weight: 0.5, due: 2023-03-01}], quote: 引}
  - {key: g, name: 庚, kind: judgement, review: [2023-03-01], quote: 引}
context: [{quote: 引, reason: 由}]
revisions: [{on: 2023-05-05, by: 张, reason: 由, was: {difficulty: null}}]
"""
RULES = """\
name: 账
year: 2023
departments: [{name: 甲, aliases: [a], inferred: true, reporters: [x@y]}, {name: 乙}]
signatures: required
late_days: 3
lowering_from: 10-01
due_day: 5
lights: {gap: percent, bands: [{light: 正常, to: 0}, {light: 滞后, from: 0, to: 1/3}, {light: 严重滞后, from: 1/3}]}
difficulty: {一般: 1, 难: 3/2}
tolerance: 5
rates: [{from: 美元, to: 元, on: 2023-01-01, rate: 7.1}]
units: {亩田: 1 亩}
"""
LINE = """\
{id: 01GZ0000000000000000000001, on: 2023-03-31, target: listed, add: 2 家, by: 张三, evidence: [e], late: true, rank: 3, verdict: met}
"""


def data(text: str) -> Any:
    document = parse(text.encode())
    assert isinstance(document, Document)
    return document.data


COMMITMENT = data(WHOLE)
DRAFT = {
    **COMMITMENT,
    "draft": True,
    "unknown": [{"quote": "甲", "reason": "由"}],
    "rules": {"a": "x"},
    "reviewed": 1,
}
SHAPES: list[tuple[Any, Any]] = [
    (Commitment, COMMITMENT),
    (DraftCommitment, DRAFT),
    (LedgerConfig, data(RULES)),
    (Entry, data(LINE)),
    (GuardConfig, {"branch": "main", "folder": "", "admins": ["x"], "signatures": True, "signers": "s"}),
]
TEXTS = [
    "16 亿美元", "3 %", "≥5 家", "1/3", "1/0", "-1", "2023-02-03", "2023-02-30", "2023-2-3", "0000-01-01", "２０２３-01-01",
    "accumulate", "rank", "力争", "正常", "met", "10-01", "13-01", "a-b", "a\n", "a-b\n", "甲-01\n", " x", "x\n", "\ud800",
    "01GZ000000000000000000000U", "01GZ0000000000000000000001\n", "true", "2023", "模拟数据",
]  # fmt: skip
PARTS: list[Any] = [
    [], {}, ["x"], [1], {"a": 1}, {1: 2}, {"reach": "1 家"}, {"within": 0}, {"above": "x", "below": "y"}, ["1 %", "2 %"],
    ["2 %", "1 %"], ["1 %"], {"kind": "level"}, {"kind": []}, {"on": date(2023, 1, 1), "value": "1 家"}, {"due": None}, b"x", {"x"},
]  # fmt: skip
MIDNIGHT = datetime(2023, 1, 1)  # noqa: DTZ001  as YAML gives it
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3000),
    st.just(10**30),
    st.decimals(-2, 3, places=1),
    st.dates(),
    st.just(MIDNIGHT),
    st.text(max_size=4),
    st.sampled_from(TEXTS),
    st.sampled_from(PARTS),
)  # fmt: skip
KEYS = st.sampled_from(
    ["name", "from", "to", "goal", "was", "kind", "weight", "due", "hold", "draft", "unit", "of", "units", "x", 5, True]
)  # fmt: skip


def places(part: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in pairs:
        yield (*way, key)
        yield from places(value, (*way, key))


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[Any, Any]:
    """One of the shapes with data that was whole before something was put elsewhere, left out or added."""
    shape, whole = draw(st.sampled_from(SHAPES))
    changed = copy.deepcopy(whole)
    for _ in range(draw(st.integers(0, 3))):
        ways = list(places(changed))
        *way, last = draw(st.sampled_from(ways)) if ways else ("x",)
        part = changed
        for key in way:
            part = part[key]
        act = draw(st.integers(0, 3))
        if act == 0:
            del part[last]
        elif act == 1 and isinstance(part, dict):
            part[draw(KEYS)] = copy.deepcopy(draw(VALUES))
        else:
            part[last] = copy.deepcopy(draw(VALUES))
        if not changed:
            break
    return shape, changed


@pytest.mark.parametrize(("shape", "whole"), SHAPES)
def test_both_readers_make_the_same_of_what_is_right(shape: Any, whole: Any) -> None:
    walk = _Validation(default_units())
    made = walk.value(shape_of(shape), whole, ())
    assert walk.findings == []
    assert made == read_model(shape, whole, default_units())
    assert read_model(shape, dump_model(made), default_units()) == made


@given(spoilt())
@settings(max_examples=1500, deadline=None)
def test_the_quick_reader_refuses_exactly_what_the_walk_explains(case: tuple[Any, Any]) -> None:
    shape, given_data = case
    units = default_units()
    walk = _Validation(units)
    made = walk.value(shape_of(shape), given_data, ())
    if not walk.findings:
        assert read_model(shape, given_data, units) == made
        return
    with pytest.raises(ValidationError) as caught:
        read_model(shape, given_data, units)
    assert caught.value.findings == tuple(walk.findings)
    for fault in walk.findings:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in fault.message), fault


ONE_OF = "改成其中之一："
KINDS = "accumulate、level、change、rank、compare、milestone、judgement"
HEDGES = "力争、争取、积极、全力争取、争创、争当"


@pytest.mark.parametrize(
    ("path", "value", "where", "message", "hint"),
    [
        (("year",), "2023", ("year",), "year 应是整数，这里是 2023", "写成不带单位的整数"),
        (("year",), True, ("year",), "year 应是整数，这里是 True", "写成不带单位的整数"),
        (("year",), Decimal("2023.0"), ("year",), "year 应是整数，这里是 2023.0", "写成不带单位的整数"),
        (("targets", 1, "hold"), "yes", ("targets", 1, "level", "hold"), "hold 应是 true 或 false，这里是 yes", ""),
        (("targets", 1, "hold"), 1, ("targets", 1, "level", "hold"), "hold 应是 true 或 false，这里是 1", ""),
        (("from",), MIDNIGHT, ("from",), "from 应是日期，不带时刻，这里是 2023-01-01 00:00:00", "写成 2023-06-30 这样"),
        (("from",), 20230101, ("from",), "from 应是日期，这里是 20230101", "写成 2023-06-30 这样"),
        (("from",), "2023-01-01T00:00:00", ("from",), "from 应是日期，这里是 2023-01-01T00:00:00", "写成 2023-06-30 这样"),
        (("id",), "金融办-01\n", ("id",), "id 的写法不对：金融办-01\n", "写成 部门-两位序号，如 金融办-03"),
        (("title",), "题\n", ("title",), "要写一行文字，首尾不留空格，不能为空", ""),
        (("title",), b"\xe9\xa2\x98", ("title",), "title 应是文字，这里是 b'\\xe9\\xa2\\x98'", "给它加引号，或写成文字"),
        (("targets", 1, "goal", "between"), ["1 %"], ("targets", 1, "level", "goal", "between"), "between 应有 2 项，这里有 1 项", ""),
        (("targets", 0, "weight"), 0, ("targets", 0, "accumulate", "weight"), "要大于零；这里是 0", ""),
        (("targets", 0, "weight"), True, ("targets", 0, "accumulate", "weight"), "要写一个精确的数，如 2、0.5 或 1/3；这里是 True", ""),
        (("targets", 0, "kind"), "rnak", ("targets", 0, "kind"), "kind 写的是 rnak，没有这一类", ONE_OF + KINDS),
        (("targets", 0, "hedge"), "努", ("targets", 0, "accumulate", "hedge"), "hedge 写的是 努", ONE_OF + HEDGES),
        (("draft",), True, ("draft",), "这是没有确认的草稿，还不是承诺；先 ledger draft --review 确认", ""),
        (("draft",), 1, ("draft",), "draft 应是 true 或 false，这里是 1", ""),
        (("targets", 0, "revisions", 0, "was"), {}, ("targets", 0, "accumulate", "revisions", 0, "was"), "was 要写明改动之前的值", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_is(
    path: tuple[Any, ...], value: Any, where: tuple[Any, ...], message: str, hint: str
) -> None:
    changed = copy.deepcopy(COMMITMENT)
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    (fault,) = check_data(Commitment, changed, default_units())
    assert (fault.place.keys, fault.message, fault.hint) == (where, message, hint)


def test_all_faults_are_said_at_once_in_the_order_of_the_fields() -> None:
    changed = {**COMMITMENT, "yaer": 1, "year": 1800, "from": "早", "targets": [{"kind": "level", "hold": 3}]}
    assert [fault.message for fault in check_data(Commitment, changed)] == [
        "year 应不小于 1949，这里是 1800",
        "from 应是日期，这里是 早",
        "缺少 key",
        "缺少 name",
        "缺少 quote",
        "缺少 goal",
        "hold 应是 true 或 false，这里是 3",
        "不认识的键 yaer",
    ]


def test_what_the_walk_would_overlook_is_refused_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.core.models.validation.check_data", lambda *_: ())
    with pytest.raises(ValidationError) as caught:
        read_model(Entry, {})
    assert len(caught.value.findings) == 1


def test_a_null_before_a_change_is_not_the_same_as_nothing_said() -> None:
    made = read_model(Commitment, COMMITMENT, default_units())
    target = made.targets[0]
    was = target.revisions[0].was
    assert given_fields(was) == ("due", "weight", "goal")
    assert original(target, "due") is None
    assert original(target, "name") == "甲"
    assert [field for _, field, _, _ in changes(target)] == ["due", "weight", "goal"]
    assert read_model(Commitment, data(encode(made)), default_units()) == made


def test_a_copy_differs_in_what_was_asked_for_and_cannot_be_changed() -> None:
    made = read_model(Entry, data(LINE))
    other = replace(made, note="注")
    assert (other.note, made.note) == ("注", None)
    with pytest.raises(AttributeError):
        other.note = "别的"  # type: ignore[misc]


def test_every_model_is_strict_and_frozen() -> None:
    pending, seen = [Commitment, DraftCommitment, LedgerConfig, Entry, GuardConfig], set()
    while pending:
        kind: Any = pending.pop()
        if kind in seen:
            continue
        seen.add(kind)
        config = kind.__struct_config__
        assert config.frozen, kind
        assert config.forbid_unknown_fields, kind
        pending += [struct.cls for struct in structs(shape_of(kind))]
    assert len(seen) > 30


def test_annotations_of_models_are_no_texts() -> None:
    """Each text would be compiled by msgspec in every process that reads a file."""
    for kind in (Commitment, DraftCommitment, LedgerConfig, Entry, GuardConfig):
        assert not any(
            isinstance(get_annotation, str) for get_annotation in get_annotations(kind).values()
        ), kind


def structs(node: Any) -> Iterator[Any]:
    if isinstance(node, msgspec.inspect.StructType):
        yield node
        inner: Any = [field.type for field in node.fields]
    else:
        names = ("type", "item_type", "key_type", "value_type")
        inner = [getattr(node, name, None) for name in names]
        inner += [*getattr(node, "types", ()), *getattr(node, "item_types", ())]
    for item in inner:
        if item is not None and item is not node:
            yield from structs(item)
