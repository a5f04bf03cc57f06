"""The two sides of a comparison in time: the ledger at the time that a word names, and the last sealed month."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.cli.context import AppContext

if TYPE_CHECKING:
    from ledger.commands.changes import Side


def open_side(context: AppContext, text: str | None) -> Side:
    """Open the ledger at a time: as of a day, and as it was known then where that is over; None is today."""
    from ledger.commands.changes import Side
    from ledger.git import Repo
    from ledger.rules.known import find_moment

    opened = AppContext(context.env, context.root, context.year)
    today = context.env.today
    if text is None:
        return Side(today, opened.ledger(), f"今天（{today}）")
    moment = find_moment(Repo.open(context.folder()), text, today)
    opened.known = moment.known
    ledger = opened.ledger(moment.as_of)
    sealed = opened.reading.known if opened.reading else None
    label = str(moment.as_of) if sealed is None else f"{moment.as_of}（{sealed.label}）"
    return Side(moment.as_of, ledger, label)


def last_seal(context: AppContext, before: date | None = None) -> str | None:
    """Return the last sealed month, or the last that is over before a day; None where there is none."""
    from ledger.core.dates import month_end, read_month
    from ledger.git import NotARepositoryError, Repo
    from ledger.rules.known import sealed_months

    try:
        months = sealed_months(Repo.open(context.folder()))
    except NotARepositoryError:
        return None
    today = context.env.today
    fitting = [month for month in months if before is None or month_end(read_month(month, today)) < before]
    return max(fitting, default=None)
