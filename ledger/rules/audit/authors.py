"""Records who changed what during the walk, so that findings about content name a commit without another git process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.core.findings import Origin
from ledger.core.structs import FrozenStruct, field
from ledger.git import Commit, FileChange
from ledger.git.blobs import BlobReader
from ledger.git.commits import read_time
from ledger.rules.paths import CONFIG, TARGETS


class Author(NamedTuple):
    """Who made a commit: what is kept of each of them, for the findings about files at the tip."""

    commit: str
    name: str
    email: str
    authored: int
    zone: str

    @property
    def origin(self) -> Origin:
        """The same as a finding shows it."""
        date = read_time(self.authored, self.zone).isoformat() if self.zone else ""
        return Origin(self.commit, self.name, self.email, date)


def author_of(commit: Commit) -> Author:
    """Return who made a commit, and when, as the commit says."""
    return Author(commit.id, commit.author, commit.email, commit.authored, commit.zone)


class Authors(FrozenStruct):
    """Last change of each file and line during the walk, so that findings about content name a commit without another git process."""

    last: dict[str, Author] = field(default_factory=dict)
    """By path, the last commit that changed it."""
    versions: dict[str, list[tuple[str, Author]]] = field(default_factory=dict)
    """By path of a file written by hand, its blobs in order and who made each."""

    def add(self, author: Author, changes: Sequence[FileChange]) -> None:
        """Remember who made these changes."""
        for change in changes:
            self.last[change.path] = author
            if not change.removed and (TARGETS.fullmatch(change.path) or change.path == CONFIG):
                self.versions.setdefault(change.path, []).append((change.new, author))

    def of_line(self, path: str, line: int, blob: BlobReader) -> Author | None:
        """Return who put a line of a file written by hand there: the first of the last versions in a row that hold it."""
        latest = self.last.get(path)
        versions = self.versions.get(path, [])
        if not line or not versions:
            return latest
        text = _line_of(blob(versions[-1][0]), line)
        for name, author in reversed(versions):
            if text not in blob(name).split(b"\n"):
                break
            latest = author
        return latest


def _line_of(content: bytes, line: int) -> bytes:
    lines = content.split(b"\n")
    return lines[line - 1] if line <= len(lines) else b""
