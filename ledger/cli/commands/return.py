"""`ledger return`."""  # noqa: N999 - the module is named as the command is typed

from __future__ import annotations

from ledger.cli.command import TEXT, optional_argument
from ledger.cli.context import AppContext
from ledger.cli.options import ENTRY, MONTH_OF_ENTRY, REASON, ReviewCommand
from ledger.core.errors import UsageError
from ledger.render import render


class ReturnCommand(ReviewCommand):
    """退回一条上报的数，写明理由：仍算已报，不算核定，更正之前一直催。

    \b
    例：
      ledger return 金融办 新增上市公司 --month 2023-06 --reason 佐证与所报数不符
    """  # noqa: D301 - \b keeps the lines of the examples

    entry = ENTRY
    target = optional_argument(TEXT, "目标", "写部门的，这里写目标。", offers="targets")
    month = MONTH_OF_ENTRY
    reason = REASON

    def run(self, context: AppContext) -> None:
        from ledger.cli.entry_choice import choose_entry
        from ledger.commands.log import Batch
        from ledger.commands.verify import send_back, write_verification
        from ledger.render.views.verify import review_view
        from ledger.rules.reasons import require_reason

        reason = require_reason(self.reason, "退回", "佐证与所报数不符")
        ledger, today = context.ledger(), context.env.today
        repo = context.repository(ledger, dry_run=self.dry_run)
        item, rest = choose_entry(context, ledger, (self.entry, self.target, None), self.month)
        if rest is not None:
            raise UsageError(f"退回不写数量，多出内容“{rest}”", f"ledger return {self.entry} --reason 理由")
        batch = Batch.open(ledger, today, repo.identity(), repo)
        result = send_back(batch, item, reason, late=self.late)
        if not self.dry_run:
            result = write_verification(ledger, result, today=today, repo=repo, notify=context.notify)
        with context.after_write(dry_run=self.dry_run):
            render(review_view(result), context.env, self.format)
