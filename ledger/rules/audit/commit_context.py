"""One commit as the rules see it: its changes inside the ledger, the lines it added, and the policy in force."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache

from ledger.core.findings import Finding, Place
from ledger.core.models import Entry
from ledger.core.structs import FrozenStruct, field
from ledger.core.units import UnitTable
from ledger.git import Commit, FileChange
from ledger.git.signatures import Verification
from ledger.rules.audit.authors import author_of
from ledger.rules.audit.lines import AppendDiff
from ledger.rules.audit.policy import AccessPolicy
from ledger.rules.paths import REGULAR

_CRUD = " \t.,:;<>\"\\'"
"""What git cuts off the ends of a name (`strbuf_addstr_without_crud` in its ident.c)."""


class CommitContext(FrozenStruct, dict=True):
    """What a commit did, and what held when it did it. Paths are relative to the ledger's root."""

    commit: Commit
    changes: Sequence[FileChange]
    appended: Mapping[str, AppendDiff]
    """What was done to each progress file, by path."""
    policy: AccessPolicy
    blob: Callable[[str], bytes]
    entries: Callable[[str], Mapping[str, Entry]]
    """Returns the entries of a progress file after this commit, by id."""
    after: int | None = None
    """The latest time of its parents, seconds since 1970; None for a first commit."""
    sealed: date | None = None
    """The last day of the months that were sealed before it."""
    now: int | None = None
    """The server's time when it was pushed, or as a receipt says; seconds since 1970. None where it is unknown."""
    started: bool = False
    """Whether the ledger had a history before this commit."""
    collisions: Mapping[str, str] = field(default_factory=dict)
    """Paths that it added, by path the one they collide with."""
    clock: int | None = None
    """The auditor's time, seconds since 1970; None on a server, which has its own."""
    evidence: Set[str] = frozenset()
    """The evidence files of the ledger after this commit, by path."""
    signature: Verification | None = None
    """What the verification of its signature said; None where signatures are not asked for."""

    @property
    def only_edits_entries(self) -> bool:
        """Whether it changed nothing but the content of progress files that were there before."""
        return all(
            change.path in self.appended and change.old_mode == change.new_mode == REGULAR
            for change in self.changes
        )

    @property
    def day(self) -> date:
        """The day of the commit, as its committer's clock had it."""
        zone = self.commit.when.tzinfo if self.commit.date else UTC
        return _day(self.commit.committed, zone)

    @property
    def known_day(self) -> date:
        """The day on which it was made as far as can be known: the server's, else no earlier than that of its parents."""
        if self.now is not None:
            return _day(self.now, UTC)
        return max(self.day, _day(self.after or 0, UTC))

    def in_charge(self, year: str, department: str, number: str) -> tuple[str, ...]:
        """Return the departments in charge of a commitment, named by its path, on the day of the commit and as far as that can be known.

        They are two where it was made before a change of departments and came to the server after it.
        """
        identifier = f"{department}-{number}"
        history = self.policy.history
        if not history:
            return (department,)
        days = (self.day, self.known_day)
        return tuple(dict.fromkeys(history.in_charge(int(year), identifier, day) for day in days))

    @cached_property
    def units(self) -> UnitTable:
        """The common units and those of the ledger in force."""
        return self.policy.units

    def is_author(self, name: str) -> bool:
        """Return whether a name is that of the commit's author, whatever blanks are in it and stops around it, which git cuts off."""
        return _plain_name(name) == _plain_name(self.commit.author)

    def finding(self, code: str, message: str, path: str = "", line: int = 0, hint: str = "") -> Finding:
        """Return a finding about this commit."""
        return Finding(code, message, hint, Place(path, line), origin=author_of(self.commit).origin)


@lru_cache(maxsize=1024)
def _plain_name(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().strip(_CRUD).split())


def _day(seconds: int, zone: object) -> date:
    limited = min(max(seconds, 0), 253_402_214_400)  # year 9999: the text of a commit may say anything
    return datetime.fromtimestamp(limited, zone).date()  # type: ignore[arg-type]
