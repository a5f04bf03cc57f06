"""Reviews and remarks pushed to a guarded server, each alone: by whom they are taken, by whom refused, and what the audit says."""

from __future__ import annotations

import pytest

from ledger.files.entryfile import read_progress
from tests.conftest import COMMERCE, CONFIG, FINANCE
from tests.rules.audit.city import ADMIN, FINANCE_FILE, City
from tests.rules.audit.conftest import environ

CLERK, REVIEWER, OTHER_CLERK, OTHER_REVIEWER = "rep@x.cn", "rev@x.cn", "other@x.cn", "otherrev@x.cn"
RULES = (
    CONFIG.replace(
        "aliases: [市金融办]}", f"aliases: [市金融办], reporters: [{CLERK}], reviewers: [{REVIEWER}]}}"
    ).replace("inferred: true}", f"reporters: [{OTHER_CLERK}], reviewers: [{OTHER_REVIEWER}]}}")
    + f"admins: [{ADMIN}]\n"
)
WORDS = {
    "verify": ("verify", "{figure}"),
    "return": ("return", "{figure}", "--reason", "名单与佐证不符"),
    "remark": ("remark", "金融办", "金融办-01/listed", "--cause", "退回补正", "--measure", "重新申报"),
}
MAY = {"verify": {REVIEWER, ADMIN}, "return": {REVIEWER, ADMIN}, "remark": {CLERK, REVIEWER, ADMIN}}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    home = tmp_path_factory.mktemp("reviews")
    city = City(home / "city", home, environ(home / "home"))
    city.folder.mkdir()
    city.git("init", "--quiet", "--bare", "--initial-branch=main", str(city.server), cwd=city.folder)
    city.git("clone", "--quiet", str(city.server), "clone", cwd=city.folder)
    city.git("switch", "--quiet", "--create", "main")
    city.be(ADMIN, "管理员")
    city.write("data/ledger.yaml", RULES)
    city.write("data/targets/2023/金融办/01.yaml", FINANCE)
    city.write("data/targets/2023/商务局/01.yaml", COMMERCE)
    city.write(".gitattributes", "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n")
    city.commit("建立账本")
    city.git("push", "--quiet", "--set-upstream", "origin", "main")
    city.guard()
    city.be(CLERK, "文书")
    done = city.ledger("log", "金融办", "listed", "2家", "--on", "2023-05-31")
    assert done.code == 0, done.err
    assert city.push().code == 0
    return city


def figure_of(city: City) -> str:
    """Return the id of the figure reported."""
    return read_progress(FINANCE_FILE, city.read(FINANCE_FILE).encode()).entries[0].id


def by_hand(city: City, act: str, figure: str, email: str) -> str:
    """Append the line of an act and commit it with git, as somebody who does not ask the program; return the commit."""
    link = {"verify": "verifies", "return": "returns"}.get(act)
    fields = {link: figure, "reason": "x"} if link else {"cause": "退回补正", "measure": "重新申报"}
    entry = city.entry(FINANCE_FILE, commit=False, add=None, on="2023-05-31", **fields)
    return city.commit(
        city.message(FINANCE_FILE, entry), GIT_AUTHOR_NAME="某人", GIT_AUTHOR_EMAIL=email
    ).strip()


@pytest.mark.parametrize(
    ("act", "email"),
    [
        *(("verify", email) for email in (CLERK, REVIEWER, OTHER_CLERK, OTHER_REVIEWER)),
        ("return", CLERK),
        ("return", REVIEWER),
        ("remark", CLERK),
        ("remark", OTHER_CLERK),
    ],
)
def test_a_push_by_each_role(city: City, act: str, email: str) -> None:
    before = city.refs()
    figure = figure_of(city)
    commit = by_hand(city, act, figure, email)
    allowed = email in MAY[act]
    named = {found for found, _, _ in city.places("role", cwd=city.clone)}
    assert named == (set() if allowed else {commit})
    pushed = city.push()
    if allowed:
        assert pushed.code == 0, pushed.err
        assert city.refs() != before
    else:
        assert pushed.code != 0
        assert "[role]" in pushed.err
        assert city.refs() == before
        city.git("reset", "--quiet", "--hard", "origin/main")


def test_a_reviewers_commands_are_taken_and_a_clerks_refused(city: City) -> None:
    figure = figure_of(city)
    city.be(CLERK, "文书")
    for act in ("verify", "return"):
        refused = city.ledger(*(word.format(figure=figure) for word in WORDS[act]))
        assert (refused.code, "可以的人" in refused.err) == (1, True)
    city.be(REVIEWER, "督查")
    for words in WORDS.values():
        done = city.ledger(*(word.format(figure=figure) for word in words))
        assert done.code == 0, done.err
        pushed = city.push()
        assert pushed.code == 0, pushed.err
    city.git("clone", "--quiet", str(city.server), str(city.auditor), cwd=city.folder)
    assert city.audit(cwd=city.auditor) == []
