"""What git is told of a folder's files: how two sides are put together, and which line endings they get; changes nothing."""

from __future__ import annotations

from pathlib import Path

from ledger.git.faults import GitFailedError
from ledger.git.repository import Repo


def attributes(repo: Repo, path: Path, *names: str) -> dict[str, str]:
    """Return git's attributes of a path, which need not exist: `unspecified` where nobody said anything.

    Raises:
        GitFailedError: with git's words.
    """
    result = repo.runner.run("check-attr", "-z", *names, "--", repo.relative(path))
    if result.code:
        raise GitFailedError("check-attr", result.words)
    fields = result.out.decode("utf-8", "surrogateescape").split("\0")
    return {fields[n + 1]: fields[n + 2] for n in range(0, len(fields) - 2, 3)}


def carriage_returns(repo: Repo, folder: Path) -> list[Path]:
    """Return the tracked files below `folder` that have CRLF on disk but not in the repository.

    Raises:
        GitFailedError: with git's words.
    """
    result = repo.runner.run("ls-files", "--eol", "-z", "--", f":(top,literal){repo.relative(folder)}")
    if result.code:
        raise GitFailedError("ls-files", result.words)
    found = []
    for record in result.out.decode("utf-8", "surrogateescape").split("\0"):
        facts, tab, name = record.partition("\t")
        if tab and facts.split()[1] in {"w/crlf", "w/mixed"} and facts.split()[0] == "i/lf":
            found.append(repo.top / name)
    return found
