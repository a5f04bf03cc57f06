"""Status of every commitment on a day; with a cache only files that changed are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

from ledger.core.progress.report import Query, StatusReport
from ledger.core.structs import replace
from ledger.files.status_cache import StatusCache, StatusRequest

if TYPE_CHECKING:
    from ledger.files.cache import Cache
    from ledger.files.ledger import Ledger

ResolveQuery = Callable[["Ledger", StatusRequest], Query]
"""Finds the year and the departments meant; raises LedgerError where there are none."""


def status(
    root: Path,
    request: StatusRequest,
    *,
    open_ledger: Callable[[], Ledger],
    resolve_query: ResolveQuery,
    cache: Cache | None,
    clock: Callable[[], int] = time_ns,
) -> StatusReport:
    """Judge every commitment asked for; with a cache only those whose files changed.

    Raises:
        LedgerNotFoundError, InvalidLedgerError, MissingFilesError: as `assess_ledger` does.
        LedgerError: of `resolve_query`.
    """
    if cache is None:
        return _without_cache(open_ledger(), request, resolve_query)
    name = f"status-{request.year or 'current'}"
    statuses = StatusCache(root, clock())
    statuses.load(cache.read(name), request.as_of)
    report = statuses.recall(request)
    if report is None:
        ledger = open_ledger()
        report = statuses.renew(ledger, resolve_query(ledger, request))
        if report is None:
            return _without_cache(ledger, request, resolve_query)
    if statuses.changed:
        cache.write(name, statuses.to_json(request.as_of))
    return report


def _without_cache(ledger: Ledger, request: StatusRequest, resolve_query: ResolveQuery) -> StatusReport:
    from ledger.files.assessment import assess_ledger
    from ledger.files.worktree import find_differences

    query = resolve_query(ledger, request)
    report = assess_ledger(ledger, query)
    return replace(
        report,
        uncommitted=find_differences(
            ledger.root, query.year, ledger.folders(query.year, query.departments)
        ).uncommitted,
    )
