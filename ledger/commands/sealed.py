"""Keeps entries out of sealed months. Light, for every `log` loads it: what knows seals is loaded where there are some."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ledger.core.errors import LedgerError
from ledger.core.models import Entry
from ledger.files.seal_note import pending_seal
from ledger.git import Repo


class SealedMonthError(LedgerError):
    """A date in a sealed month."""

    def __init__(self, on: date, until: date) -> None:
        super().__init__(
            f"数据日期 {on} 不能直接记：{until:%Y-%m} 及以前各月已封账",
            "确要补报，加上 --late --reason 理由；日期写错的，用 --on 改正",
        )


def sealed_until(repo: Repo) -> date | None:
    """Return the last day that is sealed: an entry dated on it or before must say `late` and why; None before the first seal."""
    if not repo.may_have_tags("seal"):
        return None
    from ledger.rules.audit import seals

    known, _ = seals.read(repo)
    # One that is being made, or was when its command was killed, does not count before the server has it.
    pending = pending_seal(repo)
    return seals.sealed_until([one for one in known if f"refs/tags/{one.name}" != pending])


def refuse_sealed(root: Path, entries: Iterable[Entry]) -> None:
    """Stop an entry into a sealed month that does not say why, by the rule that the audit applies.

    Raises:
        SealedMonthError: for the first such entry.
    """
    if (until := sealed_until(Repo.open(root))) is None:
        return
    from ledger.rules.audit.late import explained

    for entry in entries:
        if entry.on <= until and not explained(entry):
            raise SealedMonthError(entry.on, until)
