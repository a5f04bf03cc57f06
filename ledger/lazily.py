"""Lets a package offer names whose modules are imported only when one of them is asked for; knows no package in particular."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Return a module's `__getattr__`: `homes` maps each module of the package to the names it gives.

    All names of a module are bound at once, because importing `progress.outlook` puts the module in the place where the
    function `outlook` belongs.
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def attribute(name: str) -> Any:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{home}")
        place = vars(sys.modules[package])
        place.update({one: getattr(module, one) for one in homes[home]})
        return place[name]

    return attribute
