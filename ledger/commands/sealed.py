"""Finds the last sealed day. Light, for every `log` loads it: what knows seals is loaded where there are some."""

from __future__ import annotations

from datetime import date

from ledger.files.seal_note import pending_seal
from ledger.git import Repo


def sealed_until(repo: Repo) -> date | None:
    """Return the last day that is sealed: an entry dated on it or before must say `late` and why; None before the first seal."""
    if not repo.may_have_tags("seal"):
        return None
    from ledger.rules.audit import seals

    known, _ = seals.read(repo)
    # One that is being made, or was when its command was killed, does not count before the server has it.
    pending = pending_seal(repo)
    return seals.sealed_until([one for one in known if f"refs/tags/{one.name}" != pending])
