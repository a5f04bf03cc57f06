"""Replaces files and commits them, all or nothing.

Under the ledger's lock: each file must be as HEAD has it → the caller makes the new text from it → the work is noted → written
beside and renamed → committed alone. Whatever fails, the files are put back as they were; a command that is killed leaves its note,
and the next one finishes its work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from ledger.core.errors import LedgerError
from ledger.files.evidence import Attachment
from ledger.files.exclusive import held
from ledger.files.intent_log import FileWrite, IntentLog, PendingCommit
from ledger.files.notices import OnNotice, tidying
from ledger.files.recover import ForeignChangeError, content_digest, refresh, replace_file, track
from ledger.files.signals import WriteInterruptedError
from ledger.files.write import OutsideLedgerError, WriteFailedError, attached, tell_of_failure
from ledger.git import Commit, DetachedHeadError, Repo, Snapshot

Change = Callable[[Sequence[bytes]], tuple[Sequence[bytes], str]]
"""Takes the bytes of files and returns the new ones, in the same order, with the commit's message."""


def rewrite(
    repo: Repo,
    file: Path,
    change: Callable[[bytes], tuple[bytes, str]],
    *,
    root: Path | None = None,
    attachments: Sequence[Attachment] = (),
    day: date | None = None,
    on_notice: OnNotice = lambda _: None,
) -> Commit:
    """Change `file` and commit it alone; `change` takes its bytes and returns the new ones with the commit's message.

    `attachments` are copied into the ledger at `root` and committed with the file.

    Raises:
        LedgerError: of `change`, or because the file has uncommitted changes of somebody else; nothing is written.
        ExternalError: from git, the lock or the disk; the file is then as it was.
        WriteInterruptedError: on Ctrl-C or termination; says whether the change was recorded.
    """

    def change_one(before: Sequence[bytes]) -> tuple[Sequence[bytes], str]:
        after, message = change(before[0])
        return [after], message

    return rewrite_files(
        repo, [file], change_one, root=root, attachments=attachments, day=day, on_notice=on_notice
    )


def rewrite_files(
    repo: Repo,
    files: Sequence[Path],
    change: Change,
    *,
    root: Path | None = None,
    attachments: Sequence[Attachment] = (),
    day: date | None = None,
    on_notice: OnNotice = lambda _: None,
) -> Commit:
    """Change several files and commit them alone, in one commit, as `rewrite` does with one.

    `day` is the one that the new text names as that of the change: where it is not this machine's (`LEDGER_TODAY`), it is the author's.

    Raises:
        LedgerError, ExternalError, WriteInterruptedError: as `rewrite` does.
    """
    names = [_name(repo, file) for file in files]
    with held(repo, on_notice) as deferral:
        snapshot = _require_unchanged(repo, files, names)
        before = [file.read_bytes() for file in files]
        after, message = change(before)
        deferral.check()
        notes = IntentLog(repo.git_dir / "ledger" / "note")
        copies = [(root or repo.top) / attachment.path for attachment in attachments]
        pieces = tuple(
            FileWrite(name, len(old), new.decode("utf-8"), content_digest(old))
            for name, old, new in zip(names, before, after, strict=True)
        )
        try:
            with attached(repo, root or repo.top, attachments):
                work = _work(repo, pieces, message, copies, day)
                notes.begin(work)
                for file, content in zip(files, after, strict=True):
                    _replace(repo, file, content)
                notes.add(git=0)
                commit = repo.commit(
                    [*files, *copies],
                    message,
                    new=copies,
                    authored=None if day in {None, date.today()} else work.date,  # noqa: DTZ011
                    on_start=lambda child: track(child, notes, deferral),
                )
        except BaseException as error:
            commit_made = _made(repo, files, after, snapshot.head, on_notice)
            if commit_made is None:
                _put_back(repo, files, before, notes)
                if deferral.caught is not None and not isinstance(error, WriteInterruptedError):
                    raise WriteInterruptedError from None
                if isinstance(error, OSError):
                    raise WriteFailedError("、".join(names), error) from None
                raise
            commit = tell_of_failure(commit_made, error, on_notice)
        with tidying("写入前所留记号的清除", on_notice):
            notes.end()
    if deferral.caught is not None:
        raise WriteInterruptedError(commit.short)
    return commit


def _require_unchanged(repo: Repo, files: Sequence[Path], names: Sequence[str]) -> Snapshot:
    """Return the state of the files.

    Raises:
        DetachedHeadError: when HEAD is on no branch.
        ForeignChangeError: when a file has uncommitted changes.
    """
    snapshot = repo.snapshot(files)
    if snapshot.branch is None:
        raise DetachedHeadError
    for name, file in zip(names, files, strict=True):
        if name in snapshot.changes:
            raise ForeignChangeError(name, "changed" if file.exists() else "deleted")
    return snapshot


def _name(repo: Repo, file: Path) -> str:
    try:
        return repo.relative(file)
    except ValueError:
        raise OutsideLedgerError(file, repo.top) from None


def _work(
    repo: Repo, pieces: tuple[FileWrite, ...], message: str, copies: Sequence[Path], day: date | None
) -> PendingCommit:
    """Return what the next command needs to finish this one: files are found by their paths, the author as git knows him now."""
    who = repo.identity()
    now = datetime.now().astimezone()
    when = (now if day is None else datetime.combine(day, now.timetz())).isoformat(timespec="seconds")
    names = tuple(repo.relative(copy) for copy in copies)
    return PendingCommit(pieces, message, who.name, who.email, when, names)


def _put_back(repo: Repo, files: Sequence[Path], before: Sequence[bytes], notes: IntentLog) -> None:
    """Undo. Where the disk refuses even that, the note stays, and the next command sees to it."""
    try:
        for file, content in zip(files, before, strict=True):
            if file.read_bytes() != content:
                _replace(repo, file, content)
        notes.end()
    except OSError:
        notes.close()
        raise


def _replace(repo: Repo, file: Path, content: bytes) -> None:
    replace_file(repo, file, content)


def _made(
    repo: Repo, files: Sequence[Path], contents: Sequence[bytes], head: str | None, on_notice: OnNotice
) -> Commit | None:
    """Return the commit if git made it although it reported a failure."""
    with suppress(LedgerError):
        if repo.head() != head and all(
            repo.read_file(file) == content for file, content in zip(files, contents, strict=True)
        ):
            refresh(repo, files, on_notice)
            return repo.log(files, newest=1)[0]
    return None
