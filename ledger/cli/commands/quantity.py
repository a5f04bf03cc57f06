"""`ledger quantity`."""

from __future__ import annotations

from ledger.cli.command import TEXT, Command, arguments
from ledger.cli.context import AppContext
from ledger.cli.options import FORMAT, ROOT
from ledger.render import render


class QuantityCommand(Command):
    """看一个数量是怎么读的，或为什么不能识别。"""

    texts = arguments(TEXT, "数量", "要读的数量；- 表示从标准输入逐行读。")
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.core.units import default_units
        from ledger.files.ledger import LedgerNotFoundError
        from ledger.render.views.quantity import quantity_view

        try:
            units = context.ledger().units
        except LedgerNotFoundError:
            units = default_units()
        texts: list[str] = []
        for text in self.texts:
            texts += [line.rstrip("\r\n") for line in context.env.stdin] if text == "-" else [text]
        render(quantity_view(texts, units), context.env, self.format)
