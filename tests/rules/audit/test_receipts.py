"""Receipts: the guard writes one for each accepted push, in a chain that clients can check."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.core.structs import replace
from ledger.git import Ref, Repo
from ledger.rules.audit import receipts
from ledger.rules.audit.receipts import (
    REF,
    Receipt,
    check_receipts,
    prepare_receipts,
    received_times,
    settled_tip,
)
from tests.git.test_repo import git

NOW = datetime(2023, 7, 1, 8, tzinfo=UTC)


@pytest.fixture
def server(identity: None, tmp_path: Path) -> Path:
    """A bare repository with three commits at hand, `main` on the first, and the hook of the guard."""
    folder = tmp_path / "server.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    tree = git(folder, "hash-object", "-w", "-t", "tree", "/dev/null")
    before: list[str] = []
    for number in range(3):
        before = ["-p", git(folder, "commit-tree", tree, *before, "-m", f"{number}")]
        git(folder, "update-ref", f"refs/kept/{number}", before[1])
    git(folder, "update-ref", "refs/heads/main", "refs/kept/0")
    hook = folder / "hooks" / "reference-transaction"
    hook.write_text(receipts.HOOK, encoding="utf-8")
    hook.chmod(0o755)
    return folder


def commits(server: Path) -> list[str]:
    return [git(server, "rev-parse", f"refs/kept/{number}") for number in range(3)]


def accept(server: Path, old: str, new: str, ref: str = "refs/heads/main") -> None:
    """Do what the guard does for a push that it found in order."""
    repo = Repo.open_bare(server, os.environ)
    prepare_receipts(repo, [(old, new, ref)], settled_tip(repo), NOW, {"REMOTE_USER": "张三"})


def test_each_update_has_its_receipt(server: Path) -> None:
    first, second, third = commits(server)
    for old, new in ((first, second), (second, third)):
        accept(server, old, new)
        git(server, "update-ref", "refs/heads/main", new, old)
    made, findings = receipts.read_receipts(Repo.open_bare(server, os.environ))
    assert [(item.ref, item.old, item.new, item.when, item.pusher) for item in made] == [
        ("refs/heads/main", first, second, NOW, "张三"),
        ("refs/heads/main", second, third, NOW, "张三"),
    ]
    assert made[1].previous == made[0].id
    assert findings == []
    assert list(check_receipts(made, Repo.open_bare(server, os.environ).refs("refs/heads/"))) == []
    assert not list((server / receipts.PENDING).iterdir())


def test_of_two_that_were_judged_at_once_one_is_told_to_try_again(server: Path) -> None:
    """An entry and a seal: each was in order when it was judged, and together they are not."""
    first, second, _ = commits(server)
    accept(server, first, second)
    accept(server, "0" * 40, first, "refs/tags/seal/2023-06")
    git(server, "update-ref", "refs/heads/main", second, first)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        git(server, "update-ref", "refs/tags/seal/2023-06", first)
    assert "ledger sync" in caught.value.stderr
    assert git(server, "for-each-ref", "refs/tags") == ""
    accept(server, "0" * 40, first, "refs/tags/seal/2023-06")
    git(server, "update-ref", "refs/tags/seal/2023-06", first)


def test_a_push_is_judged_only_after_the_one_before_it_has_ended(server: Path) -> None:
    """The receipt is there and the branch not yet: its lock says that it is on its way."""
    first, second, _ = commits(server)
    accept(server, first, second)
    receipt = (server / receipts.PENDING / second / "refs/heads/main").read_text().split()[0]
    git(server, "update-ref", REF, receipt)
    lock = server / "refs" / "heads" / "main.lock"
    lock.write_text("")
    repo = Repo.open_bare(server, os.environ)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(settled_tip, repo)
        lock.write_text(f"{second}\n")
        assert not waiting.done()
        lock.rename(server / "refs" / "heads" / "main")
        assert waiting.result(10) == receipt


def test_a_killed_server_leaves_a_receipt_that_the_next_one_passes_over(server: Path) -> None:
    first, second, third = commits(server)
    accept(server, first, second)
    receipt = (server / receipts.PENDING / second / "refs/heads/main").read_text().split()[0]
    git(server, "update-ref", REF, receipt)  # and the branch never moved
    accept(server, first, third)
    git(server, "update-ref", "refs/heads/main", third, first)
    repo = Repo.open_bare(server, os.environ)
    made, _ = receipts.read_receipts(repo)
    assert len(made) == 2
    assert list(check_receipts(made, repo.refs("refs/heads/"))) == []
    assert received_times(made, "refs/heads/main", commits(server)).keys() == {second, third}


def chain(*moves: tuple[str, str, int]) -> list[Receipt]:
    return [
        Receipt(f"r{number}", "refs/heads/main", old, new, f"r{number - 1}", time)
        for number, (old, new, time) in enumerate(moves, start=1)
    ]


def test_gaps_are_found() -> None:
    whole = chain(("a", "b", 1000), ("b", "c", 2000), ("c", "d", 3000))
    tip = [Ref("refs/heads/main", "d", "commit", "d")]
    assert list(check_receipts(whole, tip)) == []
    gap = [whole[0], whole[2]]
    assert [check_receipt.origin.commit for check_receipt in check_receipts(gap, tip)] == ["r3"]
    backwards = [whole[0], replace(whole[1], time=100), whole[2]]
    assert [check_receipt.origin.commit for check_receipt in check_receipts(backwards, tip)] == ["r2"]
    moved = [Ref("refs/heads/main", "x", "commit", "x")]
    assert [check_receipt.origin.commit for check_receipt in check_receipts(whole, moved)] == ["r3"]


@pytest.mark.parametrize(
    ("commit", "is_found"), [("a", False), ("b", True), ("c", True), ("d", False), ("x", False)]
)
def test_a_seal_without_a_receipt(commit: str, is_found: bool) -> None:
    """Of a commit that a receipt shows the branch to have moved on from; there may be earlier seals, and a newer one."""
    made = chain(("a", "b", 1000), ("b", "c", 2000), ("c", "d", 3000))
    seal = Ref("refs/tags/seal/2023-05", "t", "tag", commit)
    found = [(finding.message, finding.origin.commit) for finding in check_receipts(made, [seal])]
    assert found == ([("封账 seal/2023-05 没有收据：没有经过守卫", "r3")] if is_found else [])
    sealed = Receipt("s", "refs/tags/seal/2023-05", "0" * 40, "t", "r1", 1500)
    assert list(check_receipts([made[0], sealed, *made[1:]], [seal])) == []


@pytest.mark.parametrize(("time", "is_found"), [(400, False), (399, True)])
def test_clocks_may_differ_a_little(time: int, is_found: bool) -> None:
    made = chain(("a", "b", 1000), ("b", "c", time))
    found = [finding.origin.commit for finding in check_receipts(made, [])]
    assert found == (["r2"] if is_found else [])


def test_what_is_no_receipt_is_told(server: Path) -> None:
    git(server, "update-ref", REF, commits(server)[2])
    made, findings = receipts.read_receipts(Repo.open_bare(server, os.environ))
    assert made == []
    assert [(finding.code, finding.origin.commit) for finding in findings] == [
        ("receipt", commit) for commit in commits(server)
    ]


def test_times_are_those_of_the_first_receipt_that_holds_a_commit() -> None:
    made = chain(("a", "c", 1000), ("c", "d", 2000))
    assert received_times(made, "refs/heads/main", ["a", "b", "c", "d", "e"]) == {
        "b": 1000,
        "c": 1000,
        "d": 2000,
    }
    assert received_times(made, "refs/heads/else", ["a", "b"]) == {}
