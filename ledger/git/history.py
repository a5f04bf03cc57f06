"""Commits as data, and the reading of `git log -z`; runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import msgspec

from ledger.core.structs import FrozenStruct

SHORT = 8
"""Hex digits shown to people: enough for some 100,000 objects, short enough to be read out on the telephone."""


class Commit(FrozenStruct):
    """One commit: what people see of it, and the trailers that machines read."""

    FORMAT: ClassVar[str] = "%H%x00%P%x00%an%x00%ae%x00%aI%x00%cI%x00%B"

    id: str
    subject: str
    author: str = ""
    email: str = ""
    date: datetime | None = None
    committed: datetime | None = None
    parents: tuple[str, ...] = ()
    trailers: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    @property
    def short(self) -> str:
        """The first digits of the id, for people."""
        return self.id[:SHORT]

    @classmethod
    def made(cls, commit_id: str, message: str) -> Commit:
        """Return the commit just made with `message`, without asking git again."""
        return cls(commit_id, message.partition("\n")[0], trailers=parse_trailers(message))


def parse_trailers(message: str) -> dict[str, tuple[str, ...]]:
    """Return the `Key: value` lines of the last paragraph; a paragraph with any other line in it has none."""
    paragraphs = [part for part in message.strip("\n").split("\n\n") if part.strip()]
    if len(paragraphs) < 2:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for line in paragraphs[-1].splitlines():
        key, colon, value = line.partition(": ")
        if not colon or not key.replace("-", "").isalnum():
            return {}
        found[key] = (*found.get(key, ()), value.strip())
    return found


def parse_log(out: bytes) -> list[Commit]:
    """Read `git log -z --format=FORMAT`: NUL ends each field and each commit, so that no text can forge a field."""
    fields = out.decode("utf-8", "replace").split("\0")
    commits = []
    for start in range(0, len(fields) - 6, 7):
        commit_id, parents, author, email, authored, committed, message = fields[start : start + 7]
        commits.append(
            Commit(
                commit_id,
                message.partition("\n")[0],
                author,
                email,
                datetime.fromisoformat(authored),
                datetime.fromisoformat(committed),
                tuple(parents.split()),
                parse_trailers(message),
            )
        )
    return commits
