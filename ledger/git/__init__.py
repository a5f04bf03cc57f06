"""The git layer: the only package that starts git or imports GitPython. `Repo` is its façade, `process.Git` its gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.git.commits import SHORT, Commit, FileChange
    from ledger.git.errors import (
        CommitAlteredError,
        CommitFailedError,
        DetachedHeadError,
        GitBusyError,
        GitFailedError,
        GitNotFoundError,
        GitTimeoutError,
        MissingIdentityError,
        NotARepositoryError,
        NoWorkTreeError,
        OperationInProgressError,
        ShallowCloneError,
        UnreadableHeadError,
    )
    from ledger.git.repository import Identity, Ref, Repo, TreeFile
    from ledger.git.snapshot import PathChange, Snapshot
else:
    from ledger.core.lazy_exports import lazily

    # A status read from the cache needs HEAD's id, which lies in a file, and nothing that starts git.
    __getattr__ = lazily(
        __name__,
        {
            "commits": (
                "SHORT",
                "Commit",
                "FileChange",
            ),
            "errors": (
                "CommitAlteredError",
                "CommitFailedError",
                "DetachedHeadError",
                "GitBusyError",
                "GitFailedError",
                "GitNotFoundError",
                "GitTimeoutError",
                "MissingIdentityError",
                "NotARepositoryError",
                "NoWorkTreeError",
                "OperationInProgressError",
                "ShallowCloneError",
                "UnreadableHeadError",
            ),
            "repository": (
                "Identity",
                "Ref",
                "Repo",
                "TreeFile",
            ),
            "snapshot": (
                "PathChange",
                "Snapshot",
            ),
        },
    )

__all__ = [
    "SHORT",
    "Commit",
    "CommitAlteredError",
    "CommitFailedError",
    "DetachedHeadError",
    "FileChange",
    "GitBusyError",
    "GitFailedError",
    "GitNotFoundError",
    "GitTimeoutError",
    "Identity",
    "MissingIdentityError",
    "NoWorkTreeError",
    "NotARepositoryError",
    "OperationInProgressError",
    "PathChange",
    "Ref",
    "Repo",
    "ShallowCloneError",
    "Snapshot",
    "TreeFile",
    "UnreadableHeadError",
]
