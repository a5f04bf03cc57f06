"""Finds a repository's folders and reads its small files without starting git."""

from __future__ import annotations

import time
from pathlib import Path


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
