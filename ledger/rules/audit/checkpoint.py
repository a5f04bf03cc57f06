"""How far an earlier audit came: the last tip found clean and the seals it saw, in the repository's own folder, never in the work tree.

It lies under `.git`, which no fetch, merge or checkout writes to. Whoever can write there can also change the program; those
who must not rely on it say `--full`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

VERSION = 2
"""Raised whenever a rule is added or sharpened, so that what was found clean before is proven again."""


@dataclass(frozen=True)
class Checkpoint:
    """The last tip that was proven clean, by the digest of what it was proven with, and the seals met so far by name."""

    tip: str | None = None
    proven_with: str = ""
    seals: Mapping[str, str] = field(default_factory=dict)


def read(git_dir: Path) -> Checkpoint:
    """Return what is remembered; nothing when it cannot be read or is of another version."""
    try:
        found = json.loads((git_dir / "ledger" / "audit.json").read_text("utf-8"))
        if found["version"] != VERSION:
            return Checkpoint(seals=dict(found["seals"]))
        return Checkpoint(found["tip"], found["proven_with"], dict(found["seals"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Checkpoint()


def write(git_dir: Path, state: Checkpoint) -> None:
    """Remember; a folder that cannot be written to is left alone, and the next audit proves all again."""
    body = {
        "version": VERSION,
        "tip": state.tip,
        "proven_with": state.proven_with,
        "seals": dict(state.seals),
    }
    try:
        folder = git_dir / "ledger"
        folder.mkdir(exist_ok=True)
        fresh = folder / "audit.json.new"
        fresh.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
        fresh.replace(folder / "audit.json")
    except OSError:
        return
