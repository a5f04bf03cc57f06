"""Replaces one file and commits it, all or nothing.

Under the ledger's lock: the file must be as HEAD has it → the caller makes the new text from it → the work is noted → written
beside and renamed → committed alone. Whatever fails, the file is put back as it was; a command that is killed leaves its note,
and the next one finishes its work.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ledger.core.errors import LedgerError
from ledger.files.evidence import Attachment
from ledger.files.intent_log import FileWrite, IntentLog, PendingCommit
from ledger.files.notices import OnNotice, tidying
from ledger.files.recover import ForeignChangeError, digest, refresh, track
from ledger.files.signals import WriteInterruptedError
from ledger.files.write import OutsideLedgerError, WriteFailedError, attached, held, tell_of_failure
from ledger.git import Commit, DetachedHeadError, Repo


def rewrite(
    repo: Repo,
    file: Path,
    change: Callable[[bytes], tuple[bytes, str]],
    *,
    root: Path | None = None,
    attachments: Sequence[Attachment] = (),
    on_notice: OnNotice = lambda _: None,
) -> Commit:
    """Change `file` and commit it alone; `change` takes its bytes and returns the new ones with the commit's message.

    `attachments` are copied into the ledger at `root` and committed with the file.

    Raises:
        LedgerError: of `change`, or because the file has uncommitted changes of somebody else; nothing is written.
        ExternalError: from git, the lock or the disk; the file is then as it was.
        WriteInterruptedError: on Ctrl-C or termination; says whether the change was recorded.
    """
    try:
        name = repo.relative(file)
    except ValueError:
        raise OutsideLedgerError(file, repo.top) from None
    with held(repo, on_notice) as deferral:
        snapshot = repo.snapshot([file])
        if snapshot.branch is None:
            raise DetachedHeadError
        if snapshot.changes:
            raise ForeignChangeError(name, "changed" if file.exists() else "deleted")
        before = file.read_bytes()
        after, message = change(before)
        deferral.check()
        notes = IntentLog(repo.git_dir / "ledger" / "note")
        copies = [(root or repo.top) / attachment.path for attachment in attachments]
        try:
            with attached(repo, root or repo.top, attachments):
                notes.begin(_work(repo, name, before, after, message, copies))
                _replace(repo, file, after)
                notes.add(git=0)
                commit = repo.commit(
                    [file, *copies],
                    message,
                    new=copies,
                    on_start=lambda child: track(child, notes, deferral),
                )
        except BaseException as error:
            commit_made = _made(repo, file, after, snapshot.head, on_notice)
            if commit_made is None:
                _put_back(repo, file, before, notes)
                if deferral.caught is not None and not isinstance(error, WriteInterruptedError):
                    raise WriteInterruptedError from None
                if isinstance(error, OSError):
                    raise WriteFailedError(name, error) from None
                raise
            commit = tell_of_failure(commit_made, error, on_notice)
        with tidying("写入前所留记号的清除", on_notice):
            notes.end()
    if deferral.caught is not None:
        raise WriteInterruptedError(commit.short)
    return commit


def _work(
    repo: Repo, name: str, before: bytes, after: bytes, message: str, copies: Sequence[Path]
) -> PendingCommit:
    """Return what the next command needs to finish this one: the file is found by its path, the author as git knows him now."""
    who = repo.identity()
    piece = FileWrite(name, len(before), after.decode("utf-8"), digest(before))
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    names = tuple(repo.relative(copy) for copy in copies)
    return PendingCommit((piece,), message, who.name, who.email, when, names)


def _put_back(repo: Repo, file: Path, before: bytes, notes: IntentLog) -> None:
    """Undo. Where the disk refuses even that, the note stays, and the next command sees to it."""
    try:
        if file.read_bytes() != before:
            _replace(repo, file, before)
        notes.end()
    except OSError:
        notes.close()
        raise


def _replace(repo: Repo, file: Path, content: bytes) -> None:
    """Put `content` in the file's place in one step, so that nobody ever reads half of it."""
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


def _made(repo: Repo, file: Path, content: bytes, head: str | None, on_notice: OnNotice) -> Commit | None:
    """Return the commit if git made it although it reported a failure."""
    with suppress(LedgerError):
        if repo.head() != head and repo.read_file(file) == content:
            refresh(repo, [file], on_notice)
            return repo.log([file], newest=1)[0]
    return None
