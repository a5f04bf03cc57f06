"""Who may do what, whichever way it comes in: the command, a commit by hand under the audit, a push to the guard."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.rules.audit.commit_rules.people import check_planners, check_reporters
from tests.conftest import COMMERCE, CONFIG, FINANCE
from tests.rules.audit.city import ADMIN, FINANCE_FILE, City
from tests.rules.audit.conftest import copy_city, environ
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
    found = [(one.code, one.place.line) for one in check_reporters(context)]
    assert found == ([] if email in MAY[action] else [("role", len(before) + 1)])


@pytest.mark.parametrize("act", CHANGES)
@pytest.mark.parametrize("email", EVERYBODY)
def test_commitments_by_the_rule(act: str, email: str) -> None:
    old, new, action = CHANGES[act]
    assert old in FINANCE
    context = context_of(
        {TARGETS: (FINANCE, FINANCE.replace(old, new, 1))}, email=email, policy=config(RULES)
    )
    found = [(one.code, one.place.path) for one in check_planners(context)]
    assert found == ([] if email in MAY[action] else [("role", TARGETS)])


@pytest.mark.parametrize("email", EVERYBODY)
@pytest.mark.parametrize(
    "files", [{TARGETS: (None, FINANCE)}, {TARGETS: (FINANCE, None)}], ids=["added", "removed"]
)
def test_whole_commitments_by_the_rule(email: str, files: dict[str, tuple[str | None, str | None]]) -> None:
    context = context_of(files, email=email, policy=config(RULES))
    found = [(one.code, one.place.path) for one in check_planners(context)]
    assert found == ([] if email in MAY["amend"] else [("role", TARGETS)])
    begun = context_of(files, email=email, policy=config(RULES), started=False)
    assert not list(check_planners(begun)), "the commit that begins a ledger"


def test_where_neither_reviewers_nor_admins_are_named_anybody_amends() -> None:
    context = context_of({TARGETS: (FINANCE, FINANCE.replace("6 家", "7 家"))}, policy=config())
    assert not list(check_planners(context))


@pytest.fixture(scope="module")
def named_seed(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A guarded city in which every role is somebody else's; it begins with a figure and a verdict."""
    home = tmp_path_factory.mktemp("named")
    city = City(home / "city", home, environ(home / "home"))
    city.folder.mkdir()
    city.git("init", "--quiet", "--bare", "--initial-branch=main", str(city.server), cwd=city.folder)
    city.git("clone", "--quiet", str(city.server), "clone", cwd=city.folder)
    city.git("clone", "--quiet", str(city.server), "auditor", cwd=city.folder)
    city.git("switch", "--quiet", "--create", "main")
    city.be(ADMIN)
    city.write("data/ledger.yaml", RULES)
    city.write(TARGETS, FINANCE)
    city.write("data/targets/2023/商务局/01.yaml", COMMERCE)
    city.write(".gitattributes", "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n")
    city.commit("建立账本")
    assert city.ledger("log", "金融办", "listed", "1家", "--on", "2023-01-20").code == 0
    assert city.ledger("judge", "金融办-01/front", "unmet", "--reason", "尚无依据").code == 0
    city.git("push", "--quiet", "--set-upstream", "origin", "main")
    city.guard()
    return city


def ids(city: City) -> list[str]:
    return [part[:26] for part in city.read(FINANCE_FILE).split('"id": "')[1:]]


COMMANDS = {
    "log": (("log", "金融办", "listed", "1家", "--on", "2023-06-20"), "log"),
    "correct": (("correct", "0", "3家", "--reason", "x"), "log"),
    "void": (("void", "0", "--reason", "x"), "log"),
    "judge": (("judge", "金融办-01/front", "unmet", "--reason", "x"), "judge"),
    "void a verdict": (("void", "1", "--reason", "x"), "judge"),
    "amend": (("amend", "金融办-01/listed", "--goal", "7家", "--reason", "x"), "amend"),
    "close": (("close", "金融办-01", "--evidence", "x", "--reason", "x"), "amend"),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("email", [REPORTER, REVIEWER])
def test_three_ways_in(named_seed: City, tmp_path: Path, name: str, email: str) -> None:
    """The command refuses; what is done all the same, by somebody who passes for another, is named by the audit and refused by the guard."""
    city = copy_city(named_seed, tmp_path / "city")
    words, action = COMMANDS[name]
    typed = [ids(city)[int(word)] if word in {"0", "1"} else word for word in words]
    city.be(email)
    done = city.ledger(*typed)
    if email in MAY[action]:
        assert done.code == 0, done.err
        pushed = city.push()
        assert pushed.code == 0, pushed.err
        return
    assert (done.code, city.git("log", "--format=%ae", "-1")) == (1, ADMIN)
    city.be(ADMIN)
    assert city.ledger(*typed).code == 0
    city.git("commit", "--quiet", "--amend", "--no-edit", f"--author=x <{email}>")
    found = [(one["rule"], one["email"]) for one in city.audit(cwd=city.clone)]
    assert ("role", email) in found
    before = city.refs()
    pushed = city.push()
    assert pushed.code != 0
    assert "[role]" in pushed.err
    assert city.refs() == before
