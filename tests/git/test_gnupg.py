"""GnuPG signatures: verified by git against the keys of this machine, and bound to the author's address."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.git.process import Git
from ledger.git.signatures import Verification, open_verifier

ZHANG, LI = "zhang@example.gov.cn", "li@example.gov.cn"

pytestmark = pytest.mark.skipif(shutil.which("gpg") is None, reason="no gpg")


class Signed:
    """A repository whose author signs with GnuPG, and a keyring of its own."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self.environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
            "GNUPGHOME": str(home),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def run(self, *command: str, stdin: bytes = b"") -> str:
        done = subprocess.run(
            command, cwd=self.root, env=self.environ, input=stdin, capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    def git(self, *command: str, stdin: bytes = b"") -> str:
        return self.run("git", *command, stdin=stdin)

    def key(self, user: str, *options: str, expires: str = "0") -> None:
        self.run(
            "gpg",
            "--batch",
            "--passphrase",
            "",
            *options,
            "--quick-generate-key",
            user,
            "ed25519",
            "sign",
            expires,
        )

    def commit(self, email: str, signer: str) -> str:
        settings = {"user.name": "张三", "user.email": email, "user.signingkey": signer}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.git(*options, "commit", "--quiet", "--allow-empty", "--gpg-sign", "--message", "记一笔")
        return self.git("rev-parse", "HEAD")

    def verify(self, name: str, email: str = ZHANG, kind: str = "commit", when: int = 0) -> Verification:
        content = subprocess.run(
            ("git", "cat-file", kind, name), cwd=self.root, env=self.environ, capture_output=True, check=True
        ).stdout
        with open_verifier(Git(self.root, self.environ), None) as verifier:
            verdict = verifier.verify(kind, name, content, email, when)  # type: ignore[arg-type]
            assert (verifier.verified, verifier.by_keyring) == (1, 1)
        return verdict


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    home = Path(tempfile.mkdtemp(prefix="gpg-"))  # the agent's socket takes no long path
    made = Signed(tmp_path_factory.mktemp("gnupg") / "root", home)
    made.key(f"张三 <{ZHANG}>")
    made.key(f"李四 <{LI}>")
    yield made
    subprocess.run(("gpgconf", "--kill", "all"), env=made.environ, check=False)
    shutil.rmtree(home, ignore_errors=True)


def test_the_author_of_the_key(signed: Signed) -> None:
    assert signed.verify(signed.commit(ZHANG, ZHANG)) == Verification("good", ZHANG)
    assert signed.verify(signed.commit("Zhang@Example.gov.cn", ZHANG), "Zhang@Example.gov.cn").state == "good"


def test_the_key_of_somebody_else(signed: Signed) -> None:
    assert signed.verify(signed.commit(ZHANG, LI)) == Verification("foreign", LI)


def test_a_commit_changed_after_it_was_signed(signed: Signed) -> None:
    commit = signed.commit(ZHANG, ZHANG)
    text = signed.git("cat-file", "commit", commit).replace("记一笔", "记两笔") + "\n"
    changed = signed.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode())
    assert signed.verify(changed).state == "bad"


def test_a_key_that_this_machine_does_not_have(signed: Signed) -> None:
    signed.key("某人 <nobody@example.gov.cn>")
    commit = signed.commit(ZHANG, "nobody@example.gov.cn")
    signed.run(
        "gpg",
        "--batch",
        "--yes",
        "--delete-secret-and-public-key",
        fingerprint(signed, "nobody@example.gov.cn"),
    )
    assert signed.verify(commit).state == "unverifiable"


def fingerprint(signed: Signed, user: str) -> str:
    listed = signed.run("gpg", "--batch", "--with-colons", "--list-keys", user).splitlines()
    return next(line.split(":")[9] for line in listed if line.startswith("fpr:"))


def test_a_key_that_has_expired(signed: Signed) -> None:
    user = "老张 <old@example.gov.cn>"
    signed.key(user, "--faked-system-time", "20230101T000000!", expires="2023-02-01")
    program = signed.root.parent / "gpg-of-2023"
    program.write_text('#!/bin/sh\nexec gpg --faked-system-time "20230110T000000!" "$@"\n')
    program.chmod(0o755)
    signed.git("config", "gpg.program", str(program))
    try:
        commit = signed.commit("old@example.gov.cn", "old@example.gov.cn")
    finally:
        signed.git("config", "--unset", "gpg.program")
    january, march = 1_673_308_800, 1_677_628_800
    assert signed.verify(commit, "old@example.gov.cn", when=march).state == "expired"
    assert signed.verify(commit, "old@example.gov.cn", when=january).state == "good"
    assert signed.verify(commit, ZHANG, when=january).state == "foreign"


def test_no_gpg_on_the_machine_is_no_good_signature(signed: Signed) -> None:
    commit = signed.commit(ZHANG, ZHANG)
    signed.git("config", "gpg.program", "/nowhere/gpg")
    try:
        assert signed.verify(commit).state == "unverifiable"
    finally:
        signed.git("config", "--unset", "gpg.program")


def test_a_tag(signed: Signed) -> None:
    signed.commit(ZHANG, ZHANG)
    signed.git(
        "-c",
        f"user.signingkey={ZHANG}",
        "-c",
        "user.name=x",
        "-c",
        f"user.email={ZHANG}",
        "tag",
        "--sign",
        "--message=x",
        "seal",
    )
    tag = signed.git("rev-parse", "seal")
    assert signed.verify(tag, kind="tag").state == "good"
    assert signed.verify(tag, LI, kind="tag") == Verification("foreign", ZHANG)


def test_signatures_are_counted(signed: Signed) -> None:
    commits = [signed.commit(ZHANG, ZHANG), signed.commit(LI, LI), signed.commit(ZHANG, LI)]
    with open_verifier(Git(signed.root, signed.environ), None) as verifier:
        for commit in commits:
            content = signed.git("cat-file", "commit", commit)
            verifier.verify("commit", commit, f"{content}\n".encode(), ZHANG, 0)
        assert (verifier.verified, verifier.by_keyring) == (3, 3)
