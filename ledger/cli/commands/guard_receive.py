"""`ledger guard receive`: the server's pre-receive hook. Loads little, for it runs at every push."""

from __future__ import annotations

from ledger.cli.command import PATH, Command, argument
from ledger.cli.context import AppContext
from ledger.core.errors import ExitCode


class GuardReceiveCommand(Command):
    """由 pre-receive 钩子调用：从标准输入读推送内容，有问题就拒绝。"""

    hidden = True
    folder = argument(PATH, "裸仓库", "被推送的裸仓库。")

    def run(self, context: AppContext) -> int:
        """Judge the push that git describes on stdin, and write every reason to refuse it to stderr."""
        from datetime import UTC, datetime

        from ledger.commands.guard import receive

        env = context.env
        findings = receive(self.folder, env.stdin, env.environ, datetime.now(UTC))
        if not findings:
            return ExitCode.DONE
        from ledger.render.views.audit import refusal_lines

        env.stderr.writelines(f"{line}\n" for line in refusal_lines(findings))
        return ExitCode.FINDINGS
