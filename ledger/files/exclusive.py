"""Holds the ledger's lock, after finishing the work of a killed command.

Apart from `write.py`, which loads what entries and the plan need: an exchange with the server needs neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.files.intent_log import IntentLog
from ledger.files.lock import PATIENCE, Lock
from ledger.files.notices import OnNotice
from ledger.files.recover import recover
from ledger.files.signals import SignalDeferral
from ledger.git import OperationInProgressError, Repo


@contextmanager
def held(
    repo: Repo, on_notice: OnNotice = lambda _: None, patience: float = PATIENCE
) -> Iterator[SignalDeferral]:
    """Hold the ledger's lock, after finishing the work of a killed command, for changes other than appended entries.

    Raises:
        LockBusyError, OperationInProgressError: when it is not free, or git itself is in the middle of something.
    """
    notes = IntentLog(repo.git_dir / "ledger" / "note")
    with SignalDeferral() as deferral, ledger_lock(repo, notes, deferral, patience):
        refuse_unfinished(repo)
        recover(repo, notes, deferral, on_notice)
        yield deferral


def recover_only(repo: Repo, on_notice: OnNotice = lambda _: None, patience: float = PATIENCE) -> None:
    """Finish the work of a killed command before reading; costs one look at the disk when there is none."""
    if IntentLog(repo.git_dir / "ledger" / "note").path.exists():
        with held(repo, on_notice, patience):
            pass


def ledger_lock(repo: Repo, notes: IntentLog, deferral: SignalDeferral, patience: float) -> Lock:
    """Return the lock of the ledger; a process that waits for it is shown what its holder is writing."""
    (repo.git_dir / "ledger").mkdir(exist_ok=True)
    return Lock(
        repo.common_dir / "ledger" / "lock",
        holder=lambda: str(notes.read() or "另一个 ledger 命令"),
        interrupted=deferral.check,
        patience=patience,
    )


def refuse_unfinished(repo: Repo) -> None:
    """Stop while git itself is in the middle of something.

    Raises:
        OperationInProgressError: naming it.
    """
    if operation := repo.in_progress():
        raise OperationInProgressError(operation)
