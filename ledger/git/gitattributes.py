"""Git attributes of files, and line endings that a checkout changed."""

from __future__ import annotations

from pathlib import Path

from ledger.git.errors import GitFailedError
from ledger.git.repository import Repo


def read_attributes(repo: Repo, path: Path, *names: str) -> dict[str, str]:
    """Return git's attributes of a path, which need not exist: `unspecified` where none is set.

    Raises:
        GitFailedError: with git's reason.
    """
    fields = repo.git.records("check-attr", "-z", *names, "--", repo.relative(path))
    if len(fields) != 3 * len(names):
        raise GitFailedError("check-attr", "输出没有写完就断了")
    return {fields[n + 1]: fields[n + 2] for n in range(0, len(fields), 3)}


def crlf_files(repo: Repo, folder: Path) -> list[Path]:
    """Return the tracked files below `folder` that have CRLF on disk but not in the repository.

    Raises:
        GitFailedError: with git's reason.
    """
    files = []
    for record in repo.git.records("ls-files", "--eol", "-z", "--", f":(top,literal){repo.relative(folder)}"):
        meta, _, name = record.partition("\t")
        if meta.split()[1] in {"w/crlf", "w/mixed"} and meta.split()[0] == "i/lf":
            files.append(repo.top / name)
    return files
