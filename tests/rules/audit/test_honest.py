"""What is honest passes: silent audits, accepted pushes, corrections with reasons, and an audit that goes on where it stopped."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ledger.rules.audit.checkpoint import VERSION
from ledger.rules.audit.lines import compare_entries, is_append
from tests.rules.audit.city import ADMIN, FINANCE_FILE, RULES, ZHANG, City


def test_a_clean_ledger_gets_a_certificate(city: City, tmp_path: Path) -> None:
    file = tmp_path / "certificate.txt"
    done = city.ledger("audit", "--full", "--certificate", str(file), cwd=city.auditor)
    assert (done.code, done.err) == (0, "")
    assert file.read_text("utf-8") == done.out
    tip = city.git("rev-parse", "HEAD")
    assert "未发现问题" in done.out
    assert tip in done.out
    assert city.git("rev-parse", "seal/2023-02")[:12] in done.out


def test_json_says_what_was_proved(city: City) -> None:
    done = city.ledger("audit", "--full", "--format", "json", cwd=city.auditor)
    answer = json.loads(done.out)
    assert (answer["complete"], answer["findings"]) == (True, [])
    proved = answer["proved"]
    tip = city.git("rev-parse", "HEAD")
    assert proved["tip"] == tip
    assert proved["range"] == {"from": None, "to": tip, "since": None}
    assert (proved["commits"], proved["entries"], proved["files"], proved["seals"]) == (5, 4, 5, 2)
    assert proved["walked"] == 5
    assert proved["signatures"] == 0
    assert [item["code"] for item in proved["unchecked"]] == ["truth", "signatures"]


def test_the_guard_lets_honest_work_through(city: City) -> None:
    city.guard()
    done = city.ledger("log", "金融办", "listed", "1家", "--on", "2023-06-20")
    assert done.code == 0, done.err
    pushed = city.push()
    assert pushed.code == 0, pushed.err
    assert city.git("rev-parse", "main", cwd=city.server) == city.git("rev-parse", "HEAD")


def test_an_admin_named_outside_may_change_the_rules(city: City) -> None:
    city.guard()
    city.be(ADMIN)
    city.write("data/ledger.yaml", RULES.replace("year: 2023", "year: 2023\nlate_days: 45"))
    city.commit("定下迟报期限")
    pushed = city.push()
    assert pushed.code == 0, pushed.err


def test_a_guard_without_its_file_accepts_nothing(city: City) -> None:
    city.guard()
    (city.server / "ledger-guard.yaml").unlink()
    city.entry(FINANCE_FILE)
    before = city.refs()
    pushed = city.push()
    assert pushed.code != 0
    assert "ledger-guard.yaml 不见了" in pushed.err
    assert city.refs() == before


def test_a_guard_is_not_put_over_somebody_elses_hook(city: City) -> None:
    hook = city.server / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n", encoding="utf-8")
    done = city.ledger("guard", "install", str(city.server))
    assert done.code == 1
    assert hook.read_text(encoding="utf-8") == "#!/bin/sh\n"


def test_a_late_report_says_why(city: City) -> None:
    refused = city.ledger("log", "金融办", "listed", "1家", "--on", "2023-02-25")
    assert refused.code == 1
    assert "2023-02 及以前各月已封账" in refused.err
    late = ("--late", "--reason", "材料晚到")
    done = city.ledger("log", "金融办", "listed", "1家", "--on", "2023-02-25", *late)
    assert done.code == 0, done.err
    assert city.audit(cwd=city.clone) == []


def test_a_seal_needs_the_server_to_have_the_tip(city: City) -> None:
    assert city.ledger("log", "金融办", "listed", "1家", "--on", "2023-06-20").code == 0
    city.be(ADMIN)
    refused = city.ledger("seal", "2023-05")
    assert refused.code == 1
    assert "服务器上还没有最近的这些记录" in refused.err
    assert city.git("tag", "--list", "seal/2023-05") == ""
    city.git("push", "--quiet", "origin", "main")
    done = city.ledger("seal", "2023-05", "--format", "json")
    made = json.loads(done.out)
    assert made["previous"] == city.git("rev-parse", "seal/2023-02")
    assert made["entries"] == 5
    assert made["id"] in city.git("ls-remote", "origin", "refs/tags/seal/2023-05")


def test_a_month_that_is_not_over_is_not_sealed(city: City) -> None:
    refused = city.ledger("seal", "2023-07")
    assert refused.code == 1
    assert "还没有过完" in refused.err


@pytest.mark.parametrize("name", ["2023-02", "seal/2023-02", "hash"])
def test_since_a_seal(city: City, name: str) -> None:
    """What was done before the seal is not looked at again; what came after is."""
    if name == "hash":
        name = city.git("rev-parse", "seal/2023-02")[:12]
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    commit = city.commit()
    assert {item["commit"] for item in city.audit("--since", name, cwd=city.clone)} == {commit}


def test_since_no_seal(city: City) -> None:
    done = city.ledger("audit", "--since", "2023-04")
    assert done.code == 1
    assert "没有封账 2023-04" in done.err


def test_a_finding_is_found_again(city: City) -> None:
    """An audit that found something remembers nothing as clean."""
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    commit = city.commit()
    first, second = city.audit(cwd=city.clone), city.audit(cwd=city.clone)
    assert first == second
    (edit,) = [item for item in first if item["rule"] == "edited"]
    assert (edit["commit"], edit["path"], edit["line"], edit["email"]) == (commit, FINANCE_FILE, 2, ZHANG)


def test_a_state_in_the_work_tree_is_not_believed(city: City) -> None:
    """The tip that counts as proven is read from the repository's folder; a file of that name in the tree means nothing."""
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    commit = city.commit()
    state = {"version": VERSION, "tip": commit, "proven_with": "", "seals": {}}
    city.write("ledger/audit.json", json.dumps(state))
    city.commit()
    assert city.places("edited", cwd=city.clone) == [(commit, FINANCE_FILE, 2)]


def test_an_amended_goal_keeps_its_original(city: City) -> None:
    city.be(ADMIN, "管理员")
    path = "data/targets/2023/金融办/01.yaml"
    revision = "\n    revisions:\n      - {on: 2023-04-20, by: 管理员, reason: 会议纪要〔2023〕5号, was: {goal: {at_least: 6 家}}}"
    city.change(path, "    goal: {at_least: 6 家}", "    goal: {at_least: 8 家}" + revision)
    city.commit("调高目标", GIT_AUTHOR_DATE="2023-04-20T09:00:00+08:00")
    assert city.audit(cwd=city.clone) == []


def test_a_shallow_clone_proves_nothing(city: City, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", city.server.as_uri(), str(shallow)],
        check=True,
        capture_output=True,
        env=city.environ,
    )
    assert city.places("shallow", cwd=shallow) == [(None, None, None)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (b"a\n", b"a\nb\n", []),
        (b"", b"a\n", []),
        (b"a", b"a\nb\n", []),
        (b"a", b"ab\n", [("edited", 1)]),
        (b"a\nb\n", b"a\n", [("deleted", 2)]),
        (b"a\nb\n", b"b\na\n", [("reordered", 1)]),
        (b"a\nb\n", b"a\nx\nb\n", [("inserted", 2)]),
        (b"a\nb\n", b"a\nx\n", [("edited", 2)]),
        (b"a\nb\n", b"a\r\nb\r\n", [("edited", 1)]),
        (b"a\na\n", b"a\n", [("deleted", 2)]),
    ],
)
def test_how_two_versions_differ(before: bytes, after: bytes, expected: list[tuple[str, int]]) -> None:
    assert is_append(before, after) is (expected == [])
    if expected:
        assert [(item.code, item.place.line) for item in compare_entries("x", before, after)] == expected
