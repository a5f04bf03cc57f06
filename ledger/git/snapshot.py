"""What HEAD, the branch and the changed paths are at one moment, read from `git status`; runs nothing."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.core.structs import FrozenStruct


class Change(FrozenStruct):
    """How one path differs: git's two letters (index, work tree) and its blob at HEAD, `None` where HEAD lacks it."""

    letters: str
    blob: str | None

    @property
    def untracked(self) -> bool:
        """Whether neither HEAD nor the index knows the path."""
        return self.letters == "??"


class Snapshot(FrozenStruct):
    """HEAD, the branch (`None` when detached) and the changed paths, from one git process."""

    head: str | None
    branch: str | None
    changes: Mapping[str, Change]


def parse_status(out: bytes) -> Snapshot:
    """Read `git status --porcelain=v2 --branch -z --no-renames`."""
    head: str | None = None
    branch: str | None = None
    changes: dict[str, Change] = {}
    for record in out.decode("utf-8", "surrogateescape").split("\0"):
        kind, _, rest = record.partition(" ")
        if kind == "#":
            name, _, value = rest.partition(" ")
            if name == "branch.oid" and value != "(initial)":
                head = value
            elif name == "branch.head" and value != "(detached)":
                branch = value
        elif kind == "?":
            changes[rest] = Change("??", None)
        elif kind == "1":
            letters, _, _, _, _, blob, _, path = rest.split(" ", 7)
            changes[path] = Change(letters, blob if blob.strip("0") else None)
        elif kind == "u":
            changes[rest.split(" ", 9)[9]] = Change("UU", None)
    return Snapshot(head, branch, changes)
