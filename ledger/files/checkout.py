"""Copies of a ledger's data folder as commits have it, beside the work tree: what a command reads when it is asked what was known.

A commit never changes, so a copy is made once and used again; the cache of statuses then serves it like any other ledger.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import time_ns

from ledger.core.errors import ExternalError, LedgerError
from ledger.files import layout
from ledger.files.cache import is_private
from ledger.git import SHORT, Repo

KEPT = 24
"""Copies kept for one ledger: two years of monthly seals."""
_REGULAR = ("100644", "100755")


class NoLedgerInCommitError(LedgerError):
    """Raised for a commit that holds no ledger."""

    def __init__(self, commit: str) -> None:
        super().__init__(
            f"提交 {commit[:SHORT]} 里没有这个账本（{layout.CONFIG}）", "git log -- data 看账本有哪些提交"
        )


class SharedFolderError(ExternalError):
    """Raised when others may write to the folder of the copies: what is read from it could be theirs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"缓存文件夹别人也能写：{folder}", "收回别人的写权限，或用 LEDGER_CACHE 指定自己的文件夹"
        )


def check_out(repo: Repo, root: Path, commit: str, base: Path) -> Path:
    """Write the data folder of the ledger at `root`, as `commit` has it, below `base`, and return the copy's root.

    Raises:
        NoLedgerInCommitError: when the commit has no ledger at that place.
        GitFailedError: when an object is missing, as in a shallow clone.
        SharedFolderError: when others may write to `base`.
        OSError: when the disk refuses.
    """
    copy = base / commit
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not is_private(os.lstat(base)):
        raise SharedFolderError(base)
    if copy.is_dir():
        with suppress(OSError):
            os.utime(copy)
        return copy
    inside = repo.relative(root.resolve())
    prefix = "" if inside == "." else f"{inside}/"
    files = repo.tree(commit, f"{prefix}data")
    if f"{prefix}{layout.CONFIG}" not in files:
        raise NoLedgerInCommitError(commit)
    draft = base / f"{commit}.{os.getpid()}.{time_ns()}"
    draft.mkdir(mode=0o700)
    try:
        regular = {path.removeprefix(prefix): file for path, file in files.items() if file.mode in _REGULAR}
        for folder in _folders(regular):
            os.mkdir(f"{draft}/{folder}")  # noqa: PTH102 - a hundred folders, each once
        with repo.open_blobs() as read:
            contents = read.read_many(file.blob for file in regular.values())
            for path, content in zip(regular, contents, strict=True):
                with open(f"{draft}/{path}", "wb", buffering=0) as stream:  # noqa: PTH123
                    stream.write(content)
        draft.rename(copy)
    except OSError:
        if not copy.is_dir():  # another process may have put it there meanwhile
            raise
    finally:
        if draft.is_dir():
            _remove(draft)
    _forget_old(base, copy)
    return copy


def _folders(paths: Iterable[str]) -> list[str]:
    """Return every folder that the paths lie in, those above first."""
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(folders)


def _forget_old(base: Path, newest: Path) -> None:
    """Remove the copies that were not used for longest, beyond the number kept."""
    copies = [path for path in base.iterdir() if len(path.name) == len(newest.name)]
    copies.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in copies[KEPT:]:
        _remove(path)


def _remove(folder: Path) -> None:
    import shutil  # two milliseconds, for what is seldom needed

    shutil.rmtree(folder, ignore_errors=True)
