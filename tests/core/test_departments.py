"""What departments are called on a day, and who is in charge: examples from real reforms, and properties of any sequence of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.models import Department, DepartmentHistory, Reorganisation
from ledger.core.models.base import FieldError
from ledger.core.models.departments import ReorganisationKind, reorganised, require_consistent

JANUARY, MAY, JULY, DECEMBER = (date(2023, month, 1) for month in (1, 5, 7, 12))
NAMES = ("金融办", "商务局", "统计局", "国资委", "金融局", "综合局", "大综合局")


def fact(kind: ReorganisationKind, sources: str, to: str, on: date, year: int = 2023) -> Reorganisation:
    if kind == "transfer":
        return Reorganisation(
            kind=kind, commitment=sources, year=year, to=to, on=on, by="张三", reason="改革"
        )
    return Reorganisation(
        kind=kind, departments=tuple(sources.split()), to=to, on=on, by="张三", reason="改革"
    )


def history(*facts: Reorganisation) -> DepartmentHistory:
    require_consistent(NAMES, facts)
    return DepartmentHistory(NAMES, facts)


RENAMED = history(fact("rename", "金融办", "金融局", JULY))
CHAIN = history(
    fact("merge", "金融局 统计局", "综合局", JULY),
    fact("rename", "金融办", "金融局", MAY),
    fact("merge", "综合局 商务局", "大综合局", DECEMBER),
)
"""Recorded in another order than they happened."""


def test_without_changes_every_name_is_itself() -> None:
    none = DepartmentHistory(NAMES, ())
    assert not none
    assert none.in_charge(2023, "金融办-03", JULY) == "金融办"
    assert none.resolve("金融办", JULY) == ("金融办",)


@pytest.mark.parametrize(
    ("day", "name"), [(JULY - timedelta(1), "金融办"), (JULY, "金融局"), (DECEMBER, "金融局")]
)
def test_a_new_name_counts_from_its_day(day: date, name: str) -> None:
    assert RENAMED.in_charge(2023, "金融办-03", day) == name
    assert RENAMED.resolve("金融办", day) == RENAMED.resolve("金融局", day) == (name,)


def test_a_chain_is_followed_whatever_the_order_of_its_record() -> None:
    names = [CHAIN.in_charge(2023, "金融办-01", day) for day in (JANUARY, MAY, JULY, DECEMBER)]
    assert names == ["金融办", "金融局", "综合局", "大综合局"]
    assert CHAIN.in_charge(2023, "商务局-02", DECEMBER) == "大综合局"
    assert CHAIN.in_charge(2023, "国资委-02", DECEMBER) == "国资委"
    assert CHAIN.resolve("统计局", DECEMBER) == ("大综合局",)


def test_a_merged_department_means_its_parts_before_the_day() -> None:
    assert CHAIN.resolve("大综合局", JULY) == ("综合局", "商务局")
    assert CHAIN.resolve("大综合局", MAY) == ("金融局", "统计局", "商务局")
    assert CHAIN.resolve("综合局", JANUARY) == ("金融办", "统计局")


def test_one_that_stays_is_there_before_and_after() -> None:
    absorbed = history(fact("absorb", "统计局", "商务局", JULY))
    assert absorbed.exists("商务局", JANUARY)
    assert absorbed.exists("商务局", JULY)
    assert absorbed.exists("统计局", JANUARY)
    assert not absorbed.exists("统计局", JULY)
    assert absorbed.resolve("商务局", JANUARY) == ("商务局",)
    assert absorbed.in_charge(2023, "统计局-01", JULY) == "商务局"


def test_a_commitment_goes_with_the_department_that_got_it() -> None:
    moved = history(
        fact("transfer", "金融办-03", "商务局", MAY),
        fact("rename", "金融办", "金融局", JULY),
        fact("transfer", "金融办-03", "金融局", DECEMBER),
    )
    assert [moved.in_charge(2023, "金融办-03", day) for day in (JANUARY, MAY, JULY, DECEMBER)] == [
        "金融办", "商务局", "商务局", "金融局",
    ]  # fmt: skip
    assert moved.in_charge(2023, "金融办-04", JULY) == "金融局"
    assert moved.in_charge(2022, "金融办-03", MAY) == "金融办"
    assert [change.text for change in moved.changes_of(2023, "金融办-03")] == [
        "金融办-03 划转给商务局",
        "金融办-03 划转给金融局",
    ]
    assert moved.folders(2023, NAMES, {"商务局"}, MAY) == {"商务局", "金融办"}
    assert moved.folders(2023, NAMES, {"金融局"}, JULY) == {"金融办", "金融局"}


def test_a_plan_signed_under_a_name_of_the_past_is_that_of_the_heir() -> None:
    assert RENAMED.in_charge(2024, "金融办-01", date(2024, 1, 1)) == "金融局"
    assert RENAMED.in_charge(2022, "金融办-01", date(2022, 12, 31)) == "金融办"
    assert RENAMED.in_charge(2022, "金融办-01", date(2023, 12, 31)) == "金融局"


def test_a_department_may_go_back_to_its_old_name() -> None:
    back = history(fact("rename", "金融办", "金融局", MAY), fact("rename", "金融局", "金融办", JULY))
    assert [back.in_charge(2023, "金融办-01", day) for day in (JANUARY, MAY, JULY)] == [
        "金融办", "金融局", "金融办",
    ]  # fmt: skip
    assert back.resolve("金融局", JULY) == ("金融办",)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([fact("rename", "金融办", "金融局", JULY), fact("rename", "金融办", "综合局", JULY)], "同一天"),
        ([fact("rename", "金融办", "金融局", JULY), fact("rename", "金融局", "综合局", JULY)], "同一天"),
        ([fact("rename", "金融办", "金融局", MAY), fact("rename", "金融办", "综合局", JULY)], "不再存在"),
        ([fact("rename", "金融办", "金融局", MAY), fact("rename", "统计局", "金融局", JULY)], "已有这个部门"),
        ([fact("rename", "金融办", "财政局", JULY)], "不在名单里"),
        ([fact("absorb", "金融办", "商务局", MAY), fact("absorb", "统计局", "金融办", JULY)], "不存在"),
        ([fact("rename", "商务局", "综合局", MAY), fact("transfer", "金融办-03", "商务局", JULY)], "不存在"),
        ([fact("transfer", "金融办-03", "财政局", JULY)], "不在名单里"),
        (
            [fact("transfer", "金融办-03", "商务局", JULY), fact("transfer", "金融办-03", "国资委", JULY)],
            "同一天",
        ),
    ],
    ids=range(9),
)
def test_what_cannot_have_happened_is_refused(facts: list[Reorganisation], words: str) -> None:
    with pytest.raises(FieldError, match=words):
        require_consistent(NAMES, facts)


def test_who_may_write_for_those_that_end_may_write_for_the_heir() -> None:
    departments = (
        Department(name="金融办", reporters=("a@x", "b@x"), reviewers=("r@x",), aliases=("市金融办",)),
        Department(name="商务局", reporters=("c@x",), frequency="每季"),
    )
    (former, new, other) = reorganised(departments, fact("rename", "金融办", "金融局", JULY))
    assert (former, other) == departments
    assert (new.name, new.reporters, new.reviewers, new.aliases) == (
        "金融局", ("a@x", "b@x"), ("r@x",), (),
    )  # fmt: skip
    absorbed = reorganised(departments, fact("absorb", "金融办", "商务局", JULY))
    assert [row.name for row in absorbed] == ["金融办", "商务局"]
    assert (absorbed[1].reporters, absorbed[1].frequency) == (("c@x", "a@x", "b@x"), "每季")
    assert reorganised(departments, fact("transfer", "金融办-03", "商务局", JULY)) == departments


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["rename", "merge", "absorb", "transfer"]),
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True),
        st.sampled_from(NAMES),
        st.integers(0, 300).map(lambda days: JANUARY + timedelta(days)),
    ),
    max_size=6,
)


@given(MOVES, st.integers(0, 364).map(lambda days: JANUARY + timedelta(days)))
def test_every_commitment_has_one_department_that_exists(
    moves: list[tuple[ReorganisationKind, list[str], str, date]], day: date
) -> None:
    facts: list[Reorganisation] = []
    for kind, sources, to, on in moves:
        names = (
            f"{sources[0]}-01" if kind == "transfer" else " ".join(sources[: 1 if kind == "rename" else 3])
        )
        try:
            candidate = fact(kind, names, to, on)
            require_consistent(NAMES, [*facts, candidate])
        except FieldError:
            continue
        facts.append(candidate)
    current = DepartmentHistory(NAMES, facts)
    for folder in NAMES:
        charged = current.in_charge(2023, f"{folder}-01", day)
        # A folder of a department that is founded later belongs to no plan of the day.
        if current.exists(folder, JANUARY) or current.exists(folder, day):
            assert current.exists(charged, day), (facts, folder, charged)
        assert all(current.exists(name, day) for name in current.resolve(folder, day))
        if current.exists(folder, JANUARY):
            assert folder in current.folders(2023, NAMES, {charged}, day)
