"""Who signed, as ssh matches it: lists, patterns and negations of principals, several lines of one key, namespaces, validity."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.git.errors import GitFailedError, GitTimeoutError
from ledger.git.process import Git
from ledger.git.signatures import Verification, email_of, open_verifier, split_signature

WHEN = 1_686_787_200  # 2023-06-15
COMMIT = b"tree " + b"a" * 40 + b"\nauthor x <a@x.cn> 1 +0000\ncommitter x <a@x.cn> 1 +0000\n"
MESSAGE = "记一笔\n\ngpgsig 不是签名\n".encode()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("one", "two"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)],
            check=True,
            capture_output=True,
        )
    return folder


def public(keys: Path, name: str) -> str:
    return " ".join((keys / f"{name}.pub").read_text().split()[:2])


def sign(keys: Path, payload: bytes, namespace: str = "git", name: str = "one") -> bytes:
    return subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-n", namespace, "-f", str(keys / name)],
        input=payload,
        capture_output=True,
        check=True,
    ).stdout


def signed_commit(keys: Path, **options: str) -> bytes:
    signature = sign(keys, COMMIT + b"\n" + MESSAGE, **options)
    return COMMIT + b"gpgsig " + signature.strip().replace(b"\n", b"\n ") + b"\n\n" + MESSAGE


@pytest.fixture
def verify(keys: Path, tmp_path: Path) -> Callable[..., Verification]:
    def run(
        content: bytes, signers: str, email: str = "a@x.cn", when: int = WHEN, kind: str = "commit"
    ) -> Verification:
        file = tmp_path / "allowed"
        file.write_text(signers.format(one=public(keys, "one"), two=public(keys, "two")) + "\n")
        with open_verifier(Git(tmp_path, os.environ), file) as verifier:
            return verifier.verify(kind, "a" * 40, content, email, when)  # type: ignore[arg-type]

    return run


@pytest.mark.parametrize(
    ("signers", "email", "state"),
    [
        ("a@x.cn {one}", "a@x.cn", "good"),
        ("a@x.cn {one}", "A@X.cn", "good"),
        ("b@x.cn,a@x.cn {one}", "a@x.cn", "good"),
        ("*@x.cn {one}", "a@x.cn", "good"),
        ("!a@x.cn,*@x.cn {one}", "a@x.cn", "foreign"),
        ("b@x.cn {one}\na@x.cn {one}", "a@x.cn", "good"),
        ("a@x.cn {two}\na@x.cn {one}", "a@x.cn", "good"),
        ("b@x.cn {one}", "a@x.cn", "foreign"),
        ("xa@x.cn {one}", "a@x.cn", "foreign"),
        ("a@x.cn {two}", "a@x.cn", "unknown"),
        ("# nobody", "a@x.cn", "unknown"),
        ('a@x.cn namespaces="file" {one}', "a@x.cn", "foreign"),
        ('a@x.cn namespaces="git" {one}', "a@x.cn", "good"),
        ('a@x.cn valid-before="20230101" {one}', "a@x.cn", "expired"),
        ('a@x.cn valid-after="20240101" {one}', "a@x.cn", "expired"),
        ('a@x.cn valid-after="20230101",valid-before="20240101" {one}', "a@x.cn", "good"),
        ('a@x.cn valid-before="20230101" {one}\na@x.cn {one}', "a@x.cn", "good"),
        ("a@x.cn {one}", "", "foreign"),
        ("a@x.cn {one}", "-f", "foreign"),
    ],
)
def test_the_author_is_matched_against_the_principals(
    keys: Path, verify: Callable[..., Verification], signers: str, email: str, state: str
) -> None:
    assert verify(signed_commit(keys), signers, email).state == state


def test_who_signed_is_named(keys: Path, verify: Callable[..., Verification]) -> None:
    assert verify(signed_commit(keys), "b@x.cn,c@x.cn {one}") == ("foreign", "b@x.cn、c@x.cn")


def test_no_signature(verify: Callable[..., Verification]) -> None:
    assert verify(COMMIT + b"\n" + MESSAGE, "a@x.cn {one}").state == "missing"


@pytest.mark.parametrize("change", ["message", "tree", "signature", "namespace"])
def test_a_signature_of_something_else(keys: Path, verify: Callable[..., Verification], change: str) -> None:
    content = signed_commit(keys, namespace="file" if change == "namespace" else "git")
    content = {
        "message": content.replace("记".encode(), "改".encode()),
        "tree": content.replace(b"tree a", b"tree b"),
        "signature": content.replace(b"\n U1NIU0lH", b"\n U1NIU0lI"),
        "namespace": content,
    }[change]
    assert verify(content, "a@x.cn {one}").state == "bad"


def test_a_key_is_judged_at_the_time_given(keys: Path, verify: Callable[..., Verification]) -> None:
    signers = 'a@x.cn valid-before="20240101" {one}'
    assert verify(signed_commit(keys), signers, when=WHEN).state == "good"
    assert verify(signed_commit(keys), signers, when=WHEN + 365 * 86400).state == "expired"


def test_a_tag(keys: Path, verify: Callable[..., Verification]) -> None:
    text = b"object " + b"a" * 40 + b"\ntype commit\ntag seal/2023-06\ntagger x <a@x.cn> 1 +0000\n\n2023-06\n"
    assert verify(text + sign(keys, text), "a@x.cn {one}", kind="tag").state == "good"
    assert verify(text + sign(keys, text), "b@x.cn {one}", kind="tag").state == "foreign"
    assert verify(text, "a@x.cn {one}", kind="tag").state == "missing"


def test_what_was_signed_is_the_commit_without_its_signatures() -> None:
    signed = COMMIT + b"gpgsig -----BEGIN\n line\n end\ngpgsig-sha256 other\n more\n\n" + MESSAGE
    assert split_signature("commit", signed) == (COMMIT + b"\n" + MESSAGE, b"-----BEGIN\nline\nend\n")
    assert split_signature("commit", signed, 64) == (COMMIT + b"\n" + MESSAGE, b"other\nmore\n")


@pytest.mark.parametrize("how", ["exit 1", "kill -9 $$"])
def test_a_verification_that_fails_is_no_answer(keys: Path, tmp_path: Path, how: str) -> None:
    program = tmp_path / "ssh-keygen"
    program.write_text(f"#!/bin/sh\n{how}\n")
    program.chmod(0o755)
    environ = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    with open_verifier(Git(tmp_path, environ), None) as verifier, pytest.raises(GitFailedError):
        verifier.verify("commit", "a" * 40, signed_commit(keys), "a@x.cn", WHEN)


@pytest.mark.parametrize(
    ("text", "email"),
    [("张三 <Zhang@X.cn>", "zhang@x.cn"), ("zhang@x.cn", "zhang@x.cn"), ("a <b> <c@x>", "c@x"), ("", "")],
)
def test_the_address_of_a_user_id(text: str, email: str) -> None:
    assert email_of(text) == email


def test_a_program_that_hangs_is_ended(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verify: Callable[..., Verification]
) -> None:
    content = signed_commit(keys)
    hanging = tmp_path / "bin" / "ssh-keygen"
    hanging.parent.mkdir()
    hanging.write_text("#!/bin/sh\nexec sleep 20\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", f"{hanging.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LEDGER_GIT_TIMEOUT", "1")
    with pytest.raises(GitTimeoutError) as caught:
        verify(content, "a@x.cn {one}")
    assert "ssh-keygen" in caught.value.message
