"""Bands, both gap rules, and the light of several targets worst_light."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ledger.core.models import Lights
from ledger.core.models.base import ValidationError, read_model
from ledger.core.progress.lights import (
    NAMED_RULES,
    Light,
    LightRule,
    band,
    gap,
    light,
    worst_light,
    worst_light_2023,
)

from .world import LIGHTS, policy, status


def lights(*bands: tuple[str, object, object], rule: str = "points") -> LightRule:
    rows = []
    for name, above, upto in bands:
        row: dict[str, Any] = {"light": name}
        row.update({} if above is None else {"from": above})
        row.update({} if upto is None else {"to": upto})
        rows.append(row)
    return LightRule.of(read_model(Lights, {"gap": rule, "bands": rows}))


DEFAULT = LightRule.of(read_model(Lights, LIGHTS))


@pytest.mark.parametrize(
    ("bands", "behind", "found"),
    [
        (LIGHTS["bands"], "-1/2", "正常"),
        (LIGHTS["bands"], "0", "正常"),
        (LIGHTS["bands"], "1/1000000", "滞后"),
        (LIGHTS["bands"], "3/10", "滞后"),  # to is inclusive
        (LIGHTS["bands"], "300001/1000000", "严重滞后"),
        (LIGHTS["bands"], "2", "严重滞后"),
        ([("正常", None, 5), ("滞后", 5, "12.5"), ("严重滞后", "12.5", None)], "1/20", "正常"),
        ([("正常", None, 5), ("滞后", 5, "12.5"), ("严重滞后", "12.5", None)], "1/8", "滞后"),
        ([("正常", None, 5), ("滞后", 5, "12.5"), ("严重滞后", "12.5", None)], "126/1000", "严重滞后"),
        (
            [("正常", None, -5), ("滞后", -5, 20), ("严重滞后", 20, None)],
            "-4/100",
            "滞后",
        ),  # ahead by 5 is asked for
        ([("正常", None, 10), ("严重滞后", 10, None)], "11/100", "严重滞后"),
        ([("正常", None, None)], "1", "正常"),
        ([("滞后", None, "1/3"), ("严重滞后", "1/3", None)], "-1", "滞后"),
    ],
)
def test_every_gap_has_a_light(bands: Any, behind: str, found: str) -> None:
    made = (
        LightRule.of(read_model(Lights, {"bands": bands})) if isinstance(bands[0], dict) else lights(*bands)
    )
    assert band(Fraction(behind), made) == found


@pytest.mark.parametrize(
    "bands",
    [
        [("正常", None, 0), ("滞后", 5, 30), ("严重滞后", 30, None)],  # a hole from 0 to 5
        [("正常", None, 5), ("滞后", 0, 30), ("严重滞后", 30, None)],  # an overlap
        [("正常", None, 0), ("滞后", 0, 30)],  # nothing beyond 30
        [("正常", 0, 10), ("滞后", 10, None)],  # nothing below 0
        [("正常", None, 0), ("滞后", 0, 0), ("严重滞后", 0, None)],  # an empty band
        [("正常", None, 0), ("滞后", 0, None), ("严重滞后", 30, None)],
        [("正常", None, 30), ("滞后", 30, 0), ("严重滞后", 0, None)],  # upside down
        [],
        [("红", None, None)],
    ],
)
def test_bands_with_holes_are_refused(bands: Any) -> None:
    with pytest.raises(ValidationError):
        lights(*bands)


@pytest.mark.parametrize(
    ("rule", "expected", "completed", "behind"),
    [
        ("points", "1/2", "1/4", "1/4"),
        ("points", "1/2", "3/4", "-1/4"),
        ("points", "0", "0", "0"),
        ("percent", "1/2", "1/4", "1/2"),
        ("percent", "1/2", "3/4", "-1/2"),
        ("percent", "1", "9/10", "1/10"),
        ("percent", "0", "0", "0"),
        ("percent", "0", "-1/10", "0"),  # nothing is expected yet: nothing can be a percentage behind it
    ],
)
def test_both_gap_rules(rule: str, expected: str, completed: str, behind: str) -> None:
    found = gap(Fraction(expected), Fraction(completed), lights(("正常", None, None), rule=rule))
    assert found == Fraction(behind)


def test_the_rule_of_the_ledger_decides_the_light() -> None:
    plan, lines = "{kind: accumulate, goal: {reach: 100 家}}", "- {on: 2023-03-31, add: 10 家}"
    percent = policy(lights={**LIGHTS, "gap": "percent"})
    assert status(plan, lines, "2023-04-10").light == "滞后"  # 100/365 − 10/100: 17 points
    assert status(plan, lines, "2023-04-10", percent).light == "严重滞后"  # 63 % of the plan is missing


@pytest.mark.parametrize(
    ("met", "behind", "final", "found"),
    [
        (True, "1", True, "已达标"),
        (False, None, True, "无法判断"),
        (None, None, False, "无法判断"),
        (False, "0", False, "正常"),
        (False, "0", True, "滞后"),  # over and not met is never 正常
        (False, "1/10", True, "滞后"),
        (None, "0", True, "正常"),
    ],
)
def test_the_light_of_one_target(met: bool | None, behind: str | None, final: bool, found: str) -> None:
    gap_ = None if behind is None else Fraction(behind)
    assert light(reported=True, met=met, behind=gap_, final=final, rule=DEFAULT) == found
    assert light(reported=False, met=met, behind=gap_, final=final, rule=DEFAULT) == "未报"


@pytest.mark.parametrize("behind", ["5/100", "0", "-1/100"])
@pytest.mark.parametrize(
    "bands",
    [
        (("正常", None, 5), ("滞后", 5, None)),
        (("正常", None, 100), ("滞后", 100, None)),
        (("正常", None, None),),
    ],
)
def test_an_unmet_end_is_never_normal_however_wide_that_band_is(bands: Any, behind: str) -> None:
    rule = lights(*bands)
    assert light(reported=True, met=False, behind=Fraction(behind), final=True, rule=rule) == "滞后"


@pytest.mark.parametrize(
    ("several", "found"),
    [
        ("已达标 已达标", "已达标"),
        ("已达标 正常", "正常"),
        ("正常 未报 无法判断", "正常"),
        ("已达标 滞后 正常", "滞后"),
        ("滞后 严重滞后 未报", "严重滞后"),
        ("未报 未报", "未报"),
        ("已达标 未报", "正常"),  # as 正常 and 未报 are: a better light never gives a worse one
        ("正常 未报", "正常"),
        ("已达标 逾期未报", "未报"),
        ("正常 逾期未报", "未报"),
        ("滞后 逾期未报", "滞后"),
        ("无法判断 逾期未报", "未报"),
        ("未报 无法判断", "无法判断"),
        ("已达标 无法判断", "正常"),
        ("无法判断", "无法判断"),
        ("", "无法判断"),
    ],
)
def test_several_lights_together(several: str, found: str) -> None:
    pairs = [(Light(word.removeprefix("逾期")), word.startswith("逾期")) for word in several.split()]
    assert worst_light(pairs) == found


@pytest.mark.parametrize(
    ("several", "found"),
    [
        ("已达标 已达标", "已达标"),
        ("正常 未报 无法判断", "正常"),
        ("滞后 严重滞后 未报", "严重滞后"),
        ("已达标 未报", "无法判断"),
        ("未报 无法判断", "无法判断"),
        ("", "无法判断"),
    ],
)
def test_several_lights_together_by_the_rules_of_2023(several: str, found: str) -> None:
    assert worst_light_2023(Light(word) for word in several.split()) == found


@pytest.mark.parametrize(
    ("rule", "behind", "found"),
    [
        ("default", "1/1000", "滞后"),
        ("default", "30/100", "滞后"),
        ("default", "301/1000", "严重滞后"),
        ("yinchuan-2025", "99/1000", "正常"),
        ("yinchuan-2025", "10/100", "滞后"),  # 10 and 30 belong to yellow
        ("yinchuan-2025", "30/100", "滞后"),
        ("yinchuan-2025", "301/1000", "严重滞后"),
        ("sanya-2022", "0", "正常"),
        ("sanya-2022", "50/100", "滞后"),
        ("sanya-2022", "501/1000", "严重滞后"),
    ],
)
def test_a_named_rule_has_the_edges_of_its_text(rule: str, behind: str, found: str) -> None:
    assert band(Fraction(behind), LightRule.of(read_model(Lights, {"rule": rule}))) == found
    assert NAMED_RULES[rule].name == rule


@pytest.mark.parametrize("fields", [{}, {"rule": "default", "bands": LIGHTS["bands"]}, {"rule": "无此规则"}])
def test_a_rule_is_named_or_spelt_out(fields: Any) -> None:
    with pytest.raises(ValidationError):
        read_model(Lights, fields)
