"""Checks a whole ledger: rules, plan and entries, also when `data/ledger.yaml` itself cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ledger.core.findings import Finding
from ledger.files.ledger import InvalidLedgerError, Ledger
from ledger.rules.check import check as apply_rules


def check(root: Path, today: date) -> tuple[Finding, ...]:
    """Return everything wrong with the ledger at `root`.

    Raises:
        LedgerNotFoundError: when there is none.
    """
    try:
        ledger = Ledger.open(root)
    except InvalidLedgerError as error:
        return error.findings
    return apply_rules(ledger, today)
