"""What the next command makes of a killed one's leftovers, for every point at which it can have been killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.core.models.entries import Entry
from ledger.files import exclusive
from ledger.files.branch_move import moving_git
from ledger.files.entryfile import encode
from ledger.files.intent_log import FileWrite, IntentLog, PendingCommit
from ledger.git import CommitFailedError, GitBusyError, OperationInProgressError, lockfiles
from tests.files.conftest import COMMERCE, FINANCE, Place, entry

NONSENSE = (
    '{"pid": 1, "host": "h", "user": "u", "since": 0, "work": '
    '{"pieces": [{"path": "a", "size": -1, "text": "\\udcff"}], "message": "m"}}\n'
)
MOVE = '{"branch": "main", "old": "0", "new": "1"}'
AUTHOR, DATE = "李四", "2023-03-31T17:00:00+08:00"


def killed(place: Place, one: Entry, *, written: int | None, path: str = FINANCE, **known: object) -> str:
    """Leave what a `log` leaves that was killed after `written` bytes of its line; return its text."""
    file = place.root / path
    size = file.stat().st_size if file.exists() else -1
    text = encode(one)
    message = f"log(金融办): 中断的\n\nLedger-Entry: {one.id}\nLedger-Target: 金融办-01/listed\n"
    notes = IntentLog(place.root / ".git" / "ledger" / "note")
    notes.path.parent.mkdir(exist_ok=True)
    notes.begin(PendingCommit((FileWrite(path, size, text),), message, AUTHOR, "li@example.gov.cn", DATE))
    if known:
        notes.add(**known)
    notes.close()
    if written is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as stream:
            stream.write(text.encode()[:written])
    return text


def dead() -> int:
    """Return the id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def told() -> list[str]:
    return []


def next_log(place: Place, told: list[str], path: str = COMMERCE) -> Entry:
    one = entry()
    place.append(one, path, on_notice=lambda what: told.append(str(what)))
    assert place.git("status", "--porcelain") == ""
    assert not (place.root / ".git" / "ledger" / "note").exists()
    return one


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("same_file", [True, False])
@pytest.mark.parametrize("written", [1, 30, 31, 32, 10_000])
def test_a_line_begun_is_finished_and_committed_for_its_author(
    place: Place, told: list[str], existing: bool, same_file: bool, written: int
) -> None:
    before = ""
    if existing:
        place.append(entry())
        before = place.text()
    one = entry(note="长" * 20)
    text = killed(place, one, written=written)
    after = next_log(place, told, FINANCE if same_file else COMMERCE)
    assert place.text() == before + text + (encode(after) if same_file else "")
    shown = place.git("log", "-1", "--skip=1", "--format=%an|%ae|%aI|%cn|%s").strip()
    assert shown == f"{AUTHOR}|li@example.gov.cn|{DATE}|张三|log(金融办): 中断的"
    assert place.git("show", "--format=", "--name-only", "HEAD~1").splitlines() == [FINANCE]
    assert len(told) == 1
    assert "已补记" in told[0]
    assert place.git("rev-parse", "HEAD~1")[:8] in told[0]


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("written", [None, 0])
def test_a_line_not_begun_never_happened(
    place: Place, told: list[str], existing: bool, written: int | None
) -> None:
    if existing:
        place.append(entry())
        before = place.text()
        killed(place, entry(), written=written)
        next_log(place, told)
        assert place.text() == before
    else:
        killed(place, entry(), written=None)
        next_log(place, told)
        assert not (place.root / FINANCE).exists()
    assert told == []


def test_a_line_committed_already_is_left_alone(place: Place, told: list[str]) -> None:
    """Git was killed after the branch moved and before the index was written."""
    place.append(entry())
    index = (place.root / ".git" / "index").read_bytes()
    one = entry()
    text = killed(place, one, written=10_000, git=dead())
    place.git("commit", "--quiet", "--message", "它自己提交的", "--", FINANCE)
    (place.root / ".git" / "index").write_bytes(index)
    head = place.git("rev-parse", "HEAD")
    assert place.git("status", "--porcelain") != ""
    next_log(place, told)
    assert place.git("rev-parse", "HEAD~1") == head
    assert place.text().endswith(text)
    assert told == []


def test_several_files_are_finished_together(place: Place, told: list[str]) -> None:
    a, b = entry(), entry()
    killed(place, a, written=None)
    notes = IntentLog(place.root / ".git" / "ledger" / "note")
    pieces = (FileWrite(FINANCE, -1, encode(a)), FileWrite(COMMERCE, -1, encode(b)))
    notes.begin(
        PendingCommit(
            pieces, f"log: 两条\n\nLedger-Entry: {a.id}\nLedger-Entry: {b.id}\n", AUTHOR, "l@x.cn", DATE
        )
    )
    notes.close()
    (place.root / FINANCE).parent.mkdir(parents=True)
    (place.root / FINANCE).write_text(encode(a)[:40], encoding="utf-8")
    next_log(place, told, "data/progress/2023/教育局/01.yaml")
    assert (place.text(FINANCE), place.text(COMMERCE)) == (encode(a), encode(b))
    assert place.git("show", "--format=", "--name-only", "HEAD~1").splitlines() == [COMMERCE, FINANCE]


@pytest.mark.parametrize("change", ["别的话\n", ""])
def test_a_file_changed_since_is_not_touched_and_the_note_is_kept(
    place: Place, told: list[str], change: str
) -> None:
    place.append(entry())
    one = entry()
    killed(place, one, written=40)
    (place.root / FINANCE).write_text(change, encoding="utf-8")
    place.append(entry(), COMMERCE, on_notice=lambda what: told.append(str(what)))
    assert place.text() == change
    kept = list((place.root / ".git" / "ledger" / "set-aside").iterdir())
    assert len(kept) == 1
    assert one.id in kept[0].read_text(encoding="utf-8")
    assert str(kept[0]) in told[0]


def test_a_note_of_nothing_is_dropped(place: Place, told: list[str]) -> None:
    notes = place.root / ".git" / "ledger" / "note"
    notes.parent.mkdir(exist_ok=True)
    notes.write_text('{"pid": 1, "ho', encoding="utf-8")
    next_log(place, told)
    notes.write_text('{"pid": 1, "host": "h", "user": "u", "since": 0}\n', encoding="utf-8")
    next_log(place, told)
    assert told == []


@pytest.mark.parametrize("text", ['{"pid": 1}\n', "[1]\n", "\xff\n", NONSENSE])
def test_a_note_that_nobody_understands_is_put_aside(place: Place, told: list[str], text: str) -> None:
    notes = place.root / ".git" / "ledger" / "note"
    notes.parent.mkdir(exist_ok=True)
    notes.write_text(text, encoding="latin-1")
    next_log(place, told)
    (kept,) = (place.root / ".git" / "ledger" / "set-aside").iterdir()
    assert kept.read_text(encoding="latin-1") == text
    assert str(kept) in told[0]


def test_where_the_commit_is_refused_the_note_stays_for_the_next_command(
    place: Place, told: list[str]
) -> None:
    place.append(entry())
    text = killed(place, entry(), written=40)
    place.hook("pre-commit", "exit 1")
    with pytest.raises(CommitFailedError):
        place.append(entry(), COMMERCE)
    assert place.text().endswith(text)
    (place.root / ".git" / "hooks" / "pre-commit").unlink()
    next_log(place, told)
    assert place.text().endswith(text)
    assert "已补记" in told[0]


def test_recovery_alone(place: Place, told: list[str]) -> None:
    exclusive.recover_only(place.repo, lambda what: told.append(str(what)))
    assert told == []
    text = killed(place, entry(), written=40)
    exclusive.recover_only(place.repo, lambda what: told.append(str(what)))
    assert place.text() == text
    assert len(told) == 1
    assert place.git("status", "--porcelain") == ""


def test_no_recovery_in_the_middle_of_a_rebase(place: Place) -> None:
    killed(place, entry(), written=40)
    (place.root / ".git" / "rebase-merge").mkdir()
    with pytest.raises(OperationInProgressError, match="变基"):
        exclusive.recover_only(place.repo)


LOCKS = ["index.lock", "HEAD.lock", "refs/heads/main.lock"]


@pytest.mark.parametrize("name", [*LOCKS, "next-index-4000000.lock"])
def test_a_dead_git_s_fresh_locks_are_cleared(place: Place, told: list[str], name: str) -> None:
    place.append(entry())
    text = killed(place, entry(), written=10_000, git=dead())
    (place.root / ".git" / name).touch()
    next_log(place, told)
    assert text in place.text()
    assert not (place.root / ".git" / name).exists()


def _aged(place: Place, name: str, seconds: float) -> Path:
    lock = place.root / ".git" / name
    lock.touch()
    then = time.time() - seconds
    os.utime(lock, (then, then))
    return lock


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets us see whether a git is at work")
def test_an_old_lock_of_nobody_is_cleared(place: Place, told: list[str], name: str) -> None:
    lock = _aged(place, name, lockfiles.ALONE_SECONDS + 1)
    next_log(place, told)
    assert not lock.exists()


@pytest.mark.parametrize("name", LOCKS)
def test_a_younger_lock_is_left_alone(place: Place, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.git.commit_writer._BUSY_SECONDS", 0.05)
    lock = _aged(place, name, lockfiles.ALONE_SECONDS - 10)
    with pytest.raises(GitBusyError):
        place.append(entry())
    assert lock.exists()


@pytest.mark.parametrize("age", [lockfiles.BLIND_SECONDS - 10, lockfiles.BLIND_SECONDS + 1])
def test_where_nobody_can_tell_whether_git_is_at_work_only_age_counts(
    place: Place, age: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockfiles, "git_at_work", lambda _: None)
    lock = _aged(place, "index.lock", age)
    lockfiles.clear(place.repo)
    assert lock.exists() == (age < lockfiles.BLIND_SECONDS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets us see whether a git is at work")
def test_a_lock_is_never_taken_from_a_git_at_work(place: Place) -> None:
    fifo = place.root / ".git" / "reached"
    os.mkfifo(fifo)
    place.hook("pre-commit", "echo > .git/reached; read -r _ < .git/reached")
    git = subprocess.Popen(["git", "commit", "--allow-empty", "-qm", "别人"], cwd=place.root)
    fifo.read_bytes()
    lock = _aged(place, "HEAD.lock", 100_000)
    try:
        assert lockfiles.git_at_work(place.repo) is True
        assert lockfiles.clear(place.repo, left_after=0.0) == []
    finally:
        fifo.write_bytes(b"\n")
        git.wait()
    assert lockfiles.git_at_work(place.repo) is False
    assert lockfiles.clear(place.repo) == [lock]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets us see whether a git is at work")
def test_an_editor_s_reading_git_holds_no_lock(place: Place) -> None:
    git = subprocess.Popen(
        ["git", "cat-file", "--batch"], cwd=place.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert git.stdin
    assert git.stdout
    git.stdin.write(b"HEAD\n")
    git.stdin.flush()
    git.stdout.readline()
    assert lockfiles.git_at_work(place.repo) is False
    git.communicate()


def test_a_killed_command_s_git_is_waited_for(
    place: Place, told: list[str], child: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """The process was killed, its git goes on and makes the commit: the next command waits and does not repeat it."""
    place.append(entry())
    fifo = place.root / ".git" / "reached"
    os.mkfifo(fifo)
    place.hook("pre-commit", "echo > .git/reached; read -r _ < .git/reached")
    process = child(
        "import sys\nfrom pathlib import Path\nfrom tests.files.conftest import Place, entry\n"
        "Place(Path(sys.argv[1])).append(entry())\n",
        str(place.root),
    )
    fifo.read_bytes()
    process.kill()
    process.communicate()
    (place.root / ".git" / "hooks" / "pre-commit").unlink()
    go_on = child("import sys\nopen(sys.argv[1], 'w').write('go\\n')\n", str(fifo))
    next_log(place, told)
    go_on.wait()
    assert place.git("rev-list", "--count", "HEAD").strip() == "4"
    assert told == []


def test_a_git_that_never_ends_is_reported(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockfiles, "_ORPHAN_SECONDS", 0.05)
    monkeypatch.setattr(lockfiles, "_is_git", lambda _: True)
    killed(place, entry(), written=40, git=4_000_000)
    with pytest.raises(GitBusyError, match="4000000"):
        place.append(entry())


@pytest.mark.parametrize(
    ("text", "pid"),
    [
        (f'{MOVE}\n{{"git": 4000000}}\n', 4_000_000),
        (f"{MOVE}\n", None),
        (f'{MOVE}\n{{"git": 40', None),
        (f'{MOVE}\n{{"pid": 40}}\n', None),
        (f"{MOVE}\n[40]\n", None),
        (f'{MOVE}\n{{"git": "?"}}\n', None),
        ("", None),
        (None, None),
    ],
    ids=["git", "not started", "torn", "another key", "a list", "no number", "empty", "no note"],
)
def test_the_git_that_moves_a_branch_is_known_by_its_note(
    place: Place, monkeypatch: pytest.MonkeyPatch, text: str | None, pid: int | None
) -> None:
    """It is waited for like the git that commits: what it still writes would be taken for somebody's own change."""
    waited: list[int | None] = []
    monkeypatch.setattr(lockfiles, "wait_for_orphan", lambda pid, _: waited.append(pid))
    if text is not None:
        (place.root / ".git" / "ledger").mkdir(exist_ok=True)
        (place.root / ".git" / "ledger" / "move").write_text(text, encoding="utf-8")
    place.append(entry())
    assert waited == ([] if text is None else [pid])
    assert moving_git(place.repo) is None, "the note is gone"


def test_killed_in_the_moment_of_starting_git(
    place: Place, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockfiles, "_STARTING_SECONDS", 0.05)
    text = killed(place, entry(), written=10_000, git=0)
    next_log(place, told)
    assert place.text() == text
