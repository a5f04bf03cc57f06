"""`ledger sync`."""

from __future__ import annotations

from ledger.cli.command import Command
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN, FORMAT, ROOT
from ledger.render import render


class SyncCommand(Command):
    """与服务器同步：收下别人的记录，把自己的接在后面送上去。"""

    dry_run = DRY_RUN
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.sync import preview_sync, sync
        from ledger.git import Repo
        from ledger.render.views.sync import synced_view
        from ledger.render.waiting import waiting

        folder = context.folder()
        with waiting(context.env, "正在同步", still=True) as step:
            repo = Repo.open(folder)
            # GitPython, which reads git's progress, is imported only where somebody looks.
            on_progress = step if context.env.stderr.isatty() else None
            result = (
                preview_sync(repo)
                if self.dry_run
                else sync(repo, folder, on_notice=context.notify, on_progress=on_progress)
            )
        with context.after_write(dry_run=self.dry_run):
            render(synced_view(result, dry_run=self.dry_run), context.env, self.format)
