"""What a quantity is, and the one failure of reading it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from ledger.core.errors import LedgerError
from ledger.core.structs import FrozenStruct


class Op(StrEnum):
    """The bound that a figure states; the names are part of the JSON contract."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    ABOUT = "about"
    BETWEEN = "between"
    RANK = "rank"


class Quantity(FrozenStruct):
    """A figure as a plan or a report states it. Figures are exact and multiplied out: 16亿美元 → 1600000000."""

    text: str
    op: Op | None
    value: Fraction
    value2: Fraction | None  # the upper bound of `between`
    unit: str  # without multiplier, in its conventional spelling; "" for a bare number
    scale: int = 1  # the multiplier as written: 10**8 for 亿
    hedge: str | None = None  # 力争, 争取 … in front


class Numeral(NamedTuple):
    """A run of figures in prose: text[start:end], and its exact value where it has one."""

    start: int
    end: int
    text: str
    value: Fraction | None


class QuantityError(LedgerError):
    """A text that is not one quantity, or could be several: why, what to type, and what it may have meant."""

    def __init__(self, text: str, reason: str, hint: str = "", readings: tuple[str, ...] = ()) -> None:
        shown = text if len(text) <= 40 else text[:40] + "…"
        if readings:
            listed = "、".join(f"“{r}”" for r in readings)
            hint = hint or (f"请写明是{listed}中的哪一个" if len(readings) > 1 else f"是不是{listed}？")
        super().__init__(f"“{shown}”不能读作一个数量：{reason}", hint or "请只写一个数量，例如“6家”“4.3%”")
        self.text = text
        self.readings = readings


class NumberSyntaxError(Exception):
    """Why a part of a text cannot be read; becomes a QuantityError where the whole text is known."""

    def __init__(self, reason: str, hint: str = "", readings: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.readings = readings

    def within(self, before: str, behind: str) -> NumberSyntaxError:
        """Return the error with the text around it added to its readings, so that each can be typed as it is.

        Readings that a hint quotes are left as they are.
        """
        if self.hint:
            return self
        readings = tuple(f"{before}{reading}{behind}" for reading in self.readings)
        return NumberSyntaxError(self.reason, self.hint, readings)
