"""What a killed command that talks to the server leaves on git's refs does not stand in the way of the next one."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from ledger.files.exchange import exchange_lock, has_half_exchange
from ledger.files.lock import LockBusyError
from ledger.files.repair import diagnose
from ledger.git import Repo, lockfiles
from tests.files.conftest import Place

LOCKED = ("refs/ledger/seen/origin/main.lock", "refs/tags/seal/2023-05.lock", "packed-refs.lock")


def leave_lock(repo: Repo, name: str, age: float = 2.0) -> Path:
    lock = repo.common_dir / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    then = time.time() - age
    os.utime(lock, (then, then))
    return lock


def leave_note(repo: Repo, age: float = 10.0) -> None:
    folder = repo.common_dir / "ledger"
    folder.mkdir(exist_ok=True)
    (folder / "exchange").write_text(f"{time.time() - age}\n", encoding="ascii")


@pytest.mark.parametrize("name", LOCKED)
def test_locks_of_a_killed_command_are_cleared(place: Place, name: str) -> None:
    leave_note(place.repo)
    lock = leave_lock(place.repo, name)
    assert has_half_exchange(place.repo)
    assert [finding.code for finding in diagnose(place.repo, place.root)] == ["half-exchanged"]
    with exchange_lock(place.repo):
        assert not lock.exists()
        assert not has_half_exchange(place.repo)  # somebody is at work
    assert diagnose(place.repo, place.root) == ()


@pytest.mark.parametrize("age", [2.0, 100.0])
def test_a_lock_of_nobody_known_must_be_old(place: Place, age: float) -> None:
    lock = leave_lock(place.repo, LOCKED[0], age)
    assert [finding.code for finding in diagnose(place.repo, place.root)] == ["lock"]
    with exchange_lock(place.repo):
        assert lock.exists() == (age < lockfiles.ALONE_SECONDS)


def test_a_torn_note_is_one(place: Place) -> None:
    leave_note(place.repo)
    (place.repo.common_dir / "ledger" / "exchange").write_bytes(b"\xff")
    lock = leave_lock(place.repo, LOCKED[0])
    with exchange_lock(place.repo):
        assert not lock.exists()


def test_one_at_a_time(place: Place) -> None:
    with exchange_lock(place.repo), pytest.raises(LockBusyError), exchange_lock(place.repo, patience=0.0):
        pass


def test_an_error_leaves_no_note(place: Place) -> None:
    with pytest.raises(ValueError, match="x"), exchange_lock(place.repo):
        raise ValueError("x")
    assert not has_half_exchange(place.repo)


def test_a_servers_abandoned_locks_are_removed_unless_a_git_is_at_work(place: Place) -> None:
    fresh = leave_lock(place.repo, "refs/heads/young.lock", 0.0)
    old = leave_lock(place.repo, "refs/heads/main.lock", 5.0)
    git = subprocess.Popen(["git", "hash-object", "--stdin"], stdin=subprocess.PIPE, cwd=place.root)
    try:
        for _ in range(100):  # until it runs as git, in that folder
            if lockfiles.git_at_work(place.repo):
                break
            time.sleep(0.05)
        lockfiles.clear_abandoned(place.repo)
        assert old.exists()
    finally:
        git.communicate(b"")
    lockfiles.clear_abandoned(place.repo)
    assert not old.exists()
    assert fresh.exists()
