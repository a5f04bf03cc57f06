"""Remembers a person's choice for the columns of a table, in the user's cache folder, for files with the same heading.

A lost or damaged memory is as none: the program asks again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ledger.files.cache import user_cache_folder

_MOST = 500
"""Headings that are kept; the oldest is forgotten first."""


class ColumnMemory:
    """The columns of tables by their heading: role → column from 1."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        folder = user_cache_folder(environ)
        self.path: Path | None = folder / "columns.json" if folder else None

    def find(self, heading: Sequence[str]) -> dict[str, int] | None:
        """Return the choice for a table with this heading, None without one; empty where the proposal was accepted."""
        role = self._read().get(_key(heading))
        if not isinstance(role, dict):
            return None
        sound = all(isinstance(at, int) and 0 < at <= len(heading) for at in role.values())
        return dict(role) if sound else None

    def keep(self, heading: Sequence[str], places: Mapping[str, int] | None) -> None:
        """Store the choice for a table with this heading; None removes it."""
        if self.path is None:
            return
        known = self._read()
        known.pop(_key(heading), None)
        if places is not None:
            known[_key(heading)] = dict(places)
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self.path.with_name(f"columns.{os.getpid()}.json")
            fresh.write_text(json.dumps(dict(list(known.items())[-_MOST:])), encoding="utf-8")
            fresh.replace(self.path)

    def _read(self) -> dict[str, dict[str, int]]:
        try:
            read = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}


def _key(heading: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(heading).encode("utf-8", "surrogatepass")).hexdigest()[:32]
