"""`ledger changes`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.cli.command import TEXT, Command, option
from ledger.cli.context import AppContext
from ledger.cli.options import BOM, DEPARTMENTS, FILE_FORMAT, OUTPUT, ROOT, YEAR
from ledger.render import Output, render_output

if TYPE_CHECKING:
    pass


class ChangesCommand(Command):
    """看变化：两个时点之间亮灯、数值、更正、目标、排名等有什么不同，供例会使用。

    时点可写日期（2023-06-30）、月份（2023-06，已封账的为封账时的账）或提交号。

    \b
    例：
      ledger changes
      ledger changes --from 2023-05 --to 2023-06
      ledger changes --from 2023-05-31 --dept 金融办 --format json
    """  # noqa: D301 - \b keeps the lines of the examples

    reads_only = True

    before = option(
        TEXT, "--from", metavar="时点", help="从哪个时点；默认为最近封账的月份，没有封过账的为上月底。"
    )
    after = option(TEXT, "--to", metavar="时点", help="到哪个时点；默认为今天。")
    departments = DEPARTMENTS
    format = FILE_FORMAT
    output = OUTPUT
    bom = BOM
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.cli.sides import last_seal, open_side
        from ledger.commands.changes import find_changes
        from ledger.render.views.changes import changes_view

        before, after = (
            open_side(context, self.before or last_seal(context) or _month_before(context)),
            open_side(context, self.after),
        )
        names = context.departments_of(after.ledger, self.departments)
        year = context.year_of(after.ledger)
        report = find_changes(before, after, year, names)
        render_output(changes_view(report), context.env, Output(self.format, self.output, self.bom))


def _month_before(context: AppContext) -> str:
    return str(context.env.today.replace(day=1) - timedelta(days=1))
