"""Rules that the files of a ledger must keep; each is a function that yields findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.rules.check.entries import check_progress
    from ledger.rules.check.everything import LedgerReport, check, check_and_compare, check_source
else:
    from ledger.core.lazy_exports import lazily

    # The hook of a server holds most pushes to the rules over entries alone.
    __getattr__ = lazily(
        __name__,
        {
            "entries": ("check_progress",),
            "everything": (
                "LedgerReport",
                "check",
                "check_and_compare",
                "check_source",
            ),
        },
    )

__all__ = ["LedgerReport", "check", "check_and_compare", "check_progress", "check_source"]
