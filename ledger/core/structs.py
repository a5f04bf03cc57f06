"""Frozen value classes, defined in a tenth of the time of a dataclass.

A dataclass compiles its methods in every process, half a millisecond each, and `log` would define forty of them; the module `dataclasses`
loads half as long as msgspec, which everything that reads a ledger needs anyway. No command that only reads a ledger loads it.
"""

from __future__ import annotations

from typing import Any, TypeVar, dataclass_transform

import msgspec

R = TypeVar("R")


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class FrozenStruct(msgspec.Struct, frozen=True):
    """A frozen value, compared and hashed by its fields. `dict=True` beside it lets it remember cached properties."""


def replace(record: R, **changes: Any) -> R:
    """Return a copy with some fields changed; what they are changed to is not checked."""
    return msgspec.structs.replace(record, **changes)  # type: ignore[type-var]
