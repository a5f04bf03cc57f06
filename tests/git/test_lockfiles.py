"""Lock files that a dead git left: which are whose, and who may be at work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.git import Repo, lockfiles
from ledger.git.errors import GitBusyError
from ledger.git.process import _failure
from tests.git.test_repo import root  # noqa: F401  the fixture

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_ancestors_are_this_process_and_those_that_started_it(tmp_path: Path) -> None:
    found = lockfiles._ancestors()
    assert {os.getpid(), os.getppid()} <= found | {1}
    assert 1 not in found
    code = "import os; from ledger.git import lockfiles; print(os.getpid(), *sorted(lockfiles._ancestors()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    child, *ancestors = map(int, done.stdout.split())
    assert set(ancestors) == {child, *found}


def _at_work(repo: Repo, but: frozenset[int] = frozenset()) -> bool | None:
    """Ask until it can be told: another test's git cannot be looked at while it ends."""
    until = time.monotonic() + 10
    while (answer := lockfiles.git_at_work(repo, but)) is None and time.monotonic() < until:
        time.sleep(0.01)
    return answer


def test_a_git_at_work_below_the_work_tree_or_its_git_folder(root: Path, tmp_path: Path) -> None:  # noqa: F811
    repo = Repo.open(root)
    for folder, expected in ((root, True), (root / ".git", True), (tmp_path, False)):
        waiting = subprocess.Popen(
            ["git", "hash-object", "--stdin"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        try:
            until = time.monotonic() + 10
            while not lockfiles._is_git(waiting.pid) and time.monotonic() < until:
                time.sleep(0.01)
            assert _at_work(repo) == expected
            assert _at_work(repo, frozenset({waiting.pid})) is False
        finally:
            waiting.communicate(b"")
    assert _at_work(repo) is False


def test_locks_are_told_by_their_places(root: Path) -> None:  # noqa: F811
    repo, folder = Repo.open(root), root / ".git"
    assert lockfiles.locks(repo, passing=True) == lockfiles.ref_locks(repo) == []
    names = [
        "index.lock",
        "HEAD.lock",
        "refs/heads/main.lock",
        "next-index-7.lock",
        "refs/heads/x.lock",
        "packed-refs.lock",
        "config.lock",
    ]
    for name in names:
        (folder / name).write_text("")
    assert [lock.name for lock in lockfiles.locks(repo)] == ["index.lock", "HEAD.lock", "main.lock"]
    assert [lock.name for lock in lockfiles.locks(repo, passing=True)][3:] == ["next-index-7.lock"]
    assert {str(lock.relative_to(folder)) for lock in lockfiles.ref_locks(repo)} == set(names)


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (-9, "", "被信号 9 强行结束（常见原因：内存不足）"),
        (-15, "fatal: x", "被信号 15 强行结束（常见原因：内存不足）\nfatal: x"),
        (128, "fatal: x", "fatal: x"),
        (5, "", "退出码 5"),
    ],
)
def test_how_git_ended_is_told(code: int, reason: str, told: str) -> None:
    error = _failure(("-c", "a=b", "rev-list", "--all"), code, reason)
    assert error.message == f"git rev-list 没有成功：{told}"


@pytest.mark.parametrize(
    ("alive", "age", "stays"),
    [
        (True, 10**6, True),
        (False, lockfiles.PROVEN_SECONDS + 1, False),
        (False, 0, True),
        (None, lockfiles.BLIND_SECONDS + 1, False),
        (None, lockfiles.BLIND_SECONDS - 5, True),
    ],
)
def test_abandoned_locks_of_a_server(
    root: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    alive: bool | None,
    age: float,
    stays: bool,
) -> None:
    """The hook's own git is an ancestor of it, and does not count as another at work."""
    lock = root / ".git" / "refs" / "heads" / "main.lock"
    asked: list[frozenset[int]] = []

    def at_work(repo: Repo, but: frozenset[int] = frozenset()) -> bool | None:
        asked.append(but)
        return alive

    monkeypatch.setattr(lockfiles, "git_at_work", at_work)
    lockfiles.clear_abandoned(Repo.open(root))
    assert asked == [], "without a lock nobody is looked for"
    lock.write_text("")
    os.utime(lock, (time.time() - age,) * 2)
    lockfiles.clear_abandoned(Repo.open(root))
    assert asked == [lockfiles._ancestors()]
    assert lock.exists() == stays


def test_a_git_that_outlives_the_command_is_named_by_its_lock(
    root: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = root / ".git" / "refs" / "heads" / "main.lock"
    lock.write_text("")
    monkeypatch.setattr(lockfiles, "git_at_work", lambda *_, **__: True)
    monkeypatch.setattr(lockfiles, "_ORPHAN_SECONDS", 0)
    with pytest.raises(GitBusyError) as caught:
        lockfiles.clear_refs(Repo.open(root), left_after=time.time())
    assert str(lock) in caught.value.message
    assert f"可删去 {lock}" in caught.value.hint
    assert lock.exists()
    lockfiles.clear_refs(Repo.open(root), left_after=None)
    assert lock.exists(), "nobody was killed: it is waited for by nobody"
