"""Where no admin is named, rules may change and must not weaken: each way of weakening them is found, with words of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.audit.city import ADMIN, ATTRIBUTES, RULES, ZHANG, City
from tests.rules.audit.conftest import copy_city, environ, seed_city

LEDGER = "data/ledger.yaml"
STRICT = RULES.replace(f"admins: [{ADMIN}]\n", "") + "late_days: 4000\n"


@pytest.fixture(scope="module")
def free_seed(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The city of the other tests, without an admin, with a limit for late entries and a list of signers."""
    home = tmp_path_factory.mktemp("free")
    city = City(home / "city", home, environ(home / "home"))

    def prepare() -> None:
        city.write("keys/allowed_signers", f"{ZHANG} ssh-ed25519 AAAA\n")

    return seed_city(city, STRICT, prepare)


@pytest.fixture
def free(free_seed: City, tmp_path: Path) -> City:
    return copy_city(free_seed, tmp_path / "city")


def _published(city: City) -> list[str]:
    city.commit()
    done = city.push()
    assert done.code == 0, done.err
    city.fetch()
    return [str(one["message"]) for one in city.audit() if one["rule"] == "policy"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("late_days: 4000\n", "", "放宽或取消了迟报期限 late_days"),
        ("late_days: 4000", "late_days: 9000", "放宽或取消了迟报期限 late_days"),
        (f"reporters: [{ZHANG}]", "reporters: []", "清空了金融办的上报人或督查名单"),
        (
            "late_days: 4000",
            "late_days: 4000\nlowering_from: 12-01",
            "把不能再调低目标的日子从 10-01 推迟到 12-01",
        ),
        ("late_days: 4000", "late_days: [", "改后的账本规则读不出来"),
        ("late_days: 4000", "late_days: 许多", "改后的账本规则读不出来"),
    ],
)
def test_ledger_rules_weakened(free: City, old: str, new: str, said: str) -> None:
    free.change(LEDGER, old, new)
    assert said in _published(free)


@pytest.mark.parametrize(
    ("old", "new"), [("late_days: 4000", "late_days: 3000"), ("late_days: 4000", "late_days: 4000 # 一年内")]
)
def test_stricter_rules_are_no_finding(free: City, old: str, new: str) -> None:
    free.change(LEDGER, old, new)
    assert _published(free) == []


def test_a_department_dropped(free: City) -> None:
    lines = [line for line in free.read(LEDGER).splitlines(keepends=True) if "商务局" not in line]
    free.write(LEDGER, "".join(lines))
    assert "删去了部门 商务局" in _published(free)


def test_rules_removed(free: City) -> None:
    (free.clone / ".gitattributes").unlink()
    assert "规则文件被删除" in _published(free)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ATTRIBUTES + "data/progress/** -diff\n", "加上了会掩盖改动的属性：-diff"),
        ("* text=auto\n", "去掉了进度文件必需的属性：eol=lf、merge=union、text"),
    ],
)
def test_attributes_weakened(free: City, text: str, said: str) -> None:
    free.write(".gitattributes", text)
    assert said in _published(free)


def test_a_comment_in_the_attributes_is_no_finding(free: City) -> None:
    free.write(".gitattributes", "# 账本的规矩 -diff\n" + ATTRIBUTES)
    assert _published(free) == []


def test_submodules_and_signers(free: City) -> None:
    free.write(".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = ../x\n')
    free.change("keys/allowed_signers", "AAAA", "BBBB")
    assert _published(free) == ["账本里不用子模块", "准许签名的名单被改，而账本没有管理员"]


def test_signatures_no_longer_asked_for(signed_city: City) -> None:
    """In a ledger with admins the same change is theirs to make; by anybody else it is refused as such."""
    signed_city.change(LEDGER, "signatures: required\n", "")
    assert f"{ZHANG} 不是管理员，不能改规则文件" in _published(signed_city)
