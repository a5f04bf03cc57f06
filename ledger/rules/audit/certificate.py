"""What an audit proved, as data: for the certificate that an auditor files and for `--format json`."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.core.structs import FrozenStruct


class Unchecked(FrozenStruct):
    """Something that an audit did not check: a stable code, and what and why in words."""

    code: str
    message: str


class Reopened(FrozenStruct):
    """A month that was opened again after it had been sealed: which, by whom, when and why."""

    month: str
    email: str
    when: str
    reason: str


class Certificate(FrozenStruct):
    """What was walked, up to where, by what list of signers and with which programs.

    The range begins with the first commit, or behind `base` where the audit was asked for what came after a seal. Counts are those of
    the range, but for `files` and `seals`, which are those at the tip, and `walked`: an audit goes on where the last one ended.
    """

    tip: str
    base: str | None
    since: str | None
    """The seal that the range begins at, where one was asked for."""
    walked: int
    """Commits of the range that this audit walked."""
    commits: int
    entries: int
    files: int
    seals: int
    last_seal: str | None
    signatures: int
    signers: str
    """Where the list of allowed signers came from."""
    unchecked: Sequence[Unchecked]
    ledger_version: str
    git_version: str
    reopened: Sequence[Reopened] = ()
