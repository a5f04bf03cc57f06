"""Verifies who signed a commit or a tag, for the address that its text claims.

Git's own answer does not do: `%G?` says that some key of the list signed, and `%GS` prints the first principal of a line, or its pattern,
whoever signed (git 2.39). For SSH signatures `ssh-keygen -Y verify -I ADDRESS` is asked, as ssh does it: the address against every line's
principals (lists, patterns, negations, several lines of one key, certificates), the namespace, and the key's validity at a given time.
OpenPGP and X.509 signatures are left to `git verify-commit`, which knows the keys of this machine; there the address must be that of the
user id. Whose keys they are the program cannot tell, so that a certificate says how many signatures were verified in this way.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from ledger.git.errors import GitFailedError, GitTimeoutError
from ledger.git.process import Git

State = Literal["good", "missing", "bad", "unknown", "foreign", "expired", "revoked", "unverifiable"]

_COMMIT_SIGNATURE = re.compile(rb"^(gpgsig|gpgsig-sha256) (.*(?:\n .*)*)\n", re.MULTILINE)
_TAG_SIGNATURE = re.compile(
    rb"^-----BEGIN (?:SSH|PGP) (?:SIGNATURE|MESSAGE)-----$|^-----BEGIN SIGNED MESSAGE-----$", re.MULTILINE
)
_SSH = b"-----BEGIN SSH SIGNATURE-----"
_GNUPG = re.compile(
    r"^\[GNUPG:\] (GOODSIG|EXPSIG|EXPKEYSIG|REVKEYSIG|BADSIG|ERRSIG) \S+(?: (.*))?$", re.MULTILINE
)
_EXPIRED = re.compile(r"^\[GNUPG:\] KEYEXPIRED ([0-9]+)", re.MULTILINE)
_GNUPG_STATES: dict[str, State] = {
    "GOODSIG": "good",
    "EXPSIG": "expired",
    "EXPKEYSIG": "expired",
    "REVKEYSIG": "revoked",
    "BADSIG": "bad",
    "ERRSIG": "unverifiable",
}
_REFUSED = 255


class Verification(NamedTuple):
    """Result of a verification: `foreign` is a good signature of somebody else, `signer` the signer where known."""

    state: State
    signer: str = ""


def split_signature(kind: str, content: bytes, digits: int = 40) -> tuple[bytes, bytes | None]:
    """Return what was signed and the signature of a raw commit or tag (`kind`), None where there is none."""
    if kind == "tag":
        start = max((match.start() for match in _TAG_SIGNATURE.finditer(content)), default=None)
        return (content, None) if start is None else (content[:start], content[start:])
    head, separator, body = content.partition(b"\n\n")
    head += b"\n"
    header = b"gpgsig" if digits == 40 else b"gpgsig-sha256"
    signatures = {
        match[1]: match[2].replace(b"\n ", b"\n") + b"\n" for match in _COMMIT_SIGNATURE.finditer(head)
    }
    payload = _COMMIT_SIGNATURE.sub(b"", head)
    return payload[:-1] + separator + body, signatures.get(header)


class Verifier:
    """Verifies signatures against a file of allowed signers."""

    def __init__(self, git: Git, signers: Path | None, resources: ExitStack) -> None:
        """Without `signers` no SSH key is known. `resources` holds what is needed until the last verification, a folder for files."""
        self._git = git
        self._signers = signers
        self._resources = resources
        self.verified = 0
        """How many signatures were verified, good or not."""
        self.by_keyring = 0
        """How many of them were verified by GnuPG, against the keys of this machine and not against the list."""

    def verify(
        self, kind: Literal["commit", "tag"], name: str, content: bytes, email: str, when: int
    ) -> Verification:
        """Return whether `email` signed the raw commit or tag `content`, whose id is `name`, by a key valid at `when` (seconds since 1970).

        Raises:
            GitFailedError: when the verification itself failed.
        """
        payload, signature = split_signature(kind, content, len(name))
        if signature is None:
            return Verification("missing")
        self.verified += 1
        if signature.startswith(_SSH):
            return self._verify_ssh(payload, signature, email, when)
        self.by_keyring += 1
        return self._verify_gnupg(kind, name, email, when)

    def _verify_ssh(self, payload: bytes, signature: bytes, email: str, when: int) -> Verification:
        self._file.write_bytes(signature)
        signers = self._signers or self._no_signers
        moment = f"-Overify-time={time.strftime('%Y%m%d%H%M%S', time.localtime(when))}"
        known = ("-f", str(signers), moment)
        for address in dict.fromkeys((email, email.lower())):
            if not address or "\0" in address:
                continue
            if self._keygen("verify", payload, "-n", "git", "-I", address, *known).returncode == 0:
                return Verification("good", email)
        if self._keygen("check-novalidate", payload, "-n", "git").returncode:
            return Verification("bad")
        owners = self._keygen("find-principals", b"", *known)
        if not owners.returncode:
            names = owners.stdout.decode("utf-8", "replace").split()
            return Verification("foreign", "、".join(names))
        words = owners.stderr.decode("utf-8", "replace")
        return Verification("expired" if "expired" in words or "not yet valid" in words else "unknown")

    @cached_property
    def _folder(self) -> Path:
        from tempfile import TemporaryDirectory  # which few need: most ledgers ask for no signatures

        return Path(self._resources.enter_context(TemporaryDirectory(prefix="ledger-signatures-")))

    @property
    def _file(self) -> Path:
        return self._folder / "signature"

    @cached_property
    def _no_signers(self) -> Path:
        empty = self._folder / "allowed_signers"
        empty.write_bytes(b"")
        return empty

    def _keygen(self, action: str, payload: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
        limit = self._git.silence_limit
        command = ("ssh-keygen", "-Y", action, *args, "-s", str(self._file))
        try:
            done = subprocess.run(
                command, input=payload, capture_output=True, check=False, env=self._git.environ, timeout=limit
            )
        except subprocess.TimeoutExpired:
            raise GitTimeoutError("ssh-keygen", limit) from None
        except FileNotFoundError:
            raise GitFailedError("ssh-keygen", "这台电脑上没有 ssh-keygen，SSH 签名无法验证") from None
        if done.returncode not in {0, _REFUSED}:
            raise GitFailedError(
                "ssh-keygen", done.stderr.decode("utf-8", "replace").strip() or f"退出码 {done.returncode}"
            )
        return done

    def _verify_gnupg(self, kind: str, name: str, email: str, when: int) -> Verification:
        result = self._git.attempt(f"verify-{kind}", "--raw", "--end-of-options", name)
        text = (result.err + result.out).decode("utf-8", "replace")
        match = _GNUPG.search(text)
        if result.code < 0:
            raise GitFailedError(f"verify-{kind}", result.reason)
        if match is None:
            return Verification("unverifiable")
        state, signer = _GNUPG_STATES[match[1]], email_of(match[2] or "")
        if match[1] == "EXPKEYSIG" and when < min(map(int, _EXPIRED.findall(text)), default=0):
            state = "good"  # the key was valid at the time in question; gpg judges it by today
        elif state == "good" and result.code:
            return Verification("unknown", signer)
        if state == "good" and signer != email.strip().casefold():
            return Verification("foreign", signer)
        return Verification(state, signer)


@contextmanager
def open_verifier(git: Git, signers: Path | None) -> Iterator[Verifier]:
    """Return a verifier for as long as the block lasts; without a file of allowed signers no SSH key is known."""
    with ExitStack() as resources:
        yield Verifier(git, signers, resources)


def email_of(user_id: str) -> str:
    """Return the folded e-mail of an OpenPGP user id `Name <e-mail>`, or the whole text where there is none."""
    inner = user_id.rpartition("<")[2].rstrip(">") if user_id.endswith(">") else user_id
    return inner.strip().casefold()
