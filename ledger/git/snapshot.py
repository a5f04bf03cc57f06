"""HEAD, branch and changed paths at one moment, parsed from `git status`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ledger.core.structs import FrozenStruct
from ledger.git.errors import GitFailedError


class PathChange(FrozenStruct):
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
    changes: Mapping[str, PathChange]


def parse_status(records: Iterable[str]) -> Snapshot:
    """Read the records of `git status --porcelain=v2 --branch -z --no-renames`.

    Raises:
        GitFailedError: when the header that git always writes is missing.
    """
    head: str | None = None
    branch: str | None = None
    headers = 0
    changes: dict[str, PathChange] = {}
    for record in records:
        kind, _, rest = record.partition(" ")
        if kind == "#":
            headers += 1
            name, _, value = rest.partition(" ")
            if name == "branch.oid" and value != "(initial)":
                head = value
            elif name == "branch.head" and value not in {"(detached)", "(unknown)"}:
                branch = value
        elif kind == "?":
            changes[rest] = PathChange("??", None)
        elif kind == "1":
            letters, _, _, _, _, blob, _, path = rest.split(" ", 7)
            changes[path] = PathChange(letters, blob if blob.strip("0") else None)
        elif kind == "u":
            changes[rest.split(" ", 9)[9]] = PathChange("UU", None)
    if headers < 2:
        raise GitFailedError("status", "输出没有写完就断了")
    return Snapshot(head, branch, changes)
