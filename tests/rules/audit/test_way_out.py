"""An honest clerk whom the guard refuses gets out by the commands that the messages print, whatever the rule."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ledger.rules.audit.commit_rules import RULES
from tests.rules.audit.city import ADMIN, COMMERCE_FILE, FINANCE_FILE, LI, ZHANG, City
from tests.rules.audit.conftest import key

PLAN = "data/targets/2023/金融办/01.yaml"


@dataclass(frozen=True)
class Case:
    """What somebody did, the code the server gives it, and what to type after `ledger redo`."""

    rule: str
    code: str
    act: Callable[[City], object]
    way: tuple[str, ...]
    kept: bool = True
    """Whether the entry reaches the server in the end."""
    before: tuple[str, ...] = ()
    """A git setting that is put right first."""


def by_hand(city: City) -> str:
    """The commit of somebody who forgot the trailers."""
    city.entry(FINANCE_FILE, commit=False, on="2023-06-15")
    return city.commit("记一笔")


def under_a_wrong_name(city: City) -> object:
    city.git("config", "user.email", "zhagn@example.gov.cn")
    return city.entry(FINANCE_FILE, on="2023-06-15")


def for_another_department(city: City) -> object:
    return city.entry(COMMERCE_FILE, target="overseas", add="1亿美元", on="2023-06-15")


def with_a_clock_ahead(city: City) -> str:
    entry = city.entry(FINANCE_FILE, commit=False, on="2023-06-15")
    return city.commit(city.message(FINANCE_FILE, entry), GIT_COMMITTER_DATE="2099-01-01T00:00:00+08:00")


def with_a_clock_behind(city: City) -> str:
    entry = city.entry(FINANCE_FILE, commit=False, on="2023-06-15")
    return city.commit(
        city.message(FINANCE_FILE, entry),
        GIT_AUTHOR_DATE="2023-01-01T00:00:00+08:00",
        GIT_COMMITTER_DATE="2023-01-01T00:00:00+08:00",
    )


def merging(city: City) -> str:
    city.git("switch", "--quiet", "--create", "旁")
    city.entry(FINANCE_FILE, on="2023-06-15")
    city.git("switch", "--quiet", "main")
    city.entry(FINANCE_FILE, on="2023-06-16")
    city.git("merge", "--quiet", "--no-edit", "旁")
    return city.git("branch", "--delete", "--force", "旁")


def in_a_sealed_month(city: City) -> object:
    return city.entry(FINANCE_FILE, on="2023-02-25")


def twice_under_one_id(city: City) -> object:
    first = city.read(FINANCE_FILE).splitlines()[0].split('"')[3]
    return city.entry(FINANCE_FILE, id=first, on="2023-06-15")


def with_evidence_left_out(city: City) -> str:
    city.entry(FINANCE_FILE, evidence=[f"data/evidence/2023/{'0' * 64}-批复.pdf"])
    return city.git("rev-parse", "HEAD")


def change(path: str, old: str, new: str) -> Callable[[City], str]:
    def act(city: City) -> str:
        city.change(path, old, new)
        return city.commit("改一处")

    return act


def write(path: str, text: str) -> Callable[[City], str]:
    def act(city: City) -> str:
        city.write(path, text)
        return city.commit("放一个文件")

    return act


def remove(path: str) -> Callable[[City], str]:
    def act(city: City) -> str:
        city.git("rm", "--quiet", path)
        return city.commit("删一个文件")

    return act


FACT = """\
reorganisations:
  - {kind: transfer, on: 2023-06-01, year: 2023, commitment: 金融办-01, to: 商务局, by: x, reason: 机构改革}
year: 2023"""
DROP = ("--drop", "{commit}")
CASES = (
    Case("check_append_only", "edited", change(FINANCE_FILE, "1家", "9家"), DROP, kept=False),
    Case("check_files_stay", "removed", remove(COMMERCE_FILE), DROP, kept=False),
    Case("check_paths", "path", write("说明.docx", "x"), DROP, kept=False),
    Case("check_commitment_changes", "goal", change(PLAN, "6 家}", "1 家}"), DROP, kept=False),
    Case("check_reporters", "role", under_a_wrong_name, ("--as-me",), before=("user.email", ZHANG)),
    Case("check_reporters", "role", for_another_department, ("--permitted",), kept=False),
    Case("check_planners", "role", change(PLAN, "企业上市", "企业上市了"), DROP, kept=False),
    Case("check_rule_changes", "policy", change("data/ledger.yaml", "year: 2023", "year: 2023\nlate_days: 5"), DROP, kept=False),
    Case("check_clock", "clock", with_a_clock_ahead, ()),
    Case("check_id_times", "clock", with_a_clock_behind, ()),
    Case("check_sealed_months", "sealed", in_a_sealed_month, ("--late", "--reason", "漏报")),
    Case("check_linear", "merge", merging, ()),
    Case("check_trailers", "trailer", by_hand, ()),
    Case("check_mailmap", "mailmap", write(".mailmap", "李四 <li@example.gov.cn> <zhang@example.gov.cn>\n"), DROP, kept=False),
    Case("check_evidence", "evidence-hash", write(f"data/evidence/2023/{'0' * 64}-批复.pdf", "x"), DROP, kept=False),
    Case("check_reorganisations", "role", change("data/ledger.yaml", "year: 2023", FACT), DROP, kept=False),
    Case("check_named_evidence", "evidence-missing", with_evidence_left_out, DROP, kept=False),
    Case("check_drafters", "role", write("data/drafts/2023/商务局/01.yaml", "id: 商务局-01\n"), DROP, kept=False),
    Case("head", "duplicate", twice_under_one_id, ()),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.code}")
def test_an_honest_user_gets_out_by_the_printed_commands(city: City, case: Case) -> None:
    city.guard()
    city.be(ZHANG, "张三")
    server = city.refs()
    acknowledged = city.git("rev-parse", "origin/main")
    case.act(city)
    old = city.git("rev-parse", "HEAD")
    refused = city.ledger("sync")
    assert refused.code == 3
    assert "ledger redo" in refused.err
    if case.rule != "check_sealed_months":  # stopped before the push already
        assert f"[{case.code}" in refused.err
    assert city.refs() == server
    if case.before:
        assert city.git("config", *case.before) == ""
    shown = city.ledger("redo", "--dry-run", "--format", "json", *_typed(case, old))
    assert shown.code == 0, shown.err
    assert city.git("rev-parse", "HEAD") == old
    done = city.ledger("redo", *_typed(case, old))
    assert done.code == 0, done.err
    assert city.ledger("sync").code == 0
    assert city.git("merge-base", "HEAD", acknowledged) == acknowledged
    sent = city.git("rev-list", f"{acknowledged}..origin/main").split()
    assert bool(sent) == case.kept
    assert old in city.git("for-each-ref", "--format=%(objectname)", "refs/ledger/redone").split()
    assert city.git("status", "--porcelain") == ""
    city.fetch()
    assert city.rules() == set()
    assert city.rules(cwd=city.clone) == set()
    assert city.ledger("redo", "--forget").code == 0
    assert city.git("for-each-ref", "refs/ledger/redone") == ""


def _typed(case: Case, commit: str) -> list[str]:
    return [word.format(commit=commit[:10]) for word in case.way]


def test_every_rule_has_its_case() -> None:
    """Those that need a link, settings of their own or a second clone are tested below."""
    apart = {
        "check_modes",
        "check_late",
        "check_signature",
        "check_simulation_stays",
    }
    assert {rule.__name__ for rule in RULES} - apart == {case.rule for case in CASES} - {"head"}


def test_an_admin_who_calls_the_ledger_a_demonstration(city: City) -> None:
    city.guard()
    city.be(ADMIN, "管理员")
    city.change("data/ledger.yaml", "year: 2023", "year: 2023\nsimulated: true")
    commit = city.commit("改成演示")
    refused = city.ledger("sync")
    assert "[policy" in refused.err
    assert "ledger init 文件夹" in refused.err
    assert city.ledger("redo", "--drop", commit[:12]).code == 0
    assert city.ledger("sync").code == 0
    city.fetch()
    assert city.rules() == set()


def test_a_report_behind_the_deadline(city: City) -> None:
    city.guard()
    city.be(ADMIN, "管理员")
    city.change("data/ledger.yaml", "year: 2023", "year: 2023\nlate_days: 5")
    city.commit("规定期限")
    assert city.ledger("sync").code == 0
    city.be(ZHANG, "张三")
    city.entry(FINANCE_FILE, on="2023-06-15")
    refused = city.ledger("sync")
    assert "[late]" in refused.err
    again = city.ledger("redo")
    assert again.code == 1
    assert "--late --reason" in again.err
    assert city.ledger("redo", "--late", "--reason", "系统故障").code == 0
    assert city.ledger("sync").code == 0
    city.fetch()
    assert city.rules() == set()


@pytest.mark.parametrize(
    ("mistake", "code", "mended"),
    [
        (("commit.gpgsign", "false"), "signature", ("commit.gpgsign", "true")),
        (("user.signingkey", "{keys}/li"), "signer", ("user.signingkey", "{keys}/zhang")),
        (("user.signingkey", "{keys}/old"), "signature", ("user.signingkey", "{keys}/zhang")),
        (("user.signingkey", "{keys}/new"), "signature", ("user.signingkey", "{keys}/zhang")),
        (("user.email", "zhagn@example.gov.cn"), "signer", ("user.email", ZHANG)),
    ],
    ids=["unsigned", "colleagues-key", "expired-key", "unknown-key", "wrong-address"],
)
def test_a_signature_that_the_server_does_not_take(
    signed_city: City, mistake: tuple[str, str], code: str, mended: tuple[str, str]
) -> None:
    """Setting key or address right and `ledger redo` signs again what was not sent."""
    city = signed_city
    shutil.copyfile(city.keys / "allowed_signers", city.server / "allowed_signers")
    if not (city.keys / "new").exists():
        key(city.keys, "new")
    city.guard("--signers", "allowed_signers", "--require-signatures")
    city.be(ZHANG, "张三")
    settings = [[word.format(keys=city.keys) for word in setting] for setting in (mistake, mended)]
    city.git("config", *settings[0])
    entry = city.entry(FINANCE_FILE, on="2023-06-15")
    server = city.refs()
    refused = city.ledger("sync")
    assert f"[{code}]" in refused.err
    assert "ledger redo" in refused.err
    assert city.refs() == server
    city.git("config", *settings[1])
    as_me = ("--as-me",) if mended[0] == "user.email" else ()
    assert city.ledger("redo", *as_me).code == 0
    assert city.ledger("sync").code == 0
    assert city.read(FINANCE_FILE).count(f'"on": "{entry.on}"') == 1
    city.fetch()
    assert city.rules("--signers", str(city.keys / "allowed_signers")) == set()


def test_a_change_of_departments_that_a_seal_overtakes(city: City) -> None:
    city.guard()
    other = city.folder / "other"
    city.git("clone", "--quiet", str(city.server), str(other), cwd=city.folder)
    for name, value in (("user.name", "管理员"), ("user.email", ADMIN)):
        city.git("config", name, value, cwd=other)
    city.be(ADMIN, "管理员")
    words = ("dept", "rename", "金融办", "金融局", "--reason", "机构改革", "--on")
    done = city.ledger(*words, "2023-03-15")
    assert done.code == 0, done.err
    commit = city.git("rev-parse", "HEAD")
    assert city.ledger("sync", cwd=other).code == 0
    assert city.ledger("seal", "2023-03", cwd=other).code == 0
    refused = city.ledger("sync")
    assert "[sealed]" in refused.err
    assert "ledger redo" in refused.err
    assert city.ledger("redo", "--drop", commit[:10]).code == 0
    assert city.ledger(*words, "2023-04-01").code == 0
    assert city.ledger("sync").code == 0
    city.fetch()
    assert city.rules() == set()


def test_a_goal_that_a_seal_overtakes(city: City) -> None:
    """Changed from a day that was open when it was written, and sealed when it is sent: it holds from a later day, or not at all."""
    city.guard()
    city.be(ADMIN, "管理员")
    words = ("amend", "金融办-01/listed", "--goal", "不少于9家", "--reason", "会议纪要", "--from")
    assert city.ledger(*words, "2023-03-15").code == 0
    other = city.folder / "other"
    city.git("clone", "--quiet", str(city.server), str(other), cwd=city.folder)
    for name, value in (("user.name", "管理员"), ("user.email", ADMIN)):
        city.git("config", name, value, cwd=other)
    assert city.ledger("sync", cwd=other).code == 0
    assert city.ledger("seal", "2023-03", cwd=other).code == 0
    refused = city.ledger("sync")
    assert "[sealed]" in refused.err
    drop, again = re.search(
        r"ledger redo (--drop \w+)，再 ledger amend \S+ … --from (\S+)", refused.err
    ).groups()  # type: ignore[union-attr]
    assert city.ledger("redo", *drop.split()).code == 0
    assert city.ledger(*words, again).code == 0
    assert city.ledger("sync").code == 0
    city.fetch()
    assert city.rules() == set()


def test_a_seal_of_one_who_may_not(city: City) -> None:
    """What the server says against a seal names who may, and nothing is left here."""
    city.guard()
    file = city.server / "ledger-guard.yaml"
    file.write_text(file.read_text("utf-8") + f"sealers: [{ADMIN}]\n", "utf-8")
    city.be(ZHANG, "张三")
    refused = city.ledger("seal", "2023-03")
    assert refused.code
    assert "ledger redo" not in refused.err
    assert "seal/2023-03" not in city.git("tag", "--list")
    assert city.ledger("doctor").code == 0
    city.be(ADMIN, "管理员")
    assert city.ledger("seal", "2023-03").code == 0


def test_a_link_in_the_place_of_a_file(city: City) -> None:
    city.guard()
    city.be(ZHANG, "张三")
    (city.clone / FINANCE_FILE).unlink()
    (city.clone / FINANCE_FILE).symlink_to("../商务局/01.yaml")
    commit = city.commit("链接")
    assert "[" in city.ledger("sync").err
    assert city.ledger("redo", "--drop", commit[:12]).code == 0
    assert city.ledger("sync").code == 0
    city.fetch()
    assert city.rules() == set()


def test_corrections_follow_what_they_name(city: City) -> None:
    """A chain of unsent lines is made again whole: the new lines name the new ids, and a line whose entry is dropped goes too."""
    city.guard()
    city.be(ZHANG, "张三")
    first = city.entry(FINANCE_FILE, on="2023-02-25")
    second = city.entry(FINANCE_FILE, on="2023-02-25", add="2家", corrects=first.id, reason="错")
    city.entry(FINANCE_FILE, on="2023-02-25", add=None, voids=second.id, reason="又错")
    other = city.entry(FINANCE_FILE, on="2023-06-20")
    assert city.ledger("sync").code == 3
    done = city.ledger("redo", "--late", "--reason", "漏报", "--format", "json")
    assert done.code == 0, done.err
    made = json.loads(done.out)["entries"]
    assert [item["action"] for item in made] == ["late", "late", "late", "kept"]
    lines = [json.loads(line[2:]) for line in city.read(FINANCE_FILE).splitlines()][-4:]
    assert lines[1]["corrects"] == lines[0]["id"]
    assert lines[2]["voids"] == lines[1]["id"]
    assert {line["id"] for line in lines}.isdisjoint({first.id, second.id, other.id})
    assert [line.get("late", False) for line in lines] == [True, True, True, False]
    assert lines[1]["reason"] == "错"
    done = city.ledger("redo", "--drop", lines[0]["id"][-8:], "--format", "json")
    assert [entry["action"] for entry in json.loads(done.out)["entries"]] == [
        "dropped",
        "dropped",
        "dropped",
        "kept",
    ]
    assert city.ledger("sync").code == 0
    assert city.read(FINANCE_FILE).count("2023-02-25") == 0
    nothing = city.ledger("redo")
    assert nothing.code == 1
    assert "没有没送出的提交" in nothing.err


def test_what_names_nothing_is_told(city: City) -> None:
    city.be(ZHANG, "张三")
    city.entry(FINANCE_FILE, on="2023-06-20")
    assert "没有“ABCDEF12”" in city.ledger("redo", "--drop", "ABCDEF12").err
    assert city.ledger("redo", "--late").code == 2


SIGNATURES = {
    "missing": (("commit.gpgsign", "false"), "没有签名", ("commit.gpgsign", "true"), ()),
    "unknown": (
        ("user.signingkey", "{keys}/stranger"),
        "不在准许的名单里",
        ("user.signingkey", "{keys}/zhang"),
        (),
    ),
    "expired": (("user.signingkey", "{keys}/old"), "已过期", ("user.signingkey", "{keys}/zhang"), ()),
    "foreign": (("user.email", LI), f"签名的却是 {ZHANG}", ("user.email", ZHANG), ("--as-me",)),
}
"""What was wrong with the settings, what the server says, the setting that its hint names, and the options of `redo`."""


@pytest.mark.parametrize("state", SIGNATURES)
def test_a_signature_that_the_server_refuses(signed_city: City, state: str) -> None:
    """`check_signature`: what the refusal names is typed, and the commit is sent, signed by its author."""
    city = signed_city
    (city.server / "allowed_signers").write_bytes((city.keys / "allowed_signers").read_bytes())
    city.guard("--signers", "allowed_signers", "--require-signatures")
    city.be(ZHANG, "张三")
    if not (city.keys / "stranger").exists():
        key(city.keys, "stranger")
    wrong, message, mended, options = SIGNATURES[state]
    city.git("config", wrong[0], wrong[1].format(keys=city.keys))
    city.entry(FINANCE_FILE, on="2023-06-15")
    before = city.refs()
    refused = city.ledger("sync")
    assert (refused.code, city.refs()) == (3, before)
    assert message in refused.err
    assert f"git config {mended[0]}" in refused.err
    assert "ledger redo" in refused.err
    city.git("config", mended[0], mended[1].format(keys=city.keys))
    done = city.ledger("redo", *options)
    assert done.code == 0, done.err
    assert city.ledger("sync").code == 0
    city.fetch()
    assert city.rules() == set()
    assert len(city.read(FINANCE_FILE).splitlines()) == 4
