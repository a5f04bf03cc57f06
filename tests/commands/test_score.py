"""`rank` and `status --score`: places with ties, and difficulty beside, counted by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import CONFIG, World

SECOND = """\
id: 商务局-02
department: 商务局
title: 外贸稳规模
year: 2023
difficulty: 难
text: >-
  全年组织参展10次。
targets:
  - key: fairs
    name: 组织参展
    kind: accumulate
    goal: {reach: 10 次}
    quote: 全年组织参展10次
"""


def ranking(world: World, *more: str) -> Any:
    done = world("rank", "--format", "json", *more)
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)["departments"]


@pytest.fixture
def rated(world: World) -> World:
    world.write("data/ledger.yaml", CONFIG + "difficulty: {一般: 1, 难: 3}\n")
    world.write("data/targets/2023/商务局/02.yaml", SECOND)
    world.commit_all("加一项")
    world("rate", "商务局-01", "一般", "--reason", "督查会议")
    world("log", "商务局", "foreign-capital", "16亿美元")
    world("log", "商务局", "overseas", "3亿美元")
    world("log", "商务局", "fairs", "2次")
    world("log", "金融办", "listed", "3家")
    return world


def test_scores_with_and_without_difficulty(rated: World) -> None:
    commerce, finance = ranking(rated)
    # (100 + 20) / 2, and (1·100 + 3·20) / 4
    assert (commerce["name"], commerce["score"], commerce["weighted_score"]) == ("商务局", 60, 40)
    # 新增上市公司 is half done; 贷款, 余额 and 增幅 were never reported and count as zero. Not rated, so no weighted score.
    assert (finance["name"], finance["score"], finance["weighted_score"]) == ("金融办", "12.5", None)
    assert (finance["score_as_reported"], finance["score_counting_all"]) == (50, "12.5")
    assert (finance["reported"], finance["unreported"], finance["coverage"]) == (1, 3, "0.25")
    assert (commerce["place"], finance["place"], finance["weighted_place"]) == (1, 2, None)
    assert finance["weighted_uncounted"] == 1


def test_equal_scores_share_a_place(rated: World) -> None:
    rated.write("data/ledger.yaml", rated.read("data/ledger.yaml") + "ranking: {basis: reported}\n")
    rated.commit_all("只按已报的计")
    assert rated("log", "金融办", "listed", "3.6家", "--total", "--confirm").code == 0
    assert [item["place"] for item in ranking(rated)] == [1, 1]


def test_silence_is_zero_where_reports_are_overdue_and_no_place_before(world: World) -> None:
    assert [(item["score"], item["place"]) for item in ranking(world)] == [(0, 1), (0, 1)]
    early = ranking(world, "--as-of", "2023-02-05")
    assert [(item["score"], item["place"]) for item in early] == [(None, None), (None, None)]


def test_what_is_covered_too_little_is_not_ranked(rated: World) -> None:
    rated.write("data/ledger.yaml", rated.read("data/ledger.yaml") + "ranking: {coverage: 60}\n")
    rated.commit_all("覆盖率")
    assert [(item["name"], item["place"]) for item in ranking(rated)] == [("商务局", 1), ("金融办", None)]


def test_status_shows_the_same_scores(rated: World) -> None:
    done = rated("status", "--score", "--format", "json")
    assert json.loads(done.out)["departments"] == ranking(rated)
    one = rated("status", "--score", "--dept", "商务局")
    assert "商务局-02" in one.out
    assert "20.0" in one.out
    assert rated("status", "--score", "--light", "滞后").code == 2


def test_a_score_short_of_full_never_reads_full() -> None:
    from fractions import Fraction

    from ledger.render.columns import score_points

    assert [score_points(Fraction(n, 10000)) for n in (999_999, 1_000_000, 333_333)] == [
        "99.9",
        "100.0",
        "33.3",
    ]
    assert score_points(None) == "—"
