"""Finishes what a killed command began. To be called under the ledger's lock.

The killed command's record (`intent_log.py`) says what was to be written and committed. Of its text

    nothing in the files     it never happened: the note is dropped; nothing was acknowledged, nothing is lost
    a part of it             the rest is appended from the note: a fragment becomes the entry it was meant to be
    all of it, uncommitted   it is committed with its own message, author and author date
    all of it, committed     git's index is brought up to date, the note is dropped

A file that was to be replaced (an amended goal, a verdict) is in its place whole or not at all: `all` or `nothing` above.

Nothing is ever deleted: a file that somebody changed in the meantime is left alone, and the note is put aside.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

from ledger.core.errors import LedgerError
from ledger.files.branch_move import has_half_move, moving_git, undo_half_move
from ledger.files.intent_log import FileWrite, IntentLog, PendingCommit, open_append, write_all
from ledger.files.notices import Notice, OnNotice, tidying
from ledger.files.seal_note import pending_seal, undo_seal
from ledger.files.signals import SignalDeferral
from ledger.git import Commit, Identity, PathChange, Repo, lockfiles

ASIDE = "set-aside"


class ForeignChangeError(LedgerError):
    """A progress file has uncommitted changes that no killed command explains."""

    def __init__(self, path: str, kind: str) -> None:
        if kind == "deleted":
            what, way = "被删除而没有提交", f"找回来：git restore --staged --worktree -- {path}"
        else:
            what = "有没有提交的改动，不是 ledger log 写下的"
            way = (
                f"先看：git diff HEAD -- {path}；确要保留：git add -- {path} 再 git commit -- {path}；"
                f"不要：git restore --staged --worktree -- {path}"
            )
        super().__init__(f"{path} {what}；为免把它混进这次的记录，什么也没有记下", way)
        self.path = path


def recover(repo: Repo, notes: IntentLog, deferral: SignalDeferral, on_notice: OnNotice) -> None:
    """Finish the work of a killed command, if there is any.

    Raises:
        LedgerError: when git is still at it, or refuses the commit; the note then stays for the next command.
    """
    note = notes.read()
    if note is None:
        _drop_unreadable(notes, on_notice)
        # A killed checkout leaves its lock; the note of the move says that it was one of ours.
        moving = has_half_move(repo)
        if moving:
            lockfiles.wait_for_orphan(moving_git(repo), deferral.check)
        lockfiles.clear(repo, left_after=0.0 if moving else None, interrupted=deferral.check)
        if moving and undo_half_move(repo):
            on_notice(Notice("上次同步被强行结束时换到一半的文件已恢复原样；再同步一次：ledger sync"))
        if pending_seal(repo) is not None and (name := undo_seal(repo)):
            on_notice(Notice(f"上次封账被强行结束，{name} 已收回；服务器上有没有封成，ledger sync 会看到"))
        return
    if note.here:
        lockfiles.wait_for_orphan(note.git, deferral.check)
    lockfiles.clear(repo, left_after=note.since, interrupted=deferral.check)
    if note.work is None:
        notes.end()
        return
    commit = _finish(repo, notes, note.work, deferral, on_notice)
    if isinstance(commit, Path):
        on_notice(Notice(f"上次的命令被强行结束，之后文件又被改过，没有自动补记；它要写的内容放在 {commit}"))
    elif commit is not None:
        on_notice(
            Notice(f"上次被强行结束的一条已补记：{commit.subject}（提交 {commit.short}），不用重记", commit)
        )


def _drop_unreadable(notes: IntentLog, on_notice: OnNotice) -> None:
    """Remove a note whose first line is torn: nothing else had begun. Keep what somebody else may have put there."""
    try:
        began = b"\n" in notes.path.read_bytes()
    except FileNotFoundError:
        return
    if began:
        on_notice(Notice(f"未做完的写入留下的记号未能识别，已放在一边：{_put_aside(notes)}"))
    else:
        notes.end()


def _finish(
    repo: Repo, notes: IntentLog, work: PendingCommit, deferral: SignalDeferral, on_notice: OnNotice
) -> Commit | Path | None:
    files = [repo.top / piece.path for piece in work.pieces]
    changes = repo.snapshot(files).changes
    states = [_progress(repo, piece, changes.get(piece.path)) for piece in work.pieces]
    if any(state == "foreign" for state in states):
        return _put_aside(notes)
    if all(state in {"none", "committed"} for state in states):
        if "committed" in states:
            refresh(repo, files, on_notice)
        notes.end()
        return None
    waiting = [file for file, state in zip(files, states, strict=True) if state == "none"]
    for piece, file in zip(work.pieces, files, strict=True):
        if piece.was and file in waiting and content_digest(file.read_bytes()) != piece.was:
            return _put_aside(notes)
    for piece, file in zip(work.pieces, files, strict=True):
        if not piece.was:
            _append_rest(piece, file)
        elif file in waiting:
            replace_file(repo, file, piece.data)
    deferral.check()
    notes.add(git=0)
    author = Identity(work.name, work.email) if work.name else None
    attached = [repo.top / path for path in work.attached if (repo.top / path).is_file()]
    commit = repo.commit(
        [*files, *attached],
        work.message,
        author=author,
        authored=work.date or None,
        on_start=lambda child: track(child, notes, deferral),
    )
    with tidying("写入前所留记号的清除", on_notice):
        notes.end()
    return commit


def replace_file(repo: Repo, file: Path, content: bytes) -> None:
    """Put `content` in the file's place in one step, so that nobody ever reads half of it.

    Raises:
        OSError: when the disk refuses; the file is then as it was.
    """
    import shutil  # two milliseconds, for what appends nothing

    folder = repo.git_dir / "ledger"
    if folder.stat().st_dev != file.parent.stat().st_dev:
        folder = file.parent  # a git folder on another disk
    fresh = folder / f"{file.name}.{os.getpid()}.new"
    try:
        with fresh.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(file, fresh)
        fresh.replace(file)
    except BaseException:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def refresh(repo: Repo, files: Sequence[Path], on_notice: OnNotice) -> None:
    """Bring git's index up to date with files that are committed as they are."""
    hint = "不影响记账；git 没有在运行时，ledger doctor --fix 会补上"
    with tidying("git 索引的更新", on_notice, hint):
        repo.refresh(files)


def track(child: Popen[bytes], notes: IntentLog, deferral: SignalDeferral) -> None:
    """Let signals reach the committing git, and the next command know of it."""
    deferral.forward_to(child)
    with suppress(OSError):  # a full disk: the note then still says that git was being started
        notes.add(git=child.pid)


def _progress(repo: Repo, piece: FileWrite, change: PathChange | None) -> str:
    """Tell how far the work on one file came: `none`, `part` (of it or all, uncommitted), `committed` or `foreign`."""
    file = repo.top / piece.path
    now = file.read_bytes() if file.is_file() and not file.is_symlink() else b""
    committed = now if change is None else repo.blob(change.blob) if change.blob else b""
    if now == committed:
        there = now == piece.data if piece.was else now[piece.start :].startswith(piece.data)
        return "committed" if there else "none"
    if piece.was:
        return "part" if now == piece.data and content_digest(committed) == piece.was else "foreign"
    tail = now[piece.start :]
    untouched = now[: piece.start] == committed and len(now) >= piece.start
    return "part" if untouched and tail and piece.data.startswith(tail) else "foreign"


def content_digest(content: bytes) -> str:
    """Return how a note knows the content that is to be replaced."""
    import hashlib  # two milliseconds, for what a `log` never asks

    return hashlib.sha256(content).hexdigest()


def _append_rest(piece: FileWrite, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = open_append(file)
    try:
        written = os.fstat(descriptor).st_size - piece.start
        write_all(descriptor, piece.data[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_aside(notes: IntentLog) -> Path:
    folder = notes.path.parent / ASIDE
    folder.mkdir(exist_ok=True)
    notes.close()
    return notes.path.rename(folder / f"{time.time_ns()}.jsonl")
