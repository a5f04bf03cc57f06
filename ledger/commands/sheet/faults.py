"""What can be wrong with a filled sheet: cells, all named at once, and sheets that are not for this ledger or month."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.core.errors import LedgerError, UsageError
from ledger.core.findings import Finding, Place

_SHOWN = 40


def cell_finding(cell: str, message: str, expected: str = "") -> Finding:
    """Return what is wrong with one cell (`B7`): what was found, and what to write there."""
    return Finding("cell", message, place=Place(cell=cell), expected=expected)


class InvalidCellsError(LedgerError):
    """Cells that cannot be taken; nothing was written."""

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        shown = [f"  {finding.place}：{finding.text}" for finding in findings[:_SHOWN]]
        if len(findings) > _SHOWN:
            shown.append(f"  …… 另有 {len(findings) - _SHOWN} 处")
        super().__init__(
            f"{name} 有 {len(findings)} 处要改，一笔也未记入：\n" + "\n".join(shown),
            "照上面改好这些格子，保存后再导入一次；已经导入过的不会重复记",
        )


class InvalidSheetsError(LedgerError):
    """Several sheets with cells that cannot be taken; nothing was written."""

    def __init__(self, errors: Sequence[InvalidCellsError]) -> None:
        self.findings = tuple(finding for error in errors for finding in error.findings)
        super().__init__("\n".join(error.message for error in errors), errors[0].hint)


class NotASheetError(LedgerError):
    """The file can be read, but holds no table to be filled in."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"{name} 里没有找到填报表：{why}",
            "表头要有“目标代号”（或“目标”）和“数量”两列；空表用 ledger sheet export 导出",
        )


class SheetMismatchError(LedgerError):
    """A sheet made for another ledger, month or department, or by a newer program."""


class UnmarkedSheetError(UsageError):
    """A file that does not say what it is of."""

    def __init__(self, name: str, missing: str) -> None:
        super().__init__(
            f"{name} 不是 ledger sheet export 导出的，不知道是{missing}",
            f"写明部门和月份：ledger sheet import {name} --dept 部门 --month 2023-06",
        )


class EmptySheetError(LedgerError):
    """A sheet without a single figure."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} 里一个数量也没有填", "在“数量”一列填上数，保存后再导入")
