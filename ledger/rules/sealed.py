"""Finds the last sealed day. Every `log` imports this module: the code that reads seals is imported only where there are seals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.files.seal_note import pending_seal
from ledger.git import Repo

if TYPE_CHECKING:
    from ledger.rules.audit.seals import Seal


def sealed_until(repo: Repo) -> date | None:
    """Return the last day that is sealed: an entry dated on it or before must say `late` and why; None before the first seal."""
    if not repo.may_have_tags("seal"):
        return None
    from ledger.rules.audit import seals

    return seals.sealed_until(confirmed_seals(repo))


def confirmed_seals(repo: Repo) -> list[Seal]:
    """Return the chain of seals without one that is being made: it does not count before the server has it."""
    from ledger.rules.audit import seals

    known, _ = seals.read(repo)
    pending = pending_seal(repo)
    return [seal for seal in known if f"refs/tags/{seal.name}" != pending]
