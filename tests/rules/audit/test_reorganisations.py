"""Changes of departments at a guarded server: accepted from those who may record them, refused from others and where they rewrite."""

from __future__ import annotations

import pytest

from tests.rules.audit.city import ADMIN, COMMERCE_FILE, FINANCE_FILE, LI, ZHANG, City

WHY = ("--on", "2023-07-01", "--reason", "市机构改革方案〔2023〕1号")
FACT = "  - {on: 2023-07-01, kind: transfer, commitment: 金融办-01, year: 2023, to: 商务局, by: 某人, reason: 改革}\n"
RENAMED = "  - {on: 2023-07-02, kind: rename, departments: [金融办], to: 金融局, by: 某人, reason: 改革}\n"


def sent(city: City) -> bool:
    """Push what the clone has, and say whether the server took it; what it refused is thrown away."""
    done = city.push()
    if done.code:
        city.git("reset", "--quiet", "--hard", "origin/main")
    return done.code == 0


@pytest.fixture
def guarded(city: City) -> City:
    city.guard()
    city.be(ADMIN, "管理员")
    return city


def test_the_new_department_writes_after_the_change(guarded: City) -> None:
    assert guarded.ledger("transfer", "金融办-01", "商务局", *WHY).code == 0
    assert sent(guarded)
    guarded.be(ZHANG, "张三")
    guarded.entry(FINANCE_FILE, on="2023-07-05")
    assert not sent(guarded)
    guarded.be(LI, "李四")
    guarded.entry(FINANCE_FILE, on="2023-07-05")
    assert sent(guarded)
    guarded.fetch()
    assert guarded.audit() == []


def test_reporters_go_with_the_name(guarded: City) -> None:
    assert guarded.ledger("dept", "rename", "金融办", "金融局", *WHY).code == 0
    assert (
        guarded.ledger("dept", "merge", "商务局", "--into", "金融局", *WHY[:1], "2023-07-08", *WHY[2:]).code
        == 0
    )
    assert sent(guarded)
    for email, path in ((ZHANG, FINANCE_FILE), (ZHANG, COMMERCE_FILE), (LI, FINANCE_FILE)):
        guarded.be(email)
        guarded.entry(
            path,
            on="2023-07-09",
            target="listed" if path == FINANCE_FILE else "overseas",
            add="1家" if path == FINANCE_FILE else "1亿美元",
        )
        assert sent(guarded), (email, path)
    guarded.fetch()
    assert guarded.audit() == []


def test_a_clerk_records_no_change(guarded: City) -> None:
    guarded.be(ZHANG, "张三")
    assert guarded.ledger("transfer", "金融办-01", "商务局", *WHY).code == 1
    config = guarded.read("data/ledger.yaml")
    for text in (
        f"{config}reorganisations:\n{FACT}",
        config.replace("name: 金融办,", "name: 金融局,"),
        f"{config}reorganisations:\n{RENAMED}".replace(
            "departments:\n", f"departments:\n  - {{name: 金融局, reporters: [{ZHANG}]}}\n", 1
        ),
    ):
        guarded.write("data/ledger.yaml", text)
        guarded.commit("自己改")
        assert not sent(guarded)


def test_a_change_recorded_is_never_edited_nor_dated_back(guarded: City) -> None:
    assert guarded.ledger("transfer", "金融办-01", "商务局", *WHY).code == 0
    assert sent(guarded)
    guarded.change("data/ledger.yaml", "on: 2023-07-01", "on: 2023-07-04")
    guarded.commit("管理员自己也不能改")
    assert not sent(guarded)
    # June is sealed in this city.
    guarded.change(
        "data/ledger.yaml", "reorganisations:\n", f"reorganisations:\n{RENAMED.replace('07-02', '06-02')}"
    )
    guarded.commit("改到封账以前")
    assert not sent(guarded)


def test_a_change_comes_with_nothing_else(guarded: City) -> None:
    """A planner's right to record a change is no right to change other rules with it."""
    guarded.change("data/ledger.yaml", f"reporters: [{LI}]", f"reporters: [{LI}], reviewers: [{LI}]")
    guarded.commit("李四作督查")
    assert sent(guarded)
    guarded.be(LI, "李四")
    assert guarded.ledger("transfer", "商务局-01", "金融办", *WHY).code == 0
    assert sent(guarded)
    config = guarded.read("data/ledger.yaml")
    guarded.write(
        "data/ledger.yaml", f"{config}{RENAMED}".replace(f"reporters: [{ZHANG}]", f"reporters: [{LI}]")
    )
    guarded.commit("顺手改名单")
    assert not sent(guarded)
