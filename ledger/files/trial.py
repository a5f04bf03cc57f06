"""Tries a commit as `log` makes it, in a work tree and an object folder of its own, for `ledger doctor`: identity, hooks, signing."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.core.errors import ExternalError
from ledger.core.findings import Finding
from ledger.files import layout
from ledger.files.ids import new_id
from ledger.files.lock import Lock
from ledger.git import CommitFailedError, Repo
from ledger.git.remote import TRIAL, clear_aside

_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")
_ENTRY_ID = re.compile(rb'"id": "[0-9A-Z]{26}"')


def try_commit(repo: Repo, root: Path) -> list[Finding]:
    """Do what `log` does, up to the commit, and return why that fails; hooks that run after a commit are left out: they may tell others of it."""
    try:
        repo.identity()
        with _ledger_lock(repo), TemporaryDirectory(prefix="ledger-trial-") as scratch:
            try:
                _commit_aside(repo, root, Path(scratch))
            finally:
                clear_aside(repo)
    except ExternalError as error:
        return [Finding(error.code, f"试记一条没有成功：{error.message}", error.hint)]
    return []


def _commit_aside(repo: Repo, root: Path, scratch: Path) -> None:
    hooks, objects = scratch / "hooks", scratch / "objects"
    hooks.mkdir()
    objects.mkdir()
    real = repo.top / repo.git.text("rev-parse", "--git-path", "hooks")
    for name in _HOOKS:
        if os.access(real / name, os.X_OK):
            (hooks / name).symlink_to((real / name).resolve())
    git = repo.git.with_environ(
        GIT_OBJECT_DIRECTORY=str(objects), GIT_ALTERNATE_OBJECT_DIRECTORIES=str(repo.common_dir / "objects")
    )
    folder = repo.common_dir / "ledger" / TRIAL
    clear_aside(repo)
    git.run("-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", str(folder), "HEAD")
    trial = Repo(
        folder,
        repo.common_dir / "worktrees" / TRIAL,
        repo.common_dir,
        git.at(folder).with_settings(f"core.hooksPath={hooks}"),
    )
    inside = folder / repo.relative(root)
    written = sorted((inside / layout.PROGRESS).rglob("*.yaml"))
    file = written[0] if written else inside / layout.progress_file(2000, "试记-01")
    file.parent.mkdir(parents=True, exist_ok=True)
    last = file.read_bytes().splitlines(keepends=True)[-1:] if written else []
    line = _ENTRY_ID.sub(f'"id": "{new_id()}"'.encode(), last[0]) if last else b"\n"
    with file.open("ab") as stream:
        stream.write(line)
    message = f"log(试记): 试一次，不留下\n\nLedger-Entry: {new_id()}\nLedger-Target: 试记-01/trial\n"
    trial.commit([file], message, new=() if written else [file])
    _try_branch(repo)


def _try_branch(repo: Repo) -> None:
    """Let git prepare to move the branch, its hook on refs included, and call it off."""
    logs = repo.git_dir / "logs"
    if logs.exists() and not (logs.is_dir() and os.access(logs, os.W_OK)):
        raise CommitFailedError(f"{logs}: Permission denied")
    branch, tip = repo.branch(), repo.head()
    steps = f"start\nupdate refs/heads/{branch} {tip} {tip}\nprepare\nabort\n"
    result = repo.git.attempt("update-ref", "--stdin", stdin=steps.encode())
    if result.code:
        raise CommitFailedError(result.reason)


def _ledger_lock(repo: Repo) -> Lock:
    (repo.common_dir / "ledger").mkdir(exist_ok=True)
    path = repo.common_dir / "ledger" / "lock"
    return Lock(path, holder=lambda: "另一个 ledger 命令", interrupted=lambda: None)
