"""Whether a late entry gives its reason, for `log`, `audit` and `guard`; a module of its own because every `log` imports it."""

from __future__ import annotations

from ledger.core.models import Entry


def says_something(reason: str | None) -> bool:
    """Whether a reason can be read: it has a letter or a digit, and is not made of blanks or of what nobody sees."""
    return any(map(str.isalnum, reason or ""))


def explained(entry: Entry) -> bool:
    """Return whether an entry says why it comes so late; a correction or withdrawal always has its reason."""
    exempt = entry.late or entry.corrects is not None or entry.voids is not None
    return exempt and says_something(entry.reason)
