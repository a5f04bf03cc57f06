"""`ledger demo`."""

from __future__ import annotations

from ledger.cli.command import PATH, Command, argument
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN
from ledger.render import render


class DemoCommand(Command):
    """新建演示账本：2023 年度计划加一整年的模拟数据，供试用。"""

    folder = argument(PATH, "文件夹", "演示账本的文件夹，须不存在或为空。")
    dry_run = DRY_RUN

    def run(self, context: AppContext) -> None:
        from dataclasses import replace

        from ledger.commands.demo import demo
        from ledger.commands.init import preview_ledger
        from ledger.render.views.written import demo_view
        from ledger.render.waiting import waiting

        folder = context.env.cwd / self.folder
        with waiting(context.env, "正在建演示账本"):
            made = preview_ledger(folder, demo) if self.dry_run else demo(folder)
        if self.dry_run:
            made = replace(made, new=replace(made.new, root=folder))
        with context.after_write(dry_run=self.dry_run):
            render(demo_view(made, dry_run=self.dry_run), context.env)
