"""Value classes, defined in a tenth of the time of a dataclass.

A dataclass compiles its methods in every process, half a millisecond each, and `log` would define forty of them; the module `dataclasses`
loads half as long as msgspec, which everything that reads a ledger needs anyway. No command that only reads a ledger loads it.
"""

from __future__ import annotations

import sys
from typing import Any, TypeVar, dataclass_transform

# Where typing_extensions is installed, msgspec imports it, for names that `typing` has had since Python 3.11: six milliseconds of every
# start. While its entry is None, the import fails, and msgspec takes the names from `typing`. Every other module takes msgspec from here.
_loaded = sys.modules.setdefault("typing_extensions", None)  # type: ignore[arg-type]
import msgspec as msgspec  # noqa: E402
from msgspec import NODEFAULT as NODEFAULT  # noqa: E402
from msgspec import Meta as Meta  # noqa: E402
from msgspec import field as field  # noqa: E402

if _loaded is None:
    del sys.modules["typing_extensions"]

R = TypeVar("R")


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class FrozenStruct(msgspec.Struct, frozen=True):
    """A frozen value, compared and hashed by its fields. With `dict=True` it can hold cached properties."""


@dataclass_transform(field_specifiers=(msgspec.field,))
class MutableStruct(msgspec.Struct):
    """A value that is filled while work goes on, compared by its fields."""


def replace(record: R, **changes: Any) -> R:
    """Return a copy with some fields changed; what they are changed to is not checked."""
    return msgspec.structs.replace(record, **changes)  # type: ignore[type-var]
