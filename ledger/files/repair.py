"""Diagnoses and repairs for `ledger doctor`: entries and the leftovers of killed commands.

Nothing a person wrote is ever deleted: whole entries that nobody committed are committed, a torn fragment is moved aside, and
where committed lines were changed it is left to the person, with the commands that show and undo it. No printing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger.core.findings import Finding, Place
from ledger.core.models.entries import Entry
from ledger.files import layout
from ledger.files.branch_move import has_half_move
from ledger.files.entryfile import read
from ledger.files.exchange import has_half_exchange
from ledger.files.intent_log import FileWrite, IntentLog, PendingCommit
from ledger.files.notices import Notice
from ledger.files.recover import ASIDE, recover
from ledger.files.seal_note import pending_seal
from ledger.files.write import held, message_of
from ledger.git import Repo, lockfiles

FIXABLE = frozenset(
    {
        "not-committed",
        "form",
        "killed",
        "half-moved",
        "half-sealed",
        "half-exchanged",
        "uncommitted",
        "torn",
        "attributes",
        "endings",
    }
)
"""Codes of the findings that `ledger doctor --fix` puts right; the hint of any other says what a person can do."""


@dataclass(frozen=True, slots=True)
class _Tail:
    """What stands in a progress file behind what HEAD has of it."""

    path: str
    size: int
    whole: bytes
    fragment: bytes
    entries: tuple[Entry, ...]


def diagnose(repo: Repo, root: Path) -> tuple[Finding, ...]:
    """Return all that stands in the way of the next write; changes nothing."""
    if has_half_move(repo):
        # All else that looks wrong now is a consequence of it.
        message = "上次同步被强行结束，别人的记录只换进来一半"
        return (Finding("half-moved", message, "ledger doctor --fix 会恢复原样，再 ledger sync"),)
    found: list[Finding] = []
    if ref := pending_seal(repo):
        message = f"上次封账被强行结束：{ref.removeprefix('refs/tags/')} 有没有送到服务器，不知道"
        found.append(
            Finding(
                "half-sealed", message, "ledger doctor --fix 会收回它；再 ledger sync，看服务器上有没有封成"
            )
        )
    note = IntentLog(_home(repo) / "note").read()
    if note is not None:
        what = note.work.message.partition("\n")[0] if note.work else "（还没有写入）"
        found.append(
            Finding("killed", f"上一次命令被强行结束，没有做完：{what}", "ledger doctor --fix 会把它做完")
        )
    if half_exchanged := has_half_exchange(repo):
        message = "上次与服务器的往来被强行结束，git 的锁文件可能没有清掉"
        found.append(Finding("half-exchanged", message, "ledger doctor --fix 会清掉；再 ledger sync"))
    for lock in sorted({*lockfiles.locks(repo), *(() if half_exchanged else lockfiles.ref_locks(repo))}):
        age = time.time() - lock.lstat().st_mtime
        busy = lockfiles.git_at_work(repo)
        wait = f"没有 git 在运行；锁满 {lockfiles.ALONE_SECONDS:.0f} 秒后，下一个写账的命令或 ledger doctor --fix 会清掉"
        hints: dict[bool | None, str] = {True: "有 git 正在运行，等它结束", False: wait}
        hint = hints.get(busy, f"确信没有 git 在运行时，可删去 {lock}")
        found.append(Finding("lock", f"git 的锁文件已存在 {age:.0f} 秒", hint, Place(str(lock))))
    aside = _home(repo) / ASIDE
    if aside.is_dir():
        kept = sorted(aside.iterdir())
        if kept:
            hint = "逐个看过；内容已另行记下或不需要的，可以删去"
            found.append(
                Finding("aside", f"有 {len(kept)} 份放在一边的内容等人处理", hint, Place(str(aside)))
            )
    for state in _changed(repo, root):
        found += _ailments(state)
    return tuple(found)


def mend(repo: Repo, root: Path, on_notice: Callable[[Notice], None] = lambda _: None) -> tuple[Finding, ...]:
    """Put right what can be, tell of each step, and return what is left for a person.

    Raises:
        ExternalError: from git, the lock or the disk.
    """
    with held(repo, on_notice) as deferral:
        for state in _changed(repo, root):
            if isinstance(state, str):
                continue
            if state.fragment:
                on_notice(Notice(_move_aside(repo, state)))
            if state.entries:
                _adopt(repo, state)
                recover(repo, IntentLog(_home(repo) / "note"), deferral, on_notice)
    return diagnose(repo, root)


def _ailments(state: _Tail | str) -> list[Finding]:
    if isinstance(state, str):
        hint = f"看改了什么：git diff HEAD -- {state}；退回：git restore --staged --worktree -- {state}"
        return [Finding("changed", "已提交的记录被改动、删除，或夹有未能识别的内容", hint, Place(state))]
    found = []
    if state.entries:
        message = f"有 {len(state.entries)} 条完整的记录还没有提交"
        found.append(
            Finding("uncommitted", message, "ledger doctor --fix 会以您的名义提交它们", Place(state.path))
        )
    if state.fragment:
        text = state.fragment.decode("utf-8", "replace")[:60]
        found.append(
            Finding(
                "torn", f"末行只写了一半：{text}", "ledger doctor --fix 会把它移到一边保存", Place(state.path)
            )
        )
    return found


def _changed(repo: Repo, root: Path) -> list[_Tail | str]:
    """Return, for each progress file that differs from HEAD, what was added to it, or its path if more was done."""
    folder = root / layout.PROGRESS
    changes = repo.snapshot([folder]).changes
    found: list[_Tail | str] = []
    for name, change in sorted(changes.items()):
        file = repo.top / name
        if file.suffix != ".yaml":
            continue
        committed = repo.blob(change.blob) if change.blob else b""
        now = file.read_bytes() if file.is_file() and not file.is_symlink() else None
        if now == committed:
            continue
        found.append(name if now is None else _tail(name, committed, now, new=change.blob is None) or name)
    return found


def _tail(name: str, committed: bytes, now: bytes, *, new: bool) -> _Tail | None:
    """Return what was added behind `committed`, `None` if something else was done."""
    added = now[len(committed) :]
    if not now.startswith(committed) or (
        committed and not committed.endswith(b"\n") and not added.startswith(b"\n")
    ):
        return None
    end = added.rfind(b"\n") + 1
    whole, fragment = added[:end], added[end:]
    if fragment and not read(name, fragment).findings:
        whole, fragment = added + b"\n", b""  # a whole entry that lacks only its newline
    journal = read(name, whole)
    if journal.findings:
        return None
    return _Tail(name, -1 if new else len(committed), whole, fragment, journal.entries)


def _move_aside(repo: Repo, state: _Tail) -> str:
    """Save a fragment, then take it off the file."""
    folder = _home(repo) / ASIDE
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{time.time_ns()}-{Path(state.path).parent.name}-{Path(state.path).stem}.txt"
    with kept.open("xb") as stream:
        stream.write(state.fragment)
        stream.flush()
        os.fsync(stream.fileno())
    file = repo.top / state.path
    os.truncate(file, file.stat().st_size - len(state.fragment))
    return f"{state.path} 末行的残片已移到 {kept}；确认后请用 ledger log 重新记"


def _adopt(repo: Repo, state: _Tail) -> None:
    """Leave a note as if a killed command had written these entries, so that they are committed in the one way there is."""
    path = Path(state.path)
    identity = repo.identity()
    piece = FileWrite(state.path, state.size, state.whole.decode("utf-8"))
    message = message_of(
        f"doctor({path.parent.name}): 补提交 {len(state.entries)} 条未提交的记录", "", [(path, state.entries)]
    )
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    notes = IntentLog(_home(repo) / "note")
    notes.begin(PendingCommit((piece,), message, identity.name, identity.email, when))
    notes.close()


def _home(repo: Repo) -> Path:
    return repo.git_dir / "ledger"
