"""Compares the work tree with HEAD: files that are missing, changed or not committed.

A file that is missing would read as "nobody reported", and a commitment that is missing would make a department smaller. Every
command that makes figures therefore asks `require_complete` first. HEAD's list depends on the commit alone, so that it can be
cached by the commit's id, which is read here without starting git.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.errors import LedgerError
from ledger.files import layout
from ledger.files.fingerprint import blob_id
from ledger.files.listing import nfc
from ledger.git.discovery import find_git_dir, read_head

if TYPE_CHECKING:
    from ledger.core.models import Commitment
    from ledger.git import Repo

HeadFiles = Mapping[str, str]
"""Files of the ledger at HEAD: path relative to the ledger's root → blob id."""
_SHOWN = 10
_FOLDERS = ("data", str(layout.TARGETS), str(layout.PROGRESS))
RESTORE = "git restore --source=HEAD --staged --worktree --"


class MissingFilesError(LedgerError):
    """Raised when files that are committed are not in the work tree, so that any figure would lack what they hold."""

    def __init__(self, paths: Collection[str]) -> None:
        shown = "、".join(sorted(paths)[:_SHOWN]) + (f" 等 {len(paths)} 个" if len(paths) > _SHOWN else "")
        folders = sorted({path.rpartition("/")[0] for path in paths})
        restored = " ".join(sorted(paths) if len(paths) <= _SHOWN else folders)
        super().__init__(
            f"已提交的文件不在文件夹里，数字会不全：{shown}",
            f"取回：{RESTORE} {restored}；若设过稀疏检出，先运行 git sparse-checkout disable",
        )
        self.paths = tuple(sorted(paths))


class LinkedFolderError(LedgerError):
    """Raised where a folder of the ledger is a symbolic link: git records the link and nothing of what lies behind it."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} 是符号链接，git 记的只是链接本身，不是里面的文件",
            f"换成文件夹本身：先把里面的文件另存，再 rm {path}，{RESTORE} {path}",
        )


class Differences(NamedTuple):
    """How the work tree differs from HEAD; paths in order."""

    missing: tuple[str, ...] = ()
    uncommitted: tuple[str, ...] = ()
    """Changed since HEAD, or not in HEAD at all."""


def find_differences(root: Path, year: int, departments: Collection[str] | None = None) -> Differences:
    """Compare the plan and the entries of a year, of all departments or of some, with HEAD; reads every file.

    Outside of a repository there is nothing to compare with, and nothing differs.

    Raises:
        ExternalError: when git cannot read HEAD.
    """
    head = read_head_files(root)
    if head is None:
        return Differences()
    concerned = [path for path in head if concerns(path, year, departments)]
    missing = tuple(sorted(path for path in concerned if not (root / path).is_file()))
    on_disk = [
        str(layout.CONFIG),
        *(path for path in _files(root, year) if concerns(path, year, departments)),
    ]
    return Differences(missing, _uncommitted(root, on_disk, head))


def find_uncommitted(root: Path, commitment: Commitment) -> tuple[str, ...]:
    """Return those of a commitment's two files, and the configuration, that are not as HEAD has them; reads these alone.

    Raises:
        ExternalError: when git cannot read HEAD.
    """
    head = read_head_files(root)
    if head is None:
        return ()
    plan = layout.targets_file(commitment.year, *commitment.id.rsplit("-", 1))
    paths = (layout.CONFIG, plan, layout.progress_file(commitment.year, commitment.id))
    return _uncommitted(root, [str(path) for path in paths if (root / path).is_file()], head)


def _uncommitted(root: Path, paths: Iterable[str], head: HeadFiles) -> tuple[str, ...]:
    return tuple(
        path
        for path in sorted(paths)
        if path not in head or not holds_blob((root / path).read_bytes(), head[path])
    )


def require_complete(root: Path, year: int, departments: Collection[str] | None = None) -> None:
    """Check that every file that HEAD has of a year, of all departments or of some, is in the work tree.

    Raises:
        MissingFilesError: naming those that are not.
        ExternalError: when git cannot read HEAD.
    """
    require_present(root, read_head_files(root) or (), year, departments)


def require_present(
    root: Path, paths: Collection[str], year: int, departments: Collection[str] | None = None
) -> None:
    """Check that those of HEAD's files that concern a year and its departments are in the work tree.

    Raises:
        LinkedFolderError: when one of their folders is a symbolic link.
        MissingFilesError: naming those that are not.
    """
    concerned = [path for path in paths if concerns(path, year, departments)]
    for folder in find_linked_folders(root, concerned) if paths else ():
        raise LinkedFolderError(folder)
    missing = [path for path in concerned if not os.path.isfile(f"{root}/{path}")]  # noqa: PTH113 - one for each file
    if missing:
        raise MissingFilesError(missing)


def find_linked_folders(root: Path, paths: Iterable[str]) -> Iterator[str]:
    """Yield the folders of the ledger, and those that lead to some of HEAD's files, that are symbolic links, outermost first."""
    folders = dict.fromkeys(_FOLDERS)
    for path in paths:
        folder = path.rpartition("/")[0]
        if folder not in folders:
            parts = folder.split("/")
            folders |= dict.fromkeys("/".join(parts[: number + 1]) for number in range(len(parts)))
    for folder in sorted(folders):
        if os.path.islink(f"{root}/{folder}"):  # noqa: PTH114 - before every figure
            yield folder


def concerns(path: str, year: int, departments: Collection[str] | None = None) -> bool:
    """Whether a path is the ledger's configuration, or a commitment or progress file of a year and one of the departments."""
    if path == str(layout.CONFIG):
        return True
    data, base, *parts = path.split("/")
    if (
        data != "data"
        or base not in {"targets", "progress"}
        or len(parts) != 3
        or not parts[2].endswith(".yaml")
    ):
        return False
    return parts[0] == str(year) and (departments is None or nfc(parts[1]) in departments)


def holds_blob(raw: bytes, blob: str) -> bool:
    """Whether a file's bytes are those of a blob; line endings that git changed on checkout do not count."""
    return any(blob_id(content, len(blob)) == blob for content in (raw, raw.replace(b"\r\n", b"\n")))


def read_head_files(root: Path) -> HeadFiles | None:
    """Return the ledger's files at HEAD; None outside of a repository, empty before the first commit.

    Raises:
        ExternalError: when git cannot read HEAD.
    """
    git_dir = find_git_dir(root.resolve())
    if git_dir is None:
        return None
    from ledger.git import Repo

    repo = Repo.open(root)
    commit = read_head(git_dir[1]) or repo.head()
    if commit is None:
        return {}
    prefix = root.resolve().relative_to(repo.top).as_posix()
    return _files_of(repo, commit, "" if prefix == "." else f"{prefix}/")


_listed: dict[tuple[str, str], HeadFiles] = {}
"""The list read last: a command asks for it twice, and it never changes for a commit."""


def _files_of(repo: Repo, commit: str, prefix: str) -> HeadFiles:
    if (commit, prefix) not in _listed:
        files = repo.tree(commit, f"{prefix}data")
        _listed.clear()
        _listed[commit, prefix] = {path.removeprefix(prefix): file.blob for path, file in files.items()}
    return _listed[commit, prefix]


def head_commit(root: Path) -> str | None:
    """Return the id of HEAD's commit without starting git; None where that needs git, or outside of a repository."""
    git_dir = find_git_dir(root.resolve())
    return None if git_dir is None else read_head(git_dir[1])


def _files(root: Path, year: int) -> Iterator[str]:
    for base in (layout.TARGETS, layout.PROGRESS):
        folder = root / base / str(year)
        yield from (
            (_relative(root, file) for file in folder.glob("*/*.yaml") if file.is_file())
            if folder.is_dir()
            else ()
        )


def _relative(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix()
