"""`ledger init`."""

from __future__ import annotations

from ledger.cli.command import PATH, TEXT, Command, argument, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN, YEAR
from ledger.core.errors import UsageError
from ledger.render import render


class InitCommand(Command):
    """新建账本：一个 git 仓库，带 2023 年度计划的 80 项承诺。"""

    folder = argument(PATH, "文件夹", "新账本的文件夹，须不存在或为空。")
    empty = flag("--empty", help="只建空账本，不带 2023 年度计划。")
    city = option(TEXT, "--city", metavar="市县", help="与 --empty 同用：账本属于哪个市、县，如 安吉县。")
    year = YEAR
    dry_run = DRY_RUN

    def run(self, context: AppContext) -> None:
        from dataclasses import replace
        from functools import partial

        from ledger.commands.init import init, rehearse
        from ledger.render.views.written import made_view

        folder = context.env.cwd / self.folder
        if not self.empty and (self.city or context.year):
            raise UsageError("--city 和 --year 只用于空账本", "加 --empty")
        year = context.year or context.env.today.year
        make = partial(init, empty=self.empty, year=year, city=(self.city or "").strip())
        made = replace(rehearse(folder, make), root=folder) if self.dry_run else make(folder)
        with context.after_write(dry_run=self.dry_run):
            render(made_view(made, dry_run=self.dry_run), context.env)
