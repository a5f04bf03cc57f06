"""Who may do what, whichever way it comes in: the command, a commit by hand under the audit, a push to the guard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.commands.guard import read_config
from ledger.core.models import Entry
from ledger.files.entryfile import read_progress
from ledger.git import Repo
from ledger.rules.audit.commit_rules.people import check_planners, check_reporters
from ledger.rules.audit.push import judge
from ledger.rules.audit.pushed import read_moves
from tests.conftest import COMMERCE, CONFIG, FINANCE
from tests.rules.audit.city import ADMIN, FINANCE_FILE, City
from tests.rules.audit.conftest import environ
from tests.rules.audit.contexts import config, context_of, entry, lines

REPORTER, REVIEWER, OTHER, NOBODY = "rep@x.cn", "rev@x.cn", "other@x.cn", "nobody@x.cn"
RULES = (
    CONFIG.replace(
        "aliases: [市金融办]}", f"aliases: [市金融办], reporters: [{REPORTER}], reviewers: [{REVIEWER}]}}"
    ).replace("inferred: true}", f"reporters: [{OTHER}]}}")
    + f"admins: [{ADMIN}]\n"
)
TARGETS = "data/targets/2023/金融办/01.yaml"
VERDICT = entry(add=None, target="front", verdict="unmet", reason="x")
VOID = entry(add=None, target="front", voids=VERDICT.id, reason="x")
FIGURE = entry()
ACTS = {
    "log": ((FIGURE,), entry(), "log"),
    "correct": ((FIGURE,), entry(corrects=FIGURE.id, reason="x"), "log"),
    "void": ((FIGURE,), entry(add=None, voids=FIGURE.id, reason="x"), "log"),
    "judge": ((FIGURE,), VERDICT, "judge"),
    "void a verdict": ((VERDICT,), VOID, "judge"),
    "void the withdrawal of a verdict": (
        (VERDICT, VOID),
        entry(add=None, target="front", voids=VOID.id, reason="x"),
        "judge",
    ),
    "correct a verdict into a remark": (
        (VERDICT,),
        entry(add=None, target="front", note="x", corrects=VERDICT.id, reason="x"),
        "judge",
    ),
    "correct the withdrawal of a verdict": (
        (VERDICT, VOID),
        entry(add=None, target="front", note="x", corrects=VOID.id, reason="x"),
        "judge",
    ),
}
CHANGES = {
    "amend": ("goal: {at_least: 6 家}", "goal: {at_least: 7 家}", "amend"),
    "rename": ("title: 企业上市", "title: 上市", "amend"),
    "rate": ("difficulty:", "difficulty: 难", "amend"),
    "close": ("year: 2023", "year: 2023\nclosed: {on: 2023-06-30, by: x, evidence: [x]}", "amend"),
}
MAY = {
    "log": {REPORTER, ADMIN},
    "judge": {REVIEWER, ADMIN},
    "amend": {REVIEWER, ADMIN},
}
EVERYBODY = (REPORTER, REVIEWER, OTHER, ADMIN, NOBODY)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("email", EVERYBODY)
def test_lines_by_the_rule(act: str, email: str) -> None:
    before, line, action = ACTS[act]
    old = lines(*before)
    context = context_of({FINANCE_FILE: (old, old + lines(line))}, email=email, policy=config(RULES))
    found = [(check_reporter.code, check_reporter.place.line) for check_reporter in check_reporters(context)]
    assert found == ([] if email in MAY[action] else [("role", len(before) + 1)])


@pytest.mark.parametrize("act", CHANGES)
@pytest.mark.parametrize("email", EVERYBODY)
def test_commitments_by_the_rule(act: str, email: str) -> None:
    old, new, action = CHANGES[act]
    assert old in FINANCE
    context = context_of(
        {TARGETS: (FINANCE, FINANCE.replace(old, new, 1))}, email=email, policy=config(RULES)
    )
    found = [(check_planner.code, check_planner.place.path) for check_planner in check_planners(context)]
    assert found == ([] if email in MAY[action] else [("role", TARGETS)])


@pytest.mark.parametrize("email", EVERYBODY)
@pytest.mark.parametrize(
    "files", [{TARGETS: (None, FINANCE)}, {TARGETS: (FINANCE, None)}], ids=["added", "removed"]
)
def test_whole_commitments_by_the_rule(email: str, files: dict[str, tuple[str | None, str | None]]) -> None:
    context = context_of(files, email=email, policy=config(RULES))
    found = [(check_planner.code, check_planner.place.path) for check_planner in check_planners(context)]
    assert found == ([] if email in MAY["amend"] else [("role", TARGETS)])
    begun = context_of(files, email=email, policy=config(RULES), started=False)
    assert not list(check_planners(begun)), "the commit that begins a ledger"


def test_where_neither_reviewers_nor_admins_are_named_anybody_amends() -> None:
    context = context_of({TARGETS: (FINANCE, FINANCE.replace("6 家", "7 家"))}, policy=config())
    assert not list(check_planners(context))


OTHER_ROLES = (
    "roles: {log: [reporters, reviewers], judge: [admins], verify: [reporters], remark: [admins], "
    "amend: [reporters], rate: [reviewers], close: [admins]}\n"
)
ROLES = {
    "by default": (
        "",
        MAY
        | {action: {REVIEWER, ADMIN} for action in ("rate", "close", "verify")}
        | {"remark": {REPORTER, REVIEWER, ADMIN}},
    ),
    "as the ledger says": (
        OTHER_ROLES,
        {
            "log": {REPORTER, REVIEWER, ADMIN},
            "judge": {ADMIN},
            "verify": {REPORTER, ADMIN},
            "remark": {ADMIN},
            "amend": {REPORTER, ADMIN},
            "rate": {REVIEWER, ADMIN},
            "close": {ADMIN},
        },
    ),
}
FILES = "data/targets/2023/金融办/{:02}.yaml"


class Desk:
    """A guarded city in which every role is somebody else's, with entries and commitments at hand for every act by everybody."""

    def __init__(self, folder: Path, keys: Path, roles: str) -> None:
        self.city = City(folder, keys, environ(keys / "home"))
        self.city.folder.mkdir()
        self.city.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.city.server), cwd=folder)
        self.city.git("clone", "--quiet", str(self.city.server), "clone", cwd=folder)
        self.city.git("switch", "--quiet", "--create", "main")
        self.city.be(ADMIN, "管理员")
        self.city.write("data/ledger.yaml", RULES + "difficulty: {难: 1.2}\n" + roles)
        self.city.write(TARGETS, FINANCE)
        self.city.write("data/targets/2023/商务局/01.yaml", COMMERCE)
        self.city.write(".gitattributes", "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n")
        self.to_remove = [FILES.format(number) for number in range(50, 50 + len(EVERYBODY))]
        for path in self.to_remove:
            self._add_commitment(path)
        self.city.commit("建立账本")
        # What is withdrawn or corrected below is named once only: figures, verdicts, and each of them already withdrawn.
        self.figures = [self._put() for _ in range(4 * len(EVERYBODY))]
        self.returned = [self._put(add=None, returns=self._put().id, reason="x") for _ in EVERYBODY]
        self.remarks = [self._put(add=None, **REMARK) for _ in EVERYBODY]
        self.verdicts = [self._put(**VERDICT_FIELDS) for _ in range(2 * len(EVERYBODY))]
        self.withdrawn_figures = [self._put(add=None, voids=self._put().id, reason="x") for _ in EVERYBODY]
        self.withdrawn_verdicts = [
            self._put(add=None, target="front", voids=self._put(**VERDICT_FIELDS).id, reason="x")
            for _ in range(2 * len(EVERYBODY))
        ]
        self.city.commit(self.city.message(FINANCE_FILE, *read_progress(FINANCE_FILE, self._bytes()).entries))
        self.city.git("push", "--quiet", "--set-upstream", "origin", "main")
        self.city.guard()
        self.goal, self.number = 6, 10

    def _bytes(self) -> bytes:
        return (self.city.clone / FINANCE_FILE).read_bytes()

    def _put(self, **fields: object) -> Entry:
        return self.city.entry(FINANCE_FILE, commit=False, **fields)

    def _add_commitment(self, path: str) -> None:
        self.city.write(path, FINANCE.replace("id: 金融办-01", f"id: 金融办-{Path(path).stem}"))

    def enter(self, **fields: object) -> tuple[str, str, int]:
        """Append an entry; return the message of its commit, its file and its line."""
        entry = self._put(**fields)
        return self.city.message(FINANCE_FILE, entry), FINANCE_FILE, self._bytes().count(b"\n")

    def change(self, old: str, new: str) -> tuple[str, str, None]:
        """Change a commitment, back again where it is changed already."""
        old, new = (old, new) if new not in self.city.read(TARGETS) else (new, old)
        self.city.change(TARGETS, old, new)
        return "改动", TARGETS, None

    def raise_goal(self) -> tuple[str, str, None]:
        self.goal += 1
        return self.change(
            f"at_least: {self.goal - 1} 家}}\n    stretch", f"at_least: {self.goal} 家}}\n    stretch"
        )

    def add(self) -> tuple[str, str, None]:
        self.number += 1
        self._add_commitment(FILES.format(self.number))
        return "改动", FILES.format(self.number), None

    def remove(self) -> tuple[str, str, None]:
        path = self.to_remove.pop()
        (self.city.clone / path).unlink()
        return "改动", path, None


REMARK = {"cause": "两家企业退回补正", "measure": "重新申报"}
VERDICT_FIELDS = {"add": None, "target": "front", "verdict": "unmet", "reason": "x"}
CLOSED = "year: 2023\nclosed: {on: 2023-06-30, by: x, evidence: [x]}"
Hand = Callable[[Desk], tuple[str, str, "int | None"]]
BY_HAND: dict[str, tuple[str, Hand]] = {
    "log": ("log", lambda desk: desk.enter()),
    "correct": ("log", lambda desk: desk.enter(add="3家", corrects=desk.figures.pop().id, reason="x")),
    "void": ("log", lambda desk: desk.enter(add=None, voids=desk.figures.pop().id, reason="x")),
    "void the withdrawal of a figure": (
        "log",
        lambda desk: desk.enter(add=None, voids=desk.withdrawn_figures.pop().id, reason="x"),
    ),
    "judge": ("judge", lambda desk: desk.enter(**VERDICT_FIELDS)),
    "void a verdict": (
        "judge",
        lambda desk: desk.enter(add=None, target="front", voids=desk.verdicts.pop().id, reason="x"),
    ),
    "correct a verdict into a remark": (
        "judge",
        lambda desk: desk.enter(
            add=None, target="front", note="x", corrects=desk.verdicts.pop().id, reason="x"
        ),
    ),
    "void the withdrawal of a verdict": (
        "judge",
        lambda desk: desk.enter(add=None, target="front", voids=desk.withdrawn_verdicts.pop().id, reason="x"),
    ),
    "correct the withdrawal of a verdict": (
        "judge",
        lambda desk: desk.enter(
            add=None, target="front", note="x", corrects=desk.withdrawn_verdicts.pop().id, reason="x"
        ),
    ),
    "verify": ("verify", lambda desk: desk.enter(add=None, verifies=desk.figures.pop().id)),
    "return": ("verify", lambda desk: desk.enter(add=None, returns=desk.figures.pop().id, reason="x")),
    "void a return": (
        "verify",
        lambda desk: desk.enter(add=None, voids=desk.returned.pop().id, reason="x"),
    ),
    "remark": ("remark", lambda desk: desk.enter(add=None, **REMARK)),
    "void a remark": ("remark", lambda desk: desk.enter(add=None, voids=desk.remarks.pop().id, reason="x")),
    "amend a goal": ("amend", Desk.raise_goal),
    "rename": ("amend", lambda desk: desk.change("title: 企业上市", "title: 上市")),
    "drop a target": ("amend", lambda desk: desk.change("  - key: front", "  - key: ahead")),
    "add a commitment": ("amend", Desk.add),
    "remove a commitment": ("amend", Desk.remove),
    "rate": ("rate", lambda desk: desk.change("difficulty:\n", "difficulty: 难\n")),
    "close": ("close", lambda desk: desk.change("year: 2023", CLOSED)),
}
TYPED = {
    "log": ("log", ("log", "金融办", "金融办-01/listed", "1家", "--on", "2023-06-20", "--confirm")),
    "correct": ("log", ("correct", "{figure}", "3家", "--reason", "x")),
    "void": ("log", ("void", "{figure}", "--reason", "x")),
    "void the withdrawal of a figure": ("log", ("void", "{withdrawn_figure}", "--reason", "x")),
    "judge": ("judge", ("judge", "金融办-01/front", "unmet", "--reason", "x")),
    "void a verdict": ("judge", ("void", "{verdict}", "--reason", "x")),
    "void the withdrawal of a verdict": ("judge", ("void", "{withdrawn_verdict}", "--reason", "x")),
    "verify": ("verify", ("verify", "{figure}")),
    "return": ("verify", ("return", "{figure}", "--reason", "x")),
    "void a return": ("verify", ("void", "{returned}", "--reason", "x")),
    "remark": ("remark", ("remark", "金融办", "金融办-01/listed", "--cause", "x", "--measure", "y")),
    "void a remark": ("remark", ("void", "{remark}", "--reason", "x")),
    "amend a goal": ("amend", ("amend", "金融办-01/listed", "--goal", "7家", "--reason", "x")),
    "rename": ("amend", ("amend", "金融办-01/listed", "--name", "上市", "--reason", "x")),
    "rate": ("rate", ("rate", "金融办-01", "难", "--reason", "x")),
    "close": ("close", ("close", "金融办-01", "--evidence", "x", "--reason", "x")),
}


@pytest.fixture(scope="module", params=ROLES)
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Desk, dict[str, set[str]]]:
    home = tmp_path_factory.mktemp("desk")
    roles, may = ROLES[request.param]
    return Desk(home / "city", home, roles), may


def test_every_act_by_everybody_as_a_command(desk: tuple[Desk, dict[str, set[str]]]) -> None:
    """Who may not is refused and nothing is written; a preview asks the same."""
    at_desk, may = desk
    city = at_desk.city
    ids = {
        "figure": at_desk.figures[0].id,
        "verdict": at_desk.verdicts[0].id,
        "returned": at_desk.returned[0].id,
        "remark": at_desk.remarks[0].id,
        "withdrawn_figure": at_desk.withdrawn_figures[0].id,
        "withdrawn_verdict": at_desk.withdrawn_verdicts[0].id,
    }
    before = city.git("rev-parse", "HEAD")
    outcomes = {}
    for email in EVERYBODY:
        city.be(email)
        for name, (action, words) in TYPED.items():
            dry = ("--dry-run",) if email in may[action] else ()
            done = city.ledger(*(word.format(**ids) for word in words), *dry)
            outcomes[name, email] = (int(done.code), "可以的人" in done.err)
    expected = {
        (name, email): (0, False) if email in may[action] else (1, True)
        for name, (action, _) in TYPED.items()
        for email in EVERYBODY
    }
    assert outcomes == expected
    assert city.git("rev-parse", "HEAD") == before
    assert city.git("status", "--porcelain") == ""


def test_every_act_by_everybody_by_hand(desk: tuple[Desk, dict[str, set[str]]]) -> None:
    """One history of all of them: the audit and the guard name those who may not, each at its commit, file and line."""
    at_desk, may = desk
    city = at_desk.city
    expected = set()
    for name, (action, do) in BY_HAND.items():
        for email in EVERYBODY:
            message, path, line = do(at_desk)
            commit = city.commit(message, GIT_AUTHOR_NAME="某人", GIT_AUTHOR_EMAIL=email)
            if email not in may[action]:
                expected.add((name, email, commit, path, line))
    acts = {commit: (name, email) for name, email, commit, _, _ in expected}
    found = {
        (*acts.get(commit, ("", "")), commit, path, line)
        for commit, path, line in city.places("role", cwd=city.clone)
    }
    assert found == expected
    before = city.refs()
    pushed = city.push()
    assert pushed.code != 0
    assert "[role]" in pushed.err
    assert city.refs() == before
    old, new = before.split()[0], city.git("rev-parse", "HEAD")
    city.git("fetch", "--quiet", str(city.clone), "main", cwd=city.server)
    repo = Repo.open_bare(city.server, city.environ)
    findings = judge(
        repo, read_config(city.server), read_moves([f"{old} {new} refs/heads/main\n"]), datetime.now(UTC)
    )
    refused = {
        (
            *acts.get(finding.origin.commit, ("", "")),
            finding.origin.commit,
            finding.place.path,
            finding.place.line or None,
        )
        for finding in findings
        if finding.code == "role"
    }
    assert refused == expected


def test_only_those_who_may_do_pass_the_guard(desk: tuple[Desk, dict[str, set[str]]]) -> None:
    at_desk, may = desk
    city = at_desk.city
    city.git("reset", "--quiet", "--hard", "origin/main")
    city.git("clean", "--quiet", "--force", "-d")
    for email in sorted(may["log"]):
        message, _, _ = at_desk.enter()
        city.commit(message, GIT_AUTHOR_NAME="某人", GIT_AUTHOR_EMAIL=email)
    pushed = city.push()
    assert pushed.code == 0, pushed.err
