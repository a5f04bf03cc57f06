"""What a month's bulletin (通报) tells: the year's state at the month's end, and who did not report. Prints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.actions.dossier import Assurance, Dossier, dossier
from ledger.actions.due import DueReport, due
from ledger.actions.report import Query
from ledger.errors import UsageError
from ledger.store.ledger import Ledger


class MonthAhead(UsageError):
    """The month has not begun: nothing can be told of it."""

    def __init__(self, month: date) -> None:
        super().__init__(
            f"{month.year} 年 {month.month} 月还没有开始，没有进展可通报", "换一个已有进度的月份"
        )


@dataclass(frozen=True)
class Bulletin:
    """One month. Figures are as of the month's last day, or of `today` while the month runs."""

    month: date
    today: date
    dossier: Dossier
    due: DueReport

    @property
    def as_of(self) -> date:
        """The day up to which entries count, inclusive."""
        return self.dossier.status.as_of


def bulletin(
    ledger: Ledger,
    year: int,
    month: date,
    today: date,
    departments: frozenset[str] | None = None,
    assurance: Assurance | None = None,
) -> Bulletin:
    """Collect the bulletin of the month that ends on `month`.

    Raises:
        MonthAhead: when it has not begun.
        BrokenLedger: when a file it needs holds an error.
    """
    if month.replace(day=1) > today:
        raise MonthAhead(month)
    query = Query(year=year, as_of=min(month, today), departments=departments)
    return Bulletin(
        month=month,
        today=today,
        dossier=dossier(ledger, query, assurance),
        due=due(ledger, year, month, today, departments),
    )
