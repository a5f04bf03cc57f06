"""Notices of a write: what was done about a killed command's leftovers, and what failed after the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ledger.core.errors import LedgerError, reason_of
from ledger.core.structs import FrozenStruct
from ledger.git import Commit, CommitFailedError

OnNotice = Callable[["Notice"], None]


class Notice(FrozenStruct):
    """A message for the user beside the answer, and the commit that it is about, if any."""

    message: str
    commit: Commit | None = None

    def __str__(self) -> str:
        return self.message


@contextmanager
def tidying(what: str, on_notice: OnNotice, hint: str = "ledger doctor 看有没有要处理的") -> Iterator[None]:
    """Turn a failure of the block into a notice: the write is done, only `what` is not, and `hint` says what to do."""
    try:
        yield
    except (OSError, LedgerError) as error:
        on_notice(Notice(f"已经记下，不用重做；只是{what}没有做成（{failure_line(error)}）；{hint}"))


def failure_line(error: BaseException) -> str:
    """Return the reason of a failure on one line; it is told of work that was done."""
    if isinstance(error, CommitFailedError):  # whose message says that nothing was recorded
        return " ".join(error.reason.split()) or "git 没有说明原因"
    if isinstance(error, LedgerError):
        return " ".join(error.message.split())
    if isinstance(error, OSError):
        return f"{error.filename}：{reason_of(error)}" if error.filename else reason_of(error)
    return f"{type(error).__name__}: {error}"
