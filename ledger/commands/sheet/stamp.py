"""What a sheet is of: the ledger, year, month and department it was exported for, kept on a hidden page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ledger.commands.sheet.faults import SheetMismatchError
from ledger.core.models import LedgerConfig
from ledger.documents.form import Form

PAGE = "_ledger"
FORMAT = "ledger-sheet"
VERSION = 1


@dataclass(frozen=True, slots=True)
class SheetStamp:
    """The marks of one sheet; `month` is its last day."""

    ledger: str
    simulated: bool
    year: int
    month: date
    department: str

    @property
    def facts(self) -> Mapping[str, str]:
        """What is written on the hidden page."""
        return {
            "format": FORMAT,
            "version": str(VERSION),
            "ledger": self.ledger,
            "simulated": "yes" if self.simulated else "no",
            "year": str(self.year),
            "month": self.month.isoformat(),
            "department": self.department,
        }


def stamp_of(form: Form) -> SheetStamp | None:
    """Return a form's marks; None for a file that was not exported.

    Raises:
        SheetMismatchError: when they are of a newer program, or spoilt.
    """
    page = form.hidden.get(PAGE)
    if page is None:
        return None
    facts = {row[1].text: row[2].text for row in page.rows.values() if 1 in row and 2 in row}
    if facts.get("format") != FORMAT or facts.get("version") != str(VERSION):
        raise SheetMismatchError(
            f"{form.name} 的格式是 {facts.get('format', '')} {facts.get('version', '')}，这个版本的 ledger 读不了",
            "升级 ledger，或用现在的 ledger 重新导出再填",
        )
    try:
        month = date.fromisoformat(facts["month"])
        return SheetStamp(
            facts["ledger"], facts["simulated"] == "yes", int(facts["year"]), month, facts["department"]
        )
    except (KeyError, ValueError):
        raise SheetMismatchError(f"{form.name} 的隐藏标记被改坏了", "重新导出一份，把数抄过去") from None


def require_same_ledger(stamp: SheetStamp, name: str, config: LedgerConfig) -> None:
    """Stop a sheet that was exported from another ledger.

    Raises:
        SheetMismatchError: also for a sheet of a demonstration ledger in a real one, and the other way.
    """
    if stamp.simulated != config.simulated:
        kinds = ("真账", "模拟数据的演示账本")
        raise SheetMismatchError(
            f"{name} 是从{kinds[stamp.simulated]}导出的，这一本是{kinds[config.simulated]}",
            "到导出它的账本里导入，或在这本账里重新导出",
        )
    if stamp.ledger != config.name:
        raise SheetMismatchError(
            f"{name} 是从账本“{stamp.ledger}”导出的，这一本是“{config.name}”",
            "到导出它的账本里导入，或在这本账里重新导出",
        )
