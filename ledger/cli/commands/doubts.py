"""`ledger doubts`."""

from __future__ import annotations

from ledger.cli.command import MONTH, Command, option
from ledger.cli.context import AppContext
from ledger.cli.options import DEPARTMENTS, FORMAT, ROOT, YEAR
from ledger.render import render


class DoubtsCommand(Command):
    """列出可疑的数，供督查核对：记入时核对确认过的，和没有人核对过的。

    \b
    例：
      ledger doubts --month 2023-06
      ledger doubts --dept 金融办
    """  # noqa: D301 - \b keeps the lines of the examples

    reads_only = True

    month = option(MONTH, "--month", metavar="月份", help="只看数据日期在这个月的，如 2023-06；默认全年。")
    departments = DEPARTMENTS
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.doubts import find_doubtful_entries
        from ledger.render.views.doubts import doubts_view

        ledger = context.ledger()
        year = context.year_of(ledger, self.month.year if self.month else None)
        names = context.departments_of(ledger, self.departments)
        render(doubts_view(find_doubtful_entries(ledger, year, self.month, names)), context.env, self.format)
