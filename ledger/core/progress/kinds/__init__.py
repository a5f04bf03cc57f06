"""The kinds of target, each in a module of its name: how entries add up and what they are worth."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from ledger.core.models import targets

if TYPE_CHECKING:
    from ledger.core.progress.kinds.common import KindRules

KINDS = {kind: cast("KindRules", import_module(f"{__name__}.{kind}")) for kind in targets.KINDS}
"""The module of each kind of `core.models.targets`, by its name."""
