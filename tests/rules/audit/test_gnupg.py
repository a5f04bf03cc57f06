"""A ledger whose people sign with GnuPG: what the audit proves by the keyring of the machine, and that it says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.audit.city import ADMIN, FINANCE_FILE, ZHANG, City

pytestmark = pytest.mark.skipif(shutil.which("gpg") is None, reason="no gpg")


@pytest.fixture
def gnupg(city: City) -> Iterator[City]:
    home = tempfile.mkdtemp(prefix="gpg-")  # the agent's socket takes no long path
    city.environ = city.environ | {"GNUPGHOME": home}
    for email in (ADMIN, ZHANG):
        city.run(
            "gpg",
            "--batch",
            "--passphrase",
            "",
            "--quick-generate-key",
            f"某人 <{email}>",
            "ed25519",
            "sign",
            "0",
        )
    for name, value in (("commit.gpgsign", "true"), ("gpg.format", "openpgp")):
        city.git("config", name, value)
    city.be(ADMIN, "管理员")
    city.git("config", "user.signingkey", ADMIN)
    city.write("data/ledger.yaml", city.read("data/ledger.yaml") + "signatures: required\n")
    city.commit("要求签名")
    city.be(ZHANG, "张三")
    city.git("config", "user.signingkey", ZHANG)
    yield city
    subprocess.run(("gpgconf", "--kill", "all"), env=city.environ, check=False)
    shutil.rmtree(Path(home), ignore_errors=True)


def test_the_certificate_says_what_the_keyring_vouches_for(gnupg: City) -> None:
    assert gnupg.ledger("log", "金融办", "listed", "1家", "--on", "2023-06-20").code == 0
    assert gnupg.push().code == 0
    gnupg.fetch()
    for options in ((), ("--full",), ()):
        done = gnupg.ledger("audit", "--format", "json", *options, cwd=gnupg.auditor)
        answer = json.loads(done.out)
        assert (done.code, answer["findings"]) == (0, []), options
        assert answer["proved"]["signatures"] == 1
        unchecked = {item["code"]: item["message"] for item in answer["proved"]["unchecked"]}
        assert unchecked["keyring"].startswith("1 个 GnuPG 签名")


def test_the_key_of_somebody_else_is_found_and_refused(gnupg: City) -> None:
    gnupg.git("config", "user.signingkey", ADMIN)
    gnupg.entry(FINANCE_FILE)
    gnupg.guard()
    pushed = gnupg.push()
    assert pushed.code != 0
    assert "[signer]" in pushed.err
    (gnupg.server / "hooks" / "pre-receive").unlink()
    assert gnupg.push().code == 0
    gnupg.fetch()
    assert "signer" in gnupg.rules()


def test_a_machine_without_the_keys_has_verified_nothing(gnupg: City) -> None:
    gnupg.entry(FINANCE_FILE)
    assert gnupg.push().code == 0
    gnupg.fetch()
    with tempfile.TemporaryDirectory(prefix="gpg-") as empty:
        done = gnupg.ledger("audit", "--format", "json", cwd=gnupg.auditor, GNUPGHOME=empty)
    assert done.code == 1
    assert "signature" in {finding["rule"] for finding in json.loads(done.out)["findings"]}
