"""`ledger guard install`."""

from __future__ import annotations

from ledger.cli.command import PATH, TEXT, Command, argument, default_option, flag, option, options
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN
from ledger.render import render


class GuardInstallCommand(Command):
    """给服务器的裸仓库装上守卫。"""

    folder = argument(PATH, "裸仓库", "服务器上的裸仓库。")
    admins = options(TEXT, "--admin", metavar="邮箱", help="可以修改规则文件的人；可写多次。")
    signers = option(TEXT, "--signers", metavar="文件", help="准许签名的名单，相对于裸仓库的文件夹。")
    signatures = flag("--require-signatures", help="每次提交都要由作者本人签名。")
    branch = default_option(TEXT, "--branch", default="main", metavar="分支", help="唯一可以推送的分支。")
    dry_run = DRY_RUN

    def run(self, context: AppContext) -> None:
        from ledger.commands.guard import install
        from ledger.render.views.audit import installed_view

        installed = install(
            (context.env.cwd / self.folder).resolve(),
            admins=self.admins,
            signers=self.signers,
            signatures=self.signatures,
            branch=self.branch,
            dry_run=self.dry_run,
        )
        render(installed_view(installed, dry_run=self.dry_run), context.env)
