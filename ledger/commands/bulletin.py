"""A month's bulletin (通报): the year's state at the month's end, and who did not report."""

from __future__ import annotations

from datetime import date

from ledger.commands.report import IntegrityStatement, ReportData, collect_report
from ledger.core.errors import UsageError
from ledger.core.models.config import BulletinSettings
from ledger.core.progress.report import Query
from ledger.core.structs import FrozenStruct, replace
from ledger.files.ledger import Ledger


class FutureMonthError(UsageError):
    """The month has not begun."""

    def __init__(self, month: date) -> None:
        super().__init__(
            f"{month.year} 年 {month.month} 月还没有开始，没有进展可通报", "换一个已有进度的月份"
        )


class Bulletin(FrozenStruct):
    """One month. Figures are as of the month's last day, or of `today` while the month runs."""

    month: date
    today: date
    data: ReportData
    settings: BulletinSettings

    @property
    def as_of(self) -> date:
        """The day up to which entries count, inclusive."""
        return self.data.status.as_of


def bulletin(
    ledger: Ledger,
    query: Query,
    month: date,
    today: date,
    integrity: IntegrityStatement | None = None,
    settings: BulletinSettings | None = None,
) -> Bulletin:
    """Collect the bulletin of the month that ends on `month`; `query` says of which year and departments.

    Raises:
        FutureMonthError: when it has not begun.
        InvalidLedgerError: when a file it needs holds an error.
    """
    if month.replace(day=1) > today:
        raise FutureMonthError(month)
    query = replace(query, as_of=min(month, today))
    data = collect_report(
        ledger,
        query,
        integrity or IntegrityStatement(),
        today,
        month=month,
        detail=False,
        verified_only=ledger.config.figures == "verified",
    )
    return Bulletin(month, today, data, settings or ledger.config.bulletin)
