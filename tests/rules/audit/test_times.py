"""Entries that come after the ledger's limit: found by the audit, excused by a reason, refused by the guard."""

from __future__ import annotations

import pytest

from tests.rules.audit.city import ADMIN, FINANCE_FILE, ZHANG, City

pytestmark = pytest.mark.usefixtures("told")

LEDGER = "data/ledger.yaml"


def _limited(city: City) -> None:
    """From now on an entry must come within 30 days; the figures are of 2023 and the commits of today, years later."""
    city.be(ADMIN)
    city.write(LEDGER, city.read(LEDGER) + "late_days: 30\n")
    city.commit("定下期限")
    city.be(ZHANG, "张三")


def test_an_entry_after_the_limit(city: City) -> None:
    _limited(city)
    city.entry(FINANCE_FILE, on="2023-06-15")
    city.guard()
    refused = city.push()
    assert refused.code != 0
    assert "[late]" in refused.err
    (city.server / "hooks" / "pre-receive").unlink()
    assert city.push().code == 0
    city.fetch()
    [found] = [item for item in city.audit() if item["rule"] == "late"]
    assert "数据日期 2023-06-15" in str(found["message"])
    assert "超过 30 天的期限" in str(found["message"])
    assert (found["commit"], found["path"], found["line"]) == (city.git("rev-parse", "HEAD"), FINANCE_FILE, 4)


def test_a_reason_excuses(city: City) -> None:
    _limited(city)
    city.entry(FINANCE_FILE, on="2023-06-15", late=True, reason="数据由省厅年底才下发")
    city.guard()
    done = city.push()
    assert done.code == 0, done.err
    city.fetch()
    assert "late" not in city.rules()


def test_a_commit_from_the_future(city: City) -> None:
    entry = city.entry(FINANCE_FILE, commit=False)
    then = "2093-06-16T09:00:00+08:00"
    city.commit(city.message(FINANCE_FILE, entry), GIT_AUTHOR_DATE=then, GIT_COMMITTER_DATE=then)
    city.guard()
    refused = city.push()
    assert refused.code != 0
    assert "[clock]" in refused.err
    assert "还没有到" in refused.err


def test_simulated_ledgers_have_no_clock(city: City) -> None:
    """Times and ids of a demonstration are made up on purpose."""
    city.be(ADMIN)
    city.write(LEDGER, city.read(LEDGER) + "simulated: true\n")
    city.commit("模拟")
    then = "2023-06-16T09:00:00+08:00"
    city.write("说明.txt", "模拟数据\n")
    city.commit("往前的日期", GIT_AUTHOR_DATE=then, GIT_COMMITTER_DATE=then)
    assert city.push().code == 0
    city.fetch()
    assert "clock" not in city.rules()
