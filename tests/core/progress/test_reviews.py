"""Verified and returned figures, and remarks: which lines hold, and where a target stands by verified figures alone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.models import Entry
from ledger.core.progress import effective, problems
from ledger.core.progress.judge import assess, assess_verified, entries_of_target, fold
from ledger.core.progress.lights import Light
from ledger.core.progress.reviews import reviews_of
from ledger.core.progress.status import TargetStatus
from tests.core.progress.world import commitment, entries, policy, target, ulid

YEAR_END = date(2023, 12, 31)
LISTED = target("{kind: accumulate, goal: {at_least: 6 家}}")
JAN = {"on": date(2023, 1, 31), "add": "1家"}
FEB = {"on": date(2023, 2, 28), "add": "2家"}


def lines(*rows: dict[str, Any]) -> list[Entry]:
    links = ("verifies", "returns")
    return entries({**row, **{link: ulid(row[link]) for link in links if link in row}} for row in rows)


def both(entry_lines: list[Entry], as_of: date = YEAR_END) -> tuple[TargetStatus, TargetStatus]:
    promise = commitment(LISTED)
    aggregate = fold(LISTED, entry_lines, as_of=as_of, policy=policy())
    status = assess(promise, LISTED, aggregate, as_of=as_of, policy=policy())
    own = entries_of_target(LISTED, entry_lines, as_of)
    return assess_verified(
        promise, LISTED, status, own, reviews_of(entry_lines), as_of=as_of, policy=policy()
    )


def review(on: date = JAN["on"], **fields: Any) -> dict[str, Any]:
    return {"on": on, **fields}


def test_a_review_is_no_report() -> None:
    found = lines(JAN, review(verifies=1), FEB, review(on=FEB["on"], returns=3, reason="不符"))
    assert [entry.id for entry in effective(found)] == [ulid(1), ulid(3)]
    reported, verified = both(found)
    assert (reported.actual, reported.entries) == ("3家", 2)
    assert (verified.actual, verified.completion) == ("1家", Fraction(1, 6))
    assert reported.review is not None
    assert (reported.review.verified, reported.review.unverified) == (1, 1)
    assert [item.reason for item in reported.review.returned] == ["不符"]
    assert reported.review.actual == "1家"


def test_without_reviews_nothing_is_said_of_them() -> None:
    reported, verified = both(lines(JAN, FEB))
    assert reported.review is None
    assert reported.unverified
    assert (verified.light, verified.silent) == (Light.UNKNOWN, False), "it reported: it is not silent"


@pytest.mark.parametrize(
    ("later", "returned", "verified"),
    [
        ([], ["不符"], 0),
        ([review(corrects=1, add="1家", reason="附上佐证")], [], 0),
        ([review(corrects=1, add="1家", reason="附上佐证"), review(verifies=3)], [], 1),
        ([review(verifies=1)], [], 1),
        ([review(voids=2, reason="看错了")], [], 0),
        ([review(corrects=1, add="1家", reason="改"), review(voids=3, reason="不改了")], ["不符"], 0),
        ([review(voids=1, reason="没有这回事")], [], 0),
        ([review(verifies=1), review(voids=3, reason="批错了")], ["不符"], 0),
    ],
    ids=[
        "stands",
        "a correction answers it",
        "the correction is verified",
        "verified after all",
        "the return is withdrawn",
        "the correction is withdrawn",
        "the figure is withdrawn",
        "the verification is withdrawn",
    ],
)
def test_what_becomes_of_a_returned_figure(
    later: list[dict[str, Any]], returned: list[str], verified: int
) -> None:
    reported, _ = both(lines(JAN, review(returns=1, reason="不符"), *later))
    state = reported.review
    reasons = [item.reason for item in state.returned] if state else []
    assert (reasons, state.verified if state else 0) == (returned, verified)


def test_a_correction_is_to_be_verified_anew() -> None:
    reported, verified = both(lines(JAN, review(verifies=1), review(corrects=1, add="5家", reason="漏报")))
    assert reported.actual == "5家"
    assert reported.unverified
    assert verified.actual is None


def test_a_verdict_needs_no_other_reviewer() -> None:
    verdict = lines({"on": JAN["on"], "verdict": "met", "evidence": ["文号"]})
    assert reviews_of(verdict).is_verified(verdict[0])


def test_a_remark_is_shown_from_its_day_on_and_overdue_after_its_term() -> None:
    remark = review(
        on=date(2023, 6, 30), cause="退回补正", measure="重报", owner="李四", until=date(2023, 7, 31)
    )
    found = lines(JAN, remark)
    assert both(found, date(2023, 6, 29))[0].remark is None
    before, after = (both(found, day)[0].remark for day in (date(2023, 7, 31), date(2023, 8, 1)))
    assert before is not None
    assert after is not None
    assert (before.cause, before.owner, before.overdue, after.overdue) == ("退回补正", "李四", False, True)
    ahead = both(lines({**JAN, "add": "6家"}, remark), date(2023, 8, 1))[0].remark
    assert ahead is not None
    assert not ahead.overdue, "it is no more behind"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (review(verifies=9), "link-unknown"),
        (review(returns=1), "no-reason"),
        (review(verifies=1, add="1家"), "review-figure"),
        (review(verifies=1, returns=1, reason="不符"), "link"),
        (review(verifies=1, corrects=1, reason="改"), "link"),
        (review(verifies=2), "review-target"),
        (review(corrects=2, add="1家", reason="改"), "link"),
        (review(cause="慢", corrects=1, reason="改"), "link"),
        (review(cause="慢", until=date(2023, 1, 30)), "remark-until"),
        (review(measure="快些", note="x"), "no-cause"),
        (review(cause="慢"), "no-measure"),
        (review(cause="慢", measure="……"), "no-measure"),
        (review(returns=1, reason="……"), "no-reason"),
        (review(verifies=1, on=date(2023, 3, 1)), "review-date"),
        (review(returns=1, reason="不符", on=date(2023, 3, 1)), "review-date"),
    ],
)
def test_what_check_says_of_a_wrong_review(row: dict[str, Any], code: str) -> None:
    found = lines(JAN, review(cause="还早"), row)
    assert code in [finding.code for finding in problems(LISTED, found, policy())]


@given(st.lists(st.sampled_from(["verify", "return", "void"]), max_size=6))
def test_reviews_never_change_what_was_reported(acts: list[str]) -> None:
    rows: list[dict[str, Any]] = [JAN, FEB]
    for number, act in enumerate(acts, start=3):
        last = {"verify": review(verifies=1), "return": review(returns=1, reason="不符")}.get(act)
        rows.append(last or review(voids=number - 1 if number > 3 else 99, reason="撤销"))
    found = lines(*rows)
    reported, verified = both(found)
    assert reported.actual == "3家"
    assert reported.completion == Fraction(1, 2)
    state = reviews_of(found)
    assert verified.actual == ("1家" if state.is_verified(found[0]) else None)
