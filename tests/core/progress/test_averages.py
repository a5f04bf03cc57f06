"""Means with what could not be computed counted beside, alternatives, parts, difficulty, scores and ranking."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ledger.core.models import Commitment
from ledger.core.progress import (
    RULES,
    Light,
    Mean,
    TargetStatus,
    commitment_completion,
    commitment_light,
    commitment_score,
    department_completion,
    department_score,
    ranking,
)
from ledger.core.progress.score import CommitmentScore, too_silent
from ledger.core.structs import replace

from .world import POLICY, POLICY_2023, commitment, policy, share, target


def plan(*rows: str) -> Commitment:
    """A commitment of sums; each row is `key` and whatever more the target carries."""
    return commitment(*(target(f"{{kind: accumulate, goal: {{reach: 10 家}}, {row}}}") for row in rows))


def at(key: str, completion: str | None, *, met: bool | None = None, light: str = "正常") -> TargetStatus:
    value = None if completion is None else share(completion)
    return TargetStatus(key, "目标", "accumulate", "10家", Light(light), completion=value, met=met)


@pytest.mark.parametrize(
    ("rows", "completions", "value", "counted", "uncounted"),
    [
        ("key: a|key: b", "a 50%|b 100%", "75%", 2, 0),
        ("key: a|key: b", "a 50%|b 300%", "75%", 2, 0),  # each capped at 1
        ("key: a|key: b", "a 50%|b -20%", "25%", 2, 0),  # and never below 0
        ("key: a|key: b", "a 50%|b None", "50%", 1, 1),  # no data is not zero
        ("key: a|key: b", "a None|b None", None, 0, 2),
        ("key: a, weight: 3|key: b", "a 50%|b 100%", "5/8", 2, 0),
        ("key: a, weight: 1/2|key: b", "a 50%|b 100%", "5/6", 2, 0),
        ("key: a|key: b, part_of: a", "a 50%|b 100%", "50%", 1, 0),  # a part is never summed with its whole
        ("key: a|key: b, part_of: a", "a 50%|b None", "50%", 1, 0),
        (
            "key: a, any_of: g|key: b, any_of: g|key: c",
            "a 20%|b 60%|c 100%",
            "80%",
            2,
            0,
        ),  # once, by the best
        ("key: a, any_of: g, weight: 3|key: b, any_of: g|key: c", "a 90%|b 60%|c 30%", "75%", 2, 0),
        ("key: a, any_of: g|key: b, any_of: g|key: c", "a None|b 60%|c 100%", "80%", 2, 0),
        ("key: a, any_of: g|key: b, any_of: g|key: c", "a None|b None|c 100%", "100%", 1, 1),
        ("key: a, any_of: g|key: b, any_of: g|key: c", "a 0%|b 60%|c 100%", "80%", 2, 0),
        (
            "key: a, any_of: g|key: b, any_of: g|key: g",
            "a 20%|b 60%|g 100%",
            "80%",
            2,
            0,
        ),  # a group is no key
    ],
)
def test_commitment_completion(
    rows: str, completions: str, value: str | None, counted: int, uncounted: int
) -> None:
    pairs = [part.split() for part in completions.split("|")]
    statuses = [at(key, None if number == "None" else number) for key, number in pairs]
    found = commitment_completion(plan(*rows.split("|")), statuses, POLICY)
    assert found == Mean(None if value is None else share(value), counted, uncounted)


def test_an_alternative_met_without_a_percentage_makes_the_group_full() -> None:
    rows = plan("key: a, any_of: g", "key: b, any_of: g", "key: c")
    statuses = [at("a", None, met=True, light="已达标"), at("b", "40%", met=False), at("c", "50%")]
    assert commitment_completion(rows, statuses, POLICY) == Mean(share("75%"), 2, 0)
    assert commitment_completion(rows, statuses, POLICY_2023) == Mean(share("50%"), 1, 1)


def test_a_group_weighs_as_much_whichever_alternative_is_ahead() -> None:
    rows = plan("key: a, any_of: g, weight: 1", "key: b, any_of: g, weight: 3", "key: c, weight: 3")
    before = [at("a", "20%"), at("b", "25%"), at("c", "50%")]
    after = [at("a", "26%"), at("b", "25%"), at("c", "50%")]
    assert commitment_completion(rows, before, POLICY) == Mean(share("37.5%"), 2, 0)
    assert commitment_completion(rows, after, POLICY) == Mean(share("38%"), 2, 0)
    assert commitment_completion(rows, after, POLICY_2023).value == share("44%")


def test_silence_counts_as_zero_where_a_report_is_overdue() -> None:
    rows = plan("key: a", "key: b", "key: c")
    silent = [
        at("a", "100%"),
        replace(at("b", None, light="未报"), silent=True),
        at("c", None, light="未报"),
    ]
    score = commitment_score(rows, silent, POLICY)
    assert (score.counting_all.value, score.as_reported.value) == (50, 100)
    assert (score.as_reported.counted, score.as_reported.silent, score.as_reported.uncounted) == (1, 1, 2)
    department = department_score([(rows, score)], POLICY)
    assert (department.plain.value, department.coverage) == (50, share("1/2"))
    assert department_score([(rows, score)], policy(ranking={"basis": "reported"})).plain.value == 100
    assert department_score([(rows, score)], policy(ranking={"deduction": "report-10"})).plain.value == 40
    assert too_silent({"金融办": department}, policy(ranking={"coverage": 51})) == {"金融办"}
    assert too_silent({"金融办": department}, policy(ranking={"coverage": 50})) == frozenset()
    assert [row.place for row in ranking({"金融办": Fraction(50)}, {"金融办"})] == [None]


def test_among_alternatives_a_met_one_is_the_best() -> None:
    rows = plan("key: a, any_of: g", "key: b, any_of: g")
    statuses = [at("a", "100%", met=False), at("b", "110%", met=True)]
    assert commitment_completion(rows, statuses, POLICY) == Mean(Fraction(1), 1, 0)


@pytest.mark.parametrize(
    ("lights", "found"),
    [
        ({"a": "已达标", "b": "严重滞后", "c": "正常"}, "正常"),  # a or b
        ({"a": "滞后", "b": "严重滞后", "c": "正常"}, "滞后"),
        ({"a": "未报", "b": "滞后", "c": "已达标"}, "滞后"),
        ({"a": "未报", "b": "已达标", "c": "已达标"}, "已达标"),
        ({"a": "已达标", "b": "未报", "c": "滞后"}, "滞后"),
    ],
)
def test_the_light_of_a_commitment_takes_the_best_of_alternatives(lights: dict[str, str], found: str) -> None:
    rows = plan("key: a, any_of: g", "key: b, any_of: g", "key: c")
    assert commitment_light(rows, [at(key, None, light=one) for key, one in lights.items()], POLICY) == found


def test_targets_without_a_status_are_left_out() -> None:
    rows = plan("key: a, any_of: g", "key: b, any_of: g", "key: c")
    assert commitment_light(rows, [at("b", None, light="滞后")], POLICY) == "滞后"
    assert commitment_completion(rows, [at("c", "50%")], POLICY) == Mean(share("50%"), 1, 0)


RATED = policy(difficulty={"高": "1.5", "中": 1})


def department(*rows: tuple[str | None, str | None]) -> list[tuple[Commitment, Mean]]:
    """Commitments of one department as (difficulty, mean)."""
    made = []
    for difficulty, value in rows:
        mean = Mean(None if value is None else share(value), 1, 0)
        made.append((replace(plan("key: a"), difficulty=difficulty), mean))
    return made


def test_department_completion_is_equal_weight_and_by_difficulty_once_rated() -> None:
    rows = department(("高", "100%"), ("中", "50%"))
    assert department_completion(rows, RATED) == Mean(share("75%"), 2, 0)
    assert department_completion(rows, RATED, by_difficulty=True) == Mean(share("80%"), 2, 0)


def test_an_unrated_commitment_is_counted_beside_and_never_given_a_coefficient() -> None:
    rows = department(("高", "100%"), (None, "50%"), ("极高", "10%"), ("中", None))
    assert department_completion(rows, RATED) == Mean(share("160%") / 3, 3, 1)
    assert department_completion(rows, RATED, by_difficulty=True) == Mean(Fraction(1), 1, 3)
    assert department_completion(department((None, "50%")), RATED, by_difficulty=True) == Mean(None, 0, 1)


@pytest.mark.parametrize(
    ("completion", "score"),
    [("40%", "0.4"), ("100%", "1"), ("250%", "1"), ("0", "0"), ("-30%", "0"), (None, None)],
)
def test_the_ratio_rule_gives_no_credit_above_full_and_none_below_zero(
    completion: str | None, score: str | None
) -> None:
    rows: Any = plan("key: a")
    expected = None if score is None else share(score)
    assert [RULES[name](rows.targets[0], at("a", completion)) for name in ("ratio", "guiyang")] == [
        expected
    ] * 2


def test_scores_plain_and_by_difficulty_side_by_side() -> None:
    rows = plan("key: a, weight: 3", "key: b", "key: c")
    mean = commitment_score(rows, [at("a", "50%"), at("b", "200%"), at("c", None)], POLICY)
    assert mean.as_reported == Mean(Fraction(125, 2), 2, 1)
    scored = [(rows, CommitmentScore(mean, mean)) for rows, mean in department(("高", "100"), ("中", "50"))]
    found = department_score(scored, RATED)
    assert (found.plain.value, found.weighted.value) == (75, 80)


def test_another_rule_is_one_function_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, "all-or-nothing", lambda _, status: Fraction(bool(status.met)))
    rows = plan("key: a", "key: b")
    statuses = [at("a", "150%", met=True), at("b", "99%", met=False)]
    assert commitment_score(rows, statuses, POLICY, "all-or-nothing").as_reported.value == 50
    assert commitment_score(rows, statuses, POLICY).as_reported.value == share("99.5")
    with pytest.raises(KeyError):
        commitment_score(rows, statuses, POLICY, "nobody's")


def test_ranking_shares_places_and_leaves_out_what_has_no_score() -> None:
    scores = {
        "商务局": Fraction(80),
        "国资委": None,
        "金融办": Fraction(90),
        "统计局": Fraction(80),
        "教育局": Fraction(7, 2),
    }
    assert [(row.name, row.score, row.place) for row in ranking(scores)] == [
        ("金融办", 90, 1),
        ("商务局", 80, 2),
        ("统计局", 80, 2),
        ("教育局", Fraction(7, 2), 4),
        ("国资委", None, None),
    ]
    assert ranking({}) == []
