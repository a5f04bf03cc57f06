"""Findings: what is wrong, as data.

Checks, audit, importers, `doctor` and the readers of files all report findings; a front end decides how they are shown.
Named tuples, because a warm `status` loads this module: they are defined in a sixth of the time of a dataclass and need no msgspec.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where something is wrong; a part that does not apply is left at its default.

    `path` is relative to the ledger's root, with forward slashes; `line` and `column` count from 1, 0 means the whole file.
    `cell` is a cell of a sheet (`B7`), `entry` the id of a progress entry, `keys` the path of a value within a document.
    """

    path: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""
    entry: str = ""
    keys: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        """Return `path:line:column` without the unknown parts; the cell, entry or key where there is no file."""
        if not self.path:
            return self.cell or self.entry or ".".join(map(str, self.keys))
        return ":".join(map(str, filter(None, (self.path, self.line, self.line and self.column))))


class Origin(NamedTuple):
    """The commit that did what a finding is about; author, email and date (ISO 8601) are the commit's own claims."""

    commit: str = ""
    author: str = ""
    email: str = ""
    date: str = ""


class Finding(NamedTuple):
    """One violation of one rule.

    `code` is stable and names the rule or the kind of mistake; front ends choose by it, never by the wording. `message` says what
    was found, `expected` what would be right where the message does not. `hint` is the next step for what is already written in a
    file; a command that has refused to write gives its own, chosen by the code. `excerpt` quotes the line or words concerned.
    """

    code: str
    message: str
    hint: str = ""
    place: Place = Place()
    expected: str = ""
    excerpt: str = ""
    origin: Origin = Origin()

    def __lt__(self, other: Finding) -> bool:  # type: ignore[override]
        """Order by place, then code."""
        return self._order < other._order

    def at(self, place: Place, excerpt: str = "") -> Finding:
        """Return the same finding at a place that is known better."""
        return self._replace(place=place, excerpt=excerpt or self.excerpt)

    @property
    def text(self) -> str:
        """Message, expectation and next step as one sentence."""
        return "；".join(filter(None, (self.message, self.expected, self.hint)))

    @property
    def _order(self) -> tuple[object, ...]:
        return self.place, self.code, self.message, self.hint, self.excerpt
