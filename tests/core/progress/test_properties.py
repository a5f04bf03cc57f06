"""What must hold for any entries whatever: monotone, capped, independent of order, and a withdrawn line is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.models import Entry
from ledger.core.progress import (
    Light,
    TargetStatus,
    assess,
    commitment_completion,
    effective,
    fold,
    problems,
    ranking,
)
from ledger.core.progress.entries import by_target
from ledger.core.quantity import format_amount

from .world import POLICY, commitment, entries, target

DAY = st.integers(0, 364).map(lambda days: date(2023, 1, 1) + timedelta(days=days))
FEW = settings(max_examples=100, deadline=None)
PLANS: dict[str, str] = {
    "accumulate": "{kind: accumulate, goal: {at_least: 60 家}}",
    "level": "{kind: level, goal: {at_most: 60 家}, hold: true}",
    "change": "{kind: change, goal: {reach: 12 %}}",
    "rank": "{kind: rank, goal: {within: 3}}",
    "compare": "{kind: compare, goal: {above: 全省平均}}",
    "milestone": "{kind: milestone, steps: [{key: a, name: 甲}, {key: b, name: 乙}]}",
    "judgement": "{kind: judgement}",
}
whole = st.integers(0, 40)
ROWS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "accumulate": st.one_of(
        whole.map(lambda n: {"add": f"{n} 家"}), whole.map(lambda n: {"total": f"{n} 家"})
    ),
    "level": whole.map(lambda n: {"value": f"{n} 家"}),
    "change": st.one_of(
        whole.map(lambda n: {"value": f"{n}%"}),
        st.tuples(whole, whole).map(lambda two: {"current": f"{two[0]} 家", "base": f"{two[1]} 家"}),
    ),
    "rank": st.integers(1, 11).map(lambda n: {"rank": n}),
    "compare": st.tuples(whole, whole).map(lambda two: {"value": f"{two[0]}%", "benchmark": f"{two[1]}%"}),
    "milestone": st.sampled_from("ab").map(lambda key: {"step": key}),
    "judgement": st.sampled_from([{"verdict": "met", "evidence": ["x"]}, {"verdict": "unmet"}]),
}


@st.composite
def reports(draw: st.DrawFn, *, distinct: bool = False) -> tuple[str, list[dict[str, Any]]]:
    """A kind and entries of it, as rows."""
    kind = draw(st.sampled_from(sorted(PLANS)))
    days = draw(st.lists(DAY, max_size=7, unique=distinct))
    return kind, [{"id": number, "on": day, **draw(ROWS[kind])} for number, day in enumerate(days, start=1)]


def judge(kind: str, lines: Sequence[Entry], as_of: date) -> TargetStatus:
    one = target(PLANS[kind])
    aggregate = fold(one, lines, as_of=as_of, policy=POLICY)
    return assess(commitment(one), one, aggregate, as_of=as_of, policy=POLICY)


@FEW
@given(
    done=st.fractions(0, 100, max_denominator=100),
    more=st.fractions(0, 100, max_denominator=100),
    goal=st.integers(1, 90),
)
def test_completion_of_a_sum_never_falls_with_progress(done: Fraction, more: Fraction, goal: int) -> None:
    one = target({"kind": "accumulate", "goal": {"at_least": f"{goal} 家"}})
    whole_year, end = commitment(one), date(2023, 12, 31)

    def completion(*adds: Fraction) -> TargetStatus:
        lines = entries([{"on": date(2023, 6, 30), "add": format_amount(add, "家")} for add in adds])
        aggregate = fold(one, lines, as_of=end, policy=POLICY)
        return assess(whole_year, one, aggregate, as_of=end, policy=POLICY)

    before, after = completion(done), completion(done, more)
    assert before.completion is not None
    assert after.completion is not None
    assert before.completion == done / goal
    assert after.completion == (done + more) / goal
    assert before.met is not True or after.met is True
    mean = commitment_completion(whole_year, [after], POLICY).value
    assert mean is not None
    assert 0 <= mean <= 1


@FEW
@given(reports(distinct=True), st.randoms(use_true_random=False), DAY)
def test_the_order_of_entries_with_distinct_dates_does_not_matter(
    found: tuple[str, list[dict[str, Any]]], random: Any, as_of: date
) -> None:
    kind, rows = found
    lines = entries(rows)
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert judge(kind, shuffled, as_of) == judge(kind, lines, as_of)


@FEW
@given(reports(), DAY, DAY, st.data())
def test_a_withdrawn_entry_was_never_logged(
    found: tuple[str, list[dict[str, Any]]], as_of: date, on: date, data: st.DataObject
) -> None:
    kind, rows = found
    lines = entries(rows)
    at = data.draw(st.integers(0, len(rows)))
    extra = {"id": "X", "on": on, **data.draw(ROWS[kind])}
    withdrawal = {"id": "Y", "on": data.draw(DAY), "voids": "X", "reason": "重复"}
    with_both = entries([*rows[:at], extra, *rows[at:], withdrawal])
    assert judge(kind, with_both, as_of) == judge(kind, lines, as_of)
    undone = {"id": "Z", "on": on, "voids": "Y", "reason": "作废有误"}
    kept = entries([*rows[:at], extra, *rows[at:]])
    again = entries([*rows[:at], extra, *rows[at:], withdrawal, undone])
    assert judge(kind, again, as_of) == judge(kind, kept, as_of)


@FEW
@given(reports(), DAY, st.data())
def test_a_corrected_entry_is_as_if_it_had_been_right_at_once(
    found: tuple[str, list[dict[str, Any]]], as_of: date, data: st.DataObject
) -> None:
    kind, rows = found
    if not rows:
        return
    at = data.draw(st.integers(0, len(rows) - 1))
    right = {"on": rows[at]["on"], **data.draw(ROWS[kind])}
    wrong_first = entries([*rows, {**right, "id": "X", "corrects": rows[at]["id"], "reason": "笔误"}])
    right_at_once = entries([*rows[:at], {**right, "id": rows[at]["id"]}, *rows[at + 1 :]])
    assert judge(kind, wrong_first, as_of) == judge(kind, right_at_once, as_of)


@FEW
@given(reports(), DAY)
def test_a_stored_tally_serves_every_later_day(found: tuple[str, list[dict[str, Any]]], as_of: date) -> None:
    kind, rows = found
    one, lines = target(PLANS[kind]), entries(rows)
    stored = fold(one, lines, policy=POLICY)
    if stored.last_on is None or stored.last_on <= as_of:
        assert stored == fold(one, lines, as_of=as_of, policy=POLICY)


@FEW
@given(reports(), DAY)
def test_a_light_agrees_with_what_stands_beside_it(
    found: tuple[str, list[dict[str, Any]]], as_of: date
) -> None:
    kind, rows = found
    one = judge(kind, entries(rows), as_of)
    assert (one.light is Light.MET) == (one.met is True)
    reported = any(row["on"] <= as_of for row in rows)
    assert reported or one.light in {Light.UNREPORTED, Light.FAR_BEHIND}
    assert not reported or one.light is not Light.UNREPORTED
    assert one.light is not Light.UNKNOWN or one.reason is not None
    assert kind not in {"rank", "compare", "judgement"} or one.completion is None
    assert one.completion is not None or one.gap is None


HOSTILE = st.text("0123456789.万亿家%百分点-−≤约/ 一两", max_size=8)
ANYTHING = st.fixed_dictionaries(
    {"on": DAY},
    optional={
        **dict.fromkeys(("add", "total", "value", "current", "base", "benchmark", "step", "rate"), HOSTILE),
        "rank": st.integers(1, 20),
        "of": st.integers(1, 20),
        "verdict": st.sampled_from(["met", "unmet"]),
        "corrects": st.integers(1, 9),
        "voids": st.integers(1, 9),
        "note": st.text(max_size=3),
    },
)


@settings(max_examples=250, deadline=None)
@given(kind=st.sampled_from(sorted(PLANS)), rows=st.lists(ANYTHING, max_size=6), as_of=DAY)
def test_no_entry_whatever_breaks_the_arithmetic(kind: str, rows: list[dict[str, Any]], as_of: date) -> None:
    lines = entries(rows)
    found = judge(kind, lines, as_of)
    assert found.met is None or found.light is not Light.UNREPORTED
    named = {problem.place.entry for problem in problems(target(PLANS[kind]), lines, POLICY)}
    assert named <= {line.id for line in lines}
    (group,) = by_target(lines).values() or [()]
    assert tuple(group) == effective(lines)
    assert judge(kind, group, as_of) == found  # already effective: nothing is applied twice
    if found.reason is not None and found.reason.startswith("无法计算"):
        assert problems(target(PLANS[kind]), lines, POLICY), (
            found.reason
        )  # check names what status cannot use


@FEW
@given(st.dictionaries(st.text(max_size=3), st.none() | st.integers(0, 5).map(Fraction), max_size=8))
def test_a_ranking_holds_everybody_once_best_first(scores: dict[str, Fraction | None]) -> None:
    places = ranking(scores)
    assert sorted(row.name for row in places) == sorted(scores)
    known = [row for row in places if row.score is not None]
    assert [row.score for row in known] == sorted(
        (row.score for row in known if row.score is not None), reverse=True
    )
    for row in known:
        assert row.place == 1 + sum(
            other.score > row.score for other in known if other.score is not None and row.score is not None
        )
    assert all(row.place is None for row in places if row.score is None)
