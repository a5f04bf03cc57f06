"""The gate over one line: what each check refuses, at both sides of its bounds, and what the refusal names as the way out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.core.errors import LedgerError
from ledger.core.models import Commitment, Entry
from ledger.core.models.base import read_model
from ledger.core.progress import Policy, effective
from ledger.core.structs import replace
from ledger.files.ids import IdMaker
from ledger.files.ledger import ProgressFile
from ledger.files.yaml_reader import parse
from ledger.rules.check.entries import check_places, check_values, figures_fit
from ledger.rules.gate import (
    DoubtfulFigureError,
    EntryDateError,
    EntryReplacedError,
    InvalidEntryError,
    MissingEntryReasonError,
    PendingLine,
    SealedMonthError,
    WriteState,
    find_open_doubts,
    require_valid,
    validate,
)
from ledger.rules.permissions import PermissionDeniedError, action_of
from tests.conftest import CONFIG, FINANCE
from tests.rules.audit.contexts import config

COMMITMENT = read_model(Commitment, parse(FINANCE.encode()).data)  # type: ignore[union-attr]
CONFIGURED = config(
    CONFIG.replace("aliases: [市金融办]", "aliases: [市金融办], reporters: [rep@x], reviewers: [rev@x]")
)
TODAY = date(2023, 7, 10)
ids = IdMaker(lambda: 1_688_000_000_000, bytes)


def entry(**fields: Any) -> Entry:
    return read_model(
        Entry, {"id": ids(), "on": "2023-06-15", "target": "listed", "by": "张三", "add": "1家", **fields}
    )


def refusals(
    line: Entry,
    *lines: Entry,
    email: str = "rep@x",
    today: date = TODAY,
    sealed: date | None = None,
    named: Entry | None = None,
) -> list[LedgerError]:
    named = named or next((one for one in lines if one.id in {line.corrects, line.voids}), None)
    target = next(one for one in COMMITMENT.targets if one.key == line.target)
    state = WriteState(CONFIGURED, Policy.of(CONFIGURED), today, email, sealed, lines)
    pending = PendingLine(COMMITMENT, target, line, named)
    errors = validate(pending, state)
    if errors:
        with pytest.raises(type(errors[0])) as stopped:
            require_valid(pending, state)
        assert str(stopped.value) == str(errors[0])
    else:
        require_valid(pending, state)
    return errors


def kinds(*arguments: Entry, **options: Any) -> list[type[LedgerError]]:
    return [type(one) for one in refusals(*arguments, **options)]


def test_an_ordinary_line() -> None:
    assert refusals(entry()) == []
    assert refusals(entry(), entry(on="2023-05-15"), sealed=date(2023, 5, 31)) == []


VERDICT = {"add": None, "target": "front", "verdict": "unmet", "reason": "尚无依据"}


class TestPermission:
    @pytest.mark.parametrize(
        ("email", "allowed"), [("rep@x", True), (" REP@X", True), ("rev@x", False), ("", False)]
    )
    def test_figures_are_the_reporters(self, email: str, allowed: bool) -> None:
        errors = refusals(entry(on="2099-01-01") if not allowed else entry(), email=email)
        assert [type(one) for one in errors] == ([] if allowed else [PermissionDeniedError]), (
            "nothing else is told"
        )
        assert all("rep@x" in one.message and "金融办 记账" in one.message for one in errors)

    def test_verdicts_are_the_reviewers_and_what_takes_them_back_too(self) -> None:
        verdict = entry(**VERDICT)
        void = entry(add=None, target="front", voids=verdict.id, reason="x 误")
        assert kinds(verdict, email="rep@x") == [PermissionDeniedError]
        assert kinds(verdict, email="rev@x") == []
        assert kinds(void, verdict, email="rep@x") == [PermissionDeniedError]
        assert kinds(void, verdict, email="rev@x") == []


class TestLinks:
    FIRST = entry()

    def test_what_counts_is_corrected_and_withdrawn(self) -> None:
        assert refusals(entry(corrects=self.FIRST.id, add="2家", reason="漏记"), self.FIRST) == []
        assert refusals(entry(voids=self.FIRST.id, add=None, reason="重复"), self.FIRST) == []

    @pytest.mark.parametrize(
        ("link", "verb", "command"), [({"corrects": FIRST.id, "add": "3家"}, "更正", "correct"), ({"voids": FIRST.id, "add": None}, "作废", "void")]
    )  # fmt: skip
    def test_of_what_was_corrected_the_last_counts(
        self, link: dict[str, Any], verb: str, command: str
    ) -> None:
        second = entry(corrects=self.FIRST.id, add="2家", reason="漏记")
        third = entry(corrects=second.id, add="4家", reason="又漏")
        [error] = refusals(entry(reason="x 误", **link), self.FIRST, second, third, named=self.FIRST)
        assert isinstance(error, EntryReplacedError)
        assert f"{self.FIRST.id} 已被 {third.id} 更正（理由：又漏）" in error.message
        assert f"ledger {command} {third.id}" in error.hint
        assert ("恢复更正之前的数" in error.hint) == (verb == "作废")

    @pytest.mark.parametrize("link", ["corrects", "voids"])
    def test_what_was_withdrawn_is_brought_back_first(self, link: str) -> None:
        void = entry(add=None, voids=self.FIRST.id, reason="重复", on="2023-06-20")
        line = entry(reason="x 误", **{link: self.FIRST.id, "add": None if link == "voids" else "2家"})
        [error] = refusals(line, self.FIRST, void)
        assert isinstance(error, EntryReplacedError)
        assert f"{self.FIRST.id} 已被作废（2023-06-20，张三，理由：重复）" in error.message
        assert f"ledger void {void.id} --reason" in error.hint
        back = entry(add=None, voids=void.id, reason="没有重复")
        assert refusals(line, self.FIRST, void, back) == []
        again = entry(add=None, voids=self.FIRST.id, reason="确是重复", on="2023-06-25")
        [error] = refusals(line, self.FIRST, void, back, again)
        assert "（2023-06-25，" in error.message
        assert again.id in error.hint

    def test_a_withdrawal_has_no_figure_to_correct(self) -> None:
        void = entry(add=None, voids=self.FIRST.id, reason="重复")
        [error] = refusals(entry(corrects=void.id, reason="x 误"), self.FIRST, void)
        assert isinstance(error, EntryReplacedError)
        assert f"{void.id} 是一条作废记录" in error.message
        assert refusals(entry(add=None, voids=void.id, reason="没有重复"), self.FIRST, void) == []


class TestReasons:
    FIRST = entry()

    @pytest.mark.parametrize(
        ("fields", "what"),
        [
            ({"corrects": FIRST.id}, "更正"),
            ({"voids": FIRST.id, "add": None}, "作废"),
            ({"late": True}, "补报"),
            ({"unavailable": True, "add": None}, "本期无法统计"),
        ],
    )
    @pytest.mark.parametrize("reason", [None, "\u200b", "……"])
    def test_what_needs_one(self, fields: dict[str, Any], what: str, reason: str | None) -> None:
        errors = refusals(entry(**fields, reason=reason), self.FIRST)
        assert MissingEntryReasonError in map(type, errors)
        assert errors[0].message == f"{what}要写理由，没有写"
        assert MissingEntryReasonError not in kinds(entry(**fields, reason="漏报"), self.FIRST)

    def test_an_ordinary_line_needs_none(self) -> None:
        assert refusals(entry(reason="……")) == []


class TestDates:
    @pytest.mark.parametrize(
        ("on", "today", "example"),
        [
            ("2023-07-10", TODAY, None),
            ("2023-07-11", TODAY, "2023-07-10"),
            ("2023-12-31", date(2024, 1, 5), None),
            ("2024-01-01", date(2024, 1, 5), "2023-12-31"),
            ("2024-01-06", date(2024, 1, 5), "2023-12-31"),
            ("2023-01-01", TODAY, None),
            ("2022-12-31", TODAY, "2023-07-10"),
            ("2022-12-31", date(2022, 12, 31), "2023-01-01"),
        ],
    )
    def test_within_the_year_and_not_to_come(self, on: str, today: date, example: str | None) -> None:
        errors = refusals(entry(on=on), today=today)
        assert [type(one) for one in errors] == ([EntryDateError] if example else [])
        assert all(f"--on {example} " in one.hint and f"数据日期 {on} " in one.message for one in errors)

    def test_a_correction_may_keep_a_date_that_is_wrong(self) -> None:
        first = entry(on="2022-12-31")
        assert kinds(entry(on="2022-12-31", corrects=first.id, add="2家", reason="漏记"), first) == []
        assert kinds(entry(on="2022-12-30", corrects=first.id, add="2家", reason="漏记"), first) == [
            EntryDateError
        ]


class TestSeals:
    SEALED = date(2023, 5, 31)
    MAY = entry(on="2023-05-15")

    @pytest.mark.parametrize(("on", "refused"), [("2023-05-31", True), ("2023-06-01", False)])
    def test_by_date(self, on: str, refused: bool) -> None:
        errors = refusals(entry(on=on), sealed=self.SEALED)
        assert [type(one) for one in errors] == ([SealedMonthError] if refused else [])
        assert all(f"数据日期 {on} " in one.message and "2023-05 及以前" in one.message for one in errors)
        assert refusals(entry(on=on, late=True, reason="省厅年底才下发"), sealed=self.SEALED) == []

    def test_by_effect(self) -> None:
        """Withdrawn under a later date: the day that is named is the one that changes."""
        line = entry(on="2023-06-20", add=None, voids=self.MAY.id, reason="重复")
        [error] = refusals(line, self.MAY, sealed=self.SEALED)
        assert isinstance(error, SealedMonthError)
        assert "数据日期 2023-05-15 " in error.message
        assert refusals(replace(line, late=True), self.MAY, sealed=self.SEALED) == []
        moved = entry(on="2023-05-20", corrects=self.MAY.id, reason="日期写错")
        [error] = refusals(moved, self.MAY, sealed=self.SEALED)
        assert "数据日期 2023-05-20 " in error.message


class TestFigures:
    @pytest.mark.parametrize(
        ("fields", "way"),
        [
            ({"add": "1人"}, ""),
            ({"add": None}, "--none --reason"),
            ({"add": "-1家"}, "--note"),
            ({"add": None, "rank": 3}, ""),
        ],
    )
    def test_what_the_target_cannot_take(self, fields: dict[str, Any], way: str) -> None:
        errors = refusals(entry(**fields))
        assert {type(one) for one in errors} == {InvalidEntryError}
        assert all(one.hint for one in errors)
        assert any(way in one.hint for one in errors)

    def test_others_that_are_wrong_do_not_stop_a_line_that_is_right(self) -> None:
        assert refusals(entry(), entry(add="1人")) == []


class TestDoubts:
    MONTHS = tuple(entry(on=f"2023-0{month}-28", add="1家") for month in range(1, 6))

    def test_an_open_doubt_is_asked_about_and_a_confirmed_one_is_not(self) -> None:
        line = entry(add="1000家")
        [error] = refusals(line, *self.MONTHS)
        assert isinstance(error, DoubtfulFigureError)
        assert error.doubts
        assert error.question == "新增上市公司：" + "；".join(doubt.message for doubt in error.doubts)
        assert error.question in error.message
        assert "--confirm" in error.hint
        confirmed = replace(line, confirmed=tuple(sorted({doubt.rule for doubt in error.doubts})))
        assert refusals(confirmed, *self.MONTHS) == []
        target = COMMITMENT.targets[0]
        state = WriteState(CONFIGURED, Policy.of(CONFIGURED), TODAY, "rep@x", None, self.MONTHS)
        assert find_open_doubts(PendingLine(COMMITMENT, target, line), state) == error.doubts
        assert find_open_doubts(PendingLine(COMMITMENT, target, confirmed), state) == ()

    def test_a_falling_total_is_a_doubt_and_no_fault(self) -> None:
        lines = [entry(on="2023-05-31", add=None, total="5家")]
        assert kinds(entry(add=None, total="3家"), *lines) == [DoubtfulFigureError]


def test_all_that_is_wrong_is_told_up_to_the_first_that_makes_the_rest_idle() -> None:
    line = entry(on="2023-05-20", late=True)
    assert kinds(line, sealed=date(2023, 5, 31)) == [MissingEntryReasonError, SealedMonthError]
    assert kinds(entry(on="2099-05-20", late=True, add="1人")) == [
        MissingEntryReasonError,
        EntryDateError,
        InvalidEntryError,
    ]
    assert kinds(entry(on="2099-05-20", add="1人"), email="x") == [PermissionDeniedError]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "corrects", "voids", "voids", "verifies", "returns"]),
        st.integers(0, 40),
        st.integers(1, 9),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_whatever_chain_the_gate_lets_pass_every_check_calls_sound(steps: list[tuple[str, int, int]]) -> None:
    """Reports, corrections, withdrawals of withdrawals, reviews: what was accepted once stays sound."""
    lines: list[Entry] = []
    for act, number, amount in steps:
        named = lines[number % len(lines)] if lines else None
        if act == "log" or named is None:
            line = entry(on=f"2023-05-{len(lines) % 28 + 1:02}", add=f"{amount}家")
        else:
            figure = f"{amount}家" if act == "corrects" else None
            line = entry(on=named.on, add=figure, reason="核对台账", **{act: named.id})
        state = WriteState(CONFIGURED, Policy.of(CONFIGURED), TODAY, "", None, lines)
        target = next(item for item in COMMITMENT.targets if item.key == "listed")
        rules = tuple(
            doubt.rule for doubt in find_open_doubts(PendingLine(COMMITMENT, target, line, named), state)
        )
        email = "rev@x" if action_of(line, {item.id: item for item in lines}) == "verify" else "rep@x"
        pending = PendingLine(
            COMMITMENT, target, replace(line, confirmed=rules), None if act == "log" else named
        )
        if not validate(pending, replace(state, email=email)):
            lines.append(pending.entry)
    progress = ProgressFile("x.yaml", tuple(lines), tuple(range(1, len(lines) + 1)), ())
    assert list(figures_fit(progress, COMMITMENT, Policy.of(CONFIGURED))) == []
    assert list(check_values(progress, COMMITMENT, Policy.of(CONFIGURED))) == []
    assert list(check_places(progress, COMMITMENT, TODAY)) == []


def test_a_chain_of_withdrawals_taken_back_one_by_one() -> None:
    """Corrected, the correction withdrawn, the report withdrawn, both withdrawals withdrawn: all ends sound."""
    first = entry()
    second = entry(add="2家", corrects=first.id, reason="漏记")
    third = entry(add=None, voids=second.id, reason="没有漏")
    fourth = entry(add=None, voids=first.id, reason="重复")
    fifth = entry(add=None, voids=fourth.id, reason="不重复")
    sixth = entry(add=None, voids=third.id, reason="确有漏记")
    lines: list[Entry] = []
    for line in (first, second, third, fourth, fifth, sixth):
        assert refusals(line, *lines) == []
        lines.append(line)
        progress = ProgressFile("x.yaml", tuple(lines), tuple(range(1, len(lines) + 1)), ())
        assert list(figures_fit(progress, COMMITMENT, Policy.of(CONFIGURED))) == []
    assert [item.add for item in effective(lines)] == ["2家"]
