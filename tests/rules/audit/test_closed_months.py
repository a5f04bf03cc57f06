"""A sealed month stays closed on a guarded server, and what was sealed by mistake is opened again in the chain."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.rules.audit.city import ADMIN, FINANCE_FILE, LI, ZHANG, City

pytestmark = pytest.mark.usefixtures("told")


def seal(city: City, *options: str, code: int = 0) -> str:
    city.be(ADMIN, "管理员")
    done = city.ledger("seal", *options)
    assert done.code == code, done.err
    return done.out + done.err


@pytest.fixture
def closed(city: City) -> City:
    """A guarded server on which May is sealed; the last entry is of 20 May."""
    city.guard()
    seal(city, "2023-05")
    return city


def entries(city: City) -> list[str]:
    return [line.split('"')[3] for line in city.read(FINANCE_FILE).splitlines()]


@pytest.mark.parametrize(
    "fields",
    [
        {"on": "2023-05-31"},
        {"on": "2023-07-05", "add": None, "voids": -1, "reason": "错"},
        {"on": "2023-05-20", "add": None, "voids": -1},
        {"on": "2023-07-05", "corrects": -1, "reason": "错"},
    ],
)
def test_the_guard_judges_by_effect(closed: City, fields: dict[str, object]) -> None:
    """Withdrawing a May entry under a July date changes May, and needs `late` as an entry of May does."""
    city = closed
    city.be(ZHANG, "张三")
    fields = {name: entries(city)[-1] if value == -1 else value for name, value in fields.items()}
    before = city.refs()
    entry = city.entry(FINANCE_FILE, **fields)
    refused = city.push()
    assert "[sealed]" in refused.err
    assert entry.id in refused.err
    assert "ledger redo" in refused.err
    assert city.refs() == before
    assert city.places("sealed", cwd=city.clone) == [(city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)]
    (city.clone / ".git" / "ledger" / "audit.json").unlink()
    city.git("reset", "--quiet", "--hard", "HEAD~1")
    city.entry(FINANCE_FILE, **(fields | {"late": True, "reason": "漏报"}))
    assert city.push().code == 0
    assert city.rules(cwd=city.clone) == set()


def test_doctor_tells_of_entries_that_the_server_will_refuse(closed: City, tmp_path: Path) -> None:
    city = closed
    city.be(ZHANG, "张三")
    assert city.ledger("log", "金融办", "listed", "1家", "--on", "2023-06-20").code == 0
    assert city.ledger("doctor").code == 0
    other = tmp_path / "other"
    city.git("clone", "--quiet", str(city.server), str(other), cwd=tmp_path)
    for name, value in (("user.name", "管理员"), ("user.email", ADMIN)):
        city.git("config", name, value, cwd=other)
    assert city.ledger("sync", cwd=other).code == 0
    assert city.ledger("seal", "2023-06", cwd=other).code == 0
    assert city.ledger("sync").code == 3
    done = city.ledger("doctor", "--format", "json")
    assert (done.code, [item["kind"] for item in json.loads(done.out)["left"]]) == (1, ["refused"])
    assert city.ledger("redo", "--late", "--reason", "漏报").code == 0
    assert city.ledger("doctor").code == 0


def test_a_seal_is_over_the_servers_tip_or_none(closed: City, tmp_path: Path) -> None:
    """A clone that is behind would seal an old tip, and make honest later entries breaches."""
    city = closed
    behind = tmp_path / "behind"
    city.git("clone", "--quiet", str(city.server), str(behind), cwd=tmp_path)
    city.be(ZHANG, "张三")
    assert city.ledger("log", "金融办", "listed", "1家", "--on", "2023-06-20").code == 0
    assert city.ledger("sync").code == 0
    city.git("config", "user.email", ADMIN, cwd=behind)
    city.git("config", "user.name", "管理员", cwd=behind)
    refused = city.ledger("seal", "2023-06", cwd=behind)
    assert refused.code == 1
    assert "服务器上有新的记录" in refused.err
    assert city.seal_unsent("2023-06", behind).code == 0
    pushed = city.run("git", "push", "--quiet", "origin", "refs/tags/seal/2023-06", cwd=behind)
    assert "不是服务器上最新的提交" in pushed.err
    city.git("tag", "--delete", "seal/2023-06", cwd=behind)
    assert city.ledger("sync", cwd=behind).code == 0
    assert city.ledger("seal", "2023-06", cwd=behind).code == 0


def test_a_seal_of_a_month_to_come_is_refused_by_the_servers_clock(closed: City) -> None:
    city = closed
    before = city.refs()
    city.be(ADMIN, "管理员")
    done = city.ledger("seal", "2099-12", LEDGER_TODAY="2100-01-05")
    assert done.code == 3
    assert "2099-12 还没有过完，服务器的时间是" in done.err
    assert city.refs() == before
    assert "2099" not in city.git("tag", "--list")
    seal(city, "2023-06")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("goal: {at_least: 6 家}", "goal: {at_least: 9 家}"),
        ("    name: 新增上市公司\n", "    name: 新增上市公司\n    weight: 3\n"),
        ("    name: 新增上市公司\n", "    name: 新增上市公司\n    due: 2023-06-30\n"),
        ("stretch: [{at_least: 8 家}]", "stretch: [{at_least: 7 家}]"),
    ],
    ids=["goal", "weight", "due", "stretch"],
)
def test_what_held_on_a_sealed_day_holds_on(closed: City, old: str, new: str) -> None:
    """By hand, with a reason in the commit and without a revision, or with one from a sealed day; by those who may, too."""
    city = closed
    before = city.refs()
    city.be(ADMIN, "管理员")
    plan = "data/targets/2023/金融办/01.yaml"
    city.change(plan, old, new)
    city.commit("改目标\n\nLedger-Reason: 会议纪要\n")
    refused = city.ledger("sync")
    assert refused.code == 3
    assert "[sealed]" in refused.err
    assert city.refs() == before
    city.git("reset", "--quiet", "--hard", "origin/main")
    done = city.ledger(
        "amend", "金融办-01/listed", "--goal", "不少于9家", "--from", "2023-07-05", "--reason", "纪要"
    )
    assert done.code == 0, done.err
    city.change(plan, "from: 2023-07-05", "from: 2023-05-15")
    city.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    assert "[sealed]" in city.ledger("sync").err
    city.change(plan, "from: 2023-05-15", "from: 2023-07-05")
    city.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    assert city.ledger("sync").code == 0


def test_what_describes_the_whole_year_may_be_supplied_later(closed: City) -> None:
    city = closed
    city.be(ADMIN, "管理员")
    done = city.ledger("amend", "金融办-01/balance", "--baseline", "3200亿元", "--reason", "统计公报")
    assert done.code == 0, done.err
    assert city.ledger("sync").code == 0
    city.fetch()
    assert city.rules() == set()


def test_a_month_sealed_wrongly_is_opened_again_in_the_chain(closed: City) -> None:
    city = closed
    assert f"可以的人：{ADMIN}" in _as(city, LI, "seal", "2023-05", "--reopen", "--reason", "金融办漏报")
    assert "要写理由" in seal(city, "2023-05", "--reopen", code=1)
    assert "一个月一个月" in seal(city, "2023-04", "--reopen", "--reason", "漏", code=1)
    before = city.git("rev-parse", "seal/2023-05")
    assert "已重开" in seal(city, "2023-05", "--reopen", "--reason", "金融办漏报")
    assert "没有 2023-05 的封账" in city.ledger("status", "--known", "2023-05").err
    city.be(ZHANG, "张三")
    assert city.ledger("log", "金融办", "listed", "1家", "--on", "2023-05-25").code == 0
    assert "已封账" in _as(city, ZHANG, "log", "金融办", "listed", "1家", "--on", "2023-04-25")
    assert city.ledger("sync").code == 0
    seal(city, "2023-05")
    assert city.ledger("status", "--known", "2023-05").code == 0
    assert _as(city, ZHANG, "log", "金融办", "listed", "1家", "--on", "2023-05-26")
    assert city.git("rev-parse", "seal/2023-05") == before  # nothing was deleted or moved
    assert city.git("tag", "--list", "seal/2023-05*").split() == [
        "seal/2023-05",
        "seal/2023-05-2",
        "seal/2023-05-reopened",
    ]
    city.fetch()
    done = city.ledger("audit", "--format", "json", cwd=city.auditor)
    found = json.loads(done.out)
    assert (done.code, found["findings"]) == (0, [])
    assert [(item["month"], item["reason"]) for item in found["proved"]["reopened"]] == [
        ("2023-05", "金融办漏报")
    ]


def _as(city: City, email: str, *command: str) -> str:
    city.be(email)
    done = city.ledger(*command)
    assert done.code != 0
    return done.err


def test_of_two_seals_at_once_one_is_told_to_try_again_and_the_chain_goes_on(
    closed: City, tmp_path: Path
) -> None:
    city = closed
    other = tmp_path / "other"
    shutil.copytree(city.clone, other)
    city.be(ADMIN, "管理员")
    city.git("config", "user.email", ADMIN, cwd=other)
    # Both have looked at the server; the second pushes first.
    hook = city.clone / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\nunset GIT_DIR\ncd '{other}' && mv '{hook}' '{hook}.done' && git push -q origin seal/2023-06\n"
    )
    hook.chmod(0o755)
    assert city.seal_unsent("2023-06", other).code == 0
    lost = city.ledger("seal", "2023-06")
    assert lost.code == 3
    assert "2023-06" not in city.git("tag", "--list")
    assert city.ledger("sync").code == 0
    assert "2023-06" in city.git("tag", "--list")
    assert city.rules(cwd=city.clone) == set()


def test_a_seal_killed_between_tag_and_push_is_taken_back_by_the_next_command(closed: City) -> None:
    city = closed
    city.be(ADMIN, "管理员")
    hook = city.clone / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\nkill -9 $(cat "$LEDGER_TEST_PID")\nsleep 1\nexit 1\n')
    hook.chmod(0o755)
    pid = city.folder / "pid"
    script = f"import os, sys; open({str(pid)!r}, 'w').write(str(os.getpid())); from ledger.__main__ import run; sys.exit(run(sys.argv[1:]))"
    import sys

    killed = city.run(sys.executable, "-c", script, "seal", "2023-06", LEDGER_TEST_PID=str(pid))
    assert killed.code == -9
    assert "seal/2023-06" in city.git("tag", "--list")
    doctor = city.ledger("doctor", "--format", "json")
    assert [item["kind"] for item in json.loads(doctor.out)["left"]] == ["half-sealed", "half-exchanged"]
    city.be(ZHANG, "张三")
    done = city.ledger("log", "金融办", "listed", "1家", "--on", "2023-06-20")
    assert done.code == 0, done.err
    assert "已收回" in done.err
    assert "seal/2023-06" not in city.git("tag", "--list")
    hook.unlink()
    assert city.ledger("sync").code == 0
    seal(city, "2023-06")


def test_receipts_are_checked_and_tell_when(closed: City) -> None:
    city = closed
    city.be(ZHANG, "张三")
    for amount in ("1家", "2家"):
        assert city.ledger("log", "金融办", "listed", amount, "--on", "2023-06-20").code == 0
        assert city.ledger("sync").code == 0
    assert city.ledger("sync").code == 0
    assert city.rules(cwd=city.clone) == set()
    receipts = city.git("log", "--format=%s", "refs/ledger/receipts").splitlines()
    assert receipts == ["收到 refs/heads/main", "收到 refs/heads/main", "收到 refs/tags/seal/2023-05"]
    # One receipt is cut out of the chain.
    first, _, last = city.git("rev-list", "--reverse", "refs/ledger/receipts").splitlines()
    message = city.git("log", "-1", "--format=%B", last)
    cut = city.git("commit-tree", f"{first}^{{tree}}", "-p", first, "-m", message)
    city.git("update-ref", "refs/ledger/receipts", cut)
    assert city.rules(cwd=city.clone) == set()  # nothing before it says where the branch was
    city.git("update-ref", "refs/ledger/incoming", "HEAD~1")
    assert city.rules(cwd=city.clone) == set()
    city.git("update-ref", "refs/ledger/incoming", "HEAD~2")
    assert city.rules(cwd=city.clone) == {"receipt"}
