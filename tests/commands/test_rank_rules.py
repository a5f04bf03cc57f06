"""`rank --rules`: places under several rules side by side, and why neighbours change places."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.progress.lights import Light
from ledger.core.progress.rank_rules import LightShares, flips, light_shares, places_by_lights
from ledger.core.progress.status import TargetStatus
from tests.conftest import CONFIG, World

NAMES = st.sampled_from("甲乙丙丁戊己")
PLACES = st.dictionaries(NAMES, st.none() | st.integers(1, 6))


def status(light: Light, *, silent: bool = False) -> TargetStatus:
    return TargetStatus("t", "目标", "accumulate", "6家", light, silent=silent)


def test_silence_is_red_and_what_cannot_be_judged_is_left_out() -> None:
    lights = [Light.MET, Light.BEHIND, Light.FAR_BEHIND, Light.UNKNOWN, Light.UNREPORTED]
    shares = light_shares([*map(status, lights), status(Light.UNREPORTED, silent=True)])
    assert shares == LightShares(red=2, yellow=1, judged=4)


def test_departments_are_ordered_by_red_then_yellow_and_equals_share_a_place() -> None:
    shares = {
        "甲": LightShares(1, 0, 4),
        "乙": LightShares(0, 3, 4),
        "丙": LightShares(2, 0, 8),
        "丁": LightShares(0, 0, 0),
    }
    assert places_by_lights(shares) == {"甲": 2, "乙": 1, "丙": 2, "丁": None}


@given(PLACES, PLACES)
def test_a_flip_is_a_pair_of_neighbours_that_the_other_rule_turns_round(
    own: dict[str, int | None], other: dict[str, int | None]
) -> None:
    for flip in flips(own, "r", other):
        first, second = own[flip.first], own[flip.second]
        assert first is not None
        assert second is not None
        assert first < second
        assert not any(first < place < second for place in own.values() if place is not None)
        assert (other[flip.second] or 0) < (other[flip.first] or 0)


def test_the_same_order_has_no_flips() -> None:
    own = {"甲": 1, "乙": 2, "丙": 3}
    assert list(flips(own, "r", own)) == []
    assert [flip[1:] for flip in flips(own, "r", {"甲": 2, "乙": 1, "丙": 3})] == [("甲", "乙")]


def test_rules_side_by_side(world: World) -> None:
    """金融办 has the better score and one red light of two; 商务局 is slow but never red by points."""
    world.write("data/ledger.yaml", CONFIG + "ranking: {basis: reported}\n")
    world.commit_all("按已报的排")
    assert world("log", "金融办", "listed", "6家", "--on", "2023-05-31").code == 0
    assert world("log", "金融办", "loans", "1亿元", "--on", "2023-05-31").code == 0
    assert world("log", "商务局", "foreign-capital", "4亿美元", "--on", "2023-05-31").code == 0
    assert world("log", "商务局", "overseas", "0.8亿美元", "--on", "2023-05-31").code == 0
    ran = world("rank", "--rules", "--as-of", "2023-05-31", "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert [rule["key"] for rule in answer["rules"]] == [
        "own", "guiyang", "report-10", "default", "yinchuan-2025", "sanya-2022",
    ]  # fmt: skip
    plain = json.loads(world("rank", "--as-of", "2023-05-31", "--format", "json").out)
    assert {row["name"]: row["place"] for row in plain["departments"]} == {
        row["name"]: row["places"]["own"] for row in answer["departments"]
    }
    for flip in answer["flips"]:
        rows = {row["name"]: row["places"] for row in answer["departments"]}
        assert rows[flip["first"]]["own"] < rows[flip["second"]]["own"]
        assert rows[flip["first"]][flip["rule"]] > rows[flip["second"]][flip["rule"]]
    table = world("rank", "--rules", "--as-of", "2023-05-31").out
    assert "本程序亮灯：商务局 在 金融办 前" in table
    assert "贵阳" in table
