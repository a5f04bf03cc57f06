"""The lines of a chart say what a status says on each day, though they are made in one go."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.models.revisions import in_force
from ledger.core.progress import assess, fold
from ledger.core.progress.bounds import Bounds
from ledger.core.progress.burnup import burn_up
from ledger.core.progress.judge import fold_by_day
from ledger.core.progress.months import calendar_months, months

from .world import POLICY, commitment, entries, target

DAYS = st.integers(0, 364).map(lambda number: date(2023, 1, 1) + timedelta(days=number))
TARGETS = [
    "{kind: accumulate, goal: {reach: 12 家}}",
    "{kind: accumulate, goal: {at_most: 12 亿元}}",
    "{kind: accumulate, goal: {about: 12 亿元}}",
    "{kind: accumulate, goal: {reach: 12 亿元}, plan: [{on: 2023-06-30, value: 9 亿元}], due: 2023-11-30}",
    "{kind: accumulate, goal: {reach: 12 亿元}, plan: [{on: 2023-06-30, value: 9 公里}]}",
    "{kind: level, goal: {reach: 80 %}}",
    "{kind: level, goal: {reach: 80 %}, baseline: 60 %}",
    "{kind: level, goal: {at_most: 5 %}, baseline: 9 %}",
    "{kind: level, goal: {at_most: 5 %}, hold: true}",
    "{kind: level, goal: {reach: 380 亿元}, plan: [{on: 2023-06-30, value: 350 亿元}]}",
    "{kind: change, goal: {at_least: 4.3 %}}",
    """{kind: accumulate, goal: {reach: 12 家}, revisions: [{on: 2023-08-01, from: 2023-07-01, by: 甲, reason: 会议纪要,
        was: {goal: {reach: 20 家}, due: null}}], due: 2023-10-31}""",
    "{kind: accumulate, goal: {reach: 12 家}, closed: {on: 2023-09-30, by: 甲, evidence: [文号]}}",
]
FIGURES = {
    "accumulate": ["add", "total"],
    "level": ["value"],
    "change": ["current", "base"],
}
AMOUNTS = st.sampled_from(["3家", "4亿元", "2.5万元", "7%", "若干", "0家", "11亿元", "−1家"])


@st.composite
def reports(draw: st.DrawFn) -> tuple[Any, list[Any]]:
    """A target of a kind that has a curve, with entries that may be good or bad, in any order of days."""
    one = target(draw(st.sampled_from(TARGETS)))
    names = FIGURES[one.kind]
    rows = draw(
        st.lists(
            st.tuples(DAYS, st.lists(st.sampled_from(names), max_size=2, unique=True), AMOUNTS, AMOUNTS),
            max_size=6,
        )
    )
    lines = [
        {"id": number, "on": on, "note": "说明", **dict(zip(given_names, amounts, strict=False))}
        for number, (on, given_names, *amounts) in enumerate(rows, start=1)
    ]
    return one, entries(lines)


@given(reports(), DAYS)
@settings(max_examples=200, deadline=None)
def test_the_lines_are_what_the_status_says_on_each_day(world: tuple[Any, list[Any]], as_of: date) -> None:
    one, rows = world
    promise, on_day = commitment(one), in_force(one, as_of)
    curve = burn_up(promise, one, rows, as_of=as_of, policy=POLICY)
    assert curve is not None
    actual = dict(curve.actual)
    for day in curve.reported:
        assert actual[day] == fold(one, rows, as_of=day, policy=POLICY).figure
    bounds = Bounds.of(on_day.goal, POLICY.tolerance)
    nothing = fold(on_day, (), policy=POLICY)
    for day, value in curve.pace[one.kind == "accumulate" :]:
        share = assess(promise, on_day, nothing, as_of=day, policy=POLICY).expected
        if share is None or bounds is None:
            assert value is None
        else:
            assert value == ((2 - share) * bounds.high if bounds.ceiling else share * bounds.low)


@given(reports(), st.lists(DAYS, max_size=6).map(sorted))
@settings(max_examples=200, deadline=None)
def test_sums_of_all_days_at_once_are_those_of_each(world: tuple[Any, list[Any]], days: list[date]) -> None:
    one, rows = world
    each = [fold(one, rows, as_of=day, policy=POLICY) for day in days]
    assert fold_by_day(one, rows, days, POLICY) == each


@given(st.dates(date(2019, 1, 1), date(2025, 12, 31)), st.dates(date(2019, 1, 1), date(2025, 12, 31)))
def test_every_day_is_one_over_the_length_of_its_month(after: date, until: date) -> None:
    days = sum(
        (
            Fraction((min(end, until) - max(before, after)).days, (end - before).days)
            for before, end in calendar_months(after, until)
        ),
        Fraction(0),
    )
    assert months(after, until) == (days if until > after else 0)
