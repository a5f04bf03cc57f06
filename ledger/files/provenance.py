"""Finds the commit that brought each entry: by the trailers of commits, and for what no trailer names by blame.

Entries committed by hand carry no trailer. In a shallow clone the commits of old entries are not there: those entries are committed,
but nobody here can say by whom.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ledger.files import entryfile
from ledger.files.ledger import ProgressFile
from ledger.git import Commit, Repo

HEAD = "HEAD"


class EntryCommit(NamedTuple):
    """What is known of an entry's commit; without `commit`, `earlier` says that it lies beyond the end of a shallow clone."""

    commit: Commit | None = None
    earlier: bool = False


NOT_COMMITTED = EntryCommit()


class NamedEntries:
    """The first commit whose trailer names each entry, taken from a walk of all history that passes parents before children."""

    def __init__(self, tip: str, folder: PurePosixPath) -> None:
        """`tip` is where the walk ends. Commits that changed nothing below `folder` are passed over."""
        self.tip = tip
        self.commits: dict[str, Commit] = {}
        self._folder = f"{folder}/"

    def add(self, commit: Commit, paths: Iterable[str]) -> None:
        """Take a commit that changed these files."""
        if any(path.startswith(self._folder) for path in paths):
            for entry_id in commit.trailer("Ledger-Entry"):
                self.commits.setdefault(entry_id, commit)


class EntryCommits:
    """The commits of the entries below `path`, a file or folder, among those that `revision` reaches."""

    def __init__(
        self,
        repo: Repo | None,
        path: Path,
        revision: str = HEAD,
        named: NamedEntries | None = None,
    ) -> None:
        """`repo` is None for a folder that was copied without its history: then nothing is known.

        `named` is from a walk of all history, which serves where it ended at `revision`.
        """
        self._repo = repo
        self._revision = revision
        exists = repo is not None and path.exists()
        if named is not None and named.tip == revision:
            self._named = named.commits
        else:
            self._named = repo.entry_commits(path, revision=revision) if repo and exists else {}

    def of(self, home: Path, progress: ProgressFile) -> dict[str, EntryCommit]:
        """Return, by entry id, what is known of the commits of one file's entries; `home` is the ledger's folder.

        Raises:
            ExternalError: when git cannot tell.
        """
        commits = {
            entry.id: EntryCommit(self._named[entry.id])
            for entry in progress.entries
            if entry.id in self._named
        }
        if self._repo is not None and len(commits) < len(progress.entries):
            commits = _blamed(self._repo, home / progress.path, self._revision) | commits
        return commits


def _blamed(repo: Repo, file: Path, revision: str) -> dict[str, EntryCommit]:
    raw = None if repo.head() is None else repo.read_file(file, revision)
    if raw is None:
        return {}
    committed = entryfile.read_progress(file.name, raw)
    lines = raw.count(b"\n") + (raw[-1:] not in {b"", b"\n"})
    authors = repo.blame(file, lines, revision)
    shallow = repo.shallow_commits()
    commits = repo.commits(set(authors) - shallow)
    return {
        entry.id: EntryCommit(commits.get(authors[line - 1]), authors[line - 1] in shallow)
        for entry, line in zip(committed.entries, committed.lines, strict=True)
    }
