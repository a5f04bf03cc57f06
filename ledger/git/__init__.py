"""The git layer: the only package that starts git or imports GitPython. `Repo` is its façade, `process.Git` its gateway."""

from ledger.git.commits import SHORT, Commit, FileChange
from ledger.git.errors import (
    CommitFailedError,
    DetachedHeadError,
    GitBusyError,
    GitFailedError,
    GitNotFoundError,
    MissingIdentityError,
    NotARepositoryError,
    NoWorkTreeError,
    OperationInProgressError,
    UnreadableHeadError,
)
from ledger.git.repository import Identity, Ref, Repo, TreeFile
from ledger.git.snapshot import Change, Snapshot

__all__ = [
    "SHORT",
    "Change",
    "Commit",
    "CommitFailedError",
    "DetachedHeadError",
    "FileChange",
    "GitBusyError",
    "GitFailedError",
    "GitNotFoundError",
    "Identity",
    "MissingIdentityError",
    "NoWorkTreeError",
    "NotARepositoryError",
    "OperationInProgressError",
    "Ref",
    "Repo",
    "Snapshot",
    "TreeFile",
    "UnreadableHeadError",
]
