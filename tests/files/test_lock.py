"""One lock per ledger: exclusive, gone with its process, and the same lock that the filelock library takes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from ledger.core.errors import ExitCode
from ledger.files.intent_log import FileWrite, IntentLog, PendingCommit
from ledger.files.lock import Lock, LockBusyError, LockUnusableError
from ledger.files.signals import WriteInterruptedError

HOLD = (
    "import sys\nfrom pathlib import Path\nfrom ledger.files.lock import Lock\n"
    "with Lock(Path(sys.argv[1]), holder=str, interrupted=str):\n    print('held', flush=True)\n    sys.stdin.read()\n"
)


def lock(path: Path, patience: float = 0.0) -> Lock:
    return Lock(path, holder=lambda: "张三 正在记数", interrupted=lambda: None, patience=patience)


def test_excludes_another_process_until_it_ends(
    tmp_path: Path, child: Callable[..., subprocess.Popen[bytes]]
) -> None:
    path = tmp_path / "ledger" / "lock"
    other = child(HOLD, str(path), stdin=subprocess.PIPE)
    assert other.stdout
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(LockBusyError) as caught, lock(path):
        pass
    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert "张三 正在记数" in caught.value.message
    other.kill()
    other.communicate()
    with lock(path):
        pass


def test_is_filelock_s_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock(path), pytest.raises(Timeout):
        FileLock(path).acquire(blocking=False)
    with FileLock(path), pytest.raises(LockBusyError), lock(path):
        pass
    with lock(path):
        pass


def test_waiting_can_be_interrupted(tmp_path: Path) -> None:
    def interrupted() -> None:
        raise WriteInterruptedError

    path = tmp_path / "lock"
    with lock(path), pytest.raises(WriteInterruptedError), Lock(path, holder=str, interrupted=interrupted):
        pass


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(LockUnusableError) as caught, lock(tmp_path / "file" / "lock"):
        pass
    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    with pytest.raises(LockUnusableError), lock(tmp_path):
        pass


def test_the_note_tells_who_is_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "wenshu")
    notes = IntentLog(tmp_path / "note")
    assert notes.read() is None
    work = PendingCommit(
        (FileWrite("甲", -1, "- {}\n"),), "题", "张三", "z@x.cn", "2023-03-31T00:00:00+08:00"
    )
    notes.begin(work)
    notes.add(git=0)
    notes.add(git=42)
    note = notes.read()
    assert note
    assert (note.work, note.git, note.here) == (work, 42, True)
    assert "wenshu 正在记数（进程" in str(note)
    notes.end()
    assert notes.read() is None


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_note_cut_short_counts_up_to_its_last_whole_line(tmp_path: Path, cut: int) -> None:
    notes = IntentLog(tmp_path / "note")
    notes.begin(PendingCommit((FileWrite("甲", 3, "- {}\n"),), "题"))
    first = notes.path.read_bytes()
    notes.add(git=42)
    whole = notes.path.read_bytes()
    notes.close()
    notes.path.write_bytes(whole[:cut])
    note = notes.read()
    if cut < len(first):
        assert note is None
    else:
        assert note
        assert note.work
        assert note.git == (42 if cut >= len(whole) else None)


@pytest.mark.parametrize("text", ["[]\n", "{}\n", '{"pid": "x"}\n', "\xff\n", '{"pid": 1, "host": "h"}\n'])
def test_a_note_that_tells_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "note").write_text(text, encoding="latin-1")
    assert IntentLog(tmp_path / "note").read() is None
