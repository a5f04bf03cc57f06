"""Rules on reasons: what may not be written without one. Apart from other rules: every `log` imports it."""

from __future__ import annotations

from ledger.core.errors import UsageError
from ledger.core.models import Entry
from ledger.core.progress.entries import is_report
from ledger.core.texts import has_words


def explained(entry: Entry) -> bool:
    """Return whether an entry says why it comes so late; a correction or withdrawal always has its reason.

    A review or a remark reports nothing, so that no term runs for it.
    """
    exempt = entry.late or entry.corrects is not None or entry.voids is not None
    return not is_report(entry) or (exempt and has_words(entry.reason))


class MissingReasonError(UsageError):
    """A change without a reason; `example` is one that people give."""

    def __init__(self, what: str, example: str) -> None:
        super().__init__(f"{what}要写理由，没有写", f"加上 --reason，如 --reason {example}")


def require_reason(reason: str | None, what: str, example: str = "录入时多录一位") -> str:
    """Return a reason on one line; `what` says what it is a reason for, `example` is one that people give.

    Raises:
        MissingReasonError: when it says nothing.
    """
    text = " ".join((reason or "").split())
    if not has_words(text):
        raise MissingReasonError(what, example)
    return text
