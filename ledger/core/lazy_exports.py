"""Lets a package offer names whose modules are imported only when one of them is asked for; knows no package in particular."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Return a module's `__getattr__`: `homes` maps each module of the package to the names it gives.

    No name may be that of a module: importing `progress.outlook` would put the module where the function `outlook` belongs.
    """
    home_of = {name: home for home, names in homes.items() for name in names}
    assert not home_of.keys() & homes.keys(), "a module has the name of something the package gives"

    def attribute(name: str) -> Any:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home}"), name)
        vars(sys.modules[package])[name] = value  # asked for once only
        return value

    return attribute
