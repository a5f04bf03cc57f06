"""Who may write what: the pure rule, and the commands that keep it."""

from __future__ import annotations

import pytest

from ledger.core.models import Entry, LedgerConfig
from ledger.core.models.base import read_model
from ledger.core.models.config import Roles
from ledger.core.structs import replace
from ledger.files.yaml_reader import Document, parse
from ledger.rules.permissions import Action, PermissionDeniedError, action_of, may_write, require_permission
from tests.conftest import CONFIG, World

OPEN = "  - {name: 金融办, aliases: [市金融办]}"
NAMED = "  - {name: 金融办, aliases: [市金融办], reporters: [Zhang@example.gov.cn], reviewers: [li@example.gov.cn]}"


def config(text: str) -> LedgerConfig:
    document = parse(text.encode())
    assert isinstance(document, Document)
    return read_model(LedgerConfig, document.data)


NONE = config(CONFIG)
ADMINS = config(CONFIG + "admins: [wang@example.gov.cn]\n")
ALL = config(CONFIG.replace(OPEN, NAMED) + "admins: [wang@example.gov.cn]\n")


@pytest.mark.parametrize(
    ("rules", "email", "acts"),
    [
        (NONE, "anybody@x", "log judge verify remark close amend rate"),
        (ADMINS, "anybody@x", "log remark"),
        (ADMINS, "wang@example.gov.cn", "log judge verify remark close amend rate"),
        (ALL, "anybody@x", ""),
        (ALL, "zhang@example.gov.cn", "log remark"),
        (ALL, " ZHANG@EXAMPLE.GOV.CN ", "log remark"),
        (ALL, "li@example.gov.cn", "judge verify remark close amend rate"),
        (ALL, "wang@example.gov.cn", "log judge verify remark close amend rate"),
    ],
)
def test_who_may_do_what(rules: LedgerConfig, email: str, acts: str) -> None:
    every: tuple[Action, ...] = ("log", "judge", "verify", "remark", "close", "amend", "rate")
    assert [act for act in every if may_write(rules, "金融办", email, act)] == acts.split()


def test_a_department_that_names_nobody_is_open() -> None:
    assert may_write(ALL, "商务局", "anybody@x", "log")
    assert not may_write(ALL, "商务局", "anybody@x", "amend")


def test_a_department_nobody_knows_names_nobody() -> None:
    assert may_write(ALL, "财政局", "anybody@x", "log")
    assert not may_write(ALL, "财政局", "anybody@x", "rate")


def test_who_is_refused_is_told_who_may() -> None:
    with pytest.raises(PermissionDeniedError) as caught:
        require_permission(ALL, "金融办", "anybody@x", "rate")
    assert caught.value.message == (
        "anybody@x 不能为 金融办 评定难度；可以的人：li@example.gov.cn、wang@example.gov.cn"
    )
    assert caught.value.hint == (
        "请上面的人来做；名单有误时，请管理员改 data/ledger.yaml；邮箱写错了：git config user.email 自己的邮箱"
    )
    require_permission(ALL, "金融办", "li@example.gov.cn", "rate")


def test_a_verdict_and_its_withdrawal_are_a_reviewers_act() -> None:
    line = {"on": "2023-06-30", "target": "front", "by": "张三"}
    verdict = read_model(Entry, line | {"id": "0" * 26, "verdict": "met"})
    withdrawal = read_model(Entry, line | {"id": "0" * 25 + "1", "voids": "0" * 26})
    assert action_of(verdict) == "judge"
    entries = {item.id: item for item in (verdict, withdrawal)}
    assert action_of(withdrawal, entries) == "judge"
    again = read_model(Entry, line | {"id": "0" * 25 + "2", "voids": "0" * 25 + "1"})
    assert action_of(again, entries) == "judge", "withdrawing the withdrawal brings the verdict back"
    replaced = read_model(Entry, line | {"id": "0" * 25 + "3", "corrects": "0" * 26})
    assert action_of(replaced, entries) == "judge"
    assert action_of(withdrawal) == "log"


def test_links_that_run_in_a_circle_end() -> None:
    line = {"on": "2023-06-30", "target": "front", "by": "张三"}
    first = read_model(Entry, line | {"id": "0" * 26, "voids": "0" * 25 + "1"})
    second = read_model(Entry, line | {"id": "0" * 25 + "1", "corrects": "0" * 26})
    assert action_of(first, {item.id: item for item in (first, second)}) == "log"


OTHERS = read_model(
    LedgerConfig,
    {
        "name": "试",
        "year": 2023,
        "departments": [{"name": "金融办", "reviewers": ["li@example.gov.cn"]}, {"name": "商务局"}],
        "lights": {"gap": "points", "bands": [{"light": "正常"}]},
    },
)


def test_where_a_department_names_no_reviewer_those_of_others_amend() -> None:
    assert not may_write(OTHERS, "商务局", "anybody@x", "amend")
    assert may_write(OTHERS, "商务局", "li@example.gov.cn", "amend")
    assert not may_write(OTHERS, "商务局", "anybody@x", "judge")
    assert may_write(OTHERS, "商务局", "anybody@x", "log")


def test_roles_can_be_given_otherwise() -> None:
    rules = replace(ALL, roles=read_model(Roles, {"amend": ["admins"], "log": ["reporters", "reviewers"]}))
    assert not may_write(rules, "金融办", "li@example.gov.cn", "amend")
    assert may_write(rules, "金融办", "li@example.gov.cn", "log")
    assert may_write(rules, "金融办", "wang@example.gov.cn", "amend")


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        (("log", "金融办", "listed", "1家"), "zhang@example.gov.cn"),
        (("log", "金融办", "front", "未达到"), "li@example.gov.cn"),
        (("judge", "金融办-01/front", "unmet", "--reason", "x"), "li@example.gov.cn"),
        (("correct", "{id}", "3家", "--reason", "x"), "zhang@example.gov.cn"),
        (("void", "{id}", "--reason", "x"), "zhang@example.gov.cn"),
        (("amend", "金融办-01/listed", "--goal", "8家", "--reason", "x"), "li@example.gov.cn"),
        (("close", "金融办-01", "--evidence", "x", "--reason", "x"), "li@example.gov.cn"),
    ],
)
def test_others_are_refused_and_told_who_may(
    world: World, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], allowed: str
) -> None:
    world("log", "金融办", "listed", "2家")
    entry = world.read("data/progress/2023/金融办/01.yaml").partition('"id": "')[2][:26]
    world.write("data/ledger.yaml", CONFIG.replace(OPEN, NAMED))
    world.commit_all("定名单")
    head = world.git("rev-parse", "HEAD")
    words = [item.format(id=entry) for item in command]
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "chen@example.gov.cn")
    done = world(*words)
    assert (done.code, done.out) == (1, "")
    assert "chen@example.gov.cn 不能为 金融办" in done.err
    assert allowed.casefold() in done.err.casefold()
    assert world.git("rev-parse", "HEAD") == head
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", allowed)
    assert world(*words).code == 0
