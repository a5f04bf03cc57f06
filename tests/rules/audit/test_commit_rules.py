"""Every rule over one commit, at both sides of its bounds: what it finds, at which path and line, in whose commit."""

from __future__ import annotations

import hashlib
import pkgutil
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import import_module
from typing import Any

import pytest

from ledger.core.findings import Finding
from ledger.core.structs import replace
from ledger.files.ids import IdMaker
from ledger.git.signatures import Verification
from ledger.rules.audit import commit_rules
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.commit_rules import RULES, rules_for
from ledger.rules.audit.commit_rules.departments import check_reorganisations
from ledger.rules.audit.commit_rules.evidence import check_evidence, check_named_evidence
from ledger.rules.audit.commit_rules.files import (
    check_append_only,
    check_files_stay,
    check_modes,
    check_paths,
)
from ledger.rules.audit.commit_rules.people import (
    check_rule_changes,
    check_signature,
    check_simulation_stays,
)
from ledger.rules.audit.commit_rules.shape import check_linear, check_mailmap, check_trailers
from ledger.rules.audit.commit_rules.times import check_clock, check_id_times, check_late, check_sealed_months
from ledger.rules.audit.policy import AccessPolicy, ServerPolicy
from ledger.rules.paths import EVIDENCE_FOLDER
from tests.conftest import CONFIG, FINANCE
from tests.rules.audit.contexts import config, context_of, entry, lines

pytestmark = pytest.mark.usefixtures("told_findings")
PROGRESS, OTHER = "data/progress/2023/金融办/01.yaml", "data/progress/2023/商务局/01.yaml"
TARGETS = "data/targets/2023/金融办/01.yaml"
LEDGER = "data/ledger.yaml"
NOON = datetime(2023, 6, 20, 12, tzinfo=timezone(timedelta(hours=8)))
SECONDS = int(NOON.timestamp())
DAY = 86_400
SKEW = 600
Found = list[tuple[str, str, int, str]]


FIRST, SECOND = (entry(id=f"01H0000000MMMM{number:012d}") for number in (1, 2))


def findings_of(rule: Any, context: CommitContext) -> list[Finding]:
    return list(rule(context))


def find(rule: Any, context: CommitContext) -> Found:
    """Code, path, line and message of each finding, all of which are of the commit and its author."""
    findings = findings_of(rule, context)
    for finding in findings:
        assert finding.origin.commit == context.commit.id
        assert finding.origin.email == context.commit.email
        assert finding.hint
    return [(finding.code, finding.place.path, finding.place.line, finding.message) for finding in findings]


def places(rule: Any, context: CommitContext) -> list[tuple[str, str, int]]:
    return [(code, path, line) for code, path, line, _ in find(rule, context)]


def change(context: CommitContext, **fields: Any) -> CommitContext:
    """The context of the same commit with other times, parents or message."""
    names = set(context.__struct_fields__)
    inside = {name: value for name, value in fields.items() if name not in names}
    return replace(
        context,
        commit=replace(context.commit, **inside),
        **{name: value for name, value in fields.items() if name in names},
    )


def made(seconds: float, **fields: object) -> Any:
    """An entry whose id says that it was made at this time."""
    return entry(id=IdMaker(lambda: int(seconds * 1000), lambda n: bytes(n))(), **fields)


def test_an_honest_commit_breaks_no_rule() -> None:
    first, second = made(SECONDS - 5), made(SECONDS - 4)
    message = f"log: 一条\n\nLedger-Entry: {second.id}\nLedger-Target: 金融办-01/listed\n"
    context = context_of({PROGRESS: (lines(first), lines(first, second))}, message=message, when=NOON)
    context = change(context, after=SECONDS, now=SECONDS, sealed=date(2023, 5, 31))
    assert [finding for rule in RULES for finding in rule(context)] == []


@pytest.mark.parametrize(
    "policy", [AccessPolicy(), AccessPolicy(config()), AccessPolicy(config(), ServerPolicy())]
)
@pytest.mark.parametrize(
    "texts", [("", "x\n"), ("x\n", "y\n"), ("x\n", ""), (lines(FIRST), lines(FIRST, SECOND))]
)
@pytest.mark.parametrize("started", [True, False])
def test_rules_that_are_passed_over_where_only_entries_change_find_nothing_there(
    policy: AccessPolicy, texts: tuple[str, str], started: bool
) -> None:
    context = context_of({PROGRESS: texts, OTHER: texts}, email="stranger@x")
    context = change(context, started=started, policy=policy)
    assert context.only_edits_entries
    assert set(rules_for(context)) < set(RULES)
    passed_over = set(RULES) - set(rules_for(context))
    assert [finding for rule in passed_over for finding in rule(context)] == []


@pytest.mark.parametrize(
    "changes",
    [
        {PROGRESS: (None, "x\n")},
        {PROGRESS: ("x\n", None)},
        {TARGETS: ("x\n", "y\n")},
        {PROGRESS: ("x\n", "y\n"), "data/ledger.yaml": ("x\n", "y\n")},
        {PROGRESS: ("x\n", "y\n"), "data/Progress/2023/金融办/01.yaml": ("x\n", "y\n")},
        {".mailmap": (None, "x\n")},
    ],
)
def test_every_rule_looks_at_a_commit_that_does_anything_else(
    changes: dict[str, tuple[str | None, str | None]],
) -> None:
    assert set(rules_for(context_of(changes))) == set(RULES)


class TestFilesStay:
    def test_removed(self) -> None:
        for path in (PROGRESS, TARGETS):
            found = find(check_files_stay, context_of({path: ("x\n", None), "a": ("y\n", None)}))
            assert found == [("removed", path, 0, "文件被删除")]

    def test_renamed(self) -> None:
        context = context_of({PROGRESS: ("x\n", None), OTHER: (None, "x\n"), "z": (None, "y\n")})
        assert find(check_files_stay, context) == [("renamed", PROGRESS, 0, f"文件被改名为 {OTHER}")]

    def test_changed_or_added(self) -> None:
        assert find(check_files_stay, context_of({PROGRESS: ("x\n", "y\n"), TARGETS: (None, "x\n")})) == []

    def test_drafts_may_go(self) -> None:
        assert find(check_files_stay, context_of({"data/drafts/2024/金融办/01.yaml": ("x\n", None)})) == []


class TestAppendOnly:
    def test_each_line_at_its_place(self) -> None:
        first, second = entry(), entry()
        found = find(check_append_only, context_of({PROGRESS: (lines(first, second), lines(first))}))
        assert [(code, path, line) for code, path, line, _ in found] == [("deleted", PROGRESS, 2)]

    @pytest.mark.parametrize(("count", "shown"), [(20, 20), (21, 21), (25, 21)])
    def test_a_file_full_of_them_is_told_once(self, count: int, shown: int) -> None:
        before = lines(entry())
        found = find(check_append_only, context_of({PROGRESS: (before, before + "# x\n" * count)}))
        assert len(found) == shown
        assert {(code, path) for code, path, *_ in found} == {("form", PROGRESS)}
        assert [line for _, _, line, _ in found][:20] == list(range(2, 22))
        assert ("还有" in found[-1][3]) == (count > 20)
        if count > 20:
            assert found[-1][2:] == (0, f"这次提交在这个文件里还有 {count - 20} 处同类改动")


class TestEvidence:
    NAME = f"data/evidence/2023/{hashlib.sha256('批复'.encode()).hexdigest()}-批复.pdf"

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (None, "批复", []),
            (None, "批 复", [("evidence-hash", NAME, 0, "佐证文件的内容和文件名里的校验码不一致")]),
            ("批复", "批 复", [("evidence-changed", NAME, 0, "佐证文件被改动")]),
            ("批 复", "批复", [("evidence-changed", NAME, 0, "佐证文件被改动")]),
            ("批复", None, [("evidence-changed", NAME, 0, "佐证文件被删除")]),
        ],
    )
    def test_is_what_its_name_says(self, old: str | None, new: str | None, expected: Found) -> None:
        context = context_of({"a.txt": (None, "x"), self.NAME: (old, new), "z.txt": ("x", None)})
        assert find(check_evidence, context) == expected

    def test_the_way_back_names_the_file(self) -> None:
        context = context_of({self.NAME: ("批复", None)})
        [finding] = check_evidence(context)
        assert finding.hint == f"恢复：git show {context.commit.short}^:{self.NAME}"


class TestNamedEvidence:
    """What an entry or a closing names lies in the ledger with its commit: the line that names it is told."""

    NAME = f"{EVIDENCE_FOLDER}2023/金融办/01/{'a' * 64}.pdf"

    @pytest.mark.parametrize("there", [True, False])
    def test_of_an_entry(self, there: bool) -> None:
        first, second = entry(), entry(evidence=["函〔2023〕1号", self.NAME])
        context = context_of({PROGRESS: (lines(first), lines(first, second))})
        context = change(context, evidence={self.NAME: "a" * 40} if there else {})
        expected = [] if there else [("evidence-missing", PROGRESS, 2)]
        assert places(check_named_evidence, context) == expected

    @pytest.mark.parametrize("at", ["", "    "])
    def test_of_a_closing(self, at: str) -> None:
        closing = f"{at}closed: {{on: 2023-06-15, by: 某人, evidence: [{self.NAME}], reason: 并入}}\n"
        mark = "  - key: listed\n    name: 新增上市公司\n" if at else "id: 金融办-01\n"
        text = FINANCE.replace(mark, mark + closing)
        context = change(context_of({TARGETS: (FINANCE, text)}), evidence={})
        line = text[: text.index("closed:")].count("\n") + 1
        assert places(check_named_evidence, context) == [("evidence-missing", TARGETS, line)]


class TestLinear:
    def test_one_parent(self) -> None:
        assert find(check_linear, context_of({PROGRESS: (None, "x\n")})) == []

    @pytest.mark.parametrize("files", [0, 1, 2])
    def test_a_merge_counts_the_ledgers_files(self, files: int) -> None:
        changes = dict.fromkeys([PROGRESS, OTHER][:files], ("x\n", "y\n")) | {"说明.txt": ("x", "y")}
        context = change(context_of(changes), parents=("a" * 40, "b" * 40))
        told = f"，相对于第一个父提交改动了 {files} 个账本文件" if files else ""
        assert find(check_linear, context) == [("merge", "", 0, f"这是一次合并提交{told}")]

    def test_a_beginning(self) -> None:
        context = change(context_of({PROGRESS: (None, "x\n")}), parents=())
        assert find(check_linear, context) == [("merge", "", 0, "这次提交另起了一段历史")]
        assert find(check_linear, change(context, started=False)) == []


class TestTrailers:
    FIRST, SECOND = entry(), entry(target="loans", add="1 亿元")

    def found(self, message: str, **options: Any) -> list[tuple[str, str, int]]:
        context = context_of({PROGRESS: (lines(self.FIRST), lines(self.FIRST, self.SECOND))}, message=message)
        return places(check_trailers, change(context, **options))

    def test_named_wherever_the_trailer_stands(self) -> None:
        named = f"Ledger-Entry: {self.SECOND.id}\nLedger-Target: 金融办-01/loans\n"
        assert self.found(f"一条\n\n{named}") == []
        assert self.found(f"一条\n\n{named}\n钩子添的一段\n") == []
        assert self.found(f"一条\n\nLedger-Entry:  {self.SECOND.id} \n") == []

    @pytest.mark.parametrize("message", ["一条", "Ledger-Entry: {id}", "一条\n\n Ledger-Entry: {id}\n"])
    def test_not_named(self, message: str) -> None:
        assert self.found(message.format(id=self.SECOND.id)) == [("trailer", PROGRESS, 2)]

    def test_another_is_named(self) -> None:
        message = f"一条\n\nLedger-Entry: {self.SECOND.id}\nLedger-Entry: {self.FIRST.id}\n"
        assert self.found(message) == [("trailer", "", 0)]

    def test_another_target_is_named(self) -> None:
        message = f"一条\n\nLedger-Entry: {self.SECOND.id}\nLedger-Target: 金融办-01/listed\n"
        assert self.found(message) == [("trailer", "", 0)]

    def test_the_first_commit_of_all_may_bring_what_was_there(self) -> None:
        assert self.found("一条", parents=()) == []

    def test_a_line_changed_is_told_as_that_alone(self) -> None:
        changed = entry(id=self.FIRST.id, add="9家")
        context = context_of({PROGRESS: (lines(self.FIRST), lines(changed, self.SECOND))}, message="改")
        assert find(check_trailers, context) == []


@pytest.mark.parametrize("path", [".mailmap", "data/.mailmap", "x/y/.mailmap"])
def test_a_mailmap(path: str) -> None:
    context = context_of({"a": (None, "x"), path: (None, "x")})
    assert find(check_mailmap, context) == [("mailmap", path, 0, ".mailmap 会让 git log 显示别人的名字")]
    assert find(check_mailmap, context_of({path: ("x", None)})) == []
    assert find(check_mailmap, context_of({f"{path}.txt": (None, "x")})) == []


class TestClock:
    CONTEXT = context_of({PROGRESS: (None, "x\n")}, when=NOON)

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({}, []),
            ({"after": SECONDS + SKEW}, []),
            ({"after": SECONDS + SKEW + 1}, ["提交时间 2023-06-20 12:00:00 早于它的上一次提交 2023-06-20 12:10:01"]),
            ({"now": SECONDS - SKEW}, []),
            ({"now": SECONDS - SKEW - 1}, ["提交时间 2023-06-20 12:00:00 还没有到（服务器现在是 2023-06-20 11:49:59）"]),
            ({"authored": SECONDS + DAY}, []),
            ({"authored": SECONDS + DAY + 1}, ["作者时间 2023-06-21 12:00:01 比提交时间 2023-06-20 12:00:00 晚一天以上"]),
            ({"authored": SECONDS - 900 * DAY}, []),
            ({"authored": 10**15}, ["作者时间 9999-12-31 08:00:00 比提交时间 2023-06-20 12:00:00 晚一天以上"]),
        ],
    )  # fmt: skip
    def test_both_sides_of_each_bound(self, fields: dict[str, int], told: list[str]) -> None:
        context = change(self.CONTEXT, zone="+0800", **fields)
        assert find(check_clock, context) == [("clock", "", 0, message) for message in told]

    def test_a_simulated_ledger_has_none(self) -> None:
        simulated = AccessPolicy(config(CONFIG + "simulated: true\n"))
        context = change(
            self.CONTEXT, authored=SECONDS + 2 * DAY, after=SECONDS + DAY, now=0, policy=simulated
        )
        assert find(check_clock, context) == []


class TestIdTimes:
    @pytest.mark.parametrize(
        ("created", "now", "is_found"),
        [
            (SECONDS, None, False),
            (SECONDS + DAY, None, False),
            (SECONDS + DAY + 1, None, True),
            (SECONDS + DAY, SECONDS, False),
            (SECONDS + DAY, SECONDS - 1, True),
            (SECONDS + DAY + 1, SECONDS + 90 * DAY, True),
        ],
    )
    def test_an_id_is_no_younger_than_its_commit(self, created: int, now: int | None, is_found: bool) -> None:
        before = made(SECONDS - DAY)
        context = context_of({PROGRESS: (lines(before), lines(before, made(created)))}, when=NOON)
        found = places(check_id_times, change(context, now=now))
        assert found == ([("clock", PROGRESS, 2)] if is_found else [])

    def test_one_of_each_file_is_told(self) -> None:
        late = [made(SECONDS + number * DAY) for number in (2, 3)]
        context = context_of(
            {PROGRESS: (None, lines(*late)), OTHER: (None, lines(made(0), *late))}, when=NOON
        )
        assert places(check_id_times, context) == [("clock", PROGRESS, 1), ("clock", OTHER, 2)]
        simulated = AccessPolicy(config(CONFIG + "simulated: true\n"))
        assert find(check_id_times, change(context, policy=simulated)) == []


class TestLate:
    POLICY = config(CONFIG + "late_days: 10\n")

    def found(self, fields: dict[str, Any], **options: Any) -> Found:
        before = entry()
        context = context_of(
            {PROGRESS: (lines(before), lines(before, entry(**fields)))}, when=NOON, policy=self.POLICY
        )
        return find(check_late, change(context, **options))

    @pytest.mark.parametrize(
        ("on", "days"), [("2023-06-20", 0), ("2023-06-10", 0), ("2023-06-09", 1), ("2023-05-31", 10)]
    )
    def test_within_the_limit(self, on: str, days: int) -> None:
        message = f"数据日期 {on}，2023-06-20 才记上，超过 10 天的期限 {days} 天"
        assert self.found({"on": on}) == ([("late", PROGRESS, 2, message)] if days else [])

    def test_what_explains(self) -> None:
        assert self.found({"on": "2023-01-09", "late": True, "reason": "省厅年底才下发"}) == []
        assert self.found({"on": "2023-01-09", "late": True}) != []
        assert self.found({"on": "2023-01-09", "reason": "省厅年底才下发"}) != []

    def test_the_later_of_the_known_times_counts(self) -> None:
        """Whoever sets the clock back is late by the server's time, or by that of the commit before."""
        for known in ({"now": SECONDS + DAY}, {"after": SECONDS + DAY}):
            [(_, _, _, message)] = self.found({"on": "2023-06-10"}, **known)
            assert message == "数据日期 2023-06-10，2023-06-21 才记上，超过 10 天的期限 1 天"
        assert self.found({"on": "2023-06-10"}, now=SECONDS - 9 * DAY) == []

    def test_without_a_limit(self) -> None:
        assert self.found({"on": "2023-01-09"}, policy=AccessPolicy(config())) == []


class TestSealedMonths:
    SEALED = date(2023, 5, 31)
    MAY, JUNE = entry(on="2023-05-31"), entry(on="2023-06-01")

    def found(self, *added: Any, sealed: date | None = SEALED) -> list[tuple[str, str, int]]:
        context = context_of({PROGRESS: (lines(self.MAY), lines(self.MAY, *added))}, when=NOON)
        found = find(check_sealed_months, change(context, sealed=sealed))
        for (*_, message), item in zip(found, [item for item in added if item.id in str(found)], strict=True):
            assert item.id in message
            assert f"数据日期 {item.on}" in message
        return [(code, path, line) for code, path, line, _ in found]

    def test_by_date(self) -> None:
        assert self.found(self.JUNE, entry(on="2023-05-31")) == [("sealed", PROGRESS, 3)]
        assert self.found(entry(on="2023-05-31"), sealed=None) == []
        assert self.found(entry(on="2023-05-31", late=True, reason="省厅年底才下发")) == []

    def test_by_effect(self) -> None:
        void = entry(add=None, on="2023-06-15", voids=self.MAY.id, reason="重复")
        assert self.found(void) == [("sealed", PROGRESS, 2)]
        assert self.found(self.JUNE, entry(add=None, voids=self.JUNE.id, reason="重复")) == []
        back = entry(add=None, on="2023-06-15", voids=void.id, reason="又错")
        assert self.found(void, back) == [("sealed", PROGRESS, 2), ("sealed", PROGRESS, 3)]


class TestRuleChanges:
    OLD = CONFIG + "admins: [admin@x]\n"

    def found(self, path: str, old: str | None, new: str | None, **options: Any) -> Found:
        context = context_of({"a": ("x", "y"), path: (old, new)}, policy=config(self.OLD))
        return find(check_rule_changes, change(context, **options))

    @pytest.mark.parametrize(
        ("path", "old", "new", "what"),
        [
            ("data/ledger.yaml", OLD, OLD.replace("year: 2023", "year: 2024"), "改动当前年度"),
            ("data/ledger.yaml", OLD, OLD + "due_day: 6\ntolerance: 9\n", "改动报送日、“约”的容差"),
            ("data/ledger.yaml", OLD, "x: [", "把账本规则改得读不出来"),
            ("data/ledger.yaml", "x: [", OLD, "改规则文件"),
            ("data/ledger.yaml", OLD, None, "删除规则文件"),
            ("data/ledger.yaml", None, OLD, "增加规则文件"),
            (".gitattributes", "x", "y", "改规则文件"),
            (".gitattributes", None, "y", "增加规则文件"),
            ("keys/allowed_signers", "x", None, "删除规则文件"),
        ],
    )
    def test_what_was_done(self, path: str, old: str | None, new: str | None, what: str) -> None:
        assert self.found(path, old, new) == [("policy", path, 0, f"anybody@x 不是管理员，不能{what}")]
        assert self.found(path, old, new, email="ADMIN@x ") == []
        assert self.found(path, old, new, started=False) == []

    def test_a_comment_is_no_change(self) -> None:
        assert self.found("data/ledger.yaml", self.OLD, self.OLD + "# 注\n") == []

    def test_a_link_in_its_place_is_one(self) -> None:
        context = context_of(
            {"data/ledger.yaml": (self.OLD, self.OLD)}, policy=config(self.OLD), modes=("100644", "120000")
        )
        assert places(check_rule_changes, context) == [("policy", "data/ledger.yaml", 0)]

    @pytest.mark.parametrize(
        ("policy", "message"),
        [
            (AccessPolicy(config()), "账本没有管理员，改规则文件无人负责"),
            (AccessPolicy(config(), ServerPolicy()), "服务器没有登记管理员，谁也不能改规则文件"),
            (
                AccessPolicy(config(), ServerPolicy(frozenset({"admin@x"}))),
                "anybody@x 不是服务器上登记的管理员，不能改规则文件",
            ),
        ],
    )
    def test_who_could_have(self, policy: AccessPolicy, message: str) -> None:
        found = self.found(".gitattributes", "x", "y", policy=policy)
        assert found == [("policy", ".gitattributes", 0, message)]


class TestSignature:
    REQUIRED = AccessPolicy(config(CONFIG + "signatures: required\n"))

    @pytest.mark.parametrize(
        ("state", "code"),
        [
            ("good", None),
            ("missing", "signature"),
            ("bad", "signature"),
            ("unknown", "signature"),
            ("unverifiable", "signature"),
            ("expired", "signature"),
            ("revoked", "signature"),
            ("foreign", "signer"),
        ],
    )
    def test_every_state(self, state: Any, code: str | None) -> None:
        context = context_of({"a": (None, "x")})
        verdict = Verification(state, "other@x")
        found = find(check_signature, change(context, policy=self.REQUIRED, signature=verdict))
        assert [(item[0], item[1], item[2]) for item in found] == ([(code, "", 0)] if code else [])
        if code == "signer":
            assert found[0][3] == "提交写的作者是 anybody@x，签名的却是 other@x"
        assert find(check_signature, change(context, policy=self.REQUIRED)) == []
        assert find(check_signature, change(context, signature=verdict)) == []
        server = AccessPolicy(config(), ServerPolicy(signed=True))
        assert bool(find(check_signature, change(context, policy=server, signature=verdict))) == bool(code)


def test_what_is_told_of_paths_and_modes() -> None:
    ruled = config(CONFIG + "admins: [admin@x]\n")
    [found] = find(check_paths, context_of({"README.md": (None, "x")}, policy=ruled))
    assert found == ("path", "README.md", 0, "账本里不放这样的文件，anybody@x 不是管理员，不能加")
    [found] = find(check_paths, context_of({"data/progress/2023/财政局/01.yaml": (None, "x")}, policy=ruled))
    assert found[3] == "部门 财政局 不在 data/ledger.yaml 的名单里"
    assert find(check_paths, context_of({"README.md": (None, "x")}, policy=ruled, started=False)) == []
    for mode, what in (
        ("120000", "符号链接"),
        ("160000", "子模块"),
        ("100755", "可执行文件"),
        ("100664", "模式 100664"),
    ):
        [found] = find(check_modes, context_of({TARGETS: (FINANCE, FINANCE + "#\n")}, modes=("100644", mode)))
        assert found[1:] == (TARGETS, 0, f"文件变成了{what}，账本里只放普通文件")
        assert find(check_modes, context_of({TARGETS: (FINANCE, FINANCE + "#\n")}, modes=(mode, mode))) == []


class TestReorganisations:
    """金融办 becomes 金融局 on 1 July; before that, its first commitment goes to 商务局."""

    BASE = (
        CONFIG.replace("aliases: [市金融办]", "aliases: [市金融办], reviewers: [rev@x]").replace(
            "inferred: true}", "inferred: true}\n  - {name: 金融局}"
        )
        + "admins: [admin@x]\n"
    )
    TRANSFER = "  - {on: 2023-06-01, kind: transfer, commitment: 金融办-01, year: 2023, to: 商务局, by: 某人, reason: 批示}\n"
    RENAME = "  - {on: 2023-07-01, kind: rename, departments: [金融办], to: 金融局, by: 某人, reason: 机构改革方案}\n"
    OLD, NEW = BASE + "reorganisations:\n" + TRANSFER, BASE + "reorganisations:\n" + TRANSFER + RENAME

    def found(self, old: str, new: str, *, policy: str = OLD, **options: Any) -> Found:
        context = context_of({"data/ledger.yaml": (old, new)}, policy=config(policy), email="rev@x")
        return find(check_reorganisations, change(context, **options))

    def test_added_by_those_who_may(self) -> None:
        assert self.found(self.OLD, self.NEW) == []
        assert self.found(self.OLD, self.NEW, email="admin@x") == []
        message = "zhang@x 不能为金融办办理更名、合并、划转；可以的人：rev@x、admin@x"
        assert self.found(self.OLD, self.NEW, email="zhang@x") == [("role", "data/ledger.yaml", 0, message)]
        assert self.found(self.OLD, self.NEW, email="zhang@x", started=False) == []
        others = [text.replace("inferred: true", "reviewers: [other@x]") for text in (self.OLD, self.NEW)]
        assert self.found(*others, policy=others[0], email="zhang@x") == [
            ("role", "data/ledger.yaml", 0, message)
        ]

    def test_in_nobody_elses_name(self) -> None:
        for name, by in (("某人", "某 人"), ("Some One", "some one. "), ("某人", "Ａ")):
            found = self.found(
                self.OLD,
                self.NEW.replace("by: 某人, reason: 机构", f"by: {by}, reason: 机构"),
                author=name,
            )
            message = "金融办更名为金融局，写的是 Ａ 记的，提交的作者却是 某人"
            expected = [("reorganisation", "data/ledger.yaml", 0, message)] if by == "Ａ" else []
            assert found == expected

    def test_for_a_reason_that_can_be_read(self) -> None:
        found = self.found(self.OLD, self.NEW.replace("reason: 机构改革方案", "reason: ……"))
        assert [(code, message) for code, _, _, message in found] == [
            ("reorganisation", "金融办更名为金融局，没有写理由")
        ]

    def test_of_several_the_first_that_may_not_be_is_told(self) -> None:
        merge = self.RENAME.replace("rename", "merge").replace("[金融办]", "[金融办, 商务局]")
        found = self.found(self.OLD, self.OLD + merge, email="zhang@x")
        assert [message.partition("办理")[0] for *_, message in found] == ["zhang@x 不能为金融办"]

    def test_a_commitment_is_handed_over_by_the_department_that_has_it(self) -> None:
        back = self.TRANSFER.replace("2023-06-01", "2023-08-01").replace("to: 商务局", "to: 金融办")
        ruled = self.OLD.replace("inferred: true", "reviewers: [other@x]")
        [(code, path, line, message)] = self.found(ruled, ruled + back, policy=ruled)
        assert (code, path, line) == ("role", "data/ledger.yaml", 0)
        assert message.startswith("rev@x 不能为商务局办理")
        assert self.found(ruled, ruled + back, policy=ruled, email="other@x") == []

    @pytest.mark.parametrize(
        ("sealed", "is_found"), [("2023-06-30", False), ("2023-07-31", True), (None, False)]
    )
    def test_not_from_a_sealed_day(self, sealed: str | None, is_found: bool) -> None:
        until = date.fromisoformat(sealed) if sealed else None
        message = "金融办更名为金融局，自 2023-07-01 起，改动了封过的账：2023-07 及以前各月已封账"
        expected = [("sealed", "data/ledger.yaml", 0, message)] if is_found else []
        assert self.found(self.OLD, self.NEW, sealed=until) == expected

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (NEW, OLD),
            (NEW, BASE),
            (NEW, NEW.replace("2023-06-01", "2023-06-02")),
            (NEW, BASE + "reorganisations:\n" + RENAME + TRANSFER),
            (OLD, BASE + "reorganisations:\n" + RENAME + TRANSFER),
        ],
    )
    def test_none_is_ever_edited(self, old: str, new: str) -> None:
        told = [("reorganisation", "data/ledger.yaml", 0, "以前的机构变动（reorganisations）被改或被删")]
        assert self.found(old, new) == self.found(old, new, email="admin@x") == told

    def test_what_cannot_be_read_is_another_rules(self) -> None:
        assert self.found(self.OLD, "x: [") == self.found("x: [", self.NEW, email="zhang@x") == []
        context = context_of({"data/ledger.yaml": (None, self.NEW)}, policy=config(self.OLD), email="zhang@x")
        assert find(check_reorganisations, context) == []

    @pytest.mark.parametrize(
        ("when", "now", "expected"),
        [
            ("2023-05-31", None, ("金融办",)),
            ("2023-06-01", None, ("商务局",)),
            ("2023-05-31", "2023-06-02", ("金融办", "商务局")),
            ("2023-06-01", "2023-06-02", ("商务局",)),
        ],
    )
    def test_who_is_in_charge_on_the_day_of_a_commit(
        self, when: str, now: str | None, expected: tuple[str, ...]
    ) -> None:
        def seconds(text: str) -> int:
            return int(datetime.fromisoformat(f"{text}T12:00+00:00").timestamp())

        context = context_of(
            {"a": (None, "x")}, policy=config(self.OLD), when=datetime.fromtimestamp(seconds(when), UTC)
        )
        context = change(context, now=seconds(now) if now else None)
        assert context.in_charge("2023", "金融办", "01") == expected
        assert context.in_charge("2023", "金融办", "02") == ("金融办",)
        assert change(context, policy=AccessPolicy(config())).in_charge("2023", "金融办", "01") == ("金融办",)


def test_before_there_are_rules_nothing_is_restricted() -> None:
    nothing = AccessPolicy()
    assert nothing.late_days is None
    assert nothing.lowering_from == (10, 1)
    assert nothing.departments == nothing.admins == frozenset()
    assert (nothing.signed, nothing.simulated, bool(nothing.history)) == (False, False, False)
    assert nothing.may("anybody@x", "金融办", "judge")
    assert not nothing.may_rule("anybody@x")
    assert nothing.days_late(date(2023, 1, 1), date(2099, 1, 1)) == 0
    assert nothing.units == AccessPolicy(config()).units


def test_every_rule_that_is_written_is_applied() -> None:
    """Once each: a rule that is left out of the list would be missed by no test of its own."""
    modules = [
        import_module(f"{commit_rules.__name__}.{module.name}")
        for module in pkgutil.iter_modules(commit_rules.__path__)
    ]
    written = {
        value
        for module in modules
        for name, value in vars(module).items()
        if name.startswith("check_") and value.__module__ == module.__name__
    }
    assert written == set(RULES)
    assert len(RULES) == len(set(RULES))


class TestSimulation:
    """The mark of a simulated ledger stays as it began, whoever changes it."""

    @pytest.mark.parametrize("begins", ["", "simulated: true\n"])
    def test_an_admin_cannot_change_it(self, begins: str) -> None:
        rules = CONFIG + "admins: [admin@x]\n"
        other = "simulated: true\n" if not begins else ""
        context = context_of(
            {LEDGER: (rules + begins, rules + other)}, email="admin@x", policy=config(rules + begins)
        )
        [(code, path, line, message)] = find(check_simulation_stays, context)
        assert (code, path, line) == ("policy", LEDGER, 0)
        assert "simulated" in message
        assert find(check_rule_changes, context) == []

    def test_another_change_of_an_admin_is_none(self) -> None:
        rules = CONFIG + "admins: [admin@x]\n"
        context = context_of({LEDGER: (rules, rules + "due_day: 9\n")}, email="admin@x", policy=config(rules))
        assert find(check_simulation_stays, context) == []

    def test_where_nobody_may_the_rules_say_so(self) -> None:
        context = context_of({LEDGER: (CONFIG, CONFIG + "simulated: true\n")}, policy=config())
        assert find(check_simulation_stays, context) == []
        assert places(check_rule_changes, context) == [("policy", LEDGER, 0)]
