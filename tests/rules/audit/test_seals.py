"""Closing a month: what `seal` refuses and why, and which seals a guarded server takes."""

from __future__ import annotations

import pytest

from tests.rules.audit.city import ADMIN, FINANCE_FILE, LI, ZHANG, City
from tests.rules.audit.conftest import key

pytestmark = pytest.mark.usefixtures("told")

SEAL = "refs/tags/seal/2023-03"


def _seal(city: City, month: str, *options: str) -> str:
    """Seal as the admin and return what was said against it."""
    city.be(ADMIN, "管理员")
    done = city.ledger("seal", month, *options)
    assert done.code != 0
    return done.err


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2023-13", "不是月份：2023-13"),
        ("2023-07", "2023-07 还没有过完（今天是 2023-07-10）"),
        ("2023-02", "已经封到 2023-02"),
        ("2023-01", "不能再封 2023-01"),
    ],
)
def test_months_that_cannot_be_sealed(city: City, month: str, said: str) -> None:
    before = city.refs()
    assert said in _seal(city, month)
    assert city.refs() == before


def test_no_seal_over_changes_not_committed(city: City) -> None:
    city.write(FINANCE_FILE, city.read(FINANCE_FILE) + "# 草稿\n")
    assert f"data 里有没有提交的改动：{FINANCE_FILE}" in _seal(city, "2023-03")


def test_no_seal_on_a_detached_head(city: City) -> None:
    city.git("switch", "--quiet", "--detach")
    assert "不在任何分支上" in _seal(city, "2023-03")
    assert "2023-03" not in city.git("tag", "--list")


def test_without_a_server_only_when_asked_for(city: City) -> None:
    city.git("remote", "remove", "origin")
    assert "这本账没有服务器" in _seal(city, "2023-03")
    assert city.ledger("seal", "2023-03", "--local").code == 0
    assert "2023-03" in city.git("tag", "--list")


def test_a_guarded_server_takes_the_next_seal(city: City) -> None:
    city.guard()
    city.be(ADMIN, "管理员")
    done = city.ledger("seal", "2023-03")
    assert done.code == 0, done.err
    assert SEAL in city.refs()
    city.fetch()
    assert city.audit() == []


def test_a_guarded_server_takes_no_other_tag(city: City) -> None:
    city.guard()
    city.git("tag", "seal/2023-03")
    refused = city.push(SEAL)
    assert "不是 ledger seal 做的封账标签" in refused.err
    assert SEAL not in city.refs()


def test_seals_come_in_order(city: City) -> None:
    """Two clones seal different months at the same time: the earlier month comes too late."""
    city.be(ADMIN, "管理员")
    assert city.seal_unsent("2023-03").code == 0
    city.git("update-ref", "refs/kept", "seal/2023-03")
    city.git("tag", "--delete", "seal/2023-03")
    assert city.ledger("seal", "2023-04").code == 0
    city.guard()
    refused = city.push(f"refs/kept:{SEAL}")
    assert "已经封到 2023-04，不能再封 2023-03" in refused.err
    assert SEAL not in city.refs()


def test_a_seal_of_a_commit_the_server_lacks(city: City) -> None:
    city.entry(FINANCE_FILE)
    city.be(ADMIN, "管理员")
    assert city.seal_unsent("2023-03").code == 0
    city.guard()
    refused = city.push(SEAL)
    assert "封账封的不是服务器上最新的提交" in refused.err


def test_only_sealers_seal(city: City) -> None:
    city.guard()
    file = city.server / "ledger-guard.yaml"
    file.write_text(file.read_text("utf-8") + f"sealers: [{ADMIN}]\n", "utf-8")
    city.be(LI, "李四")
    done = city.ledger("seal", "2023-03")
    assert done.code != 0
    assert f"{LI} 不能封账" in done.err
    assert "2023-03" not in city.git("tag", "--list"), "refused by the server, taken back here"


def test_no_seal_where_git_fails_to_sign_it(city: City) -> None:
    """Where the key's file is missing, git 2.39 makes an unsigned tag and exits with 0."""
    city.git("config", "gpg.format", "ssh")
    city.git("config", "user.signingkey", str(city.folder / "no-key"))
    before = city.refs()
    assert "git config user.signingkey" in _seal(city, "2023-03")
    assert city.refs() == before
    assert "seal/2023-03" not in city.git("tag", "--list")
    city.git("config", "--unset", "user.signingkey")
    assert city.ledger("seal", "2023-03").code == 0


def test_a_seal_must_be_signed_where_commits_are(signed_city: City) -> None:
    (signed_city.server / "allowed_signers").write_bytes((signed_city.keys / "allowed_signers").read_bytes())
    signed_city.guard("--signers", "allowed_signers", "--require-signatures")
    signed_city.be(ADMIN, "管理员")
    signed_city.git("config", "tag.gpgsign", "false")
    signed_city.git("config", "--unset", "user.signingkey")
    done = signed_city.ledger("seal", "2023-03")
    assert done.code != 0
    assert SEAL not in signed_city.refs()


def _guarded(city: City, *signers: str) -> None:
    """Guard with the city's list of signers and these."""
    known = (city.keys / "allowed_signers").read_text()
    (city.server / "allowed_signers").write_text(known + "".join(f"{line}\n" for line in signers))
    city.guard("--signers", "allowed_signers", "--require-signatures")


def test_a_seal_is_signed_by_its_own_maker(signed_city: City) -> None:
    _guarded(signed_city)
    signed_city.be(ADMIN, "管理员")
    assert signed_city.ledger("seal", "2023-03").code == 0
    assert SEAL in signed_city.refs()


def test_no_seal_in_the_name_of_one_whose_address_is_a_part_of_the_signers(signed_city: City) -> None:
    city = signed_city
    _guarded(city, f"x{ADMIN} {key(city.folder, 'longer')}")
    city.be(ADMIN, "管理员")
    city.git("config", "user.signingkey", str(city.folder / "longer"))
    refused = city.ledger("seal", "2023-03")
    assert refused.code != 0
    assert "没有封账人本人的有效签名" in refused.err
    assert SEAL not in city.refs()


def test_a_key_has_expired_whatever_its_owner_is_called(signed_city: City) -> None:
    """An address that holds `ssh-`, as key types do, must not hide the end of the key's validity."""
    city = signed_city
    own = "ssh-zhang@example.gov.cn"
    city.change("data/ledger.yaml", f"reporters: [{ZHANG}]", f"reporters: [{ZHANG}, {own}]")
    city.be(ADMIN, "管理员")
    city.commit("张三换邮箱")
    city.git("push", "--quiet", "origin", "main")
    _guarded(city, f'{own} valid-before="20230101" {key(city.folder, "gone")}')
    city.be(own, "张三")
    city.git("config", "user.signingkey", str(city.folder / "gone"))
    then = "2022-12-01T09:00:00+08:00"
    entry = city.entry(FINANCE_FILE, commit=False)
    city.commit(city.message(FINANCE_FILE, entry), GIT_AUTHOR_DATE=then, GIT_COMMITTER_DATE=then)
    refused = city.push()
    assert refused.code != 0
    assert "[signature]" in refused.err
