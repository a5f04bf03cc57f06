"""What every file model shares: strictness, and exact fields read from text; knows no disk and no YAML."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, PlainValidator, ValidationInfo
from pydantic import WithJsonSchema as JsonSchema
from pydantic_core import PydanticCustomError

from ledger.quantity import Quantity, QuantityError, parse_amount
from ledger.units import UnitTable


class Model(BaseModel):
    """Frozen, and strict about unknown keys: a misspelt key is an error, never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def units_of(info: ValidationInfo) -> UnitTable | None:
    """Return the ledger's own unit table when the caller validates with `context={"units": …}`."""
    return info.context.get("units") if isinstance(info.context, dict) else None


def _amount(raw: Any, info: ValidationInfo) -> Quantity:
    if isinstance(raw, Quantity):
        return raw
    if not isinstance(raw, str):
        raise PydanticCustomError(
            "amount", "数量要写成带单位的文字，如 16 亿美元；这里是 {raw}", {"raw": repr(raw)}
        )
    try:
        return parse_amount(raw, units_of(info))
    except QuantityError as error:
        hint = f"（{error.hint}）" if error.hint else ""
        raise PydanticCustomError("amount", "{why}", {"why": f"{error.message}{hint}"}) from None


def _exact(raw: Any) -> Fraction:
    if isinstance(raw, bool) or not isinstance(raw, (int, str, Decimal, Fraction)):
        raise PydanticCustomError(
            "exact", "要写一个精确的数，如 2、0.5 或 1/3；这里是 {raw}", {"raw": repr(raw)}
        )
    try:
        return Fraction(raw)
    except (ValueError, ZeroDivisionError):
        raise PydanticCustomError("exact", "读不懂这个数：{raw}", {"raw": repr(raw)}) from None


def _positive(raw: Any) -> Fraction:
    number = _exact(raw)
    if number <= 0:
        raise PydanticCustomError("positive", "要大于零；这里是 {raw}", {"raw": str(raw)})
    return number


def _single_line(raw: Any) -> Any:
    if isinstance(raw, str) and (raw != raw.strip() or not raw or "\n" in raw):
        raise PydanticCustomError("line", "要写一行文字，首尾不留空格，不能为空", {})
    return raw


_NUMBER_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(/[0-9]+)?$"}]
}

Amount = Annotated[
    Quantity,
    PlainValidator(_amount),
    PlainSerializer(lambda quantity: quantity.text, return_type=str),
    JsonSchema({"type": "string", "minLength": 1, "examples": ["16 亿美元", "4.3 %", "2.8 万吨"]}),
]
"""A plain quantity, written as a person writes it (`16 亿美元`); no bound, hedge or range."""

Exact = Annotated[Fraction, PlainValidator(_exact), PlainSerializer(str), JsonSchema(_NUMBER_SCHEMA)]
Positive = Annotated[Fraction, PlainValidator(_positive), PlainSerializer(str), JsonSchema(_NUMBER_SCHEMA)]
Line = Annotated[str, BeforeValidator(_single_line)]
"""One line of text without surrounding space."""
