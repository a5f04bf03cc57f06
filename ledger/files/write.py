"""Appends entries to progress files and commits them, all or nothing.

Under one lock per ledger: finish what a killed command left (`recover.py`) → let the caller check again → note the work →
append and flush → commit exactly these paths. Whatever fails, files and index are put back as they were. Three git
processes for a file that exists: `var` for the identity, `status`, `commit`.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from ledger.core.errors import ExternalError, LedgerError
from ledger.core.findings import Finding
from ledger.core.models.base import fields_of
from ledger.core.models.entries import Entry
from ledger.core.structs import FrozenStruct
from ledger.files.entryfile import MAX_BYTES, check_canonical, encode, read_progress
from ledger.files.evidence import Attachment, store
from ledger.files.exclusive import ledger_lock, refuse_unfinished
from ledger.files.intent_log import FileWrite, IntentLog, PendingCommit, open_append, write_all
from ledger.files.lock import PATIENCE
from ledger.files.notices import Notice, OnNotice, failure_line, tidying
from ledger.files.recover import ForeignChangeError, recover, refresh, track
from ledger.files.signals import SignalDeferral, WriteInterruptedError
from ledger.git import Commit, DetachedHeadError, Identity, Repo, Snapshot

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")

Additions = Sequence[tuple[Path, Sequence[Entry]]]


class WriteFailedError(ExternalError):
    """The disk did not take the entry."""

    _REASONS: ClassVar[tuple[tuple[tuple[int, ...], str, str], ...]] = (
        ((errno.ENOSPC, getattr(errno, "EDQUOT", -1), errno.EFBIG), "磁盘空间不足", "腾出磁盘空间后再试"),
        ((errno.EACCES, errno.EPERM, errno.EROFS), "没有写入的权限", "检查文件夹是否只读、是否属于您"),
        ((errno.ELOOP,), "它是符号链接，不是文件", "换回真正的文件：git restore -- 文件"),
        ((errno.ENOTDIR, errno.EISDIR), "同名的文件夹和文件冲突", "git status 查看"),
    )

    def __init__(self, path: str, error: OSError) -> None:
        reason, hint = next(
            ((reason, hint) for numbers, reason, hint in self._REASONS if error.errno in numbers),
            (error.strerror or str(error), "ledger doctor"),
        )
        super().__init__(f"{path} 写不进去：{reason}；这次什么也没有记下，文件保持原样", hint)


class UnencodableTextError(LedgerError):
    """Bytes that are no characters, as a terminal with another encoding hands them over."""

    def __init__(self, field: str, text: str) -> None:
        shown = text.encode("utf-8", "backslashreplace").decode("utf-8")[:80]
        super().__init__(
            f"{field} 里有读不成文字的内容：{shown}；这次什么也没有记下",
            "多半是终端的编码不对：把终端设成 UTF-8，或重新输入这段文字",
        )


class NotCommittedError(ExternalError):
    """The repository has no commit yet: one made now would begin the history without the plan."""

    def __init__(self) -> None:
        super().__init__(
            "账本的文件还没有提交过，现在记数，历史就缺了计划；这次什么也没有记下",
            "先把账本提交进去：ledger doctor --fix，再记",
        )


class OutsideLedgerError(LedgerError):
    """A path that leads out of the ledger."""

    def __init__(self, path: Path, root: Path) -> None:
        super().__init__(f"{path} 不在账本 {root} 里面，不能往那里写", "检查部门名称和账本文件夹里的符号链接")


class NonCanonicalFileError(LedgerError):
    """Raised for a progress file with entries that are not one line each: a line appended below could change what they mean."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.place} {finding.message}；这次什么也没有记下", "ledger doctor --fix")


class FileFullError(LedgerError):
    """A file that would grow beyond what `entryfile` reads: refused before it is written, for entries are never taken out again."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} 记满了（上限 {MAX_BYTES} 字节，约 5 万条记录），这次什么也没有记下",
            "一个承诺事项一年用不到这么多：核对是不是有程序在反复记数；确实需要，就合并成每天或每月一条",
        )


class NewEntries(FrozenStruct):
    """Entries to be appended to their files, and the commit that records them.

    `subject` may be a function, called after the check under the lock. `author` and `date` (ISO 8601) replace the user's own, as for
    generated data. `attachments` are copied into the ledger and committed with the entries.
    """

    additions: Additions
    subject: str | Callable[[], str]
    body: str = ""
    author: Identity | None = None
    date: str | None = None
    attachments: Sequence[Attachment] = ()


def append(
    repo: Repo,
    root: Path,
    entries: NewEntries,
    *,
    check: Callable[[], None] | None = None,
    on_notice: OnNotice = lambda _: None,
    patience: float = PATIENCE,
) -> Commit:
    """Append entries to their files and make one commit of exactly these files.

    `check` is called under the lock, after the work of a killed command was finished: it reads the state again and raises to stop
    the write. `on_notice` is called with what was done about a killed command's leftovers. `patience` is in seconds.

    Raises:
        LedgerError: of the caller's check, or because a file has changes of somebody else; nothing is written.
        ExternalError: from git, the lock or the disk; files and index are as they were.
        WriteInterruptedError: on Ctrl-C or termination; says whether the entry was recorded.
    """
    with SignalDeferral() as deferral:
        notes = IntentLog(repo.git_dir / "ledger" / "note")
        with ledger_lock(repo, notes, deferral, patience):
            refuse_unfinished(repo)
            recover(repo, notes, deferral, on_notice)
            if check:
                check()
            deferral.check()
            pieces, snapshot = _prepare(repo, root, entries.additions)
            work = _pending_commit(repo, root, entries, pieces)
            with attached(repo, root, entries.attachments):
                commit = _Append(repo, notes, deferral, on_notice).perform(work, snapshot, entries)
            with tidying("写入前所留记号的清除", on_notice):
                notes.end()
        if deferral.caught is not None:
            raise WriteInterruptedError(commit.short)
    with tidying("git 仓库的整理", on_notice, "不影响记账；git maintenance run --auto 可以再试"):
        repo.auto_gc()
    return commit


def _pending_commit(
    repo: Repo, root: Path, entries: NewEntries, pieces: tuple[FileWrite, ...]
) -> PendingCommit:
    subject = entries.subject() if callable(entries.subject) else entries.subject
    who = entries.author or repo.identity()
    when = entries.date or datetime.now().astimezone().isoformat(timespec="seconds")
    copies = tuple(
        repo.relative(_inside(repo, root, root / attachment.path)) for attachment in entries.attachments
    )
    message = message_of(subject, entries.body, entries.additions)
    return PendingCommit(pieces, message, who.name, who.email, when, copies)


@contextmanager
def attached(repo: Repo, root: Path, attachments: Sequence[Attachment]) -> Iterator[None]:
    """Copy attachments into the ledger; take the new ones away again where they were not committed."""
    made: list[Path] = []
    try:
        try:
            made = store(root, attachments)
        except OSError as error:
            raise WriteFailedError(error.filename or "data/evidence", error) from None
        yield
    except BaseException:
        for file in made:
            if not repo.tracked([file]):
                file.unlink(missing_ok=True)
        raise


def _prepare(repo: Repo, root: Path, additions: Additions) -> tuple[tuple[FileWrite, ...], Snapshot]:
    """Turn entries into text at the end of files, and refuse to write over what somebody else left uncommitted."""
    files = [_inside(repo, root, path) for path, _ in additions]
    snapshot = repo.snapshot(files)
    if snapshot.branch is None:
        raise DetachedHeadError
    if snapshot.head is None:
        raise NotCommittedError
    pieces = []
    for file, (_, entries) in zip(files, additions, strict=True):
        name = repo.relative(file)
        now = _content(file, name)
        change = snapshot.changes.get(name)
        if change is not None:
            if now is None and change.letters != ".A":
                raise ForeignChangeError(name, "deleted")
            if (now or b"") != (repo.blob(change.blob) if change.blob else b""):
                raise ForeignChangeError(name, "changed")
        elif now is None and repo.tracked([file]):
            raise ForeignChangeError(name, "deleted")  # hidden from git status by a sparse checkout
        _require_canonical(name, now or b"")
        lines = "".join(_line(entry) for entry in entries)
        # A last line without its newline (a person's editor) must not swallow the first of ours.
        lines = f"\n{lines}" if now and not now.endswith(b"\n") else lines
        if len(now or b"") + len(lines.encode("utf-8")) > MAX_BYTES:
            raise FileFullError(name)
        pieces.append(FileWrite(name, -1 if now is None else len(now), lines))
    return tuple(pieces), snapshot


def _require_canonical(name: str, raw: bytes) -> None:
    whole = (
        raw if not raw or raw.endswith(b"\n") else raw + b"\n"
    )  # a missing newline is added before the entries
    for finding in check_canonical(read_progress(name, whole), whole):
        raise NonCanonicalFileError(finding)


def _line(entry: Entry) -> str:
    for field in fields_of(Entry):
        value = getattr(entry, field)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and _HALF_CHARACTER.search(text):
                raise UnencodableTextError(field, text)
    return encode(entry)


def _inside(repo: Repo, root: Path, path: Path) -> Path:
    file = root / path
    try:
        (file.parent.resolve() / file.name).relative_to(root.resolve())
        return repo.top / repo.relative(file)
    except ValueError:
        raise OutsideLedgerError(file, root) from None


def _content(file: Path, name: str) -> bytes | None:
    if file.is_symlink():
        raise WriteFailedError(name, OSError(errno.ELOOP, ""))
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WriteFailedError(name, error) from None


def message_of(subject: str, body: str, additions: Additions) -> str:
    """Return subject, body and trailers; one line is one line, whatever the notes of a target may hold."""
    trailers = []
    for path, entries in additions:
        commitment = f"{path.parent.name}-{path.stem}"
        for entry in entries:
            trailers += [f"Ledger-Entry: {entry.id}", f"Ledger-Target: {commitment}/{entry.target}"]
    title = " ".join("".join(character if character.isprintable() else " " for character in subject).split())
    return "\n\n".join(part for part in (title, body.strip("\n"), "\n".join(trailers)) if part) + "\n"


class _Append:
    """One append and its commit, undone where the commit was not made."""

    def __init__(self, repo: Repo, notes: IntentLog, deferral: SignalDeferral, on_notice: OnNotice) -> None:
        self.repo, self.notes, self.deferral, self.on_notice = repo, notes, deferral, on_notice
        self.made: list[Path] = []
        """Folders that had to be made."""

    def perform(self, work: PendingCommit, before: Snapshot, entries: NewEntries) -> Commit:
        """Note the work, append and commit. `before` is the state of the files under the lock."""
        try:
            self.notes.begin(work)
            for piece in work.pieces:
                self._write(piece)
            self.deferral.check()
            self.notes.add(git=0)
            return self._commit(work, entries)
        except BaseException as error:
            done = self._find_commit(work, before)
            if done is not None:
                return tell_of_failure(done, error, self.on_notice)
            self._undo(work)
            if self.deferral.caught is not None and not isinstance(error, WriteInterruptedError):
                raise WriteInterruptedError from None
            if isinstance(error, OSError):
                raise WriteFailedError(error.filename or str(self.notes.path), error) from None
            raise

    def _commit(self, work: PendingCommit, entries: NewEntries) -> Commit:
        written = [piece.path for piece in work.pieces]
        new = [piece.path for piece in work.pieces if piece.size < 0]
        return self.repo.commit(
            [self.repo.top / path for path in (*written, *work.attached)],
            work.message,
            author=entries.author,
            date=entries.date,
            new=[self.repo.top / path for path in (*new, *work.attached)],
            on_start=lambda child: track(child, self.notes, self.deferral),
        )

    def _write(self, piece: FileWrite) -> None:
        """Append to one file and flush it."""
        file = self.repo.top / piece.path
        for folder in reversed(file.parents):
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                self.made.append(folder)
        descriptor = open_append(file)
        try:
            write_all(descriptor, piece.data)
            os.fsync(descriptor)
        except OSError as error:
            error.filename = piece.path
            raise
        finally:
            os.close(descriptor)
        if piece.size < 0:
            _flush_folder(file.parent)

    def _find_commit(self, work: PendingCommit, before: Snapshot) -> Commit | None:
        """Return the commit if git made it although it reported a failure, as when it cannot write its index afterwards."""
        with suppress(LedgerError):
            if self.repo.head() == before.head:
                return None
            files = [self.repo.top / piece.path for piece in work.pieces]
            for commit in self.repo.log(files, newest=5):
                if commit.trailer("Ledger-Entry") == Commit("", work.message).trailer("Ledger-Entry"):
                    refresh(self.repo, files, self.on_notice)
                    return commit
        return None

    def _undo(self, work: PendingCommit) -> None:
        """Remove the appended text again. Where that cannot be done the note stays for the next command."""
        try:
            for piece in work.pieces:
                file = self.repo.top / piece.path
                try:
                    tail = file.read_bytes()[piece.start :]
                except FileNotFoundError:
                    continue
                if not piece.data.startswith(tail):
                    self.notes.close()
                    return
                if piece.size < 0:
                    file.unlink()
                elif tail:
                    os.truncate(file, piece.size)
            for folder in reversed(self.made):
                with suppress(OSError):
                    folder.rmdir()
            self.notes.end()
        except OSError:
            self.notes.close()


def tell_of_failure(commit: Commit, error: BaseException, on_notice: OnNotice) -> Commit:
    """Report what failed although the commit was made; the caller reports signals."""
    if not isinstance(error, WriteInterruptedError | KeyboardInterrupt):
        on_notice(
            Notice(
                f"已经记下，不用重做（提交 {commit.short}）；git 事后报告：{failure_line(error)}；ledger doctor 看有没有要处理的",
                commit,
            )
        )
    return commit


def _flush_folder(folder: Path) -> None:
    """Put a new file's name on the disk too; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
