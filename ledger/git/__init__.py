"""Git, and nothing else: the only package that runs it or imports GitPython. It must not know what a ledger is."""

from ledger.git.faults import (
    CommitFailedError,
    DetachedHeadError,
    GitBusyError,
    GitFailedError,
    GitNotFoundError,
    MissingIdentityError,
    NotARepositoryError,
    NoWorkTreeError,
    OperationInProgressError,
)
from ledger.git.history import Commit
from ledger.git.repository import Identity, Repo
from ledger.git.snapshot import Change, Snapshot

__all__ = [
    "Change",
    "Commit",
    "CommitFailedError",
    "DetachedHeadError",
    "GitBusyError",
    "GitFailedError",
    "GitNotFoundError",
    "Identity",
    "MissingIdentityError",
    "NoWorkTreeError",
    "NotARepositoryError",
    "OperationInProgressError",
    "Repo",
    "Snapshot",
]
