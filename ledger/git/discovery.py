"""Finds a repository's folders and reads its small files without starting git."""

from __future__ import annotations

import time
from pathlib import Path

_HEX = frozenset("0123456789abcdef")


def git_dir_of(dot_git: Path) -> Path | None:
    """Return the folder that `.git` is or names (a linked work tree, a submodule)."""
    if dot_git.is_file():
        line = read_line(dot_git)
        if not line.startswith("gitdir: "):
            return None
        dot_git = dot_git.parent / line.removeprefix("gitdir: ")
    return dot_git.resolve() if (dot_git / "HEAD").exists() else None


def common_dir_of(git_dir: Path) -> Path:
    """Return the folder that linked work trees share: objects, branches, settings."""
    shared = read_line(git_dir / "commondir")
    return (git_dir / shared).resolve() if shared else git_dir


def find_git_dir(start: Path) -> tuple[Path, Path] | None:
    """Return the top folder of the work tree that holds `start`, and its git folder; None outside of a repository."""
    for folder in (start, *start.parents):
        git_dir = git_dir_of(folder / ".git")
        if git_dir is not None:
            return folder, git_dir
    return None


def read_head(git_dir: Path) -> str | None:
    """Return the id of HEAD's commit from the files of the refs; None where they do not say it in the usual way."""
    name = read_line(git_dir / "HEAD")
    if not name.startswith("ref: "):
        return name if _is_id(name) else None
    return read_ref(common_dir_of(git_dir), name.removeprefix("ref: "))


def read_ref(common_dir: Path, name: str) -> str | None:
    """Return the id that a ref's file says; None where there is none or the file has an unusual form: then git must be asked.

    Git packs a ref before it removes the ref's own file, and puts both files in place in one step.
    """
    commit = read_line(common_dir / name)
    if not commit:
        packed = read_line(common_dir / "packed-refs").split("\n")
        commit = next((line[: -len(name) - 1] for line in packed if line.endswith(f" {name}")), "")
    return commit if _is_id(commit) else None


def _is_id(text: str) -> bool:
    return len(text) in {40, 64} and set(text) <= _HEX


def may_have_tags(common_dir: Path, folder: str) -> bool:
    """Tell from the files in which git keeps tags whether there can be tags `folder/…`, for a process costs more.

    False is certain; True only means that git must be asked.
    """
    if (common_dir / "reftable").exists() or (common_dir / "refs" / "tags" / folder).exists():
        return True
    try:
        packed = (common_dir / "packed-refs").read_bytes()
    except FileNotFoundError:
        return False
    return f" refs/tags/{folder}/".encode() in packed


def read_line(file: Path) -> str:
    """Return the text of a one-line file, empty when it cannot be read."""
    try:
        return file.read_text("utf-8", "surrogateescape").rstrip("\n")
    except OSError:
        return ""


def age_of(file: Path) -> float | None:
    """Return the seconds since `file` was written, `None` when it is gone."""
    try:
        return time.time() - file.lstat().st_mtime
    except OSError:
        return None
