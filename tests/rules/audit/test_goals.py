"""Changes of a commitment file: every field is protected, records of changes are true, and goals do not sink late in the year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from ledger.core.findings import Finding
from ledger.core.models import Commitment, LedgerConfig
from ledger.core.models.base import fields_of, read_model
from ledger.core.models.targets import Accumulate, Change, Compare, Judgement, Level, Milestone, Rank
from ledger.core.structs import replace
from ledger.files.yaml_reader import parse
from ledger.git import Commit, FileChange
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.commit_rules.goals import WORDS, actions_of, check_commitment_changes
from ledger.rules.audit.policy import AccessPolicy
from tests.conftest import CONFIG

pytestmark = pytest.mark.usefixtures("told_findings")
PATH = "data/targets/2023/金融办/01.yaml"
EARLY, LATE = datetime(2023, 5, 20, 4, tzinfo=UTC), datetime(2023, 11, 20, 4, tzinfo=UTC)
FILE = """\
id: 金融办-01
department: 金融办
title: 金融提质
year: 2023
text: 全年新增上市公司6家，年末总资产380亿元，绿色贷款增长12%，信贷资产质量前三，高于全省平均，出台意见，走在前列。
targets:
  - key: listed
    name: 新增上市公司
    kind: accumulate
    goal: {at_least: 6 家}
    stretch: [{at_least: 8 家}]
    weight: 2
    due: 2023-11-30
    plan: [{on: 2023-06-30, value: 3 家}]
    note: 不含新三板
    hedge: 力争
    quote: 新增上市公司6家
  - key: assets
    name: 总资产
    kind: level
    goal: {at_least: 380 亿元}
    baseline: 300 亿元
    hold: true
    quote: 年末总资产380亿元
  - key: green
    name: 绿色贷款增幅
    kind: change
    goal: {reach: 12 %}
    direction: increase
    any_of: loans
    quote: 绿色贷款增长12%
  - key: quality
    name: 信贷资产质量
    kind: rank
    goal: {within: 3}
    among: 全省
    baseline: 4
    any_of: loans
    quote: 信贷资产质量前三
  - key: above
    name: 高于全省
    kind: compare
    goal: {above: 全省平均}
    unit: "%"
    part_of: green
    quote: 高于全省平均
  - key: paper
    name: 出台意见
    kind: milestone
    steps: [{key: draft, name: 起草, due: 2023-06-30}, {key: done, name: 出台}]
    quote: 出台意见
  - key: front
    name: 走在前列
    kind: judgement
    review: [2023-12-31]
    quote: 走在前列
context:
  - {quote: 2023年, reason: 年份}
"""


def config(text: str = CONFIG) -> LedgerConfig:
    return read_model(LedgerConfig, parse(text.encode()).data)  # type: ignore[union-attr]


def context_of(
    old: str | None,
    new: str,
    *,
    when: datetime = EARLY,
    message: str = "改动",
    policy: LedgerConfig | None = None,
    **more: int,
) -> CommitContext:
    """Return the context of a commit that changes the file from `old` to `new`."""
    blobs = {"a" * 40: (old or "").encode(), "b" * 40: new.encode()}
    modes = ("000000" if old is None else "100644", "100644")
    change = FileChange(PATH, "M", *modes, "0" * 40 if old is None else "a" * 40, "b" * 40)
    seconds = int(when.timestamp())
    commit = Commit(
        "c" * 40,
        message,
        ("p" * 40,),
        "管理员",
        "admin@x",
        seconds,
        when.isoformat(),
        "管理员",
        "admin@x",
        seconds,
        (change,),
    )
    return CommitContext(
        commit,
        (change,),
        {},
        AccessPolicy(policy or config()),
        blobs.__getitem__,
        lambda _: {},
        started=True,
        **more,
    )


def findings_of(old: str, new: str, **options: object) -> list[Finding]:
    return list(check_commitment_changes(context_of(old, new, **options)))  # type: ignore[arg-type]


def found(old: str, new: str, **options: object) -> list[tuple[str, int]]:
    """Return code and line of every finding about a change."""
    findings = findings_of(old, new, **options)
    assert all(
        finding.origin.commit == "c" * 40 and finding.place.path == PATH and finding.message
        for finding in findings
    )
    return [(finding.code, finding.place.line) for finding in findings]


def change(old: str, new: str, text: str = FILE) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def revised(old: str, new: str, was: str, on: str = "2023-05-20") -> str:
    """Change a field of the first target and record it."""
    record = f"    revisions:\n      - {{on: {on}, by: 管理员, reason: 会议纪要, was: {{{was}}}}}\n"
    return change("    quote: 新增上市公司6家\n", "    quote: 新增上市公司6家\n" + record, change(old, new))


EVERY_FIELD = {
    ("", "id"): ("id: 金融办-01", "id: 金融办-02"),
    ("", "department"): ("department: 金融办", "department: 商务局"),
    ("", "title"): ("title: 金融提质", "title: 金融"),
    ("", "year"): ("year: 2023", "year: 2024"),
    ("", "period_from"): ("year: 2023", "year: 2023\nfrom: 2023-02-01"),
    ("", "period_to"): ("year: 2023", "year: 2023\nto: 2024-03-31"),
    ("", "difficulty"): ("year: 2023", "year: 2023\ndifficulty: 难"),
    ("", "partners"): ("year: 2023", "year: 2023\npartners: [商务局]"),
    ("", "text"): ("走在前列。", "走在前列"),
    ("", "context"): ("reason: 年份", "reason: 年度"),
    ("listed", "name"): ("name: 新增上市公司", "name: 上市公司"),
    ("listed", "kind"): ("    kind: accumulate", "    kind: level"),
    ("listed", "goal"): ("{at_least: 6 家}", "{at_least: 5 家}"),
    ("listed", "stretch"): ("{at_least: 8 家}", "{at_least: 7 家}"),
    ("listed", "weight"): ("weight: 2", "weight: 1/2"),
    ("listed", "due"): ("due: 2023-11-30", "due: 2023-12-31"),
    ("listed", "plan"): ("value: 3 家", "value: 1 家"),
    ("listed", "frequency"): ("    weight: 2", "    weight: 2\n    frequency: 每季"),
    ("listed", "note"): ("note: 不含新三板", "note: 含新三板"),
    ("listed", "hedge"): ("hedge: 力争", "hedge: 争取"),
    ("listed", "quote"): ("quote: 新增上市公司6家", "quote: 新增上市公司"),
    ("listed", "part_of"): ("    weight: 2", "    weight: 2\n    part_of: assets"),
    ("assets", "baseline"): ("baseline: 300 亿元", "baseline: 350 亿元"),
    ("assets", "hold"): ("hold: true", "hold: false"),
    ("green", "direction"): ("direction: increase", "direction: decrease"),
    ("green", "any_of"): ("    direction: increase\n    any_of: loans", "    direction: increase"),
    ("quality", "goal"): ("{within: 3}", "{within: 5}"),
    ("quality", "among"): ("among: 全省", "among: 全市"),
    ("quality", "baseline"): ("baseline: 4", "baseline: 9"),
    ("above", "goal"): ("{above: 全省平均}", "{above: 全市平均}"),
    ("above", "unit"): ('unit: "%"', "unit: 百分点"),
    ("above", "part_of"): ("part_of: green", "part_of: listed"),
    ("paper", "steps"): ("steps: [{key: draft, name: 起草, due: 2023-06-30}, ", "steps: ["),
    ("front", "review"): ("review: [2023-12-31]", "review: []"),
}
_MODELS = (Commitment, Accumulate, Level, Change, Rank, Compare, Milestone, Judgement)
_NOT_HERE = {"draft", "targets", "revisions", "closed", "key"}
"""A confirmed file has no draft mark, a key is the target's identity; the others have tests of their own."""


def test_every_field_of_the_models_is_changed_below() -> None:
    every = {field for model in _MODELS for field in fields_of(model)} - _NOT_HERE
    assert every <= {field for _, field in EVERY_FIELD}
    assert every <= WORDS.keys()


@pytest.mark.parametrize(("key", "field"), EVERY_FIELD)
def test_a_field_changed_without_a_reason(key: str, field: str) -> None:
    new = change(*EVERY_FIELD[key, field])
    codes = found(FILE, new)
    assert [code for code, _ in codes] == ["goal"]
    assert found(FILE, new, message="改动\n\nLedger-Reason: 会议纪要\n") == (
        [] if (key, field) not in _RECORDED else codes
    ), "a reason in the commit does, but not where the former value would be lost"


_RECORDED = {
    ("listed", "name"), ("listed", "goal"), ("listed", "stretch"), ("listed", "weight"), ("listed", "due"), ("listed", "plan"),
    ("assets", "baseline"),
    ("quality", "goal"), ("quality", "baseline"), ("above", "goal"), ("above", "unit"),
}  # fmt: skip
_EASE = {
    ("", "year"), ("", "period_from"), ("", "period_to"), ("listed", "kind"), ("listed", "goal"), ("listed", "weight"),
    ("listed", "due"), ("listed", "plan"), ("listed", "part_of"), ("listed", "stretch"), ("assets", "baseline"), ("assets", "hold"),
    ("green", "direction"), ("green", "any_of"), ("quality", "goal"), ("quality", "among"), ("quality", "baseline"), ("above", "goal"),
    ("above", "unit"), ("above", "part_of"), ("paper", "steps"),
}  # fmt: skip


@pytest.mark.parametrize(("key", "field"), EVERY_FIELD)
def test_a_field_that_makes_a_target_easier_late_in_the_year(key: str, field: str) -> None:
    codes = [code for code, _ in found(FILE, change(*EVERY_FIELD[key, field]), when=LATE)]
    assert codes == (["goal", "goal-lowered"] if (key, field) in _EASE else ["goal"])


def test_the_line_of_the_changed_field_is_named() -> None:
    new = change("weight: 2", "weight: 1")
    assert found(FILE, new, when=LATE) == [
        ("goal", line_of(new, "1\n    due")),
        ("goal-lowered", line_of(new, "1\n    due")),
    ]


@pytest.mark.parametrize(
    ("new", "lowered"),
    [
        ("{at_least: 5 家}", True),
        ("{at_least: 7 家}", False),
        ("{reach: 6 家}", False),
        ("{above: 6 家}", False),
        ("{above: 5 家}", True),
        ("{at_most: 6 家}", True),
        ("{about: 6 家}", True),
        ("{between: [6 家, 9 家]}", False),
        ("{between: [5 家, 9 家]}", True),
        ("{at_least: 6 个}", True),
        ("{at_least: 6000 万元}", True),
    ],
)
def test_goals_are_compared_by_what_meets_them(new: str, lowered: bool) -> None:
    text = revised("goal: {at_least: 6 家}", f"goal: {new}", "goal: {at_least: 6 家}")
    if "家" not in new:
        text = text.replace("8 家", "8 个" if "个" in new else "8000 万元").replace(
            "3 家", "3 个" if "个" in new else "3 万元"
        )
    codes = {code for code, _ in found(FILE, text, when=LATE)}
    assert ("goal-lowered" in codes) is lowered
    assert found(FILE, text, when=EARLY) == [] or "家" not in new


def test_goals_in_a_unit_of_the_ledgers_own() -> None:
    rules = config(CONFIG + "units: {打: 12 家}\n")
    old = change("goal: {at_least: 6 家}", "goal: {at_least: 1 打}").replace("8 家", "2 打")
    lower = revised("goal: {at_least: 6 家}", "goal: {at_least: 11 家}", "goal: {at_least: 1 打}").replace(
        "{at_least: 8 家}", "{at_least: 24 家}"
    )
    higher = lower.replace("{at_least: 11 家}", "{at_least: 13 家}")
    assert "goal-lowered" in {code for code, _ in found(old, lower, when=LATE, policy=rules)}
    assert "goal-lowered" not in {code for code, _ in found(old, higher, when=LATE, policy=rules)}
    assert found(old, lower, when=EARLY, policy=rules) == found(old, higher, when=EARLY, policy=rules)


class TestTheTimeIsTheCommits:
    lower = revised(
        "goal: {at_least: 6 家}", "goal: {at_least: 5 家}", "goal: {at_least: 6 家}", on="2023-04-01"
    )

    def lowered(self, **options: object) -> bool:
        return "goal-lowered" in {code for code, _ in found(FILE, self.lower, **options)}

    def test_not_the_records(self) -> None:
        assert [code for code, _ in found(FILE, self.lower, when=LATE)] == ["goal", "goal-lowered"]

    def test_no_earlier_than_its_parent(self) -> None:
        assert self.lowered(when=EARLY, after=int(LATE.timestamp()))

    def test_the_servers_where_there_is_one(self) -> None:
        assert self.lowered(when=EARLY, now=int(LATE.timestamp()))
        assert not self.lowered(when=LATE, now=int(EARLY.timestamp()))

    def test_the_first_day_counts(self) -> None:
        assert not self.lowered(when=datetime(2023, 9, 30, tzinfo=UTC))
        assert self.lowered(when=datetime(2023, 10, 1, tzinfo=UTC))
        rules = config(CONFIG + "lowering_from: 04-01\n")
        assert self.lowered(when=EARLY, policy=rules)


class TestStretch:
    """Further goals that are only compared with sink no more than the goal does."""

    @pytest.mark.parametrize(
        ("new", "lowered"),
        [
            ("[{at_least: 9 家}]", False),
            ("[{at_least: 8 家}, {at_least: 10 家}]", False),
            ("[{at_least: 7 家}]", True),
            ("[]", True),
            ("[{at_least: 7 家}, {at_least: 10 家}]", True),
        ],
    )
    def test_lowered_late(self, new: str, lowered: bool) -> None:
        text = revised(
            "stretch: [{at_least: 8 家}]", f"stretch: {new}", "stretch: [{at_least: 8 家}]", "2023-11-20"
        )
        assert [code for code, _ in found(FILE, text, when=LATE)] == (["goal-lowered"] if lowered else [])
        early = text.replace("on: 2023-11-20", "on: 2023-05-20")
        assert found(FILE, early, when=EARLY) == []


class TestWhoAndWhen:
    """A record of a change names who committed it, and the day: nobody signs for another or dates back."""

    kept = revised("goal: {at_least: 6 家}", "goal: {at_least: 7 家}", "goal: {at_least: 6 家}")
    closed = change(
        "    hedge: 力争\n", "    hedge: 力争\n    closed: {on: 2023-05-20, by: 管理员, evidence: [文件]}\n"
    )

    @pytest.mark.parametrize(
        ("on", "is_found"),
        [
            ("1999-01-01", True),
            ("2023-05-18", True),
            ("2023-05-19", False),
            ("2023-05-21", False),
            ("2023-05-22", True),
            ("2099-01-01", True),
        ],
    )
    def test_the_day(self, on: str, is_found: bool) -> None:
        for text in (self.kept, self.closed):
            new = text.replace("on: 2023-05-20", f"on: {on}")
            line = line_of(new, f"on: {on}")
            assert found(FILE, new) == ([("goal", line)] if is_found else [])

    def test_of_a_demonstration_no_day_is_compared(self) -> None:
        rules = config(CONFIG.replace("year: 2023\n", "year: 2023\nsimulated: true\n"))
        assert found(FILE, self.kept.replace("on: 2023-05-20", "on: 2023-03-20"), policy=rules) == []

    @pytest.mark.parametrize(
        ("by", "is_found"), [("李四", True), ("管理", True), ("管理员.", False), ("管 理员", False)]
    )
    def test_the_name(self, by: str, is_found: bool) -> None:
        for text in (self.kept, self.closed):
            new = text.replace("by: 管理员", f'by: "{by}"')
            line = line_of(new, f'by: "{by}"')
            assert found(FILE, new) == ([("goal", line)] if is_found else [])

    def test_from_another_day(self) -> None:
        """The way out of a wrong day: `from` says since when the change holds."""
        assert found(FILE, self.kept.replace("on: 2023-05-20", "on: 2023-05-20, from: 2023-04-01")) == []


class TestRecords:
    kept = revised("goal: {at_least: 6 家}", "goal: {at_least: 5 家}", "goal: {at_least: 6 家}")

    def test_a_record_of_what_was(self) -> None:
        assert found(FILE, self.kept) == []

    def test_a_record_of_something_else(self) -> None:
        new = self.kept.replace("was: {goal: {at_least: 6 家}}", "was: {goal: {at_least: 4 家}}")
        assert [code for code, _ in found(FILE, new)] == ["goal", "goal"]

    def test_a_record_of_no_change(self) -> None:
        new = revised("weight: 2", "weight: 2", "weight: 2")
        assert [code for code, _ in found(FILE, new)] == ["goal"]

    def test_an_invented_chain(self) -> None:
        new = revised("weight: 2", "weight: 3", "weight: 1")
        assert [code for code, _ in found(FILE, new)] == ["goal", "goal"]

    def test_a_step_that_never_was(self) -> None:
        """Between two changes of one commit stands a goal that no version of the file held."""
        second = "      - {on: 2023-05-20, by: 管理员, reason: 再议, was: {goal: {at_least: 7 家}}}\n"
        first = self.kept[: self.kept.index("  - key: assets")]
        both = first + second + self.kept[len(first) :]
        assert found(FILE, both) == [("goal", line_of(both, "revisions:") + 1)]
        assert (
            found(
                self.kept,
                both.replace("{at_least: 5 家}", "{at_least: 4 家}", 1).replace(
                    "at_least: 7 家", "at_least: 5 家"
                ),
            )
            == []
        )

    def test_two_fields_in_one_commit(self) -> None:
        other = "      - {on: 2023-05-20, by: 管理员, reason: 再议, was: {weight: 2}}\n"
        first = change("weight: 2", "weight: 3", self.kept)
        end = first.index("  - key: assets")
        assert found(FILE, first[:end] + other + first[end:]) == []

    @pytest.mark.parametrize("cut", ["removed", "edited"])
    def test_a_record_cut(self, cut: str) -> None:
        start = self.kept.index("    revisions:")
        end = self.kept.index("  - key: assets")
        new = (
            self.kept[:start] + self.kept[end:] if cut == "removed" else self.kept.replace("会议纪要", "口头")
        )
        assert [code for code, _ in found(self.kept, new)] == ["goal"]

    def test_of_another_target_does_not_count(self) -> None:
        new = change("baseline: 300 亿元", "baseline: 350 亿元", self.kept)
        assert [code for code, _ in found(FILE, new)] == ["goal"]


class TestTargets:
    extra = "  - {key: easy, name: 容易, kind: milestone, quote: 走在前列}\n"

    def test_added(self) -> None:
        new = change("context:\n", self.extra + "context:\n")
        assert found(FILE, new) == [("goal", line_of(new, "{key: easy"))]
        assert found(FILE, new, message="改\n\nLedger-Reason: 会议\n") == []
        assert [code for code, _ in found(FILE, new, when=LATE)] == ["goal", "goal-lowered"]

    def test_removed(self) -> None:
        start, end = FILE.index("  - key: front"), FILE.index("context:")
        new = FILE[:start] + FILE[end:]
        assert found(FILE, new) == [("goal", 0)]
        assert [code for code, _ in found(FILE, new, when=LATE)] == ["goal", "goal-lowered"]

    def test_a_key_renamed_is_one_removed_and_one_added(self) -> None:
        new = change("key: front", "key: ahead")
        assert [code for code, _ in found(FILE, new)] == ["goal", "goal"]

    def test_a_commitment_added_late(self) -> None:
        late = list(check_commitment_changes(context_of(None, FILE, when=LATE)))
        assert [item.code for item in late] == ["goal-lowered"]
        assert not list(check_commitment_changes(context_of(None, FILE)))


class TestClosing:
    closed = "    closed: {on: 2023-05-20, by: 管理员, evidence: [文件]}\n"

    def test_closing_says_itself_why(self) -> None:
        assert found(FILE, change("    hedge: 力争\n", "    hedge: 力争\n" + self.closed)) == []

    def test_reopened_without_a_record(self) -> None:
        old = change("    hedge: 力争\n", "    hedge: 力争\n" + self.closed)
        assert [code for code, _ in found(old, FILE)] == ["goal"]


class TestUnreadable:
    def test_afterwards(self) -> None:
        assert [code for code, _ in found(FILE, change("title: 金融提质", "title: ["))] == ["goal"]

    def test_before(self) -> None:
        assert [code for code, _ in found(change("title: 金融提质", "title: ["), FILE)] == ["goal"]

    def test_of_another_shape(self) -> None:
        assert [code for code, _ in found(FILE, change("{at_least: 6 家}", "六家"))] == ["goal"]


@pytest.mark.parametrize(
    ("old", "new", "actions"),
    [
        ("weight: 2", "weight: 1", {"amend"}),
        ("year: 2023", "year: 2023\ndifficulty: 难", {"rate"}),
        ("    hedge: 力争\n", "    hedge: 力争\n" + TestClosing.closed, {"close"}),
        ("key: front", "key: ahead", {"amend"}),
        ("title: 金融提质", "title: [", {"amend"}),
    ],
)
def test_what_a_change_amounts_to(old: str, new: str, actions: set[str]) -> None:
    units = AccessPolicy(config()).units
    assert actions_of(FILE.encode(), change(old, new).encode(), units) == actions


def test_formatting_is_no_change() -> None:
    assert found(FILE, change("goal: {at_least: 6 家}", "goal: {at_least: 6家} # 六家")) == []
    assert (
        actions_of(FILE.encode(), (FILE + "# 完\n").encode(), AccessPolicy(replace(config())).units)
        == frozenset()
    )


RANGES: dict[str, Callable[[Fraction], bool]] = {
    "{reach: 5 亿元}": lambda value: value >= 5,
    "{at_least: 5 亿元}": lambda value: value >= 5,
    "{at_least: 60000 万元}": lambda value: value >= 6,
    "{above: 5 亿元}": lambda value: value > 5,
    "{above: 6 亿元}": lambda value: value > 6,
    "{at_most: 5 亿元}": lambda value: value <= 5,
    "{at_most: 6 亿元}": lambda value: value <= 6,
    "{below: 5 亿元}": lambda value: value < 5,
    "{below: 6 亿元}": lambda value: value < 6,
    "{between: [5 亿元, 6 亿元]}": lambda value: 5 <= value <= 6,
    "{between: [5 亿元, 7 亿元]}": lambda value: 5 <= value <= 7,
}
"""What meets a goal, in 亿元."""
RANKS: dict[str, Callable[[int, int], bool]] = {
    "{within: 2}": lambda rank, up: rank <= 2,
    "{within: 3}": lambda rank, up: rank <= 3,
    "{up: 1}": lambda rank, up: up >= 1,
    "{up: 2}": lambda rank, up: up >= 2,
}
"""What meets a goal, by the rank and by how many places it has risen."""


def is_lowered(old: str, before: str, after: str) -> bool:
    """Whether the audit calls a change of a goal late in the year a lowered one."""
    texts = (FILE.replace(old, goal) for goal in (before, after))
    return "goal-lowered" in {code for code, _ in found(*texts, when=LATE)}


@pytest.mark.parametrize("before", RANGES)
def test_a_goal_is_lowered_where_something_new_meets_it(before: str) -> None:
    values = [Fraction(half, 2) for half in range(8, 16)]
    for after, meets in RANGES.items():
        easier = any(meets(value) and not RANGES[before](value) for value in values)
        assert is_lowered("{at_least: 380 亿元}", before, after) is easier, after


@pytest.mark.parametrize("before", RANKS)
def test_a_rank_is_lowered_where_something_new_meets_it(before: str) -> None:
    cases = [(rank, up) for rank in range(1, 5) for up in range(4)]
    for after, meets in RANKS.items():
        easier = any(meets(*case) and not RANKS[before](*case) for case in cases)
        assert is_lowered("{within: 3}", before, after) is easier, after


@pytest.mark.parametrize("other", ["{about: 6 亿元}", "{reach: 5 亿元}", "{between: [4 亿元, 6 亿元]}"])
def test_a_goal_that_is_about_a_figure_cannot_be_compared(other: str) -> None:
    assert is_lowered("{at_least: 380 亿元}", "{about: 5 亿元}", other)
    assert is_lowered("{at_least: 380 亿元}", other, "{about: 5 亿元}")
