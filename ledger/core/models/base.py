"""Base class and field types of the file models: strict validation, exact numbers, conversion from and to plain data.

The models are msgspec Structs: they cost next to nothing to define, and compiled code validates a file. It stops at the first
fault, so that data it refuses is walked once more by `models.validation`, which lists every fault and is loaded only then.

The modules of models do without `from __future__ import annotations`: msgspec would compile the text of each annotation anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, dataclass_transform, overload

from ledger.core.findings import Finding
from ledger.core.quantity import Quantity, QuantityError, parse_amount
from ledger.core.structs import msgspec
from ledger.core.units import UnitTable

M = TypeVar("M")
Schema = dict[str, Any]
ABSENT = msgspec.UNSET
"""What a field holds that was not written, where that differs from a written null."""
Absent = msgspec.UnsetType


def doc(description: str, **bounds: Any) -> msgspec.Meta:
    """Return what an editor shows of a field on hover, with the bounds of its value (`ge`, `le`, `min_length`, `pattern`)."""
    return msgspec.Meta(description=description, **bounds)


class _Strict(msgspec.StructMeta):
    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> Any:
        strict: dict[str, Any] = {"frozen": True, "kw_only": True, "forbid_unknown_fields": True}
        return super().__new__(mcs, name, bases, body, **strict | options)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Model(msgspec.Struct, metaclass=_Strict, frozen=True):
    """Frozen, and strict about unknown keys: a misspelt key is an error, never silently ignored.

    A model made by a call is not checked; what comes from outside goes through `read`.
    """


class FieldError(ValueError):
    """Why a value does not fit its field, for a person; `{field}` in the message stands for the field's name."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ValidationError(ValueError):
    """Raised for data that does not have the shape asked for."""

    def __init__(self, shape: Any, data: Any, units: UnitTable | None, first: str) -> None:
        super().__init__(first)
        self._read = (shape, data, units)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All that is wrong, each with the keys of its place; worked out on first use."""
        from ledger.core.models.validation import check_data

        # Never empty: what the compiled reader refused must not pass because the walk did not see why.
        return check_data(*self._read) or (Finding("schema", f"文件：{self}"),)


@overload
def read_model(shape: type[M], data: object, units: UnitTable | None = None) -> M: ...
@overload
def read_model(shape: Any, data: object, units: UnitTable | None = None) -> Any: ...
def read_model(shape: Any, data: object, units: UnitTable | None = None) -> Any:
    """Return data as a model (or any type made of models); `units` are the ledger's own, by which quantities are read.

    Raises:
        ValidationError: with every fault.
    """
    try:
        return msgspec.convert(data, shape, dec_hook=lambda leaf, raw: leaf.read(raw, units))
    except (msgspec.ValidationError, UnicodeEncodeError) as error:  # it cannot quote half a character
        raise ValidationError(shape, data, units, str(error)) from None


def dump_model(model: Model, *, defaults: bool = False, only: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the keys and values of a file that would be read as this model; fields at their default only with `defaults`.

    Quantities are given as they were written, numbers as exact texts, dates as dates. `only` names the fields wanted.
    """
    kind = type(model)
    names = fields_of(kind) if only is None else set(only)
    tag = kind.__struct_config__
    data: dict[str, Any] = {tag.tag_field: tag.tag} if tag.tag_field and tag.tag else {}
    for (field, default), key in zip(defaults_of(kind), kind.__struct_encode_fields__, strict=True):
        value = getattr(model, field)
        if field in names and value is not ABSENT and (defaults or value != default):
            data[key] = dumped(value, defaults)
    return data


def dumped(value: Any, defaults: bool = False) -> Any:
    """Return one value of a field as a file has it."""
    if isinstance(value, Model):
        return dump_model(value, defaults=defaults)
    if isinstance(value, Quantity):
        return value.text
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, (tuple, list)):
        return tuple(dumped(item, defaults) for item in value)
    if isinstance(value, Mapping):
        return {key: dumped(item, defaults) for key, item in value.items()}
    return value


def to_json(value: Any) -> Any:
    """Return what `dump` gave, with dates as texts and lists as JSON has them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    return [to_json(item) for item in value] if isinstance(value, (tuple, list)) else value


def fields_of(kind: type[Model]) -> tuple[str, ...]:
    """Return the fields of a model by their names in Python, in their order."""
    return kind.__struct_fields__


def defaults_of(kind: type[Model]) -> tuple[tuple[str, Any], ...]:
    """Return every field with its default; one that must be given has none, which equals no value."""
    fields, given = kind.__struct_fields__, kind.__struct_defaults__
    filled = (msgspec.NODEFAULT,) * (len(fields) - len(given)) + given
    return tuple(
        (field, default.factory() if hasattr(default, "factory") else default)
        for field, default in zip(fields, filled, strict=True)
    )


def _amount(raw: Any, units: UnitTable | None) -> Quantity:
    if isinstance(raw, Quantity):
        return raw
    if not isinstance(raw, str):
        raise FieldError(f"数量要写成带单位的文字，如 16 亿美元；这里是 {raw!r}")
    try:
        return parse_amount(raw, units)
    except QuantityError as error:
        raise FieldError(error.message + (f"（{error.hint}）" if error.hint else "")) from None


_EXACT = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?(/[0-9]{1,40})?", re.ASCII)
"""Numbers that are read: an exponent could ask for more digits than fit into memory."""


def _exact(raw: Any, _: UnitTable | None) -> Fraction:
    if isinstance(raw, bool) or not isinstance(raw, (int, str, Decimal, Fraction)):
        raise FieldError(f"要写一个精确的数，如 2、0.5 或 1/3；这里是 {raw!r}")
    if isinstance(raw, Fraction):
        return raw
    if isinstance(raw, int) and raw.bit_length() > 200:
        raise FieldError("这个数太大")
    text = f"{raw:f}" if isinstance(raw, Decimal) and abs(raw.adjusted()) <= 40 else str(raw)
    try:
        if _EXACT.fullmatch(text):
            return Fraction(text)
    except (ValueError, ZeroDivisionError):
        pass
    raise FieldError(f"未能识别这个数：{text[:40]}")


def _positive(raw: Any, units: UnitTable | None) -> Fraction:
    number = _exact(raw, units)
    if number <= 0:
        raise FieldError(f"要大于零；这里是 {raw}")
    return number


def _unconfirmed(raw: Any, _: UnitTable | None) -> bool:
    if raw is not True:
        raise FieldError(f"{{field}} 写的是 {'空' if raw is None else raw}", "改成其中之一：True")
    return True


def _confirmed(raw: Any, _: UnitTable | None) -> bool:
    if not isinstance(raw, bool):
        raise FieldError(f"{{field}} 应是 true 或 false，这里是 {'空' if raw is None else raw}")
    if raw:
        raise FieldError("这是没有确认的草稿，还不是承诺；先 ledger draft --review 确认")
    return False


class _Leaf(type):
    """A type that only says how a value is read: `read` makes another, or raises `FieldError`."""

    read_model: Callable[[Any, UnitTable | None], Any]
    schema: Schema

    def __instancecheck__(cls, value: object) -> bool:
        return True  # msgspec asks it of what `read` gave


def _leaf(name: str, read: Callable[[Any, UnitTable | None], Any], schema: Schema) -> Any:
    return _Leaf(name, (), {"read": staticmethod(read), "schema": schema})


_NUMBER: Schema = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(/[0-9]+)?$"}]
}

if TYPE_CHECKING:
    Amount = Quantity
    Exact = Fraction
    Positive = Fraction
    Confirmed = bool
    Unconfirmed = bool
else:
    Amount = _leaf(
        "Amount", _amount, {"type": "string", "minLength": 1, "examples": ["16 亿美元", "4.3 %", "2.8 万吨"]}
    )
    Exact = _leaf("Exact", _exact, _NUMBER)
    Positive = _leaf("Positive", _positive, _NUMBER)
    Confirmed = _leaf("Confirmed", _confirmed, {"type": "boolean", "const": False})
    Unconfirmed = _leaf("Unconfirmed", _unconfirmed, {"type": "boolean", "const": True})
"""Amount: a plain quantity as a person writes it (`16 亿美元`), no bound, hedge or range. Exact, Positive: numbers without loss.
Confirmed, Unconfirmed: whether a file is a promise or a draft."""

OneLine = Annotated[
    str,
    msgspec.Meta(pattern=r"\A(?!\s)[^\n]+(?<!\s)\Z", extra={"says": "要写一行文字，首尾不留空格，不能为空"}),
]
"""One line of text without surrounding space."""
Ordinal = Annotated[int, msgspec.Meta(ge=1)]
"""A place or a number of places, from 1."""
Year = Annotated[int, msgspec.Meta(ge=1949, le=2100)]
