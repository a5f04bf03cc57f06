"""One commit as the rules see it: its changes inside the ledger, the lines it added, and the policy in force."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ledger.git import Commit, FileChange
from ledger.rules.audit.lines import AppendDiff
from ledger.rules.audit.policy import AccessPolicy

REGULAR = "100644"
PROGRESS = re.compile(r"data/progress/(?P<year>[0-9]{4})/(?P<department>[^/]+)/(?P<number>[0-9]{2})\.yaml")
TARGETS = re.compile(r"data/targets/(?P<year>[0-9]{4})/(?P<department>[^/]+)/(?P<number>[0-9]{2})\.yaml")
POLICY = re.compile(r"data/ledger\.yaml|(.*/)?\.gitattributes|schemas/.*|keys/allowed_signers|\.gitmodules")
CONFIG = "data/ledger.yaml"
SIGNERS = "keys/allowed_signers"


@dataclass(frozen=True)
class CommitContext:
    """What a commit did, and what held when it did it. Paths are relative to the ledger's root."""

    step: Commit
    changes: tuple[FileChange, ...]
    growth: Mapping[str, AppendDiff]
    policy: AccessPolicy
    blob: Callable[[str], bytes]
    after: int | None = None
    """The latest time of its parents, seconds since 1970; None for a first commit."""
    sealed: date | None = None
    """The last day of the months that were sealed before it."""
    now: int | None = None
    """The server's time when it was pushed, seconds since 1970."""
    started: bool = False
    """Whether the ledger had a history before this commit."""

    @property
    def logged(self) -> date:
        """The day of the commit, as its committer's clock had it."""
        zone = self.step.when.tzinfo if self.step.date else UTC
        return datetime.fromtimestamp(self.step.committed, zone).date()


def department_of(path: str) -> str | None:
    """Return the department that a progress or target file belongs to."""
    found = PROGRESS.fullmatch(path) or TARGETS.fullmatch(path)
    return found["department"] if found else None


def commitment_of(path: str) -> str:
    """Return the commitment id that a progress file's path names."""
    found = PROGRESS.fullmatch(path)
    assert found, path
    return f"{found['department']}-{found['number']}"
