"""Whether a late entry gives its reason, for `log`, `audit` and `guard`; a module of its own because every `log` imports it."""

from __future__ import annotations

from ledger.core.models import Entry


def explained(entry: Entry) -> bool:
    """Return whether an entry says why it comes so late; a correction or withdrawal always has its reason."""
    return bool(entry.reason) and (entry.late or entry.corrects is not None or entry.voids is not None)
