"""Git, and nothing else: the only package that runs it or imports GitPython. It must not know what a ledger is."""

from ledger.repo.faults import (
    CommitFailed,
    DetachedHead,
    GitBusy,
    GitFailed,
    GitMissing,
    MissingIdentity,
    NotARepository,
    NoWorkTree,
    UnderWay,
)
from ledger.repo.history import Commit
from ledger.repo.repository import Identity, Repo
from ledger.repo.snapshot import Change, Snapshot

__all__ = [
    "Change",
    "Commit",
    "CommitFailed",
    "DetachedHead",
    "GitBusy",
    "GitFailed",
    "GitMissing",
    "Identity",
    "MissingIdentity",
    "NoWorkTree",
    "NotARepository",
    "Repo",
    "Snapshot",
    "UnderWay",
]
