"""`sync` between real clones and a real bare server: both sides together, and every doubt stops it with nothing changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.commands.doctor import examine, fix
from ledger.commands.sync import (
    Divergence,
    EmptyRemoteError,
    MergeMismatchError,
    RemoteBusyError,
    RewrittenHistoryError,
    UnrelatedHistoryError,
    _prove,
    preview_sync,
    sync,
)
from ledger.core.errors import ExternalError
from ledger.files.branch_move import LocalChangesError
from ledger.git import GitFailedError
from ledger.git.remote import Remote
from ledger.git.remote_errors import (
    NoRemoteError,
    PushHookError,
    PushRejectedError,
    RebaseConflictError,
    RewrittenReceiptsError,
)
from tests.commands.clones import City, Clone, found_city
from tests.conftest import FINANCE

PLAN = "data/targets/2023/金融办/01.yaml"
PROGRESS = "data/progress/2023/金融办/01.yaml"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return found_city(tmp_path)


@pytest.fixture
def two(city: City) -> tuple[Clone, Clone]:
    return city.clone("甲"), city.clone("乙")


def state(clone: Clone) -> tuple[str, str, str, str]:
    """All that a failed sync must leave as it was."""
    text = clone.text(PROGRESS) if (clone.root / PROGRESS).exists() else ""
    return (
        clone.git("rev-parse", "HEAD"),
        clone.git("symbolic-ref", "HEAD"),
        clone.git("status", "--porcelain"),
        text + clone.text(PLAN),
    )


def unharmed(clone: Clone) -> bool:
    """No rebase under way, no second work tree, nothing broken."""
    assert clone.repo.in_progress() is None
    assert len(clone.git("worktree", "list").splitlines()) == 1
    clone.git("fsck", "--no-dangling", "--strict")
    return True


def test_both_sides_come_together_in_one_line_of_history(city: City, two: tuple[Clone, Clone]) -> None:
    one, other = two
    ids = [one.log(), other.log(), other.log("商务局/01", "overseas")]
    first, second = one.sync(), other.sync()
    assert (first.received, first.sent, second.received, second.sent) == (0, 1, 1, 2)
    third = one.sync()
    assert (third.received, third.sent) == (2, 0)
    assert one.git("rev-parse", "HEAD") == other.git("rev-parse", "HEAD") == third.tip
    assert sorted(json.loads(line[2:])["id"] for line in city.lines()) == sorted(ids)
    assert city.at_server("rev-list", "--merges", "--count", "main").strip() == "0"
    assert one.git("log", "--format=%an", "-3").splitlines() == ["乙", "乙", "甲"]
    assert one.git("status", "--porcelain", "--branch") == "## main...origin/main"
    assert unharmed(one)
    assert unharmed(other)
    again = one.sync()
    assert (again.received, again.sent) == (0, 0)


def test_progress_is_told_and_reasons_are_free_of_it(city: City, two: tuple[Clone, Clone]) -> None:
    one, other = two
    for _ in range(3):
        other.log()
    other.sync()
    told: list[tuple[int, int]] = []
    one.log()
    done = sync(one.repo, one.root, on_progress=lambda done, all_: told.append((done, all_)))
    assert (done.received, done.sent) == (3, 1)
    assert told
    assert all(0 <= done <= all_ for done, all_ in told)
    hook = city.server / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 不收 >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    one.log()
    with pytest.raises(PushRejectedError) as stopped:
        sync(one.repo, one.root, on_progress=lambda *_: None)
    assert "不收" in stopped.value.message
    assert "%" not in stopped.value.message


def test_the_servers_lines_come_first_so_that_no_line_ever_moves(two: tuple[Clone, Clone]) -> None:
    one, other = two
    for _ in range(3):
        one.log()
        other.log()
    one.sync()
    before = one.text(PROGRESS)
    other.sync()
    assert other.text(PROGRESS).startswith(before)
    assert len(other.text(PROGRESS).splitlines()) == 6


def test_a_users_own_unfinished_work_is_not_touched(two: tuple[Clone, Clone]) -> None:
    one, other = two
    one.log()
    one.sync()
    other.log("商务局/01", "overseas")
    other.write("说明.txt", "未跟踪")
    other.write("staged.txt", "已暂存")
    other.git("add", "staged.txt")
    other.write("data/ledger.yaml", other.text("data/ledger.yaml") + "# 没改完\n")
    before = other.git("status", "--porcelain")
    assert other.sync().sent == 1
    assert other.git("status", "--porcelain") == before
    assert other.text("data/ledger.yaml").endswith("# 没改完\n")
    assert unharmed(other)


@pytest.mark.parametrize("ahead", [False, True])
def test_unfinished_work_in_the_way_stops_it(two: tuple[Clone, Clone], ahead: bool) -> None:
    one, other = two
    one.commit(PLAN, FINANCE + "# 甲\n")
    one.sync()
    if ahead:
        other.log()
    other.write(PLAN, FINANCE + "# 乙没写完\n")
    before = state(other)
    with pytest.raises(LocalChangesError) as stopped:
        other.sync()
    assert stopped.value.paths == (PLAN,)
    assert "git restore" in stopped.value.hint
    assert state(other) == before
    other.git("restore", "--", PLAN)
    assert other.sync().received == 1
    assert unharmed(other)


def test_a_conflict_stops_with_a_way_back(two: tuple[Clone, Clone]) -> None:
    one, other = two
    one.commit(PLAN, FINANCE.replace("6 家}", "7 家}"), "甲改目标")
    one.sync()
    other.log()
    other.commit(PLAN, FINANCE.replace("6 家}", "9 家}"), "乙改目标")
    before = state(other)
    with pytest.raises(RebaseConflictError) as stopped:
        other.sync()
    assert stopped.value.paths == (PLAN,)
    assert "乙改目标" in stopped.value.message
    assert state(other) == before
    assert unharmed(other)
    other.log()
    subprocess.run(
        ["git", "rebase", "refs/ledger/incoming"],
        cwd=other.root,
        env=dict(other.environ),
        capture_output=True,
    )
    other.write(PLAN, FINANCE.replace("6 家}", "8 家}"))
    other.git("add", PLAN)
    other.git("-c", "core.editor=true", "rebase", "--continue")
    assert other.sync().sent == 3


def test_without_the_union_line_it_says_so_and_the_doctor_mends_it(two: tuple[Clone, Clone]) -> None:
    from ledger.commands.doctor import fix

    one, other = two
    one.log()
    one.commit(".gitattributes", "* text=auto eol=lf\n", "误删一行")
    one.sync()
    other.sync()
    one.log()
    one.sync()
    other.log()
    before = state(other)
    with pytest.raises(RebaseConflictError) as stopped:
        other.sync()
    assert "ledger doctor --fix" in stopped.value.hint
    assert state(other) == before
    assert [item for item in fix(other.root).left if item.code == "attributes"] == []
    assert ".gitattributes" in other.git("show", "--format=", "--name-only", "HEAD")


@pytest.mark.parametrize("how", ["rewritten", "shortened", "deleted"])
def test_a_rewritten_server_is_refused(city: City, two: tuple[Clone, Clone], how: str) -> None:
    one, other = two
    one.log()
    one.sync()
    other.log()
    tip = other.sync().tip
    other.log()
    if how == "deleted":
        city.at_server("update-ref", "-d", "refs/heads/main")
    elif how == "shortened":
        city.at_server("update-ref", "refs/heads/main", "refs/heads/main~1")
    else:
        one.git("commit", "--quiet", "--amend", "--message", "改写")
        one.git("push", "--quiet", "--force", "origin", "main")
    before = state(other)
    for _ in range(2):
        with pytest.raises(RewrittenHistoryError) as stopped:
            other.sync()
        assert tip[:8] in stopped.value.message
        assert state(other) == before
        # An ordinary fetch by hand does not make the new history an accepted one.
        other.git("fetch", "--quiet", "origin")
    assert unharmed(other)


def test_the_way_to_accept_a_new_history_works(city: City, two: tuple[Clone, Clone]) -> None:
    one, _ = two
    one.log()
    one.sync()
    city.at_server("update-ref", "refs/heads/main", "refs/heads/main~1")
    with pytest.raises(RewrittenHistoryError) as stopped:
        one.sync()
    said = stopped.value.hint.partition("再执行一次：")[2].partition("；然后")[0]
    for command in said.split("；"):
        one.git(*command.split()[1:])
    assert one.sync().sent == 1


def test_another_ledgers_server_is_refused(city: City, two: tuple[Clone, Clone], tmp_path: Path) -> None:
    (tmp_path / "别处").mkdir()
    foreign = found_city(tmp_path / "别处")
    one, _ = two
    one.git("remote", "set-url", "origin", str(foreign.server))
    one.git("update-ref", "-d", "refs/remotes/origin/main")
    before = state(one)
    # Both were founded in the same second from the same files by the same clerk only if their histories are one.
    if foreign.at_server("rev-parse", "main") == city.at_server("rev-parse", "main"):
        foreign.at_server("commit-tree", "main^{tree}", "-m", "另一本")
        other = foreign.at_server("commit-tree", "main^{tree}", "-m", "另一本").strip()
        foreign.at_server("update-ref", "refs/heads/main", other)
    with pytest.raises(UnrelatedHistoryError):
        one.sync()
    assert state(one) == before


def test_a_servers_refusal_is_passed_on_in_its_own_words(city: City, two: tuple[Clone, Clone]) -> None:
    one, other = two
    hook = city.server / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 该部门已封账 >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    one.log()
    before = state(one)
    with pytest.raises(PushRejectedError) as stopped:
        one.sync()
    assert "该部门已封账" in stopped.value.message
    assert state(one) == before
    hook.unlink()
    assert one.sync().sent == 1
    assert other.sync().received == 1


def test_each_failure_of_the_exchange_is_told_apart(
    city: City, two: tuple[Clone, Clone], tmp_path: Path
) -> None:
    """No answer, no such ledger, no login, a refusing hook here, a refusing server, a key that does not sign, no server at all."""
    one, other = two
    other.log()
    other.sync()
    one.log()
    before = state(one)
    address = str(city.server)

    def failure() -> ExternalError:
        with pytest.raises(ExternalError) as stopped:
            one.sync()
        assert stopped.value.exit_code == 3
        assert "ledger sync" in stopped.value.hint
        assert state(one) == before
        assert unharmed(one)
        return stopped.value

    one.git("remote", "set-url", "origin", "git://127.0.0.1:9/x")
    assert failure().code == "remote-unreachable"
    one.git("remote", "set-url", "origin", address + "-gone")
    assert failure().code == "remote-access"
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\necho 'git@server: Permission denied (publickey).' >&2\nexit 255\n")
    ssh.chmod(0o755)
    one.git("config", "core.sshCommand", str(ssh))
    one.git("remote", "set-url", "origin", "git@server:x.git")
    assert failure().code == "remote-access"
    one.git("remote", "set-url", "origin", address)
    one.git("config", "commit.gpgsign", "true")
    one.git("config", "gpg.format", "ssh")
    one.git("config", "user.signingkey", str(tmp_path / "no-key"))
    assert failure().code == "signing-failed"
    one.git("config", "commit.gpgsign", "false")
    hook = one.root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 工作时间以外不推送 >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(PushHookError) as stopped:
        one.sync()
    assert "工作时间以外不推送" in stopped.value.message
    hook.unlink()
    assert one.sync().sent == 1
    other.git("remote", "remove", "origin")
    with pytest.raises(NoRemoteError) as without:
        other.sync()
    assert "git remote add origin" in without.value.hint


def test_rewritten_receipts_and_moved_seals_are_refused(city: City, two: tuple[Clone, Clone]) -> None:
    one, _ = two
    tree = city.at_server("rev-parse", "main^{tree}").strip()
    receipts = [city.at_server("commit-tree", tree, "-m", text).strip() for text in ("一", "二")]
    city.at_server("update-ref", "refs/ledger/receipts", receipts[0])
    city.at_server("tag", "-a", "-m", "封", "seal/2023-05", "main")
    one.sync()
    assert one.git("rev-parse", "refs/ledger/receipts") == receipts[0]
    assert one.git("tag") == "seal/2023-05"
    one.log()
    before = state(one)
    city.at_server("update-ref", "refs/ledger/receipts", receipts[1])
    with pytest.raises(RewrittenReceiptsError, match="收据"):
        one.sync()
    city.at_server("update-ref", "refs/ledger/receipts", receipts[0])
    city.at_server("tag", "-f", "-a", "-m", "改", "seal/2023-05", "main")
    with pytest.raises(RewrittenReceiptsError, match="封账"):
        one.sync()
    assert state(one) == before


@pytest.mark.parametrize("ahead", [False, True])
def test_a_move_killed_half_way_is_undone_and_nothing_is_taken_for_the_users_own(
    two: tuple[Clone, Clone], ahead: bool
) -> None:
    """Git is killed when it has written the n-th file, for every n: the others' lines are never this clerk's uncommitted ones."""
    one, other = two
    for _ in range(2):
        one.log()
        one.log("商务局/01", "overseas")
    one.sync()
    if ahead:
        other.log()
    before = state(other)
    tip = other.git("ls-remote", "origin", "main").split()[0]
    other.git("fetch", "--quiet", "origin")
    old = other.git("rev-parse", "HEAD")
    new = tip if not ahead else made_aside(other, tip)
    files = other.git("diff", "--name-only", old, new).splitlines()
    for count in range(len(files) + 2):
        other.git("reset", "--quiet", "--hard", old)
        note = other.root / ".git" / "ledger" / "move"
        note.parent.mkdir(exist_ok=True)
        note.write_text(json.dumps({"branch": "main", "old": old, "new": new}) + "\n")
        for number, path in enumerate(files[:count]):
            whole = other.git("show", f"{new}:{path}") + "\n"
            other.write(path, whole[: len(whole) // 2] if number == count - 1 and count % 2 else whole)
        if count > len(files):
            other.git("read-tree", new)
        (other.root / ".git" / "index.lock").write_bytes(b"")
        assert [item.code for item in examine(other.root).left] == ["half-moved"]
        assert fix(other.root).left == ()
        assert state(other) == before
        assert not note.exists()
    assert other.sync().sent == int(ahead)
    assert unharmed(other)


def made_aside(clone: Clone, tip: str) -> str:
    """Rebase without taking over, as `sync` does."""
    from ledger.git.remote import Remote

    return Remote.of(clone.repo).rebase(clone.git("rev-parse", "HEAD"), tip)


@pytest.mark.parametrize("left", ["folder", "entry", "locked entry", "half an entry"])
def test_whatever_a_killed_work_tree_left_does_not_stand_in_the_way(
    two: tuple[Clone, Clone], left: str
) -> None:
    one, other = two
    one.log()
    one.sync()
    other.log()
    side = other.root / ".git" / "ledger" / "ledger-sync"
    side.parent.mkdir(exist_ok=True)
    entry = other.root / ".git" / "worktrees" / "ledger-sync"
    if left == "folder":
        side.mkdir()
        (side / "x").write_text("x")
    elif left == "half an entry":
        entry.mkdir(parents=True)
        (entry / "locked").write_text("initializing")
    else:
        other.git("worktree", "add", "--quiet", "--detach", str(side), "HEAD")
        shutil.rmtree(side)
        if left == "locked entry":
            (entry / "locked").write_text("initializing")
    assert other.sync().sent == 1
    assert unharmed(other)


def test_an_empty_server_gets_the_ledger_and_an_empty_clone_takes_it(city: City, tmp_path: Path) -> None:
    one = city.clone("甲")
    empty = tmp_path / "empty.git"
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "-b", "main", str(empty)], check=True, env=dict(one.environ)
    )
    fresh = city.clone("新来的", str(empty))
    with pytest.raises(EmptyRemoteError):
        fresh.sync()
    one.git("remote", "set-url", "origin", str(empty))
    one.git("update-ref", "-d", "refs/remotes/origin/main")
    assert one.sync().sent == 1
    assert fresh.sync().received == 1
    assert fresh.text(PLAN) == FINANCE


def quicker(clone: Clone, other: Clone, times: int) -> None:
    """Before each push of `clone`, as often as said, somebody else's push comes first: a real race, replayed."""
    count = clone.root / ".git" / "raced"
    hook = clone.root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\nn=$(cat '{count}' 2>/dev/null || echo 0)\n[ $n -ge {times} ] && exit 0\necho $((n+1)) >'{count}'\n"
        f"unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE\ncd '{other.root}' && git pull --quiet --rebase\n"
        "git commit --quiet --allow-empty -m 抢先 && git push --quiet\n",
        encoding="utf-8",
    )
    hook.chmod(0o755)


def test_somebody_quicker_is_followed_a_bounded_number_of_times(two: tuple[Clone, Clone]) -> None:
    one, other = two
    one.log()
    quicker(one, other, 3)
    assert one.sync().tries == 4
    one.log()
    quicker(one, other, 99)
    with pytest.raises(RemoteBusyError):
        one.sync(tries=3)
    assert unharmed(one)


def test_a_line_edited_by_hand_is_not_put_together(two: tuple[Clone, Clone]) -> None:
    one, other = two
    one.log()
    one.sync()
    other.sync()
    other.commit(PROGRESS, other.text(PROGRESS).replace("1家", "9家"), "手工改数")
    one.log()
    one.sync()
    before = state(other)
    with pytest.raises((MergeMismatchError, RebaseConflictError)):
        other.sync()
    assert state(other) == before
    assert unharmed(other)


@dataclass
class Sides:
    """A branch of two lines, one more line of the server's on top, and two of ours."""

    clone: Clone
    base: str
    server: str
    local: str
    server_text: str
    ours: list[str]

    def join(self, files: Mapping[str, str | None]) -> str:
        """Commit these files on top of the server's tip."""
        self.clone.git("switch", "--quiet", "--detach", self.server)
        for path, text in files.items():
            if text is None:
                self.clone.git("rm", "--quiet", "--", path)
            else:
                self.clone.write(path, text)
        self.clone.git("add", "--all")
        self.clone.git("commit", "--quiet", "--allow-empty", "--message", "合")
        return self.clone.git("rev-parse", "HEAD")

    def prove(self, joined: str) -> None:
        _prove(self.clone.repo, "data/progress", Divergence(self.local, self.server, self.base), joined)


@pytest.fixture
def sides(city: City) -> Sides:
    clone = city.clone("甲")
    tips = []
    for count in (2, 1):
        for _ in range(count):
            clone.log()
        tips.append(clone.git("rev-parse", "HEAD"))
    base, server = tips
    server_text = clone.text(PROGRESS)
    clone.git("reset", "--quiet", "--hard", base)
    clone.log()
    clone.log()
    ours = clone.text(PROGRESS).splitlines(keepends=True)[2:]
    return Sides(clone, base, server, clone.git("rev-parse", "HEAD"), server_text, ours)


OTHER = "data/progress/2023/商务局/01.yaml"
WRONG: dict[str, tuple[Callable[[str, list[str]], Mapping[str, str | None]], str]] = {
    "none of ours": (lambda server, _: {PROGRESS: server}, PROGRESS),
    "our first line lost": (lambda server, ours: {PROGRESS: server + ours[1]}, PROGRESS),
    "our last line lost": (lambda server, ours: {PROGRESS: server + ours[0]}, PROGRESS),
    "our lines turned round": (lambda server, ours: {PROGRESS: server + ours[1] + ours[0]}, PROGRESS),
    "our line twice": (lambda server, ours: {PROGRESS: server + ours[0] + "".join(ours)}, PROGRESS),
    "the server's last line lost": (
        lambda server, ours: {PROGRESS: "".join(server.splitlines(keepends=True)[:2] + ours)},
        PROGRESS,
    ),
    "ours before the server's": (
        lambda server, ours: {
            PROGRESS: "".join([*server.splitlines(keepends=True)[:2], *ours, server.splitlines(keepends=True)[2]])
        },
        PROGRESS,
    ),
    "an old line changed": (
        lambda server, ours: {PROGRESS: server.replace("1家", "9家", 1) + "".join(ours)},
        PROGRESS,
    ),
    "one of ours changed": (
        lambda server, ours: {PROGRESS: server + ours[0] + ours[1].replace("1家", "9家")},
        PROGRESS,
    ),
    "a line of nobody": (
        lambda server, ours: {PROGRESS: server + "".join(ours) + ours[0].replace("1家", "9家")},
        PROGRESS,
    ),
    "the file gone": (lambda *_: {PROGRESS: None}, PROGRESS),
    "a file that we never touched": (
        lambda server, ours: {PROGRESS: server + "".join(ours), OTHER: ours[0]},
        OTHER,
    ),
}  # fmt: skip


def test_exactly_both_sides_are_taken_over(sides: Sides) -> None:
    sides.prove(sides.join({PROGRESS: sides.server_text + "".join(sides.ours)}))


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_exactly_both_sides_is_not_taken_over(sides: Sides, name: str) -> None:
    make, path = WRONG[name]
    with pytest.raises(MergeMismatchError) as stopped:
        sides.prove(sides.join(make(sides.server_text, sides.ours)))
    assert stopped.value.message.startswith(f"{path} 两边的记录合在一起后不正好是两边之和")


def test_lines_that_the_server_has_already_are_not_missed(sides: Sides) -> None:
    """Ours were pushed by another way: the rebase drops them, and nothing is to be added."""
    sides.server = sides.join({PROGRESS: sides.server_text + "".join(sides.ours)})
    sides.prove(sides.server)


def test_an_old_line_changed_on_our_side_is_told_as_such(sides: Sides) -> None:
    sides.clone.git("switch", "--quiet", "--detach", sides.local)
    sides.clone.commit(PROGRESS, sides.clone.text(PROGRESS).replace("1家", "9家", 1))
    sides.local = sides.clone.git("rev-parse", "HEAD")
    with pytest.raises(MergeMismatchError) as stopped:
        sides.prove(sides.join({PROGRESS: sides.server_text + "".join(sides.ours)}))
    assert stopped.value.message.startswith(f"{PROGRESS} 两边的记录合在一起后对不上：本机改动过已有的行")


@pytest.mark.parametrize(
    "driver", ["true", "cp %B %A", "cat %B %A > %A.x && mv %A.x %A", "tac %A > x && mv x %A"]
)
def test_a_merge_driver_of_the_machine_that_joins_in_another_way_is_not_believed(
    two: tuple[Clone, Clone], driver: str
) -> None:
    """Git takes these settings from the clone, where the ledger's own `merge=union` does not reach."""
    one, other = two
    one.log()
    one.log()
    one.sync()
    other.log()
    attributes = other.root / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("data/progress/** merge=mine\n", encoding="utf-8")
    other.git("config", "merge.mine.driver", driver)
    before = state(other)
    with pytest.raises(MergeMismatchError) as stopped:
        other.sync()
    assert PROGRESS in stopped.value.message
    assert state(other) == before
    assert unharmed(other)
    attributes.unlink()
    assert other.sync().sent == 1


def test_the_same_id_on_both_sides_is_noticed(two: tuple[Clone, Clone]) -> None:
    one, other = two
    one.log()
    line = one.text(PROGRESS)
    one.sync()
    other.commit("data/progress/2023/商务局/01.yaml", line.replace("listed", "overseas"), "抄来的一行")
    with pytest.raises(MergeMismatchError) as stopped:
        other.sync()
    assert "出现两次" in stopped.value.message


def test_what_a_killed_sync_left_is_cleared(two: tuple[Clone, Clone]) -> None:
    one, other = two
    one.log()
    one.sync()
    other.log()
    side = other.root / ".git" / "ledger" / "sync"
    other.git("worktree", "add", "--quiet", "--detach", str(side), "HEAD")
    (side / "data" / "ledger.yaml").write_text("半截", encoding="utf-8")
    assert other.sync().sent == 1
    assert unharmed(other)


def test_what_a_killed_log_left_is_finished_first(two: tuple[Clone, Clone]) -> None:
    one, other = two
    one.log()
    one.sync()
    other.log()
    entry = other.text(PROGRESS).partition('"id": "')[2][:26]
    other.git("update-ref", "refs/heads/main", "HEAD~1")  # the line is there, its commit is not
    other.git("reset", "--quiet")
    work = {
        "pieces": [{"path": PROGRESS, "size": -1, "text": other.text(PROGRESS)}],
        "message": f"log: 补\n\nLedger-Entry: {entry}\n",
    }
    note = {"pid": 1, "host": "elsewhere", "user": "乙", "since": 0.0, "work": work}
    (other.root / ".git" / "ledger" / "note").write_bytes(json.dumps(note).encode("ascii") + b"\n")
    assert other.sync().sent == 1
    assert entry in one.repo.git.run("--git-dir", str(other.root / ".git"), "log", "--format=%B").out.decode()


def test_over_ssh(city: City, tmp_path: Path) -> None:
    """The ssh client is a script that runs the server's own git-upload-pack and git-receive-pack here, as sshd would."""
    asked = tmp_path / "asked"
    ssh = tmp_path / "ssh"
    ssh.write_text(
        f'#!/bin/sh\necho "$@" >>"{asked}"\nwhile [ $# -gt 1 ]; do shift; done\nexec sh -c "$1"\n',
        encoding="utf-8",
    )
    ssh.chmod(0o755)
    one = city.clone("甲")
    remote = Clone(one.root, {**one.environ, "GIT_SSH_COMMAND": str(ssh)})
    remote.git("remote", "set-url", "origin", f"ssh://clerk@server.example{city.server}")
    city_other = city.clone("乙")
    city_other.log()
    city_other.sync()
    entry = remote.log()
    done = remote.sync()
    assert (done.received, done.sent) == (1, 1)
    assert any(entry in line for line in city.lines())
    words = asked.read_text(encoding="utf-8")
    assert "git-upload-pack" in words
    assert "git-receive-pack" in words


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen")
def test_signatures_are_made_anew(city: City, tmp_path: Path) -> None:
    one, other = city.clone("甲"), city.clone("乙")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signers = tmp_path / "signers"
    signers.write_text(f"乙@example.gov.cn {key.with_suffix('.pub').read_text()}", encoding="utf-8")
    for name, value in {
        "gpg.format": "ssh", "user.signingkey": str(key), "commit.gpgsign": "true",
        "gpg.ssh.allowedSignersFile": str(signers),
    }.items():  # fmt: skip
        other.git("config", name, value)
    one.log()
    one.sync()
    other.log()
    other.log("商务局/01", "overseas")
    other.sync()
    assert other.git("log", "--format=%G?%GS", "-3").splitlines() == ["G乙@example.gov.cn"] * 2 + ["N"]


def test_the_command_says_what_it_did(city: City, two: tuple[Clone, Clone]) -> None:
    one, other = two
    one.log()
    one.sync()
    command = [sys.executable, "-m", "ledger", "sync", "--format", "json"]
    done = subprocess.run(
        command,
        cwd=other.root,
        env=dict(other.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert (answer["received"], answer["sent"], answer["tries"]) == (1, 0, 1)
    assert done.stderr == ""


def test_a_preview_counts_what_would_be_exchanged(
    city: City, two: tuple[Clone, Clone], tmp_path: Path
) -> None:
    one, other = two
    other.log()
    other.log()
    other.sync()
    one.log()
    before = state(one)
    found = preview_sync(one.repo)
    assert (found.remote, found.branch, found.received, found.sent, found.tries) == (
        "origin",
        "main",
        2,
        1,
        0,
    )
    assert found.tip == other.git("rev-parse", "HEAD")
    assert state(one) == before
    empty = tmp_path / "空"
    other.git("init", "--quiet", "--initial-branch", "main", str(empty))
    fresh = Clone(empty, one.environ)
    fresh.git("remote", "add", "origin", str(city.server))
    found = preview_sync(fresh.repo)
    assert (found.remote, found.branch, found.received, found.sent) == ("origin", "main", 3, 0)
    bare = tmp_path / "空.git"
    other.git("init", "--quiet", "--bare", "--initial-branch", "main", str(bare))
    one.git("remote", "set-url", "origin", str(bare))
    for ref in ("refs/remotes/origin/main", "refs/ledger/seen/origin/main"):
        one.git("update-ref", "-d", ref)
    found = preview_sync(one.repo)
    assert (found.received, found.sent, found.tip) == (0, 2, one.git("rev-parse", "HEAD"))


def test_a_rebase_has_only_what_says_how_to_merge_on_the_disk(two: tuple[Clone, Clone]) -> None:
    """Whatever the size of the ledger: none of its files is written for commits that are made again."""
    clerk, _ = two
    clerk.commit("data/attic/.gitattributes", "* -text\n")
    head = clerk.git("rev-parse", "HEAD")
    with Remote.of(clerk.repo).aside(head, whole=False) as side:
        files = {
            path.relative_to(side.folder).as_posix() for path in side.folder.rglob("*") if path.is_file()
        }
        assert files == {".git", ".gitattributes", "data/attic/.gitattributes"}
        assert side.records("status", "--porcelain", "-z") == []


@pytest.mark.parametrize("cone", [True, False])
def test_a_sparse_clone_is_synced_as_a_whole_one(two: tuple[Clone, Clone], cone: bool) -> None:
    """Somebody who has only a part of the files on the disk sends lines of that part and takes all of the others'."""
    here, there = two
    there.commit("附件/大文件.txt", "x\n")
    there.log("商务局/01", "invest")
    there.sync()
    here.git("sparse-checkout", "set", *(("data",) if cone else ("--no-cone", "/data/", "/.gitattributes")))
    entry_id = here.log()
    result = here.sync()
    assert (result.received, result.sent) == (2, 1)
    assert entry_id in here.text(PROGRESS)
    assert not (here.root / "附件").exists()
    assert here.git("status", "--porcelain") == ""
    assert here.git("ls-tree", "-r", "--name-only", "HEAD", "附件") == "附件/大文件.txt"


def test_a_commit_seen_last_that_cannot_be_read_accuses_nobody(two: tuple[Clone, Clone]) -> None:
    """A damaged repository is told as such, and not as a history that the server has rewritten."""
    here, there = two
    here.log()
    here.sync()
    seen = here.git("rev-parse", "refs/ledger/seen/origin/main")
    there.log()
    there.sync()
    (here.root / ".git" / "refs/ledger/seen/origin/main").write_text("1" * 40 + "\n", encoding="ascii")
    with pytest.raises(GitFailedError):
        here.sync()
    here.git("update-ref", "refs/ledger/seen/origin/main", seen)
    assert here.sync().received == 1
