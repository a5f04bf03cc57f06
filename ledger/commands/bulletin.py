"""What a month's bulletin (通报) tells: the year's state at the month's end, and who did not report. Prints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.commands.due import DueReport, due
from ledger.commands.report_data import IntegrityStatement, ReportData, dossier
from ledger.core.errors import UsageError
from ledger.core.progress.report import Query
from ledger.files.ledger import Ledger


class FutureMonthError(UsageError):
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
    dossier: ReportData
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
    assurance: IntegrityStatement | None = None,
) -> Bulletin:
    """Collect the bulletin of the month that ends on `month`.

    Raises:
        FutureMonthError: when it has not begun.
        InvalidLedgerError: when a file it needs holds an error.
    """
    if month.replace(day=1) > today:
        raise FutureMonthError(month)
    query = Query(year=year, as_of=min(month, today), departments=departments)
    return Bulletin(
        month=month,
        today=today,
        dossier=dossier(ledger, query, assurance),
        due=due(ledger, year, month, today, departments),
    )
