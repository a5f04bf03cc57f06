"""GitPython in use: it makes repositories, and opens one for the tags of seals; `remote.py` takes its reader of progress.

GitPython starts git with this process's environment, so the variables that misdirect git leave it for the while.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ledger.git.errors import GitFailedError, GitNotFoundError
from ledger.git.process import SETTINGS, Git

if TYPE_CHECKING:
    import git as gitpython


def init_repository(git: Git, root: Path, branch: str) -> None:
    """Make a repository at `root`, whose objects survive a power cut.

    Raises:
        GitFailedError: with git's reason.
    """
    with _clean_process(git):
        opener = load_gitpython()
        try:
            with (
                opener.Repo.init(root, quiet=True, initial_branch=branch, **time_limit(git)) as made,
                made.config_writer() as config,
            ):
                config.set_value("core", "fsync", "committed")
        except opener.GitCommandNotFound:
            raise GitNotFoundError from None
        except opener.GitCommandError as error:
            raise GitFailedError("init", str(error.stderr).strip()) from None


@contextmanager
def open_gitpython(git: Git, folder: Path) -> Iterator[gitpython.Repo]:
    """Open GitPython's view of the repository in `folder`, with the environment and the settings of the gateway."""
    with _clean_process(git), load_gitpython().Repo(folder) as opened:
        opened.git.update_environment(**git.environ)
        opened.git.set_persistent_git_options(c=list(SETTINGS), no_replace_objects=True)
        yield opened


def load_gitpython() -> ModuleType:
    """Return GitPython (44 ms). Its import would ask `git` for its version, without a limit: the name it is given for the while is nobody's."""
    given = {"GIT_PYTHON_REFRESH": "quiet", "GIT_PYTHON_GIT_EXECUTABLE": "git-is-not-asked"}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        import git
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    return git


def time_limit(git: Git) -> dict[str, Any]:
    """Return the option that makes a call of GitPython give up on a git that does not end; Windows has none."""
    return {} if os.name == "nt" else {"kill_after_timeout": git.silence_limit}


@contextmanager
def _clean_process(git: Git) -> Iterator[None]:
    """Take the variables that misdirect git out of this process's environment while GitPython runs it."""
    inherited = dict(os.environ)
    for name in inherited.keys() - git.environ.keys():
        if name.startswith("GIT_"):
            del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(inherited)
