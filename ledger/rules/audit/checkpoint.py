"""How far an earlier audit came: the tip it proved, the seals it saw and what it found, kept in `.git/ledger/audit.json`.

No fetch, merge or checkout writes below `.git`. Whoever can write there can also replace the program; those who must not rely on
it use `--full`. Nothing is written unless a walk was complete.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ledger.core.findings import Finding, Origin, Place
from ledger.core.structs import FrozenStruct, field, msgspec

VERSION = 6
"""Raised when what is stored takes another form. What another program proved is proven again: see `proven_with`."""


class Totals(FrozenStruct):
    """How much was walked from the first commit to the tip, over all audits."""

    commits: int = 0
    entries: int = 0
    signatures: int = 0
    signed: bool = False
    """Whether signatures were required at any time."""
    by_keyring: int = 0
    """Of the signatures, those that GnuPG verified."""
    by_others: int = 0
    """Of the entries, those that name another person than the author of their commit."""

    def plus(self, other: Totals) -> Totals:
        """Return both together."""
        return Totals(
            self.commits + other.commits,
            self.entries + other.entries,
            self.signatures + other.signatures,
            self.signed or other.signed,
            self.by_keyring + other.by_keyring,
            self.by_others + other.by_others,
        )


class Checkpoint(FrozenStruct):
    """The last tip whose history was walked to its end, by the digest of what it was proven with, the program included.

    `seals` holds the seals met so far by name, `history` and `content` the findings up to that tip, which stay findings.
    """

    tip: str | None = None
    proven_with: str = ""
    seals: Mapping[str, str] = field(default_factory=dict)
    history: Sequence[Finding] = ()
    content: Sequence[Finding] = ()
    totals: Totals = Totals()


def read_checkpoint(git_dir: Path) -> Checkpoint:
    """Return what is remembered, nothing where it cannot be read; of another version the tip and the seals that it saw."""
    try:
        stored = json.loads((git_dir / "ledger" / "audit.json").read_text("utf-8"))
        seals = {str(name): str(value) for name, value in stored["seals"].items()}
        if stored["version"] != VERSION:
            return Checkpoint(str(stored["tip"]) if stored["tip"] else None, seals=seals)
        return Checkpoint(
            stored["tip"],
            stored["proven_with"],
            seals,
            tuple(map(_finding, stored["history"])),
            tuple(map(_finding, stored["content"])),
            Totals(*stored["totals"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Checkpoint()


def write_checkpoint(git_dir: Path, checkpoint: Checkpoint) -> None:
    """Store the checkpoint; where the folder cannot be written to, the next audit proves everything again."""
    body = {
        "version": VERSION,
        "tip": checkpoint.tip,
        "proven_with": checkpoint.proven_with,
        "seals": dict(checkpoint.seals),
        "history": [_plain(finding) for finding in checkpoint.history],
        "content": [_plain(finding) for finding in checkpoint.content],
        "totals": list(msgspec.structs.astuple(checkpoint.totals)),
    }
    try:
        folder = git_dir / "ledger"
        folder.mkdir(exist_ok=True)
        new_file = folder / "audit.json.new"
        new_file.write_text(json.dumps(body, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
        new_file.replace(folder / "audit.json")
    except OSError:
        return


def _plain(finding: Finding) -> list[Any]:
    place = finding.place
    return [
        finding.code,
        finding.message,
        finding.hint,
        [place.path, place.line, place.column],
        list(finding.origin),
    ]


def _finding(stored: list[Any]) -> Finding:
    code, message, hint, place, origin = stored
    return Finding(str(code), str(message), str(hint), Place(*place), origin=Origin(*origin))
